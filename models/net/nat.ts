/**
 * Question: what does a box that tracks connections, and terminates none, do to one that is idle?
 * Stands for: a NAT, or a layer-4 balancer (AWS NLB, Azure LB): one TCP connection goes through it.
 * Modelled: an entry for the flow; any segment starts its time anew, those of TCP keepalive too; at the end of the time, or
 *   when the box forgets it for reasons of its own (it restarts, its table is full), whatever comes is dropped silently.
 * Left out: a box that answers the next segment with a RST (one that drops it is noticed later, never earlier); the two
 *   legs of its latency: it sits at one end of the hop.
 * Time passes: in the entry's idle time.
 */
import type { Ticks } from '../../src/kernel/bounds.ts';
import type { Cell } from '../../src/kernel/cell.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Timer } from '../../src/kernel/timer.ts';
import type { Middlebox } from './tcp.ts';

export class Nat implements Middlebox {
  readonly #idleTime: Ticks;
  readonly #idle: Timer;
  readonly #knows: Cell<boolean>;
  readonly #onIdle: () => void;

  /** `onIdle` is told when the entry ends for idleness. */
  constructor(sim: Sim, idleTime: Ticks, onIdle: () => void) {
    this.#idleTime = idleTime;
    this.#onIdle = onIdle;
    this.#knows = sim.cell('nat knows the flow', true);
    this.#idle = sim.time('nat idle time', () => this.#expire());
    this.#idle.arm(idleTime);
  }

  passes(): boolean {
    if (!this.#knows.get()) return false;
    this.#idle.arm(this.#idleTime);
    return true;
  }

  /** From now on everything is dropped. */
  forget(): void {
    this.#knows.set(false);
    this.#idle.stop();
  }

  #expire(): void {
    this.#onIdle();
    this.forget();
  }
}
