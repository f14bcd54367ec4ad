import { InternalError } from './errors.ts';
import type { Kernel } from './kernel.ts';
import type { Process } from './process.ts';
import { AT_BLOCK, HandmadeProc, type Proc, type Waitable } from './waitable.ts';

/** The cases of a `select`, by the name under which it reports which one it took. */
// biome-ignore lint/suspicious/noExplicitAny: a Waitable is invariant in what it gives; `unknown` would refuse every case
export type Cases = Record<string, Waitable<any>>;

type Gives<W> = W extends Waitable<infer T> ? T : never;

/** Which case was taken, and what came with it. */
export type Selected<C extends Cases> = { [K in keyof C]: { readonly case: K; readonly value: Gives<C[K]> } }[keyof C];

/**
 * Go's `select`: takes one of the cases that are ready, any of them (a decision, default: the first as written), or
 * waits for the first one to become so.
 */
export function select<C extends Cases>(kernel: Kernel, cases: C): Proc<Selected<C>> {
  return new Selecting(kernel, cases);
}

class Selecting<C extends Cases> extends HandmadeProc<Selected<C>> {
  private readonly kernel: Kernel;
  private readonly cases: C;
  /** The process that waits, once it does. */
  private waiting: Process | undefined;

  constructor(kernel: Kernel, cases: C) {
    super();
    this.kernel = kernel;
    this.cases = cases;
    this.waiting = undefined;
  }

  next(received?: unknown): ReturnType<Proc<Selected<C>>['next']> {
    const { kernel, cases } = this;
    const { tracker } = kernel;
    if (this.waiting !== undefined) {
      const result = taken<C>(this.wokenBy(this.waiting), received);
      tracker?.told(result.value);
      return result;
    }
    const process = kernel.running();
    if (tracker?.replaying === true) {
      const chosen = tracker.cameTo();
      if (chosen !== undefined) return { done: true, value: chosen.value as Selected<C> };
      this.waiting = process;
      return AT_BLOCK;
    }
    if (tracker !== undefined) for (const key in cases) tracker.touch(cases[key] as Waitable<unknown>, 'reads');
    let ready = 0;
    let chosen = '';
    for (const key in cases) if ((cases[key] as Waitable<unknown>).isReady() && ready++ === 0) chosen = key;
    if (ready > 0) {
      kernel.countStep();
      if (ready > 1) chosen = this.choose(process);
      const result = taken<C>(chosen, (cases[chosen] as Waitable<unknown>).take());
      tracker?.told(result.value);
      return result;
    }
    this.waiting = process;
    process.state = 'blocked';
    for (const key in cases) process.blockOn(cases[key] as Waitable<unknown>);
    return AT_BLOCK;
  }

  private choose(process: Process): string {
    const ready = Object.keys(this.cases).filter((key) => (this.cases[key] as Waitable<unknown>).isReady());
    return ready[this.kernel.choose(process.fullName.join('select'), ready)] as string;
  }

  private wokenBy(process: Process): string {
    for (const key in this.cases) if (this.cases[key] === process.wokenBy) return key;
    throw new InternalError(`${process.name} was woken by none of its cases`);
  }
}

function taken<C extends Cases>(key: string, value: unknown): IteratorResult<never, Selected<C>> {
  return { done: true, value: { case: key, value } as Selected<C> };
}
