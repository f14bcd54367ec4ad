import type { Term } from '../engine/exhaustive/terms.ts';
import {
  type Effort,
  type End,
  type ExactMeasure,
  type Growth,
  measureExactly,
  type Proof,
  type ProofLimits,
  prove,
  type SearchLimits,
} from '../engine/prove.ts';
import { Subject } from '../engine/run.ts';
import { formatDuration } from '../model/duration-text.ts';
import type { Parameters } from '../model/parameters.ts';
import { measure, type SpanOf } from '../property/property.ts';
import type { ExactEnd, ExactTerm } from './outcome.ts';
import { saysOf, type Tale, tell, tellSpan } from './story.ts';

/** What is measured: a property of the model by name, or whatever lies between two events. */
export type SpanName = string | { readonly from: string; readonly to: string };

export type Which = 'least' | 'greatest';

/** What an exhaustive search for one property came to, as plain data. */
export interface ProofResult {
  readonly property: string;
  readonly verdict: Proof['verdict'];
  readonly effort: Effort;
  /** With `inconclusive`: why, and what took so many values that the search did not come to an end. */
  readonly stopped?: string;
  readonly growth?: readonly Growth[];
  /** With `violated`: a run under fake timers that shows it. */
  readonly shown?: { readonly shrinks: number; readonly tale: Tale };
}

export interface ProveResult {
  readonly kind: 'prove';
  readonly proofs: readonly ProofResult[];
}

export interface MeasureResult {
  readonly kind: 'measure';
  readonly property: string;
  readonly says: string;
  readonly complete: boolean;
  readonly effort: Effort;
  readonly stopped?: string;
  readonly growth?: readonly Growth[];
  readonly least?: ExactEnd;
  readonly greatest?: ExactEnd;
  /** The run that was asked for, where there is one. */
  readonly tale?: Tale;
}

/** How the length of a span that may never end is written. */
export const NO_END = 'no end';

export function proveAll(subject: Subject, properties: readonly string[], limits: ProofLimits): ProveResult {
  return { kind: 'prove', proofs: prove(subject, properties, limits).map((proof) => resultOf(subject, proof)) };
}

function resultOf(subject: Subject, { counterexample, ...proof }: Proof): ProofResult {
  if (counterexample === undefined) return proof;
  const { run, shrinks, scale } = counterexample;
  return { ...proof, shown: { shrinks, tale: tell(subject.inTicksOf(scale), proof.property, run) } };
}

export function measureSpan(
  given: Subject,
  span: SpanName,
  limits: SearchLimits,
  witness: Which | undefined,
): MeasureResult {
  const subject = typeof span === 'string' ? given : withSpan(given, span);
  const property = spanText(span);
  const exact = measureExactly(subject, property, limits);
  const { complete, effort, stopped, growth } = exact;
  const tale = witness === undefined ? undefined : taleOf(subject, exact, witness);
  return {
    kind: 'measure',
    property,
    says: saysOf(subject, property),
    complete,
    effort,
    ...(stopped === undefined ? {} : { stopped }),
    ...(growth === undefined ? {} : { growth }),
    ...(exact.least === undefined ? {} : { least: endOf(subject, exact.least) }),
    ...(exact.greatest === undefined ? {} : { greatest: endOf(subject, exact.greatest) }),
    ...(tale === undefined ? {} : { tale }),
  };
}

export function spanText(span: SpanName): string {
  return typeof span === 'string' ? span : `"${span.from}" to "${span.to}"`;
}

/** The same subject with one more measure. */
function withSpan(
  { model, variant, settings }: Subject,
  span: { readonly from: string; readonly to: string },
): Subject {
  const added = measure(spanText(span), `From "${span.from}" to "${span.to}".`, span);
  const measured = {
    ...model,
    properties: (config: Subject['config']) => [...model.properties(config), added],
  };
  return new Subject(measured, variant, settings);
}

function endOf(subject: Subject, { length, attained, terms }: End): ExactEnd {
  const text = length === Infinity ? NO_END : formatDuration(length, subject.tickNs);
  return {
    length: text,
    attained,
    ...(terms === undefined ? {} : { terms: terms.map((each) => termOf(subject, each)) }),
  };
}

function termOf({ model, config, tickNs }: Subject, { name, length: signed }: Term): ExactTerm {
  const length = Math.abs(signed);
  const [parameter, ...others] = Object.entries(model.parameters as Parameters)
    .filter(([parameter, { lengths }]) => lengths(config[parameter]).includes(length))
    .map(([parameter]) => parameter);
  return {
    name,
    length: formatDuration(length, tickNs),
    ...(signed < 0 ? { less: true } : {}),
    ...(parameter === undefined || others.length > 0 ? {} : { parameter }),
  };
}

function taleOf(subject: Subject, exact: ExactMeasure, which: Which): Tale | undefined {
  const witness = exact[which]?.witness;
  const span = subject.properties.all.find(({ name }) => name === exact.property) as SpanOf | undefined;
  if (witness === undefined || span === undefined) return undefined;
  return tellSpan(witness.subject, exact.property, span, witness.length, witness.run);
}
