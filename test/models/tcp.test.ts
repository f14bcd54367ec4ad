import { describe, expect, test } from 'vitest';
import type { TcpConnection, TcpSettings } from '../../models/net/tcp.ts';
import { between } from '../../src/kernel/bounds.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import { type Decided, outcomesOf, play } from '../support/toy.ts';
import { at, connect, go, read, write } from './wire.ts';

/** Linux gives up at the earliest after this many milliseconds. */
const GIVES_UP = 924_600;

/** `a` writes frames of these sizes, one after the other, as the goroutine `writer`. */
function writes(sim: Sim, { a }: TcpConnection, ...frames: readonly [type: string, bytes: number][]): void {
  go(sim, 'writer', function* () {
    for (const [type, bytes] of frames) yield* write(sim, a, type, bytes);
  });
}

/** `b` reads from `from` on, as the goroutine `reader`. */
function reads(sim: Sim, { b }: TcpConnection, from = 0): void {
  go(sim, 'reader', function* () {
    if (from > 0) yield* sim.sleep(from);
    yield* read(sim, b);
  });
}

function playTcp(
  story: (sim: Sim, tcp: TcpConnection) => void,
  decided: Decided = {},
  settings?: Partial<TcpSettings>,
) {
  return play((sim) => story(sim, connect(sim, settings)), decided);
}

describe('a link', () => {
  const story = (sim: Sim, tcp: TcpConnection) => {
    writes(sim, tcp, ['x', 1], ['y', 1]);
    reads(sim, tcp);
  };

  test('takes any time inside the bounds, both ends included', () => {
    const arrival = (latency: number) =>
      playTcp(story, { 'a→b y latency #1': latency }).match(/(\d+) reader: read y/)?.[1];
    expect([10, 11, 49, 50].map(arrival)).toEqual(['10', '11', '49', '50']);
  });

  test('takes no time outside them', () => {
    const refused = (latency: number) => playTcp(story, { 'a→b y latency #1': latency }).match(/"(\d+)" is not/)?.[1];
    expect([9, 10, 50, 51].map(refused)).toEqual(['9', undefined, undefined, '51']);
  });

  test('is first in, first out: a later segment that is faster waits for the earlier one', () => {
    expect(playTcp(story, { 'a→b x latency #1': 50 })).toMatchInlineSnapshot(`
      "0 writer: wrote x: ok
      0 writer: wrote y: ok
      50 reader: read x
      50 reader: read y
      = quiet, at 60
      ? a→b x latency #1 = 50, at 0"
    `);
  });

  test('is first in, first out at a tie, whatever goes first', () => {
    const outcomes = outcomesOf((sim) => story(sim, connect(sim)));
    for (const outcome of outcomes) expect(outcome).toMatch(/read x.*read y/);
    expect(outcomes).toHaveLength(1);
  });
});

