import FakeTimers from '@sinonjs/fake-timers';
import { type Bounds, greatestTicks, inFinerTicks, leastTicks, type Ticks } from '../kernel/bounds.ts';
import type { Clock, Mark, Span } from '../kernel/clock-contract.ts';
import type { DecisionDoor } from '../kernel/decision.ts';
import { ModelError } from '../kernel/errors.ts';
import type { Timer } from '../kernel/timer.ts';

/** The longest time that fake timers, like real ones, can hold: 2^31 - 1. Longer ones take several, one after the other. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

/** Fake timers throw after this many timers in one of their own loops; ours are never run by those loops. */
const LOOP_LIMIT = Number.MAX_SAFE_INTEGER;

interface ConcreteMark extends Mark {
  readonly at: Ticks;
}

/** The part of a fake clock that is used here. One of its milliseconds stands for one tick of the model. */
interface FakeClock {
  readonly now: number;
  setTimeout(callback: () => void, delay: number): unknown;
  next(): number;
  tick(length: number): number;
  reset(): void;
}

/**
 * Fake timers for a host that has next to nothing, so that no clock of theirs can touch the real one. Its `setTimeout`
 * gives numbers, as a browser's does, which spares the object per timer that Node's has. Made once: it keeps nothing of
 * a run but the running number of its timers, which nobody sees.
 */
const bareHost = FakeTimers.withGlobal({
  // biome-ignore lint/style/noRestrictedGlobals: fake timers want the class to make their own from; nobody asks it the time
  Date,
  setTimeout: () => 0,
  clearTimeout: () => undefined,
  setInterval: () => 0,
  clearInterval: () => undefined,
} as unknown as Parameters<typeof FakeTimers.withGlobal>[0]);

/** A clock at 0; nothing is installed. */
export function createFakeClock(): FakeClock {
  return bareHost.createClock(0, LOOP_LIMIT) as unknown as FakeClock;
}

/**
 * A fake clock that waits for its next run: to make one costs as much as ten firings do. One that is in use is not
 * here, so two runs never share one, even if one is run inside the other.
 */
export class SpareClock {
  #spare: FakeClock | undefined;

  /** A clock at 0 without timers. */
  take(): FakeClock {
    const clock = this.#spare ?? createFakeClock();
    this.#spare = undefined;
    return clock;
  }

  giveBack(clock: FakeClock): void {
    clock.reset();
    this.#spare = clock;
  }
}

/**
 * Concrete time, owned by @sinonjs/fake-timers: a run has a clock to itself, never installed. The length of a timer is
 * decided when it is armed.
 *
 * Timers are re-armed and stopped more often than they fire, and often many fire at one instant. So a fake timer is set
 * only when time goes on: one, for the next instant at which anything is due.
 */
export class FakeTimersClock implements Clock {
  readonly #clock: FakeClock;
  readonly #spare: SpareClock;
  #door: DecisionDoor | undefined;
  /**
   * Armed timers that will fire one day, in the order in which they were armed: those of length "never" are not among
   * them. They are linked through themselves, for nothing else happens as often as that one comes or goes.
   */
  #first: Timer | undefined;
  #last: Timer | undefined;
  /** Those that are due now and have not fired yet, in the order in which they were armed. */
  readonly #due: Timer[] = [];

  /** How many of its ticks make one of the model's. */
  readonly #scale: number;

  constructor(spare = new SpareClock(), scale = 1) {
    this.#door = undefined;
    this.#spare = spare;
    this.#scale = scale;
    this.#clock = spare.take();
  }

  /** `door` is asked for the length of each timer that is not fixed. It looks at the clock, and is made after it. */
  askAt(door: DecisionDoor): void {
    this.#door = door;
  }

