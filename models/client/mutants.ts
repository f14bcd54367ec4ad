/** Wrong edits of the reference, a line each, that must be caught: each overrides the method that the edit is in. */
import type { Cell } from '../../src/kernel/cell.ts';
import { BREAK, type Round } from '../../src/kernel/loop.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import type { Variant } from '../../src/model/model.ts';
import { mutantsOf } from '../../src/model/mutant.ts';
import type { Frame } from '../net/tcp.ts';
import { CLOSE_NORMAL, close, type Err } from '../net/websocket.ts';
import { Connection, ConnectionThroughProxy, frameIn } from './connection.ts';
import { answerIn, type Next, type ProbeResult, type PumpSetting } from './pump.ts';
import { Session } from './session.ts';
import { ReferencePump, referenceSettings, slowInputSettings } from './variants.ts';
import type { Design } from './world.ts';

// ---- the reference without one of its changes ----

class EachPassArmsTimeout extends ReferencePump {
  protected override beginPass(): void {
    this.armTimeout();
  }
}

class SendNotWatched extends ReferencePump {
  protected override *send(frame: Frame): Proc<Err> {
    return yield* this.connection.client.write(frame);
  }
}

/** The obvious repair of that. */
class SendWatchedAlone extends ReferencePump {
  protected override *send(frame: Frame): Proc<Err> {
    return yield* this.connection.client.write(frame, this.timeout);
  }
}

class OldConnectionKeptOpen extends ReferencePump {
  protected override *disconnected(): Proc {}
}

class BudgetNeverRefilled extends ReferencePump {
  protected override refillBudget(): void {}
}

class NotFoundAttachRetried extends ReferencePump {
  protected override *attachFailed(): Round {
    this.raiseBackoff();
    return undefined;
  }
}

class ConnectWithoutTimeout extends ReferencePump {
  protected override *awaitUpgrade(connection: Connection): Proc<string> {
    return answerIn(frameIn(yield* connection.client.inbox.receive.wait()));
  }
}

// ---- the watchdog ----

class TimeoutPolledOnInput extends ReferencePump {
  protected override *nextEvent(): Proc<Next> {
    const got = yield* this.sim.select({
      input: this.input.receive,
      frame: this.connection.client.inbox.receive,
      ownPing: this.ownPing,
    });
    if (got.case === 'ownPing') return { case: got.case };
    return this.timeout.expired ? { case: 'timeout' } : { case: got.case, frame: frameIn(got.value) };
  }
}

/** It waits for the send that blocks, and its own timeout begins after that. */
class PingWaitsUnbounded extends ReferencePump {
  protected override *nextEvent(): Proc<Next> {
    const { client } = this.connection;
    if (!client.isBlocked) return yield* super.nextEvent();
    const { inbox, unblocked, ended } = client;
    const wakers = { frame: inbox.receive, unblocked, timeout: this.timeout, ownPing: this.ownPing };
    const got = yield* this.sim.select(wakers);
    if (got.case === 'ownPing') yield* this.sim.select({ unblocked, ended });
    return got.case === 'frame' ? { case: got.case, frame: frameIn(got.value) } : { case: got.case };
  }
}

class NoInitialTimeout extends ReferencePump {
  protected override beginSession(): void {}
}

class InputArmsTimeout extends ReferencePump {
  protected override *send(frame: Frame): Proc<Err> {
    if (frame.type !== 'ping') this.armTimeout();
    return yield* super.send(frame);
  }
}

class OwnWriteArmsTimeout extends ReferencePump {
  protected override *send(frame: Frame): Proc<Err> {
    const err = yield* super.send(frame);
    if (err === undefined) this.armTimeout();
    return err;
  }
}

class OnlyDataCounts extends ReferencePump {
  protected override onFrame(frame: Frame): void {
    if (frame.type !== 'ping' && frame.type !== 'pong') super.onFrame(frame);
  }
}

class StaleTimeoutHitsSuccessor extends ReferencePump {
  protected override beginSession(): void {
    if (!this.timeout.expired) super.beginSession();
  }
}

class OwnPingLeaks extends ReferencePump {
  protected override stopTimers(): void {
    this.timeout.stop();
  }
}

/** Takes the second ping without a pong for the end: peers may answer only the latest one. */
class OnePongPerPing extends ReferencePump {
  readonly #owed: Cell<boolean>;

