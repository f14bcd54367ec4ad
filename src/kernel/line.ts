import type { Duration } from './bounds.ts';
import { UnfollowableError } from './errors.ts';
import type { Kernel } from './kernel.ts';
import type { Name } from './names.ts';
import type { Sim } from './sim.ts';
import { RANKS_OF_AN_OBJECT, Timer } from './timer.ts';
import type { ContentReader, ContentWriter, Tracked } from './tracker.ts';

/**
 * Messages on their way: each takes its own time inside the bounds, none overtakes another (FIFO). On arrival
 * `deliver` runs atomically, as an interrupt does; it cannot block. The decision about a message's time is named
 * after the line and the message's label: `client→runner pong latency #3`.
 */
export class Line<T> implements Tracked {
  readonly name: string;
  trackedAs = -1;
  /** Of which part of the model it is. */
  readonly sim: Sim;
  readonly #kernel: Kernel;
  readonly #fullName: Name;
  readonly #deliver: (message: T) => void;
  /** Places for messages: those in flight first, in their order, then the idle ones. */
  #slots: InFlight<T>[] = [];
  #inFlight = 0;

  constructor(kernel: Kernel, sim: Sim, fullName: Name, deliver: (message: T) => void) {
    this.#kernel = kernel;
    this.sim = sim;
    this.name = fullName.text;
    this.#fullName = fullName;
    this.#deliver = deliver;
  }

  get inFlight(): number {
    const { tracker } = this.#kernel;
    return tracker === undefined ? this.#inFlight : tracker.told(this.#inFlight, this);
  }

  send(message: T, label: string, latency: Duration): void {
    this.#kernel.tracker?.hold(message);
    if (!this.#kernel.effect(this)) return;
    const slot = this.#load(message, label);
    slot.timer.arm(latency, this.#inFlight === 0 ? undefined : this.timerAt(this.#inFlight - 1));
    this.#inFlight++;
    this.#kernel.probe?.sent(this as Line<unknown>, label, slot.timer);
  }

  /** A message is sent and lost: nothing happens, and those who watch the run are told. */
  lose(label: string): void {
    this.#kernel.probe?.lost(this as Line<unknown>, label);
  }

  /** What is on its way, first to arrive first. */
  save(to: ContentWriter): void {
    to.number(this.#inFlight);
    for (let i = 0; i < this.#inFlight; i++) {
      const slot = this.#slots[i] as InFlight<T>;
      to.value(slot.label);
      to.value(slot.message);
    }
  }

  load(from: ContentReader): void {
    this.#inFlight = 0;
    let before: Timer | undefined;
    for (let left = from.number(); left > 0; left--) {
      const label = from.value() as string;
      const slot = this.#load(from.value() as T, label);
      slot.timer.restore(true, before);
      before = slot.timer;
      this.#inFlight++;
    }
    for (let i = this.#inFlight; i < this.#slots.length; i++)
      (this.#slots[i] as InFlight<T>).timer.restore(false, undefined);
  }

  /** The timer of the message in this place. */
  timerAt(place: number): Timer {
    return (this.#slots[place] as InFlight<T>).timer;
  }

  /** Put a message into the first idle place. */
  #load(message: T, label: string): InFlight<T> {
    const slot = this.#slots[this.#inFlight] ?? this.#newSlot();
    const { timer } = slot;
    slot.message = message;
    if (slot.label === label) return slot;
    slot.label = label;
    timer.fullName = this.#fullName.join(label);
    timer.name = timer.fullName.text;
    timer.site = this.#kernel.site(timer.fullName.latency, 'delay');
    timer.tieSite = undefined;
    return slot;
  }

  #rank(index: number): number {
    return this.trackedAs < 0 ? -1 : this.trackedAs * RANKS_OF_AN_OBJECT + index;
  }

  #newSlot(): InFlight<T> {
    if (this.trackedAs >= 0 && this.#slots.length === RANKS_OF_AN_OBJECT)
      throw new UnfollowableError(`more than ${RANKS_OF_AN_OBJECT} messages are on their way on ${this.name}`);
    const timer = new Timer(this.#kernel, this.sim, this.#fullName, false, false, () => this.#arrived(slot));
    const slot: InFlight<T> = { timer, message: undefined, label: undefined };
    timer.place = this.#rank(this.#slots.push(slot) - 1);
    return slot;
  }

  /** The slot that arrives is always the first one: none overtakes another. */
  #arrived(slot: InFlight<T>): void {
    const { tracker } = this.#kernel;
    tracker?.touch(this);
    const message = slot.message as T;
    slot.message = undefined;
    this.#slots.shift();
    this.#slots.push(slot);
    this.#inFlight--;
    this.#kernel.probe?.arrived(this as Line<unknown>);
    if (tracker === undefined) this.#deliver(message);
    else {
      this.#slots.forEach((each, index) => {
        each.timer.place = this.#rank(index);
      });
      tracker.callback(this, message, () => this.#deliver(message));
    }
  }
}

/** A message on its way, or a place for the next one. */
interface InFlight<T> {
  readonly timer: Timer;
  message: T | undefined;
  label: string | undefined;
}
