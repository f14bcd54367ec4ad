/**
 * What the exec manager keeps of one process: the attach slot with the reaper's flags and times, and the handle of the
 * process. Stands for: `ManagedExec`, its `MarkConnected`, `MarkDisconnected`, `tryEscalate`, `FinishEscalation` and
 * `escalationFailedMarkDoomed`, and the goroutine that waits for the process's end.
 *
 *                          ┌────────── attach ──────────┐
 *                          ▼                            │
 *     start ─▶ alone ──▶ attached ──release──▶ alone ───┤
 *                │ > reconnect grace                    │
 *                ▼                                      │
 *            escalating ──HUP arrives──▶ alone, HUP ────┤
 *                │                         │ > shutdown grace
 *                │                         ▼            │
 *                │                     escalating ──TERM arrives──▶ alone, TERM ──┐
 *                └──── signal fails ────▶ doomed ◀───────── > shutdown grace ─────┘
 *
 * While escalating or doomed, nobody is let in. `attachMu` is held for none of these steps for any time, so each is one
 * atomic step here. `handleMu` is held through every signal, and to close the handle when the process has ended.
 */
import type { Cell } from '../../src/kernel/cell.ts';
import type { Latch } from '../../src/kernel/latch.ts';
import type { Mutex } from '../../src/kernel/mutex.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import { Slot } from '../attach/slot.ts';
import { Graces } from './graces.ts';
import { GuestProcess, type SignalName } from './guest.ts';
import { type ReaperConfig, STRICT } from './parameters.ts';
import { Stamp, SweepStamp } from './stamp.ts';

/** What `tryEscalate` decides. */
export type Escalation = 'none' | SignalName;

export class ManagedExec extends Slot {
  readonly process: GuestProcess;
  /** `Done`: the runner knows that the process has ended. */
  readonly done: Latch;
  readonly handleMu: Mutex;
  readonly created: Stamp;
  readonly doneAt: SweepStamp;
  /** For the properties only. */
  readonly graces: Graces;
  /** For the properties only: the reaper is at work on this process, from its decision to escalate to its last step. */
  readonly inHand: Cell<boolean>;
  protected readonly config: ReaperConfig;
  protected readonly signaledHUP: Cell<boolean>;
  protected readonly signaledTERM: Cell<boolean>;
  protected readonly escalating: Cell<boolean>;
  protected readonly reapingKill: Cell<boolean>;
  /** `LastDisconnectAt`, compared with the one grace or with the other. */
  readonly #disconnectedForReconnect: SweepStamp;
  readonly #disconnectedForShutdown: SweepStamp;
  readonly #closed: Cell<boolean>;
  /** Whether the manager's map has it. */
  readonly #entry: Cell<'not yet' | 'there' | 'dropped'>;

  constructor(sim: Sim, config: ReaperConfig) {
    super(sim);
    this.config = config;
    this.process = new GuestProcess(sim.scope('process'), config, () => this.#onEnd());
    this.done = sim.latch('done');
    this.handleMu = sim.mutex('handleMu');
    this.created = new Stamp(sim, 'lifetime', this.moreThan(config.maxSessionLifetime));
    this.doneAt = new SweepStamp(sim, 'retention', this.moreThan(config.retention));
    this.#disconnectedForReconnect = new SweepStamp(sim, 'reconnect grace', this.moreThan(config.reconnectGrace));
    this.#disconnectedForShutdown = new SweepStamp(sim, 'shutdown grace', this.moreThan(config.shutdownGrace));
    this.signaledHUP = sim.cell('signaledHUP', false);
    this.signaledTERM = sim.cell('signaledTERM', false);
    this.escalating = sim.cell('escalating', false);
    this.reapingKill = sim.cell('reapingKill', false);
    this.#closed = sim.cell('closed', false);
    this.#entry = sim.cell<'not yet' | 'there' | 'dropped'>('entry', 'not yet');
    this.inHand = sim.cell('in hand', false);
    this.graces = new Graces(sim, config, () => sim.emit('limit passes', undefined, 'process'));
  }

  /** Every comparison is strict. */
  protected moreThan(limit: number): number {
    return limit + STRICT;
  }

  /** `Start`, up to the entry in the map. Of an old process, only little of its lifetime is left. */
  start(age: 'new' | 'old'): void {
    const left = age === 'new' ? this.config.maxSessionLifetime : this.config.remaining;
    this.created.setToNow(this.moreThan(left));
    this.graces.born(left);
    this.startReapClock();
    this.process.start();
    this.sim.spawn('wait for the end', () => this.#waitForEnd(), { daemon: true });
    this.#entry.set('there');
    this.sim.emit('process starts', { age }, 'process');
    this.#abandoned();
  }

  protected startReapClock(): void {
    this.stampDisconnect();
  }

  get isTracked(): boolean {
    return this.#entry.get() === 'there';
  }

  get isDropped(): boolean {
    return this.#entry.get() === 'dropped';
  }

  /** The entry leaves the map, and nobody compares times any more. */
  drop(): void {
    this.#entry.set('dropped');
    for (const stamp of this.#stamps()) stamp.clear();
  }

  /** For the properties only: whether `MarkConnected` would grant. */
  get canBeAttached(): boolean {
    return this.isFree();
  }

  get isDoomed(): boolean {
    return this.reapingKill.get();
  }

  /** The handle is closed; asked under `handleMu`. */
  get isClosed(): boolean {
    return this.#closed.get();
  }

  // ---- the goroutine that waits for the end ----

  *#waitForEnd(): Proc {
    yield* this.process.exited.wait();
    yield* this.sim.sleep(this.config.notice, 'notice');
    yield* this.handleMu.lock();
    this.#closed.set(true);
    this.handleMu.unlock();
    this.done.fire();
  }

  /** In the very step in which the process ends; for the properties only. */
  #onEnd(): void {
    this.graces.ended();
    if (!this.isHeld) this.sim.emit('no longer abandoned', { by: 'end' }, 'process');
  }

  // ---- under attachMu: clients ----

  protected override isFree(): boolean {
    return super.isFree() && !this.refusesAll && !this.escalating.get();
  }

  protected get refusesAll(): boolean {
    return this.reapingKill.get();
  }

  protected override take(session: number): void {
    super.take(session);
    this.clearDisconnect();
    this.clearSignaled();
    this.graces.attached();
    this.sim.emit('no longer abandoned', { by: 'attach' }, 'process');
  }

  protected clearDisconnect(): void {
    this.#disconnectedForReconnect.clear();
    this.#disconnectedForShutdown.clear();
  }

  protected clearSignaled(): void {
    this.signaledHUP.set(false);
    this.signaledTERM.set(false);
  }

  protected override free(session: number): void {
    super.free(session);
    this.stampDisconnect();
    this.#abandoned();
  }

  protected stampDisconnect(): void {
    this.#disconnectedForReconnect.setToNow();
    this.#disconnectedForShutdown.setToNow();
  }

  #abandoned(): void {
    if (this.process.exited.fired) return;
    this.graces.released();
    this.sim.emit('abandoned', undefined, 'process');
  }

