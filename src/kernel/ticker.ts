import { type Bounds, type Duration, toBounds } from './bounds.ts';
import type { Kernel } from './kernel.ts';
import type { Name } from './names.ts';
import type { Sim } from './sim.ts';
import { Timer } from './timer.ts';
import type { ContentReader, ContentWriter } from './tracker.ts';
import { Waitable } from './waitable.ts';

/** Go's `time.Ticker`: one tick is kept for a late receiver, more are dropped; the period does not drift. */
export class Ticker extends Waitable<void> {
  readonly #timer: Timer;
  readonly #bounds: Bounds;
  #kept = false;

  constructor(kernel: Kernel, sim: Sim, fullName: Name, period: Duration) {
    super(kernel, fullName.text);
    const bounds = toBounds(period);
    this.#timer = new Timer(kernel, sim, fullName, true, false, () => {
      this.#timer.arm(bounds);
      this.#tick();
    });
    kernel.tracker?.adopt(this.#timer);
    this.#bounds = bounds;
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
