/**
 * The process in the box that sessions attach to. Stands for: the exec's process, its output subscription with the
 * backlog, `WriteStdin`, and what a text frame can ask for. Modelled: output on two streams in bursts of any size at any
 * time, one subscriber with a bounded buffer a stream (when it is full, chunks are lost), the last bytes of each stream,
 * which a new subscriber gets as its first chunk, the end at any time, input that is accepted, refused or not read
 * at all (the pipe is full), a resize, a signal that takes time, the end of the input, a request that nobody understands.
 * Left out: what the bytes are.
 */
import type { Cell, Ref } from '../../src/kernel/cell.ts';
import type { Channel } from '../../src/kernel/channel.ts';
import type { Context } from '../../src/kernel/context.ts';
import type { Latch } from '../../src/kernel/latch.ts';
import { BREAK, loop, type Round } from '../../src/kernel/loop.ts';
import type { Signal } from '../../src/kernel/signal.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Timer } from '../../src/kernel/timer.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import type { Err } from '../net/websocket.ts';
import type { AttachConfig } from './parameters.ts';

export type Stream = 'stdout' | 'stderr';

/** Chunks of so many bytes. */
export interface Subscription {
  readonly stdout: Channel<number>;
  readonly stderr: Channel<number>;
  /** For the properties only: the bytes that this subscriber should get. */
  readonly owed: Cell<number>;
}

/** How much a burst of output is: a line, a screenful, or more than all buffers on the way to a client hold. */
const BURSTS = { line: 1, screen: 4, flood: 24 } as const;
type Burst = keyof typeof BURSTS;

/** The most that a process writes before its end, in chunks: each of its three bursts is a flood. */
export const OUTPUT_CHUNKS_MOST = 3 * BURSTS.flood;

export class Shell {
  readonly exited: Latch;
  readonly #sim: Sim;
  readonly #config: AttachConfig;
  /** Who gets the output, if anybody does. */
  readonly #subscriber: Ref<Subscription>;
  readonly #readsStdin: Cell<boolean>;
  readonly #stdinChanged: Signal;
  readonly #stdinEnded: Cell<boolean>;
  readonly #signalled: Timer;
  readonly #backlog: Readonly<Record<Stream, Cell<number>>>;

