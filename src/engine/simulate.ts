import * as fc from 'fast-check';
import type { Decision } from '../kernel/decision.ts';
import { InternalError } from '../kernel/errors.ts';
import type { Measured } from '../property/monitor.ts';
import type { Violation } from '../property/verdict.ts';
import { FixedStrategy } from './fixed-strategy.ts';
import { hintsOf } from './hints.ts';
import { type RecordedRun, type RunResult, record, run, type Subject } from './run.ts';
import { type Schedule, scheduleOf } from './schedule.ts';
import { ScheduleArbitrary, ScheduleDraft } from './schedule-arbitrary.ts';
import { digestOf } from './trace.ts';

/** Schedules in one batch. A batch is a pure function of its seed, whoever runs it and when. */
export const BATCH_SIZE = 250;

/** How many runs of each batch are done twice, to see that the same schedule gives the same trace. */
const RUNS_DONE_TWICE = 2;

/** What a batch of random schedules showed. */
export interface BatchResult {
  readonly runs: number;
  readonly firings: number;
  /** Virtual time simulated, in ticks. */
  readonly simulated: number;
  /** For each property that was violated: in which run of the batch first, counted from 1. */
  readonly firstViolations: Readonly<Record<string, number>>;
  readonly seen: readonly string[];
  readonly measured: Readonly<Record<string, Measured>>;
}

/** A violation with the smallest schedule found that shows it. */
export interface Counterexample {
  readonly property: string;
  readonly violation: Violation;
  /** In which run of the batch it was found, counted from 1. */
  readonly foundAtRun: number;
  readonly shrinks: number;
  readonly decisions: readonly Decision[];
  readonly schedule: Schedule;
  readonly run: RecordedRun;
  /** How many ticks of the run make one of the model's. */
  readonly scale: number;
}

/** The same model, parameters and schedule gave two different runs: no result of this model can be believed. */
export class NondeterminismError extends Error {}

/** The seed of the n-th batch of a campaign: mixes both, so that neighbouring campaigns share nothing. */
export function batchSeed(campaignSeed: number, batch: number): number {
  let hash = (campaignSeed ^ Math.imul(batch + 1, 0x9e3779b1)) | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) | 0;
}

/**
 * Run `runs` random schedules and say what was seen. With `stopWhen`, ends early once every property in it has been
 * violated. Throws a NondeterminismError where a repeated run differs.
 */
