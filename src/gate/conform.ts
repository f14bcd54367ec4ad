import { Matcher, type Progress } from '../engine/match/matcher.ts';
import type { Observed, Vocabulary } from '../engine/match/observation.ts';
import { Subject } from '../engine/run.ts';
import { formatDuration } from '../model/duration-text.ts';
import { type AnyModel, tickOf } from '../model/model.ts';
import type { Settings } from '../model/parameters.ts';
import type { LogEvent } from './log-format.ts';

/** What a log is held against, and how. */
export interface ConformRequest {
  readonly model: AnyModel;
  readonly variant: string;
  /** Of the log's header, with the user's on top. */
  readonly settings: Settings;
  readonly errorNs: number;
  readonly vocabulary: Vocabulary;
  readonly maxStates: number;
  readonly stop?: () => string | undefined;
}

/** When the model may say something, as texts; an end is missing where there is none. */
export interface WhenText {
  readonly least?: string;
  readonly greatest?: string;
}

export interface TrialEvent {
  readonly line: number;
  readonly at: string;
  readonly lane: string;
  readonly name: string;
  readonly data?: LogEvent['data'];
}

/** One trial of a log, against the model. Plain data. */
export interface TrialAnswer {
  readonly trial: number;
  readonly verdict: 'conforms' | 'refused' | 'inconclusive';
  readonly events: number;
  readonly states: number;
  /** With `inconclusive`: why there is no answer. */
  readonly stopped?: string;
  /** With `refused`. */
  readonly refusal?: {
    /** The first event that cannot be explained; none where the model would have gone on to say more. */
    readonly event?: TrialEvent;
    /** Until when the log was watched, where nothing more came. */
    readonly until?: string;
    readonly mayBe: readonly {
      readonly lane: string;
      readonly name: string;
      readonly data?: unknown;
      readonly when: WhenText;
    }[];
    readonly explained: readonly { readonly event: TrialEvent; readonly when: WhenText }[];
  };
}

/** How many events of a trial are kept to see what it does not tell at all, and to be shown. */
const KEPT_MOST = 50_000;

/** Holds one log against a model, trial by trial, while it is read. */
export class Conformance {
  readonly #request: ConformRequest;
  readonly #matchers = new Map<string, Matcher>();
  readonly #tickNs: number;
  #matcher: Matcher | undefined;
  /** Those of this trial; once it is matched, only the last ones. */
  #events: LogEvent[] = [];
  #dropped = 0;
  #progress: Progress;
  #statesBefore = 0;

  constructor(request: ConformRequest) {
    this.#request = request;
    this.#tickNs = tickOf(request.model);
    // Bad names and settings are told before anything is read.
    new Subject(request.model, request.variant, request.settings);
  }

  begin(): void {
    this.#matcher = undefined;
    this.#events = [];
    this.#dropped = 0;
    this.#progress = undefined;
  }

  next(event: LogEvent): void {
    if (!this.#request.vocabulary.names.has(event.name)) return;
    this.#events.push(event);
    if (this.#matcher !== undefined) {
      this.#match(event);
      if (this.#events.length > 2 * KEPT_MOST) this.#dropped += this.#events.splice(0, KEPT_MOST).length;
    } else if (this.#events.length >= KEPT_MOST) this.#start(this.#request.settings);
  }

  end(trial: number, untilNs: number | undefined): TrialAnswer {
    const { model, settings, vocabulary } = this.#request;
    if (this.#matcher === undefined)
      this.#start({ ...model.settingsFor?.(this.#events, vocabulary.names), ...settings });
    const matcher = this.#matcher as unknown as Matcher;
    if (this.#progress === undefined)
      this.#progress = matcher.end(untilNs === undefined ? undefined : this.#window(untilNs).earliest);
    const answer = this.#answer(trial, untilNs, matcher.states - this.#statesBefore);
    this.begin();
    return answer;
  }

  #start(settings: Settings): void {
    const { model, variant, vocabulary, maxStates, stop } = this.#request;
    const key = JSON.stringify(settings);
    const limits = stop === undefined ? { maxStates } : { maxStates, stop };
    const matcher = this.#matchers.get(key) ?? new Matcher(new Subject(model, variant, settings), vocabulary, limits);
    this.#matchers.set(key, matcher);
    this.#matcher = matcher;
    this.#statesBefore = matcher.states;
    this.#progress = matcher.begin();
    for (const event of this.#events) this.#match(event);
  }

  #match({ lane, name, data = {}, atNs }: LogEvent): void {
    if (this.#progress !== undefined) return;
    const observed: Observed = { lane, name, data, ...this.#window(atNs) };
    this.#progress = this.#matcher?.next(observed);
  }

  #window(atNs: number): { readonly earliest: number; readonly latest: number } {
    const { errorNs } = this.#request;
    return {
      earliest: Math.floor((atNs - errorNs) / this.#tickNs),
      latest: Math.ceil((atNs + errorNs) / this.#tickNs),
    };
  }

  #answer(trial: number, untilNs: number | undefined, states: number): TrialAnswer {
    const basics = { trial, events: this.#events.length + this.#dropped, states };
    const progress = this.#progress;
    if (progress === undefined) return { ...basics, verdict: 'conforms' };
    if ('stopped' in progress) return { ...basics, verdict: 'inconclusive', stopped: progress.stopped };
    const { index, alternatives, explained } = progress.refusal;
    const event = this.#events[index - this.#dropped];
    return {
      ...basics,
      verdict: 'refused',
      refusal: {
        ...(event === undefined ? {} : { event: this.#shown(event) }),
        ...(event === undefined && untilNs !== undefined ? { until: this.#text(untilNs / this.#tickNs) } : {}),
        mayBe: [...alternatives]
          .sort((a, b) => a.when.least - b.when.least)
          .map(({ lane, name, data, when }) => ({
            lane,
            name,
            ...(data === undefined ? {} : { data }),
            when: this.#when(when),
          })),
        explained: explained.flatMap(({ index: at, when }) => {
          const told = this.#events[at - this.#dropped];
          return told === undefined ? [] : [{ event: this.#shown(told), when: this.#when(when) }];
        }),
      },
    };
  }

  #shown({ line, atNs, lane = '', name, data }: LogEvent): TrialEvent {
    return { line, at: this.#text(atNs / this.#tickNs), lane, name, ...(data === undefined ? {} : { data }) };
  }

  #when({ least, greatest }: { least: number; greatest: number }): WhenText {
    return {
      ...(Number.isFinite(least) ? { least: this.#text(Math.max(0, least)) } : {}),
      ...(Number.isFinite(greatest) ? { greatest: this.#text(greatest) } : {}),
    };
  }

  #text(ticks: number): string {
    return formatDuration(Math.round(ticks), this.#tickNs);
  }
}
