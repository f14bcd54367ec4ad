package main

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

const (
	maxFrameBytes   = 1 << 20
	smallFrameBytes = 64
	// A write that takes longer than this has been blocked; it is logged at the time at which it began.
	blockedAfter = 4 * time.Millisecond
)

// variant is a version of the handler. In the model each is a subclass, here a condition at the lines that differ.
type variant struct {
	name      string
	listens   bool // #516: pongs and data re-arm a read deadline.
	reference bool // With the model's smallest changes under which every property holds.
}

var variants = []variant{
	{name: "ping-only"},
	{name: "pong-deadline", listens: true},
	{name: "reference", listens: true, reference: true},
}

// handler is the attach handler of the runner as merged with #516, in the order of models/attach/handler.ts.
type handler struct {
	variant variant
	config  config
	log     *eventLog
	slot    *slot
	shell   *shell
	session int

	conn       *websocket.Conn
	writeMu    ownedMutex
	ctx        context.Context
	cancel     context.CancelFunc
	closeTried bool
	goroutines atomic.Int32

	// The reference only.
	readDeadlineMu sync.Mutex
	stdin          chan struct{}
	pings          chan struct{}
}

func newHandler(v variant, c config, log *eventLog, slot *slot, shell *shell, session int) *handler {
	h := &handler{variant: v, config: c, log: log, slot: slot, shell: shell, session: session}
	h.ctx, h.cancel = context.WithCancel(context.Background())
	h.stdin = make(chan struct{}, c.stdinQueue)
	h.pings = make(chan struct{}, 1)
	return h
}

// ---- entry ----

func (h *handler) serveAttach(w http.ResponseWriter, r *http.Request) {
	h.goroutines.Add(1)
	defer h.goroutineEnds()
	defer func() {
		h.emit("handler", "handler returns", data{"session": h.session, "holdsSlot": h.slot.isHeldBy(h.session)})
	}()
	if !h.slot.markConnected(h.session) {
		http.Error(w, "already attached", http.StatusConflict)
		return
	}
	upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	conn, err := upgrader.Upgrade(w, r, http.Header{"Session": {fmt.Sprint(h.session)}})
	if err != nil {
		h.slot.markDisconnected(h.session)
		return
	}
	h.conn = conn
	h.runAttachLoop()
}

// ---- runAttachLoop ----

func (h *handler) runAttachLoop() {
	h.conn.SetReadLimit(maxFrameBytes)
	if h.variant.listens {
		h.rearmReadDeadline("handler", "start")
	}
	h.setHandlers()
	output := h.shell.subscribe()
	defer h.teardown(output)
	stdout := h.start("stdout pump", func() { h.pumpOutput("stdout", output) })
	stderr := h.start("stderr pump", func() { h.pumpOutput("stderr", output) })
	reader := h.start("reader", h.readLoop)
	keepalive := h.start("keepalive", h.runKeepalive)
	if h.variant.reference {
		h.start("stdin pump", h.pumpStdin)
		h.start("pong pump", h.pumpPongs)
	}

	select {
	case <-h.shell.exited:
		h.cleanExit(output, stdout, stderr)
	case <-h.ctx.Done():
	}

	h.emit("handler", "session ends", data{"session": h.session})
	h.stopReader()
	<-reader
	<-keepalive
}

func (h *handler) setHandlers() {
	h.conn.SetPongHandler(func(string) error {
		if h.variant.listens {
			h.rearmReadDeadline("reader", "pong")
		}
		return nil
	})
	if h.variant.reference {
		h.conn.SetPingHandler(func(string) error {
			select {
			case h.pings <- struct{}{}:
			default:
			}
			return nil
		})
	}
}

// start is Go's go statement; the channel is closed when the goroutine has ended.
func (h *handler) start(name string, body func()) <-chan struct{} {
	h.goroutines.Add(1)
	ended := make(chan struct{})
	go func() {
		defer h.goroutineEnds()
		defer close(ended)
		body()
	}()
	return ended
}

func (h *handler) goroutineEnds() {
	if h.goroutines.Add(-1) == 0 {
		h.log.emit("runner", "session empty", data{"session": h.session})
	}
}

func (h *handler) stopReader() {
	h.readDeadlineMu.Lock()
	defer h.readDeadlineMu.Unlock()
	h.cancel()
	h.conn.SetReadDeadline(time.Now())
}

func (h *handler) rearmReadDeadline(goroutine, by string) {
	if h.variant.reference {
		h.readDeadlineMu.Lock()
		defer h.readDeadlineMu.Unlock()
		if h.ctx.Err() != nil {
			return
		}
	}
	h.conn.SetReadDeadline(time.Now().Add(h.config.pongWait))
	h.emit(goroutine, "read deadline armed", data{"session": h.session, "by": by})
}

// fail cancels the context, nothing else; in the reference it closes the connection as well.
func (h *handler) fail(goroutine, cause string) {
	h.emit(goroutine, "fails", data{"session": h.session, "cause": cause})
	h.cancel()
	if h.variant.reference {
		h.conn.Close()
	}
}

// ---- clean exit ----

func (h *handler) cleanExit(output *subscription, pumps ...<-chan struct{}) {
	h.emit("handler", "clean exit", data{"session": h.session})
	h.shell.unsubscribe(output)
	if h.drain(pumps) {
		h.writeData("handler", "exit", websocket.TextMessage, smallFrame("exit"))
		h.writeClose(websocket.CloseNormalClosure)
	} else {
		h.emit("handler", "not drained", data{"session": h.session})
		h.writeClose(websocket.CloseInternalServerErr)
	}
}

