/** One connection from a client through balancer and proxy to the runner, what can happen to it, and where they come from. */
import type { Cell, Ref } from '../../src/kernel/cell.ts';
import type { Program } from '../../src/kernel/program.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { PumpConnection, Request } from '../client/connection.ts';
import type { LoadBalancer } from '../net/load-balancer.ts';
import { connectRoute, cutHop, healHop, holdHop, type Route } from '../net/route.ts';
import type { TcpConnection, TcpSocket } from '../net/tcp.ts';
import type { EndToEndConfig } from './parameters.ts';
import { Wire } from './wire.ts';

/** What can happen on the way. The first is the default of the decision. */
export const STRIKES = [
  'cut',
  'cut to client',
  'cut to runner',
  'reset',
  'partition heals',
  'box hangs',
  'box hangs and goes on',
  'box restarts',
  'FIN swallowed',
] as const;
export type Strike = (typeof STRIKES)[number];

/** Those that a session survives, if nothing else happens. */
export function isSurvived(strike: Strike): boolean {
  return strike === 'partition heals' || strike === 'box hangs and goes on' || strike === 'FIN swallowed';
}

const REQUEST_BYTES = 256;

/** Who answers requests. */
export interface Listener {
  accept(connection: Connection, request: Request, socket: TcpSocket): void;
  isHeldBy(connection: Connection): boolean;
}

export class Connection implements PumpConnection {
  readonly number: number;
  readonly client: Wire;
  readonly route: Route;
  /** Who asked: `client` or `rival`. */
  readonly by: string;
  /** The one that the same client made before. */
  readonly before: Connection | undefined;
  readonly #sim: Sim;
  readonly #struck: Cell<boolean>;
  /** A box on the way stands still for ever. */
  readonly #hangs: Cell<boolean>;
  readonly #endsOpen: Cell<number>;
  /** Nothing is left in the boxes. */
  readonly #isForgotten: Cell<boolean>;
  readonly #clientOpen: Cell<boolean>;

  constructor(sim: Sim, number: number, by: string, route: Route, program: Program, before: Connection | undefined) {
    this.#sim = sim;
    this.number = number;
    this.by = by;
    this.route = route;
    this.before = before;
    this.#struck = sim.cell('struck', false);
    this.#hangs = sim.cell('hangs', false);
    this.#endsOpen = sim.cell('ends open', 2);
    this.#isForgotten = sim.cell('is forgotten', false);
    this.#clientOpen = sim.cell('client open', true);
    this.client = new Wire(sim, route.socket, program, () => this.#clientClosed());
  }

  get isStruck(): boolean {
    return this.#struck.get();
  }

  get isClientOpen(): boolean {
    return this.#clientOpen.get();
  }

  /** The client's program is not what it was: what follows is not the path's fault. */
  excuse(): void {
    this.#struck.set(true);
  }

  strike(kind: Strike, hop: TcpConnection, box: LoadBalancer): void {
    if (!isSurvived(kind)) this.#struck.set(true);
    switch (kind) {
      case 'cut':
        cutHop(hop, 'both');
        break;
      case 'cut to client':
        cutHop(hop, 'to client');
        break;
      case 'cut to runner':
        cutHop(hop, 'to runner');
        break;
      case 'reset':
        hop.a.reset();
        hop.b.reset();
        break;
      case 'partition heals':
        holdHop(hop, 'both');
        break;
      case 'box hangs':
        this.#hangs.set(true);
        box.freeze();
        break;
      case 'box hangs and goes on':
        box.freeze();
        break;
      case 'box restarts':
        box.restart();
        break;
      case 'FIN swallowed':
        box.swallowFin();
    }
    if (kind === 'cut' || kind === 'cut to runner' || kind === 'box hangs' || kind === 'FIN swallowed')
      this.client.cut();
  }

  /** The end of what heals. */
  heal(hop: TcpConnection, box: LoadBalancer): void {
    healHop(hop);
    box.thaw();
  }

  forgotten(): void {
    this.#isForgotten.set(true);
    this.#sim.emit('path empty', { connection: this.number }, 'path');
  }

  runnerClosed(): void {
    this.#endClosed();
  }

  #clientClosed(): void {
    if (!this.#clientOpen.get()) return;
    this.#clientOpen.set(false);
    this.#endClosed();
  }

  #endClosed(): void {
    const left = this.#endsOpen.get() - 1;
    this.#endsOpen.set(left);
    if (left === 0 && !this.#hangs.get() && !this.#isForgotten.get())
      this.#sim.emit('both ends closed', { connection: this.number }, 'path');
  }
}

/** What connections are numbered by: each is a session of its own. */
export class Internet {
  readonly sim: Sim;
  readonly config: EndToEndConfig;
  readonly listener: Listener;
  readonly proxyBox: typeof LoadBalancer;
  readonly #count: Cell<number>;

  constructor(sim: Sim, config: EndToEndConfig, listener: Listener, proxyBox: typeof LoadBalancer) {
    this.sim = sim;
    this.config = config;
    this.listener = listener;
    this.proxyBox = proxyBox;
    this.#count = sim.cell('connections', 0);
  }

  connect(request: Request, by: string, program: Program, before: Connection | undefined): Connection {
    const { latency, sendBuffer, receiveBuffer, giveUp, balancerIdle } = this.config;
    const number = this.#count.get() + 1;
    this.#count.set(number);
    const net = this.sim.scope(`net ${number}`);
    const limit = { time: balancerIdle, restartedBy: 'data', onCut: () => this.#cutIdle(connection) } as const;
    const route = connectRoute(net, by, {
      tcp: { latency, sendBuffer, receiveBuffer, giveUp },
      boxes: [
        { name: 'balancer', limit },
        { name: 'proxy', Box: this.proxyBox },
      ],
    });
    const scope = this.sim.scope(`${request} ${number}`);
    const connection = scope.object(new Connection(scope, number, by, route, program, before));
    net.whenEmpty(() => connection.forgotten());
    this.listener.accept(connection, request, route.runnerSocket);
    connection.client.put({ type: request, bytes: REQUEST_BYTES });
    return connection;
  }

  /** One that both ends use and nothing has happened to. */
  #cutIdle(connection: Connection): void {
    const { number, isClientOpen, isStruck } = connection;
    const isLive = isClientOpen && !isStruck && this.listener.isHeldBy(connection);
    this.sim.emit('balancer cuts idle connection', { connection: number, isLive }, 'balancer');
  }
}

/** The connections of one run of a client's program. */
export class ClientNetwork {
  readonly #internet: Internet;
  readonly #by: string;
  readonly #program: Program;
  readonly #latest: Ref<Connection>;

  constructor(sim: Sim, internet: Internet, by: string, program: Program) {
    this.#internet = internet;
    this.#by = by;
    this.#program = program;
    this.#latest = sim.ref('latest connection');
  }

  connect(request: Request): Connection {
    const connection = this.#internet.connect(request, this.#by, this.#program, this.#latest.get());
    this.#latest.set(connection);
    return connection;
  }

  /** The program ends: its kernel closes what it left open. */
  closeAll(): void {
    for (let each = this.#latest.get(); each !== undefined; each = each.before)
      if (each.isClientOpen) each.client.close();
  }
}
