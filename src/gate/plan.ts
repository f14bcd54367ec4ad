import { Subject } from '../engine/run.ts';
import { type AnyModel, UnknownNameError, variantOf } from '../model/model.ts';
import { declarationUnit, missingCanaryUnit } from './declaration-unit.ts';
import { checkDeclarations } from './declarations.ts';
import { FAILURE_KINDS } from './failure-kinds.ts';
import { leftUnit } from './left-unit.ts';
import { mutantUnit } from './mutant-unit.ts';
import { proveUnit } from './prove-unit.ts';
import { modelNamed, type Registry, sortedModels } from './registry.ts';
import type { Seed } from './seed-file.ts';
import { seedUnit } from './seed-unit.ts';
import { declaredAt, declaredSites, type Site } from './site.ts';
import { systemUnit } from './system-unit.ts';
import type { Target } from './tasks.ts';
import { type Campaign, declaredViolations, type Unit } from './unit.ts';

/** A part of all that there is to check. */
export interface Selection {
  readonly model?: string;
  readonly variant?: string;
  readonly property?: string;
}

/**
 * All that the gate does, in its order: kept schedules, proofs, systems, mutants, declarations; each by model and as
 * declared.
 * Throws an UnknownNameError or a DeclarationError.
 */
export function planCheck(campaign: Campaign, seeds: readonly Seed[], selection: Selection): readonly Unit[] {
  const { registry } = campaign;
  const models = selection.model === undefined ? sortedModels(registry) : [modelNamed(registry, selection.model)];
  for (const model of models) checkDeclarations(model);
  checkSelection(models, selection);
  const chosen = (variant: string) => selection.variant === undefined || variant === selection.variant;
  const only = soughtAlone(selection);
  const isAbout = (properties: readonly string[]) => only === undefined || properties.includes(only);
  const targets = (kind: 'system' | 'mutant') =>
    models.flatMap((model) =>
      Object.entries(model.variants)
        .filter(([name, { expect }]) => expect.kind === kind && chosen(name))
        .filter(([, { expect }]) => expect.kind === 'system' || isAbout([expect.killedBy]))
        .map(([variant]) => ({ model: model.name, variant, settings: {} })),
    );
  const known = sortedModels(registry).map((model) => model.name);
  const lost = selection.model === undefined ? seeds.filter(({ file }) => !known.includes(file.model)) : [];
  const kept = [...models.flatMap((model) => seeds.filter(({ file }) => file.model === model.name)), ...lost];
  const units = [
    ...kept
      .filter(({ file }) => chosen(file.variant) && isAbout([file.property]))
      .map((seed) => seedUnit(campaign, seed)),
    ...models.flatMap((model) =>
      declaredSites(model)
        .filter((site) => chosen(site.variant) && isAbout(answeredAt(model, site)))
        .map((site) => proveUnit(campaign, site, undefined, only)),
    ),
    ...targets('system').map((target) => leftFor(campaign, target) ?? systemUnit(campaign, target, seeds)),
    ...targets('mutant').map((target) => leftFor(campaign, target) ?? mutantUnit(campaign, target)),
  ];
  if (selection.variant === undefined) {
    units.push(...models.map((model) => declarationUnit(model, allPromises(model))));
    if (registry.requireCanary === true && !hasCanary(sortedModels(registry))) units.push(missingCanaryUnit());
  }
  return units;
}

/** What stands for a variant that is too much work for this gate. */
function leftFor({ registry, full }: Campaign, target: Target): Unit | undefined {
  const model = modelNamed(registry, target.model);
  return full || variantOf(model, target.variant).heavy !== true ? undefined : leftUnit(model, target);
}

/** The one property that anything need be done for. A way to fail is nobody's property: it may show anywhere. */
function soughtAlone({ property }: Selection): string | undefined {
  return property === undefined || FAILURE_KINDS.includes(property) ? undefined : property;
}

/** All that there is an answer for at a site. */
function answeredAt(model: AnyModel, site: Site): readonly string[] {
  const { proves = [], refutes = [], measures = [] } = declaredAt(model, site) ?? {};
  return [...proves, ...refutes, ...measures];
}

/** The promises of all variants of a model; which ones there are may depend on the parameters. */
function allPromises(model: AnyModel): readonly string[] {
  const variants = Object.keys(model.variants);
  return [...new Set(variants.flatMap((variant) => new Subject(model, variant).promises))];
}

function hasCanary(models: readonly AnyModel[]): boolean {
  const canary = models.find((model) => model.name === 'canary');
  return Object.values(canary?.variants ?? {}).some(
    (variant) => Object.keys(declaredViolations(variant.expect)).length > 0,
  );
}

/** A property that a model's variant knows of, in the words of `--property`. Throws an UnknownNameError. */
function checkSelection(models: readonly AnyModel[], selection: Selection): void {
  const { variant, property } = selection;
  if (variant !== undefined && !models.some((model) => Object.hasOwn(model.variants, variant))) {
    if (models.length === 1) variantOf(models[0] as AnyModel, variant);
    const known = models.flatMap((model) => Object.keys(model.variants).map((name) => `${model.name}/${name}`));
    throw new UnknownNameError(`no model has a variant "${variant}"; there are: ${known.join(', ')}`);
  }
  if (property === undefined || FAILURE_KINDS.includes(property)) return;
  const known = [...new Set(models.flatMap((model) => allJudged(model)))];
  if (known.includes(property)) return;
  const whose = models.length === 1 ? `model ${models[0]?.name} has` : 'no model has';
  const no = models.length === 1 ? 'no property' : 'a property';
  throw new UnknownNameError(`${whose} ${no} "${property}"; there are: ${known.join(', ')}`);
}

/** Promises and witnesses: all that gets a verdict. */
function allJudged(model: AnyModel): readonly string[] {
  return Object.keys(model.variants).flatMap((variant) =>
    new Subject(model, variant).properties.all.filter((each) => each.kind !== 'measure').map((each) => each.name),
  );
}

/** The one model and variant to simulate: as asked; else the only model, its `reference` or first variant. */
export function targetOf(
  registry: Registry,
  selection: Selection,
): { readonly model: string; readonly variant: string } {
  const models = sortedModels(registry);
  if (selection.model === undefined && models.length !== 1) {
    const known = models.map((each) => each.name).join(', ');
    throw new UnknownNameError(`expected --model, got none, do: --model with one of ${known}`);
  }
  const model = modelNamed(registry, selection.model ?? (models[0] as AnyModel).name);
  const variants = Object.keys(model.variants);
  const variant = selection.variant ?? (variants.includes('reference') ? 'reference' : (variants[0] as string));
  variantOf(model, variant);
  checkSelection([model], selection);
  return { model: model.name, variant };
}
