/** Wrong edits of the reference, a line each, that must be caught: each overrides the method that the edit is in. */
import { BREAK, loop, type Round } from '../../src/kernel/loop.ts';
import type { Process } from '../../src/kernel/process.ts';
import type { Ticker } from '../../src/kernel/ticker.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import type { Variant } from '../../src/model/model.ts';
import { mutantsOf } from '../../src/model/mutant.ts';
import { noInitialDeadline, pingWithoutMutex, pongDoesNotRearm, tickerNotStopped } from '../net/keepalive-edits.ts';
import type { Frame } from '../net/tcp.ts';
import { CLOSE_NORMAL, type Err } from '../net/websocket.ts';
import type { Design } from './handler.ts';
import { Shell, type Stream, type Subscription } from './shell.ts';
import { Slot } from './slot.ts';
import { PingOnly, Reference, slowPath, slowUpload, smallLimits } from './variants.ts';

class PumpsWithoutMutex extends Reference {
  protected override *writeData(frame: Frame): Proc<Err> {
    this.conn.setWriteDeadline(this.config.writeDeadline);
    return yield* this.conn.writeMessage(frame);
  }
}

class OwnWriteRearms extends Reference {
  protected override *ping(): Proc<Err> {
    const err = yield* super.ping();
    if (err === undefined) this.rearmReadDeadline('own ping');
    return err;
  }
}

class GracefulCloseOfDead extends Reference {
  protected override fail(cause: string): void {
    this.sim.emit('fails', { session: this.session, cause });
    this.ctx.cancel();
  }
}

class StdinInline extends Reference {
  protected override *handleData(frame: Frame): Proc {
    const err = yield* this.take(frame, this.ctx);
    if (err !== undefined) yield* this.onBadInput(err);
  }
}

class TextInline extends Reference {
  protected override *handleData(frame: Frame): Proc {
    if (frame.type !== 'text') return yield* super.handleData(frame);
    const err = yield* this.take(frame, this.ctx);
    if (err !== undefined) yield* this.onBadInput(err);
  }
}

class OnlyPongRearms extends Reference {
  protected override onDataFrame(): void {}
}

class OnlyBinaryRearms extends Reference {
  protected override onDataFrame(frame: Frame): void {
    if (frame.type !== 'text') super.onDataFrame(frame);
  }
}

class NoReadLimit extends Reference {
  protected override limitReads(): void {}
}

class BadInputIsFatal extends Reference {
  protected override *onBadInput(err: string): Proc {
    this.fail(`input: ${err}`);
  }
}

class PingErrorIgnored extends Reference {
  protected override onPingError(): void {}
}

/** The ping's deadline runs while it waits for the mutex; that it passes there says nothing about the client. */
class MutexTimeoutIsFatal extends Reference {
  protected override *ping(): Proc<Err> {
    const passed = this.sim.deadline('lock bound', this.config.writeDeadline);
    const got = yield* this.sim.select({ locked: this.writeMu, passed });
    if (got.case === 'passed') return 'write timeout';
    passed.stop();
    this.writeMu.unlock();
    return yield* super.ping();
  }
}

/** Ends when a ping is told that the connection is closed; but a timeout that is sticky is told for ever. */
class StickyTimeoutIsTransient extends Reference {
  protected override *runKeepalive(): Proc {
    const ticker = this.sim.ticker('ping ticker', this.config.interval, this.config.lateTick);
    yield* loop(() => pingUntilClosed(ticker, () => this.ping()));
    this.stopTicker(ticker);
  }
}

function* pingUntilClosed(ticker: Ticker, ping: () => Proc<Err>): Round {
  yield* ticker.wait();
  const err = yield* ping();
  return err === undefined || err === 'i/o timeout' ? undefined : BREAK;
}

class DeadlineBeforeLock extends Reference {
  protected override *writeData(frame: Frame): Proc<Err> {
    this.conn.setWriteDeadline(this.config.writeDeadline);
    yield* this.writeMu.lock();
    const err = yield* this.conn.writeMessage(frame);
    this.writeMu.unlock();
    return err;
  }
}

class BacklogInOneFrame extends Reference {
  protected override *writeChunk(stream: Stream, bytes: number): Proc<Err> {
    return yield* this.writeData({ type: stream, bytes });
  }
}

class DrainUnbounded extends Reference {
  protected override *drain(pumps: readonly Process[]): Proc<boolean> {
    for (const pump of pumps) yield* pump.ended.wait();
    this.boundExit();
    return true;
  }
}

class ExitNotBounded extends Reference {
  protected override boundExit(): void {}
}

