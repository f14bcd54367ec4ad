import { type Bounds, type Duration, toBounds } from './bounds.ts';
import type { Kernel } from './kernel.ts';
import type { Name } from './names.ts';
import type { Sim } from './sim.ts';
import { Timer } from './timer.ts';
import type { ContentReader, ContentWriter } from './tracker.ts';
import { Waitable } from './waitable.ts';

/**
 * Go's `time.Ticker`: one tick is kept for a late receiver, more are dropped; the period does not drift. Ticks may come
 * late, by a bound; one that is still to come when the next one is due stands for both.
 */
export class Ticker extends Waitable<void> {
  readonly #timer: Timer;
  readonly #bounds: Bounds;
  /** What is left of the way of a late tick; none where ticks are never late. */
  readonly #late: Timer | undefined;
  #kept = false;

  constructor(kernel: Kernel, sim: Sim, fullName: Name, period: Duration, late: Duration) {
    super(kernel, fullName.text);
    const bounds = toBounds(period);
    const lateness = toBounds(late);
    this.#timer = new Timer(kernel, sim, fullName, true, false, () => {
      this.#timer.arm(bounds);
      if (this.#late === undefined) this.#tick();
      else if (!this.#late.pending) this.#late.arm(lateness);
    });
    kernel.tracker?.adopt(this.#timer);
    this.#bounds = bounds;
    if (lateness.max === 0) return;
    this.#late = new Timer(kernel, sim, fullName.join('late'), true, false, () => this.#tick());
    kernel.tracker?.adopt(this.#late);
  }

  /** Only when it is made. */
  start(): void {
    this.#timer.arm(this.#bounds);
  }

  isReady(): boolean {
    return this.#kept;
  }

  take(): void {
    this.kernel.tracker?.touch(this);
    this.#kept = false;
  }

  /** As in Go: no more ticks, but one that is kept already can still be received. */
  stop(): void {
    this.#timer.stop();
    this.#late?.stop();
  }

  #tick(): void {
    if (this.wakeFirst(undefined) !== undefined) return;
    this.kernel.tracker?.touch(this);
    this.#kept = true;
  }

  override save(to: ContentWriter): void {
    super.save(to);
    to.flag(this.#kept);
  }

  override load(from: ContentReader): void {
    super.load(from);
    this.#kept = from.flag();
  }
}
