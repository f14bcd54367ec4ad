import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Frame, TcpConnection, TcpSettings } from '../../models/net/tcp.ts';
import { CLOSE_NORMAL, close, type Err, ping, pong, WebSocketConn } from '../../models/net/websocket.ts';
import { between } from '../../src/kernel/bounds.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import { outcomesOf, play } from '../support/toy.ts';
import { LEFT_OUT } from './left-out.ts';
import { at, connect, go, read } from './wire.ts';

/** A server's connection and the client's end beneath it; one tick is a millisecond, one way takes 10. */
interface Wire {
  readonly sim: Sim;
  readonly conn: WebSocketConn;
  /** The server's socket is `b`, the client's `a`. */
  readonly tcp: TcpConnection;
}

const build = (story: (wire: Wire) => void, settings?: Partial<TcpSettings>) => (sim: Sim) => {
  const tcp = connect(sim, { latency: between(10, 10), ...settings });
  story({ sim, tcp, conn: new WebSocketConn(sim, tcp.b, 1) });
};

const playWire = (story: (wire: Wire) => void, settings?: Partial<TcpSettings>) => play(build(story, settings));

const data = (bytes: number, type = 'data'): Frame => ({ type, bytes });

/** `WriteControl` with a deadline `wait` from now, and what it says. */
function* control({ sim, conn }: Wire, frame: Frame, wait: number, name = frame.type): Proc<Err> {
  const err = yield* conn.writeControl(frame, sim.deadline(`${name} deadline`, wait));
  sim.emit(`${name}: ${err ?? 'ok'}`);
  return err;
}

/** `SetWriteDeadline` and `WriteMessage`, and what it says. */
function* message({ sim, conn }: Wire, frame: Frame, wait: number): Proc<Err> {
  conn.setWriteDeadline(wait);
  const err = yield* conn.writeMessage(frame);
  sim.emit(`${frame.type}: ${err ?? 'ok'}`);
  return err;
}

/** `ReadMessage` until it fails. */
function* readMessages({ sim, conn }: Wire): Proc {
  for (;;) {
    const got = yield* conn.readMessage();
    sim.emit(got.err === undefined ? `read ${got.frame.type}` : `read error: ${got.err}`);
    if (got.err !== undefined) return;
  }
}

/** The client sends these frames at `time`, whatever gorilla thinks of it. */
function clientSends({ sim, tcp }: Wire, time: number, ...frames: readonly Frame[]): void {
  go(sim, `client at ${time}`, function* () {
    if (time > 0) yield* sim.sleep(time);
    for (const frame of frames) yield* tcp.a.write(frame);
  });
}

/** From `time` on the client reads; before that its kernel takes what fits, and no more. */
function clientReads({ sim, tcp }: Wire, time: number): void {
  go(sim, 'client reads', function* () {
    if (time > 0) yield* sim.sleep(time);
    yield* read(sim, tcp.a);
  });
}

function announcePongs({ sim, conn }: Wire): void {
  conn.setPongHandler(() => sim.emit('pong handler'));
}