/** A safety net that frees the slot itself, and that nobody takes down. */
class StaleTimerHitsSuccessor extends Reference {
  protected override boundExit(): void {
    const net = this.sim.time('release bound', () => this.slot.markDisconnected(this.session));
    net.arm(this.config.writeDeadline);
  }
}

/** A balancer acknowledges a probe of TCP keepalive itself, and does not count it: as if there were none. */
class TcpKeepaliveForBalancer extends PingOnly {
  protected override *runKeepalive(): Proc {}
}

class SlotLeakOnUpgradeFailure extends Reference {
  protected override releaseAfterFailedUpgrade(): void {}
}

class ReleaseDeferredTooEarly extends Reference {
  protected override markConnected(): boolean {
    const granted = super.markConnected();
    if (!granted) this.slot.markDisconnected(this.session);
    return granted;
  }
}

export class ReleaseForgotten extends Reference {
  protected override *teardown(output: Subscription): Proc {
    this.conn.close();
    this.shell.unsubscribe(output);
  }
}

class KeepaliveIgnoresCancel extends Reference {
  protected override *nextKeepaliveEvent(ticker: Ticker): Proc<'tick' | 'done'> {
    yield* ticker.wait();
    return 'tick';
  }
}

class ReaderNotWoken extends Reference {
  protected override stopReader(): void {
    this.ctx.cancel();
  }
}

class UnlockForgottenOnError extends Reference {
  protected override *writeData(frame: Frame): Proc<Err> {
    yield* this.writeMu.lock();
    this.conn.setWriteDeadline(this.config.writeDeadline);
    const err = yield* this.conn.writeMessage(frame);
    if (err !== undefined) return err;
    this.writeMu.unlock();
    return undefined;
  }
}

class ExitFrameAfterClose extends Reference {
  protected override *cleanExit(output: Subscription, pumps: readonly Process[]): Proc {
    this.shell.unsubscribe(output);
    yield* this.drain(pumps);
    yield* this.writeClose(CLOSE_NORMAL);
    yield* this.writeData({ type: 'exit', bytes: 64 });
  }
}

class ReleaseKeepsConnected extends Slot {
  protected override free(session: number): void {
    this.holders.set(this.holders.get().filter((each) => each !== session));
  }
}

class TakeoverWithoutIdentity extends Slot {
  override markConnected(session: number): boolean {
    this.holders.set([]);
    this.take(session);
    return true;
  }
}

class NewestWins extends Slot {
  override markConnected(session: number): boolean {
    this.take(session);
    return true;
  }
}

class BacklogNotReplayed extends Shell {
  protected override replay(): void {}
}

/** A send that does not wait, on a channel that holds nothing. */
class UnbufferedSubscriber extends Shell {
  protected override chunksBuffered(): number {
    return 0;
  }
}

const reference: Design = { Handler: Reference, Slot, Shell };

const designWith = (change: Partial<Design>): Design => ({ ...reference, ...change });
const mutant = mutantsOf('reference', designWith);
const mutantOnSlowPath = mutantsOf('reference-slow-path', designWith, slowPath);
const mutantOfSlowUpload = mutantsOf('reference-slow-upload', designWith, slowUpload);
const mutantOfSmallLimits = mutantsOf('small-limits', designWith, smallLimits);
const mutantOfPingOnly = mutantsOf('ping-only', designWith);

