/**
 * Question: is at most one train on the bridge, and does each one that approaches cross it in time?
 * Source: W. Yi, P. Pettersson and M. Daniels, "Automatic verification of real-time communicating systems by constraint-
 * solving" (FORTE 1994); as told by G. Behrmann, A. David and K. G. Larsen, "A tutorial on UPPAAL" (2004), with its
 * locations Safe, Appr, Stop, Start and Cross.
 *
 * Modelled: N trains on tracks of their own that share a bridge, and its gate. A train tells the gate that it approaches.
 * For 10 it can be stopped still; else it is on the bridge after 10 to 20. Stopped, it waits until the gate lets it go,
 * and is on the bridge 7 to 15 later. It crosses in 3 to 5. The gate keeps a queue: it stops a train that approaches while
 * there are others, and lets the next one go when one has left.
 * Added: an order of the gate may be on its way for a time inside `reaction`, which is 0 in the source.
 * Left out: nothing.
 * Time passes: while a train is safe, approaches, starts, crosses, and while an order is on its way.
 *
 * Known: never two on the bridge; each train that approaches crosses. With a reaction below 10 the same holds; from 10 on, 10
 * itself included, an order may come when it is too late. Derived here: a train that has to wait is on the bridge after at
 * most 20 + 5 for the one that approached before it (or a reaction + 15 + 5, if that was stopped and just let go),
 * a reaction + 15 + 5 for each other one, and a reaction + 15 for itself; and that comes to pass.
 */
import type { Subject } from '../../src/engine/run.ts';
import { ANY_TIME, type Bounds, between, type Duration, type Ticks, toBounds } from '../../src/kernel/bounds.ts';
import type { Cell } from '../../src/kernel/cell.ts';
import type { Line } from '../../src/kernel/line.ts';
import { loop, type Round } from '../../src/kernel/loop.ts';
import type { Signal } from '../../src/kernel/signal.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Timer } from '../../src/kernel/timer.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import { always, measure, sometimes, within } from '../../src/property/property.ts';
import { toy } from '../support/toy.ts';

const STOPPABLE: Ticks = 10;
/** From the last moment at which it can be stopped until it is on the bridge. */
const ON: Bounds = between(0, 10);
const STARTING: Bounds = between(7, 15);
const CROSSING: Bounds = between(3, 5);

interface TrainGateOptions {
  readonly trains: number;
  readonly reaction?: Duration;
  /** How long a train stays away, which may be any time. */
  readonly pace?: Duration;
  /** What is promised instead of the bound that is derived above. */
  readonly bound?: Ticks;
}

type Order = 'none' | 'stop' | 'go';

/** The gate's controller: a queue of trains, of which the first one crosses or may cross next. */
class Gate {
  readonly #queue: Cell<readonly number[]>;
  readonly #trains: Train[] = [];

  constructor(sim: Sim) {
    this.#queue = sim.cell<readonly number[]>('queue', []);
  }

  get trains(): readonly Train[] {
    return this.#trains;
  }

  /** While the model is built. */
  add(train: Train): void {
    this.#trains.push(train);
  }

  approaches(number: number): void {
    const ahead = this.#queue.get();
    this.#queue.set([...ahead, number]);
    if (ahead.length > 0) this.#order(number, 'stop');
  }

  leaves(number: number): void {
    const wasFirst = this.#queue.get()[0] === number;
    const queue = this.#queue.get().filter((each) => each !== number);
    this.#queue.set(queue);
    if (wasFirst && queue[0] !== undefined) this.#order(queue[0], 'go');
  }

  #order(number: number, order: Order): void {
    (this.#trains[number - 1] as Train).orderedBy(order);
  }
}

