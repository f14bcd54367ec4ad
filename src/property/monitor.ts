import type { Plain } from '../kernel/cell.ts';
import type { Clock, Mark, Span } from '../kernel/clock-contract.ts';
import { ModelError } from '../kernel/errors.ts';
import type { RunEnd } from '../kernel/kernel.ts';
import type { ContentReader, ContentWriter, Tracked, Tracker } from '../kernel/tracker.ts';
import type { Always, EventPattern, Measure, Property, Sometimes, SpanOf, Within } from './property.ts';
import type { Violation } from './verdict.ts';

/** The least and greatest length of a measured span in one run; undefined ends where it never came to an end. */
export interface Measured {
  readonly least: number;
  readonly greatest: number;
}

/** Something that runs from one event to another, for the property `of`. */
export interface TimedSpan extends SpanOf {
  readonly of: Within | Measure | Sometimes;
}

/** A span that has begun and not ended. */
interface OpenSpan {
  readonly key: unknown;
  mark: Mark;
}

type Where = ((data: never) => boolean) | undefined;

/** What to do on an event of some name. */
interface Rule {
  readonly role: 'never' | 'seen' | 'from' | 'to';
  readonly where: Where;
  readonly property: Property<never>;
  /** Index of the span's state, for `from` and `to`. */
  readonly span: number;
}

/** A model's properties, sorted by the events that they look at. Made once, used by many runs. */
export class PropertySet<W = unknown> {
  readonly all: readonly Property<W>[];
  readonly rules: ReadonlyMap<string, readonly Rule[]>;
  readonly always: readonly Always<W>[];
  readonly spans: readonly TimedSpan[];

  constructor(properties: readonly Property<W>[]) {
    const rules = new Map<string, Rule[]>();
    const spans: TimedSpan[] = [];
    const add = (pattern: EventPattern, role: Rule['role'], property: Property<W>, span = -1) => {
      const event = typeof pattern === 'string' ? pattern : pattern.event;
      const where: Where = typeof pattern === 'string' ? undefined : pattern.where;
      rules.set(event, [...(rules.get(event) ?? []), { role, where, property: property as Property<never>, span }]);
    };
    const addSpan = (span: SpanOf, of: TimedSpan['of']) => {
      // An event that both ends a span and starts the next one ends it first.
      add(span.to, 'to', of, spans.length);
      add(span.from, 'from', of, spans.length);
      spans.push({ ...span, of });
    };
    const names = new Set<string>();
    for (const property of properties) {
      if (names.has(property.name))
        throw new ModelError('duplicate-name', `two properties are called ${property.name}`);
      names.add(property.name);
      if (property.kind === 'never') add(property.event, 'never', property);
      if (property.kind === 'within' || property.kind === 'measure') addSpan(property, property);
      if (property.kind === 'sometimes') {
        if ('event' in property.witness) add(property.witness.event, 'seen', property);
        else addSpan(property.witness, property);
      }
    }
    this.all = properties;
    this.rules = rules;
    this.always = properties.filter((property) => property.kind === 'always');
    this.spans = spans;
  }
}

/** Ids of marks that each span has for itself; spans with different keys can be open at once. */
const SPANS_OPEN_AT_ONCE = 1024;

/** Watches one run for all properties of a set. The first violation of each property is kept; the run goes on. */
export class Monitor<W> implements Tracked {
  trackedAs = -1;
  readonly violations: Violation[] = [];
  readonly seen = new Set<string>();
  readonly measured = new Map<string, Measured>();
  #set: PropertySet<W>;
  readonly #clock: Clock;
  readonly #formatTicks: (ticks: number) => string;
  readonly #tracker: Tracker | undefined;
  /** Who judges each span that has come to its end, where not the monitor does at once. */
  readonly #onEnded: ((property: TimedSpan['of'], span: Span) => void) | undefined;
  /** For each span, those that have begun and not ended, in that order; made when the first one begins. */
  #open: (OpenSpan[] | undefined)[] = [];
  readonly #violated = new Set<string>();

  constructor(
    set: PropertySet<W>,
    clock: Clock,
    formatTicks: (ticks: number) => string,
    tracker?: Tracker,
    onEnded?: (property: TimedSpan['of'], span: Span) => void,
  ) {
    this.#set = set;
    this.#clock = clock;
    this.#formatTicks = formatTicks;
    this.#tracker = tracker;
    this.#onEnded = onEnded;
  }

  /** Watch for other properties from now on, with nothing begun. */
  watch(set: PropertySet<W>): void {
    this.#set = set;
    this.#open = [];
  }

  event(name: string, data: Plain): void {
    const rules = this.#set.rules.get(name);
    if (rules === undefined) return;
    for (const rule of rules) {
      if (rule.where === undefined || rule.where(data as never)) this.#apply(rule, name, data);
    }
  }

  stepped(world: W): void {
    for (const property of this.#set.always) {
      if (!property.holds(world)) this.#violate(property.name, 'is false in this state');
    }
  }

