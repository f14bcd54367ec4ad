package main

import (
	"context"
	"sync"
)

// bursts says how many chunks a burst of output has; the model's BURSTS.
var bursts = map[string]int{"line": 1, "screen": 4, "flood": 24}

// shell is the process in the box that sessions attach to: its output, its standard input, its end.
type shell struct {
	log    *eventLog
	buffer int
	exited chan struct{}

	mu           sync.Mutex
	subscriber   *subscription
	ignoresStdin bool
	stdinChanged chan struct{}
	exitOnce     sync.Once
}

// subscription is a subscriber's buffers. What does not fit into them is lost.
type subscription struct {
	streams map[string]chan struct{}
	closed  bool
}

func newShell(log *eventLog, buffer int) *shell {
	return &shell{log: log, buffer: buffer, exited: make(chan struct{}), stdinChanged: make(chan struct{})}
}

func (s *shell) hasExited() bool {
	select {
	case <-s.exited:
		return true
	default:
		return false
	}
}

func (s *shell) subscribe() *subscription {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.subscriber = &subscription{streams: map[string]chan struct{}{
		"stdout": make(chan struct{}, s.buffer),
		"stderr": make(chan struct{}, s.buffer),
	}}
	return s.subscriber
}

// unsubscribe lets what is buffered be received still. Harmless when done twice.
func (s *shell) unsubscribe(sub *subscription) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if sub.closed {
		return
	}
	sub.closed = true
	for _, chunks := range sub.streams {
		close(chunks)
	}
	if s.subscriber == sub {
		s.subscriber = nil
	}
}

func (s *shell) write(stream, burst string) {
	s.log.emit("shell", "output", data{"stream": stream, "burst": burst, "chunks": bursts[burst]})
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.subscriber == nil {
		return
	}
	for i := 0; i < bursts[burst]; i++ {
		select {
		case s.subscriber.streams[stream] <- struct{}{}:
		default:
			s.log.emit("shell", "chunk lost", data{"stream": stream})
		}
	}
}

func (s *shell) exit() {
	s.exitOnce.Do(func() {
		s.log.emit("shell", "process exits", nil)
		close(s.exited)
	})
}

func (s *shell) stopReadingStdin() {
	s.setIgnoresStdin(true)
	s.log.emit("shell", "stops reading stdin", nil)
}

func (s *shell) readStdinAgain() {
	s.log.emit("shell", "reads stdin again", nil)
	s.setIgnoresStdin(false)
}

func (s *shell) setIgnoresStdin(ignores bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ignoresStdin = ignores
	close(s.stdinChanged)
	s.stdinChanged = make(chan struct{})
}

// writeStdin blocks while the process does not read and its pipe is full; until ctx is cancelled, if there is one.
func (s *shell) writeStdin(lane string, ctx context.Context) string {
	for {
		s.mu.Lock()
		ignores, changed := s.ignoresStdin, s.stdinChanged
		s.mu.Unlock()
		if s.hasExited() {
			return "broken pipe"
		}
		if !ignores {
			return ""
		}
		if ctx.Err() != nil {
			return "context canceled"
		}
		s.log.emit(lane, "stdin blocks", data{"why": "the process does not read"})
		select {
		case <-changed:
		case <-s.exited:
		case <-ctx.Done():
		}
	}
}
