import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parentPort } from 'node:worker_threads';
import type { Registry } from '../gate/registry.ts';
import type { Host } from './host.ts';
import { main } from './main.ts';
import { importedBy } from './module-graph.ts';
import { loadRegistry } from './registry-loading.ts';
// Loaded before anything is asked, so that only the models remain to be loaded then.
import './commands.ts';
import './prove-command.ts';

/** What is to be run, one command line after the other. */
export interface WatchErrand {
  readonly argvs: readonly (readonly string[])[];
  readonly registryUrl: string;
  readonly host: Pick<Host, 'env' | 'cwd' | 'colour' | 'columns'>;
}

/** A model, the module that exports it, and the folder that its seeds lie in. */
export interface Home {
  readonly model: string;
  readonly file: string;
  readonly folder: string;
}

/** What a run has to say. */
export type WatchNews =
  | { readonly kind: 'out' | 'err'; readonly text: string }
  /** No homes where the registry does not load. */
  | { readonly kind: 'done'; readonly code: number; readonly homes?: readonly Home[] };

function tell(news: WatchNews): void {
  parentPort?.postMessage(news);
}

async function run({ argvs, registryUrl, host: seen }: WatchErrand): Promise<void> {
  const host: Host = {
    ...seen,
    out: (text) => tell({ kind: 'out', text }),
    err: (text) => tell({ kind: 'err', text }),
    watched: false,
    now: () => Date.now(),
    memoryInUse: () => process.memoryUsage.rss(),
  };
  const codes: number[] = [];
  for (const argv of argvs) codes.push(await main(argv, registryUrl, host));
  const homes = await homesOf(registryUrl);
  tell({ kind: 'done', code: Math.max(...codes), ...(homes === undefined ? {} : { homes }) });
}

/** Where each model is made: in a module that the registry imports, else in the registry itself. */
async function homesOf(registryUrl: string): Promise<Home[] | undefined> {
  let registry: Registry;
  try {
    registry = await loadRegistry(registryUrl);
  } catch {
    return undefined;
  }
  const file = fileURLToPath(registryUrl);
  const modules = await Promise.all(
    importedBy(file, readFileSync(file, 'utf8')).map(async (each) => ({
      file: each,
      exported: Object.values(await import(each)),
    })),
  );
  return registry.entries.map(({ model, folder }) => ({
    model: model.name,
    file: modules.find(({ exported }) => exported.includes(model))?.file ?? file,
    folder: fileURLToPath(folder.href),
  }));
}

parentPort?.once('message', (errand: WatchErrand) => void run(errand));
