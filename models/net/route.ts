/** A path of any length: one TCP connection more than there are boxes that terminate TCP on the way. */
import type { Sim } from '../../src/kernel/sim.ts';
import { LoadBalancer, type TimeLimit } from './load-balancer.ts';
import type { Direction, Path } from './path.ts';
import { type Middlebox, type TcpConnection, type TcpSettings, type TcpSocket, tcpConnection } from './tcp.ts';

/** A box that terminates TCP. */
export interface BoxSettings {
  readonly name: string;
  readonly limit?: TimeLimit;
  /** What kind of box it is, if not one that pipes bytes. */
  readonly Box?: typeof LoadBalancer;
}

export interface RouteSettings {
  readonly tcp: TcpSettings;
  /** From the client to the runner. */
  readonly boxes: readonly BoxSettings[];
  /** On the client's hop. */
  readonly gate?: Middlebox | undefined;
}

export interface Route extends Path {
  /** From the client to the runner; each runs from its `a` to its `b`. */
  readonly hops: readonly TcpConnection[];
  readonly boxes: readonly LoadBalancer[];
}

/** A route that is made already. */
export function connectRoute(net: Sim, client: string, { tcp, boxes, gate }: RouteSettings): Route {
  const places = [client, ...boxes.map(({ name }) => name), 'runner'];
  const hops = places
    .slice(1)
    .map((place, index) => tcpConnection(net, places[index] as string, place, tcp, index === 0 ? gate : undefined));
  const first = hops[0] as TcpConnection;
  const made = boxes.map(({ name, limit, Box = LoadBalancer }, index) => {
    const near: TcpSocket = (hops[index] as TcpConnection).b;
    return net.object(new Box(net, near, (hops[index + 1] as TcpConnection).a, limit, name));
  });
  return net.object({
    socket: first.a,
    runnerSocket: (hops.at(-1) as TcpConnection).b,
    hops,
    boxes: made,
    cut: (direction) => cutHop(first, direction),
    hold: (direction) => holdHop(first, direction),
    heal: () => healHop(first),
    swallowFin: () => {
      for (const box of made) box.swallowFin();
    },
  });
}

export function cutHop({ aToB, bToA }: TcpConnection, direction: Direction): void {
  if (direction !== 'to client') aToB.cut();
  if (direction !== 'to runner') bToA.cut();
}

export function holdHop({ aToB, bToA }: TcpConnection, direction: Direction): void {
  if (direction !== 'to client') aToB.hold();
  if (direction !== 'to runner') bToA.hold();
}

export function healHop({ aToB, bToA }: TcpConnection): void {
  aToB.heal();
  bToA.heal();
}
