import { runTask, type Task, type TaskResult } from '../gate/tasks.ts';
import { loadRegistry } from './registry-loading.ts';

/** What a worker is sent: models are code, so it imports them itself. */
export interface Errand {
  readonly registryUrl: string;
  readonly task: Task;
}

export default async function work({ registryUrl, task }: Errand): Promise<TaskResult> {
  return runTask(await loadRegistry(registryUrl), task);
}
