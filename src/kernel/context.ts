import type { Latch } from './latch.ts';

/** Go's `context.WithCancel`, as far as it matters here: `cancel()` once, `done` for ever after. */
export class Context {
  readonly done: Latch;

  constructor(done: Latch) {
    this.done = done;
  }

  get cancelled(): boolean {
    return this.done.fired;
  }

  cancel(): void {
    this.done.fire();
  }
}