export const mutants: Readonly<Record<string, Variant<Design>>> = {
  'no-write-mutex': mutant('writes-never-overlap', 'the ping goes the data path, without the mutex', {
    Handler: pingWithoutMutex(Reference),
  }),
  'pumps-without-mutex': mutant('writes-never-overlap', 'data writes do not take the mutex', {
    Handler: PumpsWithoutMutex,
  }),
  'pong-does-not-rearm': mutant('live-client-spared', 'the pong handler does not re-arm: armed once', {
    Handler: pongDoesNotRearm(Reference),
  }),
  'no-initial-deadline': mutant('dead-client-evicted', 'the deadline is first armed by the first pong', {
    Handler: noInitialDeadline(Reference),
  }),
  'own-write-rearms': mutant('dead-client-evicted', 'a successful ping re-arms the read deadline', {
    Handler: OwnWriteRearms,
  }),
  'graceful-close-of-dead': mutant(
    'silence-evicted',
    'fail does not close: the teardown sends 1001 first, and waits for the writer',
    { Handler: GracefulCloseOfDead },
  ),
  'stdin-inline': mutant('silence-evicted', 'the reader takes input itself', { Handler: StdinInline }),
  'text-inline': mutant('dead-client-evicted', 'the reader does itself what a text frame asks for', {
    Handler: TextInline,
  }),
  'only-pong-rearms': mutantOfSlowUpload('live-client-spared', 'a data frame does not re-arm', {
    Handler: OnlyPongRearms,
  }),
  'only-binary-rearms': mutantOfSlowUpload('live-client-spared', 'a text frame does not re-arm', {
    Handler: OnlyBinaryRearms,
  }),
  'no-read-limit': mutant('read-limit-kept', 'no SetReadLimit', { Handler: NoReadLimit }),
  'bad-input-is-fatal': mutant('live-client-spared', 'input that is refused ends the session', {
    Handler: BadInputIsFatal,
  }),
  'ping-error-ignored': mutant('failed-ping-evicts', 'a failed ping only ends its goroutine', {
    Handler: PingErrorIgnored,
  }),
  'mutex-timeout-is-fatal': mutantOnSlowPath(
    'live-client-spared',
    'a ping that cannot have the mutex in time ends the session',
    {
      Handler: MutexTimeoutIsFatal,
    },
  ),
  'sticky-timeout-is-transient': mutant(
    'nothing-leaks',
    'the keepalive ends when a ping is told that the connection is closed, and retries timeouts',
    { Handler: StickyTimeoutIsTransient },
  ),
  'deadline-before-lock': mutantOnSlowPath('live-client-spared', 'the write deadline is set before the mutex is held', {
    Handler: DeadlineBeforeLock,
  }),
  'backlog-in-one-frame': mutantOnSlowPath('live-client-spared', 'the backlog is one frame', {
    Handler: BacklogInOneFrame,
  }),
  'backlog-not-replayed': mutant('output-complete', 'an attach does not get the backlog', {
    Shell: BacklogNotReplayed,
  }),
  'unbuffered-subscriber': mutant('chunk-lost-only-when-full', 'the channel of a subscriber holds nothing', {
    Shell: UnbufferedSubscriber,
  }),
  'drain-unbounded': mutantOfSmallLimits('exit-releases-slot', 'the drain has no bound', { Handler: DrainUnbounded }),
  'exit-not-bounded': mutantOfSmallLimits('exit-releases-slot', 'no bound on what follows the drain', {
    Handler: ExitNotBounded,
  }),
  'slot-leak-on-upgrade-failure': mutant('slot-not-lost', 'a failed upgrade does not release', {
    Handler: SlotLeakOnUpgradeFailure,
  }),
  'release-deferred-too-early': mutant('release-by-holder', 'the 409 path releases too', {
    Handler: ReleaseDeferredTooEarly,
  }),
  'release-forgotten': mutant('slot-not-lost', 'the teardown does not release', { Handler: ReleaseForgotten }),
  'release-keeps-connected': mutant('free-slot-granted', 'MarkDisconnected leaves connected set', {
    Slot: ReleaseKeepsConnected,
  }),
  'stale-timer-hits-successor': mutant(
    'release-by-holder',
    'a timer that releases the slot goes on when the session is over',
    { Handler: StaleTimerHitsSuccessor },
  ),
  'takeover-without-identity': mutant('release-by-holder', 'the newest takes over, and the old teardown releases', {
    Slot: TakeoverWithoutIdentity,
  }),
  'newest-wins': mutant('slot-exclusive', 'MarkConnected always grants', { Slot: NewestWins }),
  'timer-leak': mutant('nothing-outlives-release', 'no ticker.Stop()', { Handler: tickerNotStopped(Reference) }),
  'keepalive-ignores-cancel': mutant('dead-client-evicted', 'the keepalive waits for ticks only', {
    Handler: KeepaliveIgnoresCancel,
  }),
  'evicted-reader-not-woken': mutantOfSmallLimits('nothing-leaks', 'no SetReadDeadline(now) at the end', {
    Handler: ReaderNotWoken,
  }),
  'unlock-forgotten-on-error': mutant('nothing-leaks', 'an early return leaves the mutex locked', {
    Handler: UnlockForgottenOnError,
  }),
  'exit-frame-after-close': mutant('exit-delivered', 'the close frame goes before the exit frame', {
    Handler: ExitFrameAfterClose,
  }),
  'tcp-keepalive-for-balancer': mutantOfPingOnly('idle-connection-kept', 'TCP keepalive in place of pings', {
    Handler: TcpKeepaliveForBalancer,
  }),
  'timeout-not-above-period': mutant('live-client-spared', 'pongWait = interval', {}, { pongWait: '15s' }),
  'ping-equals-balancer-idle': mutant(
    'idle-connection-kept',
    'interval = balancer idle timeout',
    {},
    { interval: '60s' },
  ),
};