  arm(timer: Timer, bounds: Bounds, after: Timer | undefined): void {
    const length = bounds.min === bounds.max ? bounds.min * this.#scale : this.#decide(timer, bounds);
    const due = this.#clock.now + length;
    timer.dueAt = after === undefined ? due : Math.max(due, after.dueAt);
    timer.after = after;
    if (after !== undefined) after.follower = timer;
    if (timer.dueAt === Infinity) return;
    if (!Number.isSafeInteger(timer.dueAt))
      throw new ModelError('bad-bounds', `${timer.name}: ${length} ticks is too long`);
    this.#link(timer);
    if (timer.dueAt === this.#clock.now) this.#due.push(timer);
  }

  cancel(timer: Timer): void {
    this.#unlink(timer);
    this.#dropDue(timer);
  }

  firable(urgent: boolean): readonly Timer[] {
    const due = this.#due;
    if (!urgent && due.length === 0 && this.#first !== undefined) this.#advance();
    for (let i = 1; i < due.length; i++) {
      if (isHeldBack(due[i] as Timer)) return due.filter((timer) => !isHeldBack(timer));
    }
    return due;
  }

  fire(timer: Timer, _urgent: boolean): void {
    this.#unlink(timer);
    this.#dropDue(timer);
  }

  /** `firable` has gone on to what comes after `at` by now, and a fake clock cannot go back: it starts anew. */
  cutAt(at: Ticks): void {
    this.#clock.reset();
    this.#clock.tick(at);
  }

  mark(id: number): Mark {
    const mark: ConcreteMark = { id, at: this.#clock.now };
    return mark;
  }

  unmark(_mark: Mark): void {}

  since(mark: Mark): Span {
    const elapsed = this.#clock.now - (mark as ConcreteMark).at;
    return { least: elapsed, greatest: elapsed, leastAttained: true, greatestAttained: true };
  }

  stamp(): Ticks {
    return this.#clock.now;
  }

  /** When each armed timer fires that does so from `from` to `to`, for strategies that look for coincidences. */
  dueWithin(from: Ticks, to: Ticks): readonly Ticks[] {
    const ticks: Ticks[] = [];
    for (let timer = this.#first; timer !== undefined; timer = timer.armedAfter) {
      if (timer.dueAt >= from && timer.dueAt <= to) ticks.push(timer.dueAt);
    }
    return ticks;
  }

  /** The run is over, and its fake clock free for the next one. */
  dispose(): void {
    this.#spare.giveBack(this.#clock);
  }

  #decide(timer: Timer, bounds: Bounds): Ticks {
    const door = this.#door as DecisionDoor;
    timer.site ??= door.site(timer.fullName, 'delay', timer.fault);
    const scaled = this.#scale === 1 ? bounds : inFinerTicks(bounds, this.#scale);
    return door.delay(timer.site, leastTicks(scaled), greatestTicks(scaled));
  }

  /** Let fake time go on to the next instant at which anything is due. */
  #advance(): void {
    const due = this.#due;
    let next = Infinity;
    for (let timer = this.#first; timer !== undefined; timer = timer.armedAfter) next = Math.min(next, timer.dueAt);
    for (let timer = this.#first; timer !== undefined; timer = timer.armedAfter) {
      if (timer.dueAt === next) due.push(timer);
    }
    const clock = this.#clock;
    while (clock.now < next) {
      clock.setTimeout(doNothing, Math.min(next - clock.now, LONGEST_TIMEOUT));
      clock.next();
    }
  }

  #link(timer: Timer): void {
    timer.armed = true;
    timer.armedBefore = this.#last;
    if (this.#last === undefined) this.#first = timer;
    else this.#last.armedAfter = timer;
    this.#last = timer;
  }

  #unlink(timer: Timer): void {
    if (!timer.armed) return;
    const { armedBefore, armedAfter } = timer;
    if (armedBefore === undefined) this.#first = armedAfter;
    else armedBefore.armedAfter = armedAfter;
    if (armedAfter === undefined) this.#last = armedBefore;
    else armedAfter.armedBefore = armedBefore;
    timer.armed = false;
    timer.armedBefore = undefined;
    timer.armedAfter = undefined;
  }

  #dropDue(timer: Timer): void {
    timer.after = undefined;
    if (timer.follower !== undefined) {
      timer.follower.after = undefined;
      timer.follower = undefined;
    }
    const due = this.#due;
    if (due.length === 0) return;
    if (due[0] === timer) {
      due.shift();
      return;
    }
    const index = due.indexOf(timer);
    if (index > 0) due.splice(index, 1);
  }
}

function doNothing(): void {}

/** Whether an earlier message of the same line must arrive first. */
function isHeldBack(timer: Timer): boolean {
  return timer.after !== undefined;
}
