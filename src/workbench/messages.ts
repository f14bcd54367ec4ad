import type { Answer } from '../engine/sweep.ts';
import type { MeasureResult } from '../gate/exhaustive-task.ts';
import type { Opening } from '../gate/registry.ts';
import type { Site } from '../gate/site.ts';
import type { SweepOutcome } from '../gate/sweep-outcome.ts';
import type { SweepRequest } from '../gate/sweep-plan.ts';
import type { Expectation, Provable } from '../model/model.ts';
import type { Settings } from '../model/parameters.ts';
import type { Timeline } from '../timeline/model.ts';

/** What the page asks a worker. Plain data; each has one answer, and maybe news before that. */
export type Ask =
  | { readonly kind: 'open'; readonly registryUrl: string }
  /** One schedule, with all that can be seen of it. */
  | ({ readonly kind: 'run'; readonly site: Site; readonly property: string } & Played)
  /** A schedule under which `property` breaks: random ones, the smallest that was found. */
  | { readonly kind: 'find'; readonly site: Site; readonly property: string; readonly seed: number }
  /** Over all timings and orders: whether it holds, and how long it takes at least and at most. */
  | { readonly kind: 'exact'; readonly site: Site; readonly property: string; readonly maxStates: number }
  /** Where it holds, over one parameter or two. */
  | { readonly kind: 'map'; readonly request: SweepRequest; readonly maxStates: number };

/** Lengths of time are texts, as in a seed file. */
export type Texts = Readonly<Record<string, string>>;

/** A run, by its decisions. */
export interface Played {
  readonly schedule: Texts;
  /** How many of its ticks make one of the model's, where that is not one: for what happens only between two of those. */
  readonly scale?: number | undefined;
}

export interface Answers {
  readonly open: Opened;
  readonly run: Ran;
  readonly find: Found;
  readonly exact: Exact;
  readonly map: SweepOutcome;
}

/** How far a worker is, in words for people. */
export interface News {
  readonly states?: number;
  readonly points?: number;
  readonly schedules?: number;
}

/** What comes back for the ask with this number. */
export type Reply =
  | { readonly id: number; readonly kind: 'done'; readonly answer: Answers[Ask['kind']] }
  | { readonly id: number; readonly kind: 'news'; readonly news: News }
  | { readonly id: number; readonly kind: 'failed'; readonly message: string };

/** The models that there are, as far as one needs to know to ask about them. */
export interface Opened {
  readonly models: readonly ModelFacts[];
  readonly opensWith?: Opening;
}

export interface ModelFacts {
  readonly name: string;
  readonly question: string;
  readonly tickNs: number;
  readonly variants: readonly { readonly name: string; readonly about: string; readonly expect: Expectation }[];
  readonly compositions: readonly {
    readonly name: string;
    readonly about: string;
    readonly settings: Settings;
    readonly variants: Readonly<Record<string, Provable>>;
  }[];
  readonly parameters: readonly ParameterFacts[];
}

export interface ParameterFacts {
  readonly name: string;
  readonly about: string;
  readonly expects: string;
  readonly kind: 'duration' | 'range' | 'count' | 'word';
  /** The text of its value where nobody sets it. */
  readonly usual: string;
  /** How it follows from others, where it does. */
  readonly rule?: string;
  readonly options?: readonly string[];
}

export interface PromiseFacts {
  readonly name: string;
  readonly says: string;
  readonly kind: 'always' | 'never' | 'within' | 'measure' | 'failure';
  /** In this run: what was seen, and when. */
  readonly broken?: { readonly message: string; readonly at: string };
  /** In this run: its least and greatest length. */
  readonly measured?: readonly [least: string, greatest: string];
}

export interface Ran {
  readonly timeline: Timeline;
  /** The values of all parameters. */
  readonly values: Texts;
  readonly promises: readonly PromiseFacts[];
  /** The decisions that are not the default, as a seed keeps them. */
  readonly schedule: Texts;
  /** All settings of the run: those of the composition too. */
  readonly settings: Settings;
  readonly measured: Readonly<Record<string, readonly [string, string]>>;
  readonly digest: string;
  readonly stale: readonly { readonly decision: string; readonly why: string }[];
  /** How the run came to its end. */
  readonly ended: string;
}

export interface Found {
  /** Missing where no schedule was found. */
  readonly schedule?: Texts;
  readonly tried: number;
}

export interface Exact {
  readonly verdict: Answer;
  readonly states: number;
  /** Why there is no answer. */
  readonly stopped?: string;
  /** Of what takes time. */
  readonly least?: MeasureResult['least'];
  readonly greatest?: MeasureResult['greatest'];
  /** Schedules that show it: the shortest, the longest, or how it breaks. */
  readonly shows: { readonly least?: Played; readonly greatest?: Played; readonly breaks?: Played };
}