describe('the write side', () => {
  test('rule 1: the write lock is one token, FIFO, held per frame; data writers wait for it without a bound, WriteControl at most until its own deadline', () => {
    const story = (wire: Wire) => {
      const { sim } = wire;
      go(sim, 'holder', () => control(wire, data(250, 'holder'), 10_000));
      go(sim, 'data writer', function* () {
        yield* sim.sleep(1);
        yield* message(wire, data(8), 10_000);
      });
      go(sim, 'patient control', function* () {
        yield* sim.sleep(2);
        yield* control(wire, ping(), 10_000, 'patient');
      });
      go(sim, 'impatient control', function* () {
        yield* sim.sleep(3);
        yield* control(wire, ping(), 100, 'impatient');
      });
      clientReads(wire, 5000);
    };
    expect(playWire(story)).toMatchInlineSnapshot(`
      "0 holder: write blocks {"frame":"holder","why":"send buffer full"}
      1 data writer: waits for conn.mu {"heldBy":"holder"}
      2 patient control: waits for conn.mu {"heldBy":"holder"}
      3 impatient control: waits for conn.mu {"heldBy":"holder"}
      20 holder: write blocks {"frame":"holder","why":"send buffer full"}
      103 impatient control: impatient: write timeout
      5010 holder: holder: ok
      5010 data writer: data: ok
      5010 patient control: patient: ok
      5020 client reads: read holder
      5020 client reads: read data
      5020 client reads: read ping
      = quiet, at 10002"
    `);
  });

  describe('rule 2: WriteControl uses one absolute deadline twice, for the wait and for the socket', () => {
    test('rule 2: a deadline in the past on entry is a timeout and no state change', () => {
      const story = (wire: Wire) =>
        go(wire.sim, 'writer', function* () {
          const deadline = wire.sim.deadline('deadline', 5);
          yield* wire.sim.sleep(6);
          wire.sim.emit(`ping: ${yield* wire.conn.writeControl(ping(), deadline)}`);
          yield* control(wire, ping(), 5, 'next');
        });
      expect(playWire(story)).toMatchInlineSnapshot(`
        "6 writer: ping: write timeout
        6 writer: next: ok
        = quiet, at 26"
      `);
    });

    test('rule 2: a deadline reached while waiting for the lock is a timeout and no state change', () => {
      const story = (wire: Wire) => {
        go(wire.sim, 'holder', () => message(wire, data(250), 10_000));
        go(wire.sim, 'pinger', function* () {
          yield* wire.sim.sleep(1);
          yield* control(wire, ping(), 100);
          yield* control(wire, ping(), 10_000, 'next');
        });
        clientReads(wire, 5000);
      };
      expect(playWire(story)).toMatchInlineSnapshot(`
        "0 holder: write blocks {"frame":"data","why":"send buffer full"}
        1 pinger: waits for conn.mu {"heldBy":"holder"}
        20 holder: write blocks {"frame":"data","why":"send buffer full"}
        101 pinger: ping: write timeout
        101 pinger: waits for conn.mu {"heldBy":"holder"}
        5010 holder: data: ok
        5010 pinger: next: ok
        5020 client reads: read data
        5020 client reads: read ping
        = quiet, at 10101"
      `);
    });

    test('rule 2: what the wait for the lock leaves of it is for the socket; a timeout there is sticky', () => {
      const story = (wire: Wire) => {
        go(wire.sim, 'holder', () => message(wire, data(210), 10_000));
        go(wire.sim, 'pinger', function* () {
          yield* wire.sim.sleep(1);
          yield* control(wire, data(150, 'large control'), 99);
          yield* control(wire, ping(), 10_000, 'next');
        });
        at(wire.sim, 50, () => void wire.tcp.a.readFrames(100));
      };
      expect(playWire(story)).toMatchInlineSnapshot(`
        "0 holder: write blocks {"frame":"data","why":"send buffer full"}
        1 pinger: waits for conn.mu {"heldBy":"holder"}
        20 holder: write blocks {"frame":"data","why":"send buffer full"}
        60 holder: data: ok
        60 pinger: write blocks {"frame":"large control","why":"send buffer full"}
        100 pinger: large control: i/o timeout
        100 pinger: next: i/o timeout
        = quiet, at 10100"
      `);
    });
  });

  test('rule 3: a write error is sticky, the first one is stored, and it hides Close', () => {
    const story = (wire: Wire) => {
      wire.tcp.aToB.cut();
      go(wire.sim, 'writer', function* () {
        yield* message(wire, data(101), 100);
        yield* message(wire, data(1, 'next data'), 100);
        yield* control(wire, ping(), 100);
        wire.conn.close();
        yield* control(wire, ping(), 100, 'ping after Close');
      });
    };
    expect(playWire(story)).toMatchInlineSnapshot(`
      "0 writer: write blocks {"frame":"data","why":"send buffer full"}
      100 writer: data: i/o timeout
      100 writer: next data: i/o timeout
      100 writer: ping: i/o timeout
      100 writer: ping after Close: i/o timeout
      = quiet, at 200"
    `);
  });

  test('rule 4: SetWriteDeadline stores an absolute time; waiting for the lock eats it, and the write fails at once though the socket is writable', () => {
    const story = (wire: Wire) => {
      go(wire.sim, 'holder', () => control(wire, data(250, 'holder'), 10_000));
      go(wire.sim, 'data writer', function* () {
        yield* message(wire, data(8), 500);
        yield* message(wire, data(8, 'next data'), 500);
      });
      clientReads(wire, 5000);
    };
    expect(playWire(story)).toMatchInlineSnapshot(`
      "0 holder: write blocks {"frame":"holder","why":"send buffer full"}
      0 data writer: waits for conn.mu {"heldBy":"holder"}
      20 holder: write blocks {"frame":"holder","why":"send buffer full"}
      5010 holder: holder: ok
      5010 data writer: data: i/o timeout
      5010 data writer: next data: i/o timeout
      5020 client reads: read holder
      = quiet, at 10000"
    `);
  });

  test('rule 4: it is applied when the next frame is written: one that passes between two frames hurts only then', () => {
    const story = (wire: Wire) =>
      go(wire.sim, 'data writer', function* () {
        yield* message(wire, data(8), 500);
        yield* wire.sim.sleep(600);
        yield* control(wire, ping(), 500);
        wire.sim.emit(`not set anew: ${yield* wire.conn.writeMessage(data(8))}`);
      });
    expect(playWire(story)).toMatchInlineSnapshot(`
      "0 data writer: data: ok
      600 data writer: ping: ok
      600 data writer: not set anew: i/o timeout
      = quiet, at 1100"
    `);
  });

  test('rule 5: a successful close frame makes every later write fail with "close sent"', () => {
    const story = (wire: Wire) =>
      go(wire.sim, 'writer', function* () {
        yield* control(wire, close(CLOSE_NORMAL), 100);
        yield* control(wire, ping(), 100);
        yield* control(wire, close(CLOSE_NORMAL), 100, 'second close');
        yield* message(wire, data(1), 100);
      });
    expect(playWire(story)).toMatchInlineSnapshot(`
      "0 writer: close: ok
      0 writer: ping: close sent
      0 writer: second close: close sent
      0 writer: data: close sent
      = quiet, at 100"
    `);
  });

  test('rule 6: two data writers at once panic, whoever comes first', () => {
    const story = (wire: Wire) => {
      go(wire.sim, 'stdout', () => message(wire, data(250, 'stdout'), 1000));
      go(wire.sim, 'stderr', () => message(wire, data(250, 'stderr'), 1000));
      clientReads(wire, 0);
    };
    expect(outcomesOf(build(story))).toEqual([
      'write blocks writes overlap panic = panic: concurrent write to websocket connection',
    ]);
  });

  test('rule 6: WriteControl may run beside anything, in every order', () => {
    const story = (wire: Wire) => {
      go(wire.sim, 'data writer', () => message(wire, data(150), 1000));
      go(wire.sim, 'pinger', () => control(wire, ping(), 1000));
      go(wire.sim, 'ponger', () => control(wire, pong(), 1000));
      clientReads(wire, 0);
    };
    const outcomes = outcomesOf(build(story)).map((each) =>
      each.replaceAll(/(read \w+|write blocks|waits for \S+) /g, ''),
    );
    expect([...new Set(outcomes)].sort()).toEqual([
      'data: ok ping: ok pong: ok = quiet',
      'data: ok pong: ok ping: ok = quiet',
      'ping: ok data: ok pong: ok = quiet',
      'ping: ok pong: ok data: ok = quiet',
      'pong: ok data: ok ping: ok = quiet',
      'pong: ok ping: ok data: ok = quiet',
    ]);
  });

  test('rule 7: a WriteMessage is one frame, however large: a ping waits until all of it is written', () => {
    const story = (wire: Wire) => {
      go(wire.sim, 'data writer', () => message(wire, data(1000), 10_000));
      go(wire.sim, 'pinger', function* () {
        yield* wire.sim.sleep(1);
        yield* control(wire, ping(), 10_000);
      });
      clientReads(wire, 500);
    };
    expect(playWire(story)).toMatchInlineSnapshot(`
      "0 data writer: write blocks {"frame":"data","why":"send buffer full"}
      1 pinger: waits for conn.mu {"heldBy":"data writer"}
      20 data writer: write blocks {"frame":"data","why":"send buffer full"}
      510 data writer: write blocks {"frame":"data","why":"send buffer full"}
      530 data writer: write blocks {"frame":"data","why":"send buffer full"}
      550 data writer: write blocks {"frame":"data","why":"send buffer full"}
      570 data writer: write blocks {"frame":"data","why":"send buffer full"}
      590 data writer: write blocks {"frame":"data","why":"send buffer full"}
      610 data writer: write blocks {"frame":"data","why":"send buffer full"}
      630 data writer: write blocks {"frame":"data","why":"send buffer full"}
      650 data writer: data: ok
      650 pinger: write blocks {"frame":"ping","why":"send buffer full"}
      660 client reads: read data
      670 pinger: ping: ok
      680 client reads: read ping
      = quiet, at 10001"
    `);
  });

  test('rule 8: a write that succeeds is in the send buffer, no more: pings to a program that never reads go well until both buffers are full', () => {
    const story = (wire: Wire) =>
      go(wire.sim, 'pinger', function* () {
        let accepted = 0;
        for (;;) {
          yield* wire.sim.sleep(100);
          const err = yield* wire.conn.writeControl(ping(), wire.sim.deadline(`ping ${accepted}`, 50));
          if (err !== undefined) return wire.sim.emit(`after ${accepted} pings: ${err}`);
          accepted++;
        }
      });
    const accepted = (bytes: number) =>
      playWire(story, { sendBuffer: bytes, receiveBuffer: bytes }).match(/after .*/)?.[0];
    expect(accepted(800)).toBe('after 200 pings: i/o timeout');
    expect(accepted(8000)).toBe('after 2000 pings: i/o timeout');
  });
});

