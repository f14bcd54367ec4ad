import { Waitable } from './waitable.ts';

/** Something that happens once and stays so: Go's `close(done)` on a channel that carries nothing. */
export class Latch extends Waitable<void> {
  #fired = false;

  get fired(): boolean {
    return this.#fired;
  }

  isReady(): boolean {
    return this.#fired;
  }

  take(): void {}

  /** Wakes all that wait. Firing twice is harmless. */
  fire(): void {
    if (this.#fired) return;
    this.#fired = true;
    this.wakeAll(undefined);
  }
}