export function simulateBatch(
  subject: Subject,
  seed: number,
  runs: number,
  stopWhen?: ReadonlySet<string>,
): BatchResult {
  const firstViolations: Record<string, number> = {};
  const seen = new Set<string>();
  const measured = new Map<string, Measured>();
  let done = 0;
  let firings = 0;
  let simulated = 0;
  let stopped = false;
  const missing = new Set(stopWhen);
  const look = (draft: ScheduleDraft): boolean => {
    if (stopWhen !== undefined && missing.size === 0) {
      stopped = true;
      return false;
    }
    done++;
    const result =
      done <= RUNS_DONE_TWICE ? runTwice(subject, draft) : run(subject, (clock) => draft.strategyFor(clock));
    firings += result.firings;
    simulated += result.endedAt;
    for (const violation of result.violations) {
      firstViolations[violation.property] ??= done;
      missing.delete(violation.property);
    }
    for (const name of result.seen) seen.add(name);
    for (const [name, span] of result.measured) merge(measured, name, span);
    return true;
  };
  const arbitrary = new ScheduleArbitrary(hintsOf(subject), subject.tickNs);
  const outcome = fc.check(fc.property(arbitrary, look), { seed, numRuns: runs, endOnFailure: true });
  // fast-check takes whatever is thrown for a failed property; what is wrong with a model or the tool must not end there.
  if (outcome.failed && !stopped) throw outcome.errorInstance;
  return {
    runs: done,
    firings,
    simulated,
    firstViolations,
    seen: [...seen].sort(),
    measured: Object.fromEntries([...measured].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** Find the first violation of `property` in a batch, again or for the first time, and shrink it. */
export function findCounterexample(
  subject: Subject,
  seed: number,
  runs: number,
  property: string,
): Counterexample | undefined {
  return shrunk(subject, property, { seed, numRuns: runs });
}

/** The same from a run that shows it already. */
export function shrinkRun(subject: Subject, property: string, run: RecordedRun): Counterexample | undefined {
  const schedule = scheduleOf(run.decisions);
  const draft = new ScheduleDraft(() => new FixedStrategy(schedule, subject.tickNs));
  return shrunk(subject, property, { numRuns: 1, examples: [[draft]] });
}

/** Let fast-check find a violation of `property`, and shrink it. */
function shrunk(
  subject: Subject,
  property: string,
  parameters: fc.Parameters<[ScheduleDraft]>,
): Counterexample | undefined {
  let tried = 0;
  let foundAtRun = 0;
  const crashes: unknown[] = [];
  const holds = (draft: ScheduleDraft): boolean => {
    if (crashes.length > 0) return true;
    let result: RunResult;
    try {
      result = run(subject, (clock) => draft.strategyFor(clock));
    } catch (error) {
      crashes.push(error);
      return true;
    }
    draft.decided = result.decisions;
    const broken = violates(result, property);
    if (foundAtRun === 0) {
      tried++;
      if (broken) foundAtRun = tried;
    }
    return !broken;
  };
  const arbitrary = new ScheduleArbitrary(hintsOf(subject), subject.tickNs);
  const outcome = fc.check(fc.property(arbitrary, holds), parameters);
  if (crashes.length > 0) throw crashes[0];
  const draft = outcome.counterexample?.[0];
  if (!outcome.failed || draft === undefined) {
    if (outcome.failed) throw new InternalError(`${outcome.errorInstance ?? 'fast-check failed'}`);
    return undefined;
  }
  const schedule = scheduleOf(draft.decided);
  const shown = record(subject, () => new FixedStrategy(schedule, subject.tickNs));
  const violation = shown.violations.find((each) => each.property === property);
  if (violation === undefined) {
    throw new NondeterminismError(
      `${subject.model.name}/${subject.variant}: the schedule that violated ${property} does not violate it again`,
    );
  }
  return {
    property,
    violation,
    foundAtRun,
    shrinks: outcome.numShrinks,
    decisions: shown.decisions,
    schedule: scheduleOf(shown.decisions),
    run: shown,
    scale: subject.scale,
  };
}

function violates(result: RunResult, property: string): boolean {
  return result.violations.some((violation) => violation.property === property);
}

/** Record the run, and again from what it decided: both must be the same to the last event. */
function runTwice(subject: Subject, draft: ScheduleDraft): RunResult {
  const first = record(subject, (clock) => draft.strategyFor(clock));
  const schedule = scheduleOf(first.decisions);
  const second = record(subject, () => new FixedStrategy(schedule, subject.tickNs));
  if (first.digest !== second.digest || outcomeOf(first) !== outcomeOf(second)) {
    const at = first.trace.findIndex(
      (event, index) => digestOf([event]) !== digestOf(second.trace.slice(index, index + 1)),
    );
    const event = first.trace[at] ?? second.trace[first.trace.length];
    const where = event === undefined ? 'at the end' : `first at "${event.lane} ${event.name}"`;
    throw new NondeterminismError(
      `${subject.model.name}/${subject.variant}: two runs of one schedule differ, ${where}: ` +
        'the model keeps state outside the kernel, or uses host time or randomness',
    );
  }
  return first;
}

/** What a run came to, beside its events. */
function outcomeOf({ end, endedAt, violations, decisions }: RunResult): string {
  return JSON.stringify([end.why, endedAt, violations, decisions]);
}

function merge(into: Map<string, Measured>, name: string, span: Measured): void {
  const before = into.get(name);
  into.set(name, {
    least: Math.min(before?.least ?? Infinity, span.least),
    greatest: Math.max(before?.greatest ?? 0, span.greatest),
  });
}
