import { AT_LOOP_ENTRY, AT_LOOP_EXIT, AT_LOOP_HEAD, HandmadeProc, type Proc, RETURNED } from './waitable.ts';

/** What a loop is resumed with where it has been left already: when a process is put back to a place behind it. */
export const SKIP_LOOP = Symbol.for('halfopen skip loop');

/** What a loop's body returns to leave the loop. */
export const BREAK = Symbol.for('halfopen break');

/** One round of a loop. */
export type Round = Proc<typeof BREAK | undefined>;

/**
 * Go's `for { ... }`: runs `body` again and again until it returns `BREAK`. Write endless loops with it, not with
 * `for (;;)`: each round is a fresh call, so nothing local survives from one round to the next, which is what lets
 * an exhaustive engine see that two rounds are the same; and a round that never blocks is stopped with a verdict.
 *
 *     yield* loop(() => this.readOnce());
 *
 * Let the body be a method or a top-level `function*`, called by an arrow as here: V8 makes a new map for each closure
 * of a `function*` that is written inline, which costs more than all the rest of a round.
 */
export function loop(body: () => Round): Proc {
  return new Loop(body);
}

class Loop extends HandmadeProc {
  private readonly body: () => Round;
  /** The round that runs; undefined before the first one, at the head and at the end. */
  private round: Round | undefined;
  private begun: boolean;
  private left: boolean;

  constructor(body: () => Round) {
    super();
    this.body = body;
    this.round = undefined;
    this.begun = false;
    this.left = false;
  }

  next(received?: unknown): ReturnType<Proc['next']> {
    if (this.left || received === SKIP_LOOP) return RETURNED;
    if (this.round === undefined) {
      if (!this.begun) {
        this.begun = true;
        return AT_LOOP_ENTRY;
      }
      this.round = this.body();
    }
    const result = this.round.next(received);
    if (result.done !== true) return result;
    this.round = undefined;
    if (result.value !== BREAK) return AT_LOOP_HEAD;
    this.left = true;
    return AT_LOOP_EXIT;
  }
}
