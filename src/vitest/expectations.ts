import { Subject } from '../engine/run.ts';
import type { Row } from '../gate/outcome.ts';
import { planCheck } from '../gate/plan.ts';
import type { Seed } from '../gate/seed-file.ts';
import { declaredAt, declaredSites, heavyAt, type Site } from '../gate/site.ts';
import { type Campaign, declaredViolations, type Unit } from '../gate/unit.ts';
import type { AnyModel } from '../model/model.ts';

/** One thing that a model's author expects, and the row of the gate that says whether it is so. */
export interface Expected {
  readonly title: string;
  readonly kind: Row['kind'];
  readonly property: string;
  /** Left to `check --full`. */
  readonly left: boolean;
}

/** A unit of work, and all that is known beforehand of what it will say. */
export interface ExpectedUnit {
  readonly unit: Unit;
  readonly expected: readonly Expected[];
}

/** Everything that a model declares, in the order of the gate. Throws a DeclarationError. */
export function expectationsOf(campaign: Campaign, model: AnyModel, seeds: readonly Seed[]): readonly ExpectedUnit[] {
  const known = new Map<string, readonly Expected[]>([
    ...seeds.map((seed) => [`seed ${model.name}/${seed.base}`, [ofSeed(seed)]] as const),
    ...declaredSites(model).map((site) => [siteName(site), ofSite(campaign, model, site)] as const),
    ...Object.keys(model.variants).map(
      (variant) => [`${model.name}/${variant}`, ofVariant(campaign, model, variant)] as const,
    ),
    [`declarations ${model.name}`, ofDeclarations(model)],
  ]);
  return planCheck(campaign, seeds, { model: model.name }).map((unit) => ({
    unit,
    expected: known.get(unit.name) ?? [],
  }));
}

function ofSeed({ file: { property, verdict, why } }: Seed): Expected {
  const title = `${verdict === 'violated' ? 'violates' : 'keeps'} ${property}: ${why}`;
  return { title, kind: 'seed', property, left: false };
}

function siteName({ model, variant, composition }: Site): string {
  return `prove ${model}/${variant} on ${composition}`;
}

function ofSite(campaign: Campaign, model: AnyModel, site: Site): readonly Expected[] {
  const { proves = [], refutes = [] } = declaredAt(model, site) ?? {};
  const left = heavyAt(model, site) === true && !campaign.full;
  return [
    ...proves.map((property): Expected => ({ title: `proves ${property}`, kind: 'proof', property, left })),
    ...refutes.map((property): Expected => ({ title: `refutes ${property}`, kind: 'proof', property, left })),
  ];
}

function ofVariant(campaign: Campaign, model: AnyModel, variant: string): readonly Expected[] {
  const { expect, unreachable = {}, heavy } = model.variants[variant] as AnyModel['variants'][string];
  const left = heavy === true && !campaign.full;
  if (expect.kind === 'mutant') {
    const title = `is killed by ${expect.killedBy}: ${expect.edit}`;
    return [{ title, kind: 'mutant', property: expect.killedBy, left }];
  }
  const subject = new Subject(model, variant);
  const violates = declaredViolations(expect);
  const promises = [...new Set([...subject.promises, ...Object.keys(violates)])].map((property): Expected => {
    const title = Object.hasOwn(violates, property)
      ? `violates ${property}: ${violates[property]}`
      : `keeps ${property}`;
    return { title, kind: subject.promises.includes(property) ? 'property' : 'failure', property, left };
  });
  const witnesses = subject.properties.all.filter(
    ({ kind, name }) => kind === 'sometimes' && !Object.hasOwn(unreachable, name),
  );
  return [
    ...promises,
    ...witnesses.map(({ name }): Expected => ({ title: `shows ${name}`, kind: 'witness', property: name, left })),
  ];
}

function ofDeclarations(model: AnyModel): readonly Expected[] {
  const promises = Object.keys(model.variants).flatMap((variant) => new Subject(model, variant).promises);
  return [...new Set(promises)].map((property) => ({
    title: `${property} can be violated`,
    kind: 'declaration',
    property,
    left: false,
  }));
}
