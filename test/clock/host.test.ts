import { afterEach, describe, expect, test, vi } from 'vitest';
import { simulateBatch } from '../../src/engine/simulate.ts';
import { between } from '../../src/kernel/bounds.ts';
import { loop } from '../../src/kernel/loop.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import { always } from '../../src/property/property.ts';
import { play, toy } from '../support/toy.ts';

function pingPong(sim: Sim): void {
  const back = sim.line<number>('b→a', (n) => sim.emit('pong', n));
  const there = sim.line<number>('a→b', (n) => back.send(n, 'pong', between(1, 50)));
  const ticker = sim.ticker('ticker', 100);
  const dead = sim.faultMoment('dies');
  let n = 0;
  sim.spawn('a', () =>
    loop(function* () {
      const taken = yield* sim.select({ tick: ticker, dead });
      if (taken.case === 'dead') {
        ticker.stop();
        sim.finish();
      }
      there.send(n++, 'ping', between(1, 50));
      yield* sim.yield();
      return undefined;
    }),
  );
}

const LIMITS = { horizon: 1000 };

describe('the host', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  const poisoned = (name: string) => () => {
    throw new Error(`the simulation called ${name}`);
  };

  /** Everything that could make two runs differ. What the test runner itself needs is left alone outside of `run`. */
  function onPoisonedHost<T>(run: () => T): T {
    for (const name of [
      'setTimeout',
      'setInterval',
      'setImmediate',
      'clearTimeout',
      'clearInterval',
      'clearImmediate',
      'queueMicrotask',
      'requestAnimationFrame',
      'fetch',
    ]) {
      vi.stubGlobal(name, poisoned(name));
    }
    vi.spyOn(Math, 'random').mockImplementation(poisoned('Math.random'));
    vi.spyOn(Date, 'now').mockImplementation(poisoned('Date.now'));
    vi.spyOn(performance, 'now').mockImplementation(poisoned('performance.now'));
    vi.spyOn(process, 'nextTick').mockImplementation(poisoned('process.nextTick'));
    vi.spyOn(process, 'hrtime').mockImplementation(poisoned('process.hrtime') as never);
    try {
      return run();
    } finally {
      vi.unstubAllGlobals();
      vi.restoreAllMocks();
    }
  }

  test('is never asked for time, timers or randomness, neither by a run nor by a batch', () => {
    const story = onPoisonedHost(() => play(pingPong, { 'dies #1': 150 }, { limits: LIMITS }));
    expect(story).toMatchInlineSnapshot(`
      "102 pong 0
      = finished, at 150
      ? dies #1 = 150, at 0"
    `);
    const batch = onPoisonedHost(() => simulateBatch(toy(pingPong, { limits: LIMITS }), 1, 20));
    expect(batch.runs).toBe(20);
    expect(batch.firstViolations).toEqual({});
  });

  test.each<[name: string, reach: () => unknown]>([
    ['setTimeout', () => setTimeout(() => {}, 1)],
    ['Date.now', () => Date.now()],
    ['Math.random', () => Math.random()],
  ])('the poison works: a model that calls %s is seen', (name, reach) => {
    const run = () =>
      play((sim) => {
        sim.deadline('d', 1).onFire = () => void reach();
      });
    expect(onPoisonedHost(run)).toBe(`= exception, at 1\n! exception, at 1: d threw: the simulation called ${name}`);
  });

  test('is left as it was: nothing is installed, neither during a run nor after it', () => {
    const before = globals();
    const during: unknown[] = [];
    play(
      (sim) => {
        pingPong(sim);
        during.push(...globals());
      },
      { 'dies #1': 150 },
    );
    simulateBatch(toy(pingPong, { limits: LIMITS, properties: [always('true', 'Always.', () => true)] }), 1, 5);
    expect(during).toEqual(before);
    expect(globals()).toEqual(before);
  });

  function globals(): unknown[] {
    const {
      Date: date,
      setTimeout: timeout,
      setInterval: interval,
      clearTimeout: clear,
      performance: clock,
    } = globalThis;
    return [date, date.now, timeout, interval, clear, setImmediate, queueMicrotask, process.nextTick, clock, clock.now];
  }
});
