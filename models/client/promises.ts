/**
 * What is owed at present. For the properties only: the code of the client cannot see it. A promise ends when it
 * is kept, or when something else happens that it was not made for.
 */
import type { Cell } from '../../src/kernel/cell.ts';
import type { Latch } from '../../src/kernel/latch.ts';
import type { Sim } from '../../src/kernel/sim.ts';

export class Promises {
  /** The first attach has succeeded. */
  readonly begun: Latch;
  readonly #sim: Sim;
  readonly #owesSession: Cell<boolean>;
  readonly #owesExit: Cell<boolean>;
  /** The connection whose slot the runner should let go of, 0 if none. */
  readonly #owesSlot: Cell<number>;

  constructor(sim: Sim) {
    this.#sim = sim;
    this.begun = sim.latch('begun');
    this.#owesSession = sim.cell('owes session', false);
    this.#owesExit = sim.cell('owes exit', false);
    this.#owesSlot = sim.cell('owes slot', 0);
  }

  get owesSession(): boolean {
    return this.#owesSession.get();
  }

  sessionLost(kind: string): void {
    this.#settleExit('connection struck');
    this.#owesSession.set(true);
    this.#sim.emit('session lost', { kind }, 'path');
  }

  attached(): void {
    this.begun.fire();
    this.#settleSession('attached');
  }

  processExited(): void {
    this.#settleSession('process exited');
    this.#owesExit.set(true);
    this.#sim.emit('exit owed', undefined, 'process');
  }

  exitReported(): void {
    this.#settleExit('reported');
  }

  /** The client has left a connection over which the runner could hear that, and which holds the slot. */
  left(connection: number): void {
    this.#owesSlot.set(connection);
    this.#sim.emit('slot owed', { connection }, 'slot');
  }

  slotReleased(connection: number): void {
    if (this.#owesSlot.get() === connection) this.#settleSlot('released');
  }

  /** Something else went wrong. */
  excuse(why: string): void {
    this.#settleSession(why);
    this.#settleExit(why);
  }

  runnerEnded(why: string): void {
    this.excuse(why);
    this.#settleSlot(why);
  }

  #settleSession(how: string): void {
    if (!this.#owesSession.get()) return;
    this.#owesSession.set(false);
    this.#sim.emit('session settled', { how }, 'path');
  }

  #settleExit(how: string): void {
    if (!this.#owesExit.get()) return;
    this.#owesExit.set(false);
    this.#sim.emit('exit settled', { how }, 'process');
  }

  #settleSlot(how: string): void {
    if (this.#owesSlot.get() === 0) return;
    this.#owesSlot.set(0);
    this.#sim.emit('slot settled', { how }, 'slot');
  }
}
