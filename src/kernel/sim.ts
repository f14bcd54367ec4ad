import { ANY_TIME, type Duration } from './bounds.ts';
import { Cell, type Plain, Ref } from './cell.ts';
import { Channel } from './channel.ts';
import { Context } from './context.ts';
import { ModelError } from './errors.ts';
import type { Kernel } from './kernel.ts';
import { Latch } from './latch.ts';
import { Line } from './line.ts';
import { Mutex } from './mutex.ts';
import type { Name } from './names.ts';
import type { Process } from './process.ts';
import { Program } from './program.ts';
import { type Cases, type Selected, select } from './select.ts';
import { Signal } from './signal.ts';
import { Ticker } from './ticker.ts';
import { Timer } from './timer.ts';
import type { ContentReader, ContentWriter, Tracked, Use } from './tracker.ts';
import { AT_BLOCK, HandmadeProc, type Proc, RETURNED } from './waitable.ts';

/**
 * What a model is written with. A `Sim` is also a scope: the names of what it makes begin with its own name, and it
 * knows whether anything of it is left (a process, an armed timer, a held lock).
 */
export class Sim implements Tracked {
  readonly name: string;
  trackedAs = -1;
  readonly #kernel: Kernel;
  readonly #fullName: Name;
  #processes = 0;
  #armed = 0;
  #locks = 0;
  #whenEmpty: (() => void) | undefined;
  #isAsked = false;

  constructor(kernel: Kernel, fullName: Name) {
    this.#kernel = kernel;
    this.#fullName = fullName;
    this.name = fullName.text;
  }

  /** A part of the model, `attach 1` say. Everything made through it is named `attach 1 ...` and counted together. */
  scope(name: string): Sim {
    return this.#recalled<Sim>() ?? this.#kernel.made(new Sim(this.#kernel, this.#fullName.join(name)));
  }

  /** A program of the model: what is spawned through it can be stopped and killed together. Names stay as they are. */
  program(): Program {
    return this.#recalled<Program>() ?? this.#kernel.made(new Program(this.#kernel, this));
  }

  /** Go's `go body()`. It is ready at once, and runs when its turn comes; until then the spawner goes on. */
  spawn(name: string, body: () => Proc<unknown>, options: { daemon?: boolean } = {}): Process {
    const process =
      this.#recalled<Process>() ??
      this.#kernel.newProcess(this, this.#fullName.join(name), body, options.daemon ?? false);
    if (this.#kernel.effect(this, this.#useOfMore())) {
      this.#processes++;
      this.#kernel.start(process);
    }
    return process;
  }

