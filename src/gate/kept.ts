import type { Seed } from './seed-file.ts';
import type { Target, Task, TaskResult } from './tasks.ts';

/** What the kept schedules of a variant show: a property's or a witness's name, and the seed that shows it. */
export interface Kept {
  readonly violated: ReadonlyMap<string, string>;
  readonly seen: ReadonlyMap<string, string>;
}

/** The seeds of a variant under its own settings: under others they would show something about another system. */
export function seedsOf(target: Target, seeds: readonly Seed[]): readonly Seed[] {
  return seeds.filter(
    ({ file }) =>
      file.model === target.model && file.variant === target.variant && Object.keys(file.settings).length === 0,
  );
}

/** Replays `seeds`: what is too rare for random schedules may be shown by one that is kept. */
export function* showKept(
  seeds: readonly Seed[],
): Generator<readonly Task[], Kept, readonly (TaskResult | undefined)[]> {
  const replays = seeds.length === 0 ? [] : yield seeds.map(({ file }): Task => ({ kind: 'replay', seed: file }));
  const violated = new Map<string, string>();
  const seen = new Map<string, string>();
  seeds.forEach(({ file, base }, index) => {
    const replayed = replays[index];
    if (replayed?.kind !== 'replay') return;
    if (replayed.verdict === 'violated') violated.set(file.property, base);
    for (const witness of replayed.seen ?? []) seen.set(witness, base);
  });
  return { violated, seen };
}
