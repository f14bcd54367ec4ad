import type { Variant } from './model.ts';
import type { Settings } from './parameters.ts';

/** Makes a mutant: the property that must catch it, the edit in one sentence, what is changed, and what is set. */
export type MakeMutant<C, D> = (killedBy: string, edit: string, change: C, settings?: Settings) => Variant<D>;

/**
 * Mutants of the variant `of`: wrong edits, each of which must be caught. `designWith` gives that variant's design with
 * one thing changed; `base` are the variant's own settings, under those of a mutant.
 */
export function mutantsOf<C, D>(of: string, designWith: (change: C) => D, base?: Settings): MakeMutant<C, D> {
  return (killedBy, edit, change, settings) => ({
    about: edit,
    design: designWith(change),
    ...(base === undefined && settings === undefined ? {} : { settings: { ...base, ...settings } }),
    expect: { kind: 'mutant', of, edit, killedBy },
  });
}

/** The same, where its campaigns are too much work for every change. */
export function heavy<D>(mutant: Variant<D>): Variant<D> {
  return { ...mutant, heavy: true };
}
