import type { Answer } from '../engine/sweep.ts';
import type { Settings } from '../model/parameters.ts';
import type { Axis, Place } from './sweep-axis.ts';

/** Values of a parameter with the same answer, both ends included. */
export interface SweptStretch {
  readonly from: Place;
  readonly to: Place;
  readonly verdict: Answer;
  /** With `inconclusive`: why there is no answer. */
  readonly why?: string;
}

/** Where the answer changes. */
export interface SweptBoundary {
  readonly last: Place;
  readonly lastVerdict: Answer;
  readonly first: Place;
  readonly firstVerdict: Answer;
  /** Whether no value lies between the two: else there was no answer there. */
  readonly exact: boolean;
  /** The one of the two that is the rounder number: the value at which two things tie, where parameters are round. */
  readonly tie?: Place & { readonly verdict: Answer };
  /** The command that tells how it breaks, on the side on which it does. */
  readonly command: string;
}

/** One parameter, at one value of the other one where there are two. */
export interface SweptRow {
  readonly at?: Place;
  readonly stretches: readonly SweptStretch[];
  readonly boundaries: readonly SweptBoundary[];
  readonly isMonotone: boolean;
  readonly points: number;
}

export type SweptAxis = Pick<Axis, 'name' | 'about' | 'unit' | 'step'> & { readonly from: Place; readonly to: Place };

/** Where a property holds, over one or two parameters. Plain data; a pure function of what was asked. */
export interface SweepOutcome {
  readonly command: 'sweep';
  readonly model: string;
  readonly variant: string;
  readonly composition?: string;
  readonly property: string;
  readonly says: string;
  readonly settings: Settings;
  /** States after which an exhaustive search gives up. */
  readonly maxStates: number;
  /** The parameter along which boundaries are exact. */
  readonly along: SweptAxis;
  /** The other one, of which some values were tried. */
  readonly across?: SweptAxis;
  readonly rows: readonly SweptRow[];
  /** What else is violated somewhere, though nobody asked, and where that was seen first. */
  readonly others: readonly { readonly property: string; readonly settings: Settings }[];
}

/** 0: an answer everywhere; 3: a limit was hit somewhere. */
export function sweepExitCode({ rows }: SweepOutcome): 0 | 3 {
  const isOpen = rows.some(({ stretches }) => stretches.some(({ verdict }) => verdict === 'inconclusive'));
  return isOpen ? 3 : 0;
}
