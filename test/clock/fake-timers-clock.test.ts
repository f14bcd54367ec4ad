import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FakeTimersClock, SpareClock } from '../../src/clock/fake-timers-clock.ts';
import { FixedStrategy } from '../../src/engine/fixed-strategy.ts';
import { EMPTY_SCHEDULE } from '../../src/engine/schedule.ts';
import { between } from '../../src/kernel/bounds.ts';
import { DecisionDoor } from '../../src/kernel/decision.ts';
import { DEFAULT_LIMITS, Kernel } from '../../src/kernel/kernel.ts';
import { Sim } from '../../src/kernel/sim.ts';
import type { Timer } from '../../src/kernel/timer.ts';

/** Longest length that host timers, and so fake ones, can hold. */
const LONGEST = 2 ** 31 - 1;

/** A clock with a kernel around it that never runs: the test itself says what happens. */
function bench(spare = new SpareClock()) {
  const clock = new FakeTimersClock(spare);
  const door = new DecisionDoor(new FixedStrategy(EMPTY_SCHEDULE, 1), clock);
  clock.askAt(door);
  const kernel = new Kernel(clock, door, { event() {}, note() {}, stepped() {} }, DEFAULT_LIMITS, false);
  const sim = new Sim(kernel, kernel.names.of(''));
  const fire = (timer: Timer) => {
    clock.fire(timer, false);
    timer.fired();
  };
  return { clock, sim, fire };
}

const names = (timers: readonly Timer[]): readonly string[] => timers.map((timer) => timer.name);

describe('the fake-timers clock', () => {
  test('fires what is due first; at one instant in the order in which it was armed', () => {
    const { clock, sim, fire } = bench();
    const [a, b, c] = [sim.timer('a'), sim.timer('b'), sim.timer('c')];
    a.arm(20);
    b.arm(10);
    c.arm(10);
    expect([names(clock.firable(true)), clock.stamp()]).toEqual([[], 0]);
    expect([names(clock.firable(false)), clock.stamp()]).toEqual([['b', 'c'], 10]);
    fire(c);
    expect([names(clock.firable(true)), clock.stamp()]).toEqual([['b'], 10]);
    a.arm(0);
    expect([names(clock.firable(true)), clock.stamp()]).toEqual([['b', 'a'], 10]);
    fire(b);
    fire(a);
    expect([names(clock.firable(false)), clock.stamp()]).toEqual([[], 10]);
  });

  test('while something is urgent no time passes', () => {
    const { clock, sim } = bench();
    sim.timer('a').arm(1);
    for (let i = 0; i < 3; i++) expect(names(clock.firable(true))).toEqual([]);
    expect(clock.stamp()).toBe(0);
  });

  test('a length of never is never', () => {
    const { clock, sim } = bench();
    const never = sim.timer('never');
    never.arm(between(5, Infinity));
    expect(names(clock.firable(false))).toEqual([]);
    expect(never.pending).toBe(true);
    never.arm(3);
    expect([names(clock.firable(false)), clock.stamp()]).toEqual([['never'], 3]);
  });

  test('marks measure from when they were made', () => {
    const { clock, sim, fire } = bench();
    const timer = sim.timer('t');
    const early = clock.mark(0);
    timer.arm(7);
    fire(clock.firable(false)[0] as Timer);
    const late = clock.mark(1);
    timer.arm(5);
    fire(clock.firable(false)[0] as Timer);
    const exactly = (ticks: number) => ({ least: ticks, greatest: ticks, leastAttained: true, greatestAttained: true });
    expect(clock.since(early)).toEqual(exactly(12));
    expect(clock.since(late)).toEqual(exactly(5));
    expect(late.id).not.toBe(early.id);
  });

  test.each([LONGEST - 1, LONGEST, LONGEST + 1, 2 * LONGEST, 2 * LONGEST + 1, 5 * LONGEST + 12_345, 2 ** 40])(
    'a timer of %d ticks fires at that very tick',
    (length) => {
      const { clock, sim, fire } = bench();
      const [long, tick] = [sim.timer('long'), sim.timer('tick')];
      tick.arm(3);
      long.arm(length);
      fire(clock.firable(false)[0] as Timer);
      expect([names(clock.firable(false)), clock.stamp()]).toEqual([['long'], length]);
    },
  );

  test('a long timer that is stopped midway does not fire, nor hold up what comes later', () => {
    const { clock, sim, fire } = bench();
    const [long, middle, last] = [sim.timer('long'), sim.timer('middle'), sim.timer('last')];
    long.arm(2 * LONGEST + 10);
    middle.arm(LONGEST + 5);
    last.arm(3 * LONGEST);
    fire(clock.firable(false)[0] as Timer);
    expect([names([middle]), clock.stamp()]).toEqual([['middle'], LONGEST + 5]);
    long.stop();
    expect([names(clock.firable(false)), clock.stamp()]).toEqual([['last'], 3 * LONGEST]);
    fire(last);
    expect([names(clock.firable(false)), clock.stamp()]).toEqual([[], 3 * LONGEST]);
  });

  test('two clocks know nothing of each other', () => {
    const [one, other] = [bench(), bench()];
    const [a, b] = [one.sim.timer('a'), other.sim.timer('b')];
    a.arm(10);
    b.arm(3);
    expect([names(one.clock.firable(false)), one.clock.stamp(), other.clock.stamp()]).toEqual([['a'], 10, 0]);
    one.fire(a);
    a.arm(1);
    expect([names(other.clock.firable(false)), one.clock.stamp(), other.clock.stamp()]).toEqual([['b'], 10, 3]);
    other.fire(b);
    expect([names(one.clock.firable(false)), one.clock.stamp(), other.clock.stamp()]).toEqual([['a'], 11, 3]);
    expect(names(other.clock.firable(false))).toEqual([]);
  });

  test('runs that take turns on one fake clock know nothing of each other, nor does one inside another', () => {
    const spare = new SpareClock();
    const first = bench(spare);
    first.sim.timer('left over').arm(5);
    first.sim.timer('early').arm(3);
    first.fire(first.clock.firable(false)[0] as Timer);
    const inner = bench(spare);
    inner.sim.timer('inner').arm(1);
    expect([names(inner.clock.firable(false)), inner.clock.stamp(), first.clock.stamp()]).toEqual([['inner'], 1, 3]);
    inner.clock.dispose();
    expect([names(first.clock.firable(false)), first.clock.stamp()]).toEqual([['left over'], 5]);
    first.clock.dispose();
    const next = bench(spare);
    expect([names(next.clock.firable(false)), next.clock.stamp()]).toEqual([[], 0]);
    const besides = bench(spare);
    besides.sim.timer('besides').arm(2);
    expect([names(besides.clock.firable(false)), next.clock.stamp()]).toEqual([['besides'], 0]);
  });

  test('tells strategies when armed timers are due', () => {
    const { clock, sim } = bench();
    const [a, b] = [sim.timer('a'), sim.timer('b')];
    a.arm(10);
    b.arm(7);
    a.arm(LONGEST * 2);
    sim.timer('c').arm(5);
    b.stop();
    sim.timer('never').arm(between(0, Infinity));
    const due = (from: number, to: number) => [...clock.dueWithin(from, to)].sort((x, y) => x - y);
    expect(due(0, Infinity)).toEqual([5, 2 * LONGEST]);
    expect([due(5, 2 * LONGEST - 1), due(6, 2 * LONGEST), due(6, 7)]).toEqual([[5], [2 * LONGEST], []]);
  });
});

