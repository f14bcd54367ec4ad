import type { Process } from '../../kernel/process.ts';
import type { Configuration } from './configuration.ts';
import type { Explorer, Outcome, Used } from './explorer.ts';
import { Footprint } from './footprint.ts';
import type { Sort } from './lookahead.ts';

/** Steps of `process` that went alone, while steps of the sorts in `others` could have gone. */
interface Decision {
  readonly process: number;
  readonly others: readonly Sort[];
  /** What they used, all together. */
  readonly footprint: Footprint;
}

/**
 * Partial-order reduction (ample sets: Peled 1993; Clarke, Grumberg, Minea and Peled 1999). Where several things can go at an
 * instant, a process may go alone if its step commutes with all that the others can do before it, and no property can
 * tell: then all other orders come to the same.
 *
 * What the others can do is learned while searching. A decision is made by what is known; once everything has been looked
 * at, all decisions are looked at again, and where one does not stand, the search is repeated with what is known by then.
 * (Suppose that one does not stand, though nothing is learned any more. Take the shortest sequence of steps of others from
 * its state that ends in a conflict. All but the last commute with the step that went alone, so the sequence can be made
 * behind it, was looked at, up to such commuting, and has been learned.)
 */
export class Reduction {
  readonly #explorer: Explorer;
  #decisions = new Map<string, Decision>();
  /** How often a search has begun. */
  #searches = 0;
  /** What `likelyAlone` said, by the version of the lookahead in which it did. */
  readonly #likely = new WeakMap<
    Configuration,
    Map<string, { readonly version: number; readonly member: Member | undefined }>
  >();

  constructor(explorer: Explorer) {
    this.#explorer = explorer;
  }

  /** The search begins anew. */
  begin(): void {
    this.#decisions = new Map();
    this.#searches++;
  }

  /** Whether all decisions are right by what is known now. */
  standsStill(): boolean {
    for (const { process, others, footprint } of this.#decisions.values()) {
      if (!this.commutes(footprint, process, others)) return false;
    }
    return true;
  }

  /** One that can go alone if it does what its likes did before, while timers of these ranks may fire at the same instant. */
  likelyAlone(configuration: Configuration, due: readonly number[]): Member | undefined {
    const key = due.join();
    const { version } = this.#explorer.lookahead;
    let known = this.#likely.get(configuration);
    if (known === undefined) {
      known = new Map();
      this.#likely.set(configuration, known);
    }
    let likely = known.get(key);
    if (likely?.version !== version) {
      const member = this.#membersOf(configuration, due).find(({ process, sort, others }) =>
        this.commutes(this.#explorer.lookahead.footprintOf(sort), process, others),
      );
      likely = { version, member };
      known.set(key, likely);
    }
    return likely.member;
  }

  #membersOf(configuration: Configuration, due: readonly number[]): Member[] {
    const { ready } = configuration;
    const sorts = ready.map((process) => this.#explorer.sortOf({ process: process.trackedAs }, configuration));
    const timers = due.map((timer) => this.#explorer.sortOf({ timer }, configuration));
    return ready.map(({ trackedAs }, index) => ({
      process: trackedAs,
      sort: sorts[index] as Sort,
      others: [...sorts.filter((_, other) => other !== index), ...timers],
      judged: undefined,
    }));
  }

  /** Whether `member` need not be tried after the others, by all that comes of it. */
  canGoAlone(member: Member, { used, end }: Outcome): boolean {
    if (end !== undefined) return false;
    const { judged } = member;
    const { version } = this.#explorer.lookahead;
    const searches = this.#searches;
    if (judged?.used === used && judged.version === version && judged.searches === searches) return judged.isAlone;
    const { process, others } = member;
    let { footprint } = used;
    for (const emptied of used.emptied) footprint = footprint.with(emptied.footprint);
    const isAlone = this.commutes(footprint, process, others);
    if (isAlone) this.#decide(footprint, process, others);
    member.judged = { used, version, searches, isAlone };
    return isAlone;
  }

  /** Note that steps of `process` with this footprint went alone. */
  #decide(footprint: Footprint, process: number, others: readonly Sort[]): void {
    const key = `${process}:${others.join()}`;
    const known = this.#decisions.get(key) ?? { process, others, footprint: new Footprint() };
    known.footprint.addAll(footprint);
    this.#decisions.set(key, known);
  }

  /**
   * Whether steps of `process` with this footprint come to the same before and after all that `others` can do. Who counts on
   * a scope last makes it empty, and with it happens what then happens: so that must commute, too, with this step, and, if
   * both count, with what the others do. Only those outside the scope can do it afterwards: while a process of it is
   * there, it is not empty.
   */
  commutes(footprint: Footprint, process: number, others: readonly Sort[]): boolean {
    const { lookahead, memory } = this.#explorer;
    if (footprint.changesAnyOf(memory.watched)) return false;
    const reachable = lookahead.reachable(others, process);
    if (footprint.conflictsWith(reachable)) return false;
    const counted = reachable.counted();
    const own = footprint.counted();
    const ownScope = (memory.objectOf(process) as Process).sim.trackedAs;
    for (const scope of counted) {
      const emptied = lookahead.emptied(scope);
      if (emptied.size === 0) continue;
      if (emptied.changesAnyOf(memory.watched)) return false;
      if (scope !== ownScope && emptied.conflictsWith(footprint)) return false;
      if (!own.includes(scope)) continue;
      if (emptied.conflictsWith(lookahead.reachable(others, process, scope))) return false;
      if (counted.some((other) => other !== scope && emptied.conflictsWith(lookahead.emptied(other)))) return false;
    }
    return true;
  }
}

/** A process that is ready, and the sorts of all other steps that can be made at that instant. */
interface Member {
  readonly process: number;
  readonly sort: Sort;
  readonly others: readonly Sort[];
  /** What was last said of it. */
  judged: Judged | undefined;
}

/** Whether a step that used this could go alone, by what was known then, and in which search. */
interface Judged {
  readonly used: Used;
  readonly version: number;
  readonly searches: number;
  readonly isAlone: boolean;
}
