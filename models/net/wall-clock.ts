/**
 * A connection that keeps its read deadline as a time of the wall clock, which can be set: what Go's monotonic clock
 * spares us, and all that a step of the wall clock could change. Modelled: one step, ahead or back, at any time; it moves a
 * deadline that was computed before it. Left out: a clock that is slewed.
 *
 * Models cannot ask what time it is, so where a deadline would be after a step is a timer armed when it is computed.
 */
import type { Duration, Ticks } from '../../src/kernel/bounds.ts';
import type { Cell } from '../../src/kernel/cell.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Timer } from '../../src/kernel/timer.ts';
import type { TcpSocket } from './tcp.ts';
import { WebSocketConn } from './websocket.ts';

/** The first is the default of the decision. */
export const CLOCK_STEPS = ['ahead', 'back'] as const;
export type ClockStep = (typeof CLOCK_STEPS)[number];

/** Later than any run goes on: three years. */
const NEVER: Ticks = 100_000_000_000_000;

export class WallClockConn extends WebSocketConn {
  readonly #step: Ticks;
  readonly #stepped: Cell<ClockStep | 'not yet'>;
  readonly #ifAhead: Timer;
  readonly #ifBack: Timer;

  constructor(sim: Sim, tcp: TcpSocket, millisecond: number, step: Ticks) {
    super(sim, tcp, millisecond);
    this.#step = step;
    this.#stepped = sim.cell<ClockStep | 'not yet'>('conn.clock stepped', 'not yet');
    this.#ifAhead = sim.time('read deadline if the clock steps ahead', () => this.#isDue('ahead'));
    this.#ifBack = sim.time('read deadline if the clock steps back', () => this.#isDue('back'));
  }

  override setReadDeadline(fromNow: Duration): void {
    super.setReadDeadline(fromNow);
    if (typeof fromNow === 'number' && this.#stepped.get() === 'not yet') {
      this.#ifAhead.arm(Math.max(0, fromNow - this.#step));
      this.#ifBack.arm(fromNow + this.#step);
    } else this.#stop();
  }

  override close(): void {
    super.close();
    this.#stop();
  }

  clockSteps(how: ClockStep): void {
    if (this.#stepped.get() !== 'not yet') return;
    this.#stepped.set(how);
    if (how === 'back' && this.#ifBack.pending) super.setReadDeadline(NEVER);
    if (how === 'ahead' && this.#ifAhead.expired) this.expireReadDeadline();
  }

  #isDue(how: ClockStep): void {
    if (this.#stepped.get() === how) this.expireReadDeadline();
  }

  #stop(): void {
    this.#ifAhead.stop();
    this.#ifBack.stop();
  }
}
