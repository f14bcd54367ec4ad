import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Files by absolute path, and what is in them. */
export type Snapshot = ReadonlyMap<string, string>;

/** Where a module names another one by its place; in a comment too, which does no harm. */
const IMPORT = /\b(?:from|import)\s*\(?\s*(['"])((?:\.|\/|file:)[^'"\n]*)\1/g;

/** The files of those that `text` imports that are there. Packages are left out: they do not change while one works. */
export function importedBy(file: string, text: string, known: Snapshot = new Map()): string[] {
  return [...text.matchAll(IMPORT)].flatMap(([, , specifier]) => {
    const named = (specifier as string).startsWith('file:')
      ? fileURLToPath(specifier as string)
      : path.resolve(path.dirname(file), specifier as string);
    const sources = named.replace(/\.(m?)js$/, '.$1ts');
    const found = [named, sources, `${named}.ts`, `${named}.js`].find(
      (each) => known.has(each) || (existsSync(each) && statSync(each).isFile()),
    );
    return found === undefined || found.includes(`${path.sep}node_modules${path.sep}`) ? [] : [found];
  });
}

/** A module and all that it is made of, by reading it: nothing is run. What is `known` is not read again. */
export function reachableFrom(entry: string, known: Snapshot = new Map()): Snapshot {
  const files = new Map<string, string>();
  const waiting = [entry];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (files.has(file) || !(known.has(file) || existsSync(file))) continue;
    const text = known.get(file) ?? readFileSync(file, 'utf8');
    files.set(file, text);
    waiting.push(...importedBy(file, text, known));
  }
  return files;
}

/** The kept schedules of a model's folder. */
export function seedsBeside(folder: string): Snapshot {
  const seeds = path.join(folder, 'regressions');
  const names = existsSync(seeds) ? readdirSync(seeds).filter((name) => name.endsWith('.json')) : [];
  return new Map(names.map((name) => [path.join(seeds, name), readFileSync(path.join(seeds, name), 'utf8')]));
}

/** What was changed, added or removed. */
export function changedBetween(before: Snapshot, after: Snapshot): string[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((file) => before.get(file) !== after.get(file))
    .sort();
}
