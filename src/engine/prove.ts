import { InternalError, LearnedLateError, type ModelErrorKind, UnfollowableError } from '../kernel/errors.ts';
import { PropertySet } from '../property/monitor.ts';
import { isPromise, type Property } from '../property/property.ts';
import type { Verdict, Violation } from '../property/verdict.ts';
import { audit } from './exhaustive/audit.ts';
import { type ConcreteRun, concreteRun, pathTo } from './exhaustive/concrete.ts';
import { Explorer, type Step } from './exhaustive/explorer.ts';
import type { Graph } from './exhaustive/graph.ts';
import type { GuidedRun } from './exhaustive/guided-run.ts';
import { findLivelock, type Livelock } from './exhaustive/livelock.ts';
import { type Extreme, type Found, Search, type SearchLimits, type SearchResult } from './exhaustive/search.ts';
import type { Demand } from './exhaustive/solve.ts';
import { type Term, termsOf } from './exhaustive/terms.ts';
import type { Subject } from './run.ts';
import { scheduleOf } from './schedule.ts';
import { type Counterexample, shrinkRun } from './simulate.ts';

export type { Progress, SearchLimits } from './exhaustive/search.ts';

export interface ProofLimits extends SearchLimits {
  /** Whether what is found is shrunk, for those who read it. True unless said. */
  readonly shrink?: boolean;
}

/** What the search for one answer came to. */
export interface Effort {
  /** States that no other one includes, and different configurations of the kernel's objects among them. */
  readonly states: number;
  readonly configurations: number;
  readonly transitions: number;
  /** Steps on the longest of the shortest paths. */
  readonly depth: number;
}

/** What took so many different values that the search did not come to an end, most first. */
export interface Growth {
  readonly object: string;
  readonly contents: number;
}

/** The answer for one property, for every real-valued timing inside the bounds and any length of run. */
export interface Proof {
  readonly property: string;
  readonly verdict: Exclude<Verdict, 'sampled'>;
  readonly effort: Effort;
  /** With `violated`: certified by a run under fake timers, and shrunk. */
  readonly counterexample?: Counterexample;
  /** With `inconclusive`: which limit was hit, or why there is no run that shows what was found. */
  readonly stopped?: string;
  readonly growth?: readonly Growth[];
}

/** One end of a measured span, in ticks. */
export interface End {
  /** `Infinity` where it has no end. */
  readonly length: number;
  /** Whether it can be just so long, or only everything short of it. */
  readonly attained: boolean;
  /** A run under fake timers in which it is so long, or as close to it as its ticks allow. */
  readonly witness?: Witness;
  /** The lengths that add up to it, where they do. */
  readonly terms?: readonly Term[];
}

/** A run, in the ticks of its subject, which may be finer than the model's, and how long the span is in it. */
interface Witness extends Pick<ConcreteRun, 'subject' | 'run'> {
  readonly length: number;
}

/** The exact least and greatest length of a span; both missing where it never ends. */
export interface ExactMeasure {
  readonly property: string;
  /** Whether everything was looked at: else these are only the ends of what was. */
  readonly complete: boolean;
  readonly stopped?: string;
  readonly growth?: readonly Growth[];
  readonly effort: Effort;
  readonly least?: End;
  readonly greatest?: End;
}

/** How many of what grew are named. */
const GROWTH_NAMED = 5;

/** A counterexample of more decisions than this is told as it was found: each attempt to shrink it is a run as long. */
const DECISIONS_SHRUNK_MOST = 50;

/**
 * The ways in which any model can fail that an exhaustive search meets where there are any. It counts no steps of a run;
 * a livelock (`zeno`) is for it what can go on for ever with no time passing, and is looked for only where it is asked about.
 */
const FAILURES_SEARCHED = {
  deadlock: true,
  zeno: true,
  'step-limit': false,
  exception: true,
  'unlock-not-held': true,
  'send-on-closed': true,
  'close-of-closed': true,
  'bad-bounds': true,
  'blocked-outside-process': true,
  'duplicate-name': true,
  panic: true,
} as const satisfies Record<ModelErrorKind | 'panic', boolean>;

