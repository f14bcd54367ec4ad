/**
 * A program at the far end of a connection that is made already: a browser's terminal, an SDK. Modelled: reading (pings
 * are answered only while the program polls), input, other frames and pings of its own at any time, reading too slowly,
 * its end in each way of the fault catalogue, and what happens to it while it lives on: its hop is cut and heals, it reads
 * slowly, though not too slowly, or a NAT forgets it. Left out: what it does after the end of the connection.
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
import { DISTRESSES, type Distress } from './distresses.ts';
import type { Direction, Path } from './path.ts';
import type { Frame, TcpSocket, WriteResult } from './tcp.ts';
import { CLOSE_NORMAL, close, ping, pong } from './websocket.ts';

const TYPED_BYTES = 64;
/** As few bytes as a read can ask for: it gives the first segment that waits. */
const ONE_SEGMENT = 1;

/** What is known about a peer. `promised` until something happens, or it does something, for which it may be evicted. */
export type Condition = 'promised' | 'stalled' | 'slow' | 'offends' | 'dead' | 'left';

/** What a peer sends at some time, if it comes to that. */
export interface Sending {
  readonly name: string;
  /** Chosen when the time has come; nothing else is sent in between. */
  frames(): readonly Frame[];
  /** Whether it may be evicted for that. */
  readonly isOffence?: boolean;
}

export interface PeerSettings {
  /** From a ping to its pong. */
  readonly answer: Bounds;
  /** How long one that stalls stands still. */
  readonly stall: Bounds;
  /** How often it types. */
  readonly typing: number;
  /** Whether it pings at some time. */
  readonly clientPings?: 'any' | 'never';
  readonly sends?: readonly Sending[];
  /** `slowly`: a segment, then a pause; `any`: slowly from some time on, or never. */
  readonly reading?: 'any' | 'at once' | 'slowly';
  /** From one read to the next of one that reads slowly. */
  readonly readPause?: Bounds;
  /** How it ends; one that `stays` does not. */
  readonly death: 'any' | 'stays' | Death;
  readonly distress?: DistressSettings;
}

/** What happens to one that lives on, at most once. One that reads slowly by that is still promised its session. */
interface DistressSettings {
  readonly kind: 'any' | Distress;
  /** How long a cut lasts that heals. */
  readonly partition: Bounds;
}

type Facts = Readonly<Record<string, string | number | boolean>>;

/** The session that a peer is part of: what it tells of the peer's end, and what it does with other frames. */
export interface PeerSession {
  atDeath(kind: Death | 'is forgotten'): Facts;
  atLeaving?(): Facts;
  /** When it sees the end of the connection. */
  atTheEnd?(how: string): Facts;
  /** A frame that is neither a ping nor a close. */
  receive?(frame: Frame): void;
}

/** `P` is what its session calls a path. */
export class Peer<P extends Path = Path> {
  readonly name: string;
  /** Tells those who watch that its condition changed, or that it has seen the end of the connection. */
  readonly changed: Signal;
  readonly #sim: Sim;
  readonly #settings: PeerSettings;
  readonly #session: PeerSession;
  readonly #condition: Cell<Condition>;
  readonly #distress: Cell<Distress | 'none'>;
  readonly #path: Ref<P>;
  readonly #writer: Mutex;
  readonly #program: Program;
  readonly #isSlow: Cell<boolean>;

  constructor(sim: Sim, settings: PeerSettings, session: PeerSession) {
    this.name = sim.name;
    this.#sim = sim;
    this.#settings = settings;
    this.#session = session;
    this.changed = sim.signal('changed');
    this.#condition = sim.cell<Condition>('condition', settings.reading === 'slowly' ? 'slow' : 'promised');
    this.#distress = sim.cell<Distress | 'none'>('distress', 'none');
    this.#path = sim.ref('path');
    this.#writer = sim.mutex('writer');
    this.#program = sim.program();
    this.#isSlow = sim.cell('is slow', settings.reading === 'slowly');
  }

  get condition(): Condition {
    return this.#condition.get();
  }

  /** What has happened to it while it lived. */
  get distress(): Distress | 'none' {
    return this.#distress.get();
  }

  get isGone(): boolean {
    return this.condition === 'dead' || this.condition === 'left';
  }

