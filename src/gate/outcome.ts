import type { Plain } from '../kernel/cell.ts';
import type { Settings } from '../model/parameters.ts';
import type { Verdict } from '../property/verdict.ts';

/**
 * What a row is about: a checked-in schedule, what an exhaustive search says of a promise, a promise, a named way to
 * fail, a witness, a wrong edit, a declaration.
 */
type RowKind = 'seed' | 'proof' | 'property' | 'failure' | 'witness' | 'mutant' | 'declaration';

/** One thing that the gate looked at, and whether it is as declared. Plain data, as all of an outcome is. */
export interface Row {
  /** The unit of work that it comes from: what shards are made of. */
  readonly unit: string;
  readonly kind: RowKind;
  readonly model: string;
  readonly variant: string;
  readonly property: string;
  readonly verdict: Verdict;
  readonly expected: 'holds' | 'violated' | 'seen' | 'any';
  readonly ok: boolean;
  /** Not ok only because time ran out, or a limit that the user set was hit, before there was an answer. */
  readonly unfinished?: true;
  /** One line: why it is not ok, or what is worth knowing. */
  readonly detail: string;
  /** How many schedules were tried for this answer. */
  readonly schedules: number;
  /** Where it was explored: missing where it was not, or where that was the whole model. */
  readonly composition?: string;
  /** How many states were explored for this answer. */
  readonly states?: number;
}

export interface StoryDecision {
  readonly name: string;
  readonly value: string;
  readonly at: string;
  readonly fault: boolean;
}

/** One line of a story: something happened, or something was decided. Times are exact texts. */
export interface TimelineRow {
  readonly at: string;
  readonly mark: 'event' | 'decision' | 'breaks';
  /** Who it happened to. */
  readonly lane: string;
  readonly what: string;
  readonly data?: Plain;
}

/** What a person needs to see how a property breaks: the few decisions that matter, and what then happens. */
export interface Story {
  /** The unit of work that it comes from. */
  readonly unit: string;
  readonly model: string;
  readonly variant: string;
  readonly property: string;
  readonly verdict: Verdict;
  /** Whether the model declares that it ends like this. */
  readonly expected: boolean;
  /** What the property says. */
  readonly says: string;
  /** What was seen instead; where it held, what the story is kept for. */
  readonly message: string;
  readonly composition?: string;
  /** The schedule that showed it first, counted from 1, or the states explored; and the steps in which it was made smaller. */
  readonly found?: ({ readonly atSchedule: number } | { readonly states: number }) & { readonly shrinks: number };
  /** The end of a measured span that it shows. */
  readonly extreme?: { readonly which: 'least' | 'greatest' } & ExactEnd;
  readonly settings: Settings;
  /** How many ticks of the run make one of the model's: where no run in whole ticks of the model shows it. */
  readonly scale?: number;
  readonly decisions: readonly StoryDecision[];
  readonly schedule: Readonly<Record<string, string>>;
  readonly digest: string;
  /** Least and greatest length of each measure that came to an end. */
  readonly measured: Readonly<Record<string, readonly [string, string]>>;
  readonly timeline: readonly TimelineRow[];
  /** The one command that shows it again. */
  readonly command: string;
}

interface MeasureSummary {
  readonly name: string;
  readonly says: string;
  readonly least: string;
  readonly greatest: string;
}

/** One end of a span. */
export interface ExactEnd {
  readonly length: string;
  readonly attained: boolean;
  /** The lengths that add up to it, in their order. */
  readonly terms?: readonly ExactTerm[];
}

/** What a timer, or a message on its way, adds to a span, or takes away from it. */
export interface ExactTerm {
  readonly name: string;
  readonly length: string;
  readonly less?: true;
  /** The parameter that says so, where there is just one. */
  readonly parameter?: string;
}

/** The least and greatest length of a span, over all timings and orders. */
export interface ExactTime {
  readonly unit: string;
  readonly model: string;
  readonly variant: string;
  readonly composition?: string;
  readonly property: string;
  readonly says: string;
  /** Whether everything was explored: else there may be more beyond these ends. */
  readonly complete: boolean;
  readonly states: number;
  readonly least: ExactEnd;
  readonly greatest: ExactEnd;
}

/** What a campaign against one variant showed apart from verdicts. */
export interface SystemSummary {
  readonly model: string;
  readonly variant: string;
  readonly about: string;
  readonly schedules: number;
  readonly measures: readonly MeasureSummary[];
  readonly witnesses: { readonly seen: readonly string[]; readonly missing: readonly string[] };
}

