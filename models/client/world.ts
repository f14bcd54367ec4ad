/** The composition: one client, one runner, a user who types, and what may happen to the path and to the runner. */
import { BREAK, loop, type Round } from '../../src/kernel/loop.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import { frame, STRIKES } from './connection.ts';
import { type ConnectionClass, Network } from './network.ts';
import type { ClientConfig } from './parameters.ts';
import { Promises } from './promises.ts';
import type { AttachPump, PumpSetting } from './pump.ts';
import { ENDS, Runner } from './runner.ts';
import type { SessionClass } from './session.ts';

/** What a variant is made of: the client, and what the runner and the path are like. */
export interface Design {
  readonly Pump: new (setting: PumpSetting) => AttachPump;
  readonly Session: SessionClass;
  readonly Connection: ConnectionClass;
}

/** What state properties look at. */
export interface World {
  readonly pump: AttachPump;
}

/** How often it is asked whether the story is over: all is well, or the client has returned. */
export function watchedFor(config: ClientConfig): number {
  return 2 * config.watchdog + 2 * config.statusProbeTimeout;
}

export function buildWorld(sim: Sim, config: ClientConfig, design: Design): World {
  const promises = new Promises(sim);
  const runner = new Runner(sim.scope('runner'), config, promises, design.Session);
  const network = new Network(sim, config, runner, design.Connection);
  const client = sim.scope('client');
  const pump = new design.Pump({ sim: client, config, network, runner, promises });
  client.spawn('pump', () => pump.attachWs(), { daemon: true });
  client.whenEmpty(() => sim.emit('client empty', undefined, 'client'));
  const story = new Story(sim, config, pump, runner, promises);
  story.begin();
  return { pump };
}

/** What happens to the client, and how long it is watched. Nothing does before its first attach has succeeded. */
class Story {
  readonly #sim: Sim;
  readonly #config: ClientConfig;
  readonly #pump: AttachPump;
  readonly #runner: Runner;
  readonly #promises: Promises;

  constructor(sim: Sim, config: ClientConfig, pump: AttachPump, runner: Runner, promises: Promises) {
    this.#sim = sim;
    this.#config = config;
    this.#pump = pump;
    this.#runner = runner;
    this.#promises = promises;
  }

  begin(): void {
    this.#spawn('types 1st', () => this.#input('types 1st time', 'stdin'));
    this.#spawn('types 2nd', () => this.#input('types 2nd time', 'stdin'));
    this.#spawn('pastes', () => this.#input('pastes time', 'paste'));
    this.#spawn('writes', () => this.#output());
    this.#spawn('exits', () => this.#exit());
    this.#spawn('strike', () => this.#strike('strike'));
    this.#spawn('another strike', () => this.#strike('another strike'));
    this.#spawn('runner ends', () => this.#endRunner());
    this.#spawn('story', () => this.#tell());
  }

  #spawn(name: string, body: () => Proc): void {
    this.#sim.spawn(name, body, { daemon: true });
  }

  // ---- the user and the process ----

  *#input(time: string, type: string): Proc {
    yield* this.#promises.begun.wait();
    yield* this.#sim.moment(time).wait();
    this.#sim.emit('input', { type }, 'user');
    this.#pump.input.trySend(frame(type));
  }

  *#output(): Proc {
    yield* this.#promises.begun.wait();
    yield* this.#sim.moment('output written').wait();
    this.#runner.write();
  }

  *#exit(): Proc {
    yield* this.#promises.begun.wait();
    yield* this.#sim.faultMoment('process exits').wait();
    if (!this.#runner.lives) return;
    this.#runner.exit();
    if (!this.#pump.done.fired) this.#promises.processExited();
  }

  // ---- faults ----

  /** Strikes the connection that is asked for or polled; one that the client has left already does not matter. */
  *#strike(name: string): Proc {
    yield* this.#promises.begun.wait();
    yield* this.#sim.faultMoment(`${name} time`).wait();
    const connection = this.#pump.inUse;
    if (connection === undefined || connection.isStruck) return;
    const kind = this.#sim.chooseFault(`kind of ${name}`, STRIKES);
    connection.strike(kind);
    this.#sim.emit('struck', { connection: connection.number, kind }, 'path');
    if (this.#runner.lives && !this.#runner.exited.fired) this.#promises.sessionLost(kind);
    else this.#promises.excuse('connection struck');
    if (kind === 'cut' || kind === 'cut to client') this.#fallSilent();
  }

  *#endRunner(): Proc {
    yield* this.#promises.begun.wait();
    yield* this.#sim.faultMoment('runner ends time').wait();
    const kind = this.#sim.chooseFault('kind of end', ENDS);
    this.#runner.end(kind);
    if (this.#pump.done.fired) return;
    this.#sim.emit('runner ends', { kind }, 'runner');
    if (kind !== 'restarts') this.#fallSilent();
  }

  /** From now on nothing more is sent to the client over the connection that it polls. */
  #fallSilent(): void {
    const { inUse, polls } = this.#pump;
    if (polls && inUse !== undefined) this.#sim.emit('silence begins', { connection: inUse.number }, 'path');
  }

  // ---- the end of the story ----

  *#tell(): Proc {
    yield* loop(() => this.#watch());
    yield* this.#sim.sleep(2 * this.#config.latency.max + 1, 'end');
    this.#sim.finish();
  }

  *#watch(): Round {
    const watched = this.#sim.deadline('watched', watchedFor(this.#config));
    const got = yield* this.#sim.select({ watched, done: this.#pump.done });
    watched.stop();
    return got.case === 'done' || this.#pump.isSettled ? BREAK : undefined;
  }
}