  constructor(sim: Sim, config: AttachConfig) {
    this.#sim = sim;
    this.#config = config;
    this.exited = sim.latch('exited');
    this.#subscriber = sim.ref('subscriber');
    this.#readsStdin = sim.cell('reads stdin', true);
    this.#stdinChanged = sim.signal('stdin changed');
    this.#stdinEnded = sim.cell('stdin ended', false);
    this.#signalled = sim.time('signal sent');
    this.#backlog = { stdout: sim.cell('stdout backlog', 0), stderr: sim.cell('stderr backlog', 0) };
    const { outputs } = config;
    if (outputs >= 1) sim.spawn('stdout 1', () => this.#writeAtSomeTime('stdout'), { daemon: true });
    if (outputs >= 3) sim.spawn('stdout 2', () => this.#writeAtSomeTime('stdout'), { daemon: true });
    if (outputs >= 2) sim.spawn('stderr', () => this.#writeAtSomeTime('stderr'), { daemon: true });
    if (config.exits === 'any') sim.spawn('life', () => this.#exitAtSomeTime(), { daemon: true });
    if (config.stdin === 'any') sim.spawn('stdin', () => this.#stopReadingAtSomeTime(), { daemon: true });
  }

  // ---- what the handler calls ----

  subscribe(session: number): Subscription {
    const subscription = this.#sim.object({
      stdout: this.#sim.channel<number>(`stdout for ${session}`, this.chunksBuffered()),
      stderr: this.#sim.channel<number>(`stderr for ${session}`, this.chunksBuffered()),
      owed: this.#sim.cell(`owed to ${session}`, 0),
    });
    this.#subscriber.set(subscription);
    for (const stream of ['stdout', 'stderr'] as const) {
      const bytes = this.#backlog[stream].get();
      if (bytes === 0) continue;
      this.#sim.emit('backlog', { session, stream, bytes }, 'shell');
      this.replay(subscription, stream, bytes);
      this.#owe(subscription, bytes);
    }
    return subscription;
  }

  protected chunksBuffered(): number {
    return this.#config.subscriberBuffer;
  }

  protected replay(subscription: Subscription, stream: Stream, bytes: number): void {
    subscription[stream].trySend(bytes);
  }

  /** No more chunks come; what is buffered can still be received. Harmless when done twice. */
  unsubscribe(subscription: Subscription): void {
    if (subscription.stdout.closed) return;
    subscription.stdout.close();
    subscription.stderr.close();
    if (this.#subscriber.get() === subscription) this.#subscriber.set(undefined);
  }

  /** Blocks while the process does not read and its pipe is full; with `ctx`, until that is cancelled. */
  *writeStdin(bytes: number, ctx?: Context): Proc<Err> {
    if (bytes > this.#config.readLimit) this.#sim.emit('input over the limit', { bytes });
    if (this.#stdinEnded.get()) return 'stdin closed';
    yield* loop(() => this.#untilStdinTakes(ctx));
    if (this.exited.fired) return 'broken pipe';
    if (!this.#readsStdin.get()) return 'context canceled';
    return this.#sim.chooseFault('stdin write', ['ok', 'fails']) === 'ok' ? undefined : 'stdin write failed';
  }

  /** What a text frame asks for; with `ctx`, until that is cancelled. */
  *control(asks: string, ctx?: Context): Proc<Err> {
    switch (asks) {
      case 'resize':
        return undefined;
      case 'signal':
        return yield* this.#signal(ctx);
      case 'stdin_eof':
        this.#stdinEnded.set(true);
        return undefined;
      default:
        return 'bad input';
    }
  }

  *#signal(ctx: Context | undefined): Proc<Err> {
    if (this.exited.fired) return 'process has ended';
    this.#signalled.arm(this.#config.signalTime);
    const sent = this.#signalled;
    const got = yield* ctx === undefined ? this.#sim.select({ sent }) : this.#sim.select({ sent, done: ctx.done });
    if (got.case === 'sent') return undefined;
    sent.stop();
    return 'context canceled';
  }

  *#untilStdinTakes(ctx: Context | undefined): Round {
    if (this.#readsStdin.get() || this.exited.fired) return BREAK;
    this.#sim.emit('stdin blocks', { why: 'the process does not read' });
    const wakers = { changed: this.#stdinChanged, exited: this.exited };
    const got = yield* ctx === undefined ? this.#sim.select(wakers) : this.#sim.select({ ...wakers, done: ctx.done });
    return got.case === 'done' ? BREAK : undefined;
  }

  // ---- what it does by itself ----

  *#writeAtSomeTime(stream: Stream): Proc {
    yield* this.#sim.moment(`${stream} written`).wait();
    if (this.exited.fired) return;
    const { burst } = this.#config;
    this.print(stream, burst === 'any' ? this.#sim.choose(`${stream} burst`, ['flood', 'line', 'screen']) : burst);
  }

  print(stream: Stream, burst: Burst): void {
    this.#sim.emit('output', { stream, burst, chunks: BURSTS[burst] }, 'shell');
    const { chunk } = this.#config;
    this.#keep(stream, BURSTS[burst] * chunk);
    const subscription = this.#subscriber.get();
    if (subscription === undefined) return;
    for (let i = 0; i < BURSTS[burst]; i++) {
      const { length } = subscription[stream];
      if (subscription[stream].trySend(chunk)) this.#owe(subscription, chunk);
      else this.#sim.emit('chunk lost', { stream, waiting: length }, 'shell');
    }
  }

  #keep(stream: Stream, bytes: number): void {
    const { backlog } = this.#config;
    const all = this.#backlog[stream].get() + bytes;
    if (backlog > 0 && all > backlog) this.#sim.emit('oldest output dropped', { stream }, 'shell');
    this.#backlog[stream].set(Math.min(all, backlog));
  }

  #owe({ owed }: Subscription, bytes: number): void {
    if (this.#config.exits === 'any') owed.set(owed.get() + bytes);
  }

  /** Some processes print a lot, and end: a usage text, a stack trace, a directory listing. */
  *#exitAtSomeTime(): Proc {
    yield* this.#sim.faultMoment('exits').wait();
    const lastWords = this.#lastWords();
    if (lastWords !== 'none') this.print('stdout', lastWords);
    this.#sim.emit('process exits', undefined, 'shell');
    this.exited.fire();
  }

  #lastWords(): 'none' | 'line' | 'flood' {
    const { outputs, lastWords } = this.#config;
    if (lastWords !== 'any') return lastWords;
    return outputs === 0 ? 'none' : this.#sim.choose('last words', ['none', 'line', 'flood']);
  }

  *#stopReadingAtSomeTime(): Proc {
    yield* this.#sim.faultMoment('stops reading stdin').wait();
    this.#readsStdin.set(false);
    this.#sim.emit('stops reading stdin', undefined, 'shell');
    yield* this.#sim.moment('reads stdin again').wait();
    this.#readsStdin.set(true);
    this.#sim.emit('reads stdin again', undefined, 'shell');
    this.#stdinChanged.broadcast();
  }
}
