package main

import "time"

// story is what happens in a trial. Its name is the model's for the first client's end, where it is about that.
type story struct {
	name     string
	times    int // How many times as many trials as the others.
	bound    time.Duration
	settings func(*config)
	tell     func(*trial)
}

// bound is how long a trial lasts if the slot is not released: ten times pongWait, as in the test of #516.
const bound = 1500 * time.Millisecond

func allStories() []story {
	balanced := func(c *config) { c.path = "balanced" }
	stories := []story{
		dying("vanishes", nil),
		dying("goes mute", nil),
		dying("goes deaf", nil),
		dying("freezes", nil),
		dying("is reset", nil),
		dying("exits", nil),
		dying("exits, FIN swallowed", balanced),
	}
	return append(stories,
		story{name: "says goodbye", times: 1, bound: bound, tell: saysGoodbye},
		story{name: "stalls", times: 1, bound: 750 * time.Millisecond, tell: stalls},
		story{name: "stays", times: 1, bound: 2 * bound, tell: stays},
		story{name: "process exits", times: 1, bound: bound, tell: processExits},
		story{name: "pong meets the end", times: 10, bound: bound, tell: pongMeetsTheEnd},
		story{name: "dies under output", times: 1, bound: bound, settings: largeChunks, tell: diesUnderOutput},
		story{name: "dies while stdin blocks", times: 1, bound: bound, tell: diesWhileStdinBlocks},
		story{name: "types while stdin blocks", times: 1, bound: bound, tell: typesWhileStdinBlocks},
	)
}

// dying is a first client that dies of one kind: at any time, or just before or just after it answers a ping, where a
// pong that is the last to arrive, or the first that does not, makes the eviction take longest and shortest.
func dying(kind string, settings func(*config)) story {
	return story{name: kind, times: 1, bound: bound, settings: settings, tell: func(t *trial) {
		nth := 1 + t.rng.Intn(3)
		switch t.rng.Intn(4) {
		case 0:
			dead := t.log.when(func(e event) bool { return e.Name == "client dead" })
			t.first.beforePing = func(number int) {
				if number == nth {
					t.first.ends(kind)
				}
			}
			t.firstAttaches()
			t.await(dead)
		case 1:
			inFlight := t.pongInFlight(nth)
			t.firstAttaches()
			t.await(inFlight)
			t.first.ends(kind)
		default:
			t.firstAttaches()
			t.sleep(t.between(0, t.intervals(3)))
			t.first.ends(kind)
		}
		t.secondFollows()
	}}
}

// pongInFlight gives a channel that is closed when the first client's nth pong is on its way.
func (t *trial) pongInFlight(nth int) <-chan struct{} {
	inFlight := make(chan struct{})
	pongs := 0
	t.first.link.taken = func(frames []string) {
		for _, frame := range frames {
			if frame != "pong" {
				continue
			}
			if pongs++; pongs == nth {
				close(inFlight)
			}
		}
	}
	return inFlight
}

func saysGoodbye(t *trial) {
	t.firstAttaches()
	t.sleep(t.between(0, t.intervals(3)))
	t.first.leave()
	t.secondFollows()
}

// stalls: one that stands still for longer than pongWait comes back after it was evicted, a shorter stall is survived.
func stalls(t *trial) {
	released := t.log.when(of("slot released", 1))
	t.firstAttaches()
	t.sleep(t.between(0, t.intervals(3)))
	t.first.stall(t.between(t.config.stallMin, t.config.stallMax))
	if t.await(released) {
		t.secondFollows()
	}
}

// stays: a live client keeps its slot over 24 pings, then the process ends and the client gets the exit frame.
func stays(t *trial) {
	empty := t.log.when(of("session empty", 1))
	t.firstAttaches()
	t.sleep(t.intervals(24.5))
	t.shell.exit()
	t.await(empty)
	t.sleep(2 * t.config.latency)
}

func processExits(t *trial) {
	empty := t.log.when(of("session empty", 1))
	t.firstAttaches()
	t.sleep(t.between(0, t.intervals(3)))
	t.shell.write("stdout", "screen")
	t.shell.exit()
	t.await(empty)
	t.sleep(2 * t.config.latency)
}

// pongMeetsTheEnd: the client vanishes with a pong in flight, and the process ends just before that arrives: the finding
// late-pong-rearms, if the pong's handler sets the deadline after the teardown did.
func pongMeetsTheEnd(t *trial) {
	nth := 1 + t.rng.Intn(3)
	lead := t.between(0, 100*time.Microsecond)
	pongs := 0
	t.first.link.beforeArrival = func(frame string) {
		if frame == "pong" {
			pongs++
		}
		if frame != "pong" || pongs != nth {
			return
		}
		t.shell.exit()
		for end := time.Now().Add(lead); time.Now().Before(end); {
			// Sleeping is not precise enough.
		}
	}
	inFlight := t.pongInFlight(nth)
	empty := t.log.when(of("session empty", 1))
	t.first.attach()
	t.await(inFlight)
	t.first.ends("vanishes")
	t.await(empty)
}

// largeChunks: the first one fills all buffers on the way, the model's and the real ones.
func largeChunks(c *config) {
	c.chunk = 1 << 20
}

// diesUnderOutput: output comes once the client is dead, so a pump blocks and holds the write mutex: the finding
// eviction-waits-for-writer, if the deadline of the last pong passes before the one of the write.
func diesUnderOutput(t *trial) {
	t.first.attach()
	t.sleep(t.between(0, t.intervals(3)))
	t.first.ends([]string{"vanishes", "freezes"}[t.rng.Intn(2)])
	go t.later(t.between(0, t.intervals(3)), func() { t.shell.write("stdout", "line") })
	t.secondFollows()
}

// diesWhileStdinBlocks: the reader is inside WriteStdin and looks at no deadline: the finding stdin-blocks-reader.
func diesWhileStdinBlocks(t *trial) {
	t.first.attach()
	t.sleep(t.between(0, t.intervals(1)))
	t.shell.stopReadingStdin()
	blocked := t.log.when(func(e event) bool { return e.Name == "stdin blocks" })
	t.first.types()
	t.await(blocked)
	t.sleep(t.between(0, t.intervals(2)))
	t.first.ends("vanishes")
	t.secondFollows()
}

// typesWhileStdinBlocks: the same with a client that lives: its pongs are not read, and when the process reads again the
// deadline has passed.
func typesWhileStdinBlocks(t *trial) {
	released := t.log.when(of("slot released", 1))
	t.first.attach()
	t.sleep(t.between(0, t.intervals(1)))
	t.shell.stopReadingStdin()
	t.first.types()
	t.sleep(t.config.pongWait + t.between(t.intervals(0.5), t.intervals(3)))
	t.shell.readStdinAgain()
	select {
	case <-released:
		t.secondFollows()
	case <-time.After(2 * t.config.pongWait):
	}
}
