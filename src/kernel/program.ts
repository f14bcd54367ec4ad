import type { Process } from './process.ts';
import type { Sim } from './sim.ts';
import type { Proc } from './waitable.ts';

/** Processes that live and die together, as the threads of an operating system's process do. */
export class Program {
  readonly #sim: Sim;
  readonly #processes: Process[] = [];

  constructor(sim: Sim) {
    this.#sim = sim;
  }

  spawn(name: string, body: () => Proc<unknown>, options?: { daemon?: boolean }): Process {
    const process = this.#sim.spawn(name, body, options);
    this.#processes.push(process);
    return process;
  }

  /** SIGSTOP: none of it runs until `thaw`. */
  freeze(): void {
    for (const process of this.#processes) process.freeze();
  }

  thaw(): void {
    for (const process of this.#processes) process.thaw();
  }

  /** SIGKILL: none of it runs any more, and the locks that it holds stay held. */
  kill(): void {
    for (const process of this.#processes) process.kill();
  }
}
