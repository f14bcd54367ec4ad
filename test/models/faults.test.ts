import { describe, expect, test } from 'vitest';
import { Nat } from '../../models/net/nat.ts';
import { cutHop, healHop, holdHop } from '../../models/net/route.ts';
import { type TcpConnection, tcpConnection } from '../../models/net/tcp.ts';
import { WallClockConn } from '../../models/net/wall-clock.ts';
import { between } from '../../src/kernel/bounds.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import { play } from '../support/toy.ts';
import { at, connect, go, read, SETTINGS, write } from './wire.ts';

/** `a` writes a frame at each of these times, in milliseconds; `b` reads. */
function story(sim: Sim, tcp: TcpConnection, ...times: readonly number[]): void {
  go(sim, 'reader', () => read(sim, tcp.b));
  for (const time of times) {
    go(sim, `writer ${time}`, function* () {
      yield* sim.sleep(time);
      yield* write(sim, tcp.a, `x${time}`, 1);
    });
  }
}

describe('a partition that heals', () => {
  test('what was sent meanwhile arrives when it has healed, in its order; what was in flight before, in time', () => {
    const told = play((sim) => {
      const tcp = connect(sim);
      story(sim, tcp, 0, 10, 20);
      at(sim, 5, () => holdHop(tcp, 'both'));
      at(sim, 1000, () => healHop(tcp));
    });
    expect(told).toMatchInlineSnapshot(`
      "0 writer 0: wrote x0: ok
      10 writer 10: wrote x10: ok
      10 reader: read x0
      20 writer 20: wrote x20: ok
      1010 reader: read x10
      1010 reader: read x20
      = quiet, at 1020"
    `);
  });

  test('one way only: the frame is there in time, and its acknowledgement waits', () => {
    const told = play((sim) => {
      const tcp = connect(sim, { sendBuffer: 1 });
      story(sim, tcp, 10, 11);
      at(sim, 5, () => holdHop(tcp, 'to client'));
      at(sim, 1000, () => healHop(tcp));
    });
    expect(told).toMatchInlineSnapshot(`
      "10 writer 10: wrote x10: ok
      11 writer 11: x11 blocks
      20 reader: read x10
      1010 writer 11: wrote x11: ok
      1020 reader: read x11
      = quiet, at 1030"
    `);
  });

  test('one that is longer than TCP waits: nothing is sent a second time', () => {
    const told = play((sim) => {
      const tcp = connect(sim);
      story(sim, tcp, 10);
      go(sim, 'a', () => read(sim, tcp.a));
      at(sim, 5, () => holdHop(tcp, 'both'));
      at(sim, 1_000_000, () => healHop(tcp));
    });
    expect(told).toMatchInlineSnapshot(`
      "10 writer 10: wrote x10: ok
      924610 a: read ends: timed out
      = quiet, at 1000000"
    `);
  });

  test('a RST is sent once', () => {
    const told = play((sim) => {
      const tcp = connect(sim);
      story(sim, tcp);
      at(sim, 5, () => holdHop(tcp, 'both'));
      at(sim, 10, () => tcp.a.reset());
      at(sim, 1000, () => healHop(tcp));
    });
    expect(told).toMatchInlineSnapshot(`"= quiet, at 1000"`);
  });

  test('a FIN is sent again', () => {
    const told = play((sim) => {
      const tcp = connect(sim);
      story(sim, tcp);
      at(sim, 5, () => holdHop(tcp, 'to runner'));
      at(sim, 10, () => tcp.a.close());
      at(sim, 1000, () => healHop(tcp));
    });
    expect(told).toMatchInlineSnapshot(`
      "1010 reader: read ends: EOF
      = quiet, at 1010"
    `);
  });

  test('one that is cut for ever does not heal', () => {
    const told = play((sim) => {
      const tcp = connect(sim);
      story(sim, tcp, 20);
      at(sim, 5, () => cutHop(tcp, 'both'));
      at(sim, 6, () => holdHop(tcp, 'both'));
      at(sim, 1000, () => healHop(tcp));
    });
    expect(told).toMatchInlineSnapshot(`
      "20 writer 20: wrote x20: ok
      = quiet, at 924620"
    `);
  });
});

