import { provableOf } from '../engine/prove.ts';
import { type AnyModel, UnknownNameError } from '../model/model.ts';
import type { Settings } from '../model/parameters.ts';
import { checkDeclarations, measurableOf } from './declarations.ts';
import type { SpanName, Which } from './exhaustive-task.ts';
import { targetOf } from './plan.ts';
import { proveUnit, type Question } from './prove-unit.ts';
import { modelNamed } from './registry.ts';
import { compositionNamed, compositionsOf, namedAt, type Site, subjectAt, WHOLE_MODEL } from './site.ts';
import type { Campaign, Unit } from './unit.ts';

/** What a user may ask to be explored; what he leaves out is what compositions declare, or all promises. */
export interface ProveRequest {
  readonly model?: string;
  readonly variant?: string;
  readonly composition?: string;
  readonly settings: Settings;
  readonly properties?: readonly string[];
  readonly span?: SpanName;
  readonly witness?: Which;
}

type ProveCampaign = Pick<Campaign, 'registry' | 'maxStates' | 'options'>;

/** One unit for each site that is asked about. Throws an UnknownNameError, a SettingError or a DeclarationError. */
export function planProve(campaign: ProveCampaign, request: ProveRequest): readonly Unit[] {
  const { registry } = campaign;
  const { model: name, variant } = targetOf(registry, request);
  const model = modelNamed(registry, name);
  checkDeclarations(model);
  return sitesOf(model, variant, request).map((site) => proveUnit(campaign, site, questionOf(model, site, request)));
}

/** As asked; else all compositions that name the variant; else, where the model has none, the model as it is. */
export function sitesOf(
  model: AnyModel,
  variant: string,
  { composition, settings }: Pick<ProveRequest, 'composition' | 'settings'>,
): readonly Site[] {
  const whole = { model: model.name, variant, settings };
  const compositions = compositionsOf(model);
  if (composition === WHOLE_MODEL || (composition === undefined && compositions.length === 0)) return [whole];
  if (composition !== undefined) {
    compositionNamed(model, composition);
    return [{ ...whole, composition }];
  }
  const naming = compositions.filter(([, { variants }]) => Object.hasOwn(variants, variant));
  if (naming.length > 0) return naming.map(([name]) => ({ ...whole, composition: name }));
  const known = [...compositions.map(([name]) => name), WHOLE_MODEL].join(', ');
  throw new UnknownNameError(
    `expected --composition, got none: none names ${model.name}/${variant}, do: --composition with one of ${known}`,
  );
}

/** What a user asks for, he asks of each site; what he leaves open is what each of them declares. */
function questionOf(model: AnyModel, site: Site, { properties, span, witness }: ProveRequest): Question {
  const subject = subjectAt(model, site);
  const named = namedAt(model, site.composition, site.variant);
  const declared = [...(named?.proves ?? []), ...(named?.refutes ?? [])];
  const asked = properties ?? (span !== undefined ? [] : named === undefined ? subject.promises : declared);
  const measures = properties === undefined ? (named?.measures ?? []) : [];
  const spans = span === undefined ? measures : [span];
  check('can prove of', asked, provableOf(subject), site);
  check(
    'can measure of',
    spans.filter((each) => typeof each === 'string'),
    measurableOf(subject),
    site,
  );
  const question = { properties: [...new Set(asked)], spans };
  return witness === undefined ? question : { ...question, witness };
}

function check(what: string, names: readonly string[], known: readonly string[], site: Site): void {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new UnknownNameError(
    `expected one of what prove ${what} ${site.model}/${site.variant}: ${known.join(', ') || 'nothing'}; got "${unknown}"`,
  );
}
