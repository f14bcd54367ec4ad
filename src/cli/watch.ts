import type { Progress } from '../engine/prove.ts';
import type { Host } from './host.ts';

/** What takes less than this long shows no progress line. */
const PATIENCE_MS = 1000;
const BETWEEN_LINES_MS = 100;

/** A process that takes more is likely to be ended by its host, with no answer at all. */
const MEMORY_MAX = 2 * 1024 ** 3;

const CLEAR_LINE = '\r\u001b[K';

/**
 * Looks at exhaustive searches while they run in this thread: says how far they are, on a line of a watched terminal, and
 * ends them where they take too long or too much memory.
 */
export class Watch {
  readonly #host: Host;
  readonly #deadline: number;
  readonly #title: () => string;
  readonly #startedAt: number;
  #searchBeganAt: number;
  #states = 0;
  #shownAt = -Infinity;

  /** `deadline` in the host's milliseconds. */
  constructor(host: Host, deadline: number, title: () => string = () => 'prove') {
    this.#host = host;
    this.#deadline = deadline;
    this.#title = title;
    this.#startedAt = host.now();
    this.#searchBeganAt = this.#startedAt;
  }

  /** Why the search must end, if it must. */
  readonly look = (progress: Progress): string | undefined => {
    const now = this.#host.now();
    if (now >= this.#deadline) return 'time ran out';
    if (this.#host.memoryInUse() > MEMORY_MAX) return `more than ${MEMORY_MAX / 1024 ** 3} GB of memory in use`;
    // A search that has fewer states than before is another one, or the same begun anew.
    if (progress.states < this.#states) this.#searchBeganAt = now;
    this.#states = progress.states;
    if (this.#host.watched) this.#show(now, progress);
    return undefined;
  };

  /** Nothing is left of the line. */
  stop(): void {
    if (this.#shownAt > -Infinity) this.#host.err(CLEAR_LINE);
    if (this.#host.watched) this.#host.err(`took ${((this.#host.now() - this.#startedAt) / 1000).toFixed(1)} s\n`);
  }

  #show(now: number, { states, frontier, depth }: Progress): void {
    if (now - this.#startedAt < PATIENCE_MS || now - this.#shownAt < BETWEEN_LINES_MS) return;
    this.#shownAt = now;
    const seconds = (now - this.#searchBeganAt) / 1000;
    const rate = seconds > 0 ? `, ${Math.round(states / seconds)} a second` : '';
    this.#host.err(`${CLEAR_LINE}${this.#title()}: ${states} states${rate}, ${frontier} to expand, depth ${depth}`);
  }
}
