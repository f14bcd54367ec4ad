/**
 * The handler's history, each step as a subclass that overrides the lines that differ, and the reference: the nearest
 * design to #516 for which every property holds. What each change of the reference is for is said beside it, with the
 * finding's name; the findings themselves are the expected violations of `pong-deadline`.
 */
import type { Channel } from '../../src/kernel/channel.ts';
import { BREAK, loop, type Round } from '../../src/kernel/loop.ts';
import type { Process } from '../../src/kernel/process.ts';
import type { Timer } from '../../src/kernel/timer.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import type { Settings } from '../../src/model/parameters.ts';
import type { Frame } from '../net/tcp.ts';
import { type Err, pong } from '../net/websocket.ts';
import { AttachHandler, type HandlerSetting } from './handler.ts';
import type { Stream, Subscription } from './shell.ts';

/**
 * A direct path on which a chunk fills the send buffer and takes nearly as long as a write may, a client that stays and
 * reads, and a process that lives on.
 */
export const slowPath: Settings = {
  path: 'direct',
  latency: '1ms..2s',
  sendBuffer: '4096',
  writeDeadline: '5s',
  burst: 'flood',
  death: 'stays',
  reading: 'at once',
  excess: 'never',
  stdin: 'read',
  exits: 'never',
};

/** The same with a client that sends more in one go than such a path takes within pongWait, and no output. */
export const slowUpload: Settings = { ...slowPath, inputBurst: '16', outputs: '0' };

/** Limits so small that they are met, a client that reads slowly, and a process whose last words are more than it takes. */
export const smallLimits: Settings = {
  subscriberBuffer: '8',
  backlog: '32768',
  readLimit: '65536',
  stdinQueue: '1',
  reading: 'slowly',
  lastWords: 'flood',
};

/** #505: pings, and nothing that listens for the answer. */
export class PingOnly extends AttachHandler {
  protected override setInitialReadDeadline(): void {}

  protected override onPong(): void {}

  protected override onDataFrame(): void {}
}

/** Before #505: no pings either. */
export class NoPing extends PingOnly {
  protected override *runKeepalive(): Proc {}
}

/** #516, exactly as merged. */
export class PongDeadline extends AttachHandler {}

/** #516 with the smallest changes under which every property holds. */
export class Reference extends AttachHandler {
  readonly #input: Channel<Frame>;
  readonly #pings: Channel<'ping'>;
  readonly #pongDeadline: Timer;
  readonly #exitBound: Timer;

  constructor(setting: HandlerSetting) {
    super(setting);
    this.#input = this.sim.channel<Frame>('stdin queue', this.config.stdinQueue);
    this.#pings = this.sim.channel<'ping'>('pings to answer', 1);
    this.#pongDeadline = this.sim.time('pong deadline');
    this.#exitBound = this.sim.time('exit bound', () => this.conn.close());
  }

  /**
   * Finding `eviction-waits-for-writer`: a write that is blocked on a full send buffer holds the write mutex for up to
   * its deadline of 20 s, and the teardown waits for it; finding `teardown-queues-behind-writers`: where the client takes
   * a frame now and then, it waits for one after another. Closing the connection wakes every blocked call at once, and
   * what a pump has left unsent cannot be taken for drained (finding `cancel-counts-as-drained`).
   * The price: after a failure no close frame 1001 is sent, so a client that still listens sees the stream end instead.
   */
  protected override fail(cause: string): void {
    super.fail(cause);
    this.conn.close();
  }

  /**
   * Finding `stdin-blocks-reader`: while the reader is inside `WriteStdin` it reads neither pong nor deadline; finding
   * `signal-blocks-reader`: the same while it signals the process. Input goes to a goroutine of its own; what does not fit
   * into its queue is lost, as output is for a slow subscriber.
   */
  protected override *handleData(frame: Frame): Proc {
    if (!this.#input.trySend(frame)) this.sim.emit('input lost', { session: this.session });
  }

  /**
   * Finding `backlog-outlasts-write-deadline`: up to 256 KiB of backlog are one frame, and have one write deadline; on a
   * slow path it passes, on each attach again. Here they go in pieces of a chunk's size.
   */
  protected override *writeChunk(stream: Stream, bytes: number): Proc<Err> {
    for (let left = bytes; left > 0; left -= this.config.chunk) {
      const err = yield* super.writeChunk(stream, Math.min(left, this.config.chunk));
      if (err !== undefined) return err;
    }
    return undefined;
  }

  /**
   * Finding `exit-waits-for-writers`: the close frame of an exit that is not drained waits for one writer after another.
   * What follows the drain has one write deadline in all: `time.AfterFunc(wsWriteDeadline, conn.Close)`.
   */
  protected override *drain(pumps: readonly Process[]): Proc<boolean> {
    const drained = yield* super.drain(pumps);
    this.boundExit();
    return drained;
  }

  protected boundExit(): void {
    this.#exitBound.arm(this.config.writeDeadline);
  }

  protected override *cleanExit(output: Subscription, pumps: readonly Process[]): Proc {
    yield* super.cleanExit(output, pumps);
    this.#exitBound.stop();
  }

  /**
   * Finding `late-pong-rearms`: a pong that is handled just after the teardown's SetReadDeadline(now) sets the deadline
   * anew, and the last call wins: the teardown then waits for the reader for another pongWait. In Go, check and set
   * need a mutex that `stopReader` takes too; here they are one step.
   */
  protected override rearmReadDeadline(why: string): void {
    if (!this.ctx.cancelled) super.rearmReadDeadline(why);
  }

  /** Finding `automatic-pong-blocks-reader`: gorilla answers pings on the reader, which may wait 1 s for the lock. */
  protected override setHandlers(): void {
    super.setHandlers();
    this.answerPingsElsewhere();
  }

  protected answerPingsElsewhere(): void {
    this.conn.setPingHandler(() => this.#onPing());
  }

  /** A handler may block; this one does not. */
  *#onPing(): Proc<Err> {
    this.#pings.trySend('ping');
    return undefined;
  }

  protected override startMore(): void {
    this.go('stdin pump', () => loop(() => this.#pumpInput()));
    this.go('pong pump', () => loop(() => this.#pumpPong()));
  }

  *#pumpInput(): Round {
    const got = yield* this.sim.select({ cancelled: this.ctx.done, input: this.#input.receive });
    if (got.case === 'cancelled' || !got.value.ok) return BREAK;
    const err = yield* this.take(got.value.value, this.ctx);
    if (err !== undefined) yield* this.onBadInput(err);
    return undefined;
  }

  *#pumpPong(): Round {
    const got = yield* this.sim.select({ cancelled: this.ctx.done, ping: this.#pings.receive });
    if (got.case === 'cancelled') return BREAK;
    yield* this.writeMu.lock();
    this.#pongDeadline.arm(this.config.writeDeadline);
    yield* this.conn.writeControl(pong(), this.#pongDeadline);
    this.#pongDeadline.stop();
    this.writeMu.unlock();
    return undefined;
  }
}

/** The reference without its change for `late-pong-rearms`. */
export class ReferenceWithLatePong extends Reference {
  protected override rearmReadDeadline(why: string): void {
    this.conn.setReadDeadline(this.config.pongWait);
    this.sim.emit('read deadline armed', { session: this.session, by: why });
  }
}

/** The reference without its change for `automatic-pong-blocks-reader`. */
export class ReferenceWithAutomaticPong extends Reference {
  protected override answerPingsElsewhere(): void {}
}
