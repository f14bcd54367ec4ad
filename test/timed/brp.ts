/**
 * Question: does no timer of the protocol run out too early?
 * Source: P. R. D'Argenio, J.-P. Katoen, T. C. Ruys and J. Tretmans, "The bounded retransmission protocol must be on
 * time!" (TACAS 1997), with its names: TD, T1, TR, SYNC, MAX, N.
 *
 * Modelled: a sender that has a file now and then, of N chunks, and sends one after the other, each again after T1
 * without an acknowledgement, MAX times at most; then it gives up and waits for SYNC. A receiver that takes a chunk
 * whose bit is the one it expects, acknowledges any, and is done with the file TR after the last chunk that it took. Two
 * channels in which a message takes more than 0 and at most TD, or is lost.
 * Different from the automata: a message is lost when it is sent (there: at any time on its way; one that is on its way
 * and arrives is in the way as well); at the very TR a chunk may still be taken.
 * Left out: what the chunks are, and the reports to the clients but for the one that a file is incomplete.
 * Time passes: until there is a file, in the channels, in T1, TR and SYNC.
 *
 * Known: T1 never runs out while a chunk or its acknowledgement is on its way, and no message is in the way of the next
 * one, exactly when T1 > 2 TD. No chunk of a file comes after TR ran out on it, to be taken for the first one of the
 * next file, when TR >= 2 MAX T1 + 3 TD. The receiver is done with a file that was given up before the next one begins,
 * when SYNC >= TR.
 * Derived here, for messages that take more than 0: the condition on TR is sharp (first copy of a chunk at once, its
 * acknowledgements lost but for that of the last copy; of the next chunk only the last copy arrives). It does not make
 * the receiver wait for the sender: that gives up as late as (2 MAX + 1) T1 + 2 TD after the receiver took a chunk, and
 * only from that TR on is it always the first to do so. The condition on SYNC is not sharp: TR begins at most TD after
 * the last copy was sent, SYNC begins T1 after that, so SYNC > TR - T1 + TD is enough; SYNC = TR - T1 + TD is not, by a tie.
 */
import type { Subject } from '../../src/engine/run.ts';
import { ANY_TIME, type Bounds, between, type Duration, type Ticks } from '../../src/kernel/bounds.ts';
import type { Cell } from '../../src/kernel/cell.ts';
import type { Channel } from '../../src/kernel/channel.ts';
import type { Line } from '../../src/kernel/line.ts';
import { BREAK, loop, type Round } from '../../src/kernel/loop.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Timer } from '../../src/kernel/timer.ts';
import { never, sometimes } from '../../src/property/property.ts';
import { toy } from '../support/toy.ts';

export interface BrpOptions {
  /** Chunks in a file. */
  readonly N: number;
  /** How often a chunk is sent again at most. */
  readonly MAX: number;
  readonly TD: Ticks;
  readonly T1: Ticks;
  readonly TR: Ticks;
  readonly SYNC: Ticks;
  /** How long a message takes that is not lost; at most TD. */
  readonly transit?: Bounds;
  /** How long it takes until there is a file, which may be any time. */
  readonly pace?: Duration;
}

interface Chunk {
  readonly first: boolean;
  readonly last: boolean;
  readonly bit: boolean;
}
type Acknowledgement = 'acknowledgement';

/** A lossy channel: K from the sender, L from the receiver. */
class LossyChannel<T> {
  readonly arrived: Channel<T>;
  readonly #sim: Sim;
  readonly #name: string;
  readonly #transit: Bounds;
  readonly #line: Line<T>;

  constructor(sim: Sim, name: string, transit: Bounds) {
    this.arrived = sim.channel<T>(`${name} arrived`, Infinity);
    this.#sim = sim;
    this.#name = name;
    this.#transit = transit;
    this.#line = sim.line<T>(name, (message) => void this.arrived.trySend(message));
  }

  /** A message that is on its way, or has arrived and was not looked at yet. */
  get isOccupied(): boolean {
    return this.#line.inFlight + this.arrived.length > 0;
  }

  send(message: T): void {
    if (this.isOccupied) this.#sim.emit('in the way', undefined, this.#name);
    if (this.#sim.chooseFault(`${this.#name} keeps it`, ['yes', 'no']) === 'no') return;
    this.#line.send(message, 'message', this.#transit);
  }
}

/** What both sides and the properties look at. */
class World {
  readonly sim: Sim;
  readonly options: Required<BrpOptions>;
  readonly chunks: LossyChannel<Chunk>;
  readonly acknowledgements: LossyChannel<Acknowledgement>;
  readonly senderGaveUp: Cell<boolean>;
  readonly receiverIsDone: Cell<boolean>;

  constructor(sim: Sim, options: Required<BrpOptions>) {
    this.sim = sim;
    this.options = options;
    this.chunks = new LossyChannel(sim, 'K', options.transit);
    this.acknowledgements = new LossyChannel(sim, 'L', options.transit);
    this.senderGaveUp = sim.cell('sender gave up', false);
    this.receiverIsDone = sim.cell('receiver is done', true);
  }
}

class Sender {
  readonly #world: World;
  readonly #timer: Timer;
  readonly #bit: Cell<boolean>;
  /** Which chunk it is at, and how often that was sent again. */
  readonly #index: Cell<number>;
  readonly #again: Cell<number>;

