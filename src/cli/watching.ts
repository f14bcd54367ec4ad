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
  let argvs: readonly (readonly string[])[] = [argv];
  let thread = new WarmThread();
  try {
    for (;;) {
      if (thread.isStale()) thread = await thread.replaced();
      const before = filesOf(registryFile, homes);
      const began = host.now();
      const ran = await thread.run({ argvs, registryUrl: url }, host, stopped.signal);
      if (ran === undefined) return 0;
      if (homes.length === 0 && ran.code === BAD_INPUT) return BAD_INPUT;
      homes = ran.homes ?? homes;
      thread = await thread.replaced();
      const files = filesOf(registryFile, homes);
      host.err(`took ${((host.now() - began) / 1000).toFixed(1)} s; watching ${files.size} files\n`);
      // What changed during the run, but for the seeds that were not yet known to be there.
      const since = new Map([...files].map(([file, text]) => [file, before.get(file) ?? text]));
      const next = await nextRun(watched, registryFile, homes, since, stopped.signal);
      if (next === undefined) return ran.code;
      argvs = next;
    }
  } finally {
    await thread.end();
  }
}

/** Waits for a change that matters; gives the command lines to run then, or nothing where it was interrupted. */
async function nextRun(
  watched: Watched,
  registryFile: string,
  homes: readonly Home[],
  known: Snapshot,
  stopped: AbortSignal,
): Promise<readonly (readonly string[])[] | undefined> {
  const { host } = watched;
  let before = known;
  for (;;) {
    const after = await changed(before, () => filesOf(registryFile, homes), stopped);
    if (after === undefined) return undefined;
    const files = changedBetween(before, after);
    before = after;
    const affected = affectedBy(files, registryFile, homes);
    const argvs = argvsFor(watched, affected, homes);
    if (argvs.length === 0) continue;
    host.err(`\n${files.map((file) => path.relative(host.cwd, file)).join(', ')}: ${affected.join(', ')}\n`);
    return argvs;
  }
}

function filesOf(registryFile: string, homes: readonly Home[]): Snapshot {
  return new Map([...reachableFrom(registryFile), ...homes.flatMap(({ folder }) => [...seedsBeside(folder)])]);
}

/** What is there once it differs from `before`; undefined where it was interrupted. */
async function changed(before: Snapshot, look: () => Snapshot, stopped: AbortSignal): Promise<Snapshot | undefined> {
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
export function affectedBy(files: readonly string[], registryFile: string, homes: readonly Home[]): readonly string[] {
  const all = files.some((file) => file === registryFile || !existsSync(file));
  return homes
    .filter(({ file, folder }) => {
      if (all) return true;
      const parts = reachableFrom(file);
      return files.some((each) => parts.has(each) || each.startsWith(path.join(folder, 'regressions', path.sep)));
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
