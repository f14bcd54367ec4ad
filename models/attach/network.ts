/** The path between one client and the runner, and what the runner does with a request to attach. */
import type { Channel } from '../../src/kernel/channel.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import { MILLISECOND } from '../net/parameters.ts';
import { connectPath, hopsOf, type Path, type PathKind } from '../net/path.ts';
import type { TcpSocket } from '../net/tcp.ts';
import { WebSocketConn } from '../net/websocket.ts';
import type { Client } from './client.ts';
import type { AttachHandler, AttachRequest, Design } from './handler.ts';
import type { AttachConfig } from './parameters.ts';
import type { Shell } from './shell.ts';
import type { Slot } from './slot.ts';

/** The path of one session. */
export interface NetworkPath extends Path {
  readonly session: number;
}

export class Runner {
  readonly hops: number;
  protected readonly sim: Sim;
  readonly #config: AttachConfig;
  readonly #design: Design;
  readonly #slot: Slot;
  readonly #shell: Shell;
  readonly #kind: PathKind;
  readonly #sessions: { get(): number; set(value: number): void };

  constructor(sim: Sim, config: AttachConfig, design: Design, slot: Slot, shell: Shell) {
    this.sim = sim;
    this.#config = config;
    this.#design = design;
    this.#slot = slot;
    this.#shell = shell;
    this.#kind = config.path === 'any' ? sim.choose('path', ['direct', 'balanced']) : config.path;
    this.hops = this.countHops(this.#kind);
    this.#sessions = sim.cell('sessions', 0);
  }

  protected countHops(kind: PathKind): number {
    return hopsOf(kind);
  }

  isAttached(session: number): boolean {
    return this.#slot.isHeldBy(session);
  }

  get processExited(): boolean {
    return this.#shell.exited.fired;
  }

  /** Start the handler of one request; its answer comes on the channel: 101, 404, 409 or 500. */
  serve(client: Client): Channel<number> {
    const session = this.#sessions.get() + 1;
    this.#sessions.set(session);
    const sim = this.sim.scope(`session ${session}`);
    const reply = sim.channel<number>('reply', 1);
    const succeeds = this.#config.entry === 'succeeds';
    const request: AttachRequest = {
      session,
      lookUp: () => succeeds || sim.chooseFault('lookup', ['found', 'gone']) === 'found',
      refuse: (status) => void reply.trySend(status),
      upgrade: () => {
        if (!succeeds && sim.chooseFault('upgrade', ['succeeds', 'fails']) === 'fails') return undefined;
        const path = this.connect(client, session);
        path.runnerSocket.observe((frame) => sim.emit('arrives', { session, frame: frame.type }, 'runner'));
        client.connected(path);
        reply.trySend(101);
        return this.newConn(sim, path.runnerSocket);
      },
    };
    const handler = sim.object(
      new this.#design.Handler({
        sim,
        config: this.#config,
        slot: this.#slot,
        shell: this.#shell,
        request,
      }),
    );
    sim.spawn('handler', () => this.#watch(handler, sim, session), { daemon: true });
    sim.whenEmpty(() => this.sim.emit('session empty', { session }, 'runner'));
    return reply;
  }

  *#watch(handler: AttachHandler, sim: Sim, session: number): Proc {
    yield* handler.serveAttach();
    sim.emit('handler returns', { session, holdsSlot: this.#slot.isHeldBy(session) });
  }

  protected newConn(sim: Sim, socket: TcpSocket): WebSocketConn {
    return sim.object(new WebSocketConn(sim, socket, MILLISECOND));
  }

  protected connect(client: Client, session: number): NetworkPath {
    const { latency, sendBuffer, receiveBuffer, giveUp, balancerIdle } = this.#config;
    const net = this.sim.scope(`net ${session}`);
    const path = connectPath(net, client.name, {
      tcp: { latency, sendBuffer, receiveBuffer, giveUp },
      kind: this.#kind,
      balancerIdle,
      onIdleCut: () => net.emit('balancer cuts idle connection', { session, condition: client.condition }, 'balancer'),
    });
    return net.object({ session, ...path });
  }
}
