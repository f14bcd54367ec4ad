import type { DecisionKind } from '../kernel/decision.ts';

/**
 * A run as it is drawn: plain data, no functions, no `Infinity`, so that it can be sent to another thread or written into a
 * file. All times are ticks since the start.
 */
export interface Timeline {
  readonly tickNs: number;
  /** When the run ended. */
  readonly end: number;
  readonly groups: readonly Group[];
  readonly lanes: readonly Lane[];
  readonly arrows: readonly Arrow[];
  /** Events and decisions, in the order in which they came: what can be stepped through. */
  readonly steps: readonly Step[];
  readonly breaks: readonly Break[];
}

/** Lanes that belong together: a place of the network, or a part of the model. */
export interface Group {
  readonly name: string;
  /** Places in `lanes`: the group's lanes follow each other. */
  readonly from: number;
  readonly to: number;
}

interface LaneBasics {
  /** The name of what it shows; unique among lanes. */
  readonly id: string;
  readonly title: string;
  /** Whether it is worth showing before somebody asks for it. */
  readonly isMain: boolean;
}

export type Lane = LaneBasics &
  (
    | { readonly kind: 'promise'; readonly spans: readonly PromiseSpan[] }
    | { readonly kind: 'wire' }
    | { readonly kind: 'process'; readonly stretches: readonly ProcessStretch[] }
    | { readonly kind: 'mutex'; readonly held: readonly Stretch[]; readonly waits: readonly Stretch[] }
    | { readonly kind: 'level'; readonly most: number; readonly points: readonly Point[] }
    | { readonly kind: 'state'; readonly stretches: readonly Stretch[] }
    | { readonly kind: 'deadline'; readonly runs: readonly Countdown[] }
  );

export type LaneKind = Lane['kind'];

/** Something was so from one time to another; what it was, as text. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

export interface ProcessStretch extends Stretch {
  readonly how: 'waits' | 'waits for a lock' | 'sleeps' | 'is ready' | 'is frozen';
}

export interface Point {
  readonly at: number;
  readonly value: number;
}

/** A timer, from where it was armed to where it was armed anew, stopped, or fired. */
export interface Countdown {
  readonly from: number;
  readonly to: number;
  /** When it would fire. */
  readonly due: number;
  readonly ends: 'fires' | 'is stopped' | 'is armed anew' | 'still runs';
}

/** What was promised within a bound, from its beginning to its end; with no `to` it never came. */
export interface PromiseSpan {
  readonly from: number;
  readonly to?: number;
  readonly bound?: number;
  readonly text: string;
}

export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly sent: number;
  /** When it arrives; where it is lost, there is none. */
  readonly due?: number;
  readonly fate: 'arrives' | 'is lost' | 'is on its way';
  /** The decision about its time. */
  readonly decision?: string;
}

export type Step = StepBasics &
  (
    | { readonly kind: 'event'; readonly data: string }
    | {
        readonly kind: 'decision';
        readonly decision: DecisionKind;
        readonly fault: boolean;
        readonly isDefault: boolean;
        /** As a schedule file has it. */
        readonly value: string;
        readonly ticks?: number;
        readonly least?: number;
        /** Missing where there is no end: any time, or never. */
        readonly greatest?: number;
        readonly options?: readonly string[];
      }
  );

interface StepBasics {
  readonly at: number;
  /** The lane that it is drawn in. */
  readonly lane: string;
  /** Who it happened to. */
  readonly who: string;
  readonly name: string;
}

/** Where a promise breaks. */
export interface Break {
  readonly property: string;
  readonly message: string;
  readonly at: number;
  /** The step that shows it, where there is one. */
  readonly step?: number;
}
