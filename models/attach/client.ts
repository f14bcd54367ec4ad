/**
 * A client of an attach session. Stands for: the SDK's attach pump, as far as the runner sees it. Modelled: the attach
 * request and its answer, what a peer does on the connection (reading, typing, text frames, a burst of input, a frame
 * over the limit, pinging, ending in each way of the fault catalogue), coming back after a backoff. Left out: its own
 * watchdog and budget (models/client); here a client that wants the slot keeps asking.
 */
import { between } from '../../src/kernel/bounds.ts';
import type { Cell } from '../../src/kernel/cell.ts';
import { BREAK, loop, type Round } from '../../src/kernel/loop.ts';
import type { Signal } from '../../src/kernel/signal.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import { type Condition, Peer, type PeerSettings, type Sending } from '../net/peer.ts';
import type { NetworkPath, Runner } from './network.ts';
import { ASKS, type AttachConfig } from './parameters.ts';

/** What one that only stays does on its connection. */
const STAYS = { typing: 0, clientPings: 'never', reading: 'at once', death: 'stays' } as const;

const TEXT_BYTES = 64;

/** What a client sends apart from what every peer does. */
function sendingsOf(sim: Sim, config: AttachConfig): readonly Sending[] {
  const { texts, asks, inputBurst, chunk, excess, readLimit } = config;
  const asked = (name: string) => (asks === 'any' ? sim.choose(`${name} asks`, ASKS) : asks);
  const text = (name: string): Sending => ({
    name,
    frames: () => [{ type: 'text', bytes: TEXT_BYTES, asks: asked(name) }],
  });
  /** A paste, or somebody who drags the edge of a window. */
  const burst: Sending = {
    name: 'input burst',
    frames: () => {
      const type = sim.choose('input burst of', ['stdin', 'text']);
      return Array.from({ length: inputBurst }, () => ({ type, bytes: chunk, asks: 'resize' }));
    },
  };
  const overLimit: Sending = {
    name: 'frame over the limit',
    frames: () => [{ type: 'stdin', bytes: readLimit + 1 }],
    isOffence: true,
  };
  return [
    ...['1st text', '2nd text'].slice(0, texts).map(text),
    ...(inputBurst > 0 ? [burst] : []),
    ...(excess === 'any' ? [overLimit] : []),
  ];
}

export class Client {
  readonly name: string;
  readonly #sim: Sim;
  readonly #config: AttachConfig;
  readonly #runner: Runner;
  readonly #peer: Peer<NetworkPath>;
  readonly #gotExit: Cell<boolean>;
  /** For the properties only, and only where a process can end: nobody asks for it before. */
  readonly #received: Cell<number>;
  readonly #backoff: Cell<number>;
  readonly #attempts: Cell<number>;

  /** One that acts freely types and pings at any time and ends in some way; the other one only stays. */
  constructor(
    sim: Sim,
    config: AttachConfig,
    runner: Runner,
    actsFreely: boolean,
    distress?: PeerSettings['distress'],
  ) {
    this.name = sim.name;
    this.#sim = sim;
    this.#config = config;
    this.#runner = runner;
    this.#gotExit = sim.cell('got exit', false);
    this.#received = sim.cell('received bytes', 0);
    this.#backoff = sim.cell('backoff', config.retry);
    this.#attempts = sim.cell('attempts', 0);
    const { answer, stall, typing, clientPings, reading, readPause, death } = config;
    const acts = { answer, stall, typing, clientPings, reading, readPause, death, sends: sendingsOf(sim, config) };
    const free = distress === undefined ? acts : { ...acts, distress };
    this.#peer = new Peer(sim, actsFreely ? free : { answer, stall, ...STAYS }, {
      atDeath: (kind) => {
        const session = this.session ?? 0;
        const slow = this.#peer.isSlow ? { slow: true } : {};
        const distressed = this.#peer.distress === 'none' ? {} : { distress: this.#peer.distress };
        return { session, kind, hops: runner.hops, attached: runner.isAttached(session), ...slow, ...distressed };
      },
      atLeaving: () => ({ session: this.session ?? 0 }),
      atTheEnd: (how) => {
        const { condition, session = 0 } = this;
        return { how, session, condition, processExited: runner.processExited, gotExit: this.#gotExit.get() };
      },
      receive: (frame) => {
        if (frame.type === 'exit') this.#getExit(Number(frame.owed ?? 0));
        else if (config.exits === 'any') this.#received.set(this.#received.get() + frame.bytes);
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

  /** `owed`: the bytes of output that should have come before. */
  #getExit(owed: number): void {
    this.#gotExit.set(true);
    const missing = owed - this.#received.get();
    this.#sim.emit('gets exit frame', missing === 0 ? undefined : { missing }, this.name);
  }
}
