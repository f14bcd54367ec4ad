/**
 * Question: what does a gorilla/websocket connection do to the goroutines that share it?
 * Stands for: `websocket.Conn` of gorilla/websocket v1.5.3, server side (`conn.go`).
 * Modelled: the write lock held per frame, `WriteControl` with one absolute deadline for lock and socket, sticky write
 *   and read errors, the panic of concurrent data writers, handlers that run inside read calls, the 4096-byte read
 *   buffer that an expired deadline does not reach, the automatic pong and close replies with their 1 s deadline.
 * Left out: fragmentation and compression (the runner uses neither); the payload after the header (a frame is seen
 *   when all of it is there); two data writes that overlap though neither blocks (they do in another schedule, where
 *   one does); a pong handler that fails (the runner's cannot); what HEAD does differently, and the close reply's code
 *   (nobody looks at it); TLS, whose `Close` may take up to 5 s more; the panic at the 1000th read after a failure (the
 *   reader returns at the first).
 * Time passes: in the socket beneath, and in waiting for the lock.
 */
import type { Duration } from '../../src/kernel/bounds.ts';
import type { Cell } from '../../src/kernel/cell.ts';
import { loop, type Round } from '../../src/kernel/loop.ts';
import type { Mutex } from '../../src/kernel/mutex.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Timer } from '../../src/kernel/timer.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import type { Frame, TcpSocket } from './tcp.ts';

/** Go's `error`: nothing, or what went wrong. */
export type Err = string | undefined;

/** gorilla's own replies, from inside a read call: `time.Now().Add(writeWait)`, one second. */
const REPLY_WAIT_MS = 1000;
/** gorilla's default read buffer. */
const READ_BUFFER_BYTES = 4096;
const CONTROL_FRAME_BYTES = 8;

/** `errWriteTimeout`: the deadline passed before the lock was got. Not sticky: the connection is as it was. */
const LOCK_TIMEOUT = 'write timeout';

/** An empty read buffer. */
const NOTHING: readonly Frame[] = [];

export const CLOSE_NORMAL = 1000;
export const CLOSE_GOING_AWAY = 1001;
export const CLOSE_TOO_BIG = 1009;
export const CLOSE_INTERNAL_ERROR = 1011;

export function ping(): Frame {
  return { type: 'ping', bytes: CONTROL_FRAME_BYTES };
}

export function pong(): Frame {
  return { type: 'pong', bytes: CONTROL_FRAME_BYTES };
}

export function close(code: number): Frame {
  return { type: 'close', bytes: CONTROL_FRAME_BYTES, code };
}

/** What `ReadMessage` gives. */
export type Message =
  | { readonly frame: Frame; readonly err?: undefined }
  | { readonly frame?: undefined; readonly err: string };

export class WebSocketConn {
  readonly #sim: Sim;
  readonly #tcp: TcpSocket;
  readonly #millisecond: number;
  /** Rule 1: one token, FIFO, held per frame. */
  readonly #mu: Mutex;
  readonly #isWriting: Cell<boolean>;
  readonly #writeErr: Cell<string | null>;
  readonly #readErr: Cell<string | null>;
  readonly #readBuffer: Cell<readonly Frame[]>;
  readonly #writeDeadline: Timer;
  readonly #readDeadline: Timer;
  readonly #replyDeadline: Timer;
  #readLimit = Infinity;
  #handlePong: () => void = () => undefined;
  #handlePing: () => Proc<Err> = () => this.#replyPong();

  constructor(sim: Sim, tcp: TcpSocket, millisecond: number) {
    this.#sim = sim;
    this.#tcp = tcp;
    this.#millisecond = millisecond;
    this.#mu = sim.mutex('conn.mu');
    this.#isWriting = sim.cell('conn.isWriting', false);
    this.#writeErr = sim.cell<string | null>('conn.writeErr', null);
    this.#readErr = sim.cell<string | null>('conn.readErr', null);
    this.#readBuffer = sim.cell<readonly Frame[]>('conn.br', NOTHING);
    this.#writeDeadline = sim.time('write deadline');
    this.#readDeadline = sim.time('read deadline');
    this.#replyDeadline = sim.time('reply deadline');
  }

  // ---- Settings; none of them blocks ----

  /** Only when the connection is made: nothing else has seen it yet. */
  setReadLimit(bytes: number): void {
    this.#readLimit = bytes;
  }

  /** Only when the connection is made. */
  setPongHandler(handler: () => void): void {
    this.#handlePong = handler;
  }

  /** Only when the connection is made. */
  setPingHandler(handler: () => Proc<Err>): void {
    this.#handlePing = handler;
  }

  /** Rule 10: acts on the pending read too; the last call wins. */
  setReadDeadline(fromNow: Duration): void {
    this.#readDeadline.arm(fromNow);
  }

