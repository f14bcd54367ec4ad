import type { Strategy } from '../../kernel/decision.ts';
import { InternalError } from '../../kernel/errors.ts';

/** Answers choices from a script, and with the first option beyond its end; lengths of time are never asked for. */
export class Script implements Strategy {
  /** What was answered, and out of how many. */
  readonly answers: { readonly index: number; readonly count: number }[] = [];
  #script: readonly number[] = [];

  begin(script: readonly number[]): void {
    this.#script = script;
    this.answers.length = 0;
  }

  /** The next script in order, or undefined after the last. */
  next(): readonly number[] | undefined {
    const answers = [...this.answers];
    for (let last = answers.pop(); last !== undefined; last = answers.pop()) {
      if (last.index + 1 < last.count) return [...answers.map(({ index }) => index), last.index + 1];
    }
    return undefined;
  }

  get indices(): readonly number[] {
    return this.answers.map(({ index }) => index);
  }

  delay(): never {
    throw new InternalError('a symbolic run asks for no length of time');
  }

  order(): never {
    throw new InternalError('an exhaustive engine is not asked for an order');
  }

  choice(_site: unknown, options: readonly string[]): number {
    const index = this.#script[this.answers.length] ?? 0;
    this.answers.push({ index, count: options.length });
    return index;
  }
}
