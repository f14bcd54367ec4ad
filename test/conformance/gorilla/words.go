package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"

	"github.com/gorilla/websocket"
)

// toldEvents is what is told whenever it happens.
var toldEvents = []string{
	"answers ping",
	"arrives",
	"attach answered",
	"attach refused",
	"clean exit",
	"client dead",
	"close frame",
	"error frame",
	"fails",
	"frame written",
	"gets exit frame",
	"handler returns",
	"leaves",
	"output",
	"ping failed",
	"ping sent",
	"ping waits",
	"pings",
	"process exits",
	"read deadline armed",
	"reads stdin again",
	"resumes",
	"sees the end",
	"session empty",
	"session ends",
	"slot released",
	"slot taken",
	"stalls",
	"stdin blocks",
	"stops reading stdin",
	"types",
	"write blocks",
	"write failed",
}

// toldOnce is what the model says each time that a write must wait again, and is told here once for the whole write.
var toldOnce = []string{"write blocks"}

// word says an error of gorilla, net or the kernel as the model says it; empty for none.
func word(err error) string {
	var closed *websocket.CloseError
	var network net.Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &closed) && closed.Code != websocket.CloseAbnormalClosure:
		return fmt.Sprintf("close %d", closed.Code)
	case errors.As(err, &closed), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "EOF"
	case errors.Is(err, websocket.ErrCloseSent):
		return "close sent"
	case err.Error() == "websocket: write timeout":
		return "write timeout"
	case errors.Is(err, net.ErrClosed):
		return "closed"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "reset"
	case errors.Is(err, syscall.ETIMEDOUT):
		return "timed out"
	case errors.As(err, &network) && network.Timeout():
		return "i/o timeout"
	}
	return err.Error()
}