class Train {
  readonly #sim: Sim;
  readonly #gate: Gate;
  readonly #number: number;
  readonly #name: string;
  readonly #options: Required<TrainGateOptions>;
  readonly #crosses: Cell<boolean>;
  /** Runs out when it can no longer be stopped. */
  readonly #stoppable: Timer;
  readonly #orders: Line<Order>;
  /** The last order that it got on this journey; one that comes too late is not heeded. */
  readonly #order: Cell<Order>;
  readonly #ordered: Signal;

  constructor(sim: Sim, number: number, gate: Gate, options: Required<TrainGateOptions>) {
    this.#sim = sim;
    this.#gate = gate;
    this.#number = number;
    this.#name = `train ${number}`;
    this.#options = options;
    this.#crosses = sim.cell(`${this.#name} crosses`, false);
    this.#stoppable = sim.time(`${this.#name} stoppable`);
    this.#orders = sim.line<Order>(`gate→${this.#name}`, (order) => this.#got(order));
    this.#order = sim.cell<Order>(`${this.#name} order`, 'none');
    this.#ordered = sim.signal(`${this.#name} ordered`);
    gate.add(this);
    sim.spawn(this.#name, () => loop(() => this.#journey()), { daemon: true });
  }

  get crosses(): boolean {
    return this.#crosses.get();
  }

  orderedBy(order: Order): void {
    this.#orders.send(order, order, this.#options.reaction);
  }

  #got(order: Order): void {
    this.#order.set(order);
    this.#ordered.broadcast();
  }

  *#journey(): Round {
    yield* this.#sim.sleep(this.#options.pace, 'stays away');
    this.#order.set('none');
    this.#sim.emit('approaches', { train: this.#number }, this.#name);
    this.#gate.approaches(this.#number);
    yield* this.#approach();
    this.#crosses.set(true);
    this.#sim.emit('crosses', { train: this.#number }, this.#name);
    yield* this.#sim.sleep(CROSSING, 'crosses');
    this.#crosses.set(false);
    this.#gate.leaves(this.#number);
    return undefined;
  }

  *#approach(): Proc {
    this.#stoppable.arm(STOPPABLE);
    const { case: what } = yield* this.#sim.select({ past: this.#stoppable, ordered: this.#ordered });
    if (what === 'past') {
      yield* this.#sim.sleep(ON, 'comes on');
      return;
    }
    this.#stoppable.stop();
    this.#sim.emit('stops', undefined, this.#name);
    if (this.#order.get() === 'stop') yield* this.#ordered.wait();
    yield* this.#sim.sleep(STARTING, 'starts');
  }
}

/** From the approach of a train until it is on the bridge, where there are so many trains. */
export function longestWay(trains: number, reactionMax: Ticks): Ticks {
  if (trains === 1) return STOPPABLE + ON.max;
  const afterGo = reactionMax + STARTING.max;
  const first = Math.max(STOPPABLE + ON.max, afterGo) + CROSSING.max;
  return first + (trains - 2) * (afterGo + CROSSING.max) + afterGo;
}

export function trainGate(given: TrainGateOptions): Subject {
  const reaction = toBounds(given.reaction ?? 0);
  const bound = given.bound ?? longestWay(given.trains, reaction.max);
  const options = { pace: ANY_TIME, ...given, reaction, bound };
  const span = { from: 'approaches', to: 'crosses', key: 'train' };
  return toy(
    (sim: Sim) => {
      const gate = new Gate(sim);
      for (let number = 1; number <= options.trains; number++) new Train(sim, number, gate, options);
      return gate.trains;
    },
    {
      properties: [
        always<readonly Train[]>(
          'one-crosses',
          'At most one train is on the bridge.',
          (trains) => trains.filter(({ crosses }) => crosses).length <= 1,
        ),
        within('approach-to-bridge', 'Each train that approaches is on the bridge in time.', bound, span),
        measure('approach', 'From the approach of a train until it is on the bridge.', span),
        sometimes('stops', 'A train is stopped.', 'stops'),
      ],
      limits: { horizon: 10 * longestWay(options.trains, reaction.max) },
    },
  );
}
