import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Replayed, replay } from '../../src/engine/replay.ts';
import { Subject } from '../../src/engine/run.ts';
import { parseSeedFile } from '../../src/gate/seed-file.ts';
import type { AnyModel } from '../../src/model/model.ts';
import type { Settings } from '../../src/model/parameters.ts';
import type { Decided } from '../support/toy.ts';
import { type Class, classesUpTo, hiddenParts, ownMethods } from './edits.ts';

/** One run; no decision of the schedule may be stale. */
export function play(model: AnyModel, variant: string, decided: Decided = {}, settings: Settings = {}): Replayed {
  const run = replay(new Subject(model, variant, settings), new Map(Object.entries(decided)));
  if (run.stale.length > 0) throw new Error(`nobody asked for ${run.stale.join(', ')}`);
  return run;
}

/** The promises that a run breaks. */
export function broken(run: Replayed): readonly string[] {
  return run.violations.map(({ property }) => property);
}

/** What a property of the reference says under these parameters. */
export function saidOf(model: AnyModel, name: string, settings: Settings): string {
  const { all } = new Subject(model, 'reference', settings).properties;
  return all.find((each) => each.name === name)?.says as string;
}

export function mutantsOf(model: AnyModel): readonly string[] {
  return Object.keys(model.variants).filter((name) => model.variants[name]?.expect.kind === 'mutant');
}

/** By mutant: the methods that it overrides. Throws where a mutant is more than overrides of what its original has. */
export function editsOf(model: AnyModel, original: Class): Readonly<Record<string, string>> {
  return Object.fromEntries(
    mutantsOf(model).map((name) => {
      const classes = classesUpTo(original, model.variants[name]?.design as Class);
      const methods = classes.flatMap(ownMethods);
      const own = [...classes.flatMap(hiddenParts), ...methods.filter((each) => !(each in original.prototype))];
      if (own.length > 0) throw new Error(`${name} has parts of its own: ${own.join(', ')}`);
      return [name, methods.join(', ')];
    }),
  );
}

/** The schedules that are kept because they break a promise of a variant. */
export function keptViolations(
  folder: string,
): readonly { readonly variant: string; readonly property: string; readonly schedule: Decided }[] {
  const root = path.resolve(import.meta.dirname, '../../models', folder, 'regressions');
  return readdirSync(root)
    .map((file) => parseSeedFile(readFileSync(path.join(root, file), 'utf8')))
    .filter(({ verdict }) => verdict === 'violated')
    .map(({ variant, property, schedule }) => ({ variant, property, schedule: schedule as Decided }));
}
