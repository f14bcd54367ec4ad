import type { Kernel } from './kernel.ts';
import type { ContentReader, ContentWriter } from './tracker.ts';
import { Waitable } from './waitable.ts';

/** Something that happens once and stays so: Go's `close(done)` on a channel that carries nothing. */
export class Latch extends Waitable<void> {
  #fired = false;

  constructor(kernel: Kernel, name: string) {
    super(kernel, name, true);
  }

  get fired(): boolean {
    const { tracker } = this.kernel;
    return tracker === undefined ? this.#fired : tracker.told(this.#fired, this);
  }

  isReady(): boolean {
    return this.#fired;
  }

  take(): void {}

  /** Wakes all that wait. Firing twice is harmless; a tracker is told even then, for the other order would not be. */
  fire(): void {
    if (!this.kernel.effect(this, this.#fired ? 'reads' : 'writes') || this.#fired) return;
    this.#fired = true;
    this.wakeAll(undefined);
  }

  override save(to: ContentWriter): void {
    super.save(to);
    to.flag(this.#fired);
  }

  override load(from: ContentReader): void {
    super.load(from);
    this.#fired = from.flag();
  }
}
