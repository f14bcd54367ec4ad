package main

import (
	"context"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
)

// runner is the server: each request to attach gets a session number and a handler of its own.
type runner struct {
	variant  variant
	config   config
	log      *eventLog
	slot     *slot
	shell    *shell
	listener net.Listener
	server   *http.Server

	sessions atomic.Int32
	// The session of each connection, by its remote address: so that the link can say where a frame arrives.
	sessionOf sync.Map
}

func newRunner(v variant, c config, log *eventLog, shell *shell) (*runner, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r := &runner{variant: v, config: c, log: log, slot: &slot{log: log}, shell: shell, listener: listener}
	r.server = &http.Server{Handler: http.HandlerFunc(r.serve)}
	// Buffers that one large chunk fills.
	r.server.ConnContext = func(ctx context.Context, conn net.Conn) context.Context {
		setBuffers(conn.(*net.TCPConn), c)
		return ctx
	}
	go r.server.Serve(listener)
	return r, nil
}

func (r *runner) serve(w http.ResponseWriter, request *http.Request) {
	session := int(r.sessions.Add(1))
	r.sessionOf.Store(request.RemoteAddr, session)
	newHandler(r.variant, r.config, r.log, r.slot, r.shell, session).serveAttach(w, request)
}

func (r *runner) close() {
	r.server.Close()
}

func setBuffers(conn *net.TCPConn, c config) {
	conn.SetReadBuffer(c.receiveBuffer)
	conn.SetWriteBuffer(c.sendBuffer)
}
