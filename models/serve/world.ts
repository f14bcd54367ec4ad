/**
 * The composition: one process with its slot, a first client that lives or dies in some way, and a second client that
 * may come for the slot at any time. The attach request itself takes no time here.
 */
import { BREAK, loop, type Round } from '../../src/kernel/loop.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import { Slot } from '../attach/slot.ts';
import { latencyBound } from '../net/parameters.ts';
import { connectPath, hopsOf, type PathKind } from '../net/path.ts';
import { Peer } from '../net/peer.ts';
import { Output } from './output.ts';
import { type ServeConfig, watchedFor } from './parameters.ts';
import type { SessionClass } from './session.ts';

const FIRST = 1;
const SECOND = 2;

/** What state properties look at. */
export interface World {
  readonly slot: Slot;
  readonly first: Peer;
}

export function buildWorld(sim: Sim, config: ServeConfig, Session: SessionClass): World {
  const kind = config.path === 'any' ? sim.choose('path', ['direct', 'balanced']) : config.path;
  const story = new Story(sim, config, Session, kind);
  story.begin();
  return story;
}

class Story implements World {
  readonly slot: Slot;
  readonly first: Peer;
  readonly #sim: Sim;
  readonly #config: ServeConfig;
  readonly #Session: SessionClass;
  readonly #kind: PathKind;
  readonly #output: Output;

  constructor(sim: Sim, config: ServeConfig, Session: SessionClass, kind: PathKind) {
    this.#sim = sim;
    this.#config = config;
    this.#Session = Session;
    this.#kind = kind;
    this.slot = new Slot(sim.scope('slot'));
    this.#output = new Output(sim.scope('process'), config.outputs);
    this.first = new Peer(sim.scope('client 1'), config, {
      atDeath: (end) => ({ kind: end, session: FIRST, hops: hopsOf(kind), attached: this.slot.isHeldBy(FIRST) }),
    });
  }

  begin(): void {
    this.#attach(FIRST, this.first);
    if (this.#config.rival === 'any') this.#spawn('client 2', () => this.#beSecond());
    if (this.#config.ends === 'story') this.#spawn('story', () => this.#tell());
  }

  #spawn(name: string, body: () => Proc): void {
    this.#sim.spawn(name, body, { daemon: true });
  }

  /** False if the slot is not free. */
  #attach(number: number, client: Peer): boolean {
    if (!this.slot.markConnected(number)) return false;
    const { latency, sendBuffer, receiveBuffer, giveUp, balancerIdle } = this.#config;
    const net = this.#sim.scope(`net ${number}`);
    const path = connectPath(net, client.name, {
      tcp: { latency, sendBuffer, receiveBuffer, giveUp },
      kind: this.#kind,
      balancerIdle,
      onIdleCut: () => net.emit('balancer cuts idle connection', { condition: client.condition }, 'balancer'),
    });
    client.connected(path);
    const scope = this.#sim.scope(`session ${number}`);
    const session = scope.object(
      new this.#Session({
        sim: scope,
        config: this.#config,
        slot: this.slot,
        session: number,
        socket: path.runnerSocket,
        output: this.#output.subscribe(number),
      }),
    );
    scope.spawn('attach', () => session.serve(), { daemon: true });
    scope.whenEmpty(() => this.#sim.emit('session empty', { session: number }, 'server'));
    return true;
  }

  // ---- the second client ----

  /** Comes at any time; it asks again and again until it is granted the slot, and stays. */
  *#beSecond(): Proc {
    yield* this.#sim.moment('client 2 comes').wait();
    const second = this.#sim.object(
      new Peer(
        this.#sim.scope('client 2'),
        { ...this.#config, typing: 0, death: 'stays' },
        {
          atDeath: (end) => ({ kind: end, session: SECOND }),
        },
      ),
    );
    yield* loop(() => this.#askForSlot(second));
  }

  *#askForSlot(second: Peer): Round {
    if (this.#attach(SECOND, second)) return BREAK;
    yield* this.#sim.sleep(this.#config.retry, 'retry');
    return undefined;
  }

  // ---- the end of the story ----

  /** Ends when the session of a first client that is gone is over; or, if nothing happens to it, after a while. */
  *#tell(): Proc {
    yield* this.#sim.sleep(watchedFor(this.#config), 'watched');
    if (this.first.isGone) yield* loop(() => this.#untilFreed());
    yield* this.#sim.sleep(this.#config.retry + latencyBound(this.#config) + 1, 'end');
    this.#sim.finish();
  }

  *#untilFreed(): Round {
    if (!this.slot.isHeldBy(FIRST)) return BREAK;
    yield* this.slot.released.wait();
    return undefined;
  }
}
