package main

import (
	"net"
	"sync"
)

// program is a client's program: it can be frozen, thawed and killed, while its kernel goes on.
type program struct {
	mu     sync.Mutex
	runs   chan struct{} // Closed while the program runs.
	killed bool
	over   <-chan struct{} // Closed when the trial is over: then everything may run out.
}

func newProgram(over <-chan struct{}) *program {
	runs := make(chan struct{})
	close(runs)
	return &program{runs: runs, over: over}
}

func (p *program) freeze() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.runs = make(chan struct{})
}

func (p *program) thaw() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.killed {
		close(p.runs)
	}
}

func (p *program) kill() {
	p.freeze()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.killed = true
}

// pass is where the program's goroutines stop while it is frozen.
func (p *program) pass() {
	p.mu.Lock()
	runs := p.runs
	p.mu.Unlock()
	select {
	case <-runs:
	case <-p.over:
	}
}

// programConn is a connection of a program. One read that was pending when the program froze still takes up to 4 KiB.
type programConn struct {
	net.Conn
	program *program
}

func (c programConn) Read(b []byte) (int, error) {
	c.program.pass()
	n, err := c.Conn.Read(b)
	c.program.pass()
	return n, err
}

func (c programConn) Write(b []byte) (int, error) {
	c.program.pass()
	return c.Conn.Write(b)
}
