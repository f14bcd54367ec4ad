/**
 * A client of an attach session. Stands for: the SDK's attach pump, as far as the runner sees it. Modelled: the attach
 * request and its answer, reading (pings are answered only while the program polls), typing and pinging at any time,
 * its end in each way of the fault catalogue, coming back after a backoff. Left out: its own watchdog and budget (a
 * later model); here a client that wants the slot keeps asking.
 */
import { between } from '../../src/kernel/bounds.ts';
import type { Cell, Ref } from '../../src/kernel/cell.ts';
import { BREAK, loop, type Round } from '../../src/kernel/loop.ts';
import type { Mutex } from '../../src/kernel/mutex.ts';
import type { Program } from '../../src/kernel/program.ts';
import type { Signal } from '../../src/kernel/signal.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import type { Frame, TcpSocket } from '../net/tcp.ts';
import { CLOSE_NORMAL, close, ping, pong } from '../net/websocket.ts';
import { DEATHS, type Death } from './deaths.ts';
import type { NetworkPath, Runner } from './network.ts';
import type { AttachConfig } from './parameters.ts';

const TYPED_BYTES = 64;

/** What is known about a client. `promised` until something happens to it for which it may be evicted. */
export type Condition = 'promised' | 'stalled' | 'dead' | 'left';

export class Client {
  readonly name: string;
  readonly #sim: Sim;
  readonly #config: AttachConfig;
  readonly #runner: Runner;
  readonly #condition: Cell<Condition>;
  readonly #gotExit: Cell<boolean>;
  readonly #backoff: Cell<number>;
  readonly #attempts: Cell<number>;
  readonly #actsFreely: boolean;
  readonly #writer: Mutex;
  readonly #program: Program;
  /** Tells those who watch this client that its session began, ended, or that its condition changed. */
  readonly changed: Signal;
  readonly #path: Ref<NetworkPath>;

  /** One that acts freely types and pings at any time and ends in some way; the other one only stays. */
  constructor(sim: Sim, config: AttachConfig, runner: Runner, actsFreely: boolean) {
    this.name = sim.name;
    this.#sim = sim;
    this.#config = config;
    this.#runner = runner;
    this.#condition = sim.cell<Condition>('condition', 'promised');
    this.#gotExit = sim.cell('got exit', false);
    this.#backoff = sim.cell('backoff', config.retry);
    this.#attempts = sim.cell('attempts', 0);
    this.#actsFreely = actsFreely;
    this.#writer = sim.mutex('writer');
    this.changed = sim.signal('changed');
    this.#program = sim.program();
    this.#path = sim.ref('path');
  }

  get condition(): Condition {
    return this.#condition.get();
  }

  get session(): number | undefined {
    return this.#path.get()?.session;
  }

  // ---- attaching ----