  /** From here on anything can happen to it. */
  connected(path: P): void {
    this.#path.set(path);
    const { socket } = path;
    const { typing, clientPings, sends = [], reading, death, distress } = this.#settings;
    this.#spawn('reader', () => loop(() => this.#read(socket)));
    for (const time of ['1st', '2nd'].slice(0, typing)) {
      this.#spawn(`types ${time}`, () =>
        this.#writeAtSomeTime(`types ${time} time`, { type: 'stdin', bytes: TYPED_BYTES }),
      );
    }
    if (clientPings === 'any') this.#spawn('pings', () => this.#writeAtSomeTime('pings time', ping()));
    for (const sending of sends) this.#spawn(sending.name, () => this.#sendAtSomeTime(sending));
    if (reading === 'any') this.#spawn('slowness', () => this.#slowDownAtSomeTime());
    if (death !== 'stays') this.#sim.spawn('fate', () => this.#meetFate(death), { daemon: true });
    if (distress !== undefined) this.#sim.spawn('distress', () => this.#meetDistress(distress), { daemon: true });
  }

  /** It reads a segment at a time. */
  get isSlow(): boolean {
    return this.#isSlow.get();
  }

  /** Its connection, once it has one. */
  get path(): P | undefined {
    return this.#path.get();
  }

  #connection(): P {
    return this.#path.get() as P;
  }

  // ---- reading ----

  *#read(socket: TcpSocket): Round {
    const ready = yield* socket.waitReadable();
    if (ready !== 'data') return this.#seeEnd(ready, socket);
    const isSlow = this.#isSlow.get();
    for (const frame of socket.readFrames(isSlow ? ONE_SEGMENT : Infinity)) {
      if ((yield* this.#handle(frame, socket)) === BREAK) return BREAK;
    }
    if (isSlow) yield* this.#sim.sleep(this.#settings.readPause ?? 0, 'read pause');
    return undefined;
  }

  *#handle(frame: Frame, socket: TcpSocket): Round {
    if (frame.type === 'ping') {
      yield* this.#sim.sleep(this.#settings.answer, 'answer');
      if ((yield* this.#write(pong())) === 'ok') this.#sim.emit('answers ping', undefined, this.name);
    } else if (frame.type === 'close') {
      yield* this.#write(close(CLOSE_NORMAL));
      return this.#seeEnd(`close ${frame.code}`, socket);
    } else {
      this.#session.receive?.(frame);
    }
    return undefined;
  }

  #seeEnd(how: string, socket: TcpSocket): typeof BREAK {
    socket.close();
    const facts = this.#session.atTheEnd?.(how) ?? { how, condition: this.condition };
    this.#sim.emit('sees the end', facts, this.name);
    this.changed.broadcast();
    return BREAK;
  }

  // ---- writing ----

  *#writeAtSomeTime(when: string, frame: Frame): Proc {
    yield* this.#sim.moment(when).wait();
    // One that went deaf still pings, as its own keepalive does; nobody types into a terminal that stands still.
    if (this.condition === 'left' || (this.condition === 'dead' && frame.type !== 'ping')) return;
    const result = yield* this.#write(frame);
    if (result === 'ok') this.#sim.emit(frame.type === 'ping' ? 'pings' : 'types', undefined, this.name);
  }

  *#sendAtSomeTime({ name, frames, isOffence = false }: Sending): Proc {
    const time = `${name} time`;
    yield* (isOffence ? this.#sim.faultMoment(time) : this.#sim.moment(time)).wait();
    if (this.isGone) return;
    if (isOffence) this.#setCondition('offends');
    const result = yield* this.#write(...frames());
    if (result === 'ok') this.#sim.emit('sends', { what: name }, this.name);
  }

  /** The first thing that went wrong ends it: what could not be written is not told as done. */
  *#write(...frames: readonly Frame[]): Proc<WriteResult> {
    yield* this.#writer.lock();
    let result: WriteResult = 'ok';
    for (const frame of frames) {
      result = yield* this.#connection().socket.write(frame);
      if (result !== 'ok') break;
    }
    this.#writer.unlock();
    return result;
  }

  // ---- the end ----

  *#meetFate(death: 'any' | Death): Proc {
    yield* this.#sim.faultMoment('end').wait();
    if (!this.#connection().socket.isOpen) return;
    yield* this.#end(death === 'any' ? this.#sim.chooseFault('kind of end', DEATHS) : death);
  }

  *#end(kind: Death): Proc {
    const path = this.#connection();
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
    this.#sim.emit('client dead', this.#session.atDeath(kind), this.name);
  }

  /** The orderly way out: a close frame, then the end of the connection. */
  *leave(): Proc {
    this.#setCondition('left');
    this.#sim.emit('leaves', this.#session.atLeaving?.(), this.name);
    yield* this.#write(close(CLOSE_NORMAL));
    this.#connection().socket.close();
  }

  /** Stopped, and run again later: a suspended laptop, a long garbage collection. Its kernel goes on. */
  *#stall(): Proc {
    this.#setCondition('stalled');
    this.#program.freeze();
    this.#sim.emit('stalls', undefined, this.name);
    yield* this.#sim.sleep(this.#settings.stall, 'stall');
    this.#program.thaw();
    this.#sim.emit('resumes', undefined, this.name);
  }

  *#slowDownAtSomeTime(): Proc {
    yield* this.#sim.faultMoment('slow').wait();
    if (this.isGone) return;
    this.#isSlow.set(true);
    this.#setCondition('slow');
    this.#sim.emit('reads slowly', undefined, this.name);
  }

  // ---- what it survives ----

  *#meetDistress({ kind, partition }: DistressSettings): Proc {
    yield* this.#sim.faultMoment('distress').wait();
    if (this.isGone || !this.#connection().socket.isOpen) return;
    const distress = kind === 'any' ? this.#sim.chooseFault('kind of distress', DISTRESSES) : kind;
    this.#distress.set(distress);
    this.#sim.emit('distressed', { kind: distress }, this.name);
    switch (distress) {
      case 'reads slowly':
        this.#isSlow.set(true);
        return;
      case 'partition heals':
        return yield* this.#cutUntilHealed('both', partition);
      case 'partition to client heals':
        return yield* this.#cutUntilHealed('to client', partition);
      case 'partition to runner heals':
        return yield* this.#cutUntilHealed('to runner', partition);
      case 'is forgotten':
        this.#connection().cut('both');
        this.#setCondition('dead');
        this.#sim.emit('client dead', this.#session.atDeath(distress), this.name);
    }
  }

  *#cutUntilHealed(direction: Direction, partition: Bounds): Proc {
    this.#connection().hold(direction);
    yield* this.#sim.sleep(partition, 'partition');
    this.#connection().heal();
    this.#sim.emit('heals', undefined, this.name);
  }

  #setCondition(condition: Condition): void {
    this.#condition.set(condition);
    this.changed.broadcast();
  }

  #spawn(name: string, body: () => Proc): void {
    this.#program.spawn(name, body, { daemon: true });
  }
}
