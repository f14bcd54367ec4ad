/**
 * Question: what does a layer-7 load balancer hide from the two ends, and when does it cut a connection?
 * Stands for: an AWS ALB (idle timeout 60 s by default), and any proxy that pipes bytes between two TCP connections.
 * Modelled: near acknowledgements (each hop is a TCP connection of its own), backpressure through finite buffers, a time
 *   limit, if it has one (started anew by data either way, by data from the runner's side only, or by nothing; at its end
 *   both sides are reset), FIN and RST passed on, or a FIN swallowed; its program stopped and run again.
 * Left out: HTTP parsing, connection reuse, the balancer's own restarts. It takes no time to forward.
 * Time passes: in the time limit, and in the TCP connections on both sides.
 */
import type { Ticks } from '../../src/kernel/bounds.ts';
import type { Cell } from '../../src/kernel/cell.ts';
import { BREAK, loop, type Round } from '../../src/kernel/loop.ts';
import type { Program } from '../../src/kernel/program.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Timer } from '../../src/kernel/timer.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import type { Frame, TcpSocket, WriteResult } from './tcp.ts';

/** More than any frame: a balancer passes on what it has. */
const ONE_READ_BYTES = 65_536;

/** When a box cuts a connection that is all right. */
export interface TimeLimit {
  readonly time: Ticks;
  /** `upstream` is the runner's side. A limit that nothing starts anew is the connection's lifetime. */
  readonly restartedBy: 'data' | 'data from upstream' | 'nothing';
  /** Told when it does. */
  onCut(): void;
}

export class LoadBalancer {
  readonly #near: TcpSocket;
  readonly #far: TcpSocket;
  readonly #limit: TimeLimit | undefined;
  readonly #idle: Timer;
  readonly #swallowsFin: Cell<boolean>;
  readonly #program: Program;

  /** `near` faces the client, `far` the runner. */
  constructor(sim: Sim, near: TcpSocket, far: TcpSocket, limit: TimeLimit | undefined, name = 'balancer') {
    this.#near = near;
    this.#far = far;
    this.#limit = limit;
    this.#swallowsFin = sim.cell(`${name} swallows FIN`, false);
    this.#program = sim.program();
    this.#idle = sim.time(`${name} idle timeout`, () => this.#cut());
    if (limit !== undefined) this.#idle.arm(limit.time);
    this.#program.spawn(`${name} to runner`, () => loop(() => this.#forward(near, far)), { daemon: true });
    this.#program.spawn(`${name} to client`, () => loop(() => this.#forward(far, near)), { daemon: true });
  }

  /** From now on the end of one side is not passed on to the other. */
  swallowFin(): void {
    this.#swallowsFin.set(true);
  }

  /** Stopped; its kernel goes on and acknowledges. */
  freeze(): void {
    this.#program.freeze();
  }

  thaw(): void {
    this.#program.thaw();
  }

  /** It restarts: both sides are reset. */
  restart(): void {
    this.#idle.stop();
    this.#near.reset();
    this.#far.reset();
  }

  *#forward(from: TcpSocket, to: TcpSocket): Round {
    const ready = yield* from.waitReadable();
    if (ready !== 'data') {
      this.#ended(ready, to);
      return BREAK;
    }
    this.#restartLimit(from);
    for (const frame of from.readFrames(ONE_READ_BYTES)) {
      const result = yield* this.pass(frame, from, to);
      if (result === 'ok' || this.#swallowsFin.get()) continue;
      this.#ended(result, from);
      return BREAK;
    }
    return undefined;
  }

  protected *pass(frame: Frame, _from: TcpSocket, to: TcpSocket): Proc<WriteResult> {
    return yield* to.write(frame);
  }

  #restartLimit(from: TcpSocket): void {
    if (this.#limit === undefined || this.#limit.restartedBy === 'nothing') return;
    if (this.#limit.restartedBy === 'data' || from === this.#far) this.#idle.arm(this.#limit.time);
  }

  #ended(how: string, other: TcpSocket): void {
    if (this.#swallowsFin.get()) return;
    this.#idle.stop();
    if (how === 'EOF') other.close();
    else other.reset();
  }

  #cut(): void {
    this.#limit?.onCut();
    this.#near.reset();
    this.#far.reset();
  }
}
