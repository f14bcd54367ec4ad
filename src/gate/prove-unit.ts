import type { Growth } from '../engine/prove.ts';
import type { Subject } from '../engine/run.ts';
import { type Provable, variantOf } from '../model/model.ts';
import { proveCommand } from './command.ts';
import {
  type MeasureResult,
  NO_END,
  type ProofResult,
  type SpanName,
  spanText,
  type Which,
} from './exhaustive-task.ts';
import { type ExactTime, type LeftOut, NOTHING_FOUND, type Row, type Story } from './outcome.ts';
import { modelNamed } from './registry.ts';
import { declaredAt, heavyAt, refuteTask, type Site, subjectAt, targetAt } from './site.ts';
import { saysOf } from './story.ts';
import type { Broken, Target, Task, TaskResult } from './tasks.ts';
import { brokenRow, type Campaign, declaredViolations, type Unit, type Work } from './unit.ts';

type ProveCampaign = Pick<Campaign, 'registry' | 'maxStates' | 'options'> & Partial<Pick<Campaign, 'full'>>;

/** What a user asks of a site. */
export interface Question {
  readonly properties: readonly string[];
  readonly spans: readonly SpanName[];
  readonly witness?: Which;
}

/**
 * A site, explored exhaustively: what is declared to be proved is, and what is declared to be refuted is; what is
 * declared as heavy is left out, unless the campaign is a full one. A user's question may go beyond what is declared:
 * that must hold; and a limit that is hit leaves it open, where the gate fails. With `only`, of what is declared only
 * that property.
 */
export function proveUnit(campaign: ProveCampaign, site: Site, question?: Question, only?: string): Unit {
  const on = site.composition === undefined ? '' : ` on ${site.composition}`;
  const name = `prove ${site.model}/${site.variant}${on}`;
  return { name, work: () => explore(campaign, site, name, question, only) };
}

/** What every row of a unit is made from. */
interface Job {
  readonly campaign: ProveCampaign;
  readonly site: Site;
  readonly unit: string;
  readonly subject: Subject;
  readonly target: Target;
  readonly declared: Provable;
  /** Whether a limit that is hit is the user's, who asked, and not the gate's. */
  readonly isQuestion: boolean;
}

function* explore(
  campaign: ProveCampaign,
  site: Site,
  unit: string,
  question: Question | undefined,
  only: string | undefined,
): Work {
  const model = modelNamed(campaign.registry, site.model);
  const [subject, target] = [subjectAt(model, site), targetAt(model, site)];
  const declared = declaredAt(model, site) ?? {};
  const job = { campaign, site, unit, subject, target, declared, isQuestion: question !== undefined };
  const isSought = (property: string) => only === undefined || property === only;
  const properties = question?.properties ?? [...(declared.proves ?? []), ...(declared.refutes ?? [])].filter(isSought);
  const measures = question?.spans ?? (declared.measures ?? []).filter(isSought);
  const heavy = question === undefined && campaign.full !== true ? heavyAt(model, site) : undefined;
  const asked = heavy === true ? [] : properties;
  const spans = heavy === undefined ? measures : [];
  const searches = searchTasks(job, asked);
  const results = yield [...searches, ...spans.map((span) => measureTask(job, span, question?.witness))];
  const broken = results.find((result) => result?.kind === 'broken') as Broken | undefined;
  if (broken !== undefined) return { ...NOTHING_FOUND, rows: [brokenRow(unit, site, broken)] };

  const proofs = proofsByProperty(results);
  const rows = [...new Set([...asked, ...proofs.keys()])].map((property) => judge(job, property, proofs.get(property)));
  const measured = spans.map((span, index) => {
    const result = results[searches.length + index];
    return { span, result: result?.kind === 'measure' ? result : undefined };
  });
  return {
    ...NOTHING_FOUND,
    left: [
      ...(asked === properties ? [] : properties.map((property) => leftOut(job, 'proof', property))),
      ...(spans === measures ? [] : measures.map((span) => leftOut(job, 'measure', spanText(span)))),
    ],
    rows: [...rows, ...measured.flatMap(({ span, result }) => openMeasure(job, span, result))],
    exactTimes: measured.flatMap(({ result }) => exactTime(job, result)),
    stories: [
      ...rows.flatMap(({ property, ok }) => proofStory(job, ok, proofs.get(property))),
      ...measured.flatMap(({ span, result }) => witnessStory(job, span, question?.witness, result)),
    ],
  };
}

/** What is to be refuted is looked for alone, so that its search ends where it is found. */
function searchTasks({ target, declared, campaign }: Job, asked: readonly string[]): readonly Task[] {
  const isAlone = (name: string) => declared.refutes?.includes(name) === true;
  const together = asked.filter((name) => !isAlone(name));
  const { maxStates } = campaign;
  return [
    ...(together.length === 0 ? [] : [{ kind: 'prove', target, properties: together, maxStates } as const]),
    ...asked.filter(isAlone).map((name) => refuteTask(target, name, maxStates)),
  ];
}

function measureTask({ target, campaign }: Job, span: SpanName, witness: Which | undefined): Task {
  const task = { kind: 'measure', target, span, maxStates: campaign.maxStates } as const;
  return witness === undefined ? task : { ...task, witness };
}

/** The first answer for each: failures that nobody asked about may show in more than one search. */
function proofsByProperty(results: readonly (TaskResult | undefined)[]): ReadonlyMap<string, ProofResult> {
  const proofs = new Map<string, ProofResult>();
  for (const proof of results.flatMap((result) => (result?.kind === 'prove' ? result.proofs : []))) {
    if (!proofs.has(proof.property)) proofs.set(proof.property, proof);
  }
  return proofs;
}

