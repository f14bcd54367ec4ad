import { type Findings, merge } from '../gate/outcome.ts';
import type { Task, TaskResult } from '../gate/tasks.ts';
import type { Unit, WorkFor } from '../gate/unit.ts';
import type { Crew } from './crew.ts';

export interface Pace {
  /** Whether there is time to begin another task. One that has begun is always finished. */
  mayBegin(): boolean;
  /** Told after each task how many of those known so far are done. */
  progress(done: number, known: number): void;
}

/** Does the work of all units at once, as far as there are hands. The result is in the order of the units. */
export async function drive(units: readonly Unit[], crew: Crew, pace: Pace): Promise<Findings> {
  const desk = new Desk(crew, pace);
  return merge(await Promise.all(units.map((unit) => conduct(unit.work(), desk))));
}

/** Does the work of one asker. */
export function driveOne<T>(work: WorkFor<T>, crew: Crew, pace: Pace): Promise<T> {
  return conduct(work, new Desk(crew, pace));
}

async function conduct<T>(work: WorkFor<T>, desk: Desk): Promise<T> {
  let step = work.next([]);
  while (step.done !== true) step = work.next(await Promise.all(step.value.map((task) => desk.take(task))));
  return step.value;
}

/**
 * Hands tasks out, first come, first served, never more than there are hands. An exhaustive search that more than one
 * unit asks for is made once.
 */
class Desk {
  readonly #searches = new Map<string, Promise<TaskResult | undefined>>();
  readonly #crew: Crew;
  readonly #pace: Pace;
  readonly #waiting: (() => void)[] = [];
  #free: number;
  #known = 0;
  #done = 0;

  constructor(crew: Crew, pace: Pace) {
    this.#crew = crew;
    this.#pace = pace;
    this.#free = crew.size;
  }

  take(task: Task): Promise<TaskResult | undefined> {
    if (task.kind !== 'prove') return this.#do(task);
    const key = JSON.stringify(task);
    const search = this.#searches.get(key) ?? this.#do(task);
    this.#searches.set(key, search);
    return search;
  }

  async #do(task: Task): Promise<TaskResult | undefined> {
    this.#known++;
    if (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#free--;
    try {
      return this.#pace.mayBegin() ? await this.#crew.do(task) : undefined;
    } finally {
      this.#pace.progress(++this.#done, this.#known);
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    }
  }
}