  constructor(world: World) {
    const { sim } = world;
    this.#world = world;
    this.#timer = sim.time('T1');
    this.#bit = sim.cell('sender bit', false);
    this.#index = sim.cell('chunk', 0);
    this.#again = sim.cell('sent again', 0);
    sim.spawn('sender', () => loop(() => this.#sendFile()), { daemon: true });
  }

  *#sendFile(): Round {
    const { sim, options, senderGaveUp, receiverIsDone } = this.#world;
    yield* sim.sleep(options.pace, 'gets a file');
    yield* loop(() => this.#sendChunk());
    this.#index.set(0);
    if (!senderGaveUp.get()) {
      sim.emit('file sent');
      return undefined;
    }
    yield* sim.sleep(options.SYNC, 'SYNC');
    sim.emit('in step again', { receiverIsDone: receiverIsDone.get() });
    senderGaveUp.set(false);
    this.#bit.set(false);
    return undefined;
  }

  *#sendChunk(): Round {
    yield* loop(() => this.#transmit());
    this.#again.set(0);
    if (this.#world.senderGaveUp.get()) return BREAK;
    this.#bit.set(!this.#bit.get());
    this.#index.set(this.#index.get() + 1);
    return this.#index.get() === this.#world.options.N ? BREAK : undefined;
  }

  *#transmit(): Round {
    const { sim, options, chunks, acknowledgements, senderGaveUp } = this.#world;
    const index = this.#index.get();
    chunks.send({ first: index === 0, last: index === options.N - 1, bit: this.#bit.get() });
    this.#timer.arm(options.T1);
    const { case: what } = yield* sim.select({ got: acknowledgements.arrived.receive, late: this.#timer });
    if (what === 'got') {
      this.#timer.stop();
      return BREAK;
    }
    if (chunks.isOccupied || acknowledgements.isOccupied) sim.emit('T1 too early');
    if (this.#again.get() === options.MAX) {
      senderGaveUp.set(true);
      return BREAK;
    }
    this.#again.set(this.#again.get() + 1);
    return undefined;
  }
}

class Receiver {
  readonly #world: World;
  readonly #timer: Timer;
  readonly #expected: Cell<boolean>;
  readonly #hasLast: Cell<boolean>;

  constructor(world: World) {
    const { sim } = world;
    this.#world = world;
    this.#timer = sim.time('TR');
    this.#expected = sim.cell('expected bit', false);
    this.#hasLast = sim.cell('receiver has last', false);
    sim.spawn('receiver', () => loop(() => this.#receiveFile()), { daemon: true });
  }

  /** The location new_file, in which any bit will do, and what follows until it is back there. */
  *#receiveFile(): Round {
    const { sim, chunks, receiverIsDone } = this.#world;
    const got = yield* chunks.arrived.receive.wait();
    if (!got.ok) return BREAK;
    receiverIsDone.set(false);
    if (!got.value.first) sim.emit('first chunk is none');
    this.#take(got.value);
    yield* loop(() => this.#receiveNext());
    receiverIsDone.set(true);
    this.#hasLast.set(false);
    return undefined;
  }

  *#receiveNext(): Round {
    const { sim, chunks, acknowledgements, senderGaveUp } = this.#world;
    const got = yield* sim.select({ chunk: chunks.arrived.receive, late: this.#timer });
    if (got.case === 'late') {
      if (!this.#hasLast.get()) sim.emit('file is incomplete', { senderGaveUp: senderGaveUp.get() });
      return BREAK;
    }
    if (!got.value.ok) return BREAK;
    if (got.value.value.bit === this.#expected.get()) this.#take(got.value.value);
    else acknowledgements.send('acknowledgement');
    return undefined;
  }

  #take({ bit, last }: Chunk): void {
    this.#expected.set(!bit);
    this.#hasLast.set(last);
    this.#timer.arm(this.#world.options.TR);
    this.#world.acknowledgements.send('acknowledgement');
  }
}

export function brp(given: BrpOptions): Subject {
  const options = { pace: ANY_TIME, transit: between(0, given.TD, 'min'), ...given };
  return toy(
    (sim: Sim) => {
      const world = new World(sim, options);
      new Sender(world);
      new Receiver(world);
    },
    {
      properties: [
        never('channels-free', 'No message is in the way of the next one.', 'in the way'),
        never('T1-on-time', 'T1 never runs out while a chunk or its acknowledgement is on its way.', 'T1 too early'),
        never('sender-gives-up-first', 'The receiver finds a file incomplete only after the sender gave up.', {
          event: 'file is incomplete',
          where: (data: { senderGaveUp: boolean }) => !data.senderGaveUp,
        }),
        never('TR-on-time', 'No chunk comes after TR ran out on its file.', 'first chunk is none'),
        never('SYNC-on-time', 'The receiver is done with a file that was given up before the next one begins.', {
          event: 'in step again',
          where: (data: { receiverIsDone: boolean }) => !data.receiverIsDone,
        }),
        sometimes('file-sent', 'A file is sent.', 'file sent'),
        sometimes('file-is-incomplete', 'A file is incomplete.', 'file is incomplete'),
        sometimes('in-step-again', 'A file is given up, and the sender begins anew.', 'in step again'),
      ],
      limits: { horizon: 2 * (options.TR + options.SYNC) },
    },
  );
}
