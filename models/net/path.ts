/** The path between a client and a runner: one TCP connection, or two with a layer-7 balancer in between. */
import type { Ticks } from '../../src/kernel/bounds.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import { connectRoute } from './route.ts';
import type { TcpSettings, TcpSocket } from './tcp.ts';

export type PathKind = 'direct' | 'balanced';

export type Direction = 'both' | 'to runner' | 'to client';

/** A connection from a client's socket to the runner's, directly or through a balancer. */
export interface Path {
  /** The client's end. */
  readonly socket: TcpSocket;
  /** The runner's end. */
  readonly runnerSocket: TcpSocket;
  /** Lose what is sent from now on over the client's hop. */
  cut(direction: Direction): void;
  /** The same until it heals. */
  hold(direction: Direction): void;
  heal(): void;
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
  const limit = { time: balancerIdle, restartedBy: 'data', onCut: onIdleCut } as const;
  return connectRoute(net, client, { tcp, boxes: kind === 'direct' ? [] : [{ name: 'balancer', limit }] });
}
