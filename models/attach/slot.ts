/**
 * The one attach slot of a process. Stands for: `MarkConnected` and `MarkDisconnected` of the exec manager; both run
 * under its mutex and take no time, so each is one atomic step here. Left out: the reaper's flags (escalating, being
 * killed), which only matter to a process that nobody is attached to.
 */
import type { Cell } from '../../src/kernel/cell.ts';
import type { Signal } from '../../src/kernel/signal.ts';
import type { Sim } from '../../src/kernel/sim.ts';

export class Slot {
  readonly #sim: Sim;
  readonly #connected: Cell<boolean>;
  /** For the properties only: the sessions that were let in and have not let go. The code cannot see it. */
  readonly #holders: Cell<readonly number[]>;
  readonly released: Signal;

  constructor(sim: Sim) {
    this.#sim = sim;
    this.#connected = sim.cell('connected', false);
    this.#holders = sim.cell<readonly number[]>('holders', []);
    this.released = sim.signal('slot released');
  }

  get holders(): readonly number[] {
    return this.#holders.get();
  }

  /** False if somebody is attached already. */
  markConnected(session: number): boolean {
    if (this.#connected.get()) {
      this.#sim.emit('attach refused', { session, holders: this.holders.length }, 'slot');
      return false;
    }
    this.take(session);
    return true;
  }

  /** Unconditional: the real one has no owner token either. */
  markDisconnected(session: number): void {
    const byHolder = this.holders.includes(session);
    this.#connected.set(false);
    this.#holders.set(this.holders.filter((each) => each !== session));
    this.#sim.emit('slot released', { session, byHolder }, 'slot');
    this.released.broadcast();
  }

  protected take(session: number): void {
    this.#connected.set(true);
    this.#holders.set([...this.holders, session]);
    this.#sim.emit('slot taken', { session }, 'slot');
  }
}
