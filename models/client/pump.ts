/**
 * Question: does a client always get its session back after a cut, notice a dead runner, and leave a healthy one alone?
 * Stands for: `attach_ws_pump` of BoxLite's Rust SDK (src/boxlite/src/rest/litebox.rs) in its later version, with
 *   `probe_execution_status`, `emit_or_fallback` and `connect_ws`, each below under its name, statement by statement.
 * Modelled: the select over input, own ping and the next frame under a timeout; pings that are answered only while the
 *   connection is polled; the status probe; backoff and budget; the old connection, which stays open, unpolled, until
 *   the next one replaces it.
 * Left out: a first attach that fails (it is reported at once, without a retry); the end of the input; what the frames
 *   say; the texts of causes. Of a frame and the timeout that come in the same instant Rust takes the frame, if it is
 *   there when the task is polled; here either may win.
 * Time passes: where the task awaits, and nowhere else.
 *
 *     attach ─101─▶ pump ──exit frame──▶ exit reported
 *                    ▲ └─timeout, end, close, failed send─▶ probe ──ended──▶ exit reported
 *                    │                                       │ └──gone──▶ lost
 *                   101                               running│unavailable
 *                    └──────── attach ◀── sleep the backoff ◀┘
 *                                 └─any failure─▶ backoff x 2 ─▶ sleep again, or lost where the budget is spent
 *
 * Each method is a step that some variant or mutant does differently: a variant is a subclass, and the methods that it
 * overrides are the whole difference.
 */
import type { Cell, Ref } from '../../src/kernel/cell.ts';
import type { Channel } from '../../src/kernel/channel.ts';
import type { Latch } from '../../src/kernel/latch.ts';
import { BREAK, loop, type Round } from '../../src/kernel/loop.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Timer } from '../../src/kernel/timer.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import type { Frame } from '../net/tcp.ts';
import { type Err, ping, pong } from '../net/websocket.ts';
import { type Connection, frameIn, type PumpConnection, type Request } from './connection.ts';
import type { ClientConfig } from './parameters.ts';
import type { Promises } from './promises.ts';

/** What a status probe comes to. */
export type ProbeResult = 'Terminal' | 'StillRunning' | 'Unavailable' | 'Gone';

/** What the pump reports when it returns. */
export type Result = 'exit' | 'lost';

/** What a pump is given. `runner` and `promises` are for what its events say; its code cannot see them. */
export interface PumpSetting<C extends PumpConnection = Connection> {
  readonly sim: Sim;
  readonly config: ClientConfig;
  readonly network: { connect(request: Request): C };
  readonly runner: { readonly lives: boolean; readonly exited: Latch; isHeldBy(connection: C): boolean };
  readonly promises: Promises;
}

/** A request that nobody answered, or whose connection ended before. */
export const NO_ANSWER = 'no answer';

/** What happens next to a session. */
export type Next =
  | { readonly case: 'input' | 'frame'; readonly frame: Frame }
  | { readonly case: 'ownPing' | 'timeout' | 'unblocked'; readonly frame?: undefined };

/** `C` is what its network calls a connection. */
export class AttachPump<C extends PumpConnection = Connection> {
  /** The pump has returned. */
  readonly done: Latch;
  readonly input: Channel<Frame>;
  protected readonly sim: Sim;
  protected readonly config: ClientConfig;
  protected readonly timeout: Timer;
  protected readonly ownPing: Timer;
  protected readonly firstFrameSeen: Cell<boolean>;
  protected readonly reconnectBudget: Cell<number>;
  protected readonly backoff: Cell<number>;
  readonly #setting: PumpSetting<C>;
  readonly #probeTimeout: Timer;
  /** The connection of the present session, or of the last one. */
  readonly #current: Ref<C>;
  /** The answer to the latest attach. */
  readonly #answer: Cell<string>;
  // For events and properties only: the connection that is asked for or polled; whether it is polled; how many are open;
  // what was slept since the runner was heard last; sleeps since the disconnect; whether a 404 was seen.
  readonly #inUse: Ref<C>;
  readonly #polls: Cell<boolean>;
  readonly #open: Cell<number>;
  readonly #slept: Cell<number>;
  readonly #sleeps: Cell<number>;
  readonly #toldGone: Cell<boolean>;

