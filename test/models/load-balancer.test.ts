import { describe, expect, test } from 'vitest';
import { LoadBalancer } from '../../models/net/load-balancer.ts';
import { type TcpConnection, type TcpSettings, tcpConnection } from '../../models/net/tcp.ts';
import { between } from '../../src/kernel/bounds.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import { type Decided, outcomesOf, play } from '../support/toy.ts';
import { at, go, read, SETTINGS, write } from './wire.ts';

const IDLE = 60_000;

/** client ⇄ balancer ⇄ runner; one tick is a millisecond, each hop takes 10. */
interface Path {
  readonly sim: Sim;
  readonly near: TcpConnection;
  readonly far: TcpConnection;
  readonly balancer: LoadBalancer;
}

const build =
  (story: (path: Path) => void, changes: Partial<TcpSettings> = {}) =>
  (sim: Sim) => {
    const settings = { ...SETTINGS, latency: between(10, 10), ...changes };
    const near = tcpConnection(sim, 'client', 'balancer', settings);
    const far = tcpConnection(sim, 'balancer', 'runner', settings);
    const balancer = new LoadBalancer(sim, near.b, far.a, {
      time: IDLE,
      restartedBy: 'data',
      onCut: () => sim.emit('idle cut'),
    });
    story({ sim, near, far, balancer });
  };

const playPath = (story: (path: Path) => void, changes?: Partial<TcpSettings>, decided?: Decided) =>
  play(build(story, changes), decided);

/** Both ends read from the start. */
function bothRead({ sim, near, far }: Path): void {
  go(sim, 'client', () => read(sim, near.a));
  go(sim, 'runner', () => read(sim, far.b));
}

/** Whether each end is open still, said at `time`. */
function lookAt({ sim, near, far }: Path, time: number): void {
  const word = (open: boolean) => (open ? 'open' : 'gone');
  at(sim, time, () => sim.emit(`client ${word(near.a.isOpen)}, runner ${word(far.b.isOpen)}`));
}

/** `from` writes a small frame at `time`. */
function writesAt({ sim, near, far }: Path, from: 'client' | 'runner', time: number, type: string, bytes = 1): void {
  const socket = from === 'client' ? near.a : far.b;
  go(sim, `${from} at ${time}: ${type}`, function* () {
    yield* sim.sleep(time);
    yield* write(sim, socket, type, bytes);
  });
}

describe('what it hides', () => {
  /** The runner pings each 15 s, so the balancer is never idle; one frame each 15 s fits into any buffer here. */
  const pings = (path: Path) => {
    go(path.sim, 'runner', () => read(path.sim, path.far.b));
    for (let time = 0; time < 990_000; time += 15_000) {
      const send = () => void path.sim.spawn(`ping ${time}`, () => path.far.b.write({ type: 'ping', bytes: 1 }));
      at(path.sim, time, send);
    }
  };

  test("the near acknowledgement: with the client's hop dead, the runner's bytes are acknowledged; it only hears when the balancer has given up", () => {
    const story = (path: Path) => {
      path.near.aToB.cut();
      path.near.bToA.cut();
      pings(path);
      for (const time of [924_600, 924_630]) lookAt(path, time);
    };
    // The first ping is at the balancer, and sent on, at 10; 924.6 s later its kernel gives up, and a RST takes 10.
    expect(playPath(story)).toMatchInlineSnapshot(`
      "924600 client open, runner open
      924620 runner: read ends: reset
      924630 client open, runner gone
      = quiet, at 975000"
    `);
  });

  test("the runner's own hop dead: nothing is acknowledged, and its kernel gives up itself", () => {
    const story = (path: Path) => {
      path.far.aToB.cut();
      path.far.bToA.cut();
      pings(path);
    };
    expect(playPath(story)).toMatchInlineSnapshot(`
      "60000 idle cut
      924600 runner: read ends: timed out
      = quiet, at 975000"
    `);
  });

  test('backpressure: a client that does not read stops the runner when all four buffers on the way are full, and one frame is in the balancer', () => {
    const story = (path: Path) => {
      go(path.sim, 'runner', function* () {
        for (let i = 1; i <= 6; i++) yield* write(path.sim, path.far.b, `frame ${i}`, 100);
      });
      at(path.sim, 5000, () => path.sim.emit('the client begins to read'));
      go(path.sim, 'client', function* () {
        yield* path.sim.sleep(5000);
        yield* read(path.sim, path.near.a);
      });
    };
    expect(playPath(story)).toMatchInlineSnapshot(`
      "0 runner: wrote frame 1: ok
      0 runner: frame 2 blocks
      20 runner: wrote frame 2: ok
      20 runner: frame 3 blocks
      40 runner: wrote frame 3: ok
      40 runner: frame 4 blocks
      60 runner: wrote frame 4: ok
      60 runner: frame 5 blocks
      80 runner: wrote frame 5: ok
      80 runner: frame 6 blocks
      5000 the client begins to read
      5000 client: read frame 1
      5000 client: read frame 2
      5020 client: read frame 3
      5020 runner: wrote frame 6: ok
      5040 client: read frame 4
      5060 client: read frame 5
      5080 client: read frame 6
      65050 idle cut
      65060 client: read ends: reset
      = quiet, at 65060"
    `);
  });
});

