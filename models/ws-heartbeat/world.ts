/**
 * Question: when does the heartbeat of the README of `ws` let go of a client that is gone, and does it spare a live one?
 * Stands for: one server with one client that connects at any time between two sweeps, on a direct path.
 * Modelled: the connection (models/net/tcp.ts), the client's end without a goodbye at any time.
 * Left out: TCP's own handshake; more clients, which the sweep treats alike.
 *
 * Both ends are an `Arm`: written for the simulation (model.ts), or real code on simulated sockets. What is told here is told
 * in the same words whoever is at the ends.
 */
import type { Cell } from '../../src/kernel/cell.ts';
import type { Latch } from '../../src/kernel/latch.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import { type TcpConnection, type TcpSocket, tcpConnection } from '../net/tcp.ts';
import { type HeartbeatConfig, watchedFor } from './parameters.ts';

export interface ServerSide {
  /** The server begins to sweep. */
  start(): void;
  /** A connection has come in. */
  accept(socket: TcpSocket): void;
}

export interface ClientSide {
  connect(socket: TcpSocket): void;
  /** As after a power cut. */
  vanish(): void;
}

/** What an end tells of itself. */
export interface Tell {
  connection(): void;
  sessionOver(): void;
  opened(): void;
  clientOver(): void;
}

export interface Arm {
  server(sim: Sim, config: HeartbeatConfig, tell: Tell): ServerSide;
  client(sim: Sim, config: HeartbeatConfig, tell: Tell): ClientSide;
}

type ClientState = 'lives' | 'over' | 'dead';

export interface World {
  readonly client: Cell<ClientState>;
}

export function buildWorld(sim: Sim, config: HeartbeatConfig, arm: Arm): World {
  const client = sim.cell<ClientState>('client state', 'lives');
  const isOver = sim.cell<boolean>('session over', false);
  const connected = sim.latch('connected');
  const tell: Tell = {
    connection: () => {
      sim.emit('connection', undefined, 'server');
      connected.fire();
    },
    sessionOver: () => {
      isOver.set(true);
      sim.emit('session over', { client: client.get() }, 'server');
    },
    opened: () => sim.emit('open', undefined, 'client'),
    clientOver: () => {
      client.set('over');
      sim.emit('client over', { gaveUp: !isOver.get() }, 'client');
    },
  };
  const net = tcpConnection(sim.scope('net'), 'client', 'server', config);
  net.a.observe(({ type }) => sim.emit('arrives', { frame: type }, 'client'));
  net.b.observe(({ type }) => sim.emit('arrives', { frame: type }, 'server'));
  const serverSide = arm.server(sim.scope('server'), config, tell);
  const clientSide = arm.client(sim.scope('client'), config, tell);
  serverSide.start();
  sim.spawn('path', () => connect(sim, config, net, serverSide, clientSide), { daemon: true });
  if (config.death === 'any')
    sim.spawn('fate', () => meetFate(sim, connected, net, clientSide, client), { daemon: true });
  if (config.ends === 'story') sim.spawn('story', () => tellStory(sim, config), { daemon: true });
  return { client };
}

function* connect(
  sim: Sim,
  config: HeartbeatConfig,
  { a, b }: TcpConnection,
  serverSide: ServerSide,
  clientSide: ClientSide,
): Proc {
  yield* sim.sleep(config.connects, 'connects');
  serverSide.accept(b);
  clientSide.connect(a);
}

/** Nobody owes anything to a client that the server has never seen. */
function* meetFate(
  sim: Sim,
  connected: Latch,
  { aToB, bToA }: TcpConnection,
  clientSide: ClientSide,
  client: Cell<ClientState>,
): Proc {
  yield* connected.wait();
  yield* sim.faultMoment('client dies').wait();
  if (client.get() !== 'lives') return;
  client.set('dead');
  aToB.cut();
  bToA.cut();
  clientSide.vanish();
  sim.emit('client dead', undefined, 'client');
}

function* tellStory(sim: Sim, config: HeartbeatConfig): Proc {
  yield* sim.sleep(watchedFor(config), 'watched');
  sim.finish();
}