describe('against a slow and obvious clock', () => {
  /** A sorted list. That is all. */
  class ObviousClock {
    now = 0;
    #armed = 0;
    #list: { name: string; due: number; order: number; after: string | undefined }[] = [];

    arm(name: string, length: number, after?: string): void {
      this.cancel(name);
      const earlier = this.#list.find((each) => each.name === after);
      const due = Math.max(this.now + length, earlier?.due ?? 0);
      this.#list.push({ name, due, order: this.#armed++, after: earlier?.name });
      this.#list.sort((a, b) => a.due - b.due || a.order - b.order);
    }

    cancel(name: string): void {
      this.#list = this.#list.filter((each) => each.name !== name);
    }

    firable(urgent: boolean): string[] {
      const first = this.#list[0];
      if (first === undefined || first.due === Infinity || (urgent && first.due > this.now)) return [];
      this.now = first.due;
      const pending = new Set(this.#list.map((each) => each.name));
      return this.#list
        .filter((each) => each.due === this.now && !(each.after !== undefined && pending.has(each.after)))
        .map((each) => each.name);
    }
  }

  const length = fc.oneof(
    { weight: 6, arbitrary: fc.nat(6) },
    { weight: 1, arbitrary: fc.integer({ min: LONGEST - 3, max: LONGEST + 3 }) },
    { weight: 1, arbitrary: fc.integer({ min: 2 * LONGEST - 3, max: 2 * LONGEST + 3 }) },
    { weight: 1, arbitrary: fc.nat(10 * LONGEST) },
    { weight: 1, arbitrary: fc.constant(Infinity) },
  );
  const action = fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('arm' as const), timer: fc.nat(4), length }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('stop' as const), timer: fc.nat(4) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('send' as const), line: fc.nat(1), length }) },
    { weight: 5, arbitrary: fc.record({ do: fc.constant('fire' as const), which: fc.nat(5), urgent: fc.boolean() }) },
  );

  test('any sequence of arm, stop, send in line and fire gives the same (seed 20)', () => {
    let fired = 0;
    const property = fc.property(fc.array(action, { maxLength: 60, size: 'max' }), (actions) => {
      const { clock, sim, fire } = bench();
      const obvious = new ObviousClock();
      const timers = new Map(['t0', 't1', 't2', 't3', 't4'].map((name) => [name, sim.timer(name)]));
      const lastInLine = new Map<number, Timer>();
      const bounds = (ticks: number) => (ticks === Infinity ? between(0, Infinity) : ticks);
      for (const [index, act] of actions.entries()) {
        if (act.do === 'arm') {
          timers.get(`t${act.timer}`)?.arm(bounds(act.length));
          obvious.arm(`t${act.timer}`, act.length);
        } else if (act.do === 'stop') {
          timers.get(`t${act.timer}`)?.stop();
          obvious.cancel(`t${act.timer}`);
        } else if (act.do === 'send') {
          const before = lastInLine.get(act.line);
          const message = sim.timer(`message ${index}`);
          message.arm(bounds(act.length), before);
          obvious.arm(message.name, act.length, before?.name);
          lastInLine.set(act.line, message);
        } else {
          const firable = [...clock.firable(act.urgent)];
          expect(names(firable)).toEqual(obvious.firable(act.urgent));
          expect(clock.stamp()).toBe(obvious.now);
          const picked = firable[act.which % firable.length];
          if (picked === undefined) continue;
          fired++;
          fire(picked);
          obvious.cancel(picked.name);
        }
      }
    });
    fc.assert(property, { seed: 20, numRuns: 1000 });
    expect(fired).toBeGreaterThan(4000);
  });
});