describe('the send buffer', () => {
  test('a write that fits takes no time, though nobody reads', () => {
    expect(playTcp((sim, tcp) => writes(sim, tcp, ['x', 60], ['y', 40]))).toMatchInlineSnapshot(`
      "0 writer: wrote x: ok
      0 writer: wrote y: ok
      = quiet, at 20"
    `);
  });

  test('is finite: a write blocks when it is full, part of it written, and goes on when the peer acknowledges', () => {
    const story = (sim: Sim, tcp: TcpConnection) => {
      writes(sim, tcp, ['x', 70], ['y', 70]);
      reads(sim, tcp);
    };
    expect(playTcp(story)).toMatchInlineSnapshot(`
      "0 writer: wrote x: ok
      0 writer: y blocks
      10 reader: read x
      20 writer: wrote y: ok
      30 reader: read y
      = quiet, at 40"
    `);
  });

  test('a frame larger than both buffers goes through in parts', () => {
    const story = (sim: Sim, tcp: TcpConnection) => {
      writes(sim, tcp, ['huge', 350]);
      reads(sim, tcp);
    };
    expect(playTcp(story)).toMatchInlineSnapshot(`
      "0 writer: huge blocks
      20 writer: huge blocks
      40 writer: huge blocks
      60 writer: wrote huge: ok
      70 reader: read huge
      = quiet, at 80"
    `);
  });

  /** A writer under a deadline of 500 ms that blocks at 0, for nothing is ever acknowledged. */
  const blocked = (then: (tcp: TcpConnection) => void) => (sim: Sim) => {
    const tcp = connect(sim);
    tcp.aToB.cut();
    go(sim, 'writer', function* () {
      yield* write(sim, tcp.a, 'x', 101, sim.deadline('write deadline', 500));
    });
    at(sim, 200, () => then(tcp));
  };

  test('a blocked write is woken by its deadline: i/o timeout', () => {
    expect(play(blocked(() => undefined))).toMatchInlineSnapshot(`
      "0 writer: x blocks
      500 writer: wrote x: i/o timeout
      = quiet, at 924600"
    `);
  });

  test('a blocked write is woken by close', () => {
    expect(play(blocked(({ a }) => a.close()))).toMatchInlineSnapshot(`
      "0 writer: x blocks
      200 writer: wrote x: closed
      = quiet, at 500"
    `);
  });

  test('a blocked write is woken by a reset from the peer', () => {
    expect(play(blocked(({ b }) => b.reset()))).toMatchInlineSnapshot(`
      "0 writer: x blocks
      210 writer: wrote x: reset
      = quiet, at 500"
    `);
  });

  test('a write whose deadline has passed fails at once, though there is room', () => {
    const story = (sim: Sim, { a }: TcpConnection) =>
      go(sim, 'writer', function* () {
        const deadline = sim.deadline('write deadline', 5);
        yield* sim.sleep(6);
        yield* write(sim, a, 'x', 1, deadline);
      });
    expect(playTcp(story)).toMatchInlineSnapshot(`
      "6 writer: wrote x: i/o timeout
      = quiet, at 6"
    `);
  });

  test('closed comes before a deadline that has passed', () => {
    const story = (sim: Sim, { a }: TcpConnection) =>
      go(sim, 'program', function* () {
        const deadline = sim.deadline('deadline', 5);
        yield* sim.sleep(6);
        a.close();
        yield* write(sim, a, 'x', 1, deadline);
        yield* read(sim, a, deadline);
      });
    expect(playTcp(story)).toMatchInlineSnapshot(`
      "6 program: wrote x: closed
      6 program: read ends: closed
      = quiet, at 16"
    `);
  });

  test('a close and a deadline that are due at the same instant: either', () => {
    const outcomes = outcomesOf((sim) => {
      const { a, aToB } = connect(sim);
      aToB.cut();
      go(sim, 'writer', () => write(sim, a, 'x', 101, sim.deadline('write deadline', 500)));
      at(sim, 500, () => a.close());
    });
    expect(outcomes).toEqual(['x blocks wrote x: closed = quiet', 'x blocks wrote x: i/o timeout = quiet']);
  });
});