describe('the idle timeout', () => {
  test('without data it cuts after exactly 60 s, and resets both sides', () => {
    const story = (path: Path) => bothRead(path);
    expect(playPath(story)).toMatchInlineSnapshot(`
      "60000 idle cut
      60010 client: read ends: reset
      60010 runner: read ends: reset
      = quiet, at 60010"
    `);
  });

  test('data of either direction starts it anew, when the balancer gets it', () => {
    const story = (path: Path) => {
      bothRead(path);
      writesAt(path, 'client', 50_000, 'x');
      writesAt(path, 'runner', 100_000, 'y');
    };
    expect(playPath(story)).toMatchInlineSnapshot(`
      "50000 client at 50000: x: wrote x: ok
      50020 runner: read x
      100000 runner at 100000: y: wrote y: ok
      100020 client: read y
      160010 idle cut
      160020 client: read ends: reset
      160020 runner: read ends: reset
      = quiet, at 160020"
    `);
  });

  test('acknowledgements do not: only data does', () => {
    const story = (path: Path) => {
      bothRead(path);
      writesAt(path, 'client', 1, 'x');
      // x is acknowledged on both hops by 31; the cut comes 60 s after the balancer had the data, at 11.
      lookAt(path, 60_010);
    };
    expect(playPath(story)).toMatchInlineSnapshot(`
      "1 client at 1: x: wrote x: ok
      21 runner: read x
      60010 client open, runner open
      60011 idle cut
      60021 client: read ends: reset
      60021 runner: read ends: reset
      = quiet, at 60021"
    `);
  });

  test('to the tick: data one tick before the timeout saves the connection, one tick after it is too late, at the same instant either', () => {
    const outcomes = (time: number) =>
      new Set(
        outcomesOf(
          build((path) => {
            writesAt(path, 'client', time, 'x');
            at(path.sim, IDLE + 5, () => path.sim.emit(path.near.b.isOpen ? 'saved' : 'lost'));
            at(path.sim, IDLE + 6, () => path.sim.finish());
          }),
        ).map((outcome) => outcome.match(/saved|lost/)?.[0]),
      );
    expect(outcomes(IDLE - 10 - 1)).toEqual(new Set(['saved']));
    expect(outcomes(IDLE - 10)).toEqual(new Set(['saved', 'lost']));
    expect(outcomes(IDLE - 10 + 1)).toEqual(new Set(['lost']));
  });
});