  constructor(setting: PumpSetting<C>) {
    const { sim, config } = setting;
    this.#setting = setting;
    this.sim = sim;
    this.config = config;
    this.done = sim.latch('done');
    this.input = sim.channel<Frame>('input', Infinity);
    this.timeout = sim.timer('timeout');
    this.ownPing = sim.timer('own ping');
    this.firstFrameSeen = sim.cell('first frame seen', false);
    this.reconnectBudget = sim.cell('reconnect budget', config.reconnectBudget);
    this.backoff = sim.cell('backoff', config.backoffInitial);
    this.#probeTimeout = sim.timer('probe timeout');
    this.#current = sim.ref('current connection');
    this.#answer = sim.cell('answer', '');
    this.#inUse = sim.ref('in use');
    this.#polls = sim.cell('polls', false);
    this.#open = sim.cell('open', 0);
    this.#slept = sim.cell('slept', 0);
    this.#sleeps = sim.cell('sleeps', 0);
    this.#toldGone = sim.cell('told gone', false);
  }

  /** The connection that is asked for, or of the session that goes on. */
  get inUse(): C | undefined {
    return this.#inUse.get();
  }

  /** Whether a session goes on. */
  get polls(): boolean {
    return this.#polls.get();
  }

  get openConnections(): number {
    return this.#open.get();
  }

  /** A session goes on, nothing has happened to it, and the runner was heard. */
  get isSettled(): boolean {
    return this.polls && this.#isHealthy() && this.firstFrameSeen.get();
  }

  protected get connection(): C {
    return this.#current.get() as C;
  }

  /** How the latest attach was answered. */
  protected get answer(): string {
    return this.#answer.get();
  }

  // ---- attach_ws ----

  *attachWs(): Proc {
    if (yield* this.connectWs()) yield* this.attachWsPump();
    else yield* this.emitOrFallback('first attach');
  }

  // ---- attach_ws_pump ----

  protected *attachWsPump(): Proc {
    yield* loop(() => this.#session());
  }

  *#session(): Round {
    this.#polls.set(true);
    this.startOwnPing();
    this.beginSession();
    yield* loop(() => this.#pumpOnce());
    this.stopTimers();
    if (this.done.fired) return BREAK;
    yield* this.disconnected();
    const probed = yield* this.probeExecutionStatus();
    if (probed === 'Terminal') this.finish('exit', 'probe');
    else if (probed === 'Gone') yield* this.emitOrFallback('gone');
    else yield* this.reconnect();
    return this.done.fired ? BREAK : undefined;
  }

  /** An interval whose first tick is due at once; it waits for the first frame. */
  protected startOwnPing(): void {
    this.ownPing.expire();
  }

  /** Nothing in the real one: a place for variants. */
  protected beginSession(): void {}

  *#pumpOnce(): Round {
    this.beginPass();
    const next = yield* this.nextEvent();
    switch (next.case) {
      case 'input':
        return yield* this.#sendOrLeave(next.frame);
      case 'ownPing':
        this.ownPing.arm(this.config.clientPingInterval);
        return yield* this.#sendOrLeave(ping());
      case 'timeout':
        return this.leave('timeout');
      case 'unblocked':
        return undefined;
      case 'frame':
        return next.frame.type === 'end' ? this.leave(`read: ${next.frame.how}`) : this.#receive(next.frame);
    }
  }

  /** Each pass of the loop makes the future of the next frame anew, and its timeout with it. */
  protected beginPass(): void {
    this.armTimeout();
  }

