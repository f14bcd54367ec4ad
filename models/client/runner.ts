/**
 * The runner as its clients see it: one process with one attach slot, a status endpoint, and the ways in which all of
 * it goes. Modelled: 404, 409 and 500; a process that writes, ends, refuses input, or does nothing for long. A process
 * that has ended stays attachable (5 min, which is longer than any outage here). Left out: the reaper; other clients, so
 * each 409 is about a session of the client's own.
 */
import type { Cell, Ref } from '../../src/kernel/cell.ts';
import type { Latch } from '../../src/kernel/latch.ts';
import type { Program } from '../../src/kernel/program.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import { type Connection, frame, type Host, type Request } from './connection.ts';
import type { ClientConfig } from './parameters.ts';
import type { Promises } from './promises.ts';
import type { Session, SessionClass } from './session.ts';

/** How a runner goes. The first is the default of the decision. */
export const ENDS = ['dies', 'freezes', 'restarts'] as const;
export type End = (typeof ENDS)[number];

/** How many requests fail with 500 at most: a runner that always fails is as good as none. */
const FAILURES_MOST = 2;

export class Runner implements Host {
  readonly exited: Latch;
  readonly #sim: Sim;
  readonly #config: ClientConfig;
  readonly #promises: Promises;
  readonly #Session: SessionClass;
  readonly #condition: Cell<End | 'lives'>;
  readonly #hasBacklog: Cell<boolean>;
  readonly #failures: Cell<number>;
  readonly #holder: Ref<Session>;
  readonly #program: Program;

  constructor(sim: Sim, config: ClientConfig, promises: Promises, sessionClass: SessionClass) {
    this.#sim = sim;
    this.#config = config;
    this.#promises = promises;
    this.#Session = sessionClass;
    this.exited = sim.latch('process exited');
    this.#condition = sim.cell<End | 'lives'>('condition', 'lives');
    this.#hasBacklog = sim.cell('has backlog', false);
    this.#failures = sim.cell('failures', 0);
    this.#holder = sim.ref('holder of the slot');
    this.#program = sim.program();
  }

  get lives(): boolean {
    return this.#condition.get() === 'lives';
  }

  get isUp(): boolean {
    return this.#condition.get() !== 'dies';
  }

  get isRunning(): boolean {
    return this.isUp && this.#condition.get() !== 'freezes';
  }

  isHeldBy(connection: Connection): boolean {
    return this.#holder.get()?.connection === connection;
  }

  // ---- requests ----

  accept(connection: Connection, request: Request): void {
    const answer = this.lives ? this.#answerTo(request, connection) : '404';
    if (answer === '101') this.#grant(connection);
    else connection.runner.put(frame(answer));
  }

  #answerTo(request: Request, { number }: Connection): string {
    if (request === 'attach' && this.#holder.get() !== undefined) return '409';
    // Never the first: the story begins with a session.
    if (number > 1 && this.#fails(request)) return '500';
    if (request === 'attach') return '101';
    return this.exited.fired ? 'ended' : 'running';
  }

  #fails(request: Request): boolean {
    const failures = this.#failures.get();
    if (failures === FAILURES_MOST) return false;
    if (this.#sim.chooseFault(request, ['succeeds', 'fails']) === 'succeeds') return false;
    this.#failures.set(failures + 1);
    return true;
  }

  #grant(connection: Connection): void {
    const { number } = connection;
    const sim = this.#sim.scope(`session ${number}`);
    const session = sim.object(
      new this.#Session({
        sim,
        config: this.#config,
        connection,
        exited: this.exited,
        hasBacklog: this.#hasBacklog.get(),
        isRunning: () => this.lives,
      }),
    );
    this.#holder.set(session);
    this.#sim.emit('slot taken', { connection: number }, 'slot');
    this.#program.spawn(`session ${number}`, () => this.#serve(session), { daemon: true });
  }

  *#serve(session: Session): Proc {
    const { number } = session.connection;
    yield* session.serve();
    this.#holder.set(undefined);
    this.#sim.emit('slot released', { connection: number }, 'slot');
    this.#promises.slotReleased(number);
  }

  // ---- what the process in the box does ----

  write(): void {
    if (!this.lives || this.exited.fired) return;
    this.#sim.emit('output', undefined, 'process');
    this.#hasBacklog.set(true);
    this.#holder.get()?.write();
  }

  exit(): void {
    if (!this.lives) return;
    this.#sim.emit('process exits', undefined, 'process');
    this.exited.fire();
  }

  // ---- how it goes ----

  end(kind: End): void {
    this.#condition.set(kind);
    this.#promises.runnerEnded(`the runner ${kind}`);
    if (kind === 'freezes') this.#program.freeze();
    else this.#stop(kind === 'restarts');
  }

  /** Its program is gone; the kernel of a machine that goes on resets what is left open. */
  #stop(resets: boolean): void {
    this.#program.kill();
    const session = this.#holder.get();
    session?.halt();
    if (resets) session?.connection.runner.reset();
    this.#holder.set(undefined);
  }
}