/** What can be proved of `subject`, or refuted: its promises, and the failures that a search meets. */
export function provableOf(subject: Subject): readonly string[] {
  const failures = Object.entries(FAILURES_SEARCHED).flatMap(([kind, searched]) => (searched ? kind : []));
  return [...subject.promises, ...failures];
}

/**
 * Explores one model exhaustively, once for each question; what it has learned about the model for one makes it faster for
 * the next. Throws a HiddenStateError for a model that keeps state where the kernel does not see it.
 */
export class Prover {
  readonly #subject: Subject;
  readonly #explorer: Explorer;

  constructor(subject: Subject) {
    this.#subject = subject;
    this.#explorer = new Explorer(subject);
  }

  /**
   * Say for each of `names`, all of them provable, whether it holds. Properties that look at no time share one search.
   * Failures of the model that were met on the way follow, though nobody asked.
   */
  prove(names: readonly string[], limits: ProofLimits): readonly Proof[] {
    const provable = provableOf(this.#subject);
    const unknown = names.find((name) => !provable.includes(name));
    if (unknown !== undefined) throw new InternalError(`${unknown} cannot be proved`);
    const isTimed = (name: string) => propertyOf(this.#subject, name)?.kind === 'within';
    const untimed = names.filter((name) => !isTimed(name));
    const proofs = new Map<string, Proof>();
    for (const group of [untimed, ...names.filter(isTimed).map((name) => [name])]) {
      if (group.length === 0) continue;
      for (const proof of this.#answers(group, limits)) {
        // What was not asked for is told once.
        if (group.includes(proof.property) || !(names.includes(proof.property) || proofs.has(proof.property)))
          proofs.set(proof.property, proof);
      }
    }
    const met = [...proofs.values()].filter(({ property }) => !names.includes(property));
    return [...names.map((name) => proofs.get(name) as Proof), ...met];
  }

  /** One search: for all of `group`, and for the failures that are met. */
  #answers(group: readonly string[], limits: ProofLimits): readonly Proof[] {
    const set = setOf(this.#subject, group);
    const keepGraph = group.includes('zeno');
    const result = this.#search(set, { ...limits, keepGraph }, (found) => group.every((name) => found.has(name)));
    const others = [...result.found.keys()].filter((name) => !group.includes(name));
    const proofs = [...group, ...others].map((name) =>
      name === 'zeno' && !result.found.has(name)
        ? this.#zenoProof(set, result, limits)
        : proofOf(this.#subject, set, name, result, limits),
    );
    // The path to a state that others were put to need not lead to what was found there: then each is looked at by itself.
    const isShown = proofs.every(({ stopped }) => stopped !== TOO_FINE);
    return isShown || result.joined === 0 ? proofs : this.#answers(group, { ...limits, join: false });
  }

  /** The exact least and greatest length of the span of `name`: a `measure`, or a `within` whose bound is not looked at. */
  measure(name: string, limits: SearchLimits): ExactMeasure {
    const property = propertyOf(this.#subject, name);
    if (property?.kind !== 'within' && property?.kind !== 'measure')
      throw new InternalError(`${name} measures nothing`);
    const set = new PropertySet([{ ...property, kind: 'measure' } as Property]);
    const result = this.#search(set, limits, () => false);
    const ends = result.measured.get(name);
    const basics = { property: name, complete: result.complete, effort: effortOf(result) };
    const stopped = result.stopped === undefined ? {} : { stopped: result.stopped, growth: growthOf(result) };
    if (ends === undefined) return { ...basics, ...stopped };
    const least = endOf(this.#subject, set, name, ends.least, 'least');
    const greatest = endOf(this.#subject, set, name, ends.greatest, 'greatest');
    const isShown = [least, greatest].every((end) => end.length === Infinity || end.witness !== undefined);
    if (result.joined > 0 && !isShown) {
      const apart = this.measure(name, { ...limits, join: false });
      if (apart.complete || !result.complete) return apart;
    }
    return { ...basics, ...stopped, least, greatest };
  }

  /** What is learned in the look for a livelock about what matters may call for the search to be made again. */
  #zenoProof(set: PropertySet, first: SearchResult, limits: ProofLimits): Proof {
    for (let result = first; ; ) {
      try {
        return zenoProofOf(this.#subject, set, result, limits);
      } catch (error) {
        if (error instanceof UnfollowableError)
          return { property: 'zeno', effort: effortOf(result), verdict: 'inconclusive', stopped: error.message };
        if (!(error instanceof LearnedLateError)) throw error;
        this.#explorer.forget();
        result = this.#search(set, { ...limits, keepGraph: true }, () => false);
      }
    }
  }

  #search(set: PropertySet, limits: SearchLimits, isEnough: (found: SearchResult['found']) => boolean): SearchResult {
    const result = new Search(this.#explorer, set, this.#subject.horizon, limits).run(isEnough);
    audit(this.#subject, set, result.merged);
    return result;
  }
}

/** `Prover.prove`, for those who ask once. */
export function prove(subject: Subject, names: readonly string[], limits: ProofLimits): readonly Proof[] {
  return new Prover(subject).prove(names, limits);
}

/** `Prover.measure`, for those who ask once. */
export function measureExactly(subject: Subject, name: string, limits: SearchLimits): ExactMeasure {
  return new Prover(subject).measure(name, limits);
}

function propertyOf(subject: Subject, name: string): Property<never> | undefined {
  return subject.properties.all.find((each) => each.name === name) as Property<never> | undefined;
}

function setOf(subject: Subject, names: readonly string[]): PropertySet {
  return new PropertySet(
    subject.properties.all.filter((each) => names.includes(each.name) && isPromise(each as Property<never>)),
  );
}

function effortOf({ progress, configurations }: SearchResult): Effort {
  const { states, transitions, depth } = progress;
  return { states, configurations, transitions, depth };
}

function proofOf(subject: Subject, set: PropertySet, name: string, result: SearchResult, limits: ProofLimits): Proof {
  const basics = { property: name, effort: effortOf(result) };
  const found = result.found.get(name);
  if (found !== undefined) {
    const counterexample = certified(subject, set, found, limits);
    if (counterexample !== undefined) return { ...basics, verdict: 'violated', counterexample };
    return { ...basics, verdict: 'inconclusive', stopped: TOO_FINE };
  }
  if (result.complete) return { ...basics, verdict: 'proved' };
  return { ...basics, ...openBy(result) };
}

const TOO_FINE =
  'is violated only at times that are finer than any part of a tick that is tried: choose a smaller tick';

function openBy(result: SearchResult): Pick<Proof, 'verdict' | 'stopped' | 'growth'> {
  return { verdict: 'inconclusive', stopped: result.stopped ?? 'the search was ended', growth: growthOf(result) };
}

/** For a search that met no step without an end: whether steps without an end can follow each other at one instant. */
function zenoProofOf(subject: Subject, set: PropertySet, result: SearchResult, limits: ProofLimits): Proof {
  const basics = { property: 'zeno', effort: effortOf(result) };
  const { found, complete } = findLivelock(result.explorer, result.graph as Graph, limits.maxStates);
  if (found !== undefined) {
    const run = concreteRun(subject, set, livelockPath(subject, found), (guided) => {
      const [from, to] = [found.node.depth + found.stem.length, guided.steps - 1];
      return [{ from: to, to: from, ticks: 0, how: 'at least' }];
    });
    if (run === undefined) return { ...basics, verdict: 'inconclusive', stopped: TOO_FINE };
    return { ...basics, verdict: 'violated', counterexample: counterexampleOf('zeno', run, limits) };
  }
  if (!result.complete) return { ...basics, ...openBy(result) };
  if (complete) return { ...basics, verdict: 'proved' };
  const stopped = `more than ${limits.maxStates} states at instants that may have no end`;
  return { ...basics, verdict: 'inconclusive', stopped, growth: growthOf(result) };
}

/** As many rounds as it takes for any run to be called a livelock. */
function livelockPath({ limits: { stepsAtOneInstant } }: Subject, { node, stem, cycle }: Livelock): readonly Step[] {
  const rounds = Math.ceil((stepsAtOneInstant + 1) / cycle.length);
  return [...pathTo(node), ...stem, ...Array.from({ length: rounds }, () => cycle).flat()];
}

function growthOf({ explorer }: SearchResult): readonly Growth[] {
  return [...explorer.memory.contentCounts()]
    .map(({ name, count }) => ({ object: name, contents: count }))
    .sort((a, b) => b.contents - a.contents)
    .slice(0, GROWTH_NAMED);
}

/**
 * Whatever a search finds is run again under fake timers, from nothing, before anybody is told. Undefined where the times
 * at which it happens are too fine to be written.
 */
function certified(
  subject: Subject,
  set: PropertySet,
  { violation, node, isOverdue }: Found,
  limits: ProofLimits,
): Counterexample | undefined {
  const name = violation.property;
  const property = propertyOf(subject, name);
  const bound = property?.kind === 'within' ? property.bound : undefined;
  const demandsOf = (run: GuidedRun): readonly Demand[] => {
    if (bound === undefined) return [];
    const last = run.steps - 1;
    // Of several, with different keys, none is longer than the oldest: if any is overdue, it is.
    const from = Math.min(...endedBy(run, name), run.open.get(name) ?? Infinity);
    if (from === Infinity) throw new InternalError(`the path to a violation of ${name} owes nothing`);
    return isOverdue ? [{ from, to: last, ticks: bound, how: 'more than' }] : [];
  };
  const run = concreteRun(subject, set, pathTo(node), demandsOf);
  return run === undefined ? undefined : counterexampleOf(name, run, limits);
}

/** The steps in which the spans of a property have begun that end in the last step of a run. */
function endedBy({ ended, steps }: GuidedRun, property: string): readonly number[] {
  return ended.flatMap((each) => (each.property === property && each.to === steps - 1 ? each.from : []));
}

type Shown = Pick<ConcreteRun, 'subject' | 'run'>;

/** Of a run that must show a violation of `name`; shrunk, if it is short enough. */
function counterexampleOf(name: string, { subject, run }: Shown, { shrink = true }: ProofLimits): Counterexample {
  const shown = run.violations.find((each) => each.property === name);
  if (shown === undefined) {
    throw new InternalError(`a violation of ${name} was found that does not show under fake timers`);
  }
  if (!shrink || run.decisions.length > DECISIONS_SHRUNK_MOST) return asFound(name, shown, { subject, run });
  const counterexample = shrinkRun(subject, name, run);
  if (counterexample === undefined) throw new InternalError(`a violation of ${name} does not show a second time`);
  return counterexample;
}

function asFound(property: string, violation: Violation, { subject, run }: Shown): Counterexample {
  const { decisions } = run;
  const schedule = scheduleOf(decisions);
  return { property, violation, foundAtRun: 1, shrinks: 0, decisions, schedule, run, scale: subject.scale };
}

function endOf(subject: Subject, set: PropertySet, name: string, extreme: Extreme, which: 'least' | 'greatest'): End {
  const { length, attained, node } = extreme;
  if (length === Infinity) return { length, attained };
  const spanOf = (run: GuidedRun) => {
    const begun = endedBy(run, name);
    if (begun.length === 0) throw new InternalError(`the path to an end of ${name} does not end it`);
    return [which === 'greatest' ? Math.min(...begun) : Math.max(...begun), run.steps - 1] as const;
  };
  const demandsOf = (run: GuidedRun): readonly Demand[] => {
    const [from, to] = spanOf(run);
    const how = attained ? 'at least' : 'nearly';
    if (which === 'greatest') return [{ from, to, ticks: length, how }];
    return [{ from: to, to: from, ticks: -length, how }];
  };
  const shown = concreteRun(subject, set, pathTo(node), demandsOf);
  if (shown === undefined) return { length, attained };
  const { subject: finer, run, missing, guided } = shown;
  const past = attained ? 0 : which === 'greatest' ? -missing : missing;
  const witness = { subject: finer, run, length: length * finer.scale + past };
  const terms = termsOf(guided, ...spanOf(guided), which);
  const isAll = terms?.reduce((sum, term) => sum + term.length, 0) === length;
  return { length, attained, witness, ...(terms !== undefined && isAll ? { terms } : {}) };
}
