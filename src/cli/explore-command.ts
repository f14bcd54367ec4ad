import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Registry } from '../gate/registry.ts';
import { opened } from '../workbench/answer.ts';
import { opening, shownOf, withDefaults } from '../workbench/choices.ts';
import { hashOf, type Shown } from '../workbench/link.ts';
import { type Command, registryOf } from './commands.ts';
import type { Host } from './host.ts';
import { InputError } from './input-error.ts';
import { type RawOptions, settingsOf } from './options.ts';
import { buildPage, buildRegistry, hasSources, type PageFile } from './page-building.ts';
import { servePage } from './page-server.ts';
import { findSeed } from './seed-store.ts';

/** Options of `explore` as typed. */
export interface ExploreOptions extends RawOptions {
  readonly composition?: string;
  readonly port?: string;
  readonly build?: string;
}

const PORT_DEFAULT = '4516';
const PORT_MOST = 65_535;

/** Where the package keeps the page, built, with its own models. */
const prebuilt = fileURLToPath(new URL('../../explore/', import.meta.url));

/**
 * The workbench: a page that runs, draws and proves in the browser. Serves it on this machine until it is interrupted, or
 * writes it into a folder for any static host.
 */
export async function explore(
  seed: string | undefined,
  command: Omit<Command, 'options'> & { readonly options: ExploreOptions },
): Promise<number> {
  const { options, host } = command;
  const port = portOf(options);
  const { registry, url } = await registryOf(command);
  const hash = hashFor(seed, options, registry, host);
  const isOwn = options.registry === undefined;
  const page = pageOf(isOwn, url);
  if (options.build !== undefined) {
    const folder = writeFiles(await page(), options.build, host.cwd);
    host.out(`wrote ${folder}: serve it with any static server, and open index.html${hash}\n`);
    return 0;
  }
  host.err('halfopen explore: bundling the models ...\n');
  const server = await servePage(port, page).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new InputError('a free port', `port ${port} in use`, 'halfopen explore --port 0');
  });
  host.out(`${server.url}${hash}\n`);
  host.err('open it in a browser; reload it there after an edit of the models; Ctrl+C ends it\n');
  await host.interrupted();
  await server.close();
  return 0;
}

function portOf({ port = PORT_DEFAULT }: ExploreOptions): number {
  const value = Number(port);
  if (/^\d+$/.test(port) && value <= PORT_MOST) return value;
  throw new InputError('--port to be a whole number up to 65535', `"${port}"`, 'write it such as --port 4516');
}

/** The page with its models: as the package has it, or bundled from what is in the working tree now. */
function pageOf(isOwn: boolean, registryUrl: string): () => Promise<readonly PageFile[]> {
  if (!hasSources && isOwn) return async () => filesIn(prebuilt);
  const page = hasSources ? buildPage() : Promise.resolve(filesIn(prebuilt));
  return async () => {
    const [files, registry] = await Promise.all([page, buildRegistry(registryUrl)]);
    return [...files.filter((file) => file.path !== 'registry.js'), ...registry];
  };
}

function filesIn(folder: string): readonly PageFile[] {
  if (!existsSync(folder))
    throw new InputError('the page that the package brings', `no ${folder}`, 'npm run build, or install halfopen anew');
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      return { path: path.relative(folder, file).split(path.sep).join('/'), content: readFileSync(file) };
    });
}

/** Into a folder that is new or empty: nothing is overwritten. */
function writeFiles(files: readonly PageFile[], wanted: string, cwd: string): string {
  const folder = path.resolve(cwd, wanted);
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new InputError('--build to name a new folder', `one that is not empty: ${wanted}`, 'name another one');
  for (const { path: file, content } of files) {
    const target = path.join(folder, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, content);
  }
  return wanted;
}

/** What the page opens with: a seed, what the options name, or what the registry begins with. */
function hashFor(seed: string | undefined, options: ExploreOptions, registry: Registry, host: Host): string {
  const facts = opened(registry);
  if (seed !== undefined) return hashOf(shownOf(facts, findSeed(seed, registry, host.cwd).file));
  const { model, variant, composition, property } = options;
  const settings = settingsOf(options, host);
  const isAsked = [model, variant, composition, property].some((name) => name !== undefined);
  if (!isAsked && Object.keys(settings).length === 0) return '';
  const known = facts.models.map(({ name }) => name);
  if (model !== undefined && !known.includes(model))
    throw new InputError(`--model to be one of ${known.join(', ')}`, `"${model}"`, 'pick one of them');
  const begun = opening(facts) as Shown;
  const wanted: Shown = {
    model: model ?? begun.model,
    variant: variant ?? '',
    property: property ?? '',
    composition: composition ?? '',
    settings,
    schedule: {},
  };
  const shown = withDefaults(facts, wanted);
  if (variant !== undefined && shown.variant !== variant)
    throw new InputError(`a variant of ${shown.model}`, `"${variant}"`, `halfopen list --model ${shown.model}`);
  return hashOf(shown);
}
