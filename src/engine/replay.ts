import { FixedStrategy, type Stale } from './fixed-strategy.ts';
import { type RecordedRun, record, type Subject } from './run.ts';
import type { Schedule } from './schedule.ts';

export interface Replayed extends RecordedRun {
  /** Decisions of the schedule that the model no longer asks for, or no longer allows. */
  readonly stale: readonly Stale[];
}

/** Run one schedule again, to the last event. Decisions that it does not name take their default. */
export function replay(subject: Subject, schedule: Schedule): Replayed {
  const strategy = new FixedStrategy(schedule, subject.tickNs);
  const result = record(subject, () => strategy);
  return { ...result, stale: strategy.stale };
}