  constructor(setting: PumpSetting) {
    super(setting);
    this.#owed = this.sim.cell('pong owed', false);
  }

  protected override beginSession(): void {
    super.beginSession();
    this.#owed.set(false);
  }

  protected override *send(frame: Frame): Proc<Err> {
    if (frame.type !== 'ping') return yield* super.send(frame);
    if (this.#owed.get()) return 'no pong';
    this.#owed.set(true);
    return yield* super.send(frame);
  }

  protected override onFrame(frame: Frame): void {
    super.onFrame(frame);
    if (frame.type === 'pong') this.#owed.set(false);
  }
}

// ---- what it says and hears ----

class PingsNotAnswered extends ReferencePump {
  protected override answerPing(): void {}
}

class ErrorFrameIsFatal extends ReferencePump {
  protected override onErrorFrame(): typeof BREAK {
    return this.leave('error frame');
  }
}

class GracefulCloseOfDead extends ReferencePump {
  protected override *disconnected(): Proc {
    this.connection.client.put(close(CLOSE_NORMAL));
    yield* this.connection.client.ended.wait();
    this.drop();
  }
}

class ConnectionNotClosed extends ReferencePump {
  protected override drop(): void {}
}

// ---- the probe, the backoff and the budget ----

class ProbeNotBounded extends ReferencePump {
  protected override *awaitStatus(connection: Connection): Proc<string> {
    return answerIn(frameIn(yield* connection.client.inbox.receive.wait()));
  }
}

class NotFoundProbeRetried extends ReferencePump {
  protected override judge(answer: string): ProbeResult {
    return answer === '404' ? 'Unavailable' : super.judge(answer);
  }
}

class EndedIgnored extends ReferencePump {
  protected override judge(answer: string): ProbeResult {
    return answer === 'ended' ? 'StillRunning' : super.judge(answer);
  }
}

class UnavailableIsGone extends ReferencePump {
  protected override judge(answer: string): ProbeResult {
    const probed = super.judge(answer);
    return probed === 'Unavailable' ? 'Gone' : probed;
  }
}

class ConflictIsFinal extends ReferencePump {
  protected override *attachFailed(): Round {
    if (this.answer !== '409') return yield* super.attachFailed();
    yield* this.emitOrFallback('conflict');
    return BREAK;
  }
}

class ServerErrorIsFinal extends ReferencePump {
  protected override *attachFailed(): Round {
    if (this.answer !== '500') return yield* super.attachFailed();
    yield* this.emitOrFallback('server error');
    return BREAK;
  }
}

class BackoffNotCapped extends ReferencePump {
  protected override raiseBackoff(): void {
    this.backoff.set(2 * this.backoff.get());
  }
}

class BackoffNotRaised extends ReferencePump {
  protected override raiseBackoff(): void {}
}

class BackoffNotRestarted extends ReferencePump {
  protected override restartBackoff(): void {}
}

class BudgetNotSpent extends ReferencePump {
  protected override spend(): void {}
}

const reference: Design = { Pump: ReferencePump, Session, Connection };

const designWith = (change: Partial<Design>): Design => ({ ...reference, ...change });
const mutant = mutantsOf('reference', designWith, referenceSettings);
const mutantOfSlowInput = mutantsOf('reference-slow-input', designWith, slowInputSettings);

export const mutants: Readonly<Record<string, Variant<Design>>> = {
  'watchdog-rebuilt-by-own-tick': mutant('silence-noticed', 'each pass of the loop arms the timeout', {
    Pump: EachPassArmsTimeout,
  }),
  'first-frame-before-first-ping': mutant(
    'healthy-session-spared',
    'firstFrameTimeout < interval',
    {},
    { firstFrameTimeout: '10s' },
  ),
  'send-not-watched': mutant('silence-noticed', 'a send has no deadline', { Pump: SendNotWatched }),
  'send-watched-alone': mutantOfSlowInput(
    'healthy-session-spared',
    'a send has the timeout as its deadline, and nobody reads meanwhile',
    { Pump: SendWatchedAlone },
  ),
  'old-connection-kept-open': mutant('leaving-frees-slot', 'the old connection stays open until it is replaced', {
    Pump: OldConnectionKeptOpen,
  }),
  'budget-never-refilled': mutant('budget-whole-for-each-outage', 'a frame does not refill the budget', {
    Pump: BudgetNeverRefilled,
  }),
  'not-found-attach-retried': mutant('stops-after-404', 'an attach that gets 404 is retried', {
    Pump: NotFoundAttachRetried,
  }),
  'connect-has-no-timeout': mutant('dead-runner-given-up', 'an attach has no timeout', { Pump: ConnectWithoutTimeout }),
  'watchdog-polled-on-input': mutant('silence-noticed', 'the timeout is only looked at when something else happens', {
    Pump: TimeoutPolledOnInput,
  }),
  'ping-waits-unbounded': mutant('silence-noticed', 'a ping waits for the send that blocks, and nobody else is heard', {
    Pump: PingWaitsUnbounded,
  }),
  'no-initial-timeout': mutant('silence-noticed', 'the timeout is first armed by the first frame', {
    Pump: NoInitialTimeout,
  }),
  'watchdog-rebuilt-by-input': mutant('silence-noticed', 'what the user types arms the timeout', {
    Pump: InputArmsTimeout,
  }),
  'own-write-arms-timeout': mutant('silence-noticed', 'any successful send arms the timeout', {
    Pump: OwnWriteArmsTimeout,
  }),
  'only-data-counts': mutant('healthy-session-spared', 'pings and pongs do not arm the timeout', {
    Pump: OnlyDataCounts,
  }),
  'stale-timer-hits-successor': mutant('healthy-session-spared', "the old session's timeout acts on the new one", {
    Pump: StaleTimeoutHitsSuccessor,
  }),
  'watchdog-not-above-period': mutant('healthy-session-spared', 'watchdog = interval', {}, { watchdog: '15s' }),
  'timer-leak': mutant('nothing-leaks', 'the ticker of the own pings is not stopped', { Pump: OwnPingLeaks }),
  'one-pong-per-ping': mutant('healthy-session-spared', 'pongs are counted against pings', { Pump: OnePongPerPing }),
  'proxy-answers-pings': mutant('silence-noticed', "a proxy answers the client's pings", {
    Connection: ConnectionThroughProxy,
  }),
  'pings-not-answered': mutant('healthy-session-spared', 'the runner gets no pong', { Pump: PingsNotAnswered }),
  'error-frame-is-fatal': mutant('healthy-session-spared', 'an error frame ends the session', {
    Pump: ErrorFrameIsFatal,
  }),
  'graceful-close-of-dead': mutant('session-back', 'the close waits for the peer', { Pump: GracefulCloseOfDead }),
  'connection-not-closed': mutant('one-connection', 'connections are never closed', { Pump: ConnectionNotClosed }),
  'probe-not-bounded': mutant('dead-runner-given-up', 'the status probe has no timeout', { Pump: ProbeNotBounded }),
  'not-found-probe-retried': mutant('stops-after-404', 'a probe that gets 404 is like no answer', {
    Pump: NotFoundProbeRetried,
  }),
  'ended-ignored': mutant('exit-reported', 'a process that has ended is attached to again', { Pump: EndedIgnored }),
  'unavailable-is-gone': mutant('living-session-kept', 'a probe without an answer is like 404', {
    Pump: UnavailableIsGone,
  }),
  'conflict-is-final': mutant('living-session-kept', 'an attach that gets 409 is not retried', {
    Pump: ConflictIsFinal,
  }),
  'server-error-is-final': mutant('living-session-kept', 'an attach that gets 500 is not retried', {
    Pump: ServerErrorIsFinal,
  }),
  'backoff-not-capped': mutant('sleeps-as-stated', 'the backoff doubles without end', { Pump: BackoffNotCapped }),
  'backoff-not-raised': mutant('sleeps-as-stated', 'the backoff stays as it is', { Pump: BackoffNotRaised }),
  'backoff-not-restarted': mutant('sleeps-as-stated', 'the backoff goes on where the last outage left it', {
    Pump: BackoffNotRestarted,
  }),
  'budget-not-spent': mutant('dead-runner-given-up', 'sleeps cost nothing', { Pump: BudgetNotSpent }),
  'budget-below-hold': mutant(
    'leftover-does-not-end-session',
    'reconnectBudget < pongWait',
    {},
    { reconnectBudget: '15s' },
  ),
};
