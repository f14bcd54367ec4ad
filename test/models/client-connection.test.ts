import { describe, expect, test } from 'vitest';
import { Connection, ConnectionThroughProxy, frame, type Host, STRIKES } from '../../models/client/connection.ts';
import { parameters } from '../../models/client/parameters.ts';
import { ping } from '../../models/net/websocket.ts';
import type { Latch } from '../../src/kernel/latch.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import { configure } from '../../src/model/parameters.ts';
import { eventsOf, play, runOf } from '../support/toy.ts';
import { at, go } from './wire.ts';

/** One tick is a millisecond; a frame takes 10 of them unless it is decided otherwise. */
const CONFIG = configure(parameters, 1_000_000, { latency: '10ms..50ms' });

interface World {
  readonly connection: Connection;
  readonly dies: Latch;
  readonly freezes: Latch;
}

/** A connection to a host that tells what it is asked, and two programs that tell what they read. */
function connect(sim: Sim, Made: typeof Connection = Connection): World {
  const dies = sim.latch('dies');
  const freezes = sim.latch('freezes');
  const host: Host = {
    get isUp() {
      return !dies.fired;
    },
    get isRunning() {
      return !dies.fired && !freezes.fired;
    },
    accept: (_connection, request) => sim.emit(`asked: ${request}`),
  };
  const connection = new Made(sim, 1, CONFIG, host);
  for (const side of ['client', 'runner'] as const) {
    go(sim, side, function* () {
      for (;;) {
        const got = yield* connection[side].inbox.receive.wait();
        if (!got.ok) return;
        const { type, how } = got.value;
        sim.emit(`reads ${type}${how === undefined ? '' : `: ${how}`}`);
      }
    });
  }
  return { connection, dies, freezes };
}

function* paste(sim: Sim, { client }: Connection, within?: number) {
  const result = yield* client.write(
    frame('paste'),
    within === undefined ? undefined : sim.deadline('deadline', within),
  );
  sim.emit(`pasted: ${result ?? 'ok'}`);
}

describe('what is put on a connection', () => {
  test('arrives in order, a request at the listener, all else in the inbox; the end comes last', () => {
    const story = play(
      (sim) => {
        const { connection } = connect(sim);
        connection.client.put(frame('attach'));
        connection.client.put(frame('stdin'));
        connection.client.close();
      },
      { 'client→runner attach latency #1': 30 },
    );
    expect(story).toMatchInlineSnapshot(`
      "30 asked: attach
      30 runner: reads stdin
      30 runner: reads end: EOF
      = quiet, at 30
      ? client→runner attach latency #1 = 30, at 0"
    `);
  });

  test('is refused after the end, and what comes then is dropped', () => {
    const story = play((sim) => {
      const { connection } = connect(sim);
      connection.client.close();
      connection.runner.put(frame('stdout'));
      sim.emit(`put: ${connection.client.put(frame('stdin'))}`);
      at(sim, 20, () => sim.emit(`put: ${connection.runner.put(frame('stdout'))}`));
    });
    expect(story).toMatchInlineSnapshot(`
      "0 put: closed
      10 runner: reads end: EOF
      20 put: closed
      = quiet, at 20"
    `);
  });
});

describe('a connection that is struck', () => {
  const allAfter = (kind: (typeof STRIKES)[number]) =>
    play((sim) => {
      const { connection } = connect(sim);
      connection.runner.put(frame('in flight'));
      connection.strike(kind);
      sim.emit(`struck: ${connection.isStruck}`);
      connection.runner.put(frame('stdout'));
      connection.client.put(frame('stdin'));
    });

  test('cut: each side loses what it sends, and gives up 924.6 s after that', () => {
    expect(allAfter('cut')).toMatchInlineSnapshot(`
      "0 struck: true
      10 client: reads in flight
      924600 runner: reads end: timed out
      924600 client: reads end: timed out
      = quiet, at 924600"
    `);
  });

  test('cut to client: what the client sends arrives, but is not acknowledged', () => {
    expect(allAfter('cut to client')).toMatchInlineSnapshot(`
      "0 struck: true
      10 client: reads in flight
      10 runner: reads stdin
      924600 runner: reads end: timed out
      924610 client: reads end: timed out
      = quiet, at 924610"
    `);
  });

  test('cut to runner: the other way round', () => {
    expect(allAfter('cut to runner')).toMatchInlineSnapshot(`
      "0 struck: true
      10 client: reads in flight
      10 client: reads stdout
      924600 client: reads end: timed out
      924610 runner: reads end: timed out
      = quiet, at 924610"
    `);
  });

  test('reset: both read that at once', () => {
    expect(allAfter('reset')).toMatchInlineSnapshot(`
      "0 struck: true
      0 client: reads end: reset
      0 runner: reads end: reset
      = quiet, at 10"
    `);
  });

  test.each(STRIKES.slice(0, 3))('%s: nobody who sends nothing notices anything', (kind) => {
    expect(eventsOf(runOf((sim) => connect(sim).connection.strike(kind)))).toBe('');
  });
});

