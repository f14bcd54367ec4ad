/** The path from a client through a product and a proxy to the runner. */
import type { Ref } from '../../src/kernel/cell.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Client } from '../attach/client.ts';
import type { Design as AttachDesign } from '../attach/handler.ts';
import { type NetworkPath, Runner } from '../attach/network.ts';
import type { Shell } from '../attach/shell.ts';
import type { Slot } from '../attach/slot.ts';
import type { LoadBalancer, TimeLimit } from '../net/load-balancer.ts';
import { Nat } from '../net/nat.ts';
import { MILLISECOND } from '../net/parameters.ts';
import { PRODUCTS } from '../net/products.ts';
import { type BoxSettings, connectRoute } from '../net/route.ts';
import type { TcpSocket } from '../net/tcp.ts';
import { type ClockStep, WallClockConn } from '../net/wall-clock.ts';
import { WebSocketConn } from '../net/websocket.ts';
import { hopsOf, KEEPABLE, type ProxyConfig, type Setup, TCP_KEEPALIVE } from './parameters.ts';

/** What a variant is made of. */
export interface Design extends AttachDesign {
  readonly Proxy: typeof LoadBalancer;
  /** Whether the runner's kernel sends TCP keepalive probes. */
  readonly tcpKeepalive: boolean;
  /** What deadlines are kept as. */
  readonly deadlines: 'monotonic' | 'wall clock';
}

export class ProxiedRunner extends Runner {
  readonly setup: Setup;
  override readonly hops: number;
  readonly #config: ProxyConfig;
  readonly #design: Design;
  readonly #conn: Ref<WebSocketConn>;

  constructor(sim: Sim, config: ProxyConfig, design: Design, slot: Slot, shell: Shell) {
    super(sim, { ...config, path: 'direct' }, design, slot, shell);
    this.#config = config;
    this.#design = design;
    this.#conn = sim.ref('conn');
    const product = config.product === 'any' ? sim.choose('product', KEEPABLE) : config.product;
    const proxy = config.proxy === 'any' ? sim.choose('proxy', ['there', 'none']) : config.proxy;
    this.setup = { product, proxy: proxy === 'there' };
    this.hops = hopsOf(this.setup);
  }

  /** A step of the wall clock. */
  clockSteps(how: ClockStep): void {
    const conn = this.#conn.get();
    if (conn instanceof WallClockConn) conn.clockSteps(how);
  }

  protected override newConn(sim: Sim, socket: TcpSocket): WebSocketConn {
    if (this.#design.tcpKeepalive) socket.keepAlive(TCP_KEEPALIVE);
    const conn = sim.object(
      this.#design.deadlines === 'monotonic'
        ? new WebSocketConn(sim, socket, MILLISECOND)
        : new WallClockConn(sim, socket, MILLISECOND, this.#config.clockStep),
    );
    this.#conn.set(conn);
    return conn;
  }

  protected override connect(client: Client, session: number): NetworkPath {
    const { latency, sendBuffer, receiveBuffer, giveUp } = this.#config;
    const { product, proxy } = this.setup;
    const { layer, time, restartedBy } = PRODUCTS[product];
    const net = this.sim.scope(`net ${session}`);
    const onCut = () => {
      const attached = this.isAttached(session);
      net.emit('cut at its limit', { session, layer, product, attached, condition: client.condition }, product);
    };
    const boxes: BoxSettings[] = [];
    if (layer === 7) boxes.push({ name: product, limit: { time, restartedBy, onCut } as TimeLimit });
    if (proxy) boxes.push({ name: 'proxy', Box: this.#design.Proxy });
    const gate = layer === 4 ? net.object(new Nat(net, time, onCut)) : undefined;
    const tcp = { latency, sendBuffer, receiveBuffer, giveUp };
    return net.object({ session, ...connectRoute(net, client.name, { tcp, boxes, gate }) });
  }
}
