package main

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/gorilla/websocket"
)

// readError reads one message for its error only.
func readError(p pair) func() error {
	return func() error {
		_, _, err := p.server.ReadMessage()
		return err
	}
}

func goroutine() string {
	stack := make([]byte, 64)
	stack = stack[:runtime.Stack(stack, false)]
	return string(bytes.Fields(stack)[1])
}

var readRules = []rule{
	{9, "a pong's handler runs inside a read call, on the reading goroutine, and not before", func(p pair) (bool, data) {
		handledBy := make(chan string, 1)
		p.server.SetPongHandler(func(string) error {
			handledBy <- goroutine()
			return nil
		})
		p.peer.send(masked(websocket.PongMessage, ""), masked(websocket.BinaryMessage, "x"))
		time.Sleep(aWhile)
		early := len(handledBy)
		reader := ""
		<-background(func() error {
			reader = goroutine()
			return readError(p)()
		})
		by := <-handledBy
		return early == 0 && by == reader, data{"beforeRead": early, "onReader": by == reader}
	}},
	{10, "SetReadDeadline in the past, from another goroutine, wakes a read that is blocked", func(p pair) (bool, data) {
		read := background(readError(p))
		time.Sleep(aWhile)
		p.server.SetReadDeadline(time.Now())
		woken := <-read
		return woken.err == "i/o timeout" && woken.took < 2*aWhile, data{"err": woken.err, "tookMs": milliseconds(woken.took)}
	}},
	{10, "SetReadDeadline acts on the pending read, and the last call wins", func(p pair) (bool, data) {
		read := background(readError(p))
		time.Sleep(20 * time.Millisecond)
		p.server.SetReadDeadline(in(50 * time.Millisecond))
		p.server.SetReadDeadline(in(3 * aWhile))
		p.server.SetReadDeadline(in(2 * aWhile))
		woken := <-read
		holds := woken.err == "i/o timeout" && woken.took > 2*aWhile && woken.took < 3*aWhile
		return holds, data{"err": woken.err, "tookMs": milliseconds(woken.took)}
	}},
	{11, "an expired deadline beats data that waits in the kernel", func(p pair) (bool, data) {
		p.peer.send(masked(websocket.BinaryMessage, "x"))
		time.Sleep(aWhile)
		p.server.SetReadDeadline(in(-time.Second))
		err := word(readError(p)())
		return err == "i/o timeout", data{"err": err}
	}},
	{11, "but what is in the connection's read buffer is served first, handlers included", func(p pair) (bool, data) {
		pongs := 0
		p.server.SetPongHandler(func(string) error {
			pongs++
			return nil
		})
		p.peer.send(masked(2, "first"), masked(websocket.PongMessage, ""), masked(2, "second"))
		time.Sleep(aWhile)
		first := word(readError(p)())
		p.server.SetReadDeadline(in(-time.Second))
		second := word(readError(p)())
		third := word(readError(p)())
		holds := first == "" && second == "" && pongs == 1 && third == "i/o timeout"
		return holds, data{"second": second, "pongs": pongs, "third": third}
	}},
	{12, "while nobody is inside a read call a passed deadline does nothing", func(p pair) (bool, data) {
		p.server.SetReadDeadline(in(20 * time.Millisecond))
		time.Sleep(aWhile)
		p.server.SetReadDeadline(in(time.Second))
		p.peer.send(masked(websocket.BinaryMessage, "x"))
		err := word(readError(p)())
		return err == "", data{"err": err}
	}},
	{13, "a read error is sticky: re-arming the deadline does not help, and the 1000th read after it panics", func(p pair) (bool, data) {
		p.server.SetReadDeadline(in(-time.Second))
		first := word(readError(p)())
		p.server.SetReadDeadline(in(time.Second))
		p.peer.send(masked(websocket.BinaryMessage, "x"))
		reads, others := 1, 0
		reason := panicOf(func() {
			for ; reads < 2000; reads++ {
				if word(readError(p)()) != first {
					others++
				}
			}
		})
		holds := first == "i/o timeout" && others == 0 && reason != "" && reads == 999
		return holds, data{"err": first, "readsThatReturned": reads, "panic": reason}
	}},
	{14, "a handler's error becomes the read's error", func(p pair) (bool, data) {
		p.server.SetPongHandler(func(string) error { return errors.New("of the handler") })
		p.peer.send(masked(websocket.PongMessage, ""))
		err := word(readError(p)())
		return err == "of the handler", data{"err": err}
	}},
	{15, "any pong counts: nobody asked for it, and nothing matches it to a ping", func(p pair) (bool, data) {
		var texts []string
		p.server.SetPongHandler(func(text string) error {
			texts = append(texts, text)
			return nil
		})
		p.peer.send(masked(websocket.PongMessage, "unasked"))
		p.server.WriteControl(websocket.PingMessage, []byte("1"), in(time.Second))
		p.server.WriteControl(websocket.PingMessage, []byte("2"), in(time.Second))
		p.peer.send(masked(websocket.PongMessage, "2"), masked(websocket.BinaryMessage, "x"))
		err := word(readError(p)())
		return err == "" && fmt.Sprint(texts) == "[unasked 2]", data{"err": err, "pongs": texts}
	}},
	{16, "gorilla answers a ping on the reading goroutine; if the lock is not free within 1 s the pong is dropped and reading goes on", func(p pair) (bool, data) {
		blocked := background(func() error { return p.server.WriteMessage(websocket.BinaryMessage, large) })
		time.Sleep(aWhile)
		p.peer.send(masked(websocket.PingMessage, "dropped"), masked(websocket.BinaryMessage, "x"))
		read := <-background(readError(p))
		p.peer.read()
		<-blocked
		p.server.WriteControl(websocket.PingMessage, []byte("next"), in(time.Second))
		next, _ := p.peer.read()
		holds := read.err == "" && read.took > 950*time.Millisecond && next.text == "next"
		return holds, data{"err": read.err, "tookMs": milliseconds(read.took), "nextFrame": next.text}
	}},
	{16, "where a write error is sticky, the answer to a ping returns it, and the reader dies", func(p pair) (bool, data) {
		junk, _ := p.fill()
		p.server.WriteControl(websocket.PingMessage, nil, in(50*time.Millisecond))
		p.peer.discard(junk)
		p.peer.send(masked(websocket.PingMessage, ""), masked(websocket.BinaryMessage, "x"))
		err := word(readError(p)())
		return err == "i/o timeout", data{"err": err}
	}},
}
