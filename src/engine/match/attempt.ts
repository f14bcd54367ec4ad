import { dueNowAmong } from '../../clock/time-act.ts';
import type { Zone } from '../../clock/zone.ts';
import type { Candidate, Explorer, Outcome } from '../exhaustive/explorer.ts';
import type { Sort } from '../exhaustive/lookahead.ts';
import { Node, Passed } from '../exhaustive/passed.ts';
import type { Reduction } from '../exhaustive/reduction.ts';
import { isSame, keyOf, type Observed, type Said, type Vocabulary } from './observation.ts';
import { hull, type LogSpan } from './span.ts';
import { longer, type Trail } from './trail.ts';
import { canStayUntil, notAfter, notBefore, spanOf } from './window.ts';

/** How much of the log a state explains. */
interface Explanation {
  /** All events of the log before this one are explained. */
  readonly first: number;
  /** Those behind it that are explained as well: who told them is ahead of the others. */
  readonly ahead: readonly number[];
  /** What lanes said last, where that is told only once. */
  readonly repeatable: readonly string[];
  readonly trail: Trail | undefined;
}

/** Nothing is explained yet. */
export const NOTHING_EXPLAINED: Explanation = { first: 0, ahead: [], repeatable: [], trail: undefined };

/** A state of the model, and how much of the log it explains. How it was reached is not kept: a log may be long. */
export class Explained extends Node implements Explanation {
  readonly first: number;
  readonly ahead: readonly number[];
  readonly repeatable: readonly string[];
  readonly trail: Trail | undefined;

  constructor({ step, configuration, end }: Outcome, zone: Zone, { first, ahead, repeatable, trail }: Explanation) {
    super({ step, parent: undefined, depth: 0 }, configuration, zone, end !== undefined);
    this.first = first;
    this.ahead = ahead;
    this.repeatable = repeatable;
    this.trail = trail;
  }
}

/** Something that the model may say where the log says something else. */
export interface Alternative extends Said {
  readonly when: LogSpan;
}

/** What is looked for, and how far. */
export interface Aim {
  /** The events from `base` on that are known. */
  readonly events: readonly Observed[];
  readonly base: number;
  /** It is enough to explain the events before this one. */
  readonly goal: number;
  /**
   * Whether the log may go on behind these events with others: then the model may say what they do not say, from the last
   * of them on. False where what is known reaches further than the events before the goal can.
   */
  readonly open: boolean;
  /** Whether it is also asked what the model may say in the place of the last event before the goal, at whatever time. */
  readonly curious?: boolean;
  /** The log is over then, and behind these events tells nothing. */
  readonly until?: number;
  readonly maxStates: number;
  /** How many states that explain the goal are enough to go on from. */
  readonly enough: number;
  readonly stop: () => string | undefined;
}

/** What an attempt is made with. */
export interface Means {
  readonly explorer: Explorer;
  readonly reduction: Reduction;
  readonly vocabulary: Vocabulary;
}

/** How many steps are made in a row without looking at anything else. */
const STEPS_ALONE_MOST = 1000;
const STATES_BETWEEN_LOOKS = 64;

/**
 * Looks for runs of a model that explain the next events of a log: breadth first over states, zones, and the events that
 * are explained. An event of the log is explained when the model says the same within its window, and has said all that
 * the same lane told before. Between lanes the log's order counts as far as its times tell it.
 */
export class Attempt {
  /** States in which all events before the goal are explained. */
  readonly reached: Explained[] = [];
  /** What the model might have said where a run that explains most ends: in the place of the last event before the goal, or before. */
  readonly alternatives = new Map<string, Alternative>();
  /** Whether the model can say nothing more until the log is over. */
  staysUntil = false;
  /** A state that explains as much as any. */
  furthest: Explained | undefined;
  stopped: string | undefined;
  /** Whether there may be other states, because those found were enough. */
  wasCut = false;
  states = 0;
  readonly #means: Means;
  readonly #aim: Aim;
  #passed = new Map<string, Passed>();
  #queue: Explained[] = [];
  /** Timers that lead at once to what the log does not tell here, wherever they have been tried; false where they did not. */
  readonly #isDead = new Map<Sort, boolean>();
  #wasDead = false;
  /** How far the runs came that end where `alternatives` says. */
  #notedAt = -1;

  constructor(means: Means, aim: Aim) {
    this.#means = means;
    this.#aim = aim;
  }

