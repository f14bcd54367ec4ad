// Endless loops at one instant, which an exhaustive search may overlook or see where there are none.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Proof, prove } from '../../src/engine/prove.ts';
import { replay } from '../../src/engine/replay.ts';
import type { Subject } from '../../src/engine/run.ts';
import { batchSeed, simulateBatch } from '../../src/engine/simulate.ts';
import { ANY_TIME, between, type Duration } from '../../src/kernel/bounds.ts';
import { BREAK, loop, type Round } from '../../src/kernel/loop.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import { never } from '../../src/property/property.ts';
import { type ToyOptions, toy } from '../support/toy.ts';

const LIMITS = { maxStates: 2000 };
const FEW: ToyOptions<Record<never, never>, unknown> = { limits: { stepsAtOneInstant: 200 } };
const neverBad = never('bad', 'It does not happen.', 'bad');

function zeno(build: (sim: Sim) => unknown, reduce = true, maxStates = LIMITS.maxStates): Proof {
  return prove(toy(build, FEW), ['zeno'], { maxStates, reduce })[0] as Proof;
}

/** Again and again, as a process does. */
function* nap(sim: Sim, ...lengths: readonly Duration[]): Round {
  for (const length of lengths) yield* sim.sleep(length);
  return undefined;
}

function sleeps(sim: Sim, ...lengths: readonly Duration[]): void {
  sim.spawn('sleeper', () => loop(() => nap(sim, ...lengths)));
}

/** Two that hand a ball to each other, for ever; the first one waits for `begin`, if there is one. */
function pingPong(sim: Sim, pause: Duration | undefined): void {
  const [there, back] = [sim.channel<string>('there', 1), sim.channel<string>('back', 1)];
  function* play(from: typeof there, to: typeof back): Round {
    yield* from.receive.wait();
    if (pause !== undefined) yield* sim.sleep(pause);
    to.trySend('ball');
    return undefined;
  }
  there.trySend('ball');
  sim.spawn('ping', () => loop(() => play(there, back)));
  sim.spawn('pong', () => loop(() => play(back, there)));
}

describe('what can go on for ever at one instant', () => {
  test.each<[about: string, build: (sim: Sim) => void]>([
    [
      'a loop that never blocks, after a while',
      (sim) =>
        void sim.spawn('spinner', function* () {
          yield* sim.sleep(5);
          // biome-ignore lint/correctness/useYield: a round that never blocks
          yield* loop(function* () {
            return undefined;
          });
        }),
    ],
    ['sleeps of no length', (sim) => sleeps(sim, 0)],
    ['sleeps that may be of no length', (sim) => sleeps(sim, between(0, 5))],
    ['sleeps that may end at any time', (sim) => sleeps(sim, ANY_TIME)],
    ['two that wake each other', (sim) => pingPong(sim, undefined)],
    ['two that wake each other after a while that may be none', (sim) => pingPong(sim, between(0, 3))],
    [
      'a deadline that is due by then, and armed for now only in the second round',
      (sim) => {
        const rounds = sim.cell<number>('rounds', 0);
        const timer = sim.time('timer', () => {
          rounds.set(Math.min(rounds.get() + 1, 2));
          timer.arm(rounds.get() === 2 ? 0 : 7);
        });
        timer.arm(7);
      },
    ],
    [
      'one of several choices',
      (sim) =>
        void sim.spawn('chooser', () =>
          loop(function* () {
            if (sim.choose('which', ['slow', 'other', 'fast']) !== 'fast') yield* sim.sleep(1);
            else yield* sim.yield();
            return undefined;
          }),
        ),
    ],
    [
      'with timers that have to be due together',
      (sim) => {
        sim.time('other').arm(5);
        sim.spawn('waiter', function* () {
          yield* sim.sleep(5);
          yield* loop(() => nap(sim, between(0, 1)));
        });
      },
    ],
  ])('%s', (_about, build) => {
    for (const reduce of [true, false]) {
      const { verdict, counterexample } = zeno(build, reduce);
      expect(verdict).toBe('violated');
      const again = replay(toy(build, FEW), counterexample?.schedule ?? new Map());
      expect(again.stale).toEqual([]);
      expect(again.violations.map(({ property }) => property)).toEqual(['zeno']);
    }
  });
});

