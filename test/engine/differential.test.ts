// What the exhaustive engine says about random models, against going through all their runs, against itself without
// partial-order reduction, and against random runs. HALFOPEN_DIFFERENTIAL=20 looks at twenty times as many models.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type End, measureExactly, prove, type SearchLimits } from '../../src/engine/prove.ts';
import type { Subject } from '../../src/engine/run.ts';
import { batchSeed, simulateBatch } from '../../src/engine/simulate.ts';
import { everyTiming } from '../support/every-timing.ts';
import { namesOf, type RandomModel, randomModel, subjectOf } from '../support/random-models.ts';

const TIMES = Number(process.env.HALFOPEN_DIFFERENTIAL ?? 1);
const SEED = Number(process.env.HALFOPEN_DIFFERENTIAL_SEED ?? 1);
const RUNS_MOST = 1500;
const LIMITS = { maxStates: 1500 };

/** All that is compared: which names are violated, and the ends of the span where it ever ends. */
interface Answer {
  readonly violated: readonly string[];
  readonly span: { readonly least: number; readonly greatest: number } | undefined;
}

/** By going through every run; undefined where there are too many. */
function byEveryRun(model: RandomModel): Answer | undefined {
  const names = namesOf(model);
  const violated = new Set<string>();
  let span: Answer['span'];
  let runs = 0;
  for (const { violations, measured } of everyTiming(subjectOf(model))) {
    if (++runs > RUNS_MOST) return undefined;
    for (const { property } of violations) violated.add(property);
    const ends = measured.get('span');
    if (ends === undefined) continue;
    span = {
      least: Math.min(span?.least ?? Infinity, ends.least),
      greatest: Math.max(span?.greatest ?? 0, ends.greatest),
    };
  }
  // One that is owed for ever has no end.
  if (violated.has('at all')) span = { least: span?.least ?? Infinity, greatest: Infinity };
  return { violated: names.filter((name) => violated.has(name)), span };
}

/** By exhaustive search; undefined where there are too many states. */
function byProof(model: RandomModel, how: Pick<SearchLimits, 'reduce' | 'join'> = {}): Answer | undefined {
  const subject = subjectOf(model);
  const limits = { ...LIMITS, ...how };
  const proofs = prove(subject, namesOf(model), limits);
  if (proofs.some(({ verdict }) => verdict === 'inconclusive')) return undefined;
  const { complete, least, greatest } = measureExactly(subject, 'span', limits);
  if (!complete) return undefined;
  for (const end of [least, greatest]) expect(isAttained(end)).toBe(true);
  return {
    violated: proofs.filter(({ verdict }) => verdict === 'violated').map(({ property }) => property),
    span:
      least === undefined || greatest === undefined ? undefined : { least: least.length, greatest: greatest.length },
  };
}

/** With closed bounds of whole ticks every end that there is can be reached, and shown. */
function isAttained(end: End | undefined): boolean {
  if (end === undefined || end.length === Infinity) return true;
  return end.attained && end.witness !== undefined;
}

function byRandomRuns(subject: Subject): ReturnType<typeof simulateBatch> {
  return simulateBatch(subject, batchSeed(SEED, 0), 20);
}

function check(model: fc.Arbitrary<RandomModel>, numRuns: number, isSo: (model: RandomModel) => void): void {
  fc.assert(fc.property(model, isSo), { seed: SEED, numRuns: numRuns * TIMES });
}

describe.sequential(`random models, seed ${SEED}`, () => {
  test('every run and the search agree', { timeout: 60_000 * TIMES }, () => {
    let compared = 0;
    check(randomModel({ processes: 3, statements: 4, longest: 2 }), 150, (model) => {
      const expected = byEveryRun(model);
      if (expected === undefined) return;
      const proved = byProof(model);
      if (proved !== undefined) compared++;
      expect(proved).toEqual(expected);
    });
    expect(compared).toBeGreaterThan(100 * TIMES);
  });

  test('with and without reduction and states that become one, the search says the same, and random runs lie inside', {
    timeout: 60_000 * TIMES,
  }, () => {
    let compared = 0;
    check(randomModel({ processes: 4, statements: 5, longest: 3 }), 60, (model) => {
      const reduced = byProof(model);
      const full = byProof(model, { reduce: false, join: false });
      if (reduced === undefined || full === undefined) return;
      compared++;
      expect(reduced).toEqual(full);
      const { firstViolations, measured } = byRandomRuns(subjectOf(model));
      expect(reduced.violated).toEqual(expect.arrayContaining(Object.keys(firstViolations)));
      const seen = measured.span;
      if (seen === undefined) return;
      expect(seen.least).toBeGreaterThanOrEqual(reduced.span?.least as number);
      expect(seen.greatest).toBeLessThanOrEqual(reduced.span?.greatest as number);
    });
    expect(compared).toBeGreaterThan(40 * TIMES);
  });
});
