/**
 * Question: when does the reference server let go of a client that is gone, and what does it leave behind?
 * Stands for: the attach of the reference server (`serve`, in Rust), from the grant of the slot to its release.
 * Modelled: the two tasks, pings of which the first is due at once, the timeout on every send, the teardown: the first
 *   task to finish aborts the other, the connection is dropped, the slot is freed.
 * Left out: the end of the process; input that it does not read; pings of the client, and the reply to its close frame,
 *   which the WebSocket library writes; what is lost when a send is aborted half way (the connection is dropped too).
 * Where the sources are silent, this is assumed: who is refused gets 409 before any upgrade, as at the runner; a ping that
 *   is late shifts those after it; a task that is aborted ends at once where it awaits.
 * Time passes: where a task awaits, and nowhere else.
 *
 *     attach ──409──▶ ·
 *       └─ slot taken ──▶ send task ║ receive task ──first to finish──▶ abort the other, drop, free the slot
 *
 * Each method is a step that some variant or mutant does differently.
 */
import type { Channel } from '../../src/kernel/channel.ts';
import { BREAK, loop, type Round } from '../../src/kernel/loop.ts';
import type { Process } from '../../src/kernel/process.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Timer } from '../../src/kernel/timer.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import type { Slot } from '../attach/slot.ts';
import type { Frame, ReadReadiness, TcpSocket } from '../net/tcp.ts';
import { ping } from '../net/websocket.ts';
import type { ServeConfig } from './parameters.ts';

/** The library's read buffer, more or less. */
const READ_BYTES = 65_536;

/** The constants that matter to a session. */
type SessionConfig = Pick<ServeConfig, 'interval' | 'readTimeout' | 'sendTimeout' | 'chunk'>;

/** What a session is given. */
export interface SessionSetting {
  readonly sim: Sim;
  readonly config: SessionConfig;
  readonly slot: Slot;
  readonly session: number;
  readonly socket: TcpSocket;
  readonly output: Channel<'chunk'>;
}

export type SessionClass = new (setting: SessionSetting) => ServeSession;

export class ServeSession {
  protected readonly sim: Sim;
  protected readonly config: SessionConfig;
  protected readonly slot: Slot;
  protected readonly session: number;
  protected readonly socket: TcpSocket;
  protected readonly pingDue: Timer;
  protected readonly sendDeadline: Timer;
  readonly #output: Channel<'chunk'>;

  constructor(setting: SessionSetting) {
    this.sim = setting.sim;
    this.config = setting.config;
    this.slot = setting.slot;
    this.session = setting.session;
    this.socket = setting.socket;
    this.#output = setting.output;
    this.pingDue = this.sim.time('ping due');
    this.sendDeadline = this.sim.time('send deadline');
  }

  /** The slot is taken already. */
  *serve(): Proc {
    this.armFirstPing();
    this.armReadDeadline();
    const send = this.#go('send task', () => loop(() => this.#sendOnce()));
    const receive = this.#go('receive task', () => loop(() => this.#receiveOnce()));
    const first = yield* this.sim.select({ send: send.ended, receive: receive.ended });
    this.sim.emit('task finishes', { session: this.session, task: first.case });
    yield* this.abort(first.case === 'send' ? receive : send);
    this.#dropConnection();
    this.freeSlot();
    this.sim.emit('send settled', { session: this.session });
    this.sim.emit('attach over', { session: this.session, holdsSlot: this.slot.isHeldBy(this.session) });
  }

  protected armFirstPing(): void {
    this.pingDue.arm(0);
  }

  protected armReadDeadline(): void {}

  protected *abort(other: Process): Proc {
    other.kill();
  }

  #dropConnection(): void {
    this.pingDue.stop();
    this.sendDeadline.stop();
    this.socket.close();
  }

  protected freeSlot(): void {
    this.slot.markDisconnected(this.session);
  }

  /** A task that waits for the network for ever is no deadlock. */
  #go(name: string, body: () => Proc): Process {
    return this.sim.spawn(name, body, { daemon: true });
  }

  // ---- send task ----

  *#sendOnce(): Round {
    const got = yield* this.sim.select({ ping: this.pingDue, chunk: this.#output.receive });
    if (got.case === 'chunk') return yield* this.#send({ type: 'output', bytes: this.config.chunk });
    this.pingDue.arm(this.config.interval);
    return yield* this.#send(ping());
  }

  *#send(frame: Frame): Round {
    this.armSendDeadline();
    const result = yield* this.socket.write(frame, this.sendDeadline, this);
    this.sendDeadline.stop();
    this.sim.emit('send over', { session: this.session, frame: frame.type, result });
    this.sim.emit('send settled', { session: this.session });
    return result === 'ok' ? undefined : BREAK;
  }

  /** The socket says so. */
  writeBlocks(frame: Frame): void {
    this.sim.emit('send blocks', { session: this.session, frame: frame.type });
  }

  protected armSendDeadline(): void {
    this.sendDeadline.arm(this.config.sendTimeout);
  }

  // ---- receive task ----

  *#receiveOnce(): Round {
    const ready = yield* this.waitReadable();
    if (ready !== 'data') {
      this.sim.emit('receive ends', { how: ready });
      return BREAK;
    }
    for (const frame of this.socket.readFrames(READ_BYTES)) {
      if (frame.type === 'close') {
        this.sim.emit('receive ends', { how: 'close' });
        return BREAK;
      }
      this.onFrame(frame);
      this.sim.emit('received', { frame: frame.type });
    }
    return undefined;
  }

  protected waitReadable(): Proc<ReadReadiness> {
    return this.socket.waitReadable();
  }

  /** Nobody listens for a pong. */
  protected onFrame(_frame: Frame): void {}
}

/**
 * The reference. Finding `session-outlives-client`: the receive task ends when the connection does, and a silent path never
 * ends it. A deadline on the read, which every frame sets anew, is all that is missing: to abort the other task waits for
 * nobody, so the session is over at that very instant.
 */
export class Reference extends ServeSession {
  readonly #readDeadline: Timer;

  constructor(setting: SessionSetting) {
    super(setting);
    this.#readDeadline = this.sim.time('read deadline');
  }

  protected override armReadDeadline(): void {
    this.#readDeadline.arm(this.config.readTimeout);
  }

  protected override waitReadable(): Proc<ReadReadiness> {
    return this.socket.waitReadable(this.#readDeadline);
  }

  protected override onFrame(_frame: Frame): void {
    this.armReadDeadline();
  }
}
