import type { SearchLimits } from '../engine/prove.ts';
import { type Replayed, replay } from '../engine/replay.ts';
import { Subject } from '../engine/run.ts';
import {
  BATCH_SIZE,
  type BatchResult,
  batchSeed,
  findCounterexample,
  NondeterminismError,
  simulateBatch,
} from '../engine/simulate.ts';
import { HiddenStateError } from '../kernel/errors.ts';
import { UnknownNameError } from '../model/model.ts';
import { SettingError, type Settings } from '../model/parameters.ts';
import { campaignSeed, MUTANT_RUNS_MAX } from './campaign.ts';
import {
  type MeasureResult,
  measureSpan,
  type ProveResult,
  proveAll,
  type SpanName,
  type Which,
} from './exhaustive-task.ts';
import { FAILURE_KINDS } from './failure-kinds.ts';
import { modelNamed, type Registry } from './registry.ts';
import type { SeedFile } from './seed-file.ts';
import { measuredTexts, measuresOf, scheduleTexts, type Tale, tell } from './story.ts';

/** A model in one variant with some parameters set, by name: so that a task is plain data. */
export interface Target {
  readonly model: string;
  readonly variant: string;
  readonly settings: Settings;
}

/** A piece of work that one worker does in one go: plain data, its result a pure function of it and the models. */
export type Task =
  /** One batch of random schedules. */
  | { readonly kind: 'scan'; readonly target: Target; readonly seed: number; readonly runs: number }
  /** The first violation of `property` in that batch, shrunk and told. */
  | {
      readonly kind: 'tell';
      readonly target: Target;
      readonly seed: number;
      readonly runs: number;
      readonly property: string;
    }
  /** One campaign against a mutant. */
  | { readonly kind: 'hunt'; readonly target: Target; readonly seed: string; readonly property: string }
  /** Run a kept schedule again and compare. */
  | { readonly kind: 'replay'; readonly seed: SeedFile }
  /** An exhaustive search for these properties; one that they share, but for those with a clock of their own. */
  | {
      readonly kind: 'prove';
      readonly target: Target;
      readonly properties: readonly string[];
      readonly maxStates: number;
      /** Where nobody reads what is found, it need not be shrunk. */
      readonly shrink?: false;
    }
  /** The exact ends of a span, and the run that attains one of them. */
  | {
      readonly kind: 'measure';
      readonly target: Target;
      readonly span: SpanName;
      readonly maxStates: number;
      readonly witness?: Which;
    };

export interface Scanned {
  readonly kind: 'scan';
  readonly batch: BatchResult;
}

export interface Told {
  readonly kind: 'tell';
  readonly foundAtRun: number;
  readonly shrinks: number;
  readonly tale: Tale;
}

export interface Hunted {
  readonly kind: 'hunt';
  /** The batch in which it was killed, and the schedule, counted over all batches. */
  readonly killed?: { readonly batchSeed: number; readonly before: number; readonly atSchedule: number };
  /** What else was violated on the way. */
  readonly others: readonly string[];
}

export interface Replay {
  readonly kind: 'replay';
  /** Why the seed is not as it says; empty where it is. */
  readonly problems: readonly string[];
  readonly verdict: 'violated' | 'sampled' | 'inconclusive';
  /** The witnesses that it shows. */
  readonly seen?: readonly string[];
  /** Missing where the seed names something that there is not, so that nothing could be run. */
  readonly tale?: Tale;
  /** The same seed as it would be written now, where its verdict still comes out. */
  readonly refreshed?: SeedFile;
}

/** The model contradicts itself, or the engine does: nothing that it shows can be believed. */
export interface Broken {
  readonly kind: 'broken';
  readonly property: 'nondeterminism' | 'hidden-state';
  readonly message: string;
}

export type TaskResult = Scanned | Told | Hunted | Replay | ProveResult | MeasureResult | Broken;

/** Does one task. All that it needs to know is in the task and the models; `stop` may end a search before it is done. */
export function runTask(registry: Registry, task: Task, stop?: SearchLimits['stop']): TaskResult {
  try {
    switch (task.kind) {
      case 'scan':
        return { kind: 'scan', batch: simulateBatch(subjectOf(registry, task.target), task.seed, task.runs) };
      case 'tell':
        return tellFirst(subjectOf(registry, task.target), task.seed, task.runs, task.property);
      case 'hunt':
        return hunt(subjectOf(registry, task.target), task.seed, task.property);
      case 'replay':
        return replaySeed(registry, task.seed);
      case 'prove':
        return proveAll(subjectOf(registry, task.target), task.properties, {
          ...limitsOf(task.maxStates, stop),
          shrink: task.shrink ?? true,
        });
      case 'measure': {
        const limits = limitsOf(task.maxStates, stop);
        return measureSpan(subjectOf(registry, task.target), task.span, limits, task.witness);
      }
    }
  } catch (error) {
    const { message } = error as Error;
    if (error instanceof NondeterminismError) return { kind: 'broken', property: 'nondeterminism', message };
    if (error instanceof HiddenStateError) return { kind: 'broken', property: 'hidden-state', message };
    throw error;
  }
}

