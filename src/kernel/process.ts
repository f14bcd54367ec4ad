import type { Site } from './decision.ts';
import { ModelError } from './errors.ts';
import type { Kernel } from './kernel.ts';
import { Latch } from './latch.ts';
import type { Name } from './names.ts';
import type { Sim } from './sim.ts';
import { Timer } from './timer.ts';
import type { ContentReader, ContentWriter, Tracked, Tracker } from './tracker.ts';
import type { Proc, Waitable } from './waitable.ts';

export type ProcessState = 'new' | 'ready' | 'running' | 'blocked' | 'ended';

const STATES: readonly ProcessState[] = ['new', 'ready', 'blocked', 'ended'];

/**
 * A goroutine of the model.
 *
 *     new ──spawned──▶ ready
 *     ready ──run──▶ running ──blocks──▶ blocked ──woken──▶ ready
 *                       └─────returns, killed─────▶ ended
 *
 * A frozen process keeps its state but is not run (a stopped program: its timers and its kernel go on).
 */
export class Process implements Tracked {
  readonly name: string;
  readonly fullName: Name;
  trackedAs: number;
  /** The tracker's number for what it has been told; 0 where nothing is tracked, or nothing can matter any more. */
  log: number;
  readonly sim: Sim;
  /** A daemon may wait for ever: it is no deadlock. */
  readonly daemon: boolean;
  state: ProcessState = 'new';
  frozen = false;
  /** The decision about who goes instead of it, where it goes first by default. */
  tieSite: Site | undefined;
  /** The case that woke it, and what came with it. */
  wokenBy: Waitable<unknown> | undefined;
  received: unknown;

  readonly #kernel: Kernel;
  readonly #body: () => Proc<unknown>;
  /** Its code, somewhere on its way. */
  #code: Proc<unknown> | undefined;
  #waitsFor: Waitable<unknown>[] = [];
  #ended: Latch | undefined;
  #sleepTimer: Timer | undefined;

  constructor(kernel: Kernel, sim: Sim, fullName: Name, body: () => Proc<unknown>, daemon: boolean) {
    this.#kernel = kernel;
    this.#body = body;
    this.name = fullName.text;
    this.fullName = fullName;
    this.sim = sim;
    this.daemon = daemon;
    this.tieSite = undefined;
    this.trackedAs = -1;
    this.log = 0;
    if (kernel.tracker !== undefined) this.#makeParts(kernel.tracker);
  }

  /** What is made on demand elsewhere must be there in every state. */
  #makeParts(tracker: Tracker): void {
    this.#ended = new Latch(this.#kernel, `end of ${this.name}`);
    tracker.adopt(this.#ended);
    tracker.adopt(this.sleepTimer);
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
    return this.#kernel.site(this.fullName.join(label), 'delay');
  }

  /** The timer behind `sleep`. */
  get sleepTimer(): Timer {
    this.#sleepTimer ??= new Timer(this.#kernel, this.sim, this.fullName.join('sleep'), false);
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
    this.#code ??= this.#body();
    return this.#code.next(received);
  }

  /** Its code starts from the beginning: a tracker puts it back to where it belongs. */
  restart(): Proc<unknown> {
    this.#code = this.#body();
    return this.#code;
  }

  blockOn(waitable: Waitable<unknown>): void {
    this.wokenBy = undefined;
    this.#waitsFor.push(waitable);
    waitable.enlist(this);
    this.state = 'blocked';
  }

  wake(by: Waitable<unknown>, value: unknown): void {
    this.#kernel.tracker?.touch(this, 'joins');
    this.#stopWaiting();
    this.wokenBy = by;
    this.received = value;
    this.#kernel.makeReady(this);
  }

  /** Stop running it until `thaw`. What it waits for may still be handed to it meanwhile. */
  freeze(): void {
    if (!this.#kernel.effect(this)) return;
    this.frozen = true;
    if (this.state === 'ready') this.#kernel.dropReady(this);
  }

  thaw(): void {
    if (!this.#kernel.effect(this) || !this.frozen) return;
    this.frozen = false;
    if (this.state === 'ready') this.#kernel.makeReady(this);
  }

  /** End it where it stands, as a crash does: nothing of its code runs any more, and locks that it holds stay held. */
  kill(): void {
    if (!this.#kernel.effect(this) || this.state === 'ended') return;
    if (this.state === 'running') throw new ModelError('exception', `${this.name} kills itself: let it return instead`);
    if (this.state === 'ready') this.#kernel.dropReady(this);
    this.#stopWaiting();
    this.end();
  }

  /** Only the kernel calls this from outside. */
  end(): void {
    this.state = 'ended';
    this.log = 0;
    this.#sleepTimer?.stop();
    this.#ended?.fire();
    this.sim.processEnded();
  }

  save(to: ContentWriter): void {
    to.number(STATES.indexOf(this.state));
    to.flag(this.frozen);
    to.number(this.log);
    to.objects(this.#waitsFor);
    to.object(this.state === 'ready' ? this.wokenBy : undefined);
    to.value(this.state === 'ready' ? this.received : undefined);
  }

  load(from: ContentReader): void {
    this.state = STATES[from.number()] as ProcessState;
    this.frozen = from.flag();
    this.log = from.number();
    this.#waitsFor = from.objects() as Waitable<unknown>[];
    this.wokenBy = from.object() as Waitable<unknown> | undefined;
    this.received = from.value();
  }

  #stopWaiting(): void {
    const waits = this.#waitsFor;
    for (let waitable = waits.pop(); waitable !== undefined; waitable = waits.pop()) waitable.delist(this);
  }
}
