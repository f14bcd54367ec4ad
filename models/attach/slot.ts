/**
 * The one attach slot of a process. Stands for: `MarkConnected` and `MarkDisconnected` of the exec manager; both run
 * under its mutex and take no time, so each is one atomic step here. Left out: the reaper's flags (escalating, being
 * killed), which only matter to a process that nobody is attached to; models/reaper/managed-exec.ts adds them.
 */
import type { Cell } from '../../src/kernel/cell.ts';
import type { Signal } from '../../src/kernel/signal.ts';
import type { Sim } from '../../src/kernel/sim.ts';

export class Slot {
  /** For the properties only: the sessions that were let in and have not let go. The code cannot see it. */
  readonly holders: Cell<readonly number[]>;
  readonly released: Signal;
  protected readonly connected: Cell<boolean>;
  protected readonly sim: Sim;

  constructor(sim: Sim) {
    this.sim = sim;
    this.connected = sim.cell<boolean>('connected', false);
    this.holders = sim.cell<readonly number[]>('holders', []);
    this.released = sim.signal('slot released');
  }

  isHeldBy(session: number): boolean {
    return this.holders.get().includes(session);
  }

  get isHeld(): boolean {
    return this.holders.get().length > 0;
  }

  /** False if somebody is attached already. */
  markConnected(session: number): boolean {
    if (!this.isFree()) {
      const holders = this.holders.get().length;
      this.sim.emit('attach refused', { session, holders, ...this.circumstances() }, 'slot');
      return false;
    }
    this.take(session);
    return true;
  }

  /** Unconditional: the real one has no owner token either. */
  markDisconnected(session: number): void {
    const byHolder = this.isHeldBy(session);
    this.free(session);
    this.sim.emit('slot released', { session, byHolder }, 'slot');
    this.released.broadcast();
  }

  protected isFree(): boolean {
    return !this.connected.get();
  }

  /** What else is told of a grant or a refusal. */
  protected circumstances(): Readonly<Record<string, boolean>> {
    return {};
  }

  protected take(session: number): void {
    this.connected.set(true);
    this.holders.set([...this.holders.get(), session]);
    this.sim.emit('slot taken', { session, ...this.circumstances() }, 'slot');
  }

  protected free(session: number): void {
    this.connected.set(false);
    this.holders.set(this.holders.get().filter((each) => each !== session));
  }
}