describe('a box that tracks the flow', () => {
  const through = (sim: Sim, ...times: readonly number[]) => {
    const nat = new Nat(sim, 100, () => sim.emit('forgets'));
    const tcp = tcpConnection(sim, 'a', 'b', { ...SETTINGS, latency: between(10, 10) }, nat);
    story(sim, tcp, ...times);
    return { nat, tcp };
  };

  test('anything that passes starts its time anew; then it drops what comes, silently, either way', () => {
    const told = play((sim) => {
      const { tcp } = through(sim, 50, 150, 400);
      go(sim, 'b writes', function* () {
        yield* sim.sleep(500);
        yield* write(sim, tcp.b, 'y', 1);
      });
      go(sim, 'a reads', () => read(sim, tcp.a));
    });
    expect(told).toMatchInlineSnapshot(`
      "50 writer 50: wrote x50: ok
      60 reader: read x50
      150 writer 150: wrote x150: ok
      160 forgets
      400 writer 400: wrote x400: ok
      500 b writes: wrote y: ok
      924750 a reads: read ends: timed out
      925100 reader: read ends: timed out
      = quiet, at 925100"
    `);
  });

  test('one tick less than its time apart, and it never forgets', () => {
    const told = play((sim) => void through(sim, 0, 99, 198, 297), {}, { limits: { horizon: 400 } });
    expect(told).toMatchInlineSnapshot(`
      "0 writer 0: wrote x0: ok
      10 reader: read x0
      99 writer 99: wrote x99: ok
      109 reader: read x99
      198 writer 198: wrote x198: ok
      208 reader: read x198
      297 writer 297: wrote x297: ok
      307 reader: read x297
      = horizon, at 400"
    `);
  });

  test('it may forget for reasons of its own', () => {
    const told = play((sim) => {
      const { nat } = through(sim, 0, 20);
      at(sim, 15, () => nat.forget());
    });
    expect(told).toMatchInlineSnapshot(`
      "0 writer 0: wrote x0: ok
      10 reader: read x0
      20 writer 20: wrote x20: ok
      = quiet, at 924620"
    `);
  });
});

describe('TCP keepalive', () => {
  const times = { idle: 100, interval: 50, count: 3 };

  test('an idle connection is kept alive by the other kernel, and no program sees it', () => {
    const told = play(
      (sim) => {
        const tcp = connect(sim);
        story(sim, tcp);
        tcp.b.keepAlive(times);
      },
      {},
      { limits: { horizon: 10_000 } },
    );
    expect(told).toMatchInlineSnapshot(`"= horizon, at 10000"`);
  });

  test('a dead path is given up after idle + count x interval', () => {
    const told = play((sim) => {
      const tcp = connect(sim);
      story(sim, tcp);
      tcp.b.keepAlive(times);
      cutHop(tcp, 'both');
    });
    expect(told).toMatchInlineSnapshot(`
      "250 reader: read ends: timed out
      = quiet, at 250"
    `);
  });

  test('while something is unacknowledged it does nothing: only retransmission ends', () => {
    const told = play((sim) => {
      const tcp = connect(sim);
      go(sim, 'reader', () => read(sim, tcp.b));
      go(sim, 'writer', () => write(sim, tcp.b, 'x', 1));
      tcp.b.keepAlive(times);
      cutHop(tcp, 'both');
    });
    expect(told).toMatchInlineSnapshot(`
      "0 writer: wrote x: ok
      924600 reader: read ends: timed out
      = quiet, at 924600"
    `);
  });

  test('for a box that tracks the flow, it is traffic like any other', () => {
    const told = play(
      (sim) => {
        const nat = new Nat(sim, 150, () => sim.emit('forgets'));
        const tcp = tcpConnection(sim, 'a', 'b', { ...SETTINGS, latency: between(10, 10) }, nat);
        story(sim, tcp);
        tcp.b.keepAlive(times);
      },
      {},
      { limits: { horizon: 10_000 } },
    );
    expect(told).toMatchInlineSnapshot(`"= horizon, at 10000"`);
  });
});

test('a write that does not block: all of the frame, or nothing', () => {
  const told = play((sim) => {
    const tcp = connect(sim);
    story(sim, tcp);
    for (const bytes of [60, 60, 40]) sim.emit(`${bytes}: ${tcp.a.tryWrite({ type: `${bytes} bytes`, bytes })}`);
    tcp.a.close();
    sim.emit(`closed: ${tcp.a.tryWrite({ type: 'y', bytes: 1 })}`);
  });
  expect(told).toMatchInlineSnapshot(`
    "0 60: true
    0 60: false
    0 40: true
    0 closed: false
    10 reader: read 60 bytes
    10 reader: read 40 bytes
    10 reader: read ends: EOF
    = quiet, at 20"
  `);
});

describe('a deadline on the wall clock', () => {
  /** Armed for 100 at 0 and again for 100 at `again`; the clock steps by 1000 at `step`. */
  const passes = (how: 'ahead' | 'back' | 'not', step: number, again?: number) => {
    const told = play((sim) => {
      const { b } = connect(sim);
      const conn = new WallClockConn(sim, b, 1, 1000);
      conn.setReadDeadline(100);
      go(sim, 'reader', function* () {
        const { err } = yield* conn.readMessage();
        sim.emit(`fails: ${err}`);
      });
      if (how !== 'not') at(sim, step, () => conn.clockSteps(how));
      if (again !== undefined) at(sim, again, () => conn.setReadDeadline(100));
    });
    return told.match(/(\d+) reader: fails: i\/o timeout/)?.[1];
  };

  test('passes when a monotonic one would, if nobody sets the clock', () => {
    expect(passes('not', 0)).toBe('100');
    expect(passes('not', 0, 40)).toBe('140');
  });

  test('passes at once when the clock is set ahead, and an hour late when it is set back', () => {
    expect(passes('ahead', 30)).toBe('30');
    expect(passes('back', 30)).toBe('1100');
  });

  test('one that is computed after the step is right again', () => {
    expect(passes('back', 30, 40)).toBe('140');
  });
});
