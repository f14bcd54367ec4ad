import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Registry } from '../gate/registry.ts';
import { opened } from '../workbench/answer.ts';
import { opening, shownOf, withDefaults } from '../workbench/choices.ts';
import { hashOf, type Shown } from '../workbench/link.ts';
import { type Command, registryOf } from './commands.ts';
import type { Host } from './host.ts';
import { InputError } from './input-error.ts';
import { type RawOptions, settingsOf } from './options.ts';
import type { PageFile } from './page-building.ts';
import { pageWith } from './page-files.ts';
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
  const page = pageWith(isOwn, url);
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
  await new Promise<void>((stop) => host.onInterrupt?.(stop));
  await server.close();
  return 0;
}

function portOf({ port = PORT_DEFAULT }: ExploreOptions): number {
  const value = Number(port);
  if (/^\d+$/.test(port) && value <= PORT_MOST) return value;
  throw new InputError('--port to be a whole number up to 65535', `"${port}"`, 'write it such as --port 4516');
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
