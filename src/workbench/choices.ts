import type { SeedFile } from '../gate/seed-file.ts';
import type { Site } from '../gate/site.ts';
import type { Shown } from './link.ts';
import type { ModelFacts, Opened } from './messages.ts';

/** What is run and proved. */
export function siteOf({ model, variant, composition, settings }: Shown): Site {
  return { model, variant, settings, ...(composition === undefined ? {} : { composition }) };
}

/** What the page begins with. */
export function opening({ models, opensWith }: Opened): Shown | undefined {
  const [first] = models;
  if (opensWith !== undefined) {
    const { model, variant, composition, property = '', schedule = {} } = opensWith;
    return { model, variant, property, settings: {}, schedule, ...(composition === undefined ? {} : { composition }) };
  }
  return first === undefined
    ? undefined
    : { model: first.name, variant: '', property: '', settings: {}, schedule: {}, composition: '' };
}

/** The same with names that there are: what is not said, or cannot be, follows from the rest. */
export function withDefaults({ models }: Opened, wanted: Shown): Shown {
  const model = models.find(({ name }) => name === wanted.model) ?? (models[0] as ModelFacts);
  const variants = model.variants.map(({ name }) => name);
  const known = [wanted.variant, 'reference'].find((name) => variants.includes(name));
  const variant = known ?? variants[0] ?? '';
  const composition = compositionFor(model, variant, wanted);
  const property = propertyFor(model, variant, composition, wanted.property);
  const parameters = model.parameters.map(({ name }) => name);
  const settings = Object.fromEntries(Object.entries(wanted.settings).filter(([name]) => parameters.includes(name)));
  const { composition: _, against, ...others } = wanted;
  return {
    ...others,
    model: model.name,
    variant,
    property,
    settings,
    ...(composition === undefined ? {} : { composition }),
    ...(against === undefined || !variants.includes(against) ? {} : { against }),
  };
}

/** The part that is wanted, if it is there; where another variant was picked, one that is declared for it. */
function compositionFor({ compositions }: ModelFacts, variant: string, wanted: Shown): string | undefined {
  if (wanted.composition === undefined) return undefined;
  const declared = compositions.filter(({ variants }) => Object.hasOwn(variants, variant));
  const same = compositions.find(({ name }) => name === wanted.composition);
  return (same ?? declared[0] ?? compositions[0])?.name;
}

/** The promise that is wanted; else what is said of this variant on this part, or of the variant at all. */
function propertyFor(model: ModelFacts, variant: string, composition: string | undefined, wanted: string): string {
  if (wanted !== '') return wanted;
  const said = model.compositions.find(({ name }) => name === composition)?.variants[variant];
  const expect = model.variants.find(({ name }) => name === variant)?.expect;
  const breaks = expect?.kind === 'mutant' ? [expect.killedBy] : Object.keys(expect?.violates ?? {});
  return said?.refutes?.[0] ?? said?.measures?.[0] ?? said?.proves?.[0] ?? breaks[0] ?? '';
}

/** A seed as the page shows it: on the part whose settings it has, if there is one; of several, the one that sets most. */
export function shownOf({ models }: Opened, seed: SeedFile): Shown {
  const { variant, property, settings, schedule, scale } = seed;
  const model = models.find(({ name }) => name === seed.model);
  if (model === undefined) {
    const known = models.map(({ name }) => name).join(', ');
    throw new Error(`expected a model that there is (${known}), got "${seed.model}", do: open it with its registry`);
  }
  const parts = model.compositions.filter(({ settings: own }) =>
    Object.entries(own).every(([name, text]) => settings[name] === text),
  );
  const sizeOf = (each: (typeof parts)[number]) => Object.keys(each.settings).length;
  const [part] = [...parts].sort((one, other) => sizeOf(other) - sizeOf(one));
  const rest = Object.entries(settings).filter(([name, text]) => part?.settings[name] !== text);
  return {
    model: seed.model,
    variant,
    property,
    settings: Object.fromEntries(rest),
    schedule,
    ...(scale === undefined ? {} : { scale }),
    ...(part === undefined ? {} : { composition: part.name }),
  };
}