describe('a peer whose program is frozen and whose kernel lives', () => {
  test('both buffers fill, then a write blocks for ever, and the kernel never gives up', () => {
    const story = (sim: Sim, tcp: TcpConnection) => {
      writes(sim, tcp, ['1st', 50], ['2nd', 50], ['3rd', 50], ['4th', 50], ['5th', 50]);
      at(sim, 10_000_000, () => sim.emit(`still ${tcp.a.isOpen ? 'open' : 'gone'}`));
    };
    expect(playTcp(story)).toMatchInlineSnapshot(`
      "0 writer: wrote 1st: ok
      0 writer: wrote 2nd: ok
      0 writer: 3rd blocks
      20 writer: wrote 3rd: ok
      20 writer: 4th blocks
      20 writer: wrote 4th: ok
      20 writer: 5th blocks
      10000000 still open
      = quiet, at 10000000"
    `);
  });

  test('it thaws a day later, and not a byte is lost', () => {
    const story = (sim: Sim, tcp: TcpConnection) => {
      writes(sim, tcp, ['1st', 50], ['2nd', 50], ['3rd', 50], ['4th', 50], ['5th', 50]);
      reads(sim, tcp, 86_400_000);
    };
    expect(playTcp(story)).toMatchInlineSnapshot(`
      "0 writer: wrote 1st: ok
      0 writer: wrote 2nd: ok
      0 writer: 3rd blocks
      20 writer: wrote 3rd: ok
      20 writer: 4th blocks
      20 writer: wrote 4th: ok
      20 writer: 5th blocks
      86400000 reader: read 1st
      86400000 reader: read 2nd
      86400000 reader: read 3rd
      86400000 reader: read 4th
      86400010 writer: wrote 5th: ok
      86400020 reader: read 5th
      = quiet, at 86400030"
    `);
  });

  test('it reads a little (a segment at least) and stops again: the kernel does not give up either', () => {
    const story = (sim: Sim, tcp: TcpConnection) => {
      writes(sim, tcp, ['1st', 50], ['2nd', 50], ['3rd', 50], ['4th', 50]);
      at(sim, 1000, () => sim.emit(`reads ${tcp.b.readFrames(1).map((frame) => frame.type)}`));
      at(sim, 10_000_000, () => sim.emit(`still ${tcp.a.isOpen ? 'open' : 'gone'}`));
    };
    expect(playTcp(story)).toMatchInlineSnapshot(`
      "0 writer: wrote 1st: ok
      0 writer: wrote 2nd: ok
      0 writer: 3rd blocks
      20 writer: wrote 3rd: ok
      20 writer: 4th blocks
      20 writer: wrote 4th: ok
      1000 reads 1st
      10000000 still open
      = quiet, at 10000000"
    `);
  });
});

