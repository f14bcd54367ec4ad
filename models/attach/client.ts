/**
 * A client of an attach session. Stands for: the SDK's attach pump, as far as the runner sees it. Modelled: the attach
 * request and its answer, what a peer does on the connection (reading, typing, pinging, ending in each way of the fault
 * catalogue), coming back after a backoff. Left out: its own watchdog and budget (models/client); here a client that
 * wants the slot keeps asking.
 */
import { between } from '../../src/kernel/bounds.ts';
import type { Cell } from '../../src/kernel/cell.ts';
import { BREAK, loop, type Round } from '../../src/kernel/loop.ts';
import type { Signal } from '../../src/kernel/signal.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import { type Condition, Peer } from '../net/peer.ts';
import type { NetworkPath, Runner } from './network.ts';
import type { AttachConfig } from './parameters.ts';

/** What one that only stays does on its connection. */
const STAYS = { typing: 0, clientPings: 'never', death: 'stays' } as const;

export class Client {
  readonly name: string;
  readonly #sim: Sim;
  readonly #config: AttachConfig;
  readonly #runner: Runner;
  readonly #peer: Peer<NetworkPath>;
  readonly #gotExit: Cell<boolean>;
  readonly #backoff: Cell<number>;
  readonly #attempts: Cell<number>;

  /** One that acts freely types and pings at any time and ends in some way; the other one only stays. */
  constructor(sim: Sim, config: AttachConfig, runner: Runner, actsFreely: boolean) {
    this.name = sim.name;
    this.#sim = sim;
    this.#config = config;
    this.#runner = runner;
    this.#gotExit = sim.cell('got exit', false);
    this.#backoff = sim.cell('backoff', config.retry);
    this.#attempts = sim.cell('attempts', 0);
    this.#peer = new Peer(sim, actsFreely ? config : { ...config, ...STAYS }, {
      atDeath: (kind) => {
        const session = this.session ?? 0;
        return { session, kind, hops: runner.hops, attached: runner.isAttached(session) };
      },
      atLeaving: () => ({ session: this.session ?? 0 }),
      atTheEnd: (how) => {
        const { condition, session = 0 } = this;
        return { how, session, condition, processExited: runner.processExited, gotExit: this.#gotExit.get() };
      },
      receive: (frame) => {
        if (frame.type === 'exit') this.#getExit();
      },
    });
  }

  get isGone(): boolean {
    return this.#peer.isGone;
  }

  get condition(): Condition {
    return this.#peer.condition;
  }

  /** Tells those who watch this client that its session began, ended, or that its condition changed. */
  get changed(): Signal {
    return this.#peer.changed;
  }

  get session(): number | undefined {
    return this.#peer.path?.session;
  }

  // ---- attaching ----

  /** One attach: 101, or the status with which it was refused. */
  *attach(): Proc<number> {
    const oneWay = between(this.#config.latency.min, this.#config.latency.max * this.#runner.hops);
    yield* this.#sim.sleep(oneWay, 'request');
    const reply = this.#runner.serve(this);
    const got = yield* reply.receive.wait();
    const status = got.ok ? got.value : 500;
    yield* this.#sim.sleep(oneWay, 'response');
    this.#sim.emit('attach answered', { status }, this.name);
    return status;
  }

  /** Ask for the slot until it is granted or there is nothing to attach to; after each refusal wait, longer each time. */
  attachUntilGranted(): Proc {
    return loop(() => this.#attachOrBackOff());
  }

  *#attachOrBackOff(): Round {
    const status = yield* this.attach();
    if (status === 101 || status === 404) return BREAK;
    const attempts = this.#attempts.get() + 1;
    this.#attempts.set(attempts);
    if (attempts >= this.#config.attempts) return BREAK;
    const backoff = this.#backoff.get();
    this.#backoff.set(Math.min(2 * backoff, this.#config.retryMax));
    yield* this.#sim.sleep(backoff, 'backoff');
    return undefined;
  }

  /** The runner switched protocols: from here on the connection exists, and anything can happen to it. */
  connected(path: NetworkPath): void {
    this.#peer.connected(path);
    this.changed.broadcast();
  }

  leave(): Proc {
    return this.#peer.leave();
  }

  #getExit(): void {
    this.#gotExit.set(true);
    this.#sim.emit('gets exit frame', undefined, this.name);
  }
}
