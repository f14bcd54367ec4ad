/**
 * TCP keepalive of one end. Stands for: Linux's, which Go's net turns on by default (15 s / 15 s / 9). Modelled: a probe
 * after each `idle` in which nothing came, then one each `interval`; after `count` of them without an answer the
 * connection is given up. While something is unacknowledged it does nothing: retransmission has its own end. The peer's
 * kernel answers, whatever its program does: of a layer-7 balancer, the balancer's.
 */
import type { Ticks } from '../../src/kernel/bounds.ts';
import type { Cell } from '../../src/kernel/cell.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Timer } from '../../src/kernel/timer.ts';

export interface TcpKeepaliveTimes {
  readonly idle: Ticks;
  readonly interval: Ticks;
  readonly count: number;
}

/** What it asks of its socket. */
interface Probed {
  /** False while something is unacknowledged. */
  probe(): boolean;
  giveUp(): void;
}

export class TcpKeepalive {
  readonly #times: TcpKeepaliveTimes;
  readonly #socket: Probed;
  readonly #timer: Timer;
  readonly #unanswered: Cell<number>;

  constructor(sim: Sim, name: string, times: TcpKeepaliveTimes, socket: Probed) {
    this.#times = times;
    this.#socket = socket;
    this.#unanswered = sim.cell(`${name} probes unanswered`, 0);
    this.#timer = sim.time(`${name} keepalive`, () => this.#due());
    this.#timer.arm(times.idle);
  }

  heard(): void {
    this.#unanswered.set(0);
    this.#timer.arm(this.#times.idle);
  }

  stop(): void {
    this.#timer.stop();
  }

  #due(): void {
    const unanswered = this.#unanswered.get();
    if (unanswered === this.#times.count) {
      this.#socket.giveUp();
      return;
    }
    if (this.#socket.probe()) this.#unanswered.set(unanswered + 1);
    this.#timer.arm(this.#times.interval);
  }
}
