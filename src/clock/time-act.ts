import type { Bounds, Ticks } from '../kernel/bounds.ts';
import type { Span } from '../kernel/clock-contract.ts';
import { InternalError, UnfollowableError } from '../kernel/errors.ts';
import { RANKS_OF_AN_OBJECT } from '../kernel/timer.ts';
import { AT_MOST_ZERO, constantOf, isWeak, lessThan, UNBOUNDED } from './bound.ts';
import type { Zone } from './zone.ts';

/**
 * What a step does to time, in terms of ranks: where variables stand in a zone, the same for the same purpose, whatever way
 * led there. The rank of a timer is its own; marks come before all timers.
 */
export type TimeAct =
  /** The timer of this rank goes first. */
  | { readonly does: 'fire'; readonly rank: number }
  | {
      readonly does: 'arm';
      readonly rank: number;
      readonly bounds: Bounds;
      /** It does not fire before this one. */
      readonly after: Ahead | undefined;
    }
  | { readonly does: 'cancel'; readonly rank: number }
  | { readonly does: 'mark'; readonly rank: number }
  | { readonly does: 'unmark'; readonly rank: number }
  /** The time since this mark is asked for. */
  | { readonly does: 'ask'; readonly rank: number };

/** A timer that another one is armed behind; the names are for error messages. */
interface Ahead {
  readonly rank: number;
  readonly name: string;
  readonly nameBehind: string;
}

/** Marks come before all timers. */
const FIRST_RANK_OF_MARKS = Number.MIN_SAFE_INTEGER;

export function rankOfMark(id: number): number {
  return id + FIRST_RANK_OF_MARKS;
}

/** How many of `ranks`, which are in order, are those of marks. */
function marksAmong(ranks: readonly number[]): number {
  let count = 0;
  while (count < ranks.length && (ranks[count] as number) < 0) count++;
  return count;
}

/** Whether it is a message that another one of its line is ahead of. */
export function isHeldBack(rank: number): boolean {
  return rank >= 0 && rank % RANKS_OF_AN_OBJECT !== 0;
}

/** The row of a rank in the zone; the first row is now. */
export function rowOf(ranks: readonly number[], rank: number): number {
  const index = ranks.indexOf(rank);
  if (index < 0) throw new InternalError('the clock does not know this timer or mark');
  return index + 1;
}

/** One thing to be done to a zone, by rows. */
type RowAct =
  | { readonly does: 'fire'; readonly row: number; readonly from: number }
  | { readonly does: 'insert'; readonly row: number; readonly bounds: Bounds }
  | { readonly does: 'hold back'; readonly row: number; readonly rowAhead: number; readonly ahead: Ahead }
  | { readonly does: 'drop'; readonly row: number }
  | { readonly does: 'ask'; readonly row: number };

const AT_ONCE: Bounds = { min: 0, max: 0, minOpen: false, maxOpen: false };

/** What became of a zone, and what was asked on the way. */
export interface Passage {
  readonly zone: Zone;
  readonly spans: readonly Span[];
}

const NO_SPANS: readonly Span[] = [];

/** Some acts, made out for zones whose variables have certain ranks: all that is left to do is arithmetic. */
export class ZoneProgram {
  /** The ranks afterwards. */
  readonly ranks: readonly number[];
  readonly #acts: RowAct[] = [];
  readonly #urgent: boolean;

  /** `urgent`: no time may pass before a timer fires. */
  constructor(ranks: readonly number[], acts: readonly TimeAct[], urgent: boolean) {
    this.#urgent = urgent;
    let now = [...ranks];
    for (const act of acts) now = this.#compile(now, act);
    this.ranks = now;
  }