func (h *handler) drain(pumps []<-chan struct{}) bool {
	bound := time.After(h.config.drainBound)
	for _, pump := range pumps {
		select {
		case <-pump:
		case <-bound:
			return false
		}
	}
	return true
}

// ---- deferred teardown ----

func (h *handler) teardown(output *subscription) {
	if !h.closeTried {
		h.writeClose(websocket.CloseGoingAway)
	}
	h.conn.Close()
	h.shell.unsubscribe(output)
	h.slot.markDisconnected(h.session)
}

// ---- goroutine: output pump ----

func (h *handler) pumpOutput(stream string, output *subscription) {
	pump := stream + " pump"
	chunk := make([]byte, h.config.chunk)
	for {
		select {
		case <-h.ctx.Done():
			return
		case _, ok := <-output.streams[stream]:
			if !ok {
				return
			}
		}
		if err := h.writeData(pump, stream, websocket.BinaryMessage, chunk); err != nil {
			h.fail(pump, fmt.Sprintf("%s write: %s", stream, word(err)))
			return
		}
	}
}

// ---- goroutine: reader ----

func (h *handler) readLoop() {
	for h.ctx.Err() == nil {
		if _, _, err := h.conn.ReadMessage(); err != nil {
			if h.ctx.Err() == nil {
				h.fail("reader", "read: "+word(err))
			}
			return
		}
		if h.variant.listens {
			h.rearmReadDeadline("reader", "data")
		}
		h.handleData()
	}
}

// handleData writes input for the process inline, on the reading goroutine; in the reference it queues it.
func (h *handler) handleData() {
	if h.variant.reference {
		select {
		case h.stdin <- struct{}{}:
		default:
			h.emit("reader", "input lost", data{"session": h.session})
		}
		return
	}
	if err := h.shell.writeStdin(h.lane("reader"), context.Background()); err != "" {
		h.writeError("reader", err)
	}
}

func (h *handler) writeError(goroutine, why string) {
	h.emit(goroutine, "error frame", data{"why": why})
	h.writeData(goroutine, "error", websocket.TextMessage, smallFrame("error"))
}

// ---- goroutine: runKeepalive ----

func (h *handler) runKeepalive() {
	ticker := time.NewTicker(h.config.interval)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
		case <-h.ctx.Done():
			return
		}
		if err := h.ping(); err != nil {
			if h.ctx.Err() == nil {
				h.fail("keepalive", "ping: "+word(err))
			}
			return
		}
	}
}

func (h *handler) ping() error {
	if owner := h.writeMu.owner(); owner != "" {
		h.emit("keepalive", "ping waits", data{"for": owner})
	}
	h.writeMu.lock(h.lane("keepalive"))
	err := h.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(h.config.writeDeadline))
	h.writeMu.unlock()
	if err != nil {
		h.emit("keepalive", "ping failed", data{"err": word(err)})
	} else {
		h.emit("keepalive", "ping sent", nil)
	}
	return err
}

// ---- goroutines of the reference ----

func (h *handler) pumpStdin() {
	for {
		select {
		case <-h.ctx.Done():
			return
		case <-h.stdin:
		}
		if err := h.shell.writeStdin(h.lane("stdin pump"), h.ctx); err != "" {
			h.writeError("stdin pump", err)
		}
	}
}

func (h *handler) pumpPongs() {
	for {
		select {
		case <-h.ctx.Done():
			return
		case <-h.pings:
		}
		h.writeMu.lock(h.lane("pong pump"))
		h.conn.WriteControl(websocket.PongMessage, nil, time.Now().Add(h.config.writeDeadline))
		h.writeMu.unlock()
	}
}

// ---- writes under writeMu ----

func (h *handler) writeData(goroutine, frame string, messageType int, payload []byte) error {
	h.writeMu.lock(h.lane(goroutine))
	began := time.Now()
	h.conn.SetWriteDeadline(began.Add(h.config.writeDeadline))
	err := h.conn.WriteMessage(messageType, payload)
	took := time.Since(began)
	h.writeMu.unlock()
	if took > blockedAfter {
		h.log.emitSince(began, h.lane(goroutine), "write blocks", data{"frame": frame, "why": "send buffer full"})
	}
	if err != nil {
		h.emit(goroutine, "write failed", data{"frame": frame, "err": word(err)})
	} else {
		h.emit(goroutine, "frame written", data{"frame": frame})
	}
	return err
}

func (h *handler) writeClose(code int) {
	h.closeTried = true
	h.writeMu.lock(h.lane("handler"))
	message := websocket.FormatCloseMessage(code, "")
	err := h.conn.WriteControl(websocket.CloseMessage, message, time.Now().Add(h.config.writeDeadline))
	h.writeMu.unlock()
	with := data{"code": code}
	if err != nil {
		with["err"] = word(err)
	}
	h.emit("handler", "close frame", with)
}

// smallFrame is a payload that says what kind of frame it is.
func smallFrame(kind string) []byte {
	payload := make([]byte, smallFrameBytes)
	copy(payload, kind)
	return payload
}

// ---- the log ----

func (h *handler) lane(goroutine string) string {
	return fmt.Sprintf("runner session %d %s", h.session, goroutine)
}

func (h *handler) emit(goroutine, name string, with data) {
	h.log.emit(h.lane(goroutine), name, with)
}

// ownedMutex is Go's mutex that can say which goroutine holds it.
type ownedMutex struct {
	mu    sync.Mutex
	owned atomic.Value
}

func (m *ownedMutex) lock(by string) {
	m.mu.Lock()
	m.owned.Store(by)
}

func (m *ownedMutex) unlock() {
	m.owned.Store("")
	m.mu.Unlock()
}

// owner is empty where nobody holds it.
func (m *ownedMutex) owner() string {
	owner, _ := m.owned.Load().(string)
	return owner
}