describe('a path that is cut', () => {
  const cutAt = (time: number) => (sim: Sim, tcp: TcpConnection) => {
    at(sim, time, () => {
      tcp.aToB.cut();
      tcp.bToA.cut();
      sim.emit('cut');
    });
    go(sim, 'writer', function* () {
      yield* sim.sleep(100);
      yield* write(sim, tcp.a, 'x', 1);
    });
    go(sim, 'a reads', () => read(sim, tcp.a));
    reads(sim, tcp);
  };

  test('what was in flight at the cut still arrives; its acknowledgement does not come back', () => {
    expect(playTcp(cutAt(105))).toMatchInlineSnapshot(`
      "100 writer: wrote x: ok
      105 cut
      110 reader: read x
      924700 a reads: read ends: timed out
      = quiet, at 924700"
    `);
  });

  test('the sender gives up 924.6 s after the first unacknowledged byte at the earliest, 940 s at the latest', () => {
    const gaveUp = (decided: Decided) =>
      playTcp(cutAt(50), decided)
        .match(/^(\d+) a reads: (.*)$/m)
        ?.slice(1);
    expect(gaveUp({})).toEqual([String(100 + GIVES_UP), 'read ends: timed out']);
    expect(gaveUp({ 'a socket to b gives up #1': '940s' })).toEqual(['940100', 'read ends: timed out']);
    const refused = (length: string) =>
      playTcp(cutAt(50), { 'a socket to b gives up #1': length }).match(/"(.*)" is not/)?.[1];
    expect(['924.599s', '924.6s', '940s', '940.001s'].map(refused)).toEqual([
      '924.599s',
      undefined,
      undefined,
      '940.001s',
    ]);
  });

  test('later writes do not put it off: the first unacknowledged byte counts', () => {
    const story = (sim: Sim, tcp: TcpConnection) => {
      tcp.aToB.cut();
      go(sim, 'writer', function* () {
        yield* write(sim, tcp.a, 'x', 1);
        yield* sim.sleep(900_000);
        yield* write(sim, tcp.a, 'y', 1);
        yield* sim.sleep(24_601);
        yield* write(sim, tcp.a, 'z', 1);
      });
      go(sim, 'a reads', () => read(sim, tcp.a));
    };
    expect(playTcp(story)).toMatchInlineSnapshot(`
      "0 writer: wrote x: ok
      900000 writer: wrote y: ok
      924600 a reads: read ends: timed out
      924601 writer: wrote z: timed out
      = quiet, at 924601"
    `);
  });

  test('what is acknowledged no longer counts: progress starts the wait anew', () => {
    const story = (sim: Sim, tcp: TcpConnection) => {
      go(sim, 'writer', function* () {
        yield* write(sim, tcp.a, 'x', 1);
        yield* sim.sleep(15);
        tcp.aToB.cut();
        yield* write(sim, tcp.a, 'y', 1);
      });
      go(sim, 'a reads', () => read(sim, tcp.a));
    };
    // x is sent at 0 and acknowledged at 20; y is lost.
    expect(playTcp(story)).toMatchInlineSnapshot(`
      "0 writer: wrote x: ok
      15 writer: wrote y: ok
      924620 a reads: read ends: timed out
      = quiet, at 924620"
    `);
  });

  test('with everything acknowledged, nobody ever notices', () => {
    const story = (sim: Sim, tcp: TcpConnection) => {
      cutAt(200)(sim, tcp);
      at(sim, 10_000_000, () => sim.emit(`a ${tcp.a.isOpen ? 'open' : 'gone'}, b ${tcp.b.isOpen ? 'open' : 'gone'}`));
    };
    expect(playTcp(story)).toMatchInlineSnapshot(`
      "100 writer: wrote x: ok
      110 reader: read x
      200 cut
      10000000 a open, b open
      = quiet, at 10000000"
    `);
  });

  test('a limit of the model: cut while the window is shut, it is never given up, for there are no window probes', () => {
    const story = (sim: Sim, tcp: TcpConnection) => {
      writes(sim, tcp, ['1st', 100], ['2nd', 100], ['3rd', 100]);
      at(sim, 100, () => {
        tcp.aToB.cut();
        tcp.bToA.cut();
      });
      at(sim, 10_000_000, () => sim.emit(`still ${tcp.a.isOpen ? 'open' : 'gone'}`));
    };
    expect(playTcp(story)).toMatchInlineSnapshot(`
      "0 writer: wrote 1st: ok
      0 writer: 2nd blocks
      20 writer: wrote 2nd: ok
      20 writer: 3rd blocks
      10000000 still open
      = quiet, at 10000000"
    `);
  });

  /** Both ends write at 100, one direction is cut before. */
  const half = (direction: 'aToB' | 'bToA') => (sim: Sim, tcp: TcpConnection) => {
    tcp[direction].cut();
    for (const end of ['a', 'b'] as const) {
      go(sim, `${end} writes`, function* () {
        yield* sim.sleep(100);
        yield* write(sim, tcp[end], `from ${end}`, 1);
      });
      go(sim, `${end} reads`, () => read(sim, tcp[end]));
    }
  };

  // Data of the whole direction still comes, but no acknowledgement of it gets back: both senders give up.
  test('half-open, a→b cut: a hears b and is not heard; both give up in the end', () => {
    expect(playTcp(half('aToB'))).toMatchInlineSnapshot(`
      "100 a writes: wrote from a: ok
      100 b writes: wrote from b: ok
      110 a reads: read from b
      924700 a reads: read ends: timed out
      924700 b reads: read ends: timed out
      = quiet, at 924700"
    `);
  });

  test('half-open, b→a cut: the same the other way round', () => {
    expect(playTcp(half('bToA'))).toMatchInlineSnapshot(`
      "100 a writes: wrote from a: ok
      100 b writes: wrote from b: ok
      110 b reads: read from a
      924700 a reads: read ends: timed out
      924700 b reads: read ends: timed out
      = quiet, at 924700"
    `);
  });

  test('half-open, and only the cut direction is silent: the other end, which sends nothing, never notices', () => {
    const story = (sim: Sim, tcp: TcpConnection) => {
      tcp.bToA.cut();
      writes(sim, tcp, ['x', 1]);
      reads(sim, tcp);
      at(sim, 10_000_000, () => sim.emit(`a ${tcp.a.isOpen ? 'open' : 'gone'}, b ${tcp.b.isOpen ? 'open' : 'gone'}`));
    };
    expect(playTcp(story)).toMatchInlineSnapshot(`
      "0 writer: wrote x: ok
      10 reader: read x
      10000000 a gone, b open
      = quiet, at 10000000"
    `);
  });
});

