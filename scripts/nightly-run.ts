import os from 'node:os';
import { parseArgs } from 'node:util';
import { crewOf } from '../src/cli/crew.ts';
import { driveOne } from '../src/cli/drive.ts';
import { DEFAULT_MAX_STATES } from '../src/gate/campaign.ts';
import { type Endured, endure } from '../src/gate/endurance.ts';
import { modelNamed, type Registry, sortedModels } from '../src/gate/registry.ts';
import { type AnyModel, UnknownNameError } from '../src/model/model.ts';
import { PLAIN } from '../src/report/paint.ts';
import { storyText } from '../src/report/story-text.ts';
import { table } from '../src/report/table.ts';
import { counted } from '../src/report/verdict-text.ts';

const SECONDS_IN_A_YEAR = 365.25 * 24 * 3600;

/** The virtual time of each model, where nobody says otherwise. */
const YEARS = 10;

/** Schedules of a variant after which it ends, whatever time has passed in them. */
const SCHEDULES_MOST = 10_000_000;

const USAGE = 'npm run nightly -- [--years N] [--model NAME]... [--seed TEXT] [--workers N] [--no-check]';

export interface Nightly {
  readonly years: number;
  readonly models: readonly string[];
  readonly seed: string;
  readonly workers: number;
  /** Whether `check --full` follows. */
  readonly check: boolean;
}

/** What the user got wrong, in one line. */
export class UsageError extends Error {}

/** What is asked for. Throws a UsageError. */
export function nightlyOf(argv: readonly string[], commit: string): Nightly {
  const { years, model, seed, workers, 'no-check': noCheck } = valuesIn(argv);
  return {
    years: numberOf('--years', years ?? String(YEARS), (value) => value > 0),
    models: model ?? [],
    seed: seed ?? commit,
    workers: numberOf(
      '--workers',
      workers ?? String(os.availableParallelism()),
      (value) => value >= 1 && Number.isInteger(value),
    ),
    check: noCheck !== true,
  };
}

function valuesIn(argv: readonly string[]) {
  try {
    const options = {
      years: { type: 'string' },
      model: { type: 'string', multiple: true },
      seed: { type: 'string' },
      workers: { type: 'string' },
      'no-check': { type: 'boolean' },
    } as const;
    return parseArgs({ args: [...argv], options }).values;
  } catch (error) {
    throw new UsageError(`expected other usage, got: ${(error as Error).message.split('. ')[0]}, do: ${USAGE}`);
  }
}

function numberOf(option: string, text: string, isRight: (value: number) => boolean): number {
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && isRight(value)) return value;
  throw new UsageError(`expected a number above 0 for ${option}, got "${text}", do: ${USAGE}`);
}

/** What the script may touch of the process that it runs in. */
export interface NightHost {
  readonly out: (text: string) => void;
  /** Where it is: a line for each system that it is done with. */
  readonly progress: (line: string) => void;
  /** Milliseconds of wall time, and of all processors together. */
  readonly took: () => { readonly wall: number; readonly cpu: number };
}

/**
 * Simulates each model for the years that are asked for, spread evenly over its systems, and says how much faster than
 * time that is. Gives the exit code: 1 where something is violated that is not declared to be.
 */
export async function nightly(
  asked: Nightly,
  registry: Registry,
  registryUrl: string,
  host: NightHost,
): Promise<0 | 1> {
  const models =
    asked.models.length === 0 ? sortedModels(registry) : asked.models.map((name) => modelNamed(registry, name));
  const { seed, years, workers } = asked;
  host.out(`nightly, seed ${seed}, ${years} simulated years of each model, workers: ${workers}\n\n`);
  const crew = crewOf(workers, registry, registryUrl);
  const all: Endured[] = [];
  try {
    for (const model of models) {
      const before = host.took();
      const endured: Endured[] = [];
      const variants = systemsOf(model);
      const seconds = (years * SECONDS_IN_A_YEAR) / variants.length;
      for (const variant of variants) {
        const campaign = {
          registry,
          seed,
          runs: SCHEDULES_MOST,
          maxStates: DEFAULT_MAX_STATES,
          full: true,
          options: [],
        };
        const target = { model: model.name, variant, settings: {} };
        const work = endure(campaign, target, { seconds, schedulesMost: SCHEDULES_MOST });
        const own = await driveOne(work, crew, { mayBegin: () => true, progress: () => undefined });
        host.progress(`${model.name}/${variant}: ${yearsText(own.seconds)}, ${own.schedules} schedules`);
        endured.push(own);
      }
      const after = host.took();
      host.out(modelText(model, endured, { wall: after.wall - before.wall, cpu: after.cpu - before.cpu }));
      all.push(...endured);
    }
  } finally {
    await crew.leave();
  }
  const wrong = all.flatMap(({ unexpected }) => unexpected);
  for (const story of all.flatMap(({ stories }) => stories)) host.out(`${storyText(story, PLAIN)}\n`);
  host.out(
    wrong.length === 0
      ? 'as expected: nothing undeclared is violated\n'
      : `not as expected: ${counted(wrong.length, 'undeclared violation')}\n`,
  );
  return wrong.length === 0 ? 0 : 1;
}

function systemsOf(model: AnyModel): readonly string[] {
  const systems = Object.entries(model.variants).filter(([, { expect }]) => expect.kind === 'system');
  if (systems.length === 0) throw new UnknownNameError(`model ${model.name} has no system to simulate`);
  return systems.map(([name]) => name);
}

function modelText(
  model: AnyModel,
  endured: readonly Endured[],
  took: { readonly wall: number; readonly cpu: number },
): string {
  const seconds = endured.reduce((sum, each) => sum + each.seconds, 0);
  const rows = endured.map(({ variant, schedules, seconds: own, endedBy, unexpected }) => [
    unexpected.length === 0 ? '✓' : '✗',
    variant,
    yearsText(own),
    `${schedules} schedules`,
    unexpected.length === 0
      ? ENDED_BY[endedBy ?? 'enough']
      : `violated: ${unexpected.map(({ property }) => property).join(', ')}`,
  ]);
  const speed = `${times(seconds, took.wall)} faster than time, ${times(seconds, took.cpu)} on one core`;
  return [
    `${model.name}: ${yearsText(seconds)} in ${(took.wall / 1000).toFixed(1)} s, ${speed}`,
    ...table(rows, 2),
    '',
    '',
  ].join('\n');
}

const ENDED_BY = {
  enough: '',
  violation: '',
  schedules: `no more: ${SCHEDULES_MOST} schedules are enough`,
  time: 'time ran out',
  timeless: 'no time passes in it',
} as const;

function yearsText(seconds: number): string {
  const years = seconds / SECONDS_IN_A_YEAR;
  return `${years < 0.1 ? years.toPrecision(2) : years.toFixed(1)} years`;
}

function times(seconds: number, milliseconds: number): string {
  const ratio = milliseconds === 0 ? 0 : (seconds * 1000) / milliseconds;
  return `${Math.round(ratio).toLocaleString('en-US')} x`;
}
