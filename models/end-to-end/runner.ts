/**
 * The runner: who accepts connections, the attach handler of models/attach for each session, the status endpoint, and the
 * process with its slot and its reaper of models/reaper. Left out: the runner's own end (models/client has it).
 */
import type { Ref } from '../../src/kernel/cell.ts';
import type { Latch } from '../../src/kernel/latch.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import type { AttachHandler, HandlerSetting } from '../attach/handler.ts';
import { Shell } from '../attach/shell.ts';
import type { Request } from '../client/connection.ts';
import type { Promises } from '../client/promises.ts';
import { MILLISECOND } from '../net/parameters.ts';
import type { TcpSocket } from '../net/tcp.ts';
import { WebSocketConn } from '../net/websocket.ts';
import type { ManagedExec } from '../reaper/managed-exec.ts';
import type { Connection, Listener } from './connection.ts';
import type { EndToEndConfig } from './parameters.ts';

const ANSWER_BYTES = 64;

export type HandlerClass = new (setting: HandlerSetting) => AttachHandler;
export type RunnerClass = typeof Runner;

export class Runner implements Listener {
  /** The runner of this model does not end. */
  readonly lives = true;
  readonly shell: Shell;
  readonly #sim: Sim;
  readonly #config: EndToEndConfig;
  readonly #exec: ManagedExec;
  readonly #Handler: HandlerClass;
  /** For the properties only. */
  readonly #promises: Promises;
  readonly #holder: Ref<Connection>;

  constructor(sim: Sim, config: EndToEndConfig, exec: ManagedExec, Handler: HandlerClass, promises: Promises) {
    this.#sim = sim;
    this.#promises = promises;
    this.#holder = sim.ref('holder of the slot');
    this.#config = config;
    this.#exec = exec;
    this.#Handler = Handler;
    this.shell = new Shell(sim.scope('shell'), config);
    sim.spawn('end of the process', () => this.#watchProcess(), { daemon: true });
  }

  get exited(): Latch {
    return this.#exec.process.exited;
  }

  isHeldBy({ number }: Pick<Connection, 'number'>): boolean {
    return this.#exec.isHeldBy(number);
  }

  accept(connection: Connection, request: Request, socket: TcpSocket): void {
    const sim = this.#sim.scope(`session ${connection.number}`);
    sim.spawn(request, () => this.#serve(sim, connection, socket), { daemon: true });
    sim.whenEmpty(() => this.#sim.emit('session empty', { session: connection.number }, 'runner'));
  }

  *#serve(sim: Sim, connection: Connection, socket: TcpSocket): Proc {
    const ready = yield* socket.waitReadable();
    const [asked] = ready === 'data' ? socket.readFrames(1) : [];
    if (asked?.type === 'attach') yield* this.#attach(sim, connection, socket);
    else if (asked !== undefined) this.#answer(socket, this.#status());
    socket.close();
    connection.runnerClosed();
  }

  #answer(socket: TcpSocket, type: string): void {
    socket.tryWrite({ type, bytes: ANSWER_BYTES });
  }

  #status(): string {
    if (!this.#exec.isTracked) return '404';
    return this.#exec.done.fired ? 'ended' : 'running';
  }

  *#attach(sim: Sim, connection: Connection, socket: TcpSocket): Proc {
    const session = connection.number;
    const handler = sim.object(
      new this.#Handler({
        sim,
        config: this.#config,
        slot: this.#exec,
        shell: this.shell,
        request: {
          session,
          lookUp: () => this.#exec.isTracked,
          refuse: (status) => {
            if (status === 409) this.#tellOfRefusal(connection);
            this.#answer(socket, String(status));
          },
          upgrade: () => {
            this.#holder.set(connection);
            this.#answer(socket, '101');
            return sim.object(new WebSocketConn(sim, socket, MILLISECOND));
          },
        },
      }),
    );
    yield* handler.serveAttach();
    this.#sim.emit('handler returns', { session, holdsSlot: this.#exec.isHeldBy(session) }, 'runner');
  }

  /** Who is in the way: the client's own dead session, somebody else, or the reaper. */
  #tellOfRefusal(connection: Connection): void {
    const holder = this.#exec.isHeld ? this.#holder.get() : undefined;
    const by = holder === undefined ? 'reaper' : holder.by === connection.by ? 'own leftover' : 'another client';
    this.#sim.emit('refused', { session: connection.number, by }, 'runner');
    if (by !== 'own leftover') this.#promises.excuse(`refused by: ${by}`);
  }

  protected tellHandlers(): void {
    this.shell.exited.fire();
  }

  /** The handlers hear of the end when the runner does. */
  *#watchProcess(): Proc {
    yield* this.#exec.done.wait();
    this.tellHandlers();
  }
}
