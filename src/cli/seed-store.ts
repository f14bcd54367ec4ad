import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Story } from '../gate/outcome.ts';
import type { Registry } from '../gate/registry.ts';
import { formatSeedFile, parseSeedFile, type Seed, SeedFormatError, seedFormat } from '../gate/seed-file.ts';
import { InputError } from './input-error.ts';

/** All seeds of a registry, by folder and file name. Throws an InputError for a malformed one. */
export function readSeeds(registry: Registry, cwd: string): Seed[] {
  const folders = [...new Set(registry.entries.map(({ folder }) => folder.href))].sort();
  return folders.flatMap((href) => {
    const folder = fileURLToPath(new URL('regressions/', href));
    if (!existsSync(folder)) return [];
    const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
    return names.sort().map((name) => readSeed(path.join(folder, name), cwd));
  });
}

/** How a user names what is written to the command. */
const STANDARD_INPUT = '-';

/** One seed, from the path of its file. Throws an InputError where it is not there or malformed. */
function readSeed(file: string, cwd: string): Seed {
  const shown = file === STANDARD_INPUT ? STANDARD_INPUT : shownPath(file, cwd);
  let text: string;
  try {
    text = readFileSync(file === STANDARD_INPUT ? 0 : path.resolve(cwd, file), 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new InputError(
      'a file with a seed',
      `${code === 'ENOENT' ? 'no such file' : code}: ${shown}`,
      'halfopen list',
    );
  }
  try {
    return {
      path: shown,
      base: file === STANDARD_INPUT ? 'standard input' : path.basename(file, '.json'),
      file: parseSeedFile(text),
    };
  } catch (error) {
    if (!(error instanceof SeedFormatError)) throw error;
    const todo = 'restore it, or write a new one with halfopen simulate --save DIR';
    throw new InputError(error.expected, error.got, todo, `${shown}: ${error.where}`);
  }
}

/** A seed by the path of its file, by its name, or by its file's name. Throws an InputError. */
export function findSeed(wanted: string, registry: Registry, cwd: string): Seed {
  if (wanted === STANDARD_INPUT || wanted.endsWith('.json') || wanted.includes('/') || wanted.includes(path.sep))
    return readSeed(wanted, cwd);
  const seeds = readSeeds(registry, cwd);
  const found = seeds.filter(({ base, file }) => file.name === wanted || base === wanted);
  if (found.length === 1) return found[0] as Seed;
  if (found.length > 1) {
    const paths = found.map((seed) => seed.path).join(', ');
    throw new InputError(`"${wanted}" to name one seed`, `${found.length}: ${paths}`, 'halfopen replay FILE');
  }
  const known = seeds.map(({ base, file }) => file.name ?? base).join(', ') || 'none';
  throw new InputError(`the name of a seed (there are: ${known}) or a file`, `"${wanted}"`, 'halfopen list');
}

/** Overwrites the one file that the user asked to refresh. */
export function updateSeed(seed: Seed, cwd: string): void {
  if (seed.path === STANDARD_INPUT)
    throw new InputError('--update with a file', 'a seed from standard input', 'write it into a file first');
  writeFileSync(path.resolve(cwd, seed.path), formatSeedFile(seed.file));
}

/** Writes each violation into a file of its own, or none at all: nothing is overwritten. Returns the paths. */
export function saveStories(
  stories: readonly Story[],
  folder: string,
  why: (story: Story) => string,
  cwd: string,
): string[] {
  const files = stories.map((story) => {
    const on = story.composition === undefined ? '' : `-on-${story.composition}`;
    const file = path.resolve(cwd, folder, `${story.variant}-${story.property}${on}.json`);
    if (existsSync(file)) {
      throw new InputError(
        '--save to write new files only',
        `one that exists: ${shownPath(file, cwd)}`,
        'remove it, or save elsewhere',
      );
    }
    return { file, story };
  });
  if (files.length > 0) mkdirSync(path.resolve(cwd, folder), { recursive: true });
  for (const { file, story } of files) {
    const { model, variant, property, settings, scale, schedule, digest } = story;
    const measured = Object.fromEntries(
      Object.entries(story.measured).map(([name, [least, greatest]]) => [name, [least, greatest]]),
    );
    const text = formatSeedFile({
      format: seedFormat(scale),
      model,
      variant,
      property,
      verdict: 'violated',
      why: why(story).replace(/\s+/g, ' '),
      ...(scale === undefined ? {} : { scale }),
      settings: { ...settings },
      schedule: { ...schedule },
      digest,
      ...(Object.keys(measured).length === 0 ? {} : { measured: measured as Record<string, [string, string]> }),
    });
    writeFileSync(file, text, { flag: 'wx' });
  }
  return files.map(({ file }) => shownPath(file, cwd));
}

/** A path as the user would type it: relative where it is below him. */
function shownPath(file: string, cwd: string): string {
  const absolute = path.resolve(cwd, file);
  const relative = path.relative(cwd, absolute);
  return relative.startsWith('..') || path.isAbsolute(relative) ? absolute : relative;
}
