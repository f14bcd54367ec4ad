/**
 * The process in the box, as signals find it. Modelled: it ends by itself at any time; it heeds or ignores SIGHUP and
 * SIGTERM, and takes its time to end; SIGKILL ends it at once; signals take time, fail, and find nobody once it has ended.
 * Left out: signals that reach the process although the call fails, for which the answer is the same: it is killed.
 */
import type { Cell } from '../../src/kernel/cell.ts';
import type { Latch } from '../../src/kernel/latch.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Timer } from '../../src/kernel/timer.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import type { ReaperConfig } from './parameters.ts';

export type SignalName = 'HUP' | 'TERM' | 'KILL';

/** What ended a process. */
type Cause = 'itself' | SignalName;

type Err = string | undefined;

export class GuestProcess {
  readonly exited: Latch;
  readonly #sim: Sim;
  readonly #config: ReaperConfig;
  readonly #endsBy: Cell<Cause>;
  readonly #killFailures: Cell<number>;
  readonly #shutdown: Timer;
  readonly #onEnd: () => void;

  constructor(sim: Sim, config: ReaperConfig, onEnd: () => void) {
    this.#sim = sim;
    this.#config = config;
    this.#onEnd = onEnd;
    this.exited = sim.latch('exited');
    this.#endsBy = sim.cell<Cause>('ends by', 'itself');
    this.#killFailures = sim.cell('kill failures', 0);
    this.#shutdown = sim.time('shutdown', () => this.#end(this.#endsBy.get()));
  }

  start(): void {
    this.#sim.spawn('life', () => this.#endAtSomeTime(), { daemon: true });
  }

  get endedBy(): Cause | undefined {
    return this.exited.fired ? this.#endsBy.get() : undefined;
  }

  /** The SDK's `Signal` and `Kill`: an error if it did not get there; if it does, `arrives` is told before. */
  *signal(name: SignalName, arrives: () => void): Proc<Err> {
    const fails = this.#fails(name);
    yield* this.#sim.sleep(this.#config.signalTime, name);
    if (this.exited.fired) return 'no such process';
    if (fails) return 'not delivered';
    arrives();
    this.#deliver(name);
    return undefined;
  }

  #fails(name: SignalName): boolean {
    const failures = this.#killFailures.get();
    if (name === 'KILL' && failures >= this.#config.killFailures) return false;
    const fails = this.#sim.chooseFault(name, ['arrives', 'fails']) === 'fails';
    if (fails && name === 'KILL') this.#killFailures.set(failures + 1);
    return fails;
  }

  #deliver(name: SignalName): void {
    if (name === 'KILL') {
      this.#end(name);
    } else if (this.#sim.choose(`on ${name}`, ['ignores', 'heeds']) === 'heeds' && !this.#shutdown.pending) {
      this.#endsBy.set(name);
      this.#shutdown.arm(this.#config.shutdown);
    }
  }

  *#endAtSomeTime(): Proc {
    const ends = this.#sim.moment('ends');
    const got = yield* this.#sim.select({ exited: this.exited, ends });
    ends.stop();
    if (got.case === 'ends') this.#end('itself');
  }

  #end(by: Cause): void {
    if (this.exited.fired) return;
    this.#shutdown.stop();
    this.#endsBy.set(by);
    this.#sim.emit('process ends', { by }, 'process');
    this.#onEnd();
    this.exited.fire();
  }
}
