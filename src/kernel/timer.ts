import { type Bounds, type Duration, type Ticks, toBounds } from './bounds.ts';
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
  /** The decision about who goes instead of it, where it goes first by default. */
  tieSite: Site | undefined;
  /** Kept by the clock while it is pending: when it fires, after whom, before whom, and whether it does one day. */
  dueAt = 0;
  after: Timer | undefined;
  follower: Timer | undefined;
  armed = false;
  /** Its neighbours among the armed timers, in the order of arming. */
  armedBefore: Timer | undefined;
  armedAfter: Timer | undefined;
  /** Whether a length other than the default one is a fault of the environment. */
  readonly fault: boolean;

  private readonly sim: Sim;
  /** Whether it is something that must not be left behind (a ticker), or a mere value (an absolute time). */
  private readonly resource: boolean;
  /** The last exact length with which it was armed. */
  private exact: Bounds | undefined;
  private isPending = false;
  private hasExpired = false;

  constructor(kernel: Kernel, sim: Sim, name: string, resource: boolean, fault = false, onFire?: () => void) {
    super(kernel, name);
    this.sim = sim;
    this.resource = resource;
    this.fault = fault;
    this.onFire = onFire;
    this.site = undefined;
    this.tieSite = undefined;
    this.exact = undefined;
    this.after = undefined;
    this.follower = undefined;
    this.armedBefore = undefined;
    this.armedAfter = undefined;
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
    const bounds = typeof duration === 'number' ? this.exactly(duration) : toBounds(duration);
    this.kernel.clock.arm(this, bounds, after?.pending === true ? after : undefined);
  }

  /** Most timers are armed with the same length again and again. */
  private exactly(length: Ticks): Bounds {
    if (this.exact?.min !== length) this.exact = toBounds(length);
    return this.exact;
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
