import { type Duration, toBounds } from './bounds.ts';
import type { Kernel } from './kernel.ts';
import type { Sim } from './sim.ts';
import { Timer } from './timer.ts';
import { Waitable } from './waitable.ts';

/** Go's `time.Ticker`: one tick is kept for a late receiver, more are dropped; the period does not drift. */
export class Ticker extends Waitable<void> {
  readonly #timer: Timer;
  #kept = false;

  constructor(kernel: Kernel, sim: Sim, name: string, period: Duration) {
    super(kernel, name);
    const bounds = toBounds(period);
    this.#timer = new Timer(kernel, sim, name, true, false, () => {
      this.#timer.arm(bounds);
      this.#tick();
    });
    this.#timer.arm(bounds);
  }

  isReady(): boolean {
    return this.#kept;
  }

  take(): void {
    this.#kept = false;
  }

  /** As in Go: no more ticks, but one that is kept already can still be received. */
  stop(): void {
    this.#timer.stop();
  }

  #tick(): void {
    if (this.wakeFirst(undefined) === undefined) this.#kept = true;
  }
}
