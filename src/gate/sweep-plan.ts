import { provableOf } from '../engine/prove.ts';
import type { Subject } from '../engine/run.ts';
import { UnknownNameError } from '../model/model.ts';
import { SettingError, type Settings } from '../model/parameters.ts';
import { checkDeclarations } from './declarations.ts';
import { targetOf } from './plan.ts';
import { sitesOf } from './prove-plan.ts';
import { modelNamed } from './registry.ts';
import { type Site, subjectAt, WHOLE_MODEL } from './site.ts';
import { saysOf } from './story.ts';
import { type Axis, axisOf, type Over, UPPER_END } from './sweep-axis.ts';
import type { Sweep } from './sweep-unit.ts';

/** What a user may ask to be swept. */
export interface SweepRequest {
  readonly model?: string;
  readonly variant?: string;
  readonly composition?: string;
  readonly settings: Settings;
  readonly property?: string;
  readonly over: readonly Over[];
  readonly steps: number;
}

/** Throws an UnknownNameError, a SettingError or a DeclarationError. */
export function planSweep(campaign: Sweep['campaign'], request: SweepRequest): Sweep {
  const { registry } = campaign;
  const { property: _, ...others } = request;
  const { model: name, variant } = targetOf(registry, others);
  const model = modelNamed(registry, name);
  checkDeclarations(model);
  const site = onlySite(sitesOf(model, variant, request));
  const subject = subjectAt(model, site);
  const [along, across] = axesOf(subject, request);
  const corners = cornersOf(along, across).map((corner) =>
    subjectAt(model, { ...site, settings: { ...site.settings, ...corner } }),
  );
  // What is promised may depend on the parameters.
  const subjects = [subject, ...corners];
  const property = provable(request.property, [...new Set(subjects.flatMap(provableOf))], site);
  const promising = subjects.filter((each) => provableOf(each).includes(property));
  const says = sharedSentences(promising.map((each) => saysOf(each, property)));
  const basics = { campaign, site, property, says, along, steps: request.steps };
  return across === undefined ? basics : { ...basics, across };
}

/** A boundary is that of one composition. */
function onlySite(sites: readonly Site[]): Site {
  const [site, ...more] = sites as [Site, ...Site[]];
  if (more.length === 0) return site;
  const names = sites.map(({ composition }) => composition).join(', ');
  throw new UnknownNameError(
    `expected --composition, got none: ${sites.length} name ${site.model}/${site.variant}, do: --composition with one of ${names}, ${WHOLE_MODEL}`,
  );
}

function provable(name: string | undefined, known: readonly string[], { model, variant }: Site): string {
  if (name !== undefined && known.includes(name)) return name;
  const got = name === undefined ? 'none' : `"${name}"`;
  throw new UnknownNameError(
    `expected --property, one of what prove can prove of ${model}/${variant}, got ${got}, do: pick one of ${known.join(', ')}`,
  );
}

function axesOf(subject: Subject, { over, settings }: SweepRequest): readonly [Axis, Axis?] {
  const example = 'do: write it --over interval=5s..30s, once or twice';
  const [first, second, ...more] = over.map((each) => axisOf(subject, each));
  if (first === undefined) throw new SettingError(`expected --over, got none, ${example}`);
  if (more.length > 0) throw new SettingError(`expected one or two --over, got ${over.length}, ${example}`);
  if (first.name === second?.name)
    throw new SettingError(`expected two parameters, got ${first.name} twice, ${example}`);
  for (const axis of second === undefined ? [first] : [first, second]) {
    // The lower end of a range is set, and kept.
    const isKept = axis.name.endsWith(UPPER_END);
    const name = Object.keys(axis.settingOf(axis.from))[0] as string;
    if (Object.hasOwn(settings, name) && !isKept) {
      throw new SettingError(`expected ${name} in --set or in --over, got it in both, do: leave one of them out`);
    }
  }
  return second === undefined ? [first] : [first, second];
}

/** A property may say whether it is promised with just these parameters: that is nothing to say of all of them. */
function sharedSentences([first, ...others]: readonly string[]): string {
  const sentencesOf = (text: string) => text.split(/(?<=[.?!]) /);
  const said = others.map(sentencesOf);
  return sentencesOf(first ?? '')
    .filter((sentence) => said.every((each) => each.includes(sentence)))
    .join(' ');
}

/** The ends of both parameters: what can be set there can be set between them. */
function cornersOf(along: Axis, across: Axis | undefined): readonly Settings[] {
  return [along.from, along.to].flatMap((value) => {
    const setting = along.settingOf(value);
    if (across === undefined) return [setting];
    return [across.from, across.to].map((other) => ({ ...setting, ...across.settingOf(other) }));
  });
}
