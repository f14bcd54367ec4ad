import type { Duration } from './bounds.ts';
import type { Site } from './decision.ts';
import type { Kernel } from './kernel.ts';
import type { Sim } from './sim.ts';
import { Timer } from './timer.ts';

/**
 * Messages on their way: each takes its own time inside the bounds, none overtakes another (FIFO). On arrival
 * `deliver` runs atomically, as an interrupt does; it cannot block. The decision about a message's time is named
 * after the line and the message's label: `client→runner pong latency #3`.
 */
export class Line<T> {
  readonly name: string;
  readonly #kernel: Kernel;
  readonly #sim: Sim;
  readonly #deliver: (message: T) => void;
  readonly #labels = new Map<string, { readonly name: string; readonly site: Site }>();
  readonly #idle: InFlight<T>[] = [];
  #last: Timer | undefined;
  #inFlight = 0;

  constructor(kernel: Kernel, sim: Sim, name: string, deliver: (message: T) => void) {
    this.#kernel = kernel;
    this.#sim = sim;
    this.name = name;
    this.#deliver = deliver;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  send(message: T, label: string, latency: Duration): void {
    const slot = this.#idle.pop() ?? this.#newSlot();
    const { timer } = slot;
    const { name, site } = this.#label(label);
    slot.message = message;
    if (timer.name !== name) timer.tieSite = undefined;
    timer.name = name;
    timer.site = site;
    timer.arm(latency, this.#last);
    this.#last = timer;
    this.#inFlight++;
  }

  #newSlot(): InFlight<T> {
    const timer = new Timer(this.#kernel, this.#sim, this.name, false, false, () => this.#arrived(slot));
    const slot: InFlight<T> = { timer, message: undefined };
    return slot;
  }

  #arrived(slot: InFlight<T>): void {
    const message = slot.message as T;
    slot.message = undefined;
    this.#inFlight--;
    if (this.#last === slot.timer) this.#last = undefined;
    this.#idle.push(slot);
    this.#deliver(message);
  }

  #label(label: string): { readonly name: string; readonly site: Site } {
    let known = this.#labels.get(label);
    if (known === undefined) {
      const { names } = this.#kernel;
      const name = names.join(this.name, label);
      known = { name, site: this.#kernel.site(names.join(name, 'latency'), 'delay') };
      this.#labels.set(label, known);
    }
    return known;
  }
}

/** A message on its way, or a place for the next one. */
interface InFlight<T> {
  readonly timer: Timer;
  message: T | undefined;
}
