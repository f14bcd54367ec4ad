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

	conn      *websocket.Conn
	socket    *net.TCPConn
	session   int
	writer    sync.Mutex
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
	if c.write(websocket.PongMessage, nil) == nil {
		c.emit("answers ping", nil)
	}
	return nil
}

// ---- writing ----

func (c *client) types() {
	if c.mayWrite() && c.write(websocket.BinaryMessage, make([]byte, typedBytes)) == nil {
		c.emit("types", nil)
	}
}

func (c *client) sendsPing() {
	if c.mayWrite() && c.write(websocket.PingMessage, nil) == nil {
		c.emit("pings", nil)
	}
}

func (c *client) mayWrite() bool {
	return c.condition.Load() == "promised"
}

func (c *client) write(messageType int, payload []byte) error {
	c.writer.Lock()
	defer c.writer.Unlock()
	return c.conn.WriteMessage(messageType, payload)
}

// ---- the end ----

// ends is one of the model's ways to die. It is told just before it happens, so that nothing that it causes comes first.
func (c *client) ends(kind string) {
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
