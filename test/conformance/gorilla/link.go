package main

import (
	"errors"
	"io"
	"math/rand"
	"net"
	"sync"
	"time"
)

// What a pipe holds at once: little, so that a receiver that does not read is soon felt by the sender.
const (
	pieceBytes = 4096
	pieces     = 4
)

// link is the path between one client and the runner: a TCP proxy that delays each piece, in order, and that can lose
// what is sent from some moment on, in one direction or both.
//
// It stands for the model's direct path, not for a balancer; with FIN swallowed, for a balancer. It differs from a wire
// in one thing: its kernel acknowledges what it has not delivered. While it is cut towards the client it reads no more,
// so that the runner's buffers fill, as they do when nobody acknowledges.
type link struct {
	runner   *runner
	config   config
	listener net.Listener

	mu          sync.Mutex
	rng         *rand.Rand
	cutToRunner bool
	cutToClient bool
	swallowsFin bool
	conns       []*net.TCPConn
	// What is done once frames are in flight to the runner, and before one arrives; set before the client attaches.
	taken         func(frames []string)
	beforeArrival func(frame string)
}

func newLink(r *runner, c config, seed int64) (*link, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	l := &link{runner: r, config: c, listener: listener, rng: rand.New(rand.NewSource(seed))}
	l.taken, l.beforeArrival = func([]string) {}, func(string) {}
	go l.accept()
	return l, nil
}

func (l *link) accept() {
	for {
		conn, err := l.listener.Accept()
		if err != nil {
			return
		}
		toRunner, err := net.Dial("tcp", l.runner.listener.Addr().String())
		if err != nil {
			conn.Close()
			continue
		}
		near, far := conn.(*net.TCPConn), toRunner.(*net.TCPConn)
		setBuffers(near, l.config)
		setBuffers(far, l.config)
		l.mu.Lock()
		l.conns = append(l.conns, near, far)
		l.mu.Unlock()
		toRunnerEnded, toClientEnded := make(chan struct{}), make(chan struct{})
		l.join(near, far, true, toRunnerEnded, toClientEnded)
		l.join(far, near, false, toClientEnded, toRunnerEnded)
	}
}

// cut loses what is sent from now on. `told` is called at that very moment.
func (l *link) cut(toRunner, toClient bool, told func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cutToRunner = l.cutToRunner || toRunner
	l.cutToClient = l.cutToClient || toClient
	told()
}

func (l *link) swallowFin() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.swallowsFin = true
}

func (l *link) close() {
	l.listener.Close()
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, conn := range l.conns {
		conn.Close()
	}
}

// piece is some bytes, or how the stream ends, on its way.
type piece struct {
	bytes  []byte
	frames []string // Of a client: those whose last byte this is.
	end    string
	due    time.Time
}

// join carries one direction of one connection. The channels are closed when all has been delivered, this way and back.
func (l *link) join(from, to *net.TCPConn, toRunner bool, ended chan<- struct{}, backEnded <-chan struct{}) {
	flight := make(chan piece, pieces)
	go l.take(from, flight, toRunner)
	go func() {
		defer close(ended)
		if l.deliver(flight, to, toRunner) == nil {
			return
		}
		// What is on its way back goes first: no reset overtakes it.
		go func() {
			<-backEnded
			if l.passesOn() {
				reset(from)
			}
		}()
		for range flight {
		}
	}()
}

// take reads until the stream ends; what is lost never gets into the flight.
func (l *link) take(from *net.TCPConn, flight chan<- piece, toRunner bool) {
	defer close(flight)
	last := time.Now()
	var scanner frameScanner
	for {
		buffer := make([]byte, pieceBytes)
		n, err := from.Read(buffer)
		cut, swallowed, delay := l.fate(toRunner)
		if cut && !toRunner {
			return
		}
		// FIFO: no piece overtakes another.
		due := time.Now().Add(delay)
		if due.Before(last) {
			due = last
		}
		last = due
		if n > 0 && !cut {
			p := piece{bytes: buffer[:n], due: due}
			if toRunner {
				p.frames = scanner.scan(p.bytes)
			}
			flight <- p
			l.taken(p.frames)
		}
		if err == nil {
			continue
		}
		if !cut && !swallowed && !errors.Is(err, net.ErrClosed) {
			end := "reset"
			if err == io.EOF {
				end = "FIN"
			}
			flight <- piece{end: end, due: due}
		}
		return
	}
}

func (l *link) fate(toRunner bool) (cut, swallowed bool, delay time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	cut = l.cutToClient
	if toRunner {
		cut = l.cutToRunner
	}
	return cut, l.swallowsFin, time.Duration(l.rng.Int63n(int64(l.config.latency)))
}

func (l *link) passesOn() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return !l.swallowsFin
}

// deliver hands over each piece when it is due: what is in flight arrives, whatever happens behind it. The error is that
// nobody takes it any more.
func (l *link) deliver(flight <-chan piece, to *net.TCPConn, toRunner bool) error {
	for p := range flight {
		time.Sleep(time.Until(p.due))
		switch p.end {
		case "FIN":
			to.CloseWrite()
		case "reset":
			reset(to)
		default:
			if toRunner {
				l.tellArrivals(p.frames, to)
			}
			if _, err := to.Write(p.bytes); err != nil {
				return err
			}
		}
	}
	return nil
}

// tellArrivals speaks before the bytes are handed over, so that nothing that they cause can be told first.
func (l *link) tellArrivals(frames []string, to *net.TCPConn) {
	session, ok := l.runner.sessionOf.Load(to.LocalAddr().String())
	if !ok {
		return
	}
	for _, frame := range frames {
		l.beforeArrival(frame)
		l.runner.log.emit("runner", "arrives", data{"session": session, "frame": frame})
	}
}

func reset(conn *net.TCPConn) {
	conn.SetLinger(0)
	conn.Close()
}
