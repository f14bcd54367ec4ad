import { type Duration, toBounds } from './bounds.ts';
import type { Site } from './decision.ts';
import type { Kernel } from './kernel.ts';
import type { Sim } from './sim.ts';
import { Waitable } from './waitable.ts';

/**
 * A timer, or an absolute deadline: `arm` computes it, from then on it can be waited for and asked whether it has
 * passed (`expired`). Arming again replaces it; the last call wins. Models cannot ask what time it is.
 */
export class Timer extends Waitable<void> {
  /**
   * What runs, atomically, when it fires (Go's `time.AfterFunc`); set once, where the timer is made. Where there are many
   * runs, hand it over as an argument: V8 puts a function that is written right of `x.y =` straight into its old
   * generation, where it keeps the whole run until the next full collection.
   */
  onFire: (() => void) | undefined;
  /** The decision about its length; made by the clock that needs it. */
  site: Site | undefined;
  /** Kept by the clock while it is pending: when it fires, after whom, before whom, and what the clock needs for that. */
  dueAt = 0;
  after: Timer | undefined;
  follower: Timer | undefined;
  armedAs = 0;
  ringsAt = 0;
  handle: unknown = undefined;
  ring: (() => void) | undefined;
  /** Whether a length other than the default one is a fault of the environment. */
  readonly fault: boolean;

  private readonly sim: Sim;
  /** Whether it is something that must not be left behind (a ticker), or a mere value (an absolute time). */
  private readonly resource: boolean;
  private isPending = false;
  private hasExpired = false;

  constructor(kernel: Kernel, sim: Sim, name: string, resource: boolean, fault = false, onFire?: () => void) {
    super(kernel, name);
    this.sim = sim;
    this.resource = resource;
    this.fault = fault;
    this.onFire = onFire;
    this.site = undefined;
    this.after = undefined;
    this.follower = undefined;
    this.ring = undefined;
  }

  get pending(): boolean {
    return this.isPending;
  }

  /** Whether it has fired since it was last armed. */
  get expired(): boolean {
    return this.hasExpired;
  }

  isReady(): boolean {
    return this.hasExpired;
  }

  take(): void {}

  /** Fires `duration` from now, and not before `after` if that is pending still. */
  arm(duration: Duration, after?: Timer): void {
    this.stop();
    this.hasExpired = false;
    this.isPending = true;
    if (this.resource) this.sim.timerArmed();
    this.kernel.clock.arm(this, toBounds(duration), after?.pending === true ? after : undefined);
  }

  /** Has passed now, at once: a deadline set to a time that is not in the future. Whoever waits for it is woken. */
  expire(): void {
    this.stop();
    this.hasExpired = true;
    this.wakeAll(undefined);
  }

  /** No longer fires. `expired` stays as it is. */
  stop(): void {
    if (!this.isPending) return;
    this.isPending = false;
    this.kernel.clock.cancel(this);
    if (this.resource) this.sim.timerStopped();
  }

  /** Only the kernel calls this, after the clock's `fire`. */
  fired(): void {
    this.isPending = false;
    this.hasExpired = true;
    if (this.resource) this.sim.timerStopped();
    this.wakeAll(undefined);
    this.onFire?.();
  }
}
