/**
 * The client's earlier version, as a subclass that overrides what came later, and the reference: the nearest design to
 * the later version for which every property holds against a runner of #516. What each change of the reference is for is
 * said beside it, with the finding's name; the findings themselves are the expected violations of the other variants.
 */
import { BREAK, type Round } from '../../src/kernel/loop.ts';
import type { Timer } from '../../src/kernel/timer.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import type { Settings } from '../../src/model/parameters.ts';
import type { Frame } from '../net/tcp.ts';
import type { Err } from '../net/websocket.ts';
import { type Connection, frameIn, type PumpConnection } from './connection.ts';
import { AttachPump, answerIn, type Next, NO_ANSWER, type ProbeResult, type PumpSetting } from './pump.ts';

/** As it was at #505 and #516: one timeout for all frames, no pings of its own, and a 404 is like no answer. */
export class EarlierPump<C extends PumpConnection = Connection> extends AttachPump<C> {
  protected override armTimeout(): void {
    this.timeout.arm(this.config.watchdog);
  }

  protected override startOwnPing(): void {}

  protected override judge(answer: string): ProbeResult {
    const probed = super.judge(answer);
    return probed === 'Gone' ? 'Unavailable' : probed;
  }
}

/** As it is now. */
export class LaterPump<C extends PumpConnection = Connection> extends AttachPump<C> {}

/**
 * Finding `first-frame-before-first-ping`: the runner's first ping comes one interval after the attach, so a process
 * that has written nothing yet gives no frame within 10 s. The first timeout must be longer than that interval.
 */
export const referenceSettings: Settings = { firstFrameTimeout: '20s' };

/** A process that does not take a paste for so long that a ping comes meanwhile, but not so long that #516 evicts. */
export const slowInputSettings: Settings = { ...referenceSettings, pasteTaken: '0..40s' };

/** The later version with the smallest changes under which every property holds; with `referenceSettings`. */
export class ReferencePump<C extends PumpConnection = Connection> extends AttachPump<C> {
  readonly #connectTimeout: Timer;

  constructor(setting: PumpSetting<C>) {
    super(setting);
    this.#connectTimeout = this.sim.timer('connect timeout');
  }

  /**
   * Findings `watchdog-rebuilt-by-own-tick` and `watchdog-rebuilt-by-input`: each pass of the loop makes the timeout anew,
   * and the client's own pings and the user's input make passes. Only the start of a session and a frame may.
   */
  protected override beginPass(): void {}

  protected override beginSession(): void {
    this.armTimeout();
  }

  protected override onFrame(frame: Frame): void {
    super.onFrame(frame);
    this.armTimeout();
    this.refillBudget();
  }

  /** Finding `budget-never-refilled`: what earlier outages have cost is missing in the next one. */
  protected refillBudget(): void {
    this.reconnectBudget.set(this.config.reconnectBudget);
  }

  /**
   * Finding `send-not-watched`: while a send is blocked on full buffers, nobody reads and nobody looks at the timeout.
   * The send goes on by itself; until it is through, nothing else is sent.
   */
  protected override *send(frame: Frame): Proc<Err> {
    return this.connection.client.put(frame);
  }

  protected override *nextEvent(): Proc<Next> {
    const { client } = this.connection;
    if (!client.isBlocked) return yield* super.nextEvent();
    this.sim.emit('send blocks');
    const { inbox, unblocked } = client;
    const got = yield* this.sim.select({ frame: inbox.receive, unblocked, timeout: this.timeout });
    return got.case === 'frame' ? { case: got.case, frame: frameIn(got.value) } : { case: got.case };
  }

  /**
   * Finding `old-connection-kept-open`: the runner cannot see that the client has left, and holds the slot until its own
   * deadline, or for ever.
   */
  protected override *disconnected(): Proc {
    this.drop();
  }

  /** Finding `not-found-attach-retried`: a runner that was restarted after the probe says 404 until the budget is spent. */
  protected override *attachFailed(): Round {
    if (this.answer !== '404') return yield* super.attachFailed();
    yield* this.emitOrFallback('gone');
    return BREAK;
  }

  /** Finding `connect-has-no-timeout`: the kernel gives a dead host up after 127 s each time, a frozen program never. */
  protected override *awaitUpgrade(connection: C): Proc<string> {
    this.#connectTimeout.arm(this.config.connectTimeout);
    const got = yield* this.sim.select({ frame: connection.client.inbox.receive, late: this.#connectTimeout });
    this.#connectTimeout.stop();
    return got.case === 'frame' ? answerIn(frameIn(got.value)) : NO_ANSWER;
  }
}