describe('what takes time, however little', () => {
  test.each<[about: string, build: (sim: Sim) => void]>([
    ['sleeps of a tick', (sim) => sleeps(sim, 1)],
    ['sleeps that are longer than nothing', (sim) => sleeps(sim, between(0, 5, 'min'))],
    ['two that wake each other after a while', (sim) => pingPong(sim, between(0, 3, 'min'))],
    ['sleeps of which one has a length', (sim) => sleeps(sim, 0, between(0, 5), 1)],
    [
      'two steps that may be instant each, but never both',
      (sim) => {
        const period = sim.time('period');
        function* round(): Round {
          period.arm(5);
          yield* sim.sleep(between(0, 5));
          yield* period.wait();
          return undefined;
        }
        sim.spawn('worker', () => loop(round));
      },
    ],
    [
      'a loop that is left again',
      (sim) => {
        const left = sim.cell<number>('left', 3);
        function* round(): Round {
          yield* sim.yield();
          left.set(left.get() - 1);
          return left.get() === 0 ? BREAK : undefined;
        }
        sim.spawn('finite', () => loop(round));
      },
    ],
  ])('%s', (_about, build) => {
    for (const reduce of [true, false]) expect(zeno(build, reduce).verdict).toBe('proved');
  });
});

test('who could go all the while is not ignored for a livelock', () => {
  const subject = toy(
    (sim) => {
      pingPong(sim, undefined);
      sim.spawn('third', function* () {
        yield* sim.yield();
        sim.emit('bad');
      });
    },
    { ...FEW, properties: [neverBad] },
  );
  for (const reduce of [true, false]) {
    const verdicts = prove(subject, ['bad', 'zeno'], { ...LIMITS, reduce }).map(({ verdict }) => verdict);
    expect(verdicts).toEqual(['violated', 'violated']);
  }
});

test('is found in what was looked at, and is not denied beyond it', () => {
  const counting = (pause: Duration) => (sim: Sim) => {
    const counter = sim.cell<number>('counter', 0);
    function* count(): Round {
      yield* sim.sleep(1);
      counter.set(counter.get() + 1);
      return undefined;
    }
    sim.spawn('counts', () => loop(() => count()));
    sleeps(sim, pause);
  };
  expect(zeno(counting(0), true, 100).verdict).toBe('violated');
  const { verdict, stopped } = zeno(counting(2), true, 100);
  expect([verdict, stopped]).toEqual(['inconclusive', 'more than 100 states']);
});

test('is asked about by name: nobody pays for it who does not', () => {
  const subject = toy((sim) => sleeps(sim, 0), { ...FEW, properties: [neverBad] });
  expect(prove(subject, ['bad'], LIMITS).map(({ property, verdict }) => [property, verdict])).toEqual([
    ['bad', 'proved'],
  ]);
});

/** What a process does again and again: it sleeps, hands on, or waits to be handed something. */
type Habit = { readonly do: 'sleep'; readonly min: number; readonly more: number; readonly open: boolean } | Handing;
interface Handing {
  readonly do: 'send' | 'receive';
  readonly channel: number;
}

const BOUNDED = { limits: { stepsAtOneInstant: 200, horizon: 20 } };
const QUICK = { maxStates: 300, shrink: false };

function busy(habits: readonly (readonly Habit[])[]): Subject {
  return toy((sim) => {
    const channels = [0, 1].map((index) => sim.channel<string>(`channel ${index}`, 1));
    function* round(mine: readonly Habit[]): Round {
      for (const habit of mine) {
        if (habit.do === 'sleep') {
          const { min, more, open } = habit;
          yield* sim.sleep(more === 0 ? min : between(min, min + more, open ? 'min' : 'none'));
        } else if (habit.do === 'send') channels[habit.channel]?.trySend('');
        else yield* (channels[habit.channel] as (typeof channels)[0]).receive.wait();
      }
      return undefined;
    }
    habits.forEach((mine, index) => {
      sim.spawn(`process ${index}`, () => loop(() => round(mine)), { daemon: true });
    });
  }, BOUNDED);
}

test('random models: with and without reduction the same is said, and random runs know no more', () => {
  const habit: fc.Arbitrary<Habit> = fc.oneof(
    fc.record({ do: fc.constant('sleep' as const), min: fc.nat(1), more: fc.nat(2), open: fc.boolean() }),
    fc.record({ do: fc.constantFrom('send' as const, 'receive' as const), channel: fc.nat(1) }),
  );
  const habits = fc.array(fc.array(habit, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 });
  const seen = { proved: 0, violated: 0 };
  const sameVerdicts = (model: readonly (readonly Habit[])[]) => {
    const subject = busy(model);
    const [reduced, full] = [true, false].map((reduce) => prove(subject, ['zeno'], { ...QUICK, reduce })[0] as Proof);
    if (reduced === undefined || full === undefined || full.verdict === 'inconclusive') return;
    expect(reduced.verdict).toBe(full.verdict);
    seen[full.verdict]++;
    const { firstViolations } = simulateBatch(subject, batchSeed(1, 0), 5);
    if ('zeno' in firstViolations) expect(full.verdict).toBe('violated');
  };
  fc.assert(fc.property(habits, sameVerdicts), { seed: 1, numRuns: 60, endOnFailure: true });
  expect(seen.proved).toBeGreaterThan(10);
  expect(seen.violated).toBeGreaterThan(10);
}, 30_000);
