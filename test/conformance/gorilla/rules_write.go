package main

import (
	"fmt"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// large is more than all buffers between the two hold.
var large = make([]byte, 32<<20)

var writeRules = []rule{
	{1, "control writers that wait for the write lock get it in the order in which they came", func(p pair) (bool, data) {
		blocked := background(func() error { return p.server.WriteMessage(websocket.BinaryMessage, large) })
		time.Sleep(aWhile)
		var all sync.WaitGroup
		for i := 0; i < 8; i++ {
			all.Add(1)
			go func(i int) {
				defer all.Done()
				p.server.WriteControl(websocket.PingMessage, []byte(fmt.Sprint(i)), in(10*time.Second))
			}(i)
			time.Sleep(10 * time.Millisecond)
		}
		order := ""
		for i := 0; i < 9; i++ {
			f, _ := p.peer.read()
			order += f.text
		}
		all.Wait()
		return order == "01234567" && (<-blocked).err == "", data{"order": order}
	}},
	{1, "a data writer waits for the write lock without a bound, though its own write deadline is long past", func(p pair) (bool, data) {
		p.fill()
		holder := background(func() error { return p.server.WriteControl(websocket.PingMessage, nil, in(300*time.Millisecond)) })
		time.Sleep(20 * time.Millisecond)
		p.server.SetWriteDeadline(in(20 * time.Millisecond))
		waiter := <-background(func() error { return p.server.WriteMessage(websocket.BinaryMessage, []byte("x")) })
		held := <-holder
		return waiter.took > 250*time.Millisecond && held.err == "i/o timeout", data{"waitedMs": milliseconds(waiter.took)}
	}},
	{2, "WriteControl with a deadline in the past fails, and the connection is as it was", func(p pair) (bool, data) {
		err := word(p.server.WriteControl(websocket.PingMessage, nil, in(-time.Second)))
		next := word(p.server.WriteControl(websocket.PingMessage, nil, in(time.Second)))
		return err == "write timeout" && next == "", data{"err": err, "next": next}
	}},
	{2, "WriteControl whose deadline passes while it waits for the lock fails, and the connection is as it was", func(p pair) (bool, data) {
		blocked := background(func() error { return p.server.WriteMessage(websocket.BinaryMessage, large) })
		time.Sleep(aWhile)
		late := <-background(func() error { return p.server.WriteControl(websocket.PingMessage, nil, in(50*time.Millisecond)) })
		p.peer.read()
		first := (<-blocked).err
		next := word(p.server.WriteControl(websocket.PingMessage, []byte("next"), in(time.Second)))
		f, _ := p.peer.read()
		holds := late.err == "write timeout" && first == "" && next == "" && f.text == "next"
		return holds, data{"err": late.err, "tookMs": milliseconds(late.took), "next": next}
	}},
	{2, "WriteControl whose deadline passes in the socket write fails, and every later write with it", func(p pair) (bool, data) {
		junk, _ := p.fill()
		late := <-background(func() error { return p.server.WriteControl(websocket.PingMessage, nil, in(50*time.Millisecond)) })
		p.peer.discard(junk)
		next := word(p.server.WriteControl(websocket.PingMessage, nil, in(time.Second)))
		return late.err == "i/o timeout" && next == "i/o timeout", data{"err": late.err, "next": next}
	}},
	{3, "a write error is sticky: data and control writes return it, though the socket is writable again", func(p pair) (bool, data) {
		junk, _ := p.fill()
		p.server.SetWriteDeadline(in(50 * time.Millisecond))
		first := word(p.server.WriteMessage(websocket.BinaryMessage, []byte("x")))
		p.peer.discard(junk)
		p.server.SetWriteDeadline(in(time.Second))
		message := word(p.server.WriteMessage(websocket.BinaryMessage, []byte("x")))
		control := word(p.server.WriteControl(websocket.PingMessage, nil, in(time.Second)))
		holds := first == "i/o timeout" && message == first && control == first
		return holds, data{"first": first, "message": message, "control": control}
	}},
	{3, "a sticky timeout hides Close: after it a control write still says timeout", func(p pair) (bool, data) {
		p.fill()
		first := word(p.server.WriteControl(websocket.PingMessage, nil, in(50*time.Millisecond)))
		p.server.Close()
		after := word(p.server.WriteControl(websocket.PingMessage, nil, in(time.Second)))
		return first == "i/o timeout" && after == first, data{"first": first, "afterClose": after}
	}},
	{4, "the wait for the lock eats the write deadline: passed by then, the write fails at once, sticky, though the socket is writable", func(p pair) (bool, data) {
		junk, _ := p.fill()
		holder := background(func() error { return p.server.WriteControl(websocket.PingMessage, nil, in(5*time.Second)) })
		time.Sleep(20 * time.Millisecond)
		p.server.SetWriteDeadline(in(50 * time.Millisecond))
		waiter := background(func() error { return p.server.WriteMessage(websocket.BinaryMessage, []byte("x")) })
		time.Sleep(aWhile)
		p.peer.discard(junk)
		held, waited := <-holder, <-waiter
		next := word(p.server.WriteControl(websocket.PingMessage, nil, in(time.Second)))
		holds := held.err == "" && waited.err == "i/o timeout" && next == "i/o timeout"
		return holds, data{"holder": held.err, "waiter": waited.err, "next": next}
	}},
	{5, "after a close frame every later write fails", func(p pair) (bool, data) {
		err := word(p.server.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(1001, ""), in(time.Second)))
		message := word(p.server.WriteMessage(websocket.BinaryMessage, []byte("x")))
		control := word(p.server.WriteControl(websocket.PingMessage, nil, in(time.Second)))
		return err == "" && message == "close sent" && control == "close sent", data{"message": message, "control": control}
	}},
	{6, "two data writers at once: panic", func(p pair) (bool, data) {
		blocked := background(func() error {
			panicOf(func() { p.server.WriteMessage(websocket.BinaryMessage, large) })
			return nil
		})
		time.Sleep(aWhile)
		reason := panicOf(func() { p.server.WriteMessage(websocket.BinaryMessage, []byte("x")) })
		p.close()
		<-blocked
		return reason == "concurrent write to websocket connection", data{"panic": reason}
	}},
	{6, "WriteControl may run beside a data write", func(p pair) (bool, data) {
		blocked := background(func() error { return p.server.WriteMessage(websocket.BinaryMessage, large) })
		time.Sleep(aWhile)
		control := background(func() error { return p.server.WriteControl(websocket.PingMessage, nil, in(10*time.Second)) })
		time.Sleep(20 * time.Millisecond)
		data1, _ := p.peer.read()
		ping, _ := p.peer.read()
		message, pinged := <-blocked, <-control
		holds := data1.length == len(large) && ping.opcode == websocket.PingMessage && message.err == "" && pinged.err == ""
		return holds, data{"message": message.err, "control": pinged.err}
	}},
	{7, "a server's message is one frame, however large, and a control frame goes behind it", func(p pair) (bool, data) {
		blocked := background(func() error { return p.server.WriteMessage(websocket.BinaryMessage, large) })
		time.Sleep(aWhile)
		ping := background(func() error { return p.server.WriteControl(websocket.PingMessage, nil, in(10*time.Second)) })
		time.Sleep(3 * aWhile)
		first, _ := p.peer.read()
		second, _ := p.peer.read()
		waited := <-ping
		<-blocked
		holds := first.final && first.length == len(large) && second.opcode == websocket.PingMessage && waited.took > 3*aWhile
		return holds, data{"bytes": first.length, "final": first.final, "pingWaitedMs": milliseconds(waited.took)}
	}},
	{8, "a write that succeeds says only that the kernel took the bytes: pings to a program that never reads succeed", func(p pair) (bool, data) {
		for sent := 0; ; sent++ {
			if err := p.server.WriteControl(websocket.PingMessage, nil, in(aWhile)); err != nil || sent == 200_000 {
				return sent == 200_000, data{"pings": sent, "err": word(err)}
			}
		}
	}},
}
