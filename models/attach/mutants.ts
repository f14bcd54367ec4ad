/** Wrong edits of the reference, a line each, that must be caught: each overrides the method that the edit is in. */
import type { Process } from '../../src/kernel/process.ts';
import type { Ticker } from '../../src/kernel/ticker.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import type { Variant } from '../../src/model/model.ts';
import { mutantsOf } from '../../src/model/mutant.ts';
import type { Frame } from '../net/tcp.ts';
import { CLOSE_NORMAL, type Err, ping } from '../net/websocket.ts';
import type { Design } from './handler.ts';
import type { Subscription } from './shell.ts';
import { Slot } from './slot.ts';
import { Reference } from './variants.ts';

class PingWithoutMutex extends Reference {
  protected override *ping(): Proc<Err> {
    return yield* this.conn.writeMessage(ping());
  }
}

class PumpsWithoutMutex extends Reference {
  protected override *writeData(frame: Frame): Proc<Err> {
    this.conn.setWriteDeadline(this.config.writeDeadline);
    return yield* this.conn.writeMessage(frame);
  }
}

class PongDoesNotRearm extends Reference {
  protected override onPong(): void {}
}

class NoInitialDeadline extends Reference {
  protected override setInitialReadDeadline(): void {}
}

class OwnWriteRearms extends Reference {
  protected override *ping(): Proc<Err> {
    const err = yield* super.ping();
    if (err === undefined) this.rearmReadDeadline('own ping');
    return err;
  }
}

class EvictionWaitsForWriter extends Reference {
  protected override fail(cause: string): void {
    this.sim.emit('fails', { session: this.session, cause });
    this.ctx.cancel();
  }
}

class StdinInline extends Reference {
  protected override *handleData(_frame: Frame): Proc {
    const err = yield* this.shell.writeStdin(this.ctx);
    if (err !== undefined) yield* this.writeError(err);
  }
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

class ReleaseForgotten extends Reference {
  protected override *teardown(output: Subscription): Proc {
    this.conn.close();
    this.shell.unsubscribe(output);
  }
}

class TickerNotStopped extends Reference {
  protected override stopTicker(): void {}
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

class NewestWins extends Slot {
  override markConnected(session: number): boolean {
    this.take(session);
    return true;
  }
}

const reference: Design = { Handler: Reference, Slot };

const mutant = mutantsOf('reference', (change: Partial<Design>): Design => ({ ...reference, ...change }));

export const mutants: Readonly<Record<string, Variant<Design>>> = {
  'no-write-mutex': mutant('writes-never-overlap', 'the ping goes the data path, without the mutex', {
    Handler: PingWithoutMutex,
  }),
  'pumps-without-mutex': mutant('writes-never-overlap', 'data writes do not take the mutex', {
    Handler: PumpsWithoutMutex,
  }),
  'pong-does-not-rearm': mutant('live-client-spared', 'the pong handler does not re-arm: armed once', {
    Handler: PongDoesNotRearm,
  }),
  'no-initial-deadline': mutant('dead-client-evicted', 'the deadline is first armed by the first pong', {
    Handler: NoInitialDeadline,
  }),
  'own-write-rearms': mutant('dead-client-evicted', 'a successful ping re-arms the read deadline', {
    Handler: OwnWriteRearms,
  }),
  'fail-does-not-close': mutant('silence-evicted', 'fail only cancels the context', {
    Handler: EvictionWaitsForWriter,
  }),
  'stdin-inline': mutant('silence-evicted', 'the reader writes stdin itself', { Handler: StdinInline }),
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
  'newest-wins': mutant('slot-exclusive', 'MarkConnected always grants', { Slot: NewestWins }),
  'ticker-not-stopped': mutant('nothing-outlives-release', 'no ticker.Stop()', { Handler: TickerNotStopped }),
  'keepalive-ignores-cancel': mutant('dead-client-evicted', 'the keepalive waits for ticks only', {
    Handler: KeepaliveIgnoresCancel,
  }),
  'reader-not-woken': mutant('nothing-leaks', 'no SetReadDeadline(now) at the end', { Handler: ReaderNotWoken }),
  'unlock-forgotten-on-error': mutant('nothing-leaks', 'an early return leaves the mutex locked', {
    Handler: UnlockForgottenOnError,
  }),
  'exit-frame-after-close': mutant('exit-delivered', 'the close frame goes before the exit frame', {
    Handler: ExitFrameAfterClose,
  }),
  'timeout-not-above-period': mutant('live-client-spared', 'pongWait = interval', {}, { pongWait: '15s' }),
  'ping-equals-balancer-idle': mutant(
    'idle-connection-kept',
    'interval = balancer idle timeout',
    {},
    { interval: '60s' },
  ),
};
