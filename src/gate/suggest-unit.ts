import { type Edge, edgeBetween, edgeTowards, roundBelow, type Suits } from '../engine/edge.ts';
import type { Ticks } from '../kernel/bounds.ts';
import type { Advice } from '../model/advice.ts';
import { formatDuration, parseDuration } from '../model/duration-text.ts';
import type { Settings } from '../model/parameters.ts';
import { DEFAULT_MAX_STATES } from './campaign.ts';
import { proveCommand } from './command.ts';
import { type MeasureResult, NO_END, type ProveResult } from './exhaustive-task.ts';
import { modelNamed } from './registry.ts';
import { type Site, targetAt } from './site.ts';
import type { ProvedUntil, Refusal, Slack, Suggestion, SuggestOutcome } from './suggest-outcome.ts';
import type { Axis } from './sweep-axis.ts';
import { provenBy } from './sweep-unit.ts';
import type { Campaign, WorkFor } from './unit.ts';

/** What is asked, all names known. */
export interface Suggest {
  readonly campaign: Pick<Campaign, 'registry' | 'maxStates' | 'options'>;
  readonly site: Site;
  readonly advice: Advice;
  readonly within: Ticks;
  readonly says: string;
  readonly period: Axis;
  readonly timeout: Axis;
  readonly given: readonly Given[];
  readonly tickNs: number;
}

/** Something that is given, and the worst value of it that is looked at. */
interface Given {
  readonly axis: Axis;
  readonly which: Slack['which'];
  readonly given: Ticks;
  readonly worst: Ticks;
}

/** Shares of the longest period that could do, at which one is looked for that does. */
const SHARES = [1, 7 / 8, 3 / 4, 1 / 2, 1 / 4, 1 / 8, 1 / 16, 1 / 32];

/** Where the span is too long even with this share, the period is not why. */
const SHORT_ENOUGH = 1 / 4;

/** Digits of what is wanted to which a boundary is found. */
const DIGITS = 2;

/** Looks for the longest period with each multiple, proves it, and says how much room there is. */
export function* suggest(asked: Suggest): WorkFor<SuggestOutcome> {
  const { site, advice, within, campaign, says, tickNs } = asked;
  const suggestions: Suggestion[] = [];
  const refusals: Refusal[] = [];
  for (const multiple of advice.multiples) {
    const found = yield* new Search(asked, multiple).run();
    if ('why' in found) refusals.push(found);
    else suggestions.push(found);
  }
  return {
    command: 'suggest',
    model: site.model,
    variant: site.variant,
    composition: advice.composition,
    span: advice.span,
    says,
    within: formatDuration(within, tickNs),
    period: advice.period,
    timeout: advice.timeout,
    keeps: advice.keeps,
    settings: site.settings,
    maxStates: campaign.maxStates,
    suggestions,
    refusals,
  };
}

interface Judgement {
  readonly suits: Suits;
  /** Unless it suits. */
  readonly why?: string;
  /** Where the promises are kept. */
  readonly worst?: Suggestion['worst'];
}

/** Periods with one multiple. */
class Search {
  readonly #asked: Suggest;
  readonly #multiple: number;
  readonly #resolution: Ticks;

  constructor(asked: Suggest, multiple: number) {
    this.#asked = asked;
    this.#multiple = multiple;
    this.#resolution = Math.max(1, 10 ** (Math.floor(Math.log10(asked.within)) - DIGITS));
  }

