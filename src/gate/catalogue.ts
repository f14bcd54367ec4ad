import { Subject } from '../engine/run.ts';
import { type AnyModel, type Composition, type Expectation, tickOf } from '../model/model.ts';
import { describeConfig, type Parameters, type Settings } from '../model/parameters.ts';
import type { Selection } from './plan.ts';
import { modelNamed, type Registry, sortedModels } from './registry.ts';
import type { Seed } from './seed-file.ts';
import { compositionsOf } from './site.ts';

/** What there is to know about a model before running it: plain data, in words for its user. */
export interface CatalogueModel {
  readonly name: string;
  readonly question: string;
  readonly variants: readonly {
    readonly name: string;
    readonly about: string;
    readonly expect: Expectation;
    readonly heavy?: true;
  }[];
  readonly parameters: readonly {
    readonly name: string;
    readonly default: string;
    readonly expects: string;
    readonly about: string;
  }[];
  readonly properties: readonly { readonly name: string; readonly kind: string; readonly says: string }[];
  readonly compositions: readonly {
    readonly name: string;
    readonly about: string;
    readonly settings: Settings;
    readonly variants: Composition['variants'];
    readonly heavy?: true;
  }[];
  readonly seeds: readonly {
    readonly name: string;
    readonly path: string;
    readonly variant: string;
    readonly property: string;
    readonly why: string;
  }[];
}

/** All models, or the one that is asked for. Throws an UnknownNameError. */
export function catalogueOf(
  registry: Registry,
  seeds: readonly Seed[],
  selection: Selection,
): readonly CatalogueModel[] {
  const models = selection.model === undefined ? sortedModels(registry) : [modelNamed(registry, selection.model)];
  return models.map((model) => describe(model, seeds));
}

function describe(model: AnyModel, seeds: readonly Seed[]): CatalogueModel {
  const variants = Object.entries(model.variants);
  const subject = new Subject(model, variants[0]?.[0] ?? '');
  const defaults = describeConfig(model.parameters, subject.config, tickOf(model));
  return {
    name: model.name,
    question: model.question,
    variants: variants.map(([name, { about, expect, heavy }]) => ({
      name,
      about,
      expect,
      ...(heavy === undefined ? {} : { heavy }),
    })),
    parameters: Object.entries(model.parameters as Parameters).map(
      ([name, { about, expects, derive, default: text }]) => ({
        name,
        default: derive === undefined ? text : `${defaults[name]} (${text})`,
        expects,
        about,
      }),
    ),
    properties: subject.properties.all.map(({ name, kind, says }) => ({ name, kind, says })),
    compositions: compositionsOf(model).map(([name, { about, settings, variants: provable, heavy }]) => ({
      name,
      about,
      settings,
      variants: provable,
      ...(heavy === undefined ? {} : { heavy }),
    })),
    seeds: seeds
      .filter(({ file }) => file.model === model.name)
      .map(({ path, base, file }) => ({
        name: file.name ?? base,
        path,
        variant: file.variant,
        property: file.property,
        why: file.why,
      })),
  };
}
