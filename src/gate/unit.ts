import type { Expectation } from '../model/model.ts';
import { simulateCommand } from './command.ts';
import type { Findings, Row, Story } from './outcome.ts';
import type { Registry } from './registry.ts';
import type { Broken, Target, Task, TaskResult, Told } from './tasks.ts';

/** Asks for tasks, a wave at a time, and gets their results in the same order: undefined where time ran out. */
export type WorkFor<T> = Generator<readonly Task[], T, readonly (TaskResult | undefined)[]>;

export type Work = WorkFor<Findings>;

/** What is given to one shard or another as a whole, and judged alone. */
export interface Unit {
  readonly name: string;
  work(): Work;
}

/** What all units of one command have in common. */
export interface Campaign {
  readonly registry: Registry;
  /** The text that all randomness comes from. */
  readonly seed: string;
  /** Schedules for each variant. */
  readonly runs: number;
  /** States after which an exhaustive search gives up. */
  readonly maxStates: number;
  /** Whether what models declare as heavy is explored too. */
  readonly full: boolean;
  /** More options that a command needs to show the same again (`--registry`). */
  readonly options: readonly string[];
}

/** What a variant is declared to violate, and why; nothing where nothing is declared. */
export function declaredViolations(expect: Expectation | undefined): Readonly<Record<string, string>> {
  if (expect === undefined) return {};
  return expect.kind === 'system' ? expect.violates : { [expect.killedBy]: expect.edit };
}

type Names = Pick<Target, 'model' | 'variant'>;

export function namesOf({ model, variant }: Names): Names {
  return { model, variant };
}

/** A model that contradicts itself: nothing else about this unit is worth saying. */
export function brokenRow(unit: string, target: Names, broken: Broken): Row {
  const basics = { unit, kind: 'failure', ...namesOf(target), property: broken.property, schedules: 0 } as const;
  return { ...basics, verdict: 'violated', expected: 'holds', ok: false, detail: broken.message };
}

/** What a violation is called, where it comes from, and what a worker told about it. */
interface Found {
  readonly unit: string;
  readonly target: Target;
  readonly property: string;
  readonly expected: boolean;
  readonly seed: string;
  /** Schedules in the batches before the one in which it was found. */
  readonly before: number;
  readonly told: Told;
}

export function storyOf(campaign: Campaign, { unit, target, property, expected, seed, before, told }: Found): Story {
  const atSchedule = before + told.foundAtRun;
  return {
    unit,
    ...namesOf(target),
    property,
    verdict: 'violated',
    expected,
    found: { atSchedule, shrinks: told.shrinks },
    settings: target.settings,
    ...told.tale,
    command: simulateCommand({ ...target, property, seed, atSchedule, options: campaign.options }),
  };
}
