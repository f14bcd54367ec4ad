import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Host } from './host.ts';
import { reachableFrom, type Snapshot } from './module-graph.ts';
import type { WatchErrand, WatchNews } from './watch-worker.ts';

type Done = Extract<WatchNews, { kind: 'done' }>;

/** A thread that has loaded everything but the models, and runs command lines once. */
export class WarmThread {
  readonly #worker: Worker;
  /** What it has loaded. */
  readonly #modules: Snapshot;

  constructor() {
    const filename = import.meta.url.endsWith('.ts') ? './watch-worker-from-source.mjs' : './watch-worker.js';
    this.#modules = ownModules();
    this.#worker = new Worker(new URL(filename, import.meta.url));
  }

  /** Whether it has loaded any of these files, which have changed since. */
  isStale(changed: readonly string[]): boolean {
    return changed.some((file) => this.#modules.has(file));
  }

  /** What came of it; undefined where it was interrupted. */
  run(errand: Pick<WatchErrand, 'argvs' | 'registryUrl'>, host: Host, stopped: AbortSignal): Promise<Done | undefined> {
    const { env, cwd, colour, columns } = host;
    const seen = { env: { ...env }, cwd, colour, ...(columns === undefined ? {} : { columns }) };
    this.#worker.postMessage({ ...errand, host: seen } satisfies WatchErrand);
    return new Promise((resolve, reject) => {
      if (stopped.aborted) resolve(undefined);
      stopped.addEventListener('abort', () => resolve(undefined), { once: true });
      this.#worker.once('error', reject);
      this.#worker.on('message', (news: WatchNews) => {
        if (news.kind === 'out') host.out(news.text);
        if (news.kind === 'err') host.err(news.text);
        if (news.kind === 'done') resolve(news);
      });
    });
  }

  /** Another one in its place. */
  async replaced(): Promise<WarmThread> {
    await this.end();
    return new WarmThread();
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}

function ownModules(): Snapshot {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return reachableFrom(fileURLToPath(new URL(`./watch-worker.${extension}`, import.meta.url)));
}
