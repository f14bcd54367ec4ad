import { canWaitForEver, dueNowAmong, saturated, spanAt } from '../../clock/time-act.ts';
import type { Span } from '../../kernel/clock-contract.ts';
import { LearnedLateError, UnfollowableError } from '../../kernel/errors.ts';
import type { RunEnd } from '../../kernel/kernel.ts';
import type { PropertySet } from '../../property/monitor.ts';
import type { Violation } from '../../property/verdict.ts';
import type { Candidate, Explorer, Outcome, Step } from './explorer.ts';
import { Graph } from './graph.ts';
import { Node, Passed, type Path } from './passed.ts';
import { Reduction } from './reduction.ts';

/** What a search may cost. */
export interface SearchLimits {
  readonly maxStates: number;
  /** Whether orders that come to the same are looked at once. True unless said: false is for tests, and slow. */
  readonly reduce?: boolean;
  /**
   * Whether states whose times make one zone together become one. True unless said: the states are fewer, but a path to one
   * leads to some of its points only.
   */
  readonly join?: boolean;
  /** Whether it is kept what follows what: that takes memory. */
  readonly keepGraph?: boolean;
  /** Asked now and then; what it answers ends the search, and says why. */
  readonly stop?: (progress: Progress) => string | undefined;
}

export interface Progress {
  readonly states: number;
  readonly frontier: number;
  readonly depth: number;
  readonly transitions: number;
}

/** A violation, and the state in which it shows. */
export interface Found {
  readonly violation: Violation;
  readonly node: Path;
  /** Whether it is that more time has passed than was allowed, and not that nothing need ever happen. */
  readonly isOverdue: boolean;
}

/** One end of a measured span. */
export interface Extreme {
  /** In ticks; `Infinity` where it has no end, or has none below what was looked at. */
  readonly length: number;
  /** Whether it can be just so long, or only everything short of it. */
  readonly attained: boolean;
  readonly node: Path;
}

export interface Extremes {
  least: Extreme;
  greatest: Extreme;
}

export interface SearchResult {
  /** Whether everything that can be reached has been looked at. */
  readonly complete: boolean;
  /** Why it is not. */
  readonly stopped: string | undefined;
  readonly progress: Progress;
  readonly configurations: number;
  /** How many states became one with another: where there are any, a path need not lead to what was found at its end. */
  readonly joined: number;
  /** The first violation of each property, by name: no path to one is shorter. */
  readonly found: ReadonlyMap<string, Found>;
  readonly seen: ReadonlyMap<string, Path>;
  readonly measured: ReadonlyMap<string, Extremes>;
  readonly explorer: Explorer;
  /** States that another one stands for, with the one that does: for audits. */
  readonly merged: readonly { readonly node: Node; readonly into: Node }[];
  /** Where it was to be kept. */
  readonly graph: Graph | undefined;
}

/** Where a step is made. */
type State = Pick<Node, 'configuration' | 'zone'>;

/** How many merged states are kept for audits. */
const MERGES_KEPT = 32;
/** How many steps are made in a row without looking at anything else: a bound, for processes may go on for ever. */
const STEPS_ALONE_MOST = 1000;
/** From this many on, it is looked whether they come back to where they were. */
const STEPS_ALONE_USUAL = 16;
/** How many states are expanded between two questions whether to stop. */
const STATES_BETWEEN_LOOKS = 64;

/** Breadth first through all states that can be reached, until nothing new is found, or `isEnough`. */
export class Search {
  readonly #explorer: Explorer;
  readonly #limits: SearchLimits;
  /** The length beyond which a span is only known to be longer, so that the search comes to an end. */
  readonly #horizon: number;
  readonly #reduction: Reduction;
  #passed = new Passed(true);
  #queue: Node[] = [];
  #found = new Map<string, Found>();
  #seen = new Map<string, Path>();
  #measured = new Map<string, Extremes>();
  #merged: { readonly node: Node; readonly into: Node }[] = [];
  #merges = 0;
  #graph: Graph | undefined;
  #next = 0;
  #transitions = 0;
  #depth = 0;

  constructor(explorer: Explorer, properties: PropertySet, horizon: number, limits: SearchLimits) {
    explorer.watch(properties);
    this.#explorer = explorer;
    this.#reduction = new Reduction(explorer);
    this.#limits = limits;
    this.#horizon = horizon;
  }

