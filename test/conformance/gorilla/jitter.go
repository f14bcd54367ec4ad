package main

import (
	"runtime"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

const jitterProbeEvery = 2 * time.Millisecond

// jitter watches how late this machine is: a goroutine that asks Go for a certain time, and a thread on each processor
// that asks the kernel, for one processor can stand still while the other runs.
type jitter struct {
	mu    sync.Mutex
	dues  []time.Time // Of each probe: when it will next be there, or should have been.
	lates []late
}

type late struct {
	seen   time.Time
	length time.Duration
}

func watchJitter() *jitter {
	j := &jitter{dues: make([]time.Time, 1+runtime.NumCPU())}
	go j.probe(0, time.Sleep)
	for cpu := 0; cpu < runtime.NumCPU(); cpu++ {
		go func(cpu int) {
			runtime.LockOSThread()
			stayOn(cpu)
			j.probe(1+cpu, func(length time.Duration) {
				wait := syscall.NsecToTimespec(length.Nanoseconds())
				syscall.Nanosleep(&wait, nil)
			})
		}(cpu)
	}
	return j
}

func (j *jitter) probe(number int, sleep func(time.Duration)) {
	for {
		due := time.Now().Add(jitterProbeEvery)
		j.mu.Lock()
		j.dues[number] = due
		j.mu.Unlock()
		sleep(jitterProbeEvery)
		now := time.Now()
		j.mu.Lock()
		j.lates = append(j.lates, late{now, now.Sub(due)})
		j.mu.Unlock()
	}
}

// since gives the greatest lateness of any probe since then; of one that is not there yet, how late it is by now.
func (j *jitter) since(then time.Time) time.Duration {
	j.mu.Lock()
	defer j.mu.Unlock()
	now := time.Now()
	var greatest time.Duration
	for _, due := range j.dues {
		if length := now.Sub(due); length > greatest && !due.IsZero() {
			greatest = length
		}
	}
	for i := len(j.lates) - 1; i >= 0 && j.lates[i].seen.After(then); i-- {
		if j.lates[i].length > greatest {
			greatest = j.lates[i].length
		}
	}
	return greatest
}

// stayOn lets the thread that calls it run on one processor only; where that is not allowed, it stays free.
func stayOn(cpu int) {
	var mask [16]uint64
	mask[cpu/64] = 1 << (cpu % 64)
	syscall.RawSyscall(syscall.SYS_SCHED_SETAFFINITY, 0, unsafe.Sizeof(mask), uintptr(unsafe.Pointer(&mask)))
}
