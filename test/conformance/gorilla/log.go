package main

import (
	"sort"
	"sync"
	"time"
)

// data is what an event carries: plain values under the model's names.
type data map[string]any

// event is one line of a log: what the model's emit of that name tells, with a real time.
type event struct {
	At   int64  `json:"at"`
	Lane string `json:"lane"`
	Name string `json:"name"`
	Data data   `json:"data,omitempty"`
}

// eventLog collects what happens in one trial. An event's time is taken while the log is locked, so times never go back.
type eventLog struct {
	mu     sync.Mutex
	start  time.Time
	closed bool
	events []event
	awaits []await
}

type await struct {
	matches func(event) bool
	seen    chan struct{}
}

func newLog() *eventLog {
	return &eventLog{start: time.Now()}
}

func (l *eventLog) emit(lane, name string, with data) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.add(event{time.Since(l.start).Nanoseconds(), lane, name, with})
}

// emitSince tells what was known to begin at an earlier time only now.
func (l *eventLog) emitSince(at time.Time, lane, name string, with data) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.add(event{at.Sub(l.start).Nanoseconds(), lane, name, with})
}

func (l *eventLog) add(e event) {
	if l.closed {
		return
	}
	l.events = append(l.events, e)
	waiting := l.awaits[:0]
	for _, a := range l.awaits {
		if a.matches(e) {
			close(a.seen)
		} else {
			waiting = append(waiting, a)
		}
	}
	l.awaits = waiting
}

// when gives a channel that is closed at the first event from now on that matches.
func (l *eventLog) when(matches func(event) bool) <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	seen := make(chan struct{})
	l.awaits = append(l.awaits, await{matches, seen})
	return seen
}

func of(name string, session int) func(event) bool {
	return func(e event) bool { return e.Name == name && e.Data["session"] == session }
}

// close ends the log: what happens from now on is no part of the trial. It gives the length of the trial and its events.
func (l *eventLog) close() (int64, []event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	sort.SliceStable(l.events, func(i, j int) bool { return l.events[i].At < l.events[j].At })
	return time.Since(l.start).Nanoseconds(), l.events
}
