import { BATCH_SIZE } from '../engine/simulate.ts';
import { InternalError } from '../kernel/errors.ts';
import { variantOf } from '../model/model.ts';
import { MUTANT_CAMPAIGNS, MUTANT_KILLS_LEAST, nthSeed } from './campaign.ts';
import { type MutantSummary, NOTHING_FOUND, type Row, unitOf } from './outcome.ts';
import { refutation, refutedText } from './refuted.ts';
import { refutersOf } from './site.ts';
import { type Broken, type Hunted, subjectOf, type Target, type Task, type TaskResult } from './tasks.ts';
import { brokenRow, type Campaign, namesOf, storyOf, type Unit, type Work } from './unit.ts';

/** As many campaigns as settle that a mutant gets away. */
const MISSES_MOST = MUTANT_CAMPAIGNS - MUTANT_KILLS_LEAST;

/** After how many campaigns it is looked at whether a mutant has got away from so many that the rest are not worth the time. */
const LOOKS = [MISSES_MOST + 1, 8, MUTANT_CAMPAIGNS] as const;

/** A wrong edit: must be caught by the property that it declares, in (nearly) all of a number of campaigns. */
export function mutantUnit(campaign: Campaign, target: Target): Unit {
  const name = unitOf(target);
  return { name, work: () => mutant(campaign, target, name) };
}

function* mutant(campaign: Campaign, target: Target, unit: string): Work {
  const { model } = subjectOf(campaign.registry, target);
  const { expect } = variantOf(model, target.variant);
  if (expect.kind !== 'mutant') throw new InternalError(`${unit} is no mutant`);
  const { of, edit, killedBy } = expect;
  const tasks = Array.from(
    { length: MUTANT_CAMPAIGNS },
    (_, index): Task => ({ kind: 'hunt', target, seed: nthSeed(campaign.seed, index), property: killedBy }),
  );
  const refuters = refutersOf(model, target.variant, killedBy, campaign.maxStates);
  const quick = refuters.filter(({ heavy }) => campaign.full || !heavy);
  const first = yield [...tasks.slice(0, LOOKS[0]), ...quick.map(({ task }) => task)];
  const results = first.slice(0, LOOKS[0]);
  const survives = () => results.filter(isMiss).length > MISSES_MOST;
  for (const look of LOOKS) {
    if (results.length < look && !survives()) results.push(...(yield tasks.slice(results.length, look)));
  }

  const explored = first.slice(LOOKS[0]);
  const isKilled = !survives() || quick.some((_, index) => isRefuted(explored[index]));
  const slow = isKilled ? [] : refuters.filter(({ heavy }) => !campaign.full && heavy);
  if (slow.length > 0) explored.push(...(yield slow.map(({ task }) => task)));
  const broken = [...results, ...explored].find((result) => result?.kind === 'broken') as Broken | undefined;
  if (broken !== undefined) return { ...NOTHING_FOUND, rows: [brokenRow(unit, target, broken)] };
  const hunts = results.filter((result): result is Hunted => result?.kind === 'hunt');
  const proofs = [...quick, ...slow].flatMap(({ composition }, index) => refutation(composition, explored[index]));
  const summary = { ...namesOf(target), of, edit, killedBy, ...fateOf(hunts), proofs };
  const row = judge(unit, summary, hunts, results.includes(undefined));
  const found = { ...NOTHING_FOUND, rows: [row], mutants: [summary] };

  const index = results.findIndex((result) => result?.kind === 'hunt' && result.killed !== undefined);
  const killed = (results[index] as Hunted | undefined)?.killed;
  if (killed === undefined) return found;
  const [told] = yield [{ kind: 'tell', target, seed: killed.batchSeed, runs: BATCH_SIZE, property: killedBy }];
  if (told?.kind === 'broken') return { ...found, rows: [row, brokenRow(unit, target, told)] };
  if (told?.kind !== 'tell') return found;
  const seed = nthSeed(campaign.seed, index);
  const story = storyOf(campaign, {
    unit,
    target,
    property: killedBy,
    expected: row.ok,
    seed,
    before: killed.before,
    told,
  });
  return { ...found, stories: [story] };
}

function isMiss(result: TaskResult | undefined): boolean {
  return result?.kind === 'hunt' && result.killed === undefined;
}

function isRefuted(result: TaskResult | undefined): boolean {
  return result?.kind === 'prove' && result.proofs[0]?.verdict === 'violated';
}

function fateOf(hunts: readonly Hunted[]): Pick<MutantSummary, 'campaigns' | 'killed' | 'median' | 'greatest'> {
  const needed = hunts.flatMap((hunted) => hunted.killed?.atSchedule ?? []).sort((a, b) => a - b);
  const median = needed[Math.floor((needed.length - 1) / 2)];
  const greatest = needed.at(-1);
  const fate = { campaigns: hunts.length, killed: needed.length };
  return median === undefined || greatest === undefined ? fate : { ...fate, median, greatest };
}

function judge(unit: string, summary: MutantSummary, hunts: readonly Hunted[], interrupted: boolean): Row {
  const { killed, campaigns, edit, killedBy, median = 0 } = summary;
  const basics = {
    unit,
    kind: 'mutant',
    ...namesOf(summary),
    property: killedBy,
    expected: 'violated',
    schedules: median,
  } as const;
  const survives = campaigns - killed > MISSES_MOST;
  if (interrupted && !survives) {
    const detail = `time ran out after ${campaigns} of ${MUTANT_CAMPAIGNS} campaigns`;
    return { ...basics, verdict: 'inconclusive', ok: false, unfinished: true, detail };
  }
  if (!survives) return { ...basics, verdict: 'violated', ok: true, detail: edit };
  const refuted = summary.proofs.find((proof) => proof.verdict === 'violated');
  if (refuted !== undefined) {
    const detail = `${edit} (random schedules kill it in ${killed} of ${campaigns} campaigns: ${refutedText(refuted)})`;
    return { ...basics, verdict: 'violated', ok: true, detail };
  }
  const verdict = killed > 0 ? 'violated' : 'sampled';
  const missed = hunts.filter((hunted) => hunted.killed === undefined);
  const others = [...new Set(missed.flatMap((hunted) => hunted.others))].sort();
  const instead = others.length === 0 ? 'nothing else was violated' : `violated instead: ${others.join(', ')}`;
  const detail = `must be killed in ${MUTANT_KILLS_LEAST} of ${MUTANT_CAMPAIGNS} campaigns, was in ${killed} of ${campaigns}; ${instead}`;
  return { ...basics, verdict, ok: false, detail: `${detail}; the edit: ${edit}` };
}
