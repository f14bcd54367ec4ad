import type { Subject } from '../engine/run.ts';
import { BATCH_SIZE } from '../engine/simulate.ts';
import { formatDuration } from '../model/duration-text.ts';
import { type Expectation, type Variant, variantOf } from '../model/model.ts';
import { seedsOf, showKept } from './kept.ts';
import { NOTHING_FOUND, type Row, type Story, type SystemSummary, unitOf } from './outcome.ts';
import { showRefuted } from './refuted.ts';
import { Scan, scanTasks } from './scan.ts';
import type { Seed } from './seed-file.ts';
import { saysOf } from './story.ts';
import { type Broken, type Scanned, subjectOf, type Target, type Task } from './tasks.ts';
import { brokenRow, type Campaign, declaredViolations, namesOf, storyOf, type Unit, type Work } from './unit.ts';

/**
 * A variant: what is promised holds or breaks as declared, and every witness is seen. As a part of the gate it has
 * `seeds`: a declared violation or a witness that is too rare for random schedules may be shown by one of them, or by an
 * exhaustive search. Under the user's own settings nothing is declared, and each promise simply holds or breaks.
 */
export function systemUnit(campaign: Campaign, target: Target, seeds?: readonly Seed[]): Unit {
  const name = unitOf(target);
  return { name, work: () => system(campaign, target, name, seeds) };
}

function* system(campaign: Campaign, target: Target, unit: string, seeds: readonly Seed[] | undefined): Work {
  const subject = subjectOf(campaign.registry, target);
  const variant = variantOf(subject.model, target.variant);
  const scans = scanTasks(target, campaign.seed, campaign.runs);
  const results = yield scans;
  const broken = results.find((result) => result?.kind === 'broken') as Broken | undefined;
  if (broken !== undefined) return { ...NOTHING_FOUND, rows: [brokenRow(unit, target, broken)] };
  const scan = new Scan(results.map((result) => (result as Scanned | undefined)?.batch));

  const expect = expectationOf(subject);
  const failures = [...Object.keys(declaredViolations(expect)), ...[...scan.firstViolations.keys()].sort()];
  const judged = [...new Set([...subject.promises, ...failures])];
  const kept = yield* showKept(seedsOf(target, seeds ?? []));
  const unmet = Object.keys(declaredViolations(expect)).filter(
    (property) => !scan.firstViolations.has(property) && !scan.unfinished && !kept.violated.has(property),
  );
  const refuted = seeds === undefined ? new Map<string, string>() : yield* showRefuted(campaign, subject, unmet);
  const shownBy = new Map([
    ...refuted,
    ...[...kept.violated].map(([name, seed]) => [name, `shown by the seed ${seed}`] as const),
  ]);
  const rows = judged.map((property) => judge(unit, subject, expect, property, scan, shownBy.get(property)));

  const violated = judged.filter((property) => scan.firstViolations.has(property));
  const batchOf = (property: string) => scan.firstViolations.get(property)?.batch as number;
  const tells = violated.map(
    (property): Task => ({ ...(scans[batchOf(property)] as Task & { kind: 'scan' }), kind: 'tell', property }),
  );
  const told = tells.length === 0 ? [] : yield tells;
  const stories = violated.flatMap((property, index): Story[] => {
    const result = told[index];
    if (result?.kind === 'broken') rows.push(brokenRow(unit, target, result));
    if (result?.kind !== 'tell') return [];
    const expected = rows.find((row) => row.property === property)?.ok ?? false;
    const before = batchOf(property) * BATCH_SIZE;
    return [storyOf(campaign, { unit, target, property, expected, seed: campaign.seed, before, told: result })];
  });
  return {
    ...NOTHING_FOUND,
    rows: [...rows, ...witnessRows(unit, subject, variant, scan, kept.seen)],
    systems: [summary(subject, variant, scan, kept.seen)],
    stories,
  };
}

/** What is declared of a variant: it is about the model's own settings, and says nothing about any others. */
function expectationOf({ model, variant, settings }: Subject): Expectation | undefined {
  return Object.keys(settings).length === 0 ? variantOf(model, variant).expect : undefined;
}

