import { describe, test } from 'vitest';
import { alone } from '../cli/crew.ts';
import { driveOne } from '../cli/drive.ts';
import { readSeeds } from '../cli/seed-store.ts';
import { DEFAULT_MAX_STATES, DEFAULT_RUNS, FULL_MAX_STATES, FULL_RUNS } from '../gate/campaign.ts';
import type { Findings, Row } from '../gate/outcome.ts';
import type { Unit } from '../gate/unit.ts';
import type { AnyModel } from '../model/model.ts';
import { PLAIN } from '../report/paint.ts';
import { storyFor, storyText } from '../report/story-text.ts';
import { type Expected, expectationsOf } from './expectations.ts';

/** What is asked of a model's tests; all of it may be left out. */
export interface ModelTestOptions {
  /** What all randomness comes from: HALFOPEN_SEED, or 1, unless set. */
  readonly seed?: string;
  /** Schedules for each variant. */
  readonly runs?: number;
  /** States after which an exhaustive search gives up. */
  readonly maxStates?: number;
  /** Whether what the model declares as heavy is explored too, as `check --full` does; else those tests are skipped. */
  readonly full?: boolean;
  /** Where the model lies, as `import.meta.url`: the schedules in `regressions/*.json` beside it are replayed. */
  readonly beside?: string;
  /** The module that exports the model, as it is named on the command line: what a story's last line says. */
  readonly registry?: string;
  /** Milliseconds that a test may take. The first of a unit does the work for all of its tests. */
  readonly timeout?: number;
}

const TIMEOUT_MS = 120_000;

/**
 * Turns all that a model declares into tests of vitest: what each variant keeps, breaks and shows, which wrong edits are
 * caught, what is proved, which kept schedules still show what they are kept for. A test that fails tells the story.
 */
export function testModel(model: AnyModel, options: ModelTestOptions = {}): void {
  const { full = false, seed = process.env.HALFOPEN_SEED || '1', timeout = TIMEOUT_MS } = options;
  const { runs = full ? FULL_RUNS : DEFAULT_RUNS, maxStates = full ? FULL_MAX_STATES : DEFAULT_MAX_STATES } = options;
  const folder = new URL('./', options.beside ?? import.meta.url);
  const registry = { entries: [{ model, folder }] };
  const seeds = options.beside === undefined ? [] : readSeeds(registry, process.cwd());
  const crew = alone(registry);
  const named = options.registry === undefined ? [] : ['--registry', options.registry];
  const campaign = { registry, seed, runs, maxStates, full, options: named };
  describe(`${model.name}, seed ${seed}, ${runs} schedules`, () => {
    for (const { unit, expected } of expectationsOf(campaign, model, seeds)) {
      const find = once(() => driveOne(unit.work(), crew, { mayBegin: () => true, progress: () => undefined }));
      describe(unit.name, () => testUnit(unit, expected, find, timeout));
    }
  });
}

function testUnit(unit: Unit, expected: readonly Expected[], find: () => Promise<Findings>, timeout: number): void {
  for (const { title, left, kind, property } of expected) {
    test(left ? `${title} (left to full)` : title, { timeout, skip: left }, async () => {
      const findings = await find();
      const row = findings.rows.find((each) => each.kind === kind && each.property === property);
      if (row?.ok !== true) throw unexpected(unit, row === undefined ? findings.rows : [row], findings);
    });
  }
  const isKnown = (row: Row) => expected.some(({ kind, property }) => row.kind === kind && row.property === property);
  test('nothing else is wrong', { timeout }, async () => {
    const findings = await find();
    const wrong = findings.rows.filter((row) => !row.ok && !isKnown(row));
    if (wrong.length > 0) throw unexpected(unit, wrong, findings);
  });
}

/** Without frames: where it was thrown says nothing, the story all. */
function unexpected(unit: Unit, rows: readonly Row[], findings: Findings): Error {
  const texts = rows.map((row) => {
    const story = storyFor(row, findings);
    if (story === undefined) return `${row.verdict}  ${row.property}  ${unit.name}: ${row.detail}`;
    return `${row.detail}\n\n${storyText(story, PLAIN)}`;
  });
  const error = new Error(texts.join('\n\n'));
  error.name = 'not as expected';
  error.stack = `${error.name}: ${error.message}`;
  return error;
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
