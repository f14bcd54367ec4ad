/** Wrong edits of the reference, a line each, that must be caught: each overrides the method that the edit is in. */
import type { Proc } from '../../src/kernel/waitable.ts';
import type { Variant } from '../../src/model/model.ts';
import { mutantsOf } from '../../src/model/mutant.ts';
import { Client } from './client.ts';
import type { SignalName } from './guest.ts';
import { ReferenceExec, ReferenceManager } from './variants.ts';
import type { Design } from './world.ts';

class AlwaysGranted extends ReferenceExec {
  protected override isFree(): boolean {
    return true;
  }
}

class TakeoverWithoutIdentity extends ReferenceExec {
  override markConnected(session: number): boolean {
    this.connected.set(false);
    this.holders.set([]);
    return super.markConnected(session);
  }
}

class ConnectedStaysSet extends ReferenceExec {
  protected override free(session: number): void {
    super.free(session);
    this.connected.set(true);
  }
}

class DisconnectNotStamped extends ReferenceExec {
  override markDisconnected(session: number): void {
    super.markDisconnected(session);
    this.clearDisconnect();
  }
}

class StartNotStamped extends ReferenceExec {
  protected override startReapClock(): void {}
}

class FlagsNotCleared extends ReferenceExec {
  protected override clearSignaled(): void {}
}

class SignalsAttached extends ReferenceExec {
  protected override mayEscalate(): boolean {
    return !this.reapingKill.get() && !this.escalating.get();
  }
}

class DecidesThenLocks extends ReferenceExec {
  protected override claim(): void {}
}

class EscalatingNotChecked extends ReferenceExec {
  protected override isFree(): boolean {
    return !this.connected.get() && !this.refusesAll;
  }
}

class DoomNotChecked extends ReferenceExec {
  protected override get refusesAll(): boolean {
    return this.isDropped;
  }
}

class KillNotClaimed extends ReferenceExec {
  protected override claimToKill(): void {}
}

class EscalationNotFinished extends ReferenceExec {
  override finishEscalation(): void {}
}

class FailedSignalDoesNotDoom extends ReferenceExec {
  override escalationFailedMarkDoomed(): void {
    this.finishEscalation();
  }
}

class DoomOutlivesEnd extends ReferenceExec {
  protected override get refusesAll(): boolean {
    return this.reapingKill.get();
  }
}

class NotStrict extends ReferenceExec {
  protected override moreThan(limit: number): number {
    return limit;
  }
}

class StampedBeforeSignal extends ReferenceExec {
  protected override restampDisconnect(): void {}
}

class LimitFromAttach extends ReferenceExec {
  protected override take(session: number): void {
    super.take(session);
    this.created.setToNow();
  }
}

class DropDoesNotRefuse extends ReferenceExec {
  override refuseFromNowOn(): void {}
}

class LimitSparesAttached extends ReferenceManager {
  protected override isTooOld(): boolean {
    return super.isTooOld() && !this.exec.isHeld;
  }
}

class KillNotRetried extends ReferenceManager {
  protected override isKillPending(): boolean {
    return false;
  }
}

class HandleStaysLocked extends ReferenceManager {
  protected override *escalate(name: SignalName): Proc {
    const { exec } = this;
    exec.inHand.set(true);
    yield* this.sim.yield();
    yield* exec.handleMu.lock();
    if (!exec.isClosed) {
      const err = yield* this.signal(name);
      if (err === undefined) return exec.handleMu.unlock();
    }
    exec.escalationFailedMarkDoomed(name);
    yield* this.killAndEvict();
  }
}

class FailedKillDrops extends ReferenceManager {
  protected override onKillFailed(): void {
    this.drop('killed');
  }
}

class NoRetention extends ReferenceManager {
  protected override isRetentionOver(): boolean {
    return true;
  }
}

class EndRestamped extends ReferenceManager {
  protected override evaluateEnded(): void {
    this.stampDone();
    if (this.isRetentionOver()) this.evictExited();
  }
}

class EndedByKillDropped extends ReferenceManager {
  protected override dropClosed(): void {
    this.drop('closed');
  }
}

class RefusedReleases extends Client {
  protected override markConnected(): boolean {
    const granted = super.markConnected();
    if (!granted) this.exec.markDisconnected(this.session);
    return granted;
  }
}