/** `shownBy`: what shows a violation which the random schedules did not meet. */
function judge(
  unit: string,
  subject: Subject,
  expect: Expectation | undefined,
  property: string,
  scan: Scan,
  shownBy: string | undefined,
): Row {
  const kind = subject.promises.includes(property) ? 'property' : 'failure';
  const why = declaredViolations(expect)[property];
  // A wrong edit may break more than the property that must catch it.
  const expected = why !== undefined ? 'violated' : expect?.kind === 'mutant' ? 'any' : 'holds';
  const basics = { unit, kind, model: subject.model.name, variant: subject.variant, property, expected } as const;
  const says = saysOf(subject, property);
  const schedules = scan.firstViolations.get(property)?.atSchedule;
  if (schedules !== undefined) {
    const ok = expected !== 'holds';
    const wrong = expect === undefined ? says : `must hold: ${says}`;
    return { ...basics, verdict: 'violated', ok, detail: ok ? (why ?? says) : wrong, schedules };
  }
  if (scan.unfinished) {
    const detail = `time ran out after ${scan.schedules} schedules`;
    return { ...basics, verdict: 'inconclusive', ok: false, unfinished: true, detail, schedules: scan.schedules };
  }
  if (expected === 'violated' && shownBy !== undefined) {
    const detail = `${why} (too rare for ${scan.schedules} random schedules: ${shownBy})`;
    return { ...basics, verdict: 'violated', ok: true, detail, schedules: scan.schedules };
  }
  const ok = expected !== 'violated';
  return {
    ...basics,
    verdict: 'sampled',
    ok,
    detail: ok ? says : `must be violated: ${why}`,
    schedules: scan.schedules,
  };
}

function witnessRows(
  unit: string,
  subject: Subject,
  variant: Variant<unknown>,
  scan: Scan,
  kept: ReadonlyMap<string, string>,
): Row[] {
  const witnesses = subject.properties.all.filter((property) => property.kind === 'sometimes');
  return witnesses.map(({ name, says }): Row => {
    const excuse = variant.unreachable?.[name];
    const expected = excuse === undefined ? 'seen' : 'any';
    const names = { model: subject.model.name, variant: subject.variant, property: name };
    const basics = { unit, kind: 'witness', ...names, expected, schedules: scan.schedules } as const;
    if (scan.seen.has(name)) return { ...basics, verdict: 'sampled', ok: true, detail: says };
    const shownBy = kept.get(name);
    if (shownBy !== undefined) {
      const detail = `${says} (too rare for ${scan.schedules} random schedules: shown by the seed ${shownBy})`;
      return { ...basics, verdict: 'sampled', ok: true, detail };
    }
    const missing = { ...basics, verdict: 'inconclusive' } as const;
    if (excuse !== undefined) return { ...missing, ok: true, detail: `never seen, and need not be: ${excuse}` };
    const detail = `must be seen, was not in ${scan.schedules} schedules: ${says}`;
    return scan.unfinished ? { ...missing, ok: false, unfinished: true, detail } : { ...missing, ok: false, detail };
  });
}

function summary(
  subject: Subject,
  variant: Variant<unknown>,
  scan: Scan,
  kept: ReadonlyMap<string, string>,
): SystemSummary {
  const { all } = subject.properties;
  const text = (ticks: number) => formatDuration(ticks, subject.tickNs);
  const witnesses = all.filter((property) => property.kind === 'sometimes').map((property) => property.name);
  return {
    ...namesOf({ model: subject.model.name, variant: subject.variant }),
    about: variant.about,
    schedules: scan.schedules,
    measures: all.flatMap(({ kind, name, says }) => {
      const span = kind === 'measure' ? scan.measured(name) : undefined;
      return span === undefined ? [] : [{ name, says, least: text(span.least), greatest: text(span.greatest) }];
    }),
    witnesses: {
      seen: witnesses.filter((name) => scan.seen.has(name) || kept.has(name)),
      missing: witnesses.filter((name) => !scan.seen.has(name) && !kept.has(name)),
    },
  };
}