  *run(): WorkFor<Suggestion | Refusal> {
    const { within } = this.#asked;
    let tooLong = Math.floor(within / this.#multiple) + 1;
    let refusal: Judgement | undefined;
    for (const share of SHARES) {
      const period = Math.floor((within / this.#multiple) * share);
      if (period < 1) break;
      const judgement = yield* this.#judge(period);
      if (judgement.suits === undefined) return this.#refuse(judgement);
      if (judgement.suits) return yield* this.#describe(period, tooLong);
      tooLong = period;
      refusal = judgement;
      if (judgement.worst !== undefined && share <= SHORT_ENOUGH) break;
    }
    return this.#refuse(refusal ?? { suits: false, why: 'it is shorter than the tick of the model' });
  }

  #refuse({ suits, why = '' }: Judgement): Refusal {
    return { multiple: this.#multiple, why, isOpen: suits === undefined };
  }

  *#describe(good: Ticks, tooLong: Ticks): WorkFor<Suggestion | Refusal> {
    const longest = yield* this.#drive(edgeBetween(good, tooLong, this.#resolution), (each) => this.#judge(each));
    let period = roundBelow(longest.last);
    let judgement = yield* this.#judge(period);
    if (judgement.suits !== true) {
      period = longest.last;
      judgement = yield* this.#judge(period);
    }
    const { worst } = judgement;
    if (judgement.suits !== true || worst === undefined) return this.#refuse(judgement);
    const slack: Slack[] = [];
    for (const given of this.#asked.given) slack.push(yield* this.#slackOf(given, period));
    return this.#tell(period, worst, longest, slack);
  }

  #tell(period: Ticks, worst: Suggestion['worst'], longest: Edge, slack: Slack[]): Suggestion {
    const { campaign, site, within, advice, tickNs } = this.#asked;
    const multiple = this.#multiple;
    const text = (ticks: Ticks) => formatDuration(ticks, tickNs);
    const chosen = { ...site, settings: { ...site.settings, ...this.#settingsOf(period) } };
    const words = ['--property', ...advice.keeps];
    return {
      multiple,
      period: text(period),
      timeout: text(multiple * period),
      worst,
      left: text(within - parseDuration(worst.length, tickNs)),
      longest: provedUntil(longest, text),
      slack,
      command: proveCommand(
        { ...campaign, maxStates: Math.max(campaign.maxStates, DEFAULT_MAX_STATES) },
        chosen,
        words,
      ),
    };
  }

  /** How much worse one given thing may get. */
  *#slackOf({ axis, which, given, worst }: Given, period: Ticks): WorkFor<Slack> {
    const edge = yield* this.#drive(edgeTowards(given, worst, this.#resolution), (value) =>
      this.#judge(period, axis.settingOf(value)),
    );
    return {
      name: axis.name,
      given: axis.placeOf(given).text,
      which,
      ...provedUntil(edge, (value) => axis.placeOf(value).text),
      ...(edge.last === worst ? { isFurthest: true } : {}),
    };
  }

  *#drive(search: Generator<Ticks, Edge, Suits>, judge: (value: Ticks) => WorkFor<Judgement>): WorkFor<Edge> {
    let step = search.next();
    while (step.done !== true) step = search.next((yield* judge(step.value)).suits);
    return step.value;
  }

  #settingsOf(period: Ticks): Settings {
    const { period: chosen, timeout } = this.#asked;
    return { ...chosen.settingOf(period), ...timeout.settingOf(this.#multiple * period) };
  }

  /** Whether the span is short enough, and all promises are proved. */
  *#judge(period: Ticks, given: Settings = {}): WorkFor<Judgement> {
    const { campaign, site, advice, within, tickNs } = this.#asked;
    const { registry, maxStates } = campaign;
    const settings = { ...site.settings, ...given, ...this.#settingsOf(period) };
    const target = targetAt(modelNamed(registry, site.model), { ...site, settings });
    // What is violated is found soon; the exact end of a span takes the whole search.
    const [result] = yield [{ kind: 'prove', target, properties: advice.keeps, maxStates, shrink: false }];
    if (result === undefined) return { suits: undefined, why: 'time ran out' };
    const kept = verdictOn(provenBy(result));
    if (kept.suits !== true) return kept;
    const [measured] = yield [{ kind: 'measure', target, span: advice.span, maxStates }];
    if (measured === undefined) return { suits: undefined, why: 'time ran out' };
    const worst = greatestOf(measured as MeasureResult);
    if (worst === undefined) return { suits: undefined, why: (measured as MeasureResult).stopped ?? 'no end is known' };
    if (worst.length !== NO_END && parseDuration(worst.length, tickNs) <= within) return { suits: true, worst };
    return {
      suits: false,
      why: `${advice.span} takes ${worst.length} with ${advice.period}=${formatDuration(period, tickNs)}`,
      worst,
    };
  }
}

function provedUntil({ last, open }: Edge, text: (value: Ticks) => string): ProvedUntil {
  return { until: text(last), ...(open === undefined ? {} : { undecided: text(open) }) };
}

function greatestOf({ complete, greatest }: MeasureResult): Suggestion['worst'] | undefined {
  return complete ? (greatest ?? { length: '0', attained: true }) : undefined;
}

function verdictOn(proofs: ProveResult['proofs']): Judgement {
  const broken = proofs.find(({ verdict }) => verdict === 'violated');
  if (broken !== undefined) return { suits: false, why: `${broken.property} is violated` };
  const open = proofs.find(({ verdict }) => verdict !== 'proved');
  return open === undefined
    ? { suits: true }
    : { suits: undefined, why: `${open.property}: ${open.stopped ?? 'no answer'}` };
}
