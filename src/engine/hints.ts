import type { Bounds, Ticks } from '../kernel/bounds.ts';
import { FixedStrategy } from './fixed-strategy.ts';
import type { Hints } from './random-strategy.ts';
import { record, type Subject } from './run.ts';
import { EMPTY_SCHEDULE } from './schedule.ts';

/** Shorter lengths than this many ticks are taken for counts. */
const SHORTEST_LENGTH = 100;

/** What the default run and the parameters say about where things may meet. Deterministic; one run's work. */
export function hintsOf(subject: Subject): Hints {
  const quiet = record(subject, () => new FixedStrategy(EMPTY_SCHEDULE, subject.tickNs));
  const moments = new Set<Ticks>([0]);
  for (const event of quiet.trace) moments.add(event.at);
  moments.add(quiet.endedAt);
  const lengths = new Set<Ticks>([1]);
  for (const value of Object.values(subject.config as Readonly<Record<string, unknown>>)) {
    for (const length of lengthsIn(value)) if (length >= SHORTEST_LENGTH && length < Infinity) lengths.add(length);
  }
  return { moments: [...moments], lengths: [...lengths] };
}

function lengthsIn(value: unknown): readonly Ticks[] {
  if (typeof value === 'number') return [value];
  if (typeof value === 'object' && value !== null && 'min' in value)
    return [(value as Bounds).min, (value as Bounds).max];
  return [];
}
