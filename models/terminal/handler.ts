/**
 * Question: what happens to the shell of a terminal when its client dies?
 * Stands for: `handleWebSocketTerminal` of BoxLite's runner as merged with #516.
 * Modelled: the keepalive goroutine, the start of the shell, the output, the reader, the write mutex, deadlines, the end.
 * Left out: what models/attach has and this handler has not: a slot, a clean exit, input that blocks the reader; resize.
 * Where the sources say no more than "reads until an error", this is assumed: the handler's own goroutine reads; output
 *   that cannot be written ends its goroutine only, as a failed ping does; at the end the handler ends the shell and
 *   closes the connection, and sends no close frame.
 * Time passes: where a goroutine blocks, and nowhere else.
 *
 *     upgrade ──fails──▶ ·
 *        └─▶ keepalive starts ──▶ shell starts ──▶ reads ──error──▶ teardown ──▶ shell ended, nothing left
 *                                      └─fails───────────────────────▶
 *
 * Each method is a step that some variant or mutant does differently.
 */
import type { Cell, Ref } from '../../src/kernel/cell.ts';
import type { Context } from '../../src/kernel/context.ts';
import { BREAK, loop, type Round } from '../../src/kernel/loop.ts';
import type { Mutex } from '../../src/kernel/mutex.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Ticker } from '../../src/kernel/ticker.ts';
import type { Timer } from '../../src/kernel/timer.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import { KeepaliveHandler } from '../net/keepalive-edits.ts';
import type { Frame } from '../net/tcp.ts';
import { type Err, ping, type WebSocketConn } from '../net/websocket.ts';
import type { TerminalConfig } from './parameters.ts';
import type { TerminalShell } from './shell.ts';

/** What a handler is given. */
export interface TerminalSetting {
  readonly sim: Sim;
  readonly config: TerminalConfig;
  readonly shell: TerminalShell;
  /** Switch protocols: the connection, or undefined where that failed. */
  upgrade(): WebSocketConn | undefined;
}

export type HandlerClass = new (setting: TerminalSetting) => TerminalHandler;

export class TerminalHandler extends KeepaliveHandler {
  protected readonly sim: Sim;
  protected readonly config: TerminalConfig;
  protected readonly shell: TerminalShell;
  protected readonly writeMu: Mutex;
  protected readonly ctx: Context;
  readonly #setting: TerminalSetting;
  readonly #conn: Ref<WebSocketConn>;
  readonly #pingDeadline: Timer;
  /** For the properties only. */
  readonly #isOpen: Cell<boolean>;
  readonly #writesOutput: Cell<boolean>;

  constructor(setting: TerminalSetting) {
    super();
    this.#setting = setting;
    this.sim = setting.sim;
    this.config = setting.config;
    this.shell = setting.shell;
    this.writeMu = this.sim.mutex('writeMu');
    this.ctx = this.sim.context('ctx');
    this.#conn = this.sim.ref('conn');
    this.#pingDeadline = this.sim.time('ping deadline');
    this.#isOpen = this.sim.cell('open', false);
    this.#writesOutput = this.sim.cell('writes output', false);
  }

  /** From the upgrade to the end of the teardown. */
  get isOpen(): boolean {
    return this.#isOpen.get();
  }

  /** Nothing that the shell has written waits to be sent. */
  get isQuiet(): boolean {
    return this.shell.output.length === 0 && !this.#writesOutput.get();
  }

  protected get conn(): WebSocketConn {
    return this.#conn.get() as WebSocketConn;
  }

  // ---- handleWebSocketTerminal ----

  *handleWebSocketTerminal(): Proc {
    const conn = this.#setting.upgrade();
    if (conn === undefined) return;
    this.#conn.set(conn);
    this.#isOpen.set(true);
    this.setInitialReadDeadline();
    this.setHandlers();
    this.go('keepalive', () => this.runKeepalive());
    if (yield* this.shell.start()) {
      this.go('output', () => loop(() => this.#copyOutput()));
      yield* loop(() => this.#readOne());
    }
    yield* this.teardown();
    this.#isOpen.set(false);
    this.sim.emit('terminal over', { shellRuns: this.shell.isRunning });
    this.sim.emit('quiet over', { by: 'end' });
  }

  protected setInitialReadDeadline(): void {}

  protected setHandlers(): void {}

  /** One that waits for the network for ever is no deadlock. */
  protected go(name: string, body: () => Proc): void {
    this.sim.spawn(name, body, { daemon: true });
  }

  protected *teardown(): Proc {
    this.ctx.cancel();
    this.endShell();
    yield* this.closeConn();
  }

  protected endShell(): void {
    this.shell.end();
  }

  protected *closeConn(): Proc {
    this.conn.close();
  }

  // ---- reader ----

  *#readOne(): Round {
    const message = yield* this.conn.readMessage();
    if (message.err !== undefined) {
      this.sim.emit('read fails', { err: message.err });
      return BREAK;
    }
    this.onDataFrame();
    this.sim.emit('input');
    return undefined;
  }

  protected onDataFrame(): void {}

  protected onPong(): void {}

  // ---- goroutine: output ----

  *#copyOutput(): Round {
    const got = yield* this.sim.select({ cancelled: this.ctx.done, chunk: this.shell.output.receive });
    if (got.case === 'cancelled') return BREAK;
    this.#writesOutput.set(true);
    const err = yield* this.writeData({ type: 'output', bytes: this.config.chunk });
    this.#writesOutput.set(false);
    if (err === undefined) return undefined;
    this.sim.emit('output fails', { err });
    return BREAK;
  }

  protected *writeData(frame: Frame): Proc<Err> {
    yield* this.writeMu.lock();
    this.conn.setWriteDeadline(this.config.writeDeadline);
    const err = yield* this.conn.writeMessage(frame);
    this.writeMu.unlock();
    return err;
  }

  // ---- goroutine: keepalive ----

  protected *runKeepalive(): Proc {
    const ticker = this.sim.ticker('ping ticker', this.config.interval);
    yield* loop(() => this.#keepAliveOnce(ticker));
    this.stopTicker(ticker);
  }

  *#keepAliveOnce(ticker: Ticker): Round {
    const got = yield* this.sim.select({ tick: ticker, done: this.ctx.done });
    if (got.case === 'done') return BREAK;
    const err = yield* this.ping();
    this.sim.emit(err === undefined ? 'ping sent' : 'ping failed', err === undefined ? undefined : { err });
    return err === undefined ? undefined : BREAK;
  }

  protected *ping(): Proc<Err> {
    if (this.writeMu.locked) this.sim.emit('ping waits');
    yield* this.writeMu.lock();
    this.#pingDeadline.arm(this.config.writeDeadline);
    const err = yield* this.conn.writeControl(ping(), this.#pingDeadline);
    this.#pingDeadline.stop();
    this.writeMu.unlock();
    return err;
  }

  protected stopTicker(ticker: Ticker): void {
    ticker.stop();
  }
}
