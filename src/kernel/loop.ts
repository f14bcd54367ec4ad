import {
  AT_LOOP_ENTRY,
  AT_LOOP_HEAD,
  HandmadeProc,
  isLeftLoop,
  LeftLoop,
  type Proc,
  type StepCounter,
} from './waitable.ts';

/** What a loop's body returns to leave a loop that comes to nothing. */
export const BREAK = Symbol.for('halfopen break');

/** One round of a loop that comes to `T`, or of one that comes to nothing. */
export type Round<T = typeof BREAK> = Proc<T | undefined>;

/**
 * Go's `for { ... }`: runs `body` again and again until it returns something, `BREAK` or what the loop is to come to.
 * Write endless loops with it, not with `for (;;)`: each round is a fresh call, so nothing local survives from one round to
 * the next, which is what lets an exhaustive engine see that two rounds are the same; and a round that never blocks is
 * stopped with a verdict.
 *
 *     yield* loop(() => this.readOnce());
 *
 * Let the body be a method or a top-level `function*`, called by an arrow as here: V8 makes a new map for each closure
 * of a `function*` that is written inline, which costs more than all the rest of a round.
 */
export function loop(body: () => Round): Proc;
export function loop<T>(body: () => Round<T>): Proc<T>;
export function loop<T>(body: () => Round<T>): Proc<T> {
  return new Loop(body);
}

class Loop<T> extends HandmadeProc<T> {
  private readonly body: () => Round<T>;
  /** The round that runs; undefined before the first one, at the head and at the end. */
  private round: Round<T> | undefined;
  private begun: boolean;
  private left: LeftLoop | undefined;
  /** Counts the rounds where nobody else wants to know of them: then it need not yield for each, through all its callers. */
  private counter: StepCounter | undefined;

  constructor(body: () => Round<T>) {
    super();
    this.body = body;
    this.round = undefined;
    this.begun = false;
    this.left = undefined;
    this.counter = undefined;
  }

  next(received?: unknown): ReturnType<Proc<T>['next']> {
    if (this.left !== undefined) return { done: true, value: this.left.value as T };
    if (this.round === undefined) {
      if (!this.begun) {
        this.begun = true;
        return AT_LOOP_ENTRY;
      }
      if (isLeftLoop(received)) return { done: true, value: received.value as T };
      this.counter ??= received as StepCounter | undefined;
      this.round = this.body();
    }
    let result = this.round.next(received);
    const { counter } = this;
    while (result.done === true) {
      if (counter === undefined) return this.atEndOfRound(result.value);
      if (result.value !== undefined) return { done: true, value: result.value };
      counter.countStep();
      this.round = this.body();
      result = this.round.next();
    }
    return result;
  }

  private atEndOfRound(value: T | undefined): ReturnType<Proc<T>['next']> {
    this.round = undefined;
    if (value === undefined) return AT_LOOP_HEAD;
    this.left = new LeftLoop(value);
    return { done: false, value: this.left };
  }
}
