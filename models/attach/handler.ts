/**
 * Question: is a dead client evicted in time, at every timing, and a live one never?
 * Stands for: the attach handler of BoxLite's runner as merged with #516: the HTTP entry, `runAttachLoop`,
 *   `runKeepalive`, the output pumps and the reader, each below under its Go name, statement by statement.
 * Modelled: goroutines, the write mutex, deadlines, the cancellable context, the order of the teardown.
 * Left out: a TTY's missing stderr pump (it only writes less).
 * Time passes: where a goroutine blocks, and nowhere else.
 *
 *     attach ──404──▶ ·                            ┌─ process ended ─▶ drain ─▶ exit frame, close 1000 ─┐
 *       └─ slot taken ──upgrade──▶ attached ───────┤                                                    ├─▶ teardown ─▶ slot free
 *            └─409──▶ ·      └─fails─▶ slot free   └─ a goroutine failed: cancelled ────────────────────┘
 *
 * Each method is a step that some variant or mutant does differently: a variant is a subclass, and the methods that
 * it overrides are the whole difference.
 */
import type { Ref } from '../../src/kernel/cell.ts';
import type { Context } from '../../src/kernel/context.ts';
import { BREAK, loop, type Round } from '../../src/kernel/loop.ts';
import type { Mutex } from '../../src/kernel/mutex.ts';
import type { Process } from '../../src/kernel/process.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Ticker } from '../../src/kernel/ticker.ts';
import type { Timer } from '../../src/kernel/timer.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import { KeepaliveHandler } from '../net/keepalive-edits.ts';
import type { Frame } from '../net/tcp.ts';
import {
  CLOSE_GOING_AWAY,
  CLOSE_INTERNAL_ERROR,
  CLOSE_NORMAL,
  close,
  type Err,
  ping,
  type WebSocketConn,
} from '../net/websocket.ts';
import type { AttachConfig } from './parameters.ts';
import type { Shell, Stream, Subscription } from './shell.ts';
import type { Slot } from './slot.ts';

const SMALL_FRAME_BYTES = 64;

/** One HTTP request to attach, as the handler sees it. */
export interface AttachRequest {
  readonly session: number;
  /** Whether the process is known to this runner: after a restart it is not. */
  lookUp(): boolean;
  /** Answer without a connection. */
  refuse(status: 404 | 409 | 500): void;
  /** Switch protocols: the connection, or undefined where that failed. */
  upgrade(): WebSocketConn | undefined;
}

/** What a handler is given. */
export interface HandlerSetting {
  readonly sim: Sim;
  readonly config: AttachConfig;
  readonly slot: Slot;
  readonly shell: Shell;
  readonly request: AttachRequest;
}

export class AttachHandler extends KeepaliveHandler {
  protected readonly sim: Sim;
  protected readonly config: AttachConfig;
  protected readonly slot: Slot;
  protected readonly shell: Shell;
  protected readonly session: number;
  protected readonly writeMu: Mutex;
  protected readonly ctx: Context;
  readonly #request: AttachRequest;
  readonly #closeTried: { get(): boolean; set(value: boolean): void };
  readonly #pingDeadline: Timer;
  readonly #closeDeadline: Timer;
  readonly #conn: Ref<WebSocketConn>;

  constructor(setting: HandlerSetting) {
    super();
    this.sim = setting.sim;
    this.config = setting.config;
    this.slot = setting.slot;
    this.shell = setting.shell;
    this.#request = setting.request;
    this.session = setting.request.session;
    this.writeMu = this.sim.mutex('writeMu');
    this.ctx = this.sim.context('ctx');
    this.#conn = this.sim.ref('conn');
    this.#closeTried = this.sim.cell('closeTried', false);
    this.#pingDeadline = this.sim.time('ping deadline');
    this.#closeDeadline = this.sim.time('close deadline');
  }

  protected get conn(): WebSocketConn {
    return this.#conn.get() as WebSocketConn;
  }

  // ---- entry ----