  /** `SetReadDeadline(time.Now())`: the pending read fails at once. */
  expireReadDeadline(): void {
    this.#readDeadline.expire();
  }

  /** Rule 4: an absolute time, kept, and applied when the next data frame is written. */
  setWriteDeadline(fromNow: Duration): void {
    this.#writeDeadline.arm(fromNow);
  }

  get readDeadlinePassed(): boolean {
    return this.#readDeadline.expired;
  }

  // ---- Writing ----

  /** Rules 2, 3, 5. `deadline` is an absolute time: for the wait for the lock and for the socket. */
  *writeControl(frame: Frame, deadline: Timer): Proc<Err> {
    if (deadline.expired) return LOCK_TIMEOUT;
    const got = yield* this.#sim.select({ locked: this.#mu, passed: deadline });
    if (got.case === 'passed') return LOCK_TIMEOUT;
    const err = yield* this.#writeFrame(frame, deadline);
    this.#mu.unlock();
    return err;
  }

  /** Rules 1, 3, 4, 6, 7: one frame, however large; two at once panic. */
  *writeMessage(frame: Frame): Proc<Err> {
    const failed = this.#writeErr.get();
    if (failed !== null) return failed;
    if (this.#isWriting.get()) {
      this.#sim.emit('writes overlap', { frame: frame.type });
      this.#sim.panic('concurrent write to websocket connection');
    }
    this.#isWriting.set(true);
    yield* this.#mu.lock();
    const err = yield* this.#writeFrame(frame, this.#writeDeadline);
    this.#mu.unlock();
    this.#isWriting.set(false);
    return err;
  }

  /** Called with the lock held. */
  *#writeFrame(frame: Frame, deadline: Timer): Proc<Err> {
    const failed = this.#writeErr.get();
    if (failed !== null) return failed;
    const result = yield* this.#tcp.write(frame, deadline, this);
    if (result !== 'ok') {
      this.#writeErr.set(result);
      return result;
    }
    if (frame.type === 'close') this.#writeErr.set('close sent');
    return undefined;
  }

  /** The socket says so. */
  writeBlocks(frame: Frame): void {
    this.#sim.emit('write blocks', { frame: frame.type, why: 'send buffer full' });
  }

  // ---- Reading ----

  /** Rules 9, 11 to 16, 18: control frames are handled here, on the reading goroutine; gives the next data frame. */
  readMessage(): Proc<Message> {
    return loop(() => this.#readOne());
  }

  *#readOne(): Round<Message> {
    const failed = this.#readErr.get();
    if (failed !== null) return { err: failed };
    let frame = this.#takeBuffered();
    while (frame === undefined) {
      const ready = yield* this.#tcp.waitReadable(this.#readDeadline);
      if (ready !== 'data') return this.#failRead(ready);
      this.#readBuffer.set(this.#tcp.readFrames(READ_BUFFER_BYTES));
      frame = this.#takeBuffered();
    }
    if (frame.type === 'pong') this.#handlePong();
    else if (frame.type === 'ping') {
      const err = yield* this.#handlePing();
      if (err !== undefined) return this.#failRead(err);
    } else if (frame.type === 'close') {
      yield* this.#reply(close(CLOSE_NORMAL));
      return this.#failRead(`close ${frame.code}`);
    } else if (frame.bytes > this.#readLimit) {
      yield* this.#reply(close(CLOSE_TOO_BIG));
      return this.#failRead('read limit exceeded');
    } else return { frame };
    return undefined;
  }

  /** Rule 11: what is in the read buffer is served even after the deadline; the socket is not. */
  #takeBuffered(): Frame | undefined {
    const buffered = this.#readBuffer.get();
    const frame = buffered[0];
    if (frame !== undefined) this.#readBuffer.set(buffered.length === 1 ? NOTHING : buffered.slice(1));
    return frame;
  }

  #failRead(err: string): Message {
    this.#readErr.set(err);
    return { err };
  }

  /** Rule 16: a wait for the lock that expires drops the pong, and reading goes on; a sticky error ends the reader. */
  *#replyPong(): Proc<Err> {
    const err = yield* this.#reply(pong());
    return err === LOCK_TIMEOUT || err === 'close sent' ? undefined : err;
  }

  *#reply(frame: Frame): Proc<Err> {
    this.#replyDeadline.arm(REPLY_WAIT_MS * this.#millisecond);
    const err = yield* this.writeControl(frame, this.#replyDeadline);
    this.#replyDeadline.stop();
    return err;
  }

  /** Rule 17: takes no lock, sends nothing, and wakes the blocked reader and the blocked writer at once. */
  close(): void {
    this.#tcp.close();
    this.#readDeadline.stop();
    this.#writeDeadline.stop();
  }
}
