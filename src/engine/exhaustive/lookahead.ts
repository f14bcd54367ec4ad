import type { Use } from '../../kernel/tracker.ts';
import { Footprint } from './footprint.ts';

/**
 * A sort of step, by who makes it: a process at some place and woken in some way, or a callback of some object. Whatever else a step
 * depends on, its footprint lies inside what has been learned of its sort.
 */
export type Sort = number;

/** What is known about a sort of step. */
interface Knowledge {
  readonly process: number;
  /** Of the process; no scope for a callback. */
  readonly scope: number;
  readonly footprint: Footprint;
  /** Sorts of steps that may follow it at the same instant: of processes that it makes ready, of timers that it arms. */
  readonly next: Set<Sort>;
}

const NOTHING = new Footprint();

/** No process: a callback. */
const NOBODY = -1;

/**
 * What steps may still be made at an instant, and what they use: for partial-order reduction. It is learned while searching;
 * what was decided by it stands only if nothing was learned afterwards, so a search is repeated until nothing is.
 */
export class Lookahead {
  readonly #sorts: Knowledge[] = [];
  readonly #ofProcess = new Map<number, Sort>();
  readonly #ofCallback = new Map<number, Sort>();
  readonly #emptied = new Map<number, Footprint>();
  #version = 0;
  /** What may come of these sorts, together, as far as known in this version. */
  #reachable = new Map<string, Footprint>();

  /** Grows with each thing that is learned. */
  get version(): number {
    return this.#version;
  }

  /** A step of `process` when it holds `content`: its log, and what woke it. */
  sortOfProcess(process: number, scope: number, content: number): Sort {
    return this.#sort(this.#ofProcess, content * PROCESSES_MOST + process, process, scope, process, 'joins');
  }

  sortOfCallback(object: number): Sort {
    return this.#sort(this.#ofCallback, object, NOBODY, NOBODY, object, 'writes');
  }

  learn(sort: Sort, footprint: Footprint, next: readonly Sort[]): void {
    const known = this.#sorts[sort] as Knowledge;
    let grown = known.footprint.addAll(footprint);
    for (const each of next) {
      if (known.next.has(each)) continue;
      known.next.add(each);
      grown = true;
    }
    if (grown) this.#grow();
  }

  /** What steps of this sort have used so far. */
  footprintOf(sort: Sort): Footprint {
    return (this.#sorts[sort] as Knowledge).footprint;
  }

  /** What came of it when the scope with this number became empty. */
  learnEmptied(scope: number, footprint: Footprint): void {
    const known = this.#emptied.get(scope) ?? new Footprint();
    this.#emptied.set(scope, known);
    if (known.addAll(footprint)) this.#grow();
  }

  /** What can come of it when the scope with this number becomes empty, as far as is known. */
  emptied(scope: number): Footprint {
    return this.#emptied.get(scope) ?? NOTHING;
  }

  /**
   * All that steps of these sorts, and those that follow them at the same instant before `process` makes one, may use, as
   * far as is known. Where `outside` is given, only steps that no process of that scope makes count.
   */
  reachable(sorts: readonly Sort[], process: number, outside?: number): Footprint {
    const key = `${process}:${outside}:${sorts.join()}`;
    let footprint = this.#reachable.get(key);
    if (footprint === undefined) {
      footprint = this.#collect(sorts, process, outside);
      this.#reachable.set(key, footprint);
    }
    return footprint;
  }

  #collect(sorts: readonly Sort[], process: number, outside: number | undefined): Footprint {
    const all = new Footprint();
    const looked = new Set<Sort>(sorts);
    for (const sort of looked) {
      const known = this.#sorts[sort] as Knowledge;
      if (known.process === process) continue;
      if (outside === undefined || known.scope !== outside) all.addAll(known.footprint);
      for (const next of known.next) looked.add(next);
    }
    return all;
  }

  /** `own`: what it uses by being made at all. Who takes that away would keep it from being made, and from being learned. */
  #sort(sorts: Map<number, Sort>, key: number, process: number, scope: number, own: number, use: Use): Sort {
    let sort = sorts.get(key);
    if (sort === undefined) {
      const footprint = new Footprint();
      footprint.add(own, use);
      sort = this.#sorts.push({ process, scope, footprint, next: new Set() }) - 1;
      sorts.set(key, sort);
    }
    return sort;
  }

  #grow(): void {
    this.#version++;
    if (this.#reachable.size > 0) this.#reachable = new Map();
  }
}

/** Bound on the numbers of processes, for keys that pair them with contents. */
const PROCESSES_MOST = 2 ** 20;
