import type { Kernel } from './kernel.ts';
import { Waitable } from './waitable.ts';

/** Go's `sync.Cond` without its lock: `broadcast` wakes those that wait now, and is lost on those that come later. */
export class Signal extends Waitable<void> {
  constructor(kernel: Kernel, name: string) {
    super(kernel, name, true);
  }

  isReady(): boolean {
    return false;
  }

  take(): void {}

  broadcast(): void {
    if (this.kernel.effect(this)) this.wakeAll(undefined);
  }
}