  /** One attach: 101, or the status with which it was refused. */
  *attach(): Proc<number> {
    const oneWay = between(this.#config.latency.min, this.#config.latency.max * this.#runner.hops);
    yield* this.#sim.sleep(oneWay, 'request');
    const reply = this.#runner.serve(this);
    const got = yield* reply.receive.wait();
    const status = got.ok ? got.value : 500;
    yield* this.#sim.sleep(oneWay, 'response');
    this.#sim.emit('attach answered', { status }, this.name);
    return status;
  }

  /** Ask for the slot until it is granted or there is nothing to attach to; after each refusal wait, longer each time. */
  attachUntilGranted(): Proc {
    return loop(() => this.#attachOrBackOff());
  }

  *#attachOrBackOff(): Round {
    const status = yield* this.attach();
    if (status === 101 || status === 404) return BREAK;
    const attempts = this.#attempts.get() + 1;
    this.#attempts.set(attempts);
    if (attempts >= this.#config.attempts) return BREAK;
    const backoff = this.#backoff.get();
    this.#backoff.set(Math.min(2 * backoff, this.#config.retryMax));
    yield* this.#sim.sleep(backoff, 'backoff');
    return undefined;
  }

  /** The runner switched protocols: from here on the connection exists, and anything can happen to it. */
  connected(path: NetworkPath): void {
    this.#path.set(path);
    const { socket } = path;
    this.#spawn('reader', () => loop(() => this.#read(socket)));
    if (this.#actsFreely) this.#actFreely();
    this.changed.broadcast();
  }

  #actFreely(): void {
    for (const time of ['1st', '2nd'].slice(0, this.#config.typing)) {
      this.#spawn(`types ${time}`, () =>
        this.#writeAtSomeTime(`types ${time} time`, { type: 'stdin', bytes: TYPED_BYTES }),
      );
    }
    if (this.#config.clientPings === 'any') {
      this.#spawn('pings', () => this.#writeAtSomeTime('pings time', ping()));
    }
    this.#sim.spawn('fate', () => this.#meetFate(), { daemon: true });
  }

  // ---- reading ----

  *#read(socket: TcpSocket): Round {
    const ready = yield* socket.waitReadable();
    if (ready !== 'data') return this.#seeEnd(ready, socket);
    for (const frame of socket.readFrames(Infinity)) {
      if ((yield* this.#handle(frame, socket)) === BREAK) return BREAK;
    }
    return undefined;
  }

  *#handle(frame: Frame, socket: TcpSocket): Round {
    if (frame.type === 'ping') {
      yield* this.#sim.sleep(this.#config.answer, 'answer');
      yield* this.#write(pong());
      this.#sim.emit('answers ping', undefined, this.name);
    } else if (frame.type === 'exit') {
      this.#gotExit.set(true);
      this.#sim.emit('gets exit frame', undefined, this.name);
    } else if (frame.type === 'close') {
      yield* this.#write(close(CLOSE_NORMAL));
      return this.#seeEnd(`close ${frame.code}`, socket);
    }
    return undefined;
  }

  #seeEnd(how: string, socket: TcpSocket): typeof BREAK {
    socket.close();
    this.#sim.emit('sees the end', { how, ...this.#atTheEnd() }, this.name);
    this.changed.broadcast();
    return BREAK;
  }

  #atTheEnd() {
    const processExited = this.#runner.processExited;
    return { session: this.session ?? 0, condition: this.condition, processExited, gotExit: this.#gotExit.get() };
  }

  // ---- writing ----

  *#writeAtSomeTime(when: string, frame: Frame): Proc {
    yield* this.#sim.moment(when).wait();
    // One that went deaf still pings, as its own keepalive does; nobody types into a terminal that stands still.
    if (this.condition === 'left' || (this.condition === 'dead' && frame.type !== 'ping')) return;
    yield* this.#write(frame);
    this.#sim.emit(frame.type === 'ping' ? 'pings' : 'types', undefined, this.name);
  }

  *#write(frame: Frame): Proc {
    yield* this.#writer.lock();
    yield* (this.#path.get() as NetworkPath).socket.write(frame);
    this.#writer.unlock();
  }

  // ---- the end ----

  *#meetFate(): Proc {
    yield* this.#sim.faultMoment('end').wait();
    const path = this.#path.get() as NetworkPath;
    if (!path.socket.isOpen) return;
    const { death } = this.#config;
    yield* this.#end(death === 'any' ? this.#sim.chooseFault('kind of end', DEATHS) : death, path);
  }

  *#end(kind: Death, path: NetworkPath): Proc {
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
    const { session } = path;
    const attached = this.#runner.isAttached(session);
    this.#sim.emit('client dead', { session, kind, hops: this.#runner.hops, attached }, this.name);
  }

  /** The orderly way out: a close frame, then the end of the connection. */
  *leave(): Proc {
    this.#setCondition('left');
    this.#sim.emit('leaves', { session: this.session ?? 0 }, this.name);
    yield* this.#write(close(CLOSE_NORMAL));
    (this.#path.get() as NetworkPath).socket.close();
  }

  /** Stopped, and run again later: a suspended laptop, a long garbage collection. Its kernel goes on. */
  *#stall(): Proc {
    this.#setCondition('stalled');
    this.#program.freeze();
    this.#sim.emit('stalls', undefined, this.name);
    yield* this.#sim.sleep(this.#config.stall, 'stall');
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
