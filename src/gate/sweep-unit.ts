import { provableOf } from '../engine/prove.ts';
import { type Answer, type Boundary, gridOf, type Stretch, type SweptLine, sweepLine } from '../engine/sweep.ts';
import type { Settings } from '../model/parameters.ts';
import { proveCommand } from './command.ts';
import { DeclarationError } from './declaration-error.ts';
import type { ProveResult } from './exhaustive-task.ts';
import { modelNamed } from './registry.ts';
import { type Site, subjectAt, targetAt } from './site.ts';
import type { Axis } from './sweep-axis.ts';
import type { SweepOutcome, SweptAxis, SweptBoundary, SweptRow, SweptStretch } from './sweep-outcome.ts';
import type { TaskResult } from './tasks.ts';
import type { Campaign, WorkFor } from './unit.ts';

/** What is asked, all names known. */
export interface Sweep {
  readonly campaign: Pick<Campaign, 'registry' | 'maxStates' | 'options'>;
  readonly site: Site;
  readonly property: string;
  readonly says: string;
  readonly along: Axis;
  readonly across?: Axis;
  readonly steps: number;
}

/** Asks `prove` for one property at one value after another. */
export function* sweep(asked: Sweep): WorkFor<SweepOutcome> {
  const { campaign, site, property, says, along, across, steps } = asked;
  const others = new Map<string, Settings>();
  const rows: SweptRow[] = [];
  for (const value of across === undefined ? [undefined] : gridOf(across.from, across.to, steps)) {
    const fixed = value === undefined ? {} : (across as Axis).settingOf(value);
    const row = yield* sweepRow(asked, { ...site, settings: { ...site.settings, ...fixed } }, others);
    rows.push(value === undefined ? row : { at: (across as Axis).placeOf(value), ...row });
  }
  const { model, variant, composition, settings } = site;
  return {
    command: 'sweep',
    model,
    variant,
    ...(composition === undefined ? {} : { composition }),
    property,
    says,
    settings,
    maxStates: campaign.maxStates,
    along: sweptAxis(along),
    ...(across === undefined ? {} : { across: sweptAxis(across) }),
    rows,
    others: [...others].map(([name, at]) => ({ property: name, settings: at })),
  };
}

function sweptAxis({ name, about, unit, step, from, to, placeOf }: Axis): SweptAxis {
  return { name, about, unit, step, from: placeOf(from), to: placeOf(to) };
}

function* sweepRow(asked: Sweep, site: Site, others: Map<string, Settings>): WorkFor<SweptRow> {
  const { along, steps } = asked;
  const reasons = new Map<number, string>();
  const search = sweepLine(gridOf(along.from, along.to, steps));
  let step = search.next();
  while (step.done !== true) {
    const value = step.value;
    const at = { ...site, settings: { ...site.settings, ...along.settingOf(value) } };
    const { answer, why } = yield* askAt(asked, at, others);
    if (why !== undefined) reasons.set(value, why);
    step = search.next(answer);
  }
  return rowOf(asked, site, step.value, reasons);
}

interface PointAnswer {
  readonly answer: Answer;
  readonly why?: string;
}

function* askAt({ campaign, property }: Sweep, site: Site, others: Map<string, Settings>): WorkFor<PointAnswer> {
  const model = modelNamed(campaign.registry, site.model);
  if (!provableOf(subjectAt(model, site)).includes(property))
    return { answer: 'inconclusive', why: 'not promised here' };
  const { maxStates } = campaign;
  const target = targetAt(model, site);
  const [result] = yield [{ kind: 'prove', target, properties: [property], maxStates, shrink: false }];
  if (result === undefined) return { answer: 'inconclusive', why: 'time ran out' };
  const proofs = provenBy(result);
  for (const { property: name, verdict } of proofs) {
    if (name !== property && verdict === 'violated' && !others.has(name)) others.set(name, site.settings);
  }
  const { verdict, stopped } = proofs.find((proof) => proof.property === property) as (typeof proofs)[number];
  return { answer: verdict, ...(stopped === undefined ? {} : { why: stopped }) };
}

/** The proofs in the result of a task that asked for some. Throws a DeclarationError. */
export function provenBy(result: TaskResult): ProveResult['proofs'] {
  if (result.kind === 'prove') return result.proofs;
  throw new DeclarationError(
    `expected a model whose state is all in kernel objects, got: ${result.kind === 'broken' ? result.message : result.kind}, do: correct the model`,
  );
}

function rowOf(asked: Sweep, site: Site, line: SweptLine, reasons: ReadonlyMap<number, string>): SweptRow {
  const { along } = asked;
  const stretchOf = ({ from, to, answer }: Stretch): SweptStretch => {
    const why = reasons.get(from);
    const ends = { from: along.placeOf(from), to: along.placeOf(to), verdict: answer };
    return why === undefined ? ends : { ...ends, why };
  };
  return {
    stretches: line.stretches.map(stretchOf),
    boundaries: line.boundaries.map((boundary) => boundaryOf(asked, site, boundary)),
    isMonotone: line.isMonotone,
    points: line.points,
  };
}

function boundaryOf({ campaign, property, along }: Sweep, site: Site, boundary: Boundary): SweptBoundary {
  const { below, above, exact } = boundary;
  const tie = exact && along.unit === 's' ? tieOf(boundary) : undefined;
  const broken = below.answer === 'violated' ? below.to : above.from;
  const settings = { ...site.settings, ...along.settingOf(broken) };
  return {
    last: along.placeOf(below.to),
    lastVerdict: below.answer,
    first: along.placeOf(above.from),
    firstVerdict: above.answer,
    exact,
    ...(tie === undefined ? {} : { tie: { ...along.placeOf(tie.value), verdict: tie.answer } }),
    command: proveCommand(campaign, { ...site, settings }, ['--property', property]),
  };
}

/** Of two neighbours, one at most ends in a zero. */
function tieOf({ below, above }: Boundary): { readonly value: number; readonly answer: Answer } | undefined {
  if (below.to % 10 === 0) return { value: below.to, answer: below.answer };
  if (above.from % 10 === 0) return { value: above.from, answer: above.answer };
  return undefined;
}
