import type { Bounds, Ticks } from '../kernel/bounds.ts';
import type { Clock, Mark, Span } from '../kernel/clock-contract.ts';
import { InternalError, UnfollowableError } from '../kernel/errors.ts';
import { Timer } from '../kernel/timer.ts';
import { AT_MOST_ZERO, constantOf, isWeak, lessThan, UNBOUNDED } from './bound.ts';
import { Zone } from './zone.ts';

/** What a row of the zone stands for: a timer that is pending, or a mark in the past. */
type Variable = Timer | Mark;

/** Marks come before all timers. */
const FIRST_RANK_OF_MARKS = Number.MIN_SAFE_INTEGER;

/** Where a variable stands in the zone: the same for the same purpose, whatever way led there. */
function rankOf(variable: Variable): number {
  return isTimer(variable) ? variable.rank : variable.id + FIRST_RANK_OF_MARKS;
}

function isTimer(variable: Variable | undefined): variable is Timer {
  return variable instanceof Timer;
}

/**
 * Every real-valued timing at once: nothing is picked. The pending timers and the marks are the variables of a zone, in the
 * order of their ranks, marks first, so that equal situations have equal zones whatever way led there.
 */
export class SymbolicClock implements Clock {
  #zone = Zone.now;
  #variables: Variable[] = [];
  readonly #armedForNow: Timer[] = [];
  /** How many of the variables are marks. */
  #marks = 0;

  /** All that can matter later, to be handed back to `restore`. */
  get zone(): Zone {
    return this.#zone;
  }

  /** What the rows of the zone stand for, now aside. */
  get ranks(): readonly number[] {
    return this.#variables.map(rankOf);
  }