describe('the end of a connection', () => {
  test('a FIN is an EOF after the data before it', () => {
    const story = (sim: Sim, tcp: TcpConnection) => {
      go(sim, 'writer', function* () {
        yield* write(sim, tcp.a, 'x', 1);
        yield* write(sim, tcp.a, 'y', 1);
        tcp.a.close();
      });
      reads(sim, tcp, 100);
    };
    expect(playTcp(story)).toMatchInlineSnapshot(`
      "0 writer: wrote x: ok
      0 writer: wrote y: ok
      100 reader: read x
      100 reader: read y
      100 reader: read ends: EOF
      = quiet, at 100"
    `);
  });

  test('a FIN behind a shut window is an EOF only when all of it has been read', () => {
    const story = (sim: Sim, tcp: TcpConnection) => {
      go(sim, 'writer', function* () {
        yield* write(sim, tcp.a, '1st', 100);
        yield* sim.sleep(50);
        yield* write(sim, tcp.a, '2nd', 100);
        tcp.a.close();
      });
      reads(sim, tcp, 100);
    };
    expect(playTcp(story)).toMatchInlineSnapshot(`
      "0 writer: wrote 1st: ok
      50 writer: wrote 2nd: ok
      100 reader: read 1st
      100 reader: read 2nd
      100 reader: read ends: EOF
      = quiet, at 110"
    `);
  });

  test('rule tcp: closing with unread data sends RST, not FIN', () => {
    const story = (sim: Sim, tcp: TcpConnection) => {
      writes(sim, tcp, ['x', 1]);
      go(sim, 'a reads', () => read(sim, tcp.a));
      at(sim, 100, () => tcp.b.close());
    };
    expect(playTcp(story)).toMatchInlineSnapshot(`
      "0 writer: wrote x: ok
      110 a reads: read ends: reset
      = quiet, at 110"
    `);
  });

  test('rule tcp: data that comes after the close is answered by RST', () => {
    const story = (sim: Sim, tcp: TcpConnection) => {
      tcp.b.close();
      go(sim, 'a', function* () {
        yield* read(sim, tcp.a);
        yield* write(sim, tcp.a, 'x', 1);
        yield* sim.sleep(21);
        yield* write(sim, tcp.a, 'y', 1);
      });
    };
    expect(playTcp(story)).toMatchInlineSnapshot(`
      "10 a: read ends: EOF
      10 a: wrote x: ok
      31 a: wrote y: reset
      = quiet, at 31"
    `);
  });

  test('rule tcp: data that came before a RST can still be read', () => {
    const story = (sim: Sim, tcp: TcpConnection) => {
      writes(sim, tcp, ['x', 1]);
      at(sim, 5, () => tcp.a.reset());
      reads(sim, tcp, 100);
    };
    expect(playTcp(story)).toMatchInlineSnapshot(`
      "0 writer: wrote x: ok
      100 reader: read x
      100 reader: read ends: reset
      = quiet, at 100"
    `);
  });

  test('a socket that is destroyed (ss -K) fails both ends, each for reading and for writing', () => {
    const story = (sim: Sim, tcp: TcpConnection) => {
      at(sim, 100, () => tcp.a.reset());
      for (const end of ['a', 'b'] as const) {
        go(sim, end, function* () {
          yield* read(sim, tcp[end]);
          yield* write(sim, tcp[end], 'x', 1);
        });
      }
    };
    expect(playTcp(story)).toMatchInlineSnapshot(`
      "100 a: read ends: reset
      100 a: wrote x: reset
      110 b: read ends: reset
      110 b: wrote x: reset
      = quiet, at 110"
    `);
  });

  test('a RST that is lost tells nobody', () => {
    const story = (sim: Sim, tcp: TcpConnection) => {
      tcp.aToB.cut();
      at(sim, 100, () => tcp.a.reset());
      reads(sim, tcp);
      at(sim, 10_000_000, () => sim.emit(`b ${tcp.b.isOpen ? 'open' : 'gone'}`));
    };
    expect(playTcp(story)).toMatchInlineSnapshot(`
      "10000000 b open
      = quiet, at 10000000"
    `);
  });

  test('after its own close a program is told closed, whatever had happened before, and reads nothing more', () => {
    const story = (sim: Sim, tcp: TcpConnection) => {
      go(sim, 'b', function* () {
        yield* write(sim, tcp.a, 'x', 1);
        tcp.a.reset();
        yield* sim.sleep(100);
        yield* tcp.b.waitReadable();
        sim.emit('x could be read');
        tcp.b.close();
        yield* read(sim, tcp.b);
        yield* write(sim, tcp.b, 'y', 1);
      });
    };
    expect(playTcp(story)).toMatchInlineSnapshot(`
      "0 b: wrote x: ok
      100 b: x could be read
      100 b: read ends: closed
      100 b: wrote y: closed
      = quiet, at 100"
    `);
  });

  test('closing twice, or resetting what is closed, does nothing more', () => {
    const story = (sim: Sim, tcp: TcpConnection) => {
      go(sim, 'b reads', () => read(sim, tcp.b));
      at(sim, 100, () => {
        tcp.a.close();
        tcp.a.close();
        tcp.a.reset();
      });
      at(sim, 150, () => sim.emit(`b is ${tcp.b.isOpen ? 'open' : 'gone'}`));
      go(sim, 'a reads', () => read(sim, tcp.a));
    };
    expect(playTcp(story)).toMatchInlineSnapshot(`
      "100 a reads: read ends: closed
      110 b reads: read ends: EOF
      150 b is open
      = quiet, at 150"
    `);
  });
});

