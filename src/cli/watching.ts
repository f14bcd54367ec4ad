import { existsSync, watch as watchFolder } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Host } from './host.ts';
import { changedBetween, reachableFrom, type Snapshot, seedsBeside } from './module-graph.ts';
import { registryUrl } from './registry-loading.ts';
import { WarmThread } from './warm-thread.ts';
import type { Home } from './watch-worker.ts';

/** An editor that saves several files does so within this time. */
const SETTLES_MS = 30;

const BAD_INPUT = 2;

/** A command line without `--watch`, and what of it matters here. */
export interface Watched {
  readonly argv: readonly string[];
  readonly model: string | undefined;
  readonly registry: string | undefined;
  readonly host: Host;
  readonly defaultRegistryUrl: string;
}

/**
 * Runs a command, and again for the models that are affected whenever a file changes that they are made of, until it is
 * interrupted. Gives the exit code of the last run. A module is loaded once in a thread, so each run has a new one, which
 * was started and has loaded the engines before it is needed.
 */
export async function keepWatching(watched: Watched): Promise<number> {
  const { host, argv } = watched;
  const url = watched.registry === undefined ? watched.defaultRegistryUrl : registryUrl(watched.registry, host.cwd);
  const registryFile = fileURLToPath(url);
  const stopped = new AbortController();
  host.onInterrupt?.(() => stopped.abort());
  let homes: readonly Home[] = [];
  let run: NextRun = { argvs: [argv], changed: [], files: filesOf(registryFile, homes) };
  let thread = new WarmThread();
  try {
    for (;;) {
      if (thread.isStale(run.changed)) thread = await thread.replaced();
      const began = host.now();
      const ran = await thread.run({ argvs: run.argvs, registryUrl: url }, host, stopped.signal);
      if (ran === undefined) return 0;
      if (homes.length === 0 && ran.code === BAD_INPUT) return BAD_INPUT;
      const seconds = ((host.now() - began) / 1000).toFixed(1);
      homes = ran.homes ?? homes;
      // What was there before the run, and the seeds of models that were not known before it.
      const before = new Map([...filesOf(registryFile, homes), ...run.files]);
      host.err(`took ${seconds} s; watching ${before.size} files\n`);
      thread = await thread.replaced();
      const next = await nextRun(watched, registryFile, homes, before, stopped.signal);
      if (next === undefined) return ran.code;
      run = next;
    }
  } finally {
    await thread.end();
  }
}

/** What to run, because of which files, and all files as they were then. */
interface NextRun {
  readonly argvs: readonly (readonly string[])[];
  readonly changed: readonly string[];
  readonly files: Snapshot;
}

/** Waits for a change that matters; undefined where it was interrupted. */
async function nextRun(
  watched: Watched,
  registryFile: string,
  homes: readonly Home[],
  known: Snapshot,
  stopped: AbortSignal,
): Promise<NextRun | undefined> {
  const { host } = watched;
  let before = known;
  for (;;) {
    const files = await otherThan(before, () => filesOf(registryFile, homes), stopped);
    if (files === undefined) return undefined;
    const changed = changedBetween(before, files);
    before = files;
    const affected = affectedBy(changed, registryFile, homes, files);
    const argvs = argvsFor(watched, affected, homes);
    if (argvs.length === 0) continue;
    host.err(`\n${changed.map((file) => path.relative(host.cwd, file)).join(', ')}: ${affected.join(', ')}\n`);
    return { argvs, changed, files };
  }
}

function filesOf(registryFile: string, homes: readonly Home[]): Snapshot {
  return new Map([...reachableFrom(registryFile), ...homes.flatMap(({ folder }) => [...seedsBeside(folder)])]);
}

/** What is there once it differs from `before`; undefined where it was interrupted. */
async function otherThan(before: Snapshot, look: () => Snapshot, stopped: AbortSignal): Promise<Snapshot | undefined> {
  const folders = new Set([...before.keys()].map((file) => path.dirname(file)));
  let ring = () => {};
  const watchers = [...folders].map((folder) => watchFolder(folder, () => ring()));
  const stop = () => ring();
  stopped.addEventListener('abort', stop);
  try {
    while (!stopped.aborted) {
      const rung = new Promise<void>((resolve) => {
        ring = resolve;
      });
      const after = look();
      if (changedBetween(before, after).length > 0) return after;
      await rung;
      await setTimeout(SETTLES_MS);
    }
    return undefined;
  } finally {
    stopped.removeEventListener('abort', stop);
    for (const watcher of watchers) watcher.close();
  }
}

/** The models that are made of what changed. */
export function affectedBy(
  changed: readonly string[],
  registryFile: string,
  homes: readonly Home[],
  files: Snapshot = new Map(),
): readonly string[] {
  const all = changed.some((file) => file === registryFile || !existsSync(file));
  return homes
    .filter(({ file, folder }) => {
      if (all) return true;
      const parts = reachableFrom(file, files);
      return changed.some((each) => parts.has(each) || each.startsWith(path.join(folder, 'regressions', path.sep)));
    })
    .map(({ model }) => model);
}

/** The user's command line where it is about one model that is affected; else `check` for each that is. */
function argvsFor(
  { argv, model }: Watched,
  affected: readonly string[],
  homes: readonly Home[],
): readonly (readonly string[])[] {
  if (model !== undefined) return affected.includes(model) ? [argv] : [];
  if (affected.length === homes.length || argv[0] !== 'check') return affected.length === 0 ? [] : [argv];
  return affected.map((each) => [...argv, '--model', each]);
}
