/**
 * Question: is a process that nobody is attached to always reaped in time, and one that somebody is attached to never?
 * Stands for: the reaper of BoxLite's exec manager: `cleanupLoop`, `runCleanupOnce`, `evaluateExec`, `escalate`,
 *   `killAndEvict` and `evictExited`, each below under its Go name, statement by statement.
 * Modelled: one process among others, the order of the checks, the two locks, signals that take time and fail, the `now`
 *   that a sweep takes once, the drop of a process that has ended before a kill meets it.
 * Left out: what the other processes are (a sweep is busy with them for a while before it comes to this one); DELETE, the
 *   client's own signals and resizes, which hold `handleMu` for up to 10 s and are no part of the reaper; the shutdown of the
 *   runner; a start of the process that takes time, though its grace counts from before it.
 * Time passes: from tick to `now`, with other processes, and in signals.
 *
 *     tick ─▶ now ─▶ (others) ─▶ ended? ─▶ older than 24 h? ─▶ kill pending? ─▶ tryEscalate
 *                                  │              └───────┬───────┘                 │
 *                              retention             kill, drop         HUP, TERM: signal; KILL: kill, drop
 */

import type { Latch } from '../../src/kernel/latch.ts';
import { loop, type Round } from '../../src/kernel/loop.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Ticker } from '../../src/kernel/ticker.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import type { SignalName } from './guest.ts';
import type { ManagedExec } from './managed-exec.ts';
import type { ReaperConfig } from './parameters.ts';

type Err = string | undefined;

/** Why an entry leaves the map. */
type Drop = 'retention' | 'killed' | 'closed';

export class ExecManager {
  /** For the story only. */
  readonly dropped: Latch;
  protected readonly sim: Sim;
  protected readonly config: ReaperConfig;
  protected readonly exec: ManagedExec;

  constructor(sim: Sim, config: ReaperConfig, exec: ManagedExec) {
    this.sim = sim;
    this.config = config;
    this.exec = exec;
    this.dropped = sim.latch('dropped');
    const ticker = sim.ticker('ticker', config.cleanupTick);
    sim.spawn('cleanupLoop', () => loop(() => this.#cleanUp(ticker)), { daemon: true });
  }

  *#cleanUp(ticker: Ticker): Round {
    yield* ticker.wait();
    yield* this.sim.sleep(this.config.scheduling, 'scheduling');
    if (this.exec.isTracked) yield* this.runCleanupOnce();
    return undefined;
  }

  protected *runCleanupOnce(): Proc {
    this.exec.sweepBegins();
    yield* this.sim.sleep(this.config.others, 'others');
    yield* this.evaluateExec();
    this.exec.inHand.set(false);
    this.exec.sweepEnds();
  }

  // Where it does nothing, this is one atomic step: an attach or an end in between is as one before or after it.
  protected *evaluateExec(): Proc {
    const { exec } = this;
    if (exec.done.fired) return this.evaluateEnded();
    if (this.isTooOld()) {
      exec.doom('too old');
      return yield* this.killAndEvict();
    }
    if (this.isKillPending()) return yield* this.killAndEvict();
    const action = exec.tryEscalate();
    if (action === 'none') return;
    if (action === 'KILL') return yield* this.killAndEvict();
    yield* this.escalate(action);
    exec.finishEscalation();
  }

  protected evaluateEnded(): void {
    const { exec } = this;
    if (exec.doneAt.isZero) this.stampDone();
    if (this.isRetentionOver()) this.evictExited();
  }

  protected stampDone(): void {
    this.exec.doneAt.setToSweep();
  }

  protected isRetentionOver(): boolean {
    return this.exec.doneAt.isExceeded;
  }

  protected isTooOld(): boolean {
    return this.exec.created.isExceeded;
  }

  protected isKillPending(): boolean {
    return this.exec.isDoomed;
  }

  protected *escalate(name: SignalName): Proc {
    const { exec } = this;
    exec.inHand.set(true);
    yield* this.sim.yield();
    yield* exec.handleMu.lock();
    if (exec.isClosed) {
      exec.handleMu.unlock();
      exec.escalationFailedMarkDoomed(name);
      return yield* this.killAndEvict();
    }
    const err = yield* this.signal(name);
    exec.handleMu.unlock();
    if (err === undefined) return;
    exec.escalationFailedMarkDoomed(name);
    yield* this.killAndEvict();
  }

  protected *killAndEvict(): Proc {
    const { exec } = this;
    exec.inHand.set(true);
    yield* this.sim.yield();
    yield* exec.handleMu.lock();
    if (exec.isClosed) {
      exec.handleMu.unlock();
      return this.dropClosed();
    }
    const err = yield* this.signal('KILL');
    exec.handleMu.unlock();
    if (err !== undefined) return this.onKillFailed();
    this.dropKilled();
  }

  protected dropKilled(): void {
    this.drop('killed');
  }

  /** It will be retried in the next sweep. */
  protected onKillFailed(): void {}

  /** What was to be killed has ended before. */
  protected dropClosed(): void {
    this.drop('closed');
  }

  protected evictExited(): void {
    this.exec.refuseFromNowOn();
    this.drop('retention');
  }

  protected drop(why: Drop): void {
    const { exec } = this;
    exec.drop();
    const { endedBy } = exec.process;
    const tooEarly = exec.graces.isKept && endedBy !== 'KILL';
    this.sim.emit('entry dropped', { why, endedBy: endedBy ?? 'nothing', tooEarly });
    this.dropped.fire();
  }

  /** A signal on its way, told for the properties. */
  protected *signal(signal: SignalName): Proc<Err> {
    this.sim.emit('signal sent', { signal });
    const err = yield* this.exec.process.signal(signal, () => this.#arrives(signal));
    if (err !== undefined) this.sim.emit('signal failed', { signal, err });
    return err;
  }

  #arrives(signal: SignalName): void {
    const { isHeld, graces } = this.exec;
    this.sim.emit('signal arrives', { signal, attached: isHeld, young: graces.isYoung });
    graces.signalled();
  }
}
