import { Subject } from '../engine/run.ts';
import { type AnyModel, type Composition, type Provable, UnknownNameError } from '../model/model.ts';
import type { Settings } from '../model/parameters.ts';
import type { Target, Task } from './tasks.ts';

/** How a user names no composition at all: the model as it is. */
export const WHOLE_MODEL = 'none';

/** What `prove` is applied to: a variant of a model, as it is or with what a composition leaves of it. */
export interface Site {
  readonly model: string;
  readonly variant: string;
  readonly composition?: string;
  /** The user's; they go over the composition's. */
  readonly settings: Settings;
}

export function compositionsOf(model: AnyModel): readonly (readonly [name: string, composition: Composition])[] {
  return Object.entries(model.compositions ?? {});
}

/** Throws an UnknownNameError that lists the names that there are. */
export function compositionNamed(model: AnyModel, name: string): Composition {
  const found = compositionsOf(model).find(([each]) => each === name);
  if (found !== undefined) return found[1];
  const known = [...compositionsOf(model).map(([each]) => each), WHOLE_MODEL].join(', ');
  throw new UnknownNameError(`model ${model.name} has no composition "${name}"; there are: ${known}`);
}

/** What is declared of a site; nothing under the user's own settings. */
export function declaredAt(model: AnyModel, { composition, variant, settings }: Site): Provable | undefined {
  return Object.keys(settings).length === 0 ? namedAt(model, composition, variant) : undefined;
}

/** What of a site is declared as too much work for every change. */
export function heavyAt(model: AnyModel, site: Site): Provable['heavy'] {
  if (site.composition === undefined) return undefined;
  return compositionNamed(model, site.composition).heavy ?? declaredAt(model, site)?.heavy;
}

/** What a composition names for a variant. */
export function namedAt(model: AnyModel, composition: string | undefined, variant: string): Provable | undefined {
  if (composition === undefined) return undefined;
  const { variants } = compositionNamed(model, composition);
  return Object.hasOwn(variants, variant) ? variants[variant] : undefined;
}

/** Everything that models declare for `prove`, in their order. */
export function declaredSites(model: AnyModel): readonly Site[] {
  return compositionsOf(model).flatMap(([composition, { variants }]) =>
    Object.keys(variants).map((variant) => ({ model: model.name, variant, composition, settings: {} })),
  );
}

export function targetAt(model: AnyModel, site: Site): Target {
  const composed = site.composition === undefined ? {} : compositionNamed(model, site.composition).settings;
  return { model: model.name, variant: site.variant, settings: { ...composed, ...site.settings } };
}

export function subjectAt(model: AnyModel, site: Site): Subject {
  const { variant, settings } = targetAt(model, site);
  return new Subject(model, variant, settings);
}

/** The search that looks for a violation of one property alone, and ends where it finds one. */
export function refuteTask(target: Target, property: string, maxStates: number): Task {
  return { kind: 'prove', target, properties: [property], maxStates };
}

/** The search that refutes a property, and where. */
export interface Refuter {
  readonly composition: string;
  readonly task: Task;
  readonly heavy: boolean;
}

/** For each composition that is declared to refute `property` of a variant: its name, and the search for it. */
export function refutersOf(model: AnyModel, variant: string, property: string, maxStates: number): readonly Refuter[] {
  return declaredSites(model)
    .filter((site) => site.variant === variant && declaredAt(model, site)?.refutes?.includes(property) === true)
    .map((site) => ({
      composition: site.composition as string,
      task: refuteTask(targetAt(model, site), property, maxStates),
      heavy: heavyAt(model, site) === true,
    }));
}
