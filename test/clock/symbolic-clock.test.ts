import { describe, expect, test } from 'vitest';
import { SymbolicClock } from '../../src/clock/symbolic-clock.ts';
import {
  canWaitForEver,
  firableAmong,
  rankOfMark,
  rowOf,
  saturated,
  spanAt,
  ZoneProgram,
} from '../../src/clock/time-act.ts';
import { Zone } from '../../src/clock/zone.ts';
import { type Bounds, between } from '../../src/kernel/bounds.ts';
import type { Mark } from '../../src/kernel/clock-contract.ts';
import { DecisionDoor, type Strategy } from '../../src/kernel/decision.ts';
import { UnfollowableError } from '../../src/kernel/errors.ts';
import { DEFAULT_LIMITS, Kernel } from '../../src/kernel/kernel.ts';
import { Sim } from '../../src/kernel/sim.ts';
import { RANKS_OF_AN_OBJECT, Timer } from '../../src/kernel/timer.ts';

/**
 * A clock, the zone that comes of what is done to it, and timers with ranks in the order of making; messages are those of a line
 * that is made last. Nothing runs: they are armed on the clock itself.
 */
function bench() {
  const clock = new SymbolicClock();
  const nobody: Strategy = { delay: (_site, least) => least, order: () => 0, choice: () => 0 };
  const observer = { event: () => undefined, note: () => undefined, stepped: () => undefined };
  const kernel = new Kernel(clock, new DecisionDoor(nobody, clock), observer, DEFAULT_LIMITS, false);
  const sim = new Sim(kernel, kernel.names.of(''));
  let zone = Zone.now;
  let ranks: readonly number[] = [];
  let made = 0;
  const all = new Map<number, Timer>();
  const now = (urgent = false): void => {
    const program = new ZoneProgram(ranks, clock.takeActs(), urgent);
    ({ zone } = program.run(zone));
    ({ ranks } = program);
  };
  const armed = (each: Timer, bounds: Bounds, after?: Timer): Timer => {
    all.set(each.rank, each);
    clock.arm(each, bounds, after);
    now();
    return each;
  };
  const makeOne = () => new Timer(kernel, sim, kernel.names.of(`timer ${++made}`), false);
  const timer = (bounds: Bounds): Timer => {
    const each = makeOne();
    each.trackedAs = made;
    return armed(each, bounds);
  };
  const messages: Timer[] = [];
  const message = (bounds: Bounds): Timer => {
    const each = makeOne();
    each.place = 99 * RANKS_OF_AN_OBJECT + messages.length;
    const after = messages.at(-1);
    messages.push(each);
    return armed(each, bounds, after);
  };
  const arrive = (): void => {
    clock.fire(messages.shift() as Timer);
    for (const each of messages) {
      each.place--;
      all.set(each.rank, each);
    }
    now();
  };
  return {
    timer,
    message,
    arrive,
    names: (urgent = false) => firableAmong(zone, ranks, urgent).map((rank) => all.get(rank)?.name),
    fire: (each: Timer, urgent = false) => {
      clock.fire(each);
      now(urgent);
    },
    cancel: (each: Timer) => {
      clock.cancel(each);
      now();
    },
    mark: () => {
      const mark = clock.mark(0);
      now();
      return mark;
    },
    since: ({ id }: Mark) => spanAt(zone, rowOf(ranks, rankOfMark(id))),
    saturate: ({ id }: Mark, length: number) => {
      zone = saturated(zone, rowOf(ranks, rankOfMark(id)), length);
    },
    canWaitForEver: () => canWaitForEver(zone, ranks),
    zone: () => zone,
  };
}

describe('the symbolic clock', () => {
  test('whoever can be first may fire, and time stands at its end of the others', () => {
    const { fire, timer, names } = bench();
    const early = timer(between(1, 5));
    timer(between(3, 9));
    timer(between(6, 7));
    expect(names()).toEqual(['timer 1', 'timer 2']);
    fire(early);
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
    const { message, arrive, names, zone } = bench();
    message(between(1, 10));
    message(between(1, 10));
    expect(names()).toEqual(['timer 1']);
    arrive();
    expect(names()).toEqual(['timer 2']);
    expect(zone().bound(0, 1)).toBe(1);
  });

  test('one that would be held back beyond its own bounds cannot be followed', () => {
    const { message } = bench();
    message(between(1, 10));
    expect(() => message(between(1, 2))).toThrow(UnfollowableError);
  });

  test('a mark knows exactly how long ago it was', () => {
    const { timer, fire, mark: begin, since } = bench();
    const one = timer(between(2, 4));
    const mark = begin();
    fire(one);
    expect(since(mark)).toEqual({ least: 2, greatest: 4, leastAttained: true, greatestAttained: true });
    const two = timer(between(1, 3, 'both'));
    fire(two);
    expect(since(mark)).toEqual({ least: 3, greatest: 7, leastAttained: false, greatestAttained: false });
  });

  test('one that may come at any time has its row, and bounds nothing', () => {
    const { canWaitForEver: canWait, zone, timer, names } = bench();
    timer(between(0, Infinity));
    expect(zone().size).toBe(2);
    expect(canWait()).toBe(true);
    timer(between(4, 8));
    expect(canWait()).toBe(false);
    expect(names()).toEqual(['timer 1', 'timer 2']);
  });

  test('a span that is longer than anybody asks is only known to be longer', () => {
    const { timer, fire, mark: begin, saturate, since } = bench();
    const mark = begin();
    fire(timer(between(20, 30)));
    saturate(mark, 50);
    expect(since(mark)).toMatchObject({ least: 20, greatest: 30 });
    saturate(mark, 10);
    expect(since(mark)).toMatchObject({ least: 10, greatest: Infinity, leastAttained: false });
  });

  test('what is cancelled leaves what is known of the others', () => {
    const { cancel, timer, names } = bench();
    const gone = timer(between(1, 2));
    timer(between(5, 6));
    cancel(gone);
    expect(names()).toEqual(['timer 2']);
  });
});