  run(start: Zone): Passage {
    let zone = start;
    let spans: Span[] | undefined;
    for (const act of this.#acts) {
      switch (act.does) {
        case 'fire':
          if (this.#urgent) zone = limited(zone, act.row, 0);
          zone = zone.fire(act.row, act.from);
          break;
        case 'insert': {
          const { min, minOpen, max, maxOpen } = act.bounds;
          zone = zone.insert(act.row, min, minOpen, max, maxOpen);
          break;
        }
        case 'hold back':
          if (zone.bound(act.rowAhead, 0) > zone.bound(act.row, 0)) throw cannotBeHeldBack(act.ahead);
          zone = limited(zone, act.rowAhead, act.row);
          break;
        case 'drop':
          zone = zone.drop(act.row);
          break;
        case 'ask':
          spans ??= [];
          spans.push(spanAt(zone, act.row));
      }
    }
    return { zone, spans: spans ?? NO_SPANS };
  }

  #compile(ranks: number[], act: TimeAct): number[] {
    const { rank } = act;
    switch (act.does) {
      case 'fire': {
        const row = rowOf(ranks, rank);
        this.#acts.push({ does: 'fire', row, from: marksAmong(ranks) + 1 });
        ranks.splice(row - 1, 1);
        return movedUp(ranks, rank);
      }
      case 'arm': {
        const row = this.#insert(ranks, rank, act.bounds);
        if (act.after !== undefined) {
          this.#acts.push({ does: 'hold back', row, rowAhead: rowOf(ranks, act.after.rank), ahead: act.after });
        }
        return ranks;
      }
      case 'mark':
        this.#insert(ranks, rank, AT_ONCE);
        return ranks;
      case 'cancel':
      case 'unmark': {
        const row = rowOf(ranks, rank);
        this.#acts.push({ does: 'drop', row });
        ranks.splice(row - 1, 1);
        return ranks;
      }
      case 'ask':
        this.#acts.push({ does: 'ask', row: rowOf(ranks, rank) });
        return ranks;
    }
  }

  #insert(ranks: number[], rank: number, bounds: Bounds): number {
    let index = ranks.length;
    while (index > 0 && (ranks[index - 1] as number) > rank) index--;
    ranks.splice(index, 0, rank);
    this.#acts.push({ does: 'insert', row: index + 1, bounds });
    return index + 1;
  }
}

/** The messages behind one that has arrived move up. */
function movedUp(ranks: readonly number[], arrived: number): number[] {
  const line = Math.floor(arrived / RANKS_OF_AN_OBJECT);
  return ranks.map((rank) => (rank > arrived && Math.floor(rank / RANKS_OF_AN_OBJECT) === line ? rank - 1 : rank));
}

/** The ranks of the timers of which any may be the next to fire, with `urgent` without any time passing. */
export function firableAmong(zone: Zone, ranks: readonly number[], urgent: boolean): number[] {
  const firable: number[] = [];
  const first = marksAmong(ranks) + 1;
  for (let row = first; row < zone.size; row++) {
    const rank = ranks[row - 1] as number;
    if (isHeldBack(rank)) continue;
    if (urgent ? isDueNow(zone, row) : zone.canBeFirst(row, first)) firable.push(rank);
  }
  return firable;
}

/** The ranks of the timers that may fire without any time passing; also those that another one holds back. */
export function dueNowAmong(zone: Zone, ranks: readonly number[]): number[] {
  return ranks.filter((rank, index) => rank >= 0 && isDueNow(zone, index + 1));
}

/** Whether nothing that is pending must ever happen. */
export function canWaitForEver(zone: Zone, ranks: readonly number[]): boolean {
  for (let row = marksAmong(ranks) + 1; row < zone.size; row++) if (zone.bound(row, 0) !== UNBOUNDED) return false;
  return true;
}

function isDueNow(zone: Zone, row: number): boolean {
  return zone.bound(0, row) === AT_MOST_ZERO;
}

/** What is known at row `row`, a mark, about the time since. */
export function spanAt(zone: Zone, row: number): Span {
  const least = zone.bound(row, 0);
  const greatest = zone.bound(0, row);
  return {
    least: 0 - constantOf(least),
    greatest: constantOf(greatest),
    leastAttained: isWeak(least),
    greatestAttained: isWeak(greatest) && greatest !== UNBOUNDED,
  };
}

/** Let the time since the mark at `row` be known only as "more than `length`" where it certainly is, so that it does not grow for ever. */
export function saturated(zone: Zone, row: number, length: Ticks): Zone {
  if (zone.bound(row, 0) >= lessThan(-length)) return zone;
  return zone.drop(row).insert(row, -Infinity, false, -length, true);
}

function limited(zone: Zone, row: number, column: number): Zone {
  const rest = zone.constrain(row, column, AT_MOST_ZERO);
  if (rest === undefined) throw new InternalError('the zone became empty');
  return rest;
}

function cannotBeHeldBack({ name, nameBehind }: Ahead): UnfollowableError {
  return new UnfollowableError(
    `${nameBehind} is held back where ${name} takes longer than it may: give it no shorter greatest length`,
  );
}
