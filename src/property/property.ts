import type { Ticks } from '../kernel/bounds.ts';

// biome-ignore lint/suspicious/noExplicitAny: an event carries what its model puts in; patterns know their own model
type EventData = any;

/** An event by name, or only those of that name for which `where` holds. */
export type EventPattern = string | { readonly event: string; readonly where: (data: EventData) => boolean };

interface Named {
  /** Kebab-case; unique in its model. */
  readonly name: string;
  /** What it says, in plain English. */
  readonly says: string;
}

/** Safety: holds in every state, looked at after every step that changed anything. */
export interface Always<W> extends Named {
  readonly kind: 'always';
  readonly holds: (world: W) => boolean;
}

/** Safety: no such event, ever. */
export interface Never extends Named {
  readonly kind: 'never';
  readonly event: EventPattern;
}

/** What a span runs from and to. With `key`, a field of both events' data, only events with equal fields belong together. */
export interface SpanOf {
  readonly from: EventPattern;
  readonly to: EventPattern;
  readonly key?: string;
  /** Whether a later `from` starts the span anew. By default the first one counts. */
  readonly restart?: boolean;
}

/** Bounded response: each `from` is followed by its `to` after at most `bound` ticks. Equal holds, beyond is violated. */
export interface Within extends Named, SpanOf {
  readonly kind: 'within';
  readonly bound: Ticks;
}

/** No judgement: the least and the greatest length of a span. */
export interface Measure extends Named, SpanOf {
  readonly kind: 'measure';
}

/** A witness: must be seen in some run, or the gate fails. A model in which nothing happens proves everything. */
export interface Sometimes extends Named {
  readonly kind: 'sometimes';
  /** What is to be seen: an event, or a span of exactly so many ticks. */
  readonly witness: { readonly event: EventPattern } | (SpanOf & { readonly exactly: Ticks });
}

export type Property<W = unknown> = Always<W> | Never | Within | Measure | Sometimes;

export function always<W>(name: string, says: string, holds: (world: W) => boolean): Always<W> {
  return { kind: 'always', name, says, holds };
}

export function never(name: string, says: string, event: EventPattern): Never {
  return { kind: 'never', name, says, event };
}

export function within(name: string, says: string, bound: Ticks, span: SpanOf): Within {
  return { kind: 'within', name, says, bound, ...span };
}

export function measure(name: string, says: string, span: SpanOf): Measure {
  return { kind: 'measure', name, says, ...span };
}

export function sometimes(name: string, says: string, event: EventPattern): Sometimes {
  return { kind: 'sometimes', name, says, witness: { event } };
}

/** Seen when a span lasts exactly `exactly` ticks: two things that are due at the same instant, say. */
export function sometimesExactly(name: string, says: string, exactly: Ticks, span: SpanOf): Sometimes {
  return { kind: 'sometimes', name, says, witness: { ...span, exactly } };
}

/** The same where `scale` ticks make one of those that it speaks of. */
export function inFinerTicks<P extends Property<never>>(property: P, scale: number): P {
  if (scale === 1) return property;
  if (property.kind === 'within') return { ...property, bound: property.bound * scale };
  if (property.kind !== 'sometimes' || !('exactly' in property.witness)) return property;
  return { ...property, witness: { ...property.witness, exactly: property.witness.exactly * scale } };
}

/** Whether it can be violated (and not only be seen or measured). */
export function isPromise(property: Property<never>): boolean {
  return property.kind === 'always' || property.kind === 'never' || property.kind === 'within';
}