  /** The timers that may fire without any time passing; also those that another one holds back. */
  get dueNow(): readonly Timer[] {
    const timers: Timer[] = [];
    for (let row = this.#marks + 1; row < this.#zone.size; row++) {
      if (this.#zone.bound(0, row) === AT_MOST_ZERO) timers.push(this.#variables[row - 1] as Timer);
    }
    return timers;
  }

  /** Those that were armed since the last call, and may fire at once. */
  takeArmedForNow(): readonly Timer[] {
    return this.#armedForNow.splice(0);
  }

  /** `timerOf` gives the timer that has a rank in the state that is restored. */
  restore(zone: Zone, ranks: readonly number[], timerOf: (rank: number) => Timer): void {
    this.#zone = zone;
    this.#marks = 0;
    this.#variables = ranks.map((rank) => {
      if (rank >= 0) return timerOf(rank);
      this.#marks++;
      return { id: rank - FIRST_RANK_OF_MARKS };
    });
  }

  /** Ranks have changed (messages of a line moved up): put the rows back into their order. */
  reorder(): void {
    const variables = this.#variables;
    let sorted = true;
    for (let i = 1; i < variables.length; i++) {
      if (rankOf(variables[i - 1] as Variable) > rankOf(variables[i] as Variable)) sorted = false;
    }
    if (sorted) return;
    const order = variables.map((_, index) => index);
    order.sort((a, b) => rankOf(variables[a] as Variable) - rankOf(variables[b] as Variable));
    this.#zone = this.#zone.select([0, ...order.map((index) => index + 1)]);
    this.#variables = order.map((index) => variables[index] as Variable);
  }

  arm(timer: Timer, bounds: Bounds, after: Timer | undefined): void {
    if (bounds.min === 0 && !bounds.minOpen) this.#armedForNow.push(timer);
    const row = this.#insert(timer, bounds.min, bounds.minOpen, bounds.max, bounds.maxOpen);
    timer.after = after;
    if (after === undefined) return;
    after.follower = timer;
    const ahead = this.#rowOf(after);
    const upper = this.#zone.bound(row, 0);
    if (this.#zone.bound(ahead, 0) > upper) {
      throw new UnfollowableError(
        `${timer.name} is held back where ${after.name} takes longer than it may: give it no shorter greatest length`,
      );
    }
    this.#zone = this.#limited(ahead, row, AT_MOST_ZERO);
  }

  cancel(timer: Timer): void {
    this.#forget(timer);
    this.#drop(this.#rowOf(timer));
  }

  firable(urgent: boolean): readonly Timer[] {
    const timers: Timer[] = [];
    const first = this.#marks + 1;
    for (let row = first; row < this.#zone.size; row++) {
      const timer = this.#variables[row - 1] as Timer;
      if (timer.after !== undefined) continue;
      const can = urgent ? this.#zone.bound(0, row) === AT_MOST_ZERO : this.#zone.canBeFirst(row, first);
      if (can) timers.push(timer);
    }
    return timers;
  }

  fire(timer: Timer, urgent: boolean): void {
    this.#forget(timer);
    const row = this.#rowOf(timer);
    if (urgent) this.#zone = this.#limited(row, 0, AT_MOST_ZERO);
    this.#zone = this.#zone.fire(row, this.#marks + 1);
    this.#variables.splice(row - 1, 1);
  }

  /** Whether nothing that is pending must ever happen. */
  canWaitForEver(): boolean {
    for (let row = this.#marks + 1; row < this.#zone.size; row++)
      if (this.#zone.bound(row, 0) !== UNBOUNDED) return false;
    return true;
  }

  cutAt(_at: Ticks): void {
    throw new InternalError('a symbolic run has no horizon');
  }

  mark(id: number): Mark {
    const mark: Mark = { id };
    this.#insert(mark, 0, false, 0, false);
    this.#marks++;
    return mark;
  }

  since(mark: Mark): Span {
    const row = this.#rowOf(mark);
    const least = this.#zone.bound(row, 0);
    const greatest = this.#zone.bound(0, row);
    return {
      least: 0 - constantOf(least),
      greatest: constantOf(greatest),
      leastAttained: isWeak(least),
      greatestAttained: isWeak(greatest) && greatest !== UNBOUNDED,
    };
  }

  unmark(mark: Mark): void {
    this.#drop(this.#rowOf(mark));
    this.#marks--;
  }

  /** Let the time since `mark` be known only as "more than `length`" where it certainly is, so that it does not grow for ever. */
  saturate(mark: Mark, length: Ticks): void {
    const row = this.#rowOf(mark);
    if (this.#zone.bound(row, 0) >= lessThan(-length)) return;
    const rows = [...Array(this.#zone.size).keys()].filter((each) => each !== row);
    this.#zone = this.#zone.select(rows).insert(row, -Infinity, false, -length, true);
  }

  stamp(): Ticks {
    return 0;
  }

  #limited(row: number, column: number, bound: number): Zone {
    const zone = this.#zone.constrain(row, column, bound);
    if (zone === undefined) throw new InternalError('the zone became empty');
    return zone;
  }

  /** Followers of a line are released when what is ahead of them has gone. */
  #forget(timer: Timer): void {
    timer.after = undefined;
    if (timer.follower === undefined) return;
    timer.follower.after = undefined;
    timer.follower = undefined;
  }

  #insert(variable: Variable, least: Ticks, leastStrict: boolean, greatest: Ticks, greatestStrict: boolean): number {
    const variables = this.#variables;
    let index = variables.length;
    while (index > 0 && rankOf(variables[index - 1] as Variable) > rankOf(variable)) index--;
    variables.splice(index, 0, variable);
    this.#zone = this.#zone.insert(index + 1, least, leastStrict, greatest, greatestStrict);
    return index + 1;
  }

  #drop(row: number): void {
    this.#zone = this.#zone.drop(row);
    this.#variables.splice(row - 1, 1);
  }

  #rowOf(variable: Variable): number {
    const rank = rankOf(variable);
    const index = this.#variables.findIndex((each) => rankOf(each) === rank);
    if (index < 0) throw new InternalError('the clock does not know this timer or mark');
    return index + 1;
  }
}
