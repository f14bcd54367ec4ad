import { setImmediate } from 'node:timers/promises';
import type { SearchLimits } from '../engine/prove.ts';
import type { Registry } from '../gate/registry.ts';
import { runTask, type Task, type TaskResult } from '../gate/tasks.ts';
import type { Errand } from './worker.ts';

/** Those who do the tasks: this thread alone, or some workers. What comes out is the same. */
export interface Crew {
  readonly size: number;
  do(task: Task): Promise<TaskResult>;
  leave(): Promise<void>;
}

export function crewOf(workers: number, registry: Registry, registryUrl: string): Crew {
  return workers === 1 ? alone(registry) : pool(workers, registryUrl);
}

/** `stop` is asked now and then during an exhaustive search, and may end it. */
export function alone(registry: Registry, stop?: SearchLimits['stop']): Crew {
  return {
    size: 1,
    async do(task) {
      // Lets the progress line move.
      await setImmediate();
      return runTask(registry, task, stop);
    },
    async leave() {},
  };
}

function pool(workers: number, registryUrl: string): Crew {
  const filename = import.meta.url.endsWith('.ts') ? './worker-from-source.mjs' : './worker.js';
  const threads = import('tinypool').then(
    ({ Tinypool }) =>
      new Tinypool({
        filename: new URL(filename, import.meta.url).href,
        minThreads: workers,
        maxThreads: workers,
        isolateWorkers: false,
      }),
  );
  return {
    size: workers,
    async do(task) {
      const errand: Errand = { registryUrl, task };
      return (await threads).run(errand) as Promise<TaskResult>;
    },
    leave: async () => (await threads).destroy(),
  };
}
