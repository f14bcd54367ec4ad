/**
 * The process in the box that sessions attach to. Stands for: the exec's process, its output subscription and
 * `WriteStdin`. Modelled: output on two streams in bursts of any size at any time, one subscriber with a bounded
 * buffer a stream (when it is full, chunks are lost), the end at any time, input that is accepted, refused or not read
 * at all (the pipe is full). Left out: what the bytes are; the backlog of earlier output.
 */
import type { Cell, Ref } from '../../src/kernel/cell.ts';
import type { Channel } from '../../src/kernel/channel.ts';
import type { Context } from '../../src/kernel/context.ts';
import type { Latch } from '../../src/kernel/latch.ts';
import { BREAK, loop, type Round } from '../../src/kernel/loop.ts';
import type { Signal } from '../../src/kernel/signal.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import type { Err } from '../net/websocket.ts';
import type { AttachConfig } from './parameters.ts';

export type Stream = 'stdout' | 'stderr';

export interface Subscription {
  readonly stdout: Channel<'chunk'>;
  readonly stderr: Channel<'chunk'>;
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

  constructor(sim: Sim, config: AttachConfig) {
    this.#sim = sim;
    this.#config = config;
    this.exited = sim.latch('exited');
    this.#subscriber = sim.ref('subscriber');
    this.#readsStdin = sim.cell('reads stdin', true);
    this.#stdinChanged = sim.signal('stdin changed');
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
      stdout: this.#sim.channel<'chunk'>(`stdout for ${session}`, this.#config.subscriberBuffer),
      stderr: this.#sim.channel<'chunk'>(`stderr for ${session}`, this.#config.subscriberBuffer),
    });
    this.#subscriber.set(subscription);
    return subscription;
  }

  /** No more chunks come; what is buffered can still be received. Harmless when done twice. */
  unsubscribe(subscription: Subscription): void {
    if (subscription.stdout.closed) return;
    subscription.stdout.close();
    subscription.stderr.close();
    if (this.#subscriber.get() === subscription) this.#subscriber.set(undefined);
  }

  /** Blocks while the process does not read and its pipe is full; with `ctx`, until that is cancelled. */
  *writeStdin(ctx?: Context): Proc<Err> {
    yield* loop(() => this.#untilStdinTakes(ctx));
    if (this.exited.fired) return 'broken pipe';
    if (!this.#readsStdin.get()) return 'context canceled';
    return this.#sim.chooseFault('stdin write', ['ok', 'fails']) === 'ok' ? undefined : 'stdin write failed';
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
    this.#write(stream, burst === 'any' ? this.#sim.choose(`${stream} burst`, ['flood', 'line', 'screen']) : burst);
  }

  #write(stream: Stream, burst: Burst): void {
    this.#sim.emit('output', { stream, burst, chunks: BURSTS[burst] }, 'shell');
    const subscription = this.#subscriber.get();
    if (subscription === undefined) return;
    for (let i = 0; i < BURSTS[burst]; i++) {
      if (!subscription[stream].trySend('chunk')) this.#sim.emit('chunk lost', { stream }, 'shell');
    }
  }

  /** Some processes print a lot, and end: a usage text, a stack trace, a directory listing. */
  *#exitAtSomeTime(): Proc {
    yield* this.#sim.faultMoment('exits').wait();
    const isSilent = this.#config.outputs === 0;
    const lastWords = isSilent ? 'none' : this.#sim.choose('last words', ['none', 'line', 'flood']);
    if (lastWords !== 'none') this.#write('stdout', lastWords);
    this.#sim.emit('process exits', undefined, 'shell');
    this.exited.fire();
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
