import { BATCH_SIZE } from '../engine/simulate.ts';
import { variantOf } from '../model/model.ts';
import { type Row, type Story, unitOf } from './outcome.ts';
import { Scan, type ScanTask, scanTasks } from './scan.ts';
import { saysOf } from './story.ts';
import { type Broken, subjectOf, type Target, type Task } from './tasks.ts';
import { brokenRow, type Campaign, declaredViolations, namesOf, storyOf, type WorkFor } from './unit.ts';

/** Batches that are asked for at a time: enough for every worker, few beyond what is wanted. */
const WAVE = 8;

const NANOSECONDS_IN_A_SECOND = 1e9;

/** How long a variant is to be simulated. */
export interface Endurance {
  /** Of virtual time. */
  readonly seconds: number;
  /** Schedules after which it ends, for a model whose runs are short. */
  readonly schedulesMost: number;
}

/** What a long simulation of one variant came to. */
export interface Endured {
  readonly model: string;
  readonly variant: string;
  readonly schedules: number;
  /** Virtual time that has passed in them. */
  readonly seconds: number;
  /** Why it ended before its time, where it did. */
  readonly endedBy?: 'violation' | 'schedules' | 'time' | 'timeless';
  /** What is violated and not declared to be. */
  readonly unexpected: readonly Row[];
  readonly stories: readonly Story[];
}

/**
 * Simulates a variant until enough virtual time has passed, or something breaks that is not declared to. It does not
 * ask whether all that is declared to break does, and whether every witness is seen: that is for the gate.
 */
export function* endure(campaign: Campaign, target: Target, endurance: Endurance): WorkFor<Endured> {
  const subject = subjectOf(campaign.registry, target);
  const declared = declaredViolations(variantOf(subject.model, target.variant).expect);
  const tasks = scanTasks(target, campaign.seed, endurance.schedulesMost);
  const passed = { schedules: 0, seconds: 0 };
  for (let at = 0; at < tasks.length && passed.seconds < endurance.seconds; at += WAVE) {
    const results = yield tasks.slice(at, at + WAVE);
    const broken = results.find((result) => result?.kind === 'broken') as Broken | undefined;
    if (broken !== undefined)
      return endOf(target, passed, { endedBy: 'violation', unexpected: [brokenRow(unitOf(target), target, broken)] });
    const batches = results.map((result) => (result?.kind === 'scan' ? result.batch : undefined));
    for (const batch of batches) {
      passed.schedules += batch?.runs ?? 0;
      passed.seconds += ((batch?.simulated ?? 0) * subject.tickNs) / NANOSECONDS_IN_A_SECOND;
    }
    const { firstViolations, unfinished } = new Scan(batches);
    const found = [...firstViolations].filter(([property]) => !Object.hasOwn(declared, property));
    if (found.length > 0) {
      const places = found.map(([property, first]) => ({
        property,
        task: tasks[at + first.batch] as ScanTask,
        batch: at + first.batch,
      }));
      return endOf(target, passed, { endedBy: 'violation', ...(yield* tellAll(campaign, target, places)) });
    }
    if (unfinished) return endOf(target, passed, { endedBy: 'time' });
    if (passed.seconds === 0) return endOf(target, passed, { endedBy: 'timeless' });
  }
  return endOf(target, passed, passed.seconds < endurance.seconds ? { endedBy: 'schedules' } : {});
}

function endOf(target: Target, passed: Pick<Endured, 'schedules' | 'seconds'>, more: Partial<Endured>): Endured {
  return { ...namesOf(target), ...passed, unexpected: [], stories: [], ...more };
}

/** A property, and the batch that violates it. */
interface Place {
  readonly property: string;
  readonly task: ScanTask;
  readonly batch: number;
}

/** A row and a story for each of them. */
function* tellAll(
  campaign: Campaign,
  target: Target,
  places: readonly Place[],
): WorkFor<Pick<Endured, 'unexpected' | 'stories'>> {
  const subject = subjectOf(campaign.registry, target);
  const results = yield places.map(({ property, task }): Task => ({ ...task, kind: 'tell', property }));
  const told = places.map(({ property, batch }, index) => {
    const [result, before] = [results[index], batch * BATCH_SIZE];
    const found = { unit: unitOf(target), target, property, expected: false, seed: campaign.seed, before };
    return result?.kind === 'tell' ? storyOf(campaign, { ...found, told: result }) : undefined;
  });
  return {
    unexpected: places.map(({ property, batch }, index) => ({
      unit: unitOf(target),
      ...namesOf(target),
      kind: subject.promises.includes(property) ? 'property' : 'failure',
      property,
      verdict: 'violated',
      expected: 'holds',
      ok: false,
      detail: `must hold: ${saysOf(subject, property)}`,
      schedules: (told[index]?.found as { atSchedule?: number } | undefined)?.atSchedule ?? batch * BATCH_SIZE,
    })),
    stories: told.filter((story) => story !== undefined),
  };
}
