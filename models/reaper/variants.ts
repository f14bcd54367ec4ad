/**
 * The reference: the exec manager with the smallest changes under which every property holds. What each change is for is
 * said beside it, with the finding's name; the findings themselves are the expected violations of `as-merged`.
 */
import { ExecManager } from './exec-manager.ts';
import { ManagedExec } from './managed-exec.ts';

export class ReferenceExec extends ManagedExec {
  /** Finding `signal-eats-grace`: the grace is counted from before the signal, not from its arrival. */
  override finishEscalation(): void {
    super.finishEscalation();
    this.restampDisconnect();
  }

  protected restampDisconnect(): void {
    this.stampDisconnect();
  }

  /** Finding `ended-while-reaped`: what was doomed and has ended meanwhile can be attached to while it is kept. */
  protected override get refusesAll(): boolean {
    return super.refusesAll && !(this.isClosed && this.isTracked);
  }
}

export class ReferenceManager extends ExecManager {
  /** Finding `ended-while-reaped`: what ended before it was killed is left to the retention. */
  protected override dropClosed(): void {}

  /** Finding `stale-now`: the retention is counted from a `now` that may lie before the end. */
  protected override stampDone(): void {
    this.exec.doneAt.setToNow();
  }
}

/** The reference without its change for `stale-now`. */
export class ReferenceManagerWithStaleNow extends ReferenceManager {
  protected override stampDone(): void {
    this.exec.doneAt.setToSweep();
  }
}
