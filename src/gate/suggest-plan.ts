import type { Subject } from '../engine/run.ts';
import type { Ticks } from '../kernel/bounds.ts';
import type { Advice } from '../model/advice.ts';
import { formatDuration, parseDuration, TextError } from '../model/duration-text.ts';
import { UnknownNameError } from '../model/model.ts';
import { SettingError, type Settings } from '../model/parameters.ts';
import { checkDeclarations } from './declarations.ts';
import { targetOf } from './plan.ts';
import { modelNamed } from './registry.ts';
import { type Site, subjectAt } from './site.ts';
import { saysOf } from './story.ts';
import type { Suggest } from './suggest-unit.ts';
import { type Axis, axisOf, UPPER_END } from './sweep-axis.ts';

export interface SuggestRequest {
  readonly model?: string;
  readonly variant?: string;
  readonly settings: Settings;
  /** The wanted bound, such as `60s`. */
  readonly within?: string;
}

/** Throws an UnknownNameError, a SettingError or a DeclarationError. */
export function planSuggest(campaign: Suggest['campaign'], request: SuggestRequest): Suggest {
  const { registry } = campaign;
  const { model: name, variant } = targetOf(registry, request);
  const model = modelNamed(registry, name);
  checkDeclarations(model);
  const { advice } = model;
  if (advice === undefined) {
    const known = registry.entries.filter((entry) => entry.model.advice !== undefined).map((entry) => entry.model.name);
    throw new UnknownNameError(
      `expected a model that declares its advice, got ${name}, do: pick one of ${known.sort().join(', ') || 'none: add advice to the model'}`,
    );
  }
  for (const chosen of [advice.period, advice.timeout]) {
    if (Object.hasOwn(request.settings, chosen))
      throw new SettingError(`expected ${chosen} to be chosen, got it in --set, do: leave it out`);
  }
  const site: Site = { model: name, variant, composition: advice.composition, settings: request.settings };
  const subject = subjectAt(model, site);
  const within = withinOf(request.within, subject);
  return {
    campaign,
    site,
    advice,
    within,
    says: saysOf(subject, advice.span),
    period: lengthAxis(subject, advice.period, within),
    timeout: lengthAxis(subject, advice.timeout, within),
    given: Object.entries(advice.given).map(([given, which]) => givenAxis(subject, given, which, within)),
    tickNs: subject.tickNs,
  };
}

function withinOf(text: string | undefined, { tickNs }: Subject): Ticks {
  const example = 'do: write it such as --within 60s';
  if (text === undefined) throw new SettingError(`expected --within, got none, ${example}`);
  try {
    const ticks = parseDuration(text, tickNs);
    if (ticks > 0 && ticks < Infinity) return ticks;
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
  }
  throw new SettingError(`expected a duration for --within, got "${text}", ${example}`);
}

function lengthAxis(subject: Subject, name: string, within: Ticks): Axis {
  const [from, to] = [1, within].map((ticks) => formatDuration(ticks, subject.tickNs)) as [string, string];
  return axisOf(subject, { name, from, to });
}

/** From what is given to the worst that is looked at: nothing at all, or ten times what is wanted. */
function givenAxis(
  subject: Subject,
  name: string,
  which: Advice['given'][string],
  within: Ticks,
): Suggest['given'][number] {
  const plain = name.endsWith(UPPER_END) ? name.slice(0, -UPPER_END.length) : name;
  const parameter = subject.model.parameters[plain];
  const lengths = parameter?.lengths(subject.config[plain]) ?? [];
  const given = lengths.at(-1);
  if (parameter === undefined || given === undefined) throw new SettingError(`expected a length, got ${name}`);
  const worst = which === 'may fall' ? 1 : Math.max(10 * within, given + 1);
  const text = (ticks: Ticks) => formatDuration(ticks, subject.tickNs);
  const [from, to] = [Math.min(given, worst), Math.max(given, worst)];
  return { axis: axisOf(subject, { name, from: text(from), to: text(to) }), which, given, worst };
}