describe('the read side', () => {
  test('rule 9: handlers run only inside read calls, on the reading goroutine', () => {
    const story = (wire: Wire) => {
      announcePongs(wire);
      clientSends(wire, 0, data(1), pong());
      go(wire.sim, 'reader', function* () {
        yield* wire.conn.readMessage();
        wire.sim.emit('busy with the data frame');
        yield* wire.sim.sleep(5000);
        wire.sim.emit('reads again');
        yield* wire.conn.readMessage();
      });
    };
    expect(playWire(story)).toMatchInlineSnapshot(`
      "10 reader: busy with the data frame
      5010 reader: reads again
      5010 reader: pong handler
      = quiet, at 5010"
    `);
  });

  test('rule 10: SetReadDeadline acts on the pending read, whoever calls it, and the last call wins', () => {
    const story = (wire: Wire) => {
      wire.conn.setReadDeadline(100);
      go(wire.sim, 'reader', () => readMessages(wire));
      at(wire.sim, 50, () => wire.conn.setReadDeadline(1000));
      at(wire.sim, 500, () => wire.conn.setReadDeadline(10));
    };
    expect(playWire(story)).toMatchInlineSnapshot(`
      "510 reader: read error: i/o timeout
      = quiet, at 510"
    `);
  });

  test('rule 10: SetReadDeadline(now) wakes the pending read', () => {
    const story = (wire: Wire) => {
      go(wire.sim, 'reader', () => readMessages(wire));
      at(wire.sim, 500, () => wire.conn.setReadDeadline(0));
    };
    expect(playWire(story)).toMatchInlineSnapshot(`
      "500 reader: read error: i/o timeout
      = quiet, at 500"
    `);
  });

  test('rule 11: an expired deadline beats data that waits in the kernel', () => {
    const story = (wire: Wire) => {
      announcePongs(wire);
      clientSends(wire, 0, pong(), data(1));
      wire.conn.setReadDeadline(100);
      go(wire.sim, 'reader', function* () {
        yield* wire.sim.sleep(101);
        yield* readMessages(wire);
      });
    };
    expect(playWire(story)).toMatchInlineSnapshot(`
      "101 reader: read error: i/o timeout
      = quiet, at 101"
    `);
  });

  test('rule 11: bytes already in the 4096-byte read buffer are served first, handlers included', () => {
    const story = (bytes: number) => (wire: Wire) => {
      announcePongs(wire);
      clientSends(wire, 0, data(1, 'first'), data(bytes, 'second'), pong(), data(1, 'third'));
      wire.conn.setReadDeadline(100);
      go(wire.sim, 'reader', function* () {
        yield* wire.sim.sleep(50);
        yield* wire.conn.readMessage();
        wire.sim.emit('busy with the first frame');
        yield* wire.sim.sleep(60);
        yield* readMessages(wire);
      });
    };
    const settings = { sendBuffer: 10_000, receiveBuffer: 10_000 };
    const fits = 4096 - 1 - pong().bytes - 1;
    expect(playWire(story(fits), settings)).toMatchInlineSnapshot(`
      "50 reader: busy with the first frame
      110 reader: read second
      110 reader: pong handler
      110 reader: read third
      110 reader: read error: i/o timeout
      = quiet, at 110"
    `);
    // One byte more, and the third frame is still in the kernel.
    expect(playWire(story(fits + 1), settings)).toMatchInlineSnapshot(`
      "50 reader: busy with the first frame
      110 reader: read second
      110 reader: pong handler
      110 reader: read error: i/o timeout
      = quiet, at 110"
    `);
  });

  test('rule 12: while nobody is inside a read call, a passed deadline does nothing', () => {
    const story = (wire: Wire) => {
      clientSends(wire, 0, data(1, 'first'));
      clientSends(wire, 300, data(1, 'second'));
      wire.conn.setReadDeadline(100);
      go(wire.sim, 'reader', function* () {
        yield* wire.conn.readMessage();
        yield* wire.sim.sleep(200);
        wire.sim.emit(`busy, the deadline has passed: ${wire.conn.readDeadlinePassed}`);
        wire.conn.setReadDeadline(1000);
        yield* readMessages(wire);
      });
    };
    expect(playWire(story)).toMatchInlineSnapshot(`
      "210 reader: busy, the deadline has passed: true
      310 reader: read second
      1210 reader: read error: i/o timeout
      = quiet, at 1210"
    `);
  });

  test('rule 13: read errors are sticky, and re-arming does not help', () => {
    const story = (wire: Wire) => {
      clientSends(wire, 200, data(1));
      wire.conn.setReadDeadline(100);
      go(wire.sim, 'reader', function* () {
        yield* readMessages(wire);
        wire.conn.setReadDeadline(1000);
        yield* wire.sim.sleep(200);
        yield* readMessages(wire);
      });
    };
    expect(playWire(story)).toMatchInlineSnapshot(`
      "100 reader: read error: i/o timeout
      300 reader: read error: i/o timeout
      = quiet, at 1100"
    `);
  });

  test("rule 14: a handler's error becomes the read's error", () => {
    const story = (wire: Wire) => {
      wire.conn.setPingHandler(function* () {
        yield* wire.sim.sleep(5);
        return 'the handler does not like it';
      });
      clientSends(wire, 0, ping(), data(1));
      go(wire.sim, 'reader', function* () {
        yield* readMessages(wire);
        yield* readMessages(wire);
      });
    };
    expect(playWire(story)).toMatchInlineSnapshot(`
      "15 reader: read error: the handler does not like it
      15 reader: read error: the handler does not like it
      = quiet, at 20"
    `);
  });

  test('rule 15: any pong counts, asked for or not, and nothing matches it to a ping', () => {
    const story = (wire: Wire) => {
      announcePongs(wire);
      clientSends(wire, 0, pong(), pong());
      go(wire.sim, 'server', function* () {
        yield* control(wire, ping(), 1000);
        yield* readMessages(wire);
      });
    };
    expect(playWire(story)).toMatchInlineSnapshot(`
      "0 server: ping: ok
      10 server: pong handler
      10 server: pong handler
      = quiet, at 1000"
    `);
    expect([ping(), pong()].map(({ bytes, ...rest }) => rest)).toEqual([{ type: 'ping' }, { type: 'pong' }]);
  });

  describe('rule 16: the default ping handler answers with a pong, deadline 1 s, on the reading goroutine', () => {
    test('rule 16: the pong goes out, and reading goes on', () => {
      const story = (wire: Wire) => {
        clientSends(wire, 0, ping(), data(1));
        clientReads(wire, 0);
        go(wire.sim, 'reader', () => readMessages(wire));
      };
      expect(playWire(story)).toMatchInlineSnapshot(`
        "10 reader: read data
        20 client reads: read pong
        = quiet, at 30"
      `);
    });

    test('rule 16: the wait for the lock expires: that pong is dropped after 1 s, and reading goes on', () => {
      const story = (wire: Wire) => {
        go(wire.sim, 'writer', () => message(wire, data(250, 'large'), 10_000));
        clientSends(wire, 0, ping(), data(1));
        clientReads(wire, 5000);
        go(wire.sim, 'reader', () => readMessages(wire));
      };
      expect(playWire(story)).toMatchInlineSnapshot(`
        "0 writer: write blocks {"frame":"large","why":"send buffer full"}
        10 reader: waits for conn.mu {"heldBy":"writer"}
        20 writer: write blocks {"frame":"large","why":"send buffer full"}
        1010 reader: read data
        5010 writer: large: ok
        5020 client reads: read large
        = quiet, at 10000"
      `);
    });

    test('rule 16: the socket blocks for 1 s: the error is sticky, and the reader dies', () => {
      const story = (wire: Wire) => {
        go(wire.sim, 'writer', () => message(wire, data(200, 'fills both buffers'), 10_000));
        clientSends(wire, 100, ping(), data(1));
        go(wire.sim, 'reader', () => readMessages(wire));
      };
      expect(playWire(story)).toMatchInlineSnapshot(`
        "0 writer: write blocks {"frame":"fills both buffers","why":"send buffer full"}
        20 writer: fills both buffers: ok
        110 reader: write blocks {"frame":"pong","why":"send buffer full"}
        1110 reader: read error: i/o timeout
        = quiet, at 10000"
      `);
    });

    test('rule 16: a sticky write error from before: v1.5.3 returns it, and the reader dies', () => {
      const story = (wire: Wire) => {
        go(wire.sim, 'writer', () => message(wire, data(250), 50));
        clientSends(wire, 100, ping(), data(1));
        go(wire.sim, 'reader', () => readMessages(wire));
      };
      expect(playWire(story)).toMatchInlineSnapshot(`
        "0 writer: write blocks {"frame":"data","why":"send buffer full"}
        20 writer: write blocks {"frame":"data","why":"send buffer full"}
        50 writer: data: i/o timeout
        110 reader: read error: i/o timeout
        = quiet, at 120"
      `);
    });

    test('rule 16: after a close frame was sent, "close sent" is no error for the reader', () => {
      const story = (wire: Wire) => {
        go(wire.sim, 'writer', () => control(wire, close(CLOSE_NORMAL), 1000));
        clientSends(wire, 100, ping(), data(1));
        go(wire.sim, 'reader', () => readMessages(wire));
      };
      expect(playWire(story)).toMatchInlineSnapshot(`
        "0 writer: close: ok
        110 reader: read data
        = quiet, at 1000"
      `);
    });
  });

  test('a close frame is answered, then the read fails; one frame over the limit is answered with 1009', () => {
    const story = (frame: Frame) => (wire: Wire) => {
      wire.conn.setReadLimit(20);
      clientSends(wire, 0, data(20), frame);
      go(wire.sim, 'client', function* () {
        yield* wire.tcp.a.waitReadable();
        wire.sim.emit(`gets ${JSON.stringify(wire.tcp.a.readFrames(Infinity))}`);
      });
      go(wire.sim, 'reader', () => readMessages(wire));
    };
    expect(playWire(story(close(1001)))).toMatchInlineSnapshot(`
      "10 reader: read data
      10 reader: read error: close 1001
      20 client: gets [{"type":"close","bytes":8,"code":1000}]
      = quiet, at 30"
    `);
    expect(playWire(story(data(21)))).toMatchInlineSnapshot(`
      "10 reader: read data
      10 reader: read error: read limit exceeded
      20 client: gets [{"type":"close","bytes":8,"code":1009}]
      = quiet, at 30"
    `);
  });
});

