package main

import (
	"bytes"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

const typedBytes = 64

// client is a client of an attach session, with gorilla's client side: it reads, answers pings, and ends in some way.
type client struct {
	name    string
	log     *eventLog
	config  config
	runner  *runner
	link    *link
	program *program

	conn    *websocket.Conn
	socket  *net.TCPConn
	session int
	writer  sync.Mutex
	// What the program does and what it tells of it are one step: its end comes before both or after both.
	step      sync.Mutex
	condition atomic.Value
	gotExit   atomic.Bool
	// What is done before the ping of this number is answered; set before the client attaches.
	pings      int
	beforePing func(number int)
}

func newClient(name string, r *runner, c config, seed int64, over <-chan struct{}) (*client, error) {
	link, err := newLink(r, c, seed)
	if err != nil {
		return nil, err
	}
	one := &client{name: name, log: r.log, config: c, runner: r, link: link, program: newProgram(over)}
	one.condition.Store("promised")
	one.beforePing = func(int) {}
	return one, nil
}

// ---- attaching ----

// attach gives 101, or the status with which it was refused.
func (c *client) attach() (int, error) {
	dialer := websocket.Dialer{NetDial: c.dial}
	conn, response, err := dialer.Dial("ws://runner/attach", nil)
	if response == nil {
		return 0, err
	}
	if err == nil {
		c.conn = conn
		c.session, _ = strconv.Atoi(response.Header.Get("Session"))
		conn.SetPingHandler(c.answerPing)
		defer func() { go c.read() }()
	}
	c.emit("attach answered", data{"status": response.StatusCode})
	return response.StatusCode, nil
}

// attachUntilGranted waits after each refusal, longer each time.
func (c *client) attachUntilGranted(over <-chan struct{}) bool {
	backoff := c.config.retry
	for {
		status, err := c.attach()
		if err != nil {
			return false
		}
		if status == 101 {
			return true
		}
		select {
		case <-time.After(backoff):
		case <-over:
			return false
		}
		if backoff *= 2; backoff > c.config.retryMax {
			backoff = c.config.retryMax
		}
	}
}

func (c *client) dial(_, _ string) (net.Conn, error) {
	conn, err := net.Dial("tcp", c.link.listener.Addr().String())
	if err != nil {
		return nil, err
	}
	c.socket = conn.(*net.TCPConn)
	setBuffers(c.socket, c.config)
	return programConn{conn, c.program}, nil
}

// ---- reading ----

func (c *client) read() {
	for {
		_, payload, err := c.conn.ReadMessage()
		if err != nil {
			c.conn.Close()
			c.program.pass()
			c.emit("sees the end", data{
				"how":           word(err),
				"session":       c.session,
				"condition":     c.condition.Load(),
				"processExited": c.runner.shell.hasExited(),
				"gotExit":       c.gotExit.Load(),
			})
			return
		}
		if bytes.HasPrefix(payload, []byte("exit")) {
			c.gotExit.Store(true)
			c.emit("gets exit frame", nil)
		}
	}
}

func (c *client) answerPing(string) error {
	c.pings++
	c.beforePing(c.pings)
	c.writeAndTell(websocket.PongMessage, nil, "answers ping")
	return nil
}

// ---- writing ----

func (c *client) types() {
	if c.mayWrite() {
		c.writeAndTell(websocket.BinaryMessage, make([]byte, typedBytes), "types")
	}
}

func (c *client) sendsPing() {
	if c.mayWrite() {
		c.writeAndTell(websocket.PingMessage, nil, "pings")
	}
}

func (c *client) mayWrite() bool {
	return c.condition.Load() == "promised"
}

func (c *client) writeAndTell(messageType int, payload []byte, what string) {
	c.step.Lock()
	defer c.step.Unlock()
	if c.write(messageType, payload) == nil {
		c.emit(what, nil)
	}
}

func (c *client) write(messageType int, payload []byte) error {
	c.writer.Lock()
	defer c.writer.Unlock()
	return c.conn.WriteMessage(messageType, payload)
}

// ---- the end ----

// ends is one of the model's ways to die. It is told just before it happens, so that nothing that it causes comes first.
func (c *client) ends(kind string) {
	defer c.betweenSteps()()
	c.condition.Store("dead")
	switch kind {
	case "vanishes":
		c.program.kill()
		c.link.cut(true, true, func() { c.tellDeath(kind) })
	case "goes mute":
		c.link.cut(true, false, func() { c.tellDeath(kind) })
	case "goes deaf":
		c.link.cut(false, true, func() { c.tellDeath(kind) })
	case "freezes":
		c.tellDeath(kind)
		c.program.freeze()
	case "is reset":
		c.program.kill()
		c.tellDeath(kind)
		reset(c.socket)
	case "exits", "exits, FIN swallowed":
		c.program.kill()
		c.tellDeath(kind)
		if kind != "exits" {
			c.link.swallowFin()
		}
		c.socket.Close()
	default:
		panic("no such death: " + kind)
	}
}

// betweenSteps waits for the step that is being made; not for one whose write blocks, which is cut off in the middle.
func (c *client) betweenSteps() (done func()) {
	for patience := time.Now().Add(2 * time.Millisecond); time.Now().Before(patience); time.Sleep(50 * time.Microsecond) {
		if c.step.TryLock() {
			return c.step.Unlock
		}
	}
	return func() {}
}

func (c *client) tellDeath(kind string) {
	hops := 1
	if c.config.path == "balanced" {
		hops = 2
	}
	attached := c.runner.slot.isHeldBy(c.session)
	c.emit("client dead", data{"session": c.session, "kind": kind, "hops": hops, "attached": attached})
}

// leave is the orderly way out: a close frame, then the end of the connection.
func (c *client) leave() {
	c.condition.Store("left")
	c.emit("leaves", data{"session": c.session})
	c.write(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""))
	c.conn.Close()
}

// stall is to be stopped, and run again later: a suspended laptop. Its kernel goes on.
func (c *client) stall(length time.Duration) {
	c.condition.Store("stalled")
	c.program.freeze()
	c.emit("stalls", nil)
	time.Sleep(length)
	c.emit("resumes", nil)
	c.program.thaw()
}

func (c *client) emit(name string, with data) {
	c.log.emit(c.name, name, with)
}
