import { type Bounds, type Duration, type Ticks, toBounds } from './bounds.ts';
import type { Site } from './decision.ts';
import { LearnedLateError } from './errors.ts';
import type { Kernel } from './kernel.ts';
import type { Name } from './names.ts';
import type { Sim } from './sim.ts';
import type { ContentReader, ContentWriter } from './tracker.ts';
import { Waitable } from './waitable.ts';

/** Ranks that each tracked object has for the timers that belong to it. */
export const RANKS_OF_AN_OBJECT = 1024;

/**
 * A timer, or an absolute deadline: `arm` computes it, from then on it can be waited for and asked whether it has
 * passed (`expired`). Arming again replaces it; the last call wins. Models cannot ask what time it is.
 */
export class Timer extends Waitable<void> {
  fullName: Name;
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
  /** Its place on the line that it belongs to, for the order among the timers of a state; -1 where it is on none. */
  place: number;
  /** Whether a length other than the default one is a fault of the environment. */
  readonly fault: boolean;

  private readonly sim: Sim;
  /** Whether it is something that must not be left behind (a ticker), or a mere value (an absolute time). */
  private readonly resource: boolean;
  /** The last exact length with which it was armed. */
  private exact: Bounds | undefined;
  private isPending = false;
  private hasExpired = false;
  /** For a tracker: whether anybody has ever asked if it has expired, and whether that was left out of a state before. */
  private isAsked = false;
  private wasLeftOut = false;

  constructor(kernel: Kernel, sim: Sim, fullName: Name, resource: boolean, fault = false, onFire?: () => void) {
    super(kernel, fullName.text, true);
    this.fullName = fullName;
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
    this.place = -1;
  }

  get pending(): boolean {
    const { tracker } = this.kernel;
    return tracker === undefined ? this.isPending : tracker.told(this.isPending, this);
  }

  /** Whether it has fired since it was last armed. */
  get expired(): boolean {
    const { tracker } = this.kernel;
    if (tracker === undefined) return this.hasExpired;
    this.asked();
    return tracker.told(this.hasExpired, this);
  }

  /** The scope that is not empty while it is pending, if there is one. */
  get countsIn(): Sim | undefined {
    return this.resource ? this.sim : undefined;
  }

  /** Where it stands among the timers of a state: the same, whatever way led there. */
  get rank(): number {
    return this.place >= 0 ? this.place : this.trackedAs * RANKS_OF_AN_OBJECT;
  }

  isReady(): boolean {
    if (this.kernel.tracker !== undefined) this.asked();
    return this.hasExpired;
  }

  take(): void {}

  /** Fires `duration` from now, and not before `after` if that is pending still. */
  arm(duration: Duration, after?: Timer): void {
    if (!this.kernel.effect(this)) return;
    this.stop();
    this.hasExpired = false;
    this.isPending = true;
    if (this.resource) this.sim.timerArmed();
    const bounds = typeof duration === 'number' ? this.exactly(duration) : toBounds(duration);
    this.kernel.clock.arm(this, bounds, after?.isPending === true ? after : undefined);
  }

  /** Most timers are armed with the same length again and again. */
  private exactly(length: Ticks): Bounds {
    if (this.exact?.min !== length) this.exact = toBounds(length);
    return this.exact;
  }

  /** Has passed now, at once: a deadline set to a time that is not in the future. Whoever waits for it is woken. */
  expire(): void {
    if (!this.kernel.effect(this)) return;
    this.stop();
    this.hasExpired = true;
    this.wakeAll(undefined);
  }

  /** No longer fires. `expired` stays as it is. A tracker is told also where there is nothing to stop: earlier there was. */
  stop(): void {
    if (!this.kernel.effect(this, this.isPending ? 'writes' : 'reads') || !this.isPending) return;
    this.isPending = false;
    this.kernel.clock.cancel(this);
    if (this.resource) this.sim.timerStopped();
  }

  /** Only the kernel calls this, after the clock's `fire`. */
  fired(): void {
    const { tracker } = this.kernel;
    tracker?.touch(this);
    this.isPending = false;
    this.hasExpired = true;
    if (this.resource) this.sim.timerStopped();
    this.wakeAll(undefined);
    if (this.onFire === undefined) return;
    if (tracker === undefined || this.place >= 0) this.onFire();
    else tracker.callback(this, undefined, this.onFire);
  }

  /** That it has expired is part of a state only if somebody may ask; most timers only do something when they fire. */
  override save(to: ContentWriter): void {
    super.save(to);
    to.flag(this.isPending);
    to.flag(this.hasExpired && this.isAsked);
    if (this.hasExpired && !this.isAsked) this.wasLeftOut = true;
  }

  override load(from: ContentReader): void {
    super.load(from);
    this.isPending = from.flag();
    this.hasExpired = from.flag();
  }

  private asked(): void {
    if (this.isAsked) return;
    this.isAsked = true;
    if (this.wasLeftOut) throw new LearnedLateError(`${this.name} is asked whether it has expired`);
  }

  /** Only the line that it belongs to calls this: a state is restored in which it carries a message, or not. */
  restore(pending: boolean, after: Timer | undefined): void {
    this.isPending = pending;
    this.after = after;
    this.follower = undefined;
    if (after !== undefined) after.follower = this;
  }
}
