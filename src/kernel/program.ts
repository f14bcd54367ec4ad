import type { Kernel } from './kernel.ts';
import type { Process } from './process.ts';
import type { Sim } from './sim.ts';
import type { ContentReader, ContentWriter, Tracked } from './tracker.ts';
import type { Proc } from './waitable.ts';

/** Processes that live and die together, as the threads of an operating system's process do. */
export class Program implements Tracked {
  trackedAs = -1;
  readonly #kernel: Kernel;
  readonly #sim: Sim;
  #processes: Process[] = [];

  constructor(kernel: Kernel, sim: Sim) {
    this.#kernel = kernel;
    this.#sim = sim;
  }

  spawn(name: string, body: () => Proc<unknown>, options?: { daemon?: boolean }): Process {
    const process = this.#sim.spawn(name, body, options);
    if (this.#kernel.effect(this)) this.#processes.push(process);
    return process;
  }

  /** SIGSTOP: none of it runs until `thaw`. */
  freeze(): void {
    for (const process of this.#members()) process.freeze();
  }

  thaw(): void {
    for (const process of this.#members()) process.thaw();
  }

  /** SIGKILL: none of it runs any more, and the locks that it holds stay held. */
  kill(): void {
    for (const process of this.#members()) process.kill();
  }

  save(to: ContentWriter): void {
    to.objects(this.#processes);
  }

  load(from: ContentReader): void {
    this.#processes = from.objects() as unknown as Process[];
  }

  #members(): readonly Process[] {
    return this.#kernel.effect(this, 'reads') ? this.#processes : [];
  }
}