  protected armTimeout(): void {
    this.timeout.arm(this.firstFrameSeen.get() ? this.config.watchdog : this.config.firstFrameTimeout);
  }

  protected *nextEvent(): Proc<Next> {
    const always = { input: this.input.receive, frame: this.connection.client.inbox.receive, timeout: this.timeout };
    const got = yield* this.ownPingIsOn()
      ? this.sim.select({ ...always, ownPing: this.ownPing })
      : this.sim.select(always);
    return got.case === 'input' || got.case === 'frame'
      ? { case: got.case, frame: frameIn(got.value) }
      : { case: got.case };
  }

  protected ownPingIsOn(): boolean {
    return this.firstFrameSeen.get();
  }

  *#sendOrLeave(frame: Frame): Round {
    const err = yield* this.send(frame);
    if (err !== undefined) return this.leave(`send: ${err}`);
    this.sim.emit('sends', { frame: frame.type });
    return undefined;
  }

  /** Awaited in the branch of the select: nothing else is polled meanwhile, the timeout neither. */
  protected *send(frame: Frame): Proc<Err> {
    return yield* this.connection.client.write(frame);
  }

  #receive(frame: Frame): typeof BREAK | undefined {
    this.onFrame(frame);
    switch (frame.type) {
      case 'ping':
        this.answerPing();
        return undefined;
      case 'exit':
        this.#over('exit frame');
        this.finish('exit', 'frame');
        return BREAK;
      case 'error':
        return this.onErrorFrame();
      case 'close':
        return this.leave(`close ${frame.code}`);
      default:
        return undefined;
    }
  }

  /** Any frame counts, whatever it is. */
  protected onFrame(frame: Frame): void {
    this.firstFrameSeen.set(true);
    this.#slept.set(0);
    this.sim.emit('hears', { frame: frame.type });
  }

  /** The library does it, from inside the read. */
  protected answerPing(): void {
    this.connection.client.put(pong());
  }

  /** Its message is kept, for the case that nothing better is known in the end. */
  protected onErrorFrame(): typeof BREAK | undefined {
    return undefined;
  }

  protected leave(cause: string): typeof BREAK {
    this.#over(cause);
    return BREAK;
  }

  #over(cause: string): void {
    const { runner, promises } = this.#setting;
    const { number, client } = this.connection;
    const heard = this.firstFrameSeen.get();
    this.sim.emit('session over', { connection: number, cause, heard, healthy: this.#isHealthy() });
    if (!client.isCut && runner.lives && runner.isHeldBy(this.connection)) promises.left(number);
    this.#polls.set(false);
    this.#inUse.set(undefined);
  }

  /** Nothing has happened to the connection, the runner or the process. */
  #isHealthy(): boolean {
    const { runner } = this.#setting;
    return !this.connection.isStruck && runner.lives && !runner.exited.fired;
  }

  /** What lives in the session's scope ends with it. */
  protected stopTimers(): void {
    this.timeout.stop();
    this.ownPing.stop();
  }

  /** Nothing in the real one: the old connection stays open, and nobody polls it. */
  protected *disconnected(): Proc {}

  // ---- probe_execution_status ----

  protected *probeExecutionStatus(): Proc<ProbeResult> {
    const connection = this.#setting.network.connect('status');
    const answer = yield* this.awaitStatus(connection);
    connection.client.close();
    this.#note(answer);
    this.sim.emit('probed', { answer });
    return this.judge(answer);
  }

  protected *awaitStatus(connection: C): Proc<string> {
    this.#probeTimeout.arm(this.config.statusProbeTimeout);
    const got = yield* this.sim.select({ frame: connection.client.inbox.receive, late: this.#probeTimeout });
    this.#probeTimeout.stop();
    return got.case === 'frame' ? answerIn(frameIn(got.value)) : NO_ANSWER;
  }

  protected judge(answer: string): ProbeResult {
    if (answer === 'ended') return 'Terminal';
    if (answer === '404') return 'Gone';
    return answer === 'running' ? 'StillRunning' : 'Unavailable';
  }

  // ---- the reconnect loop ----

  protected *reconnect(): Proc {
    this.restartBackoff();
    this.#sleeps.set(0);
    yield* loop(() => this.#tryOnce());
  }

  protected restartBackoff(): void {
    this.backoff.set(this.config.backoffInitial);
  }

  *#tryOnce(): Round {
    if (this.reconnectBudget.get() === 0) {
      yield* this.emitOrFallback('budget');
      return BREAK;
    }
    const sleepFor = Math.min(this.backoff.get(), this.reconnectBudget.get());
    this.#sleeps.set(Math.min(this.#sleeps.get() + 1, 10));
    this.sim.emit('sleeps', { nth: this.#sleeps.get(), ticks: sleepFor, ticksLeft: this.reconnectBudget.get() });
    yield* this.sim.sleep(sleepFor, 'backoff');
    this.#slept.set(this.#slept.get() + sleepFor);
    this.spend(sleepFor);
    if (yield* this.connectWs()) return BREAK;
    return yield* this.attachFailed();
  }

  protected spend(slept: number): void {
    this.reconnectBudget.set(this.reconnectBudget.get() - slept);
  }

  /** Any failure, 404 and 409 as well as 5xx. */
  protected *attachFailed(): Round {
    this.raiseBackoff();
    return undefined;
  }

  protected raiseBackoff(): void {
    this.backoff.set(Math.min(2 * this.backoff.get(), this.config.backoffMax));
  }

  // ---- connect_ws ----

  protected *connectWs(): Proc<boolean> {
    const connection = this.#setting.network.connect('attach');
    const before = this.#answer.get();
    this.#inUse.set(connection);
    this.sim.emit('asks to attach', { connection: connection.number, toldGone: this.#toldGone.get() });
    const answer = yield* this.awaitUpgrade(connection);
    this.#answer.set(answer);
    this.#note(answer);
    this.sim.emit('attach answered', { connection: connection.number, answer, before });
    if (answer === '101') this.#adopt(connection);
    else this.#refused(connection);
    return answer === '101';
  }

  protected *awaitUpgrade(connection: C): Proc<string> {
    return answerIn(frameIn(yield* connection.client.inbox.receive.wait()));
  }

  /** For the properties. */
  #note(answer: string): void {
    if (answer === '404') this.#toldGone.set(true);
    if (answer === '500') this.#setting.promises.excuse('the runner failed');
  }

  /** The new connection replaces the old one, which is closed by that. */
  #adopt(connection: C): void {
    this.drop();
    this.#current.set(connection);
    this.#open.set(this.#open.get() + 1);
    if (!connection.isStruck) this.#setting.promises.attached();
  }

  #refused(connection: C): void {
    connection.client.close();
    this.#inUse.set(undefined);
  }

  protected drop(): void {
    if (this.#open.get() === 0) return;
    this.#open.set(this.#open.get() - 1);
    this.connection.client.close();
  }

  // ---- the end ----

  /** `emit_or_fallback`: one more status probe, in case the process has ended after all. */
  protected *emitOrFallback(why: string): Proc {
    const probed = yield* this.probeExecutionStatus();
    this.finish(probed === 'Terminal' ? 'exit' : 'lost', why);
  }

  /** The pump returns: all that it held is dropped. */
  protected finish(result: Result, why: string): void {
    this.drop();
    if (result === 'exit') this.#setting.promises.exitReported();
    this.sim.emit('pump returns', {
      result,
      why,
      runnerLives: this.#setting.runner.lives,
      ticksSlept: this.#slept.get(),
      answer: this.#answer.get(),
    });
    this.done.fire();
  }
}

export function answerIn({ type }: Frame): string {
  return type === 'end' ? NO_ANSWER : type;
}
