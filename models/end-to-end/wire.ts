/**
 * The client's end of a connection, as the pump of models/client asks for it, on a TCP socket of models/net. Modelled: a
 * library that reads ahead while its program runs; writes that the kernel does not take at once, after which the connection
 * is blocked until it has. Left out: a limit to what it reads ahead.
 */
import type { Cell } from '../../src/kernel/cell.ts';
import type { Channel } from '../../src/kernel/channel.ts';
import { BREAK, loop, type Round } from '../../src/kernel/loop.ts';
import type { Program } from '../../src/kernel/program.ts';
import type { Signal } from '../../src/kernel/signal.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import { frame, type PumpSocket } from '../client/connection.ts';
import type { Frame, TcpSocket } from '../net/tcp.ts';
import type { Err } from '../net/websocket.ts';

export class Wire implements PumpSocket {
  readonly inbox: Channel<Frame>;
  readonly unblocked: Signal;
  readonly #tcp: TcpSocket;
  readonly #program: Program;
  readonly #waiting: Cell<readonly Frame[]>;
  readonly #isCut: Cell<boolean>;
  readonly #onClose: () => void;

  constructor(sim: Sim, tcp: TcpSocket, program: Program, onClose: () => void) {
    this.#tcp = tcp;
    this.#program = program;
    this.#onClose = onClose;
    this.inbox = sim.channel<Frame>('inbox', Infinity);
    this.unblocked = sim.signal('unblocked');
    this.#waiting = sim.cell<readonly Frame[]>('waiting to be written', []);
    this.#isCut = sim.cell('cut', false);
    program.spawn(`${sim.name} reader`, () => loop(() => this.#read()), { daemon: true });
  }

  get isBlocked(): boolean {
    return this.#waiting.get().length > 0;
  }

  get isCut(): boolean {
    return this.#isCut.get();
  }

  /** From now on what is put may reach nobody. */
  cut(): void {
    this.#isCut.set(true);
  }

  put(sent: Frame): Err {
    if (!this.#tcp.isOpen) return 'closed';
    if (this.isBlocked) this.#waiting.set([...this.#waiting.get(), sent]);
    else if (!this.#tcp.tryWrite(sent)) {
      this.#waiting.set([sent]);
      this.#program.spawn(`${this.#tcp.name} writer`, () => loop(() => this.#write()), { daemon: true });
    }
    return undefined;
  }

  *write(sent: Frame): Proc<Err> {
    const err = this.put(sent);
    if (err !== undefined || !this.isBlocked) return err;
    yield* this.unblocked.wait();
    return this.#tcp.isOpen ? undefined : 'closed';
  }

  close(): void {
    this.#tcp.close();
    this.#onClose();
  }

  *#read(): Round {
    const ready = yield* this.#tcp.waitReadable();
    if (ready === 'data') {
      for (const received of this.#tcp.readFrames(Infinity)) this.inbox.trySend(received);
      return undefined;
    }
    if (ready !== 'closed') this.inbox.trySend(frame('end', { how: ready }));
    return BREAK;
  }

  *#write(): Round {
    const [first, ...rest] = this.#waiting.get();
    if (first !== undefined && (yield* this.#tcp.write(first)) === 'ok') {
      this.#waiting.set(this.#waiting.get().slice(1));
      if (rest.length > 0 || this.isBlocked) return undefined;
    } else this.#waiting.set([]);
    this.unblocked.broadcast();
    return BREAK;
  }
}
