/** For the properties only: which of the times that are promised still run. The code cannot see it. */
import type { Cell } from '../../src/kernel/cell.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Timer } from '../../src/kernel/timer.ts';
import type { ReaperConfig } from './parameters.ts';

type Grace = 'none' | 'to reconnect' | 'to shut down';

export class Graces {
  readonly #config: ReaperConfig;
  readonly #reconnect: Timer;
  readonly #shutdown: Timer;
  readonly #retention: Timer;
  readonly #lifetime: Timer;
  /** What was left when the sweep took its `now`. */
  readonly #leftAtNow: Cell<Grace>;

  constructor(sim: Sim, config: ReaperConfig, limitPasses: () => void) {
    this.#config = config;
    this.#reconnect = sim.time('to reconnect');
    this.#shutdown = sim.time('to shut down');
    this.#retention = sim.time('to be kept');
    this.#lifetime = sim.time('to live', limitPasses);
    this.#leftAtNow = sim.cell<Grace>('grace left', 'none');
  }

  born(lifetime: number): void {
    this.#lifetime.arm(lifetime);
  }

  released(): void {
    this.#reconnect.arm(this.#config.reconnectGrace);
  }

  attached(): void {
    this.#reconnect.stop();
    this.#shutdown.stop();
  }

  signalled(): void {
    this.#shutdown.arm(this.#config.shutdownGrace);
  }

  ended(): void {
    this.#reconnect.stop();
    this.#shutdown.stop();
    this.#lifetime.stop();
    this.#retention.arm(this.#config.retention);
  }

  sweepBegins(): void {
    this.#leftAtNow.set(this.left);
  }

  /** What was promised to one that nobody is attached to, and is not over. */
  get left(): Grace {
    if (this.#reconnect.pending) return 'to reconnect';
    return this.#shutdown.pending ? 'to shut down' : 'none';
  }

  /** The same for a sweep: not over now, or not when it took its `now`. */
  get leftForSweep(): Grace {
    return this.left === 'none' ? this.#leftAtNow.get() : this.left;
  }

  get isYoung(): boolean {
    return !this.#lifetime.expired;
  }

  get isKept(): boolean {
    return this.#retention.pending;
  }
}
