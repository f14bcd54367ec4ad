/**
 * Question: is at most one process in its critical section?
 * Source: Fischer's mutual exclusion, told by L. Lamport, "A fast mutual exclusion algorithm" (TOCS 1987), and timed by
 * M. Abadi and L. Lamport, "An old-fashioned recipe for real time" (TOPLAS 1994). The automaton is the one that comes
 * with UPPAAL and TChecker (examples/fischer.sh), with its locations A, req, wait and cs.
 *
 * Modelled: N processes and one register that holds the number of one of them, or 0. Who finds 0 writes its number after
 * a time inside `write`, waits for a time inside `wait`, and enters if its number is still there; leaving writes 0. Each
 * look at the register and each write is one step.
 * One place for two locations: a process that waits and was overwritten can do what one in A can, no less and no more
 * (request again, at any time while the register holds 0). Both stand outside here, and are the same state.
 * Left out: nothing.
 * Time passes: outside, between request and write, between write and second look, inside.
 *
 * Known: safe exactly when the wait is longer than the write can be. write in [0, K] and wait > K: safe. write in [0, K)
 * and wait >= K: safe. write in [0, K] and wait >= K: not safe, for the second look and another one's write may be due
 * at the same instant, and the look may go first.
 */
import type { Subject } from '../../src/engine/run.ts';
import { ANY_TIME, type Duration } from '../../src/kernel/bounds.ts';
import type { Cell } from '../../src/kernel/cell.ts';
import { loop, type Round } from '../../src/kernel/loop.ts';
import type { Signal } from '../../src/kernel/signal.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Timer } from '../../src/kernel/timer.ts';
import { always, sometimes } from '../../src/property/property.ts';
import { toy } from '../support/toy.ts';

interface FischerOptions {
  readonly processes: number;
  /** From the request to the write of the own number. */
  readonly write: Duration;
  /** From the write to the second look. */
  readonly wait: Duration;
  /** How long a process takes where it may take any time: to request while the register holds 0, and inside. */
  readonly pace?: Duration;
  /** Whether each process is a process of the kernel, or only a timer: then a look is part of the firing, as in the automaton. */
  readonly madeOf: 'processes' | 'timers';
}

const NOBODY = 0;

/** The shared variable `id`. Who stands outside is told of each write, for it decides what they may do and when. */
class Register {
  readonly #id: Cell<number>;
  readonly #contenders: Contender[] = [];

  constructor(sim: Sim) {
    this.#id = sim.cell('id', NOBODY);
  }

  get id(): number {
    return this.#id.get();
  }

  /** While the model is built. */
  add(contender: Contender): void {
    this.#contenders.push(contender);
  }

  write(id: number): void {
    this.#id.set(id);
    for (const contender of this.#contenders) contender.registerWritten();
  }
}

type Place = 'starting' | 'outside' | 'requesting' | 'inside';

abstract class Contender {
  readonly name: string;
  protected readonly options: Required<FischerOptions>;
  protected readonly place: Cell<Place>;
  /** When it may do the next thing outside: request, or look for the second time. */
  protected readonly due: Timer;
  protected readonly sim: Sim;
  readonly #number: number;
  readonly #register: Register;

  constructor(sim: Sim, number: number, register: Register, options: Required<FischerOptions>, place: Place) {
    this.name = `P${number}`;
    this.options = options;
    this.place = sim.cell<Place>(`${this.name} place`, place);
    this.due = sim.time(this.name, () => this.isDue());
    this.sim = sim;
    this.#number = number;
    this.#register = register;
    register.add(this);
  }

  get isInside(): boolean {
    return this.place.get() === 'inside';
  }

  protected abstract isDue(): void;

  registerWritten(): void {
    if (this.place.get() !== 'outside') return;
    const { id } = this.#register;
    if (id === NOBODY) this.due.arm(this.options.pace);
    else if (id === this.#number) this.due.arm(this.options.wait);
    else this.due.stop();
  }

  /** What it goes on to from outside. It stays where it is if another one was faster in this same instant. */
  protected look(): Place {
    const { id } = this.#register;
    if (id === NOBODY) this.place.set('requesting');
    else if (id === this.#number) {
      this.place.set('inside');
      this.sim.emit('enters', undefined, this.name);
    }
    return this.place.get();
  }

  protected write(): void {
    if (this.#register.id !== NOBODY) this.sim.emit('overwrites', undefined, this.name);
    this.place.set('outside');
    this.#register.write(this.#number);
  }

  protected leave(): void {
    this.place.set('outside');
    this.#register.write(NOBODY);
  }
}

class ProcessContender extends Contender {
  readonly #moves: Signal;

  constructor(sim: Sim, number: number, register: Register, options: Required<FischerOptions>) {
    super(sim, number, register, options, 'starting');
    this.#moves = sim.signal(`${this.name} moves`);
    sim.spawn(this.name, () => loop(() => this.#move()), { daemon: true });
  }

  protected isDue(): void {
    this.#moves.broadcast();
  }

  /** Its timer runs from when it listens: what fires before is lost. */
  *#move(): Round {
    if (this.place.get() === 'starting') {
      this.place.set('outside');
      this.registerWritten();
      return undefined;
    }
    yield* this.#moves.wait();
    const place = this.look();
    if (place === 'requesting') {
      yield* this.sim.sleep(this.options.write, 'write');
      this.write();
    } else if (place === 'inside') {
      yield* this.sim.sleep(this.options.pace, 'stay');
      this.leave();
    }
    return undefined;
  }
}

class TimerContender extends Contender {
  constructor(sim: Sim, number: number, register: Register, options: Required<FischerOptions>) {
    super(sim, number, register, options, 'outside');
    this.registerWritten();
  }

  protected isDue(): void {
    switch (this.place.get()) {
      case 'outside': {
        const place = this.look();
        if (place !== 'outside') this.due.arm(place === 'requesting' ? this.options.write : this.options.pace);
        return;
      }
      case 'requesting':
        this.write();
        return;
      case 'inside':
        this.leave();
    }
  }
}

export function fischer(given: FischerOptions): Subject {
  const options = { pace: ANY_TIME, ...given };
  const Made = { processes: ProcessContender, timers: TimerContender }[options.madeOf];
  return toy(
    (sim: Sim): readonly Contender[] => {
      const register = new Register(sim);
      return Array.from({ length: options.processes }, (_, index) => new Made(sim, index + 1, register, options));
    },
    {
      properties: [
        always<readonly Contender[]>(
          'mutual-exclusion',
          'At most one process is in its critical section.',
          (contenders) => contenders.filter(({ isInside }) => isInside).length <= 1,
        ),
        sometimes('enters', 'A process enters its critical section.', 'enters'),
        sometimes(
          'overwrites',
          'A process overwrites the number of another one, which has to try again.',
          'overwrites',
        ),
      ],
      limits: { horizon: 150 },
    },
  );
}