  *serveAttach(): Proc {
    if (!this.#request.lookUp()) return this.#request.refuse(404);
    if (!this.markConnected()) return this.#request.refuse(409);
    const conn = this.#request.upgrade();
    if (conn === undefined) {
      this.releaseAfterFailedUpgrade();
      return this.#request.refuse(500);
    }
    this.#conn.set(conn);
    yield* this.runAttachLoop();
  }

  protected markConnected(): boolean {
    return this.slot.markConnected(this.session);
  }

  protected releaseAfterFailedUpgrade(): void {
    this.slot.markDisconnected(this.session);
  }

  // ---- runAttachLoop ----

  protected *runAttachLoop(): Proc {
    this.limitReads();
    this.setInitialReadDeadline();
    this.setHandlers();
    const output = this.shell.subscribe(this.session);
    const stdout = this.go('stdout pump', () => this.pumpOutput('stdout', output));
    const stderr = this.go('stderr pump', () => this.pumpOutput('stderr', output));
    const reader = this.go('reader', () => this.readLoop());
    const keepalive = this.startKeepalive();
    this.startMore();

    const first = yield* this.sim.select({ ended: this.shell.exited, cancelled: this.ctx.done });
    if (first.case === 'ended') yield* this.cleanExit(output, [stdout, stderr]);

    this.sim.emit('session ends', { session: this.session });
    this.stopReader();
    yield* reader.ended.wait();
    yield* keepalive.ended.wait();
    yield* this.teardown(output);
  }

  protected limitReads(): void {
    this.conn.setReadLimit(this.config.readLimit);
  }

  protected setInitialReadDeadline(): void {
    this.rearmReadDeadline('start');
  }

  protected setHandlers(): void {
    this.conn.setPongHandler(() => this.onPong());
  }

  protected startKeepalive(): Process {
    return this.go('keepalive', () => this.runKeepalive());
  }

  /** One that waits for the network for ever is no deadlock, to Go or to us: how long it may is for the properties to say. */
  protected go(name: string, body: () => Proc): Process {
    return this.sim.spawn(name, body, { daemon: true });
  }

  /** Nothing in #516: a place for variants that have more goroutines. */
  protected startMore(): void {}

  /** The handler has decided to end: wake the reader. */
  protected stopReader(): void {
    this.ctx.cancel();
    this.conn.expireReadDeadline();
  }

  protected rearmReadDeadline(why: string): void {
    this.conn.setReadDeadline(this.config.pongWait);
    this.sim.emit('read deadline armed', { session: this.session, by: why });
  }

  /** `fail` of the Go code: cancel the context, nothing else. */
  protected fail(cause: string): void {
    this.sim.emit('fails', { session: this.session, cause });
    this.ctx.cancel();
  }

  // ---- clean exit ----

  protected *cleanExit(output: Subscription, pumps: readonly Process[]): Proc {
    this.sim.emit('clean exit', { session: this.session });
    this.shell.unsubscribe(output);
    const drained = yield* this.drain(pumps);
    if (drained) {
      yield* this.writeData({ type: 'exit', bytes: SMALL_FRAME_BYTES, owed: output.owed.get() });
      yield* this.writeClose(CLOSE_NORMAL);
    } else {
      this.sim.emit('not drained', { session: this.session });
      yield* this.writeClose(CLOSE_INTERNAL_ERROR);
    }
  }

  protected *drain(pumps: readonly Process[]): Proc<boolean> {
    const bound = this.sim.deadline('drain bound', this.config.drainBound);
    for (const pump of pumps) {
      const got = yield* this.sim.select({ ended: pump.ended, late: bound });
      if (got.case === 'late') return false;
    }
    bound.stop();
    return true;
  }

  // ---- deferred teardown ----

  protected *teardown(output: Subscription): Proc {
    if (!this.#closeTried.get()) yield* this.writeClose(CLOSE_GOING_AWAY);
    this.conn.close();
    this.shell.unsubscribe(output);
    this.slot.markDisconnected(this.session);
  }

  // ---- goroutine: output pump ----

  protected pumpOutput(stream: Stream, output: Subscription): Proc {
    return loop(() => this.#pumpChunk(stream, output));
  }

  *#pumpChunk(stream: Stream, output: Subscription): Round {
    const got = yield* this.sim.select({ cancelled: this.ctx.done, chunk: output[stream].receive });
    if (got.case === 'cancelled' || !got.value.ok) return BREAK;
    const err = yield* this.writeChunk(stream, got.value.value);
    if (err === undefined) return undefined;
    this.fail(`${stream} write: ${err}`);
    return BREAK;
  }

  protected writeChunk(stream: Stream, bytes: number): Proc<Err> {
    return this.writeData({ type: stream, bytes });
  }

  // ---- goroutine: reader ----

  protected readLoop(): Proc {
    return loop(() => this.#readOne());
  }

  *#readOne(): Round {
    if (this.ctx.cancelled) return BREAK;
    const message = yield* this.conn.readMessage();
    if (message.err !== undefined) {
      if (!this.ctx.cancelled) this.fail(`read: ${message.err}`);
      return BREAK;
    }
    this.onDataFrame(message.frame);
    yield* this.handleData(message.frame);
    return undefined;
  }

  protected onDataFrame(_frame: Frame): void {
    this.rearmReadDeadline('data');
  }

  protected onPong(): void {
    this.rearmReadDeadline('pong');
  }

  /** Inline, on the reading goroutine. */
  protected *handleData(frame: Frame): Proc {
    const err = yield* this.take(frame);
    if (err !== undefined) yield* this.onBadInput(err);
  }

  /** A binary frame is input for the process, a text frame asks for something. */
  protected take({ type, bytes, asks }: Frame, ctx?: Context): Proc<Err> {
    return type === 'text' ? this.shell.control(String(asks), ctx) : this.shell.writeStdin(bytes, ctx);
  }

  /** Never fatal. */
  protected onBadInput(err: string): Proc {
    return this.writeError(err);
  }

  protected *writeError(why: string): Proc {
    this.sim.emit('error frame', { why });
    yield* this.writeData({ type: 'error', bytes: SMALL_FRAME_BYTES });
  }

  // ---- goroutine: runKeepalive ----

  protected *runKeepalive(): Proc {
    const ticker = this.sim.ticker('ping ticker', this.config.interval, this.config.lateTick);
    yield* loop(() => this.#keepAliveOnce(ticker));
    this.stopTicker(ticker);
  }

  *#keepAliveOnce(ticker: Ticker): Round {
    const got = yield* this.nextKeepaliveEvent(ticker);
    if (got === 'done') return BREAK;
    const err = yield* this.ping();
    if (err === undefined) return undefined;
    this.onPingError(err);
    return BREAK;
  }

  protected *nextKeepaliveEvent(ticker: Ticker): Proc<'tick' | 'done'> {
    const got = yield* this.sim.select({ tick: ticker, done: this.ctx.done });
    return got.case;
  }

  protected *ping(): Proc<Err> {
    if (this.writeMu.locked) this.sim.emit('ping waits', { for: this.writeMu.owner?.name });
    yield* this.writeMu.lock();
    this.#pingDeadline.arm(this.config.writeDeadline);
    const err = yield* this.conn.writeControl(ping(), this.#pingDeadline);
    this.#pingDeadline.stop();
    this.writeMu.unlock();
    this.sim.emit(err === undefined ? 'ping sent' : 'ping failed', err === undefined ? undefined : { err });
    return err;
  }

  protected onPingError(err: string): void {
    if (!this.ctx.cancelled) this.fail(`ping: ${err}`);
  }

  protected stopTicker(ticker: Ticker): void {
    ticker.stop();
  }

  // ---- writes under writeMu ----

  protected *writeData(frame: Frame): Proc<Err> {
    yield* this.writeMu.lock();
    this.conn.setWriteDeadline(this.config.writeDeadline);
    const err = yield* this.conn.writeMessage(frame);
    this.writeMu.unlock();
    if (err === undefined) this.sim.emit('frame written', { frame: frame.type });
    else this.sim.emit('write failed', { frame: frame.type, err });
    return err;
  }

  protected *writeClose(code: number): Proc<Err> {
    this.#closeTried.set(true);
    yield* this.writeMu.lock();
    this.#closeDeadline.arm(this.config.writeDeadline);
    const err = yield* this.conn.writeControl(close(code), this.#closeDeadline);
    this.#closeDeadline.stop();
    this.writeMu.unlock();
    this.sim.emit('close frame', { code, ...(err === undefined ? {} : { err }) });
    return err;
  }
}

/** What a variant is made of: which handler serves, how the slot is kept, and how the process's output is. */
export interface Design {
  readonly Handler: new (setting: HandlerSetting) => AttachHandler;
  readonly Slot: typeof Slot;
  readonly Shell: typeof Shell;
}