  /** Go on from these states until nothing new is found. */
  run(from: readonly Explained[]): void {
    do {
      this.#begin();
      this.#pass(from);
    } while (this.#wasDead && this.stopped === undefined && !this.#isEnough);
  }

  #begin(): void {
    this.#passed = new Map();
    this.#queue = [];
    this.#wasDead = false;
    this.#notedAt = -1;
    this.reached.length = 0;
    this.alternatives.clear();
  }

  #pass(from: readonly Explained[]): void {
    for (const node of from) {
      node.coveredBy = undefined;
      this.#settle(node);
    }
    for (let next = 0; next < this.#queue.length && this.stopped === undefined; next++) {
      if (this.#isEnough) {
        this.wasCut = true;
        return;
      }
      if (next % STATES_BETWEEN_LOOKS === 0) this.stopped = this.#shouldStop();
      const node = this.#queue[next] as Explained;
      this.#queue[next] = undefined as unknown as Explained;
      if (node.coveredBy === undefined && !node.ended) this.#expand(node);
    }
  }

  get #isEnough(): boolean {
    return this.staysUntil || this.reached.length >= this.#aim.enough;
  }

  #shouldStop(): string | undefined {
    const { maxStates, stop } = this.#aim;
    return this.states > maxStates ? `more than ${maxStates} states between two events` : stop();
  }

  #expand(node: Explained): void {
    for (const candidate of this.#candidates(node)) {
      if (this.#leadsNowhere(node, candidate)) continue;
      for (const outcome of this.#outcomesOf(node, candidate)) {
        const next = this.#explain(outcome, node);
        if (next !== undefined) this.#settle(next);
      }
    }
  }

  /**
   * Whether a timer that goes first leads at once to what the log does not tell. Once it did, it is taken to do so elsewhere,
   * so that other steps need not be tried before and after it; where that turns out wrong, all is done again without it.
   */
  #leadsNowhere(node: Explained, candidate: Candidate): boolean {
    if (!('timer' in candidate.mover)) return false;
    const known = this.#isDead.get(candidate.sort);
    if (known === false) return false;
    const is = this.#outcomesOf(node, candidate).every((outcome) => this.#isRefused(outcome, node));
    if (known === undefined || !is) this.#isDead.set(candidate.sort, is);
    if (known === true && !is) this.#wasDead = true;
    return is;
  }

  /** Whether what is said, or what the one process that is woken says next, is not what the log tells. */
  #isRefused(outcome: Outcome, node: Explained): boolean {
    const next = this.#explain(outcome, node);
    if (next === undefined) return true;
    if (outcome.end !== undefined || this.#said(outcome).length > 0) return false;
    const woken = next.configuration.ready.filter((process) => !node.configuration.ready.includes(process));
    if (woken.length !== 1) return false;
    const goes = candidateOf(woken[0]?.trackedAs, this.#candidates(next));
    if (goes === undefined) return false;
    return this.#outcomesOf(next, goes).every((each) => this.#explain(each, next) === undefined);
  }

  #candidates({ configuration, zone }: Explained): readonly Candidate[] {
    return this.#means.explorer.candidates(configuration, zone);
  }

  #outcomesOf({ configuration, zone }: Explained, candidate: Candidate): readonly Outcome[] {
    return this.#means.explorer.go(configuration, zone, candidate);
  }

  /** What of all that is said in a step the program that wrote the log tells. */
  #said({ events }: Outcome): readonly Said[] {
    return events.filter(({ name }) => this.#means.vocabulary.names.has(name));
  }

  /** Go on as long as one process can go alone; what that leads to is kept. */
  #settle(first: Explained): void {
    let node = first;
    if (this.furthest === undefined || node.first > this.furthest.first) this.furthest = node;
    for (let steps = 0; steps < STEPS_ALONE_MOST && node.first < this.#aim.goal && !node.ended; steps++) {
      const alone = this.#alone(node);
      if (alone === undefined) break;
      const next = this.#explain(alone, node);
      if (next === undefined) return;
      node = next;
    }
    if (node.first >= this.#aim.goal) {
      if (this.#passedOf(node).add(node) === undefined) this.reached.push(node);
      return;
    }
    if (this.#passedOf(node).add(node) !== undefined) return;
    this.states++;
    this.#queue.push(node);
    this.#lookAtTheEnd(node);
  }

  #lookAtTheEnd({ zone, ended, configuration: { ready } }: Explained): void {
    const { until } = this.#aim;
    if (until !== undefined && (ended || canStayUntil(zone, until, ready.length > 0))) this.staysUntil = true;
  }

  #passedOf({ first, ahead, repeatable }: Explained): Passed {
    const key = `${first}:${ahead.join()}:${repeatable.join()}`;
    let passed = this.#passed.get(key);
    if (passed === undefined) {
      passed = new Passed(false);
      this.#passed.set(key, passed);
    }
    return passed;
  }

  #alone(node: Explained): Outcome | undefined {
    const { configuration, zone } = node;
    if (configuration.ready.length === 0) return undefined;
    const { explorer, reduction } = this.#means;
    const candidates = this.#candidates(node);
    const [only] = candidates;
    if (candidates.length === 1 && only !== undefined) {
      const outcomes = this.#outcomesOf(node, only);
      return outcomes.length === 1 ? outcomes[0] : undefined;
    }
    const due = dueNowAmong(zone, configuration.ranks).filter(
      (timer) => this.#isDead.get(explorer.sortOf({ timer }, configuration)) !== true,
    );
    const likely = reduction.likelyAlone(configuration, due);
    const candidate = candidateOf(likely?.process, candidates);
    if (likely === undefined || candidate === undefined) return undefined;
    const [outcome, ...others] = this.#outcomesOf(node, candidate);
    if (outcome === undefined || others.length > 0) return undefined;
    return reduction.canGoAlone(likely, outcome) ? outcome : undefined;
  }

  /** The state that an outcome leads to, if the log tells what it says, at its time. */
  #explain(outcome: Outcome, node: Explained): Explained | undefined {
    let { zone } = outcome;
    let { first, ahead, repeatable, trail } = node;
    for (const each of this.#said(outcome)) {
      const key = keyOf(each);
      if (repeatable.includes(key)) continue;
      repeatable = repeatable.filter((other) => !other.startsWith(`${each.lane}\n`));
      if (this.#means.vocabulary.once.has(each.name)) repeatable = [...repeatable, key].sort();
      const when = spanOf(zone);
      const index = this.#placeOf(each, first, ahead);
      const inside = index === undefined ? this.#beyond(zone) : this.#within(each, index, zone);
      if (inside === undefined) {
        this.#note(each, when, first);
        return undefined;
      }
      zone = inside;
      if (index === undefined) continue;
      trail = longer(trail, index, spanOf(zone));
      ahead = [...ahead, index].sort((a, b) => a - b);
      while (ahead[0] === first) {
        ahead = ahead.slice(1);
        first++;
      }
    }
    const clipped = this.#clip(zone, first);
    if (clipped === undefined) return undefined;
    return new Explained(outcome, clipped, { first, ahead, repeatable, trail });
  }

  /** The first event that whoever says this has told, and that is not explained yet. */
  #placeOf({ lane }: Said, first: number, ahead: readonly number[]): number | undefined {
    const { events, base } = this.#aim;
    for (let index = first; index < base + events.length; index++) {
      const { lane: told } = events[index - base] as Observed;
      if ((told === undefined || told === lane) && !ahead.includes(index)) return index;
    }
    return undefined;
  }

  #within(said: Said, index: number, zone: Zone): Zone | undefined {
    const { events, base } = this.#aim;
    const observed = events[index - base] as Observed;
    if (!isSame(observed, said, this.#means.vocabulary)) return undefined;
    const late = notBefore(zone, observed.earliest);
    return late === undefined ? undefined : notAfter(late, observed.latest);
  }

  /** What the known events do not tell may come in the log behind all of them. */
  #beyond(zone: Zone): Zone | undefined {
    const last = this.#aim.events.at(-1);
    if (!this.#aim.open || last === undefined) return undefined;
    const late = notBefore(zone, last.earliest);
    return late === undefined ? undefined : notAfter(late, last.latest);
  }

  /** The first event that is not explained must still be possible; where others are asked for in its place, not for long. */
  #clip(zone: Zone, first: number): Zone | undefined {
    const { events, base, goal, curious, until } = this.#aim;
    const next = events[first - base];
    if (until !== undefined) return notAfter(zone, until);
    if (next === undefined || (curious && first === goal - 1)) return zone;
    return notAfter(zone, next.latest);
  }

  #note(said: Said, when: LogSpan, first: number): void {
    if (!this.#aim.open || first < this.#notedAt) return;
    if (first > this.#notedAt) this.alternatives.clear();
    this.#notedAt = first;
    const key = keyOf(said);
    const known = this.alternatives.get(key);
    this.alternatives.set(key, { ...said, when: known === undefined ? when : hull(known.when, when) });
  }
}

function candidateOf(process: number | undefined, candidates: readonly Candidate[]): Candidate | undefined {
  return candidates.find(({ mover }) => 'process' in mover && mover.process === process);
}
