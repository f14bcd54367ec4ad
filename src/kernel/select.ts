import { InternalError } from './errors.ts';
import type { Kernel } from './kernel.ts';
import { BLOCKED, type Proc, type Waitable } from './waitable.ts';

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
export function* select<C extends Cases>(kernel: Kernel, cases: C): Proc<Selected<C>> {
  const process = kernel.running();
  const ready: string[] = [];
  for (const key in cases) if ((cases[key] as Waitable<unknown>).isReady()) ready.push(key);
  if (ready.length > 0) {
    kernel.countStep();
    const index = ready.length === 1 ? 0 : kernel.choose(`${process.name} select`, ready);
    const key = ready[index] as string;
    return { case: key, value: (cases[key] as Waitable<unknown>).take() } as Selected<C>;
  }
  process.state = 'blocked';
  for (const key in cases) process.blockOn(cases[key] as Waitable<unknown>);
  const value = yield BLOCKED;
  for (const key in cases) if (cases[key] === process.wokenBy) return { case: key, value } as Selected<C>;
  throw new InternalError(`${process.name} was woken by none of its cases`);
}
