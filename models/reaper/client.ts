/**
 * A client and the handler that serves it, as far as the slot sees them. Stands for: the entry of the attach handler, from
 * the look-up to `MarkConnected`, the upgrade, and `MarkDisconnected` at the end of the teardown. Modelled: it comes at any
 * time or never, once, stays until it leaves or the process has ended, and the upgrade may fail. Left out: what passes over
 * the connection, and how the end of a client is noticed (the attach model): it leaves when its handler lets go.
 */
import type { Sim } from '../../src/kernel/sim.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import type { ManagedExec } from './managed-exec.ts';
import type { ReaperConfig } from './parameters.ts';

type Status = 101 | 404 | 409 | 500;

export class Client {
  protected readonly exec: ManagedExec;
  protected readonly session: number;
  readonly #sim: Sim;
  readonly #config: ReaperConfig;

  constructor(sim: Sim, config: ReaperConfig, exec: ManagedExec, session: number) {
    this.#sim = sim;
    this.#config = config;
    this.exec = exec;
    this.session = session;
  }

  *attachAtSomeTime(): Proc {
    yield* this.#sim.moment('attaches').wait();
    yield* this.attach();
  }

  *attach(): Proc {
    const status = yield* this.#enter();
    this.#sim.emit('attach answered', { session: this.session, status });
    if (status === 101) yield* this.#stay();
    this.#sim.emit('handler returns', { session: this.session, holdsSlot: this.exec.isHeldBy(this.session) });
  }

  *#enter(): Proc<Status> {
    if (!this.exec.isTracked) return 404;
    yield* this.#sim.yield();
    if (!this.markConnected()) return 409;
    if (this.#sim.chooseFault('upgrade', ['succeeds', 'fails']) === 'succeeds') return 101;
    this.releaseAfterFailedUpgrade();
    return 500;
  }

  protected markConnected(): boolean {
    return this.exec.markConnected(this.session);
  }

  protected releaseAfterFailedUpgrade(): void {
    this.exec.markDisconnected(this.session);
  }

  *#stay(): Proc {
    const leaves = this.#sim.moment('leaves');
    const got = yield* this.#sim.select({ leaves, done: this.exec.done });
    leaves.stop();
    if (got.case === 'done') yield* this.#sim.sleep(this.#config.teardown, 'teardown');
    this.exec.markDisconnected(this.session);
  }
}