  run(isEnough: (found: ReadonlyMap<string, Found>) => boolean): SearchResult {
    let stopped: string | undefined;
    let isDone = false;
    while (!isDone) {
      this.#begin();
      try {
        stopped = this.#pass(isEnough);
        isDone = stopped !== undefined || isEnough(this.#found) || this.#reduction.standsStill();
      } catch (error) {
        if (error instanceof LearnedLateError) this.#explorer.forget();
        else if (error instanceof UnfollowableError) {
          stopped = error.message;
          isDone = true;
        } else throw error;
      }
    }
    return {
      complete: stopped === undefined && this.#next === this.#queue.length,
      stopped,
      progress: this.#progress,
      configurations: this.#passed.configurations,
      joined: this.#passed.joined,
      found: this.#found,
      seen: this.#seen,
      measured: this.#measured,
      explorer: this.#explorer,
      merged: this.#merged,
      graph: this.#graph,
    };
  }

  #begin(): void {
    this.#reduction.begin();
    this.#passed = new Passed(this.#limits.join !== false);
    this.#queue = [];
    this.#found = new Map();
    this.#seen = new Map();
    this.#measured = new Map();
    this.#merged = [];
    this.#merges = 0;
    this.#graph = this.#limits.keepGraph === true ? new Graph() : undefined;
    this.#next = 0;
    this.#transitions = 0;
    this.#depth = 0;
  }

  /** Look at everything, once; says why it was stopped, if it was. */
  #pass(isEnough: (found: ReadonlyMap<string, Found>) => boolean): string | undefined {
    for (const outcome of this.#explorer.initial()) this.#reach(outcome, undefined, true);
    let stopped: string | undefined;
    while (this.#next < this.#queue.length && stopped === undefined && !isEnough(this.#found)) {
      if (this.#next % STATES_BETWEEN_LOOKS === 0) stopped = this.#shouldStop();
      const node = this.#queue[this.#next] as Node;
      this.#queue[this.#next++] = undefined as unknown as Node;
      if (node.coveredBy === undefined && !node.ended) this.#expand(node);
    }
    return stopped;
  }

  get #progress(): Progress {
    return {
      states: this.#passed.states,
      frontier: this.#queue.length - this.#next,
      depth: this.#depth,
      transitions: this.#transitions,
    };
  }

  #shouldStop(): string | undefined {
    const progress = this.#progress;
    if (progress.states > this.#limits.maxStates) return `more than ${this.#limits.maxStates} states`;
    return this.#limits.stop?.(progress);
  }

  #expand(node: Node): void {
    const { configuration, zone } = node;
    node.expanded = true;
    const candidates = this.#explorer.candidates(configuration, zone);
    const due = this.#graph === undefined ? [] : dueNowAmong(zone, configuration.ranks);
    if (configuration.ready.length === 0 && canWaitForEver(zone, configuration.ranks)) {
      this.#owedForEver(node);
      this.#judge(this.#explorer.endQuietly(configuration), node);
    }
    for (const candidate of candidates) {
      const { mover } = candidate;
      const isInstant = 'process' in mover || due.includes(mover.timer);
      for (const outcome of this.#outcomesOf(node, candidate, candidates)) this.#reach(outcome, node, isInstant);
    }
  }

  /** All that can come of it when `candidate` goes first. */
  #outcomesOf(from: State, candidate: Candidate, candidates: readonly Candidate[]): Outcome[] {
    const outcomes = this.#explorer.go(from.configuration, from.zone, candidate, candidates);
    this.#transitions += outcomes.length;
    return outcomes.map((outcome) => this.#withOpenSpans(outcome));
  }

  /** Go on from there as long as one process can go alone; what that leads to is a state to be looked at. */
  #reach(first: Outcome, from: Node | undefined, isInstant: boolean): void {
    let outcome = first;
    const made: Step[] = [first.step];
    let known: Outcome | undefined;
    let path = this.#tell(outcome, from);
    for (let steps = 0; outcome.end === undefined && steps < STEPS_ALONE_MOST; steps++) {
      const next = this.#alone(outcome);
      if (next === undefined) break;
      outcome = next;
      made.push(next.step);
      path = this.#tell(outcome, path);
      if (known !== undefined && isSame(known, next)) break;
      if (made.length >= STEPS_ALONE_USUAL && isPowerOfTwo(made.length)) known = next;
    }
    if (path.depth > this.#depth) this.#depth = path.depth;
    const { configuration, zone, end } = outcome;
    const node = new Node(path, configuration, zone, end !== undefined);
    const into = this.#passed.add(node);
    this.#graph?.add({ from, steps: made, isInstant, to: into ?? node });
    if (into === undefined) this.#queue.push(node);
    else this.#keepMerge(node, into);
  }