/** How one wrong edit fared. */
export interface MutantSummary {
  readonly model: string;
  readonly variant: string;
  readonly of: string;
  readonly edit: string;
  readonly killedBy: string;
  readonly campaigns: number;
  readonly killed: number;
  /** Schedules that a campaign needed, over those that killed it. */
  readonly median?: number;
  readonly greatest?: number;
  /** What came of it where compositions declare that they refute it. */
  readonly proofs: readonly { readonly composition: string; readonly verdict: Verdict; readonly states: number }[];
}

/** An answer that is too much work for every change: a verdict, of a search or of samples, or the exact ends of a span. */
export interface LeftOut {
  readonly unit: string;
  readonly model: string;
  readonly variant: string;
  /** Where it is searched for; none for what is sampled. */
  readonly composition?: string;
  readonly kind: 'proof' | 'measure' | 'sample';
  readonly property: string;
}

/** Which part of all that there is to do an outcome is, and of what: parts of different wholes must not be put together. */
export interface Shard {
  /** The `index`-th of `of` parts, counted from 1. */
  readonly index: number;
  readonly of: number;
  /** How many units of work the whole has. */
  readonly planned: number;
  /** The units of this part, in the order of the whole. */
  readonly units: readonly string[];
  /** Of halfopen. */
  readonly version: string;
  /** What was checked out, where that is known. */
  readonly commit?: string;
  readonly maxStates: number;
  /** Where the user asked for one property only. */
  readonly property?: string;
}

/** All that a command found: a pure function of what it was asked, whatever the machine and the number of workers. */
export interface Outcome {
  readonly command: 'check' | 'simulate' | 'prove' | 'replay';
  readonly seed?: string;
  readonly runs?: number;
  /** States after which an exhaustive search gives up. */
  readonly maxStates?: number;
  readonly shard?: Shard;
  /** Whether what models declare as heavy was explored too. */
  readonly full?: true;
  readonly rows: readonly Row[];
  readonly exactTimes: readonly ExactTime[];
  readonly systems: readonly SystemSummary[];
  readonly mutants: readonly MutantSummary[];
  readonly stories: readonly Story[];
  /** What is left to `check --full`. */
  readonly left: readonly LeftOut[];
}

/** A part of an outcome, as one unit of work finds it. */
export type Findings = Pick<Outcome, 'rows' | 'exactTimes' | 'systems' | 'mutants' | 'stories' | 'left'>;

export const NOTHING_FOUND: Findings = {
  rows: [],
  exactTimes: [],
  systems: [],
  mutants: [],
  stories: [],
  left: [],
};

/** The name of the unit of work that a variant, or a mutant, is. */
export function unitOf({ model, variant }: { readonly model: string; readonly variant: string }): string {
  return `${model}/${variant}`;
}

export function merge(parts: readonly Findings[]): Findings {
  return {
    rows: parts.flatMap((part) => part.rows),
    exactTimes: parts.flatMap((part) => part.exactTimes),
    systems: parts.flatMap((part) => part.systems),
    mutants: parts.flatMap((part) => part.mutants),
    stories: parts.flatMap((part) => part.stories),
    left: parts.flatMap((part) => part.left),
  };
}

/** Findings about one property, where the user asks for one. */
export function only(property: string | undefined, findings: Findings): Findings {
  if (property === undefined) return findings;
  return {
    ...findings,
    rows: findings.rows.filter((row) => row.property === property),
    exactTimes: findings.exactTimes.filter((time) => time.property === property),
    mutants: findings.mutants.filter((mutant) => mutant.killedBy === property),
    stories: findings.stories.filter((story) => story.property === property),
    left: findings.left.filter((each) => each.property === property),
  };
}

/**
 * 0: all as expected; 1: not; 3: nothing wrong so far, but a limit was hit. `simulate` asks whether anything is violated,
 * whatever the model declares; the others ask whether all is as declared.
 */
export function exitCodeOf(outcome: Outcome): 0 | 1 | 3 {
  if (outcome.rows.some((row) => isWrong(row, outcome))) return 1;
  return outcome.rows.some((row) => row.unfinished === true) ? 3 : 0;
}

/** Whether a row is why a command fails. */
export function isWrong(row: Row, { command }: Outcome): boolean {
  return command === 'simulate' ? isBroken(row) : isUnexpected(row);
}

function isUnexpected(row: Row): boolean {
  return !row.ok && row.unfinished !== true;
}

function isBroken(row: Row): boolean {
  return row.verdict === 'violated' && (row.kind === 'property' || row.kind === 'failure');
}
