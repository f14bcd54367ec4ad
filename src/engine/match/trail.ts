import type { LogSpan } from './span.ts';

/** One event of a log that a run of the model explains, and those before it. */
export interface Trail {
  /** Its place in the log, from 0. */
  readonly index: number;
  /** When the model may say it here, as far as the log up to here tells. */
  readonly when: LogSpan;
  before: Trail | undefined;
  readonly length: number;
}

/** How many events of a trail are kept: a log may be as long as it likes. */
const KEPT = 64;

export function longer(before: Trail | undefined, index: number, when: LogSpan): Trail {
  const trail = { index, when, before, length: (before?.length ?? 0) + 1 };
  if (trail.length % KEPT === 0) forget(trail);
  return trail;
}

/** From the earliest that is kept. */
export function eventsOf(trail: Trail | undefined): readonly Omit<Trail, 'before' | 'length'>[] {
  const events: Trail[] = [];
  for (let at = trail; at !== undefined && events.length < KEPT; at = at.before) events.push(at);
  return events.reverse();
}

function forget(trail: Trail): void {
  let at: Trail | undefined = trail;
  for (let count = 1; count < KEPT && at !== undefined; count++) at = at.before;
  if (at !== undefined) at.before = undefined;
}