function limitsOf(maxStates: number, stop: SearchLimits['stop']): SearchLimits {
  return stop === undefined ? { maxStates } : { maxStates, stop };
}

export function subjectOf(registry: Registry, target: Target): Subject {
  return new Subject(modelNamed(registry, target.model), target.variant, target.settings);
}

function tellFirst(subject: Subject, seed: number, runs: number, property: string): Told {
  const found = findCounterexample(subject, seed, runs, property);
  if (found === undefined) {
    throw new NondeterminismError(
      `${subject.model.name}/${subject.variant}: a batch of schedules that violated ${property} does not violate it again`,
    );
  }
  const tale = tell(subject, property, found.run);
  return { kind: 'tell', foundAtRun: found.foundAtRun, shrinks: found.shrinks, tale };
}

function hunt(subject: Subject, seed: string, property: string): Hunted {
  const campaign = campaignSeed(seed, subject.model.name, subject.variant);
  const others = new Set<string>();
  for (let before = 0; before < MUTANT_RUNS_MAX; before += BATCH_SIZE) {
    const batch = batchSeed(campaign, before / BATCH_SIZE);
    const { firstViolations } = simulateBatch(subject, batch, BATCH_SIZE, new Set([property]));
    for (const name of Object.keys(firstViolations)) if (name !== property) others.add(name);
    const atRun = firstViolations[property];
    if (atRun === undefined) continue;
    return {
      kind: 'hunt',
      killed: { batchSeed: batch, before, atSchedule: before + atRun },
      others: [...others].sort(),
    };
  }
  return { kind: 'hunt', others: [...others].sort() };
}

function replaySeed(registry: Registry, seed: SeedFile): Replay {
  let subject: Subject;
  try {
    subject = subjectOf(registry, seed).inTicksOf(seed.scale ?? 1);
  } catch (error) {
    if (!(error instanceof UnknownNameError || error instanceof SettingError)) throw error;
    return { kind: 'replay', problems: [error.message], verdict: 'inconclusive' };
  }
  const noMeasures = Object.keys(seed.measured ?? {}).filter((name) => !measuresOf(subject).includes(name));
  if (noMeasures.length > 0) {
    return { kind: 'replay', problems: [unknownMeasures(noMeasures, subject)], verdict: 'inconclusive' };
  }
  const run = replay(subject, new Map(Object.entries(seed.schedule)));
  const violated = run.violations.some((violation) => violation.property === seed.property);
  if (!violated && ![...subject.promises, ...FAILURE_KINDS].includes(seed.property)) {
    return { kind: 'replay', problems: [unknownPromise(seed, subject)], verdict: 'inconclusive' };
  }
  const verdict = violated ? 'violated' : 'sampled';
  const problems = differences(seed, subject, run, verdict);
  const seen = [...run.seen].sort();
  const told: Replay = { kind: 'replay', problems, verdict, seen, tale: tell(subject, seed.property, run) };
  return verdict === seed.verdict ? { ...told, refreshed: refreshed(seed, subject, run) } : told;
}

function unknownPromise(seed: SeedFile, subject: Subject): string {
  return `model ${seed.model} promises no "${seed.property}"; it promises: ${subject.promises.join(', ')}`;
}

function unknownMeasures(names: readonly string[], subject: Subject): string {
  const known = measuresOf(subject).join(', ') || 'none';
  return `model ${subject.model.name} has no measure "${names.join('", "')}"; it has: ${known}`;
}

/** What is no longer as the file says. The verdict comes first: it is what the seed is kept for. */
function differences(seed: SeedFile, subject: Subject, run: Replayed, verdict: 'violated' | 'sampled'): string[] {
  const problems = run.stale.map(({ decision, why }) => `stale decision "${decision}": ${why}`);
  if (verdict !== seed.verdict) {
    const broken = run.violations.map((violation) => violation.property).join(', ');
    const got = verdict === 'violated' ? 'violated' : `it holds${broken === '' ? '' : ` (violated is: ${broken})`}`;
    problems.unshift(
      `expected ${seed.property} to ${seed.verdict === 'violated' ? 'be violated' : 'hold'}, got: ${got}`,
    );
  }
  if (run.digest !== seed.digest)
    problems.push(`the trace has changed: expected digest ${seed.digest}, got ${run.digest}`);
  const measured = measuredTexts(subject, run);
  for (const [name, [least, greatest]] of Object.entries(seed.measured ?? {})) {
    const got = measured[name];
    if (got?.[0] === least && got[1] === greatest) continue;
    problems.push(
      `expected ${name} to measure ${least}..${greatest}, got ${got === undefined ? 'no end of it' : got.join('..')}`,
    );
  }
  return problems;
}

function refreshed(seed: SeedFile, subject: Subject, run: Replayed): SeedFile {
  const schedule = { ...scheduleTexts(subject, run.decisions) };
  const { measured: before, ...rest } = seed;
  const plain = { ...rest, schedule, digest: run.digest };
  if (before === undefined) return plain;
  const now = measuredTexts(subject, run);
  const measured: Record<string, [string, string]> = {};
  for (const name of Object.keys(before)) {
    const span = now[name];
    if (span !== undefined) measured[name] = [...span];
  }
  return { ...plain, measured };
}
