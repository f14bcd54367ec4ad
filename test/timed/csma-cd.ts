/**
 * Question: does a station notice each collision of its frame, and does each one end within a slot (two propagations)?
 * Source: CSMA/CD as timed automata by S. Tripakis and S. Yovine, "Analysis of timed systems using time-abstracting
 * bisimulations" (FMSD 2001), with the edge that F. Herbreteau et al. found missing (FSTTCS 2016); a benchmark of Kronos,
 * UPPAAL and TChecker (examples/csmacd.sh). Constants in microseconds, of 10 Mbit/s Ethernet: propagation sigma = 26,
 * frame lambda = 808.
 *
 * Modelled: a bus and N stations. One that begins on an idle bus is heard by all after sigma; until then another one may
 * begin too, which is a collision; it is detected in less than sigma, and then all that send or back off hear it in the
 * same instant. One that hears a carrier or a collision backs off for less than 2 sigma and tries again.
 * Different from the automaton: a sender hears a collision whenever there is one (there only in its first sigma, which
 * leaves less time for the detection); at the very sigma a beginner may or may not hear the carrier (there it does); a
 * station that tries during a collision backs off (there it cannot try); a back-off is longer than 0, so that time
 * passes in each round (there 0 is possible); one that does not want to send takes no notice of a collision (there it
 * may begin to back off, after which it can do nothing that it could not do anyway).
 * Left out: back-off that grows, and what is sent.
 * Time passes: until a station wants to send, in frame, propagation, detection and back-off.
 *
 * Known: two stations never send together from sigma after the second began, nor from 2 sigma after the first began; so
 * a frame of 2 sigma or more cannot be over before its collision is noticed, a shorter one can.
 */
import type { Subject } from '../../src/engine/run.ts';
import { ANY_TIME, between, type Duration, type Ticks } from '../../src/kernel/bounds.ts';
import type { Cell } from '../../src/kernel/cell.ts';
import { BREAK, loop, type Round } from '../../src/kernel/loop.ts';
import type { Signal } from '../../src/kernel/signal.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Timer } from '../../src/kernel/timer.ts';
import { measure, never, sometimes, within } from '../../src/property/property.ts';
import { toy } from '../support/toy.ts';

export const SIGMA: Ticks = 26;
const LAMBDA: Ticks = 808;

interface CsmaCdOptions {
  readonly stations: number;
  readonly frame?: Ticks;
  /** From the second beginning until all senders know of the collision. */
  readonly detection?: Duration;
  /** How long a station takes until it wants to send, which may be any time. */
  readonly pace?: Duration;
}

/** `begun`: somebody sends, but not everybody hears it yet. `carrier`: everybody does. */
type BusState = 'idle' | 'begun' | 'carrier' | 'collision';

class Bus {
  /** All senders know of the collision, and what is on the bus is gone. */
  readonly jam: Signal;
  readonly #sim: Sim;
  readonly #detection: Duration;
  readonly #state: Cell<BusState>;
  readonly #propagated: Timer;
  readonly #detected: Timer;

  constructor(sim: Sim, detection: Duration) {
    this.jam = sim.signal('jam');
    this.#sim = sim;
    this.#detection = detection;
    this.#state = sim.cell<BusState>('bus', 'idle');
    this.#propagated = sim.time('propagated', () => this.#settle('carrier'));
    this.#detected = sim.time('detected', () => this.#settle('idle'));
  }

  get inCollision(): boolean {
    return this.#state.get() === 'collision';
  }

  /** Begin to send, unless a carrier is heard. Whether it began. */
  begin(): boolean {
    const state = this.#state.get();
    if (state === 'idle') {
      this.#state.set('begun');
      this.#sim.emit('bus taken');
      this.#propagated.arm(SIGMA);
    } else if (state === 'begun') {
      this.#state.set('collision');
      this.#sim.emit('collision');
      this.#propagated.stop();
      this.#detected.arm(this.#detection);
    }
    return state === 'idle' || state === 'begun';
  }

  /** The last bit of a frame is sent. One that was too short to notice its collision ends nothing. */
  end(): void {
    if (this.#state.get() === 'carrier') this.#state.set('idle');
  }

  #settle(state: 'carrier' | 'idle'): void {
    this.#state.set(state);
    this.#sim.emit('bus settled', { state });
    if (state === 'idle') this.jam.broadcast();
  }
}

class Station {
  readonly #sim: Sim;
  readonly #bus: Bus;
  readonly #pace: Duration;
  readonly #frame: Ticks;
  readonly #due: Timer;

  constructor(sim: Sim, name: string, bus: Bus, { pace, frame }: Required<CsmaCdOptions>) {
    this.#sim = sim;
    this.#bus = bus;
    this.#pace = pace;
    this.#frame = frame;
    this.#due = sim.time(`${name} timer`);
    sim.spawn(name, () => loop(() => this.#sendOne()), { daemon: true });
  }

  /** The location Wait, and what follows until one frame is sent. */
  *#sendOne(): Round {
    yield* this.#sim.sleep(this.#pace, 'wants to send');
    yield* loop(() => this.#attempt());
    return undefined;
  }

  *#attempt(): Round {
    if (this.#bus.begin()) {
      this.#due.arm(this.#frame);
      const { case: what } = yield* this.#sim.select({ sent: this.#due, jam: this.#bus.jam });
      if (what === 'sent') {
        this.#sim.emit('frame sent', { inCollision: this.#bus.inCollision });
        this.#bus.end();
        return BREAK;
      }
    }
    yield* loop(() => this.#backOff());
    return undefined;
  }

  /** The location Retry. A collision that is heard meanwhile starts it anew. */
  *#backOff(): Round {
    this.#due.arm(between(0, 2 * SIGMA, 'both'));
    const { case: what } = yield* this.#sim.select({ due: this.#due, jam: this.#bus.jam });
    return what === 'due' ? BREAK : undefined;
  }
}

export function csmaCd(given: CsmaCdOptions): Subject {
  const options = { frame: LAMBDA, detection: between(0, SIGMA, 'max'), pace: ANY_TIME, ...given };
  return toy(
    (sim: Sim) => {
      const bus = new Bus(sim, options.detection);
      for (let n = 1; n <= options.stations; n++) new Station(sim, `station ${n}`, bus, options);
    },
    {
      tickNs: 1000,
      properties: [
        within('bus-settles', 'Two sigma after the bus was taken no two stations send together.', 2 * SIGMA, {
          from: 'bus taken',
          to: 'bus settled',
        }),
        within('collision-ends', 'No two stations send together for more than sigma.', SIGMA, {
          from: 'collision',
          to: 'bus settled',
        }),
        never('collision-noticed', 'A station that sent a whole frame had no collision.', {
          event: 'frame sent',
          where: (data: { inCollision: boolean }) => data.inCollision,
        }),
        measure('taken-to-settled', 'How long two stations may send together, from the first beginning.', {
          from: 'bus taken',
          to: 'bus settled',
        }),
        sometimes('collision', 'Two stations begin within sigma.', 'collision'),
        sometimes('frame-sent', 'A frame is sent.', {
          event: 'frame sent',
          where: (data: { inCollision: boolean }) => !data.inCollision,
        }),
      ],
      limits: { horizon: options.frame + 8 * SIGMA },
    },
  );
}
