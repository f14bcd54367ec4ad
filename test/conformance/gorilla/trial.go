package main

import (
	"math/rand"
	"time"
)

// trial is one run: one process with its slot, a first client to which something happens, and a second one that wants
// the slot once the first one is gone.
type trial struct {
	log    *eventLog
	config config
	rng    *rand.Rand
	shell  *shell
	runner *runner
	first  *client
	second *client
	over   chan struct{}
}

// outcome is what is kept of a trial.
type outcome struct {
	until    int64
	lateness time.Duration
	events   []event
}

// run tells a story once, and stops it after its bound at the latest.
func (s story) run(v variant, seed int64, j *jitter) (outcome, error) {
	c := scaled()
	if s.settings != nil {
		s.settings(&c)
	}
	log := newLog()
	t := &trial{log: log, config: c, rng: rand.New(rand.NewSource(seed)), over: make(chan struct{})}
	t.shell = newShell(log, c.subscriberBuffer)
	var err error
	if t.runner, err = newRunner(v, c, log, t.shell); err != nil {
		return outcome{}, err
	}
	defer t.runner.close()
	if t.first, err = newClient("client 1", t.runner, c, seed+1, t.over); err != nil {
		return outcome{}, err
	}
	defer t.first.link.close()
	if t.second, err = newClient("client 2", t.runner, c, seed+2, t.over); err != nil {
		return outcome{}, err
	}
	defer t.second.link.close()

	told := make(chan struct{})
	go func() {
		defer close(told)
		s.tell(t)
	}()
	select {
	case <-told:
	case <-time.After(s.bound):
	}
	until, events := log.close()
	close(t.over)
	t.shell.exit()
	return outcome{until, j.since(log.start), events}, nil
}

// between is a length of time from min up to max, drawn anew each time.
func (t *trial) between(min, max time.Duration) time.Duration {
	return min + time.Duration(t.rng.Int63n(int64(max-min)))
}

func (t *trial) intervals(n float64) time.Duration {
	return time.Duration(n * float64(t.config.interval))
}

// sleep gives false where the trial is over first.
func (t *trial) sleep(length time.Duration) bool {
	select {
	case <-time.After(length):
		return true
	case <-t.over:
		return false
	}
}

func (t *trial) await(seen <-chan struct{}) bool {
	select {
	case <-seen:
		return true
	case <-t.over:
		return false
	}
}

// firstAttaches attaches the first client, which may type once and may ping once.
func (t *trial) firstAttaches() {
	t.first.attach()
	if t.rng.Intn(2) == 0 {
		go t.later(t.between(0, t.intervals(3)), t.first.types)
	}
	if t.rng.Intn(4) == 0 {
		go t.later(t.between(0, t.intervals(3)), t.first.sendsPing)
	}
}

func (t *trial) later(length time.Duration, act func()) {
	if t.sleep(length) {
		act()
	}
}

// secondFollows attaches the second client as the model's does: a backoff after the first one is gone, again and again
// until it is granted; it stays for one interval, leaves, and all of its session ends.
func (t *trial) secondFollows() {
	if !t.sleep(t.config.retry) || !t.second.attachUntilGranted(t.over) {
		return
	}
	empty := t.log.when(of("session empty", t.second.session))
	if !t.sleep(t.config.interval) {
		return
	}
	t.second.leave()
	t.await(empty)
}
