import { type AnyModel, UnknownNameError } from '../model/model.ts';

export interface RegistryEntry {
  readonly model: AnyModel;
  /** The model's folder, as a file URL that ends in a slash; `regressions/*.json` in it holds its seeds. */
  readonly folder: { readonly href: string };
}

/** The models that the command line knows. It is handed one: `src/` never imports `models/`. */
export interface Registry {
  readonly entries: readonly RegistryEntry[];
  /** Whether the gate fails without a model named `canary` that must be caught violating. */
  readonly requireCanary?: boolean;
  /** What the workbench opens with, where the user asks for nothing else. */
  readonly opensWith?: Opening;
}

/** A run to begin with: a variant on a composition, the promise to look at, and a schedule, as a seed file has it. */
export interface Opening {
  readonly model: string;
  readonly variant: string;
  readonly composition?: string;
  readonly property?: string;
  readonly schedule?: Readonly<Record<string, string>>;
}

/** The models by name: what the gate says must not depend on the order in which they are listed. */
export function sortedModels(registry: Registry): readonly AnyModel[] {
  return registry.entries.map((entry) => entry.model).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Throws an UnknownNameError that lists the names that there are. */
export function modelNamed(registry: Registry, name: string): AnyModel {
  const entry = registry.entries.find((each) => each.model.name === name);
  if (entry !== undefined) return entry.model;
  const known = sortedModels(registry).map((model) => model.name);
  throw new UnknownNameError(`there is no model "${name}"; there are: ${known.join(', ')}`);
}