describe('a read deadline', () => {
  test('that has expired beats data that waits, and a FIN behind it', () => {
    const story = (sim: Sim, tcp: TcpConnection) => {
      writes(sim, tcp, ['x', 1]);
      at(sim, 1, () => tcp.a.close());
      go(sim, 'reader', function* () {
        const deadline = sim.deadline('read deadline', 50);
        yield* sim.sleep(60);
        yield* read(sim, tcp.b, deadline);
        deadline.arm(50);
        yield* read(sim, tcp.b, deadline);
      });
    };
    expect(playTcp(story)).toMatchInlineSnapshot(`
      "0 writer: wrote x: ok
      60 reader: read ends: i/o timeout
      60 reader: read x
      60 reader: read ends: EOF
      = quiet, at 110"
    `);
  });

  test('that is due as data comes: either', () => {
    const outcomes = outcomesOf((sim) => {
      const tcp = connect(sim, { latency: between(10, 10) });
      writes(sim, tcp, ['x', 1]);
      go(sim, 'reader', () => read(sim, tcp.b, sim.deadline('read deadline', 10)));
    });
    expect(outcomes).toEqual([
      'wrote x: ok read ends: i/o timeout = quiet',
      'wrote x: ok read x read ends: i/o timeout = quiet',
    ]);
  });
});
