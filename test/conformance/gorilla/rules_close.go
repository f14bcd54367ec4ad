package main

import (
	"io"
	"time"

	"github.com/gorilla/websocket"
)

var closeRules = []rule{
	{17, "Close takes no lock, and wakes the blocked reader and the blocked writer at once", func(p pair) (bool, data) {
		read := background(readError(p))
		write := background(func() error { return p.server.WriteMessage(websocket.BinaryMessage, large) })
		time.Sleep(aWhile)
		closing := time.Now()
		p.server.Close()
		took := time.Since(closing)
		reader, writer := <-read, <-write
		woken := time.Since(closing)
		holds := reader.err == "closed" && writer.err == "closed" && woken < aWhile
		return holds, data{"reader": reader.err, "writer": writer.err, "closeTookMs": milliseconds(took), "wokenAfterMs": milliseconds(woken)}
	}},
	{17, "Close sends no close frame: the peer sees the stream end", func(p pair) (bool, data) {
		p.server.Close()
		_, err := p.peer.bytes(1)
		return err == io.EOF, data{"peer": word(err)}
	}},
	{18, "the peer's FIN ends the read with an unexpected EOF", func(p pair) (bool, data) {
		p.peer.conn.CloseWrite()
		_, _, err := p.server.ReadMessage()
		return websocket.IsCloseError(err, websocket.CloseAbnormalClosure), data{"err": err.Error()}
	}},
	{18, "a reset fails the read and every write", func(p pair) (bool, data) {
		reset(p.peer.conn)
		read := word(readError(p)())
		write := word(p.server.WriteControl(websocket.PingMessage, nil, in(time.Second)))
		return read == "reset" && write == "reset", data{"read": read, "write": write}
	}},
	{18, "silence is nothing: a read without a deadline waits, and pings go out all the while", func(p pair) (bool, data) {
		read := background(readError(p))
		failed := 0
		for i := 0; i < 20; i++ {
			if p.server.WriteControl(websocket.PingMessage, nil, in(time.Second)) != nil {
				failed++
			}
			time.Sleep(aWhile / 2)
		}
		select {
		case <-read:
			return false, data{"read": "returned"}
		default:
			return failed == 0, data{"pings": 20, "failed": failed}
		}
	}},
	{"tcp", "Close with unread data sends a reset in place of FIN", func(p pair) (bool, data) {
		p.peer.send(masked(websocket.PongMessage, ""))
		time.Sleep(aWhile)
		p.server.Close()
		_, err := p.peer.bytes(1)
		return word(err) == "reset", data{"peer": word(err)}
	}},
	{"tcp", "the reset does not destroy what the peer's kernel had already received: it is read first", func(p pair) (bool, data) {
		p.peer.send(masked(websocket.PongMessage, ""))
		time.Sleep(aWhile)
		p.server.WriteMessage(websocket.TextMessage, []byte("exit"))
		p.server.Close()
		time.Sleep(aWhile)
		f, first := p.peer.read()
		_, second := p.peer.bytes(1)
		return f.text == "exit" && word(second) == "reset", data{"first": f.text + word(first), "second": word(second)}
	}},
	{"tcp", "the reset destroys what the peer's kernel had not yet taken", func(p pair) (bool, data) {
		p.peer.conn.SetReadBuffer(4096)
		p.peer.send(masked(websocket.PongMessage, ""))
		time.Sleep(aWhile)
		p.server.WriteMessage(websocket.BinaryMessage, make([]byte, 1<<20))
		p.server.Close()
		time.Sleep(aWhile)
		f, err := p.peer.read()
		return word(err) != "", data{"sent": f.length, "peer": word(err)}
	}},
	{"tcp", "data that arrives after Close is answered by a reset", func(p pair) (bool, data) {
		p.peer.conn.Close()
		time.Sleep(aWhile)
		first := word(p.server.WriteControl(websocket.PingMessage, nil, in(time.Second)))
		time.Sleep(aWhile)
		second := word(p.server.WriteControl(websocket.PingMessage, nil, in(time.Second)))
		return first == "" && second == "reset", data{"first": first, "second": second}
	}},
}
