import type { Settings } from '../model/parameters.ts';
import type { ExactEnd } from './outcome.ts';

/** A value up to which everything was proved. */
export interface ProvedUntil {
  readonly until: string;
  /** The value at which a limit was hit, where that ended the search: nothing is known from `until` on. */
  readonly undecided?: string;
}

/** How far one given thing may get worse, all else as it is, until the suggestion no longer holds. */
export interface Slack extends ProvedUntil {
  readonly name: string;
  readonly given: string;
  readonly which: 'may fall' | 'may rise';
  /** Whether it was looked no further: the value at which the search began. */
  readonly isFurthest?: true;
}

/** One choice of period and timeout, proved. */
export interface Suggestion {
  readonly multiple: number;
  readonly period: string;
  readonly timeout: string;
  /** The exact greatest length of the span. */
  readonly worst: ExactEnd;
  /** What the user asked for, less that. */
  readonly left: string;
  /** The longest period with which, for this multiple, everything was proved. */
  readonly longest: ProvedUntil;
  readonly slack: readonly Slack[];
  /** The command that proves it again. */
  readonly command: string;
}

/** A multiple with which there is none, and what stands in the way at the period that came closest. */
export interface Refusal {
  readonly multiple: number;
  readonly why: string;
  /** There may be one: a limit was hit. */
  readonly isOpen: boolean;
}

/** Plain data; a pure function of what was asked. */
export interface SuggestOutcome {
  readonly command: 'suggest';
  readonly model: string;
  readonly variant: string;
  readonly composition: string;
  readonly span: string;
  readonly says: string;
  readonly within: string;
  readonly period: string;
  readonly timeout: string;
  readonly keeps: readonly string[];
  readonly settings: Settings;
  readonly maxStates: number;
  readonly suggestions: readonly Suggestion[];
  readonly refusals: readonly Refusal[];
}

/** 0: there is a suggestion; 3: a limit was hit, and there is none so far; 1: there is none. */
export function suggestExitCode({ suggestions, refusals }: SuggestOutcome): 0 | 1 | 3 {
  if (suggestions.length > 0) return 0;
  return refusals.some(({ isOpen }) => isOpen) ? 3 : 1;
}
