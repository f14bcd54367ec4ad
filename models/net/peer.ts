/**
 * A program at the far end of a connection that is made already: a browser's terminal, an SDK. Modelled: reading (pings
 * are answered only while the program polls), input at any time, its end in each way of the fault catalogue. Left out:
 * pings of its own; what it does after the end of the connection.
 */
import type { Bounds } from '../../src/kernel/bounds.ts';
import type { Cell, Ref } from '../../src/kernel/cell.ts';
import { BREAK, loop, type Round } from '../../src/kernel/loop.ts';
import type { Mutex } from '../../src/kernel/mutex.ts';
import type { Program } from '../../src/kernel/program.ts';
import type { Signal } from '../../src/kernel/signal.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import { DEATHS, type Death } from './deaths.ts';
import type { Path } from './path.ts';
import type { Frame } from './tcp.ts';
import { CLOSE_NORMAL, close, pong } from './websocket.ts';

const TYPED_BYTES = 64;

/** What is known about a peer. `promised` until something happens to it for which it may be evicted. */
export type Condition = 'promised' | 'stalled' | 'dead' | 'left';

export interface PeerSettings {
  /** From a ping to its pong. */
  readonly answer: Bounds;
  /** How long one that stalls stands still. */
  readonly stall: Bounds;
  /** How often it types. */
  readonly typing: number;
  /** How it ends; one that `stays` does not. */
  readonly death: 'any' | 'stays' | Death;
}

export class Peer {
  readonly name: string;
  /** Tells those who watch that its condition changed, or that it has seen the end of the connection. */
  readonly changed: Signal;
  readonly #sim: Sim;
  readonly #settings: PeerSettings;
  readonly #circumstances: () => Readonly<Record<string, string | number | boolean>>;
  readonly #condition: Cell<Condition>;
  readonly #path: Ref<Path>;
  readonly #writer: Mutex;
  readonly #program: Program;

  /** `circumstances` gives what else is told of its death. */
  constructor(
    sim: Sim,
    settings: PeerSettings,
    circumstances: () => Readonly<Record<string, string | number | boolean>>,
  ) {
    this.name = sim.name;
    this.#sim = sim;
    this.#settings = settings;
    this.#circumstances = circumstances;
    this.changed = sim.signal('changed');
    this.#condition = sim.cell<Condition>('condition', 'promised');
    this.#path = sim.ref('path');
    this.#writer = sim.mutex('writer');
    this.#program = sim.program();
  }

  get condition(): Condition {
    return this.#condition.get();
  }

  get isGone(): boolean {
    return this.condition === 'dead' || this.condition === 'left';
  }

  /** From here on anything can happen to it. */
  connected(path: Path): void {
    this.#path.set(path);
    this.#spawn('reader', () => loop(() => this.#read()));
    for (const time of ['1st', '2nd'].slice(0, this.#settings.typing)) {
      this.#spawn(`types ${time}`, () => this.#typeAtSomeTime(`types ${time} time`));
    }
    const { death } = this.#settings;
    if (death !== 'stays') this.#sim.spawn('fate', () => this.#meetFate(death), { daemon: true });
  }

  get #connection(): Path {
    return this.#path.get() as Path;
  }

  // ---- reading ----

  *#read(): Round {
    const { socket } = this.#connection;
    const ready = yield* socket.waitReadable();
    if (ready !== 'data') return this.#seeEnd(ready);
    for (const frame of socket.readFrames(Infinity)) {
      if ((yield* this.#handle(frame)) === BREAK) return BREAK;
    }
    return undefined;
  }

  *#handle(frame: Frame): Round {
    if (frame.type === 'ping') {
      yield* this.#sim.sleep(this.#settings.answer, 'answer');
      yield* this.#write(pong());
      this.#sim.emit('answers ping', undefined, this.name);
    } else if (frame.type === 'close') {
      yield* this.#write(close(CLOSE_NORMAL));
      return this.#seeEnd(`close ${frame.code}`);
    }
    return undefined;
  }

  #seeEnd(how: string): typeof BREAK {
    this.#connection.socket.close();
    this.#sim.emit('sees the end', { how, condition: this.condition }, this.name);
    this.changed.broadcast();
    return BREAK;
  }

  // ---- writing ----

  *#typeAtSomeTime(when: string): Proc {
    yield* this.#sim.moment(when).wait();
    if (this.isGone) return;
    yield* this.#write({ type: 'stdin', bytes: TYPED_BYTES });
    this.#sim.emit('types', undefined, this.name);
  }

  *#write(frame: Frame): Proc {
    yield* this.#writer.lock();
    yield* this.#connection.socket.write(frame);
    this.#writer.unlock();
  }

  // ---- the end ----

  *#meetFate(death: 'any' | Death): Proc {
    yield* this.#sim.faultMoment('end').wait();
    if (!this.#connection.socket.isOpen) return;
    yield* this.#end(death === 'any' ? this.#sim.chooseFault('kind of end', DEATHS) : death);
  }

  *#end(kind: Death): Proc {
    const path = this.#connection;
    switch (kind) {
      case 'says goodbye':
        return yield* this.leave();
      case 'stalls':
        return yield* this.#stall();
      case 'vanishes':
        path.cut('both');
        this.#program.kill();
        break;
      case 'goes mute':
        path.cut('to runner');
        break;
      case 'goes deaf':
        path.cut('to client');
        break;
      case 'freezes':
        this.#program.freeze();
        break;
      case 'is reset':
        path.socket.reset();
        this.#program.kill();
        break;
      case 'exits':
      case 'exits, FIN swallowed':
        if (kind === 'exits, FIN swallowed') path.swallowFin();
        path.socket.close();
        this.#program.kill();
        break;
    }
    this.#setCondition('dead');
    this.#sim.emit('client dead', { kind, ...this.#circumstances() }, this.name);
  }

  /** The orderly way out: a close frame, then the end of the connection. */
  *leave(): Proc {
    this.#setCondition('left');
    this.#sim.emit('leaves', undefined, this.name);
    yield* this.#write(close(CLOSE_NORMAL));
    this.#connection.socket.close();
  }

  /** Stopped, and run again later: a suspended laptop. Its kernel goes on. */
  *#stall(): Proc {
    this.#setCondition('stalled');
    this.#program.freeze();
    this.#sim.emit('stalls', undefined, this.name);
    yield* this.#sim.sleep(this.#settings.stall, 'stall');
    this.#program.thaw();
    this.#sim.emit('resumes', undefined, this.name);
  }

  #setCondition(condition: Condition): void {
    this.#condition.set(condition);
    this.changed.broadcast();
  }

  #spawn(name: string, body: () => Proc): void {
    this.#program.spawn(name, body, { daemon: true });
  }
}
