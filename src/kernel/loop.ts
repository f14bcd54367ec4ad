import { LOOP_HEAD, type Proc } from './waitable.ts';

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
export function* loop(body: () => Round): Proc {
  for (;;) {
    yield LOOP_HEAD;
    if ((yield* body()) === BREAK) return;
  }
}
