import { describe, expect, test } from 'vitest';
import { SymbolicClock } from '../../src/clock/symbolic-clock.ts';
import { type Bounds, between } from '../../src/kernel/bounds.ts';
import { DecisionDoor, type Strategy } from '../../src/kernel/decision.ts';
import { UnfollowableError } from '../../src/kernel/errors.ts';
import { DEFAULT_LIMITS, Kernel } from '../../src/kernel/kernel.ts';
import { Sim } from '../../src/kernel/sim.ts';
import { Timer } from '../../src/kernel/timer.ts';

/** A clock, and timers for it with ranks in the order of making. Nothing runs: they are armed on the clock itself. */
function bench() {
  const clock = new SymbolicClock();
  const nobody: Strategy = { delay: (_site, least) => least, order: () => 0, choice: () => 0 };
  const observer = { event: () => undefined, note: () => undefined, stepped: () => undefined };
  const kernel = new Kernel(clock, new DecisionDoor(nobody, () => 0), observer, DEFAULT_LIMITS, false);
  const sim = new Sim(kernel, '');
  let made = 0;
  const timer = (bounds: Bounds, after?: Timer): Timer => {
    const each = new Timer(kernel, sim, kernel.names.of(`timer ${++made}`), false);
    each.trackedAs = made;
    clock.arm(each, bounds, after);
    return each;
  };
  const names = (urgent = false) => clock.firable(urgent).map(({ name }) => name);
  return { clock, timer, names };
}

describe('the symbolic clock', () => {
  test('whoever can be first may fire, and time stands at its end of the others', () => {
    const { clock, timer, names } = bench();
    const early = timer(between(1, 5));
    timer(between(3, 9));
    timer(between(6, 7));
    expect(names()).toEqual(['timer 1', 'timer 2']);
    clock.fire(early, false);
    expect(names()).toEqual(['timer 2', 'timer 3']);
  });

  test('at a tie either may go first, unless an end is strict', () => {
    const tie = bench();
    tie.timer(between(0, 5));
    tie.timer(between(5, 9));
    expect(tie.names()).toEqual(['timer 1', 'timer 2']);
    const strict = bench();
    strict.timer(between(0, 5, 'max'));
    strict.timer(between(5, 9));
    expect(strict.names()).toEqual(['timer 1']);
  });

  test('urgent: only what may be due now', () => {
    const { timer, names } = bench();
    timer(between(0, 5));
    timer(between(1, 5));
    timer(between(0, 5, 'min'));
    expect(names(true)).toEqual(['timer 1']);
  });

  test('a message does not overtake the one ahead', () => {
    const { clock, timer, names } = bench();
    const first = timer(between(1, 10));
    timer(between(1, 10), first);
    expect(names()).toEqual(['timer 1']);
    clock.fire(first, false);
    expect(names()).toEqual(['timer 2']);
    expect(clock.zone.bound(0, 1)).toBe(1);
  });

  test('one that would be held back beyond its own bounds cannot be followed', () => {
    const { timer } = bench();
    const slow = timer(between(1, 10));
    expect(() => timer(between(1, 2), slow)).toThrow(UnfollowableError);
  });

  test('a mark knows exactly how long ago it was', () => {
    const { clock, timer } = bench();
    const one = timer(between(2, 4));
    const mark = clock.mark(0);
    clock.fire(one, false);
    expect(clock.since(mark)).toEqual({ least: 2, greatest: 4, leastAttained: true, greatestAttained: true });
    const two = timer(between(1, 3, 'both'));
    clock.fire(two, false);
    expect(clock.since(mark)).toEqual({ least: 3, greatest: 7, leastAttained: false, greatestAttained: false });
  });

  test('one that may come at any time has its row, and bounds nothing', () => {
    const { clock, timer, names } = bench();
    timer(between(0, Infinity));
    expect(clock.zone.size).toBe(2);
    expect(clock.canWaitForEver()).toBe(true);
    timer(between(4, 8));
    expect(clock.canWaitForEver()).toBe(false);
    expect(names()).toEqual(['timer 1', 'timer 2']);
  });

  test('a span that is longer than anybody asks is only known to be longer', () => {
    const { clock, timer } = bench();
    const mark = clock.mark(0);
    clock.fire(timer(between(20, 30)), false);
    clock.saturate(mark, 50);
    expect(clock.since(mark)).toMatchObject({ least: 20, greatest: 30 });
    clock.saturate(mark, 10);
    expect(clock.since(mark)).toMatchObject({ least: 10, greatest: Infinity, leastAttained: false });
  });

  test('what is cancelled leaves what is known of the others', () => {
    const { clock, timer, names } = bench();
    const gone = timer(between(1, 2));
    timer(between(5, 6));
    clock.cancel(gone);
    expect(names()).toEqual(['timer 2']);
  });
});