  /** Note all that the last step of a path showed. */
  #tell(outcome: Outcome, parent: Path | undefined): Path {
    const path = { step: outcome.step, parent, depth: parent === undefined ? 0 : parent.depth + 1 };
    for (const violation of outcome.violations) this.#note(violation, path, true);
    for (const name of outcome.seen) if (!this.#seen.has(name)) this.#seen.set(name, path);
    for (const { property, span } of outcome.ended) this.#measure(property, span, path);
    this.#judge(outcome.end, path);
    return path;
  }

  /** What comes of it where one process goes first, and need not be tried after any of the others. */
  #alone(from: Outcome): Outcome | undefined {
    const { configuration, zone } = from;
    if (configuration.ready.length === 0 || this.#limits.reduce === false) return undefined;
    const candidates = this.#explorer.candidates(configuration, zone);
    if (candidates.length === 1) {
      const outcomes = this.#outcomesOf(from, candidates[0] as Candidate, candidates);
      return outcomes.length === 1 ? outcomes[0] : undefined;
    }
    const likely = this.#reduction.likelyAlone(configuration, dueNowAmong(zone, configuration.ranks));
    const candidate = candidates.find(({ mover }) => 'process' in mover && mover.process === likely?.process);
    if (likely === undefined || candidate === undefined) return undefined;
    const [only, ...others] = this.#outcomesOf(from, candidate, candidates);
    if (only === undefined || others.length > 0) return undefined;
    return this.#reduction.canGoAlone(likely, only) ? only : undefined;
  }

  /** Spans that run too long are violations; others must not grow without end. */
  #withOpenSpans(outcome: Outcome): Outcome {
    const open = this.#explorer.open(outcome.configuration);
    if (open.length === 0) return outcome;
    const overdue: Violation[] = [];
    let { zone } = outcome;
    for (const { of, row } of open) {
      if (of.kind === 'within') {
        if (spanAt(zone, row).greatest > of.bound) overdue.push({ property: of.name, message: 'is overdue', at: 0 });
      } else {
        const length = of.kind === 'sometimes' && 'exactly' in of.witness ? of.witness.exactly : this.#horizon;
        zone = saturated(zone, row, length);
      }
    }
    if (overdue.length === 0 && zone === outcome.zone) return outcome;
    return { ...outcome, zone, violations: [...outcome.violations, ...overdue] };
  }

  #judge(end: RunEnd | undefined, node: Path): void {
    if (end?.why === 'panic')
      this.#note({ property: 'panic', message: `the modelled program panics: ${end.message}`, at: 0 }, node);
    if (end?.why === 'model-error') this.#note({ property: end.error.kind, message: end.error.message, at: 0 }, node);
  }

  /** Time may pass without end, and nothing need happen. */
  #owedForEver(node: Node): void {
    for (const { of } of this.#explorer.open(node.configuration)) {
      if (of.kind === 'within') this.#note({ property: of.name, message: 'may never come', at: 0 }, node);
      if (of.kind === 'measure') {
        this.#measure(
          of.name,
          { least: Infinity, leastAttained: false, greatest: Infinity, greatestAttained: false },
          node,
        );
      }
    }
  }

  #note(violation: Violation, node: Path, isOverdue = false): void {
    if (!this.#found.has(violation.property)) this.#found.set(violation.property, { violation, node, isOverdue });
  }

  #measure(property: string, span: Span, node: Path): void {
    const least = { length: span.least, attained: span.leastAttained, node };
    const greatest = { length: span.greatest, attained: span.greatestAttained, node };
    const known = this.#measured.get(property);
    if (known === undefined) this.#measured.set(property, { least, greatest });
    else {
      if (isBeyond(known.least, least, -1)) known.least = least;
      if (isBeyond(known.greatest, greatest, 1)) known.greatest = greatest;
    }
  }

  /** A few of them, spread evenly whatever their number. */
  #keepMerge(node: Node, into: Node): void {
    const merge = { node, into };
    const count = this.#merges++;
    if (count < MERGES_KEPT) this.#merged.push(merge);
    else if (Math.imul(count, 0x9e3779b1) >>> 8 < ((1 << 24) * MERGES_KEPT) / count)
      this.#merged[count % MERGES_KEPT] = merge;
  }
}

function isSame(one: Outcome, other: Outcome): boolean {
  return one.configuration === other.configuration && one.zone.equals(other.zone);
}

function isPowerOfTwo(count: number): boolean {
  return (count & (count - 1)) === 0;
}

/** Whether `other` lies further out than `known`: to the left with direction -1, to the right with 1. */
function isBeyond(known: Extreme, other: Extreme, direction: 1 | -1): boolean {
  const by = direction * (other.length - known.length);
  return by > 0 || (by === 0 && other.attained && !known.attained);
}
