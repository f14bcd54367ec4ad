import type { Site } from './decision.ts';
import { ModelError } from './errors.ts';
import type { Kernel } from './kernel.ts';
import { Latch } from './latch.ts';
import type { Sim } from './sim.ts';
import { Timer } from './timer.ts';
import type { Proc, Waitable } from './waitable.ts';

export type ProcessState = 'ready' | 'running' | 'blocked' | 'ended';

/**
 * A goroutine of the model.
 *
 *     ready ──run──▶ running ──blocks──▶ blocked ──woken──▶ ready
 *                       └─────returns, killed─────▶ ended
 *
 * A frozen process keeps its state but is not run (a stopped program: its timers and its kernel go on).
 */
export class Process {
  readonly name: string;
  readonly sim: Sim;
  /** A daemon may wait for ever: it is no deadlock. */
  readonly daemon: boolean;
  state: ProcessState = 'ready';
  frozen = false;
  /** The decision about who goes instead of it, where it goes first by default. */
  tieSite: Site | undefined;
  /** The case that woke it, and what came with it. */
  wokenBy: Waitable<unknown> | undefined;
  received: unknown;

  readonly #kernel: Kernel;
  readonly #body: Proc<unknown>;
  readonly #waitsFor: Waitable<unknown>[] = [];
  #ended: Latch | undefined;
  #sleepTimer: Timer | undefined;
  #sleepSites: Map<string, Site> | undefined;

  constructor(kernel: Kernel, sim: Sim, name: string, body: Proc<unknown>, daemon: boolean) {
    this.#kernel = kernel;
    this.#body = body;
    this.name = name;
    this.sim = sim;
    this.daemon = daemon;
    this.tieSite = undefined;
  }

  /** Fires when the process has ended, however it did. */
  get ended(): Latch {
    if (this.#ended === undefined) {
      this.#ended = new Latch(this.#kernel, `end of ${this.name}`);
      if (this.state === 'ended') this.#ended.fire();
    }
    return this.#ended;
  }

  /** The decision about a sleep that is called `label`. */
  sleepSite(label: string): Site {
    this.#sleepSites ??= new Map();
    let site = this.#sleepSites.get(label);
    if (site === undefined) {
      site = this.#kernel.site(this.#kernel.names.join(this.name, label), 'delay');
      this.#sleepSites.set(label, site);
    }
    return site;
  }

  /** The timer behind `sleep`. */
  get sleepTimer(): Timer {
    this.#sleepTimer ??= new Timer(this.#kernel, this.sim, this.#kernel.names.join(this.name, 'sleep'), false);
    return this.#sleepTimer;
  }

  /** What it is waiting for, by name. */
  get waitsFor(): readonly string[] {
    return this.#waitsFor.map((waitable) => waitable.name);
  }

  /** Run one step: until it blocks or ends. Only the kernel calls this. */
  resume(): IteratorResult<unknown, unknown> {
    this.state = 'running';
    const received = this.received;
    this.received = undefined;
    return this.#body.next(received);
  }

  blockOn(waitable: Waitable<unknown>): void {
    this.#waitsFor.push(waitable);
    waitable.enlist(this);
    this.state = 'blocked';
  }

  wake(by: Waitable<unknown>, value: unknown): void {
    this.#stopWaiting();
    this.wokenBy = by;
    this.received = value;
    this.#kernel.makeReady(this);
  }

  /** Stop running it until `thaw`. What it waits for may still be handed to it meanwhile. */
  freeze(): void {
    this.frozen = true;
    if (this.state === 'ready') this.#kernel.dropReady(this);
  }

  thaw(): void {
    if (!this.frozen) return;
    this.frozen = false;
    if (this.state === 'ready') this.#kernel.makeReady(this);
  }

  /** End it where it stands, as a crash does: nothing of its code runs any more, and locks that it holds stay held. */
  kill(): void {
    if (this.state === 'ended') return;
    if (this.state === 'running') throw new ModelError('exception', `${this.name} kills itself: let it return instead`);
    if (this.state === 'ready') this.#kernel.dropReady(this);
    this.#stopWaiting();
    this.end();
  }

  /** Only the kernel calls this from outside. */
  end(): void {
    this.state = 'ended';
    this.#sleepTimer?.stop();
    this.#ended?.fire();
    this.sim.processEnded();
  }

  #stopWaiting(): void {
    const waits = this.#waitsFor;
    for (let waitable = waits.pop(); waitable !== undefined; waitable = waits.pop()) waitable.delist(this);
  }
}
