/**
 * A person with a client: attaches, types now and then, leaves, and comes back. Stands for: one run of the SDK's pump for
 * each visit. Modelled: a program that ends while it is attached (its kernel closes what it had open), one that is
 * suspended. Left out: a person who does not wait for a client that still tries.
 */
import type { Duration } from '../../src/kernel/bounds.ts';
import type { Cell, Ref } from '../../src/kernel/cell.ts';
import type { Latch } from '../../src/kernel/latch.ts';
import { BREAK, loop, type Round } from '../../src/kernel/loop.ts';
import type { Program } from '../../src/kernel/program.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import type { Promises } from '../client/promises.ts';
import type { AttachPump, PumpSetting } from '../client/pump.ts';
import { ClientNetwork, type Connection, type Internet } from './connection.ts';
import type { EndToEndConfig } from './parameters.ts';
import type { Runner } from './runner.ts';

const TYPED_BYTES = 64;

type Pump = AttachPump<Connection>;
export type PumpClass = new (setting: PumpSetting<Connection>) => Pump;

/** What a user is given. */
export interface UserSetting {
  readonly sim: Sim;
  readonly config: EndToEndConfig;
  readonly Pump: PumpClass;
  readonly internet: Internet;
  readonly runner: Runner;
  readonly promises: Promises;
}

export class User {
  /** Nobody comes back from here on. */
  readonly retired: Latch;
  /** Whoever is there leaves. */
  readonly closing: Latch;
  readonly #setting: UserSetting;
  readonly #sim: Sim;
  readonly #visits: Cell<number>;
  readonly #isSuspended: Cell<boolean>;
  readonly #pump: Ref<Pump>;
  readonly #program: Ref<Program>;

  constructor(setting: UserSetting) {
    this.#setting = setting;
    this.#sim = setting.sim;
    this.retired = setting.sim.latch('retired');
    this.closing = setting.sim.latch('closing');
    this.#visits = setting.sim.cell('visits', 0);
    this.#isSuspended = setting.sim.cell('is suspended', false);
    this.#pump = setting.sim.ref('pump');
    this.#program = setting.sim.ref('program');
  }

  /** The connection that is asked for, or of the session that goes on. */
  get inUse(): Connection | undefined {
    return this.#program.get() === undefined ? undefined : this.#pump.get()?.inUse;
  }

  /** The connection that something can happen to. A first attach that fails is not tried again: nothing happens to it. */
  get struckNext(): Connection | undefined {
    const connection = this.inUse;
    const isFirst = connection?.before === undefined && this.#pump.get()?.polls !== true;
    return connection === undefined || connection.isStruck || isFirst ? undefined : connection;
  }

  get isSuspended(): boolean {
    return this.#isSuspended.get();
  }

  /** A client runs that has not returned. */
  get isWorking(): boolean {
    return this.#program.get() !== undefined && this.#pump.get()?.done.fired === false;
  }

  /** Again and again, until retired or the process has ended. */
  come(stays: Duration, away: Duration): Proc {
    return loop(() => this.#visitAndGo(stays, away));
  }

  *#visitAndGo(stays: Duration, away: Duration): Round {
    yield* this.visit(stays);
    if (this.#isOver) return BREAK;
    yield* this.#sim.sleep(away, 'away');
    return this.#isOver ? BREAK : undefined;
  }

  get #isOver(): boolean {
    return this.retired.fired || this.#setting.runner.exited.fired;
  }

  *visit(stays: Duration): Proc {
    const { config, Pump, internet, runner, promises } = this.#setting;
    const number = this.#visits.get() + 1;
    this.#visits.set(number);
    const sim = this.#sim.scope(`visit ${number}`);
    const program = sim.program();
    const network = sim.object(new ClientNetwork(sim, internet, this.#sim.name, program));
    const pump = sim.object(new Pump({ sim, config, network, runner, promises }));
    this.#pump.set(pump);
    this.#program.set(program);
    program.spawn('pump', () => pump.attachWs(), { daemon: true });
    program.spawn('types', () => loop(() => this.#type(pump)), { daemon: true });
    const leaves = sim.time('leaves');
    leaves.arm(stays);
    const got = yield* this.#sim.select({ done: pump.done, leaves, closing: this.closing });
    leaves.stop();
    if (got.case !== 'done') this.#leave(network);
    program.kill();
    this.#program.set(undefined);
  }

  *#type(pump: Pump): Round {
    yield* this.#sim.sleep(this.#setting.config.typingEvery);
    if (pump.polls) pump.input.trySend({ type: 'stdin', bytes: TYPED_BYTES });
    return undefined;
  }

  #leave(network: ClientNetwork): void {
    const { promises, runner } = this.#setting;
    const connection = this.inUse;
    promises.excuse('the user left');
    this.#sim.emit('leaves', undefined, this.#sim.name);
    if (connection !== undefined && runner.isHeldBy(connection)) {
      this.#sim.emit('session dead', { session: connection.number, why: 'left' }, this.#sim.name);
    }
    network.closeAll();
  }

  freeze(): void {
    this.#isSuspended.set(true);
    this.#program.get()?.freeze();
  }

  thaw(): void {
    this.#isSuspended.set(false);
    this.#program.get()?.thaw();
  }
}