  /** After the run: responses that are owed still, and can no longer come in time. */
  ended(end: RunEnd): void {
    const nothingMore = end.why === 'quiet' || (end.why === 'model-error' && end.error.kind === 'deadlock');
    this.#set.spans.forEach(({ of }, index) => {
      if (of.kind !== 'within') return;
      for (const { mark } of this.#open[index] ?? []) {
        const elapsed = this.#clock.since(mark);
        if (elapsed.least > of.bound) {
          this.#violate(of.name, `${this.#owed(of)} has not come after ${this.#formatTicks(elapsed.least)}`);
        } else if (nothingMore) {
          this.#violate(of.name, `${this.#owed(of)} can never come: nothing can happen any more`);
        }
      }
    });
    if (end.why === 'panic') this.#violate('panic', `the modelled program panics: ${end.message}`);
    if (end.why === 'model-error') this.#violate(end.error.kind, end.error.message);
  }

  /** The spans that have begun and not ended. */
  *open(): Generator<{ readonly of: TimedSpan['of']; readonly mark: Mark }> {
    for (let index = 0; index < this.#open.length; index++) {
      const { of } = this.#set.spans[index] as TimedSpan;
      for (const { mark } of this.#open[index] ?? []) yield { of, mark };
    }
  }

  /** What was found since the last call; from here on, the same may be found again. */
  harvest(): { readonly violations: readonly Violation[]; readonly seen: readonly string[] } {
    const violations = this.violations.splice(0);
    const seen = [...this.seen];
    this.seen.clear();
    this.#violated.clear();
    return { violations, seen };
  }

  save(to: ContentWriter): void {
    for (let index = 0; index < this.#set.spans.length; index++) {
      const open = this.#open[index] ?? [];
      to.number(open.length);
      for (const { key, mark } of open) {
        to.value(key);
        to.number(mark.id);
      }
    }
  }

  load(from: ContentReader): void {
    for (let index = 0; index < this.#set.spans.length; index++) {
      this.#open[index] = Array.from({ length: from.number() ?? 0 }, () => ({
        key: from.value(),
        mark: { id: from.number() },
      }));
    }
  }

  #apply(rule: Rule, event: string, data: Plain): void {
    switch (rule.role) {
      case 'never':
        this.#violate(rule.property.name, `this must never happen: ${event}${describe(data)}`);
        return;
      case 'seen':
        this.seen.add(rule.property.name);
        return;
      case 'from': {
        const span = this.#set.spans[rule.span] as TimedSpan;
        this.#open[rule.span] ??= [];
        const open = this.#open[rule.span] as OpenSpan[];
        const key = keyOf(span, data);
        const begun = open[indexOfKey(open, key)];
        this.#tracker?.touch(this);
        if (begun === undefined) open.push({ key, mark: this.#clock.mark(freeId(rule.span, open)) });
        else if (span.restart === true) {
          this.#clock.unmark(begun.mark);
          begun.mark = this.#clock.mark(begun.mark.id);
        }
        return;
      }
      case 'to': {
        const span = this.#set.spans[rule.span] as TimedSpan;
        const open = this.#open[rule.span];
        this.#tracker?.touch(this, 'reads');
        if (open === undefined) return;
        const key = keyOf(span, data);
        const index = indexOfKey(open, key);
        if (index < 0) return;
        const { mark } = open[index] as OpenSpan;
        if (index === open.length - 1) open.pop();
        else open.splice(index, 1);
        this.#tracker?.touch(this);
        const elapsed = this.#clock.since(mark);
        if (this.#onEnded === undefined) this.judge(span.of, elapsed);
        else this.#onEnded(span.of, elapsed);
        this.#clock.unmark(mark);
      }
    }
  }

  /** What follows from it that a span of `property` was so long. */
  judge(property: TimedSpan['of'], elapsed: Span): void {
    if (property.kind === 'sometimes') {
      const { witness } = property;
      if ('exactly' in witness && contains(elapsed, witness.exactly)) this.seen.add(property.name);
      return;
    }
    const before = this.measured.get(property.name);
    this.measured.set(property.name, {
      least: Math.min(before?.least ?? Infinity, elapsed.least),
      greatest: Math.max(before?.greatest ?? 0, elapsed.greatest),
    });
    if (property.kind === 'within' && elapsed.greatest > property.bound) {
      this.#violate(property.name, `${this.#owed(property)} comes only after ${this.#formatTicks(elapsed.greatest)}`);
    }
  }

  #owed(span: Within): string {
    const [from, to] = [span.from, span.to].map((pattern) => (typeof pattern === 'string' ? pattern : pattern.event));
    return `"${to}", due at most ${this.#formatTicks(span.bound)} after "${from}",`;
  }

  #violate(property: string, message: string): void {
    if (this.#violated.has(property)) return;
    this.#violated.add(property);
    this.violations.push({ property, message, at: this.#clock.stamp() });
  }
}

/** An end that is not attained is not in it. */
function contains({ least, leastAttained, greatest, greatestAttained }: Span, length: number): boolean {
  if (length === least && !leastAttained) return false;
  if (length === greatest && !greatestAttained) return false;
  return least <= length && length <= greatest;
}

/** The least id of a mark for this span that none of `open` has. */
function freeId(span: number, open: readonly OpenSpan[]): number {
  let id = span * SPANS_OPEN_AT_ONCE;
  while (open.some(({ mark }) => mark.id === id)) id++;
  return id;
}

function keyOf(span: SpanOf, data: Plain): unknown {
  return span.key === undefined ? undefined : (data as Readonly<Record<string, Plain>> | undefined)?.[span.key];
}

function indexOfKey(open: readonly OpenSpan[], key: unknown): number {
  for (let i = 0; i < open.length; i++) if ((open[i] as OpenSpan).key === key) return i;
  return -1;
}

function describe(data: Plain): string {
  return data === undefined ? '' : ` ${JSON.stringify(data)}`;
}
