/**
 * A time that sweeps compare their `now` with: Go's `now.Sub(t) > limit`. A sweep takes its `now` once, at its start, and
 * may be busy with other processes for a while before it comes to the comparison.
 *
 * Nobody here can ask what time it is, so the comparison is a timer that is armed when the time is set, and looked at
 * when a sweep takes its `now`. A time that is set after that lies in the sweep's future: it is not exceeded.
 *
 * Strictness: equality does not count, so limits are handed in with `STRICT` added, one tick. At the very instant at which
 * that timer is due, it may go before or after the sweep, so a `now` that exceeds the limit by just that tick may count or
 * not. The model is wider than Go by this one tick, and its bounds know.
 */
import type { Ticks } from '../../src/kernel/bounds.ts';
import type { Cell } from '../../src/kernel/cell.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Timer } from '../../src/kernel/timer.ts';

export class Stamp {
  protected readonly limit: Ticks;
  readonly #timers: readonly [Timer, Timer];
  /** Which timer counts from the stamped time; during a sweep, the other one may count from the sweep's `now`. */
  readonly #current: Cell<0 | 1>;
  readonly #isZero: Cell<boolean>;
  /** What the sweep saw when it took its `now`. */
  readonly #seen: Cell<boolean>;

  constructor(sim: Sim, name: string, limit: Ticks) {
    this.limit = limit;
    this.#timers = [sim.time(name), sim.time(`${name} since now`)];
    this.#current = sim.cell<0 | 1>(`${name} current`, 0);
    this.#isZero = sim.cell(`${name} is zero`, true);
    this.#seen = sim.cell(`${name} exceeded`, false);
  }

  /** Go's `t.IsZero()`. */
  get isZero(): boolean {
    return this.#isZero.get();
  }

  /** Whether the sweep's `now` is more than the limit after this time. The zero time is as long ago as can be. */
  get isExceeded(): boolean {
    return this.isZero || this.#seen.get();
  }

  /** `t = time.Now()`; with `left`, a time so far back that no more than this is left of the limit. */
  setToNow(left = this.limit): void {
    this.#set();
    this.#timer.arm(left);
  }

  /** `t = time.Time{}`. */
  clear(): void {
    this.#set();
    this.#isZero.set(true);
  }

  /** A sweep takes its `now`. */
  sweepBegins(): void {
    this.#seen.set(this.#timer.expired);
  }

  sweepEnds(): void {
    this.spare.stop();
  }

  protected get spare(): Timer {
    return this.#timers[this.#current.get() === 0 ? 1 : 0];
  }

  protected setToSpare(): void {
    this.#set();
    this.#current.set(this.#current.get() === 0 ? 1 : 0);
  }

  get #timer(): Timer {
    return this.#timers[this.#current.get()];
  }

  #set(): void {
    this.#timer.stop();
    this.#isZero.set(false);
    this.#seen.set(false);
  }
}

/** One that the sweep itself may set, to its `now`. */
export class SweepStamp extends Stamp {
  override sweepBegins(): void {
    super.sweepBegins();
    this.spare.arm(this.limit);
  }

  /** `t = now`. */
  setToSweep(): void {
    this.setToSpare();
  }
}