  /** Block for `duration`. `label` names the decision about it where it is not fixed: `client 1 answer #2`. */
  sleep(duration: Duration, label = 'sleep'): Proc {
    return new Sleeping(this.#kernel, duration, label);
  }

  /** Let anything else that is due at this instant go first, if the schedule says so: a place of preemption. */
  yield(): Proc {
    return this.sleep(0, 'yield');
  }

  /** A moment at any time from now on, or never, which is the default: when the user types, say. */
  moment(name: string): Timer {
    return this.#moment(name, false);
  }

  /** A moment at which a fault of the environment strikes: at any time from now on, or never (the default). */
  faultMoment(name: string): Timer {
    return this.#moment(name, true);
  }

  timer(name: string): Timer {
    return this.#timer(name, true);
  }

  /** An absolute time that is not set yet. A value, not a resource: nothing leaks if it is left armed. */
  time(name: string, onFire?: () => void): Timer {
    return this.#timer(name, false, false, onFire);
  }

  /** An absolute time, `duration` from now: Go's `time.Now().Add(d)`. */
  deadline(name: string, duration: Duration): Timer {
    const timer = this.time(name);
    timer.arm(duration);
    return timer;
  }

  /** `late`: how late the scheduler or a garbage collection can make each tick; not at all unless said. */
  ticker(name: string, period: Duration, late: Duration = 0): Ticker {
    const ticker =
      this.#recalled<Ticker>() ??
      this.#kernel.made(new Ticker(this.#kernel, this, this.#fullName.join(name), period, late));
    ticker.start();
    return ticker;
  }

  mutex(name: string): Mutex {
    return this.#recalled<Mutex>() ?? this.#kernel.made(new Mutex(this.#kernel, this, this.#named(name)));
  }

  channel<T>(name: string, capacity: number): Channel<T> {
    return this.#recalled<Channel<T>>() ?? this.#kernel.made(new Channel<T>(this.#kernel, this.#named(name), capacity));
  }

  latch(name: string): Latch {
    return this.#recalled<Latch>() ?? this.#kernel.made(new Latch(this.#kernel, this.#named(name)));
  }

  context(name: string): Context {
    return new Context(this.latch(`${name} done`));
  }

  signal(name: string): Signal {
    return this.#recalled<Signal>() ?? this.#kernel.made(new Signal(this.#kernel, this.#named(name)));
  }

  /** A shared variable. `most`: what a level is measured against, for those who draw it. */
  cell<T extends Plain>(name: string, initial: T, most?: number): Cell<T> {
    return this.#recalled<Cell<T>>() ?? this.#kernel.made(new Cell<T>(this.#kernel, this.#named(name), initial, most));
  }

  /** A shared variable that names an object, undefined at first. */
  ref<T extends object>(name: string): Ref<T> {
    return this.#recalled<Ref<T>>() ?? this.#kernel.made(new Ref<T>(this.#kernel, this.#named(name), undefined));
  }

  /**
   * Gives `made`: an object of the model's own, a connection say, that a process has just made and that others will come to
   * know. An engine may run the same code again; there this gives the object that was made first, so that whoever knows it,
   * in whatever way, knows the same one. What is made while the model is built does not need it.
   */
  object<T extends object>(made: T): T {
    return this.#kernel.tracker?.first(made) ?? made;
  }

  /** A FIFO line of messages in flight; see `Line`. */
  line<T>(name: string, deliver: (message: T) => void): Line<T> {
    return (
      this.#recalled<Line<T>>() ??
      this.#kernel.made(new Line<T>(this.#kernel, this, this.#fullName.join(name), deliver))
    );
  }

  /** Go's `select`; the result says which case was taken and what came with it. */
  select<C extends Cases>(cases: C): Proc<Selected<C>> {
    return select(this.#kernel, cases);
  }

  /** One of `options`, decided by the schedule; the first is the default. */
  choose<const T extends string>(name: string, options: readonly T[]): T {
    return options[this.#chosen(name, options, false)] as T;
  }

  /** Like `choose`, where everything but the first option is a fault of the environment. */
  chooseFault<const T extends string>(name: string, options: readonly T[]): T {
    return options[this.#chosen(name, options, true)] as T;
  }

  /** Tell the trace and the properties. `lane` is who it happened to: by default the process that runs. */
  emit(event: string, data?: Plain, lane?: string): void {
    if (this.#kernel.tracker?.replaying === true) return;
    this.#kernel.emit(lane ?? this.#kernel.runningName() ?? this.name, event, data);
  }

  /** The whole modelled program dies here (a Go panic): an event `panic`, and the end of the run. */
  panic(reason: string): never {
    return this.#kernel.panic(reason);
  }

  /** The story is over: the run ends when the present step does. */
  finish(): void {
    if (this.#kernel.tracker?.replaying !== true) this.#kernel.finish();
  }

  /** Runs `then` once, at the end of the first step after which no process, armed timer or held lock of this scope is left. */
  whenEmpty(then: () => void): void {
    if (!this.#kernel.effect(this)) return;
    if (this.#isAsked) throw new ModelError('exception', `${this.name}: whenEmpty was asked twice`);
    this.#isAsked = true;
    this.#whenEmpty = then;
    this.#checkEmpty();
  }

  /** What is left of this scope, for people to read. */
  get leftovers(): { readonly processes: number; readonly armedTimers: number; readonly heldLocks: number } {
    const { tracker } = this.#kernel;
    const left = { processes: this.#processes, armedTimers: this.#armed, heldLocks: this.#locks };
    return tracker === undefined ? left : tracker.told(left, this);
  }

  /** @internal */
  processEnded(): void {
    this.#kernel.tracker?.touch(this, 'counts');
    this.#processes--;
    this.#checkEmpty();
  }

  /** @internal */
  timerArmed(): void {
    this.#kernel.tracker?.touch(this, this.#useOfMore());
    this.#armed++;
  }

  /** @internal */
  timerStopped(): void {
    this.#kernel.tracker?.touch(this, 'counts');
    this.#armed--;
    this.#checkEmpty();
  }

  /** @internal */
  lockTaken(): void {
    this.#kernel.tracker?.touch(this, this.#useOfMore());
    this.#locks++;
  }

  /** @internal */
  lockReleased(): void {
    this.#kernel.tracker?.touch(this, 'counts');
    this.#locks--;
    this.#checkEmpty();
  }

  /** @internal */
  settle(): void {
    if (!this.#isAsked || !this.#isEmpty()) return;
    const then = this.#whenEmpty as () => void;
    const { tracker } = this.#kernel;
    tracker?.touch(this, 'counts');
    this.#isAsked = false;
    if (tracker === undefined) then();
    else tracker.callback(this, undefined, then);
  }

  save(to: ContentWriter): void {
    to.number(this.#processes);
    to.number(this.#armed);
    to.number(this.#locks);
    to.flag(this.#isAsked);
  }

  load(from: ContentReader): void {
    this.#processes = from.number();
    this.#armed = from.number();
    this.#locks = from.number();
    this.#isAsked = from.flag();
  }

  /**
   * What is more than before can keep a scope from becoming empty, if it comes in time: that is no mere sum. But it is one
   * where somebody of the scope adds it, for till then the scope was not empty anyway.
   */
  #useOfMore(): Use {
    return this.#isAsked && !this.#kernel.isActing(this) ? 'writes' : 'counts';
  }

  #checkEmpty(): void {
    if (this.#isAsked && this.#isEmpty()) this.#kernel.settleLater(this);
  }

  #isEmpty(): boolean {
    return this.#processes === 0 && this.#armed === 0 && this.#locks === 0;
  }

  #moment(name: string, fault: boolean): Timer {
    const timer = this.#timer(name, false, fault);
    timer.arm(ANY_TIME);
    return timer;
  }

  #timer(name: string, resource: boolean, fault = false, onFire?: () => void): Timer {
    return (
      this.#recalled<Timer>() ??
      this.#kernel.made(new Timer(this.#kernel, this, this.#fullName.join(name), resource, fault, onFire))
    );
  }

  /** Where an exhaustive engine comes here again: what was made here before. */
  #recalled<T extends Tracked>(): T | undefined {
    return this.#kernel.tracker?.recall() as T | undefined;
  }

  #chosen(name: string, options: readonly string[], fault: boolean): number {
    const { tracker } = this.#kernel;
    if (tracker === undefined) return this.#kernel.choose(this.#fullName.join(name), options, fault);
    return tracker.told(tracker.replaying ? 0 : this.#kernel.choose(this.#fullName.join(name), options, fault));
  }

  /** For what is never looked up by its name: a text that nobody reads costs less than one that is kept. */
  #named(name: string): string {
    return this.name === '' ? name : `${this.name} ${name}`;
  }
}

class Sleeping extends HandmadeProc {
  private readonly kernel: Kernel;
  private readonly duration: Duration;
  private readonly label: string;
  private begun: boolean;

  constructor(kernel: Kernel, duration: Duration, label: string) {
    super();
    this.kernel = kernel;
    this.duration = duration;
    this.label = label;
    this.begun = false;
  }

  next(): ReturnType<Proc['next']> {
    const { tracker } = this.kernel;
    if (this.begun) {
      tracker?.told(undefined);
      return RETURNED;
    }
    this.begun = true;
    const process = this.kernel.running();
    if (tracker?.replaying === true) return tracker.cameTo() === undefined ? AT_BLOCK : RETURNED;
    const timer = process.sleepTimer;
    if (typeof this.duration !== 'number') timer.site = process.sleepSite(this.label);
    timer.arm(this.duration);
    process.blockOn(timer);
    return AT_BLOCK;
  }
}