class UpgradeFailureKeepsSlot extends Client {
  protected override releaseAfterFailedUpgrade(): void {}
}

const reference: Design = { Exec: ReferenceExec, Manager: ReferenceManager, Client };

const mutant = mutantsOf('reference', (change: Partial<Design>): Design => ({ ...reference, ...change }));

export const mutants: Readonly<Record<string, Variant<Design>>> = {
  'always-granted': mutant('slot-exclusive', 'MarkConnected always grants', { Exec: AlwaysGranted }),
  'takeover-without-identity': mutant('release-by-holder', 'the newest takes over, and the old teardown releases', {
    Exec: TakeoverWithoutIdentity,
  }),
  'refused-releases': mutant('release-by-holder', 'the 409 path releases too', { Client: RefusedReleases }),
  'slot-leak-on-upgrade-failure': mutant('slot-not-lost', 'a failed upgrade does not release', {
    Client: UpgradeFailureKeepsSlot,
  }),
  'connected-stays-set': mutant('free-slot-granted', 'MarkDisconnected leaves connected set', {
    Exec: ConnectedStaysSet,
  }),
  'disconnect-not-stamped': mutant('abandoned-reaped', 'MarkDisconnected stamps no time', {
    Exec: DisconnectNotStamped,
  }),
  'start-not-stamped': mutant('abandoned-reaped', 'a new process has no disconnect time', { Exec: StartNotStamped }),
  'flags-not-cleared': mutant('reconnect-grace-given', 'MarkConnected keeps the HUP and TERM flags', {
    Exec: FlagsNotCleared,
  }),
  'signals-attached': mutant('attached-not-signalled', 'tryEscalate looks at neither connected nor the zero time', {
    Exec: SignalsAttached,
  }),
  'decides-then-locks': mutant('attached-not-signalled', 'tryEscalate does not set escalating', {
    Exec: DecidesThenLocks,
  }),
  'escalating-not-checked': mutant('doomed-never-attached', 'MarkConnected does not look at escalating', {
    Exec: EscalatingNotChecked,
  }),
  'doom-not-checked': mutant('attached-not-killed-early', 'MarkConnected does not look at being killed', {
    Exec: DoomNotChecked,
  }),
  'kill-not-claimed': mutant('dropped-refuses', 'the last step does not set being killed', {
    Exec: KillNotClaimed,
  }),
  'failed-signal-does-not-doom': mutant('dropped-refuses', 'a failed signal does not set being killed', {
    Exec: FailedSignalDoesNotDoom,
  }),
  'escalation-not-finished': mutant('abandoned-reaped', 'escalating is never cleared', { Exec: EscalationNotFinished }),
  'not-strict': mutant('reconnect-grace-given', '>= instead of >', { Exec: NotStrict }),
  'stamped-before-signal': mutant('shutdown-grace-given', 'the grace is counted from the now of the sweep', {
    Exec: StampedBeforeSignal,
  }),
  'limit-from-attach': mutant('limit-enforced', 'the lifetime is counted from the last attach', {
    Exec: LimitFromAttach,
  }),
  'limit-spares-attached': mutant('limit-enforced', 'the limit waits until nobody is attached', {
    Manager: LimitSparesAttached,
  }),
  'kill-not-retried': mutant('abandoned-reaped', 'a kill that failed is not tried again', { Manager: KillNotRetried }),
  'handle-stays-locked': mutant('abandoned-reaped', 'a failed signal leaves handleMu locked', {
    Manager: HandleStaysLocked,
  }),
  'failed-kill-drops': mutant('live-never-dropped', 'a kill that failed drops the entry', { Manager: FailedKillDrops }),
  'no-retention': mutant('finished-kept', 'retention 0', { Manager: NoRetention }),
  'end-restamped': mutant('finished-dropped', 'each sweep stamps the end anew', { Manager: EndRestamped }),
  'closed-is-dropped': mutant('finished-kept', 'a kill that meets an ended process drops its entry', {
    Manager: EndedByKillDropped,
  }),
  'doom-outlives-end': mutant('finished-attachable', 'a doomed process that has ended stays refused', {
    Exec: DoomOutlivesEnd,
  }),
  'drop-does-not-refuse': mutant('dropped-refuses', 'the drop of an ended process does not refuse later comers', {
    Exec: DropDoesNotRefuse,
  }),
};