describe('the end of one side', () => {
  test('a FIN is passed on, after the data before it', () => {
    const story = (path: Path) => {
      bothRead(path);
      writesAt(path, 'client', 100, 'x');
      at(path.sim, 101, () => path.near.a.close());
    };
    expect(playPath(story)).toMatchInlineSnapshot(`
      "100 client at 100: x: wrote x: ok
      101 client: read ends: closed
      120 runner: read x
      121 runner: read ends: EOF
      = quiet, at 130"
    `);
  });

  test('a FIN of the runner is passed on to the client, after the data before it', () => {
    const story = (path: Path) => {
      bothRead(path);
      writesAt(path, 'runner', 100, 'exit');
      at(path.sim, 101, () => path.far.b.close());
    };
    expect(playPath(story)).toMatchInlineSnapshot(`
      "100 runner at 100: exit: wrote exit: ok
      101 runner: read ends: closed
      120 client: read exit
      121 client: read ends: EOF
      = quiet, at 130"
    `);
  });

  test('a FIN that is swallowed is not: the runner hears nothing until the idle timeout', () => {
    const story = (path: Path) => {
      bothRead(path);
      writesAt(path, 'client', 100, 'x');
      at(path.sim, 101, () => {
        path.balancer.swallowFin();
        path.near.a.close();
      });
    };
    expect(playPath(story)).toMatchInlineSnapshot(`
      "100 client at 100: x: wrote x: ok
      101 client: read ends: closed
      120 runner: read x
      60110 idle cut
      60120 runner: read ends: reset
      = quiet, at 60120"
    `);
  });

  test('a swallowed FIN and a runner that goes on writing: its bytes are taken, for ever, and keep the idle timeout off', () => {
    const story = (path: Path) => {
      path.balancer.swallowFin();
      path.near.a.close();
      for (let time = 50_000; time <= 1_000_000; time += 50_000) writesAt(path, 'runner', time, 'ping');
      lookAt(path, 1_059_000);
    };
    const told = playPath(story);
    expect(told.match(/wrote ping: ok/g)).toHaveLength(20);
    expect(told.split('\n').slice(-4).join('\n')).toMatchInlineSnapshot(`
      "1000000 runner at 1000000: ping: wrote ping: ok
      1059000 client gone, runner open
      1060010 idle cut
      = quiet, at 1060020"
    `);
  });

  test('a RST is passed on, either way', () => {
    const story = (end: 'client' | 'runner') => (path: Path) => {
      bothRead(path);
      at(path.sim, 100, () => (end === 'client' ? path.near.a : path.far.b).reset());
    };
    expect(playPath(story('client'))).toMatchInlineSnapshot(`
      "100 client: read ends: reset
      120 runner: read ends: reset
      = quiet, at 120"
    `);
    expect(playPath(story('runner'))).toMatchInlineSnapshot(`
      "100 runner: read ends: reset
      120 client: read ends: reset
      = quiet, at 120"
    `);
  });

  test('one side ends while the balancer is blocked in both directions: the other is reset, and no idle cut is told of afterwards', () => {
    const story = (path: Path) => {
      go(path.sim, 'client writes', () => write(path.sim, path.near.a, 'up', 450));
      go(path.sim, 'runner writes', () => write(path.sim, path.far.b, 'down', 450));
      at(path.sim, 1000, () => path.near.a.reset());
      lookAt(path, 1019);
      lookAt(path, 1021);
    };
    expect(playPath(story)).toMatchInlineSnapshot(`
      "0 client writes: up blocks
      0 runner writes: down blocks
      20 client writes: up blocks
      20 runner writes: down blocks
      40 client writes: up blocks
      40 runner writes: down blocks
      60 client writes: up blocks
      60 runner writes: down blocks
      80 client writes: wrote up: ok
      80 runner writes: wrote down: ok
      1019 client gone, runner open
      1021 client gone, runner gone
      = quiet, at 1021"
    `);
  });
});
