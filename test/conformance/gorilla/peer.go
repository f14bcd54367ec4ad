package main

import (
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/gorilla/websocket"
)

// pair is one server connection of gorilla, and a peer at its other end that does what it is told, byte by byte.
type pair struct {
	server *websocket.Conn
	peer   *peer
}

// peer is a client that knows frames and nothing else. It reads only when told to.
type peer struct {
	conn *net.TCPConn
}

const handshake = "GET / HTTP/1.1\r\nHost: runner\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
	"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"

// newPair connects the two over TCP on this machine.
func newPair() (pair, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return pair{}, err
	}
	defer listener.Close()
	conns := make(chan *websocket.Conn, 1)
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var upgrader websocket.Upgrader
		conn, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			panic(err)
		}
		conns <- conn
	})}
	go server.Serve(listener)
	conn, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		return pair{}, err
	}
	p := &peer{conn.(*net.TCPConn)}
	if _, err := conn.Write([]byte(handshake)); err != nil {
		return pair{}, err
	}
	for last := ""; last != "\r\n\r\n"; {
		b, err := p.bytes(1)
		if err != nil {
			return pair{}, err
		}
		last += string(b)
		if len(last) > 4 {
			last = last[len(last)-4:]
		}
	}
	return pair{<-conns, p}, nil
}

func (p pair) close() {
	p.server.Close()
	p.peer.conn.Close()
}

// frame is one frame as it came over the wire; of a long payload only the length is kept.
type frame struct {
	opcode int
	final  bool
	length int
	text   string
}

// read gives the next frame.
func (p *peer) read() (frame, error) {
	header, err := p.bytes(2)
	if err != nil {
		return frame{}, err
	}
	f := frame{opcode: int(header[0] & 0x0f), final: header[0]&0x80 != 0, length: int(header[1] & 0x7f)}
	extended := map[int]int{126: 2, 127: 8}[f.length]
	if extended > 0 {
		more, err := p.bytes(extended)
		if err != nil {
			return frame{}, err
		}
		f.length = int(binary.BigEndian.Uint64(append(make([]byte, 8-extended), more...)))
	}
	if f.length > 125 {
		_, err = io.CopyN(io.Discard, p.conn, int64(f.length))
		return f, err
	}
	payload, err := p.bytes(f.length)
	f.text = string(payload)
	return f, err
}

func (p *peer) bytes(n int) ([]byte, error) {
	b := make([]byte, n)
	_, err := io.ReadFull(p.conn, b)
	return b, err
}

// send writes frames in one piece.
func (p *peer) send(frames ...[]byte) error {
	var all []byte
	for _, f := range frames {
		all = append(all, f...)
	}
	_, err := p.conn.Write(all)
	return err
}

// masked is a short frame of a client; its mask is zero.
func masked(opcode int, payload string) []byte {
	return append([]byte{0x80 | byte(opcode), 0x80 | byte(len(payload)), 0, 0, 0, 0}, payload...)
}

// fill writes past gorilla until not even a byte fits between the two, and gives how many bytes that took.
func (p pair) fill() (int, error) {
	raw := p.server.UnderlyingConn()
	defer raw.SetWriteDeadline(time.Time{})
	junk := make([]byte, 1<<16)
	total := 0
	for size := len(junk); size > 0; {
		raw.SetWriteDeadline(in(20 * time.Millisecond))
		n, err := raw.Write(junk[:size])
		total += n
		if err != nil && word(err) != "i/o timeout" {
			return total, err
		}
		if n == 0 {
			size /= 16
		}
	}
	return total, nil
}

func (p *peer) discard(n int) error {
	_, err := io.CopyN(io.Discard, p.conn, int64(n))
	return err
}