describe('a host', () => {
  test('that is gone acknowledges nothing: a request is given up after 127 s, a frame after 924.6 s', () => {
    const sent = (type: string) =>
      play((sim) => {
        const { connection, dies } = connect(sim);
        dies.fire();
        connection.client.put(frame(type));
      });
    expect(sent('attach')).toMatchInlineSnapshot(`
      "127010 client: reads end: timed out
      = quiet, at 127010"
    `);
    expect(sent('stdin')).toMatchInlineSnapshot(`
      "924610 client: reads end: timed out
      = quiet, at 924610"
    `);
  });

  test('whose program is frozen acknowledges all, and answers nothing', () => {
    const run = runOf((sim) => {
      const { connection, freezes } = connect(sim);
      freezes.fire();
      for (const type of ['attach', 'status', 'stdin']) connection.client.put(frame(type));
    });
    expect([eventsOf(run), run.end.why]).toEqual(['', 'quiet']);
  });
});

describe('a paste', () => {
  test('blocks until the program at the other end has read it', () => {
    const story = play((sim) => {
      const { connection } = connect(sim);
      go(sim, 'user', () => paste(sim, connection));
      at(sim, 500, () => connection.pasteRead());
    });
    expect(story).toMatchInlineSnapshot(`
      "0 user: send blocks {"frame":"paste"}
      10 runner: reads paste
      500 user: pasted: ok
      = quiet, at 500"
    `);
  });

  test('or until the deadline, or the end of the connection', () => {
    const story = play((sim) => {
      const { connection } = connect(sim);
      go(sim, 'user', () => paste(sim, connection, 100));
      go(sim, 'other user', () => paste(sim, connection));
      at(sim, 200, () => connection.runner.reset());
    });
    expect(story).toMatchInlineSnapshot(`
      "0 user: send blocks {"frame":"paste"}
      0 other user: send blocks {"frame":"paste"}
      10 runner: reads paste
      10 runner: reads paste
      100 user: pasted: i/o timeout
      200 runner: reads end: reset
      210 other user: pasted: closed
      210 client: reads end: reset
      = quiet, at 210"
    `);
  });

  test('does not hear that it was read when the way back is cut', () => {
    const story = play((sim) => {
      const { connection } = connect(sim);
      connection.strike('cut to client');
      go(sim, 'user', () => paste(sim, connection));
      at(sim, 500, () => connection.pasteRead());
    });
    expect(story).toMatchInlineSnapshot(`
      "0 user: send blocks {"frame":"paste"}
      10 runner: reads paste
      924610 user: pasted: closed
      924610 client: reads end: timed out
      = quiet, at 924610"
    `);
  });

  test('on a connection that has ended fails at once', () => {
    const story = play((sim) => {
      const { connection } = connect(sim);
      connection.client.close();
      go(sim, 'user', () => paste(sim, connection));
    });
    expect(story).toMatchInlineSnapshot(`
      "0 user: pasted: closed
      10 runner: reads end: EOF
      = quiet, at 10"
    `);
  });
});

test('a proxy answers pings, whether the runner lives or not, and passes on all else', () => {
  const story = play((sim) => {
    const { connection, freezes } = connect(sim, ConnectionThroughProxy);
    connection.client.put(frame('stdin'));
    at(sim, 20, () => {
      freezes.fire();
      connection.client.put(ping());
      connection.client.put(frame('stdin'));
    });
  });
  expect(story).toMatchInlineSnapshot(`
    "10 runner: reads stdin
    40 client: reads pong
    = quiet, at 40"
  `);
});
