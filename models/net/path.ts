/** The path between a client and a runner: one TCP connection, or two with a layer-7 balancer in between. */
import type { Ticks } from '../../src/kernel/bounds.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import { LoadBalancer } from './load-balancer.ts';
import { type Link, type TcpSettings, type TcpSocket, tcpConnection } from './tcp.ts';

export type PathKind = 'direct' | 'balanced';

/** A connection from a client's socket to the runner's, directly or through a balancer. */
export interface Path {
  /** The client's end. */
  readonly socket: TcpSocket;
  /** The runner's end. */
  readonly runnerSocket: TcpSocket;
  /** Lose what is sent from now on over the client's hop. */
  cut(direction: 'both' | 'to runner' | 'to client'): void;
  /** The balancer, if there is one, no longer passes on that one side has ended. */
  swallowFin(): void;
}

export interface PathSettings {
  readonly tcp: TcpSettings;
  readonly kind: PathKind;
  readonly balancerIdle: Ticks;
  /** Told when the balancer cuts the connection for idleness. */
  onIdleCut(): void;
}

/** Network hops between client and runner. */
export function hopsOf(kind: PathKind): number {
  return kind === 'direct' ? 1 : 2;
}

/** A path that is made already. */
export function connectPath(net: Sim, client: string, { tcp, kind, balancerIdle, onIdleCut }: PathSettings): Path {
  if (kind === 'direct') {
    const { a, b, aToB, bToA } = tcpConnection(net, client, 'runner', tcp);
    return net.object({ socket: a, runnerSocket: b, cut: cutter(aToB, bToA), swallowFin: () => undefined });
  }
  const near = tcpConnection(net, client, 'balancer', tcp);
  const far = tcpConnection(net, 'balancer', 'runner', tcp);
  const balancer = new LoadBalancer(net, near.b, far.a, balancerIdle, onIdleCut);
  return net.object({
    socket: near.a,
    runnerSocket: far.b,
    cut: cutter(near.aToB, near.bToA),
    swallowFin: () => balancer.swallowFin(),
  });
}

function cutter(toRunner: Link, toClient: Link): Path['cut'] {
  return (direction) => {
    if (direction !== 'to client') toRunner.cut();
    if (direction !== 'to runner') toClient.cut();
  };
}
