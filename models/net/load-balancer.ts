/**
 * Question: what does a layer-7 load balancer hide from the two ends, and when does it cut a connection?
 * Stands for: an AWS ALB (idle timeout 60 s by default), and any proxy that pipes bytes between two TCP connections.
 * Modelled: near acknowledgements (each hop is a TCP connection of its own), backpressure through finite buffers, the
 *   idle timeout (data in either direction starts it anew; at its end both sides are reset), FIN and RST passed on, or
 *   a FIN swallowed.
 * Left out: HTTP parsing, connection reuse, the balancer's own restarts. It takes no time to forward.
 * Time passes: in the idle timeout, and in the TCP connections on both sides.
 */
import type { Ticks } from '../../src/kernel/bounds.ts';
import type { Cell } from '../../src/kernel/cell.ts';
import { BREAK, loop, type Round } from '../../src/kernel/loop.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Timer } from '../../src/kernel/timer.ts';
import type { TcpSocket } from './tcp.ts';

/** More than any frame: a balancer passes on what it has. */
const ONE_READ_BYTES = 65_536;

export class LoadBalancer {
  readonly #near: TcpSocket;
  readonly #far: TcpSocket;
  readonly #idleTimeout: Ticks;
  readonly #idle: Timer;
  readonly #swallowsFin: Cell<boolean>;

  /** `near` faces the client, `far` the runner. `onIdleCut` is told when it cuts for idleness. */
  constructor(sim: Sim, near: TcpSocket, far: TcpSocket, idleTimeout: Ticks, onIdleCut: () => void) {
    this.#near = near;
    this.#far = far;
    this.#idleTimeout = idleTimeout;
    this.#swallowsFin = sim.cell('balancer swallows FIN', false);
    this.#idle = sim.time('balancer idle timeout', () => {
      onIdleCut();
      this.#cut();
    });
    this.#idle.arm(idleTimeout);
    sim.spawn('balancer to runner', () => loop(() => this.#forward(near, far)), { daemon: true });
    sim.spawn('balancer to client', () => loop(() => this.#forward(far, near)), { daemon: true });
  }

  /** From now on the end of one side is not passed on to the other. */
  swallowFin(): void {
    this.#swallowsFin.set(true);
  }

  *#forward(from: TcpSocket, to: TcpSocket): Round {
    const ready = yield* from.waitReadable();
    if (ready !== 'data') {
      this.#ended(ready, to);
      return BREAK;
    }
    this.#idle.arm(this.#idleTimeout);
    for (const frame of from.readFrames(ONE_READ_BYTES)) {
      const result = yield* to.write(frame);
      if (result === 'ok' || this.#swallowsFin.get()) continue;
      this.#ended(result, from);
      return BREAK;
    }
    return undefined;
  }

  #ended(how: string, other: TcpSocket): void {
    if (this.#swallowsFin.get()) return;
    this.#idle.stop();
    if (how === 'EOF') other.close();
    else other.reset();
  }

  #cut(): void {
    this.#near.reset();
    this.#far.reset();
  }
}
