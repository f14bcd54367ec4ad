import type { Bounds, Ticks } from './bounds.ts';
import type { Timer } from './timer.ts';

/** A point in the past to measure from. Opaque: each clock keeps in it what it needs. */
export interface Mark {
  readonly id: number;
}

/** What is known about the time since a mark. Under a concrete clock both ends are the same. */
export interface Span {
  readonly least: Ticks;
  readonly greatest: Ticks;
  /** Whether the end itself can happen, or only everything short of it. */
  readonly leastAttained: boolean;
  readonly greatestAttained: boolean;
}

/**
 * All that the kernel asks of time. The fake-timers clock picks a length when a timer is armed; the symbolic clock
 * keeps all of them. Neither runs any model code: the kernel does, on what `fire` made happen.
 */
export interface Clock {
  /**
   * Start `timer`: it fires after a length inside `bounds`, and never before `after`, if that is still pending
   * (the FIFO of a link). A timer is pending from here until it fires or is cancelled.
   */
  arm(timer: Timer, bounds: Bounds, after: Timer | undefined): void;
  cancel(timer: Timer): void;
  /**
   * The timers of which any may be the next to fire, in the order in which they go by default.
   * With `urgent` (a process is ready to run) no time may pass first. Empty if there is none.
   * The result is valid until the next call of any method.
   */
  firable(urgent: boolean): readonly Timer[];
  /** Let time pass until `timer`, one of `firable`, fires; no time, where that was asked with `urgent`. */
  fire(timer: Timer, urgent: boolean): void;
  /** The run is cut at `at`: time stands there, and what was next to fire never does. Only `since` and `stamp` follow. */
  cutAt(at: Ticks): void;
  /** A mark at this instant. `id` tells it from all others that are in use. */
  mark(id: number): Mark;
  /** It is no longer needed. */
  unmark(mark: Mark): void;
  since(mark: Mark): Span;
  /** Ticks since the start of the run where the clock knows it (for traces; models cannot ask). */
  stamp(): Ticks;
}
