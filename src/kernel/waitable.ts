import type { Kernel } from './kernel.ts';
import type { Process } from './process.ts';

/**
 * What a process yields where it blocks, or passes the head of a loop. Only the kernel's own primitives yield.
 * Registered symbols: a model that was loaded with another copy of this module must be understood.
 */
type Yielded = typeof BLOCKED | typeof LOOP_HEAD;
export const BLOCKED = Symbol.for('halfopen blocked');
export const LOOP_HEAD = Symbol.for('halfopen loop head');

/** A goroutine's body, or a part of it that can block. `yield*` marks each place where it can. */
export type Proc<T = void> = Generator<Yielded, T, unknown>;

/** Something that a process can wait for, alone (`yield* x.wait()`) or as a case of a `select`. First come, first served. */
export abstract class Waitable<T> {
  name: string;
  protected readonly kernel: Kernel;
  /** Made when somebody waits for the first time: most waitables of a run are never waited for. */
  private waiters: Process[] | undefined;

  constructor(kernel: Kernel, name: string) {
    this.kernel = kernel;
    this.name = name;
    this.waiters = undefined;
  }

  /** Whether `take` can be done at once. */
  abstract isReady(): boolean;
  /** Do it, for the process that runs now. Only called when `isReady`. */
  abstract take(): T;

  /** Block until it can be done, then do it. */
  *wait(): Proc<T> {
    const process = this.kernel.running();
    if (this.isReady()) {
      this.kernel.countStep();
      return this.take();
    }
    process.blockOn(this);
    return (yield BLOCKED) as T;
  }

  get hasWaiters(): boolean {
    return this.waiters !== undefined && this.waiters.length > 0;
  }

  /** Called by the process that begins to wait. */
  enlist(process: Process): void {
    if (this.waiters === undefined) this.waiters = [process];
    else this.waiters.push(process);
  }

  /** Called when the process was woken, or ended. */
  delist(process: Process): void {
    const waiters = this.waiters as Process[];
    if (waiters[0] === process) waiters.shift();
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
}
