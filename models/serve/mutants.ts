/** Wrong edits of the reference, a line each, that must be caught: each overrides the method that the edit is in. */
import type { Process } from '../../src/kernel/process.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import type { Variant } from '../../src/model/model.ts';
import { mutantsOf } from '../../src/model/mutant.ts';
import type { Frame } from '../net/tcp.ts';
import { Reference, type SessionClass } from './session.ts';

class OtherTaskNotAborted extends Reference {
  protected override *abort(): Proc {}
}

class WaitsForOtherTask extends Reference {
  protected override *abort(other: Process): Proc {
    yield* other.ended.wait();
  }
}

class SlotNotFreed extends Reference {
  protected override freeSlot(): void {}
}

class FirstPingLate extends Reference {
  protected override armFirstPing(): void {
    this.pingDue.arm(this.config.interval);
  }
}

class SendWithoutTimeout extends Reference {
  protected override armSendDeadline(): void {}
}

class OnlyInputRearms extends Reference {
  protected override onFrame(frame: Frame): void {
    if (frame.type !== 'pong') super.onFrame(frame);
  }
}

const mutant = mutantsOf('reference', (changed: SessionClass) => changed);

export const mutants: Readonly<Record<string, Variant<SessionClass>>> = {
  'other-task-not-aborted': mutant(
    'nothing-outlives-release',
    'the task that is left over goes on',
    OtherTaskNotAborted,
  ),
  'waits-for-other-task': mutant('teardown-at-once', 'joins the other task, does not abort it', WaitsForOtherTask),
  'slot-not-freed': mutant('slot-not-lost', 'the slot is not freed', SlotNotFreed),
  'first-ping-late': mutant('first-frame-at-once', 'the first ping comes after one interval', FirstPingLate),
  'send-without-timeout': mutant('send-bounded', 'no timeout on a send', SendWithoutTimeout),
  'only-input-rearms': mutant('live-client-spared', 'a pong does not set the deadline anew', OnlyInputRearms),
  'ping-equals-balancer-idle': mutant('idle-connection-kept', 'interval = balancer idle timeout', Reference, {
    interval: '60s',
  }),
};
