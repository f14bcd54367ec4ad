import type { Kernel } from './kernel.ts';
import type { Process } from './process.ts';
import type { ContentReader, ContentWriter, Tracked } from './tracker.ts';

/**
 * What a process yields where it blocks, enters a loop, comes to its head again, or leaves it. Only the kernel's own primitives yield.
 * Registered symbols: a model that was loaded with another copy of this module must be understood.
 */
type Yielded = typeof BLOCKED | typeof LOOP_ENTRY | typeof LOOP_HEAD | LeftLoop;
export const BLOCKED = Symbol.for('halfopen blocked');
export const LOOP_ENTRY = Symbol.for('halfopen loop entry');
export const LOOP_HEAD = Symbol.for('halfopen loop head');

const LEFT_LOOP = Symbol.for('halfopen left loop');

/** Whether it is one, from whatever copy of this module. */
export function isLeftLoop(value: unknown): value is LeftLoop {
  return typeof value === 'object' && value !== null && LEFT_LOOP in value;
}

/** Yielded where a loop is left, with what it came to. Resumed with one, a loop that has just been entered is left at once. */
export class LeftLoop {
  readonly [LEFT_LOOP] = true;
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/** What a loop that is entered is resumed with where no exhaustive engine follows it: it tells of its rounds only here. */
export interface StepCounter {
  countStep(): void;
}

/** A goroutine's body, or a part of it that can block. `yield*` marks each place where it can. */
export type Proc<T = void> = Generator<Yielded, T, unknown>;

/** What `next` of a `Proc` gives at each of these: always the same objects. */
export const AT_BLOCK: IteratorResult<Yielded, never> = { done: false, value: BLOCKED };
export const AT_LOOP_ENTRY: IteratorResult<Yielded, never> = { done: false, value: LOOP_ENTRY };
export const AT_LOOP_HEAD: IteratorResult<Yielded, never> = { done: false, value: LOOP_HEAD };
export const RETURNED: IteratorResult<never, void> = { done: true, value: undefined };

/**
 * A `Proc` that is an object with a `next` instead of a generator. The kernel's own primitives are such objects: a run
 * makes hundreds of them, and a generator costs several times as much to make and to resume.
 */
export abstract class HandmadeProc<T = void> implements Proc<T> {
  abstract next(received?: unknown): IteratorResult<Yielded, T>;

  return(value: T): IteratorResult<Yielded, T> {
    return { done: true, value };
  }

  throw(error: unknown): never {
    throw error;
  }

  [Symbol.iterator](): this {
    return this;
  }
}

/** Something that a process can wait for, alone (`yield* x.wait()`) or as a case of a `select`. First come, first served. */
export abstract class Waitable<T> implements Tracked {
  name: string;
  trackedAs: number;
  protected readonly kernel: Kernel;
  /** Whether all that wait are woken at once, always: then it makes no difference who came first. */
  protected readonly wakesAll: boolean;
  /** Made when somebody waits for the first time: most waitables of a run are never waited for. */
  private waiters: Process[] | undefined;

  constructor(kernel: Kernel, name: string, wakesAll = false) {
    this.kernel = kernel;
    this.wakesAll = wakesAll;
    this.name = name;
    this.trackedAs = -1;
    this.waiters = undefined;
  }

  /** Whether `take` can be done at once. For the kernel, which does not log what it looks at. */
  abstract isReady(): boolean;
  /** Do it, for the process that runs now. Only called when `isReady`. */
  abstract take(): T;

  /** Block until it can be done, then do it. */
  wait(): Proc<T> {
    return new Waiting(this.kernel, this);
  }

  get hasWaiters(): boolean {
    return this.waiters !== undefined && this.waiters.length > 0;
  }

  /** Called by the process that begins to wait. */
  enlist(process: Process): void {
    this.kernel.tracker?.touch(this, this.wakesAll ? 'joins' : 'writes');
    if (this.waiters === undefined) this.waiters = [process];
    else this.waiters.push(process);
  }

  /** Called when the process was woken, or ended. */
  delist(process: Process): void {
    this.kernel.tracker?.touch(this, this.wakesAll ? 'joins' : 'writes');
    const waiters = this.waiters as Process[];
    if (waiters.length === 1) waiters.pop();
    else if (waiters[0] === process) waiters.shift();
    else waiters.splice(waiters.indexOf(process), 1);
  }

  /** Hand `value` to the process that has waited longest; it becomes ready. Returns it, or undefined if none waits. */
  protected wakeFirst(value: T): Process | undefined {
    const process = this.waiters?.[0];
    process?.wake(this, value);
    return process;
  }

  protected wakeAll(value: T): void {
    while (this.wakeFirst(value) !== undefined);
  }

  save(to: ContentWriter): void {
    const { waiters } = this;
    const sorts = this.wakesAll && waiters !== undefined && waiters.length > 1;
    to.objects(sorts ? [...waiters].sort((a, b) => a.trackedAs - b.trackedAs) : waiters);
  }

  load(from: ContentReader): void {
    this.waiters = from.objects() as Process[];
  }
}

class Waiting<T> extends HandmadeProc<T> {
  private readonly kernel: Kernel;
  private readonly waitable: Waitable<T>;
  private begun: boolean;

  constructor(kernel: Kernel, waitable: Waitable<T>) {
    super();
    this.kernel = kernel;
    this.waitable = waitable;
    this.begun = false;
  }

  next(received?: unknown): ReturnType<Proc<T>['next']> {
    const { tracker } = this.kernel;
    if (this.begun) return returned(tracker === undefined ? (received as T) : tracker.told(received as T));
    this.begun = true;
    const process = this.kernel.running();
    if (tracker?.replaying === true) {
      const taken = tracker.cameTo();
      return taken === undefined ? AT_BLOCK : returned(taken.value as T);
    }
    tracker?.touch(this.waitable, 'reads');
    if (this.waitable.isReady()) {
      this.kernel.countStep();
      const value = this.waitable.take();
      return returned(tracker === undefined ? value : tracker.told(value));
    }
    process.blockOn(this.waitable);
    return AT_BLOCK;
  }
}

function returned<T>(value: T): IteratorResult<never, T> {
  return value === undefined ? (RETURNED as IteratorResult<never, T>) : { done: true, value };
}