function siteOf({ unit, site }: Pick<Job, 'unit' | 'site'>) {
  const { model, variant, composition } = site;
  return { unit, model, variant, ...(composition === undefined ? {} : { composition }) };
}

function leftOut({ site, unit }: Job, kind: LeftOut['kind'], property: string): LeftOut {
  const { model, variant, composition = '' } = site;
  return { unit, model, variant, composition, kind, property };
}

function judge(job: Job, property: string, proof: ProofResult | undefined): Row {
  const { subject, declared } = job;
  const says = saysOf(subject, property);
  const expected = expectationOf(job, property);
  const basics = { ...siteOf(job), kind: 'proof', property, expected, schedules: 0 } as const;
  if (proof === undefined) return { ...basics, ...OUT_OF_TIME };
  const row = { ...basics, verdict: proof.verdict, states: proof.effort.states };
  switch (proof.verdict) {
    case 'inconclusive':
      return { ...row, ok: false, ...(job.isQuestion ? { unfinished: true } : {}), detail: openText(proof) };
    case 'proved': {
      const ok = expected === 'holds';
      return { ...row, ok, detail: ok ? says : `must be violated: ${whyOf(job, property)}` };
    }
    case 'violated': {
      const ok = expected !== 'holds';
      const must = declared.proves?.includes(property) === true ? 'must be proved: ' : 'must hold: ';
      return { ...row, ok, detail: ok ? whyOf(job, property) : `${must}${says}` };
    }
  }
}

const OUT_OF_TIME = { verdict: 'inconclusive', ok: false, unfinished: true, detail: 'time ran out' } as const;

/** A failure that shows though nobody asked may be the one that the variant is declared to break, or that a mutant does. */
function expectationOf({ declared, subject, isQuestion }: Job, property: string): 'holds' | 'violated' | 'any' {
  if (declared.refutes?.includes(property) === true) return 'violated';
  if (isQuestion || subject.promises.includes(property) || declared.proves?.includes(property) === true) return 'holds';
  const { expect } = variantOf(subject.model, subject.variant);
  if (Object.hasOwn(declaredViolations(expect), property)) return 'violated';
  return expect.kind === 'mutant' ? 'any' : 'holds';
}

/** Why it is expected to break. */
function whyOf({ subject }: Job, property: string): string {
  const { expect } = variantOf(subject.model, subject.variant);
  return declaredViolations(expect)[property] ?? saysOf(subject, property);
}

/** How far a search got that found no answer, and what kept it from coming to an end. */
function openText({ stopped, growth, effort }: Pick<ProofResult, 'stopped' | 'growth' | 'effort'>): string {
  const got = `stopped at depth ${effort.depth}: ${stopped}`;
  const grown = (growth ?? []).filter(({ object, contents }) => object !== '' && contents > 1).map(grownText);
  return grown.length === 0 ? got : `${got}; most values: ${grown.join(', ')}`;
}

function grownText({ object, contents }: Growth): string {
  return `${object} (${contents})`;
}

/** A measure is no verdict; that there is none, is. */
function openMeasure(job: Job, span: SpanName, result: MeasureResult | undefined): Row[] {
  const basics = {
    ...siteOf(job),
    kind: 'proof',
    property: spanText(span),
    expected: 'any',
    schedules: 0,
  } as const;
  if (result === undefined) return [{ ...basics, ...OUT_OF_TIME }];
  const row = { ...basics, verdict: 'inconclusive', ok: false, states: result.effort.states } as const;
  if (!result.complete) return [{ ...row, ...(job.isQuestion ? { unfinished: true } : {}), detail: openText(result) }];
  if (result.least === undefined) return [{ ...row, detail: `nothing to measure, no run begins it: ${result.says}` }];
  // A model may declare that a span never ends; who asks for two events may have misspelt one.
  if (typeof span === 'string' || result.least.length !== NO_END) return [];
  return [{ ...row, detail: `nothing to measure, no run ends it: ${result.says}` }];
}

function exactTime(job: Job, result: MeasureResult | undefined): ExactTime[] {
  if (result === undefined) return [];
  const { property, says, complete, effort, least, greatest } = result;
  const basics = { ...siteOf(job), property, says, complete, states: effort.states };
  return least === undefined || greatest === undefined ? [] : [{ ...basics, least, greatest }];
}

function proofStory(job: Job, expected: boolean, proof: ProofResult | undefined): Story[] {
  if (proof?.shown === undefined) return [];
  const { property, effort, shown } = proof;
  const { site, target, campaign } = job;
  return [
    {
      ...siteOf(job),
      property,
      verdict: 'violated',
      expected,
      found: { states: effort.states, shrinks: shown.shrinks },
      settings: target.settings,
      ...shown.tale,
      command: proveCommand(campaign, site, ['--property', property]),
    },
  ];
}

function witnessStory(job: Job, span: SpanName, which: Which | undefined, result: MeasureResult | undefined): Story[] {
  const end = which === undefined ? undefined : result?.[which];
  if (which === undefined || end === undefined || result?.tale === undefined) return [];
  const { site, target, campaign } = job;
  const words = ['--measure', ...(typeof span === 'string' ? [span] : [span.from, span.to]), '--witness', which];
  return [
    {
      ...siteOf(job),
      property: result.property,
      verdict: result.complete ? 'proved' : 'inconclusive',
      expected: true,
      extreme: { which, ...end },
      settings: target.settings,
      ...result.tale,
      command: proveCommand(campaign, site, words),
    },
  ];
}
