package main

import (
	"bytes"
	"encoding/binary"
)

// frameNames are the model's names of what a client sends.
var frameNames = map[byte]string{1: "text", 2: "stdin", 8: "close", 9: "ping", 10: "pong"}

// frameScanner finds the WebSocket frames in what a client sends, whatever pieces it comes in.
type frameScanner struct {
	held     []byte
	upgraded bool
}

// scan gives the names of the frames whose last byte is in piece.
func (s *frameScanner) scan(piece []byte) []string {
	s.held = append(s.held, piece...)
	if !s.upgraded {
		end := bytes.Index(s.held, []byte("\r\n\r\n"))
		if end < 0 {
			return nil
		}
		s.upgraded = true
		s.held = s.held[end+4:]
	}
	var names []string
	for {
		length := frameLength(s.held)
		if length < 0 || length > len(s.held) {
			return names
		}
		names = append(names, frameNames[s.held[0]&0x0f])
		s.held = s.held[length:]
	}
}

// frameLength is the length of the frame that b begins with, its header included; negative where the header is not all there.
func frameLength(b []byte) int {
	if len(b) < 2 {
		return -1
	}
	header, payload := 2, int(b[1]&0x7f)
	switch payload {
	case 126:
		if len(b) < 4 {
			return -1
		}
		header, payload = 4, int(binary.BigEndian.Uint16(b[2:]))
	case 127:
		if len(b) < 10 {
			return -1
		}
		header, payload = 10, int(binary.BigEndian.Uint64(b[2:]))
	}
	if b[1]&0x80 != 0 {
		header += 4
	}
	return header + payload
}