describe('the end', () => {
  test('rule 17: Close takes no lock, sends nothing, and wakes the blocked reader and the blocked writer at once', () => {
    const story = (wire: Wire) => {
      go(wire.sim, 'writer', () => message(wire, data(250), 10_000));
      go(wire.sim, 'reader', () => readMessages(wire));
      go(wire.sim, 'closer', function* () {
        yield* wire.sim.sleep(500);
        wire.conn.close();
        wire.sim.emit('Close returns');
      });
      clientReads(wire, 1000);
    };
    expect(playWire(story)).toMatchInlineSnapshot(`
      "0 writer: write blocks {"frame":"data","why":"send buffer full"}
      20 writer: write blocks {"frame":"data","why":"send buffer full"}
      500 closer: Close returns
      500 reader: read error: closed
      500 writer: data: closed
      1000 client reads: read ends: EOF
      = quiet, at 1010"
    `);
  });

  test("rule 18: the peer's FIN ends the read with an unexpected EOF", () => {
    const story = (wire: Wire) => {
      go(wire.sim, 'reader', () => readMessages(wire));
      at(wire.sim, 100, () => wire.tcp.a.close());
    };
    expect(playWire(story)).toMatchInlineSnapshot(`
      "110 reader: read error: EOF
      = quiet, at 110"
    `);
  });

  test('rule 18: a RST fails read and write', () => {
    const story = (wire: Wire) => {
      go(wire.sim, 'writer', () => message(wire, data(250), 10_000));
      go(wire.sim, 'reader', () => readMessages(wire));
      at(wire.sim, 100, () => wire.tcp.a.reset());
    };
    expect(playWire(story)).toMatchInlineSnapshot(`
      "0 writer: write blocks {"frame":"data","why":"send buffer full"}
      20 writer: write blocks {"frame":"data","why":"send buffer full"}
      110 reader: read error: reset
      110 writer: data: reset
      = quiet, at 10000"
    `);
  });

  test('rule 18: silence is nothing, ever', () => {
    const story = (wire: Wire) => {
      go(wire.sim, 'reader', () => readMessages(wire));
      wire.tcp.aToB.cut();
      at(wire.sim, 10_000_000, () => wire.sim.emit('a long time has passed'));
    };
    expect(playWire(story)).toMatchInlineSnapshot(`
      "10000000 a long time has passed
      = quiet, at 10000000"
    `);
  });
});

test('the header of the model names what it leaves out of the rules, and nothing else', () => {
  const source = readFileSync(new URL('../../models/net/websocket.ts', import.meta.url), 'utf8');
  const header = source.slice(0, source.indexOf('*/')).replaceAll(/\s*\n \*\s*/g, ' ');
  const clause = header.match(/Left out: (.*?)\. Time passes:/)?.[1] ?? '';
  expect(clause.split('; ').sort()).toEqual(LEFT_OUT.map((each) => each.header).sort());
});