  protected override circumstances(): Readonly<Record<string, boolean>> {
    const all = {
      escalating: this.escalating.get(),
      doomed: this.isDoomed,
      inHand: this.inHand.get(),
      overdue: this.#isOverdue,
      hup: this.signaledHUP.get(),
      ended: this.done.fired,
      dropped: this.isDropped,
    };
    return Object.fromEntries(Object.entries(all).filter(([, holds]) => holds));
  }

  /** Its grace is over, but no sweep has come yet. */
  get #isOverdue(): boolean {
    const isAlone = !this.isDisconnectZero && !this.isDoomed && !this.process.exited.fired;
    return isAlone && this.graces.left === 'none' && !this.signaledHUP.get();
  }

  // ---- under attachMu: the reaper ----

  sweepBegins(): void {
    this.graces.sweepBegins();
    for (const stamp of this.#stamps()) stamp.sweepBegins();
  }

  sweepEnds(): void {
    for (const stamp of this.#stamps()) stamp.sweepEnds();
  }

  #stamps(): readonly Stamp[] {
    return [this.created, this.doneAt, this.#disconnectedForReconnect, this.#disconnectedForShutdown];
  }

  /** Decides on the next step, and claims the process for it in the same step. */
  tryEscalate(): Escalation {
    if (!this.mayEscalate()) return 'none';
    if (!this.signaledHUP.get()) {
      if (!this.#disconnectedForReconnect.isExceeded) return 'none';
      this.#decided('HUP');
      this.signaledHUP.set(true);
      this.claim();
      return 'HUP';
    }
    if (!this.#disconnectedForShutdown.isExceeded) return 'none';
    if (!this.signaledTERM.get()) {
      this.#decided('TERM');
      this.signaledTERM.set(true);
      this.claim();
      return 'TERM';
    }
    this.#decided('KILL');
    this.claimToKill();
    return 'KILL';
  }

  #decided(signal: SignalName): void {
    this.sim.emit('escalates', { signal, graceLeft: this.graces.leftForSweep });
  }

  protected mayEscalate(): boolean {
    if (this.connected.get() || this.reapingKill.get() || this.escalating.get()) return false;
    return !this.isDisconnectZero;
  }

  /** `LastDisconnectAt.IsZero()`. */
  protected get isDisconnectZero(): boolean {
    return this.#disconnectedForShutdown.isZero;
  }

  protected claim(): void {
    this.escalating.set(true);
    this.#disconnectedForReconnect.setToSweep();
    this.#disconnectedForShutdown.setToSweep();
  }

  protected claimToKill(): void {
    this.doom('TERM was not enough');
  }

  finishEscalation(): void {
    this.escalating.set(false);
  }

  escalationFailedMarkDoomed(name: SignalName): void {
    this.doom(`${name} failed`);
    this.escalating.set(false);
    if (name === 'HUP') this.signaledHUP.set(false);
    else this.signaledTERM.set(false);
  }

  /** `ReapingKill = true`: it is to be killed. */
  doom(why: string): void {
    if (!this.isDoomed) this.sim.emit('doomed', { why });
    this.reapingKill.set(true);
  }

  /** `ReapingKill = true`, of one that has ended: its entry is about to be dropped. */
  refuseFromNowOn(): void {
    this.reapingKill.set(true);
  }
}
