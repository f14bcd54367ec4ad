import type { Bounds, Ticks } from '../kernel/bounds.ts';
import type { Clock, Mark, Span } from '../kernel/clock-contract.ts';
import { InternalError, UnfollowableError } from '../kernel/errors.ts';
import type { Timer } from '../kernel/timer.ts';
import { isHeldBack, rankOfMark, type TimeAct } from './time-act.ts';

/** Nothing is known yet about the time since a mark. */
const ANY_SPAN: Span = { least: 0, greatest: Infinity, leastAttained: true, greatestAttained: false };

/**
 * Every real-valued timing at once: nothing is picked. It only keeps what a step does to time; a `ZoneProgram` then does
 * that to all the points in time at which the step can be made. So a step is made once, whatever the times.
 */
export class SymbolicClock implements Clock {
  #acts: TimeAct[] = [];

  /** What has been done since the last call. */
  takeActs(): readonly TimeAct[] {
    const acts = this.#acts;
    this.#acts = [];
    return acts;
  }

  arm(timer: Timer, bounds: Bounds, after: Timer | undefined): void {
    const { rank, name } = timer;
    if (after === undefined) this.#acts.push({ does: 'arm', rank, bounds, after });
    else {
      if (!isHeldBack(rank) || after.rank !== rank - 1)
        throw new UnfollowableError(`${name} is armed behind ${after.name}: only messages of one line can be`);
      const ahead = { rank: after.rank, name: after.name, nameBehind: name };
      this.#acts.push({ does: 'arm', rank, bounds, after: ahead });
    }
  }

  cancel(timer: Timer): void {
    this.#acts.push({ does: 'cancel', rank: timer.rank });
  }

  firable(): never {
    throw new InternalError('what can fire hangs on the zone');
  }

  fire(timer: Timer): void {
    this.#acts.push({ does: 'fire', rank: timer.rank });
  }

  cutAt(_at: Ticks): void {
    throw new InternalError('a symbolic run has no horizon');
  }

  mark(id: number): Mark {
    this.#acts.push({ does: 'mark', rank: rankOfMark(id) });
    return { id };
  }

  since(mark: Mark): Span {
    this.#acts.push({ does: 'ask', rank: rankOfMark(mark.id) });
    return ANY_SPAN;
  }

  unmark(mark: Mark): void {
    this.#acts.push({ does: 'unmark', rank: rankOfMark(mark.id) });
  }

  stamp(): Ticks {
    return 0;
  }
}
