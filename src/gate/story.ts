import type { RecordedRun, Subject } from '../engine/run.ts';
import type { Counterexample } from '../engine/simulate.ts';
import type { TraceEvent } from '../engine/trace.ts';
import type { Ticks } from '../kernel/bounds.ts';
import type { Plain } from '../kernel/cell.ts';
import type { Decision } from '../kernel/decision.ts';
import { formatDuration } from '../model/duration-text.ts';
import type { EventPattern, SpanOf } from '../property/property.ts';
import { failureSays } from './failure-kinds.ts';
import type { Story, StoryDecision, TimelineRow } from './outcome.ts';

/** The part of a story that one run tells; who asked for the run adds what he knows: the verdict, the command. */
export type Tale = Pick<
  Story,
  'says' | 'message' | 'scale' | 'decisions' | 'schedule' | 'digest' | 'measured' | 'timeline'
>;

/** Tell how `property` broke in a recorded run, up to there; or the whole run, where it did not. */
export function tell(subject: Subject, property: string, run: RecordedRun): Tale {
  const text = (ticks: number) => formatDuration(ticks, subject.tickNs);
  const violation = run.violations.find((each) => each.property === property);
  return {
    says: saysOf(subject, property),
    message: violation?.message ?? 'holds in this schedule',
    ...(subject.scale === 1 ? {} : { scale: subject.scale }),
    decisions: run.decisions.map((decision) => decisionText(decision, text)),
    schedule: scheduleTexts(subject, run.decisions),
    digest: run.digest,
    measured: measuredTexts(subject, run),
    timeline: timeline(run, property, text),
  };
}

/** Tell a run in which `span` is `length` ticks long, up to where it ends. */
export function tellSpan(subject: Subject, name: string, span: SpanOf, length: Ticks, run: RecordedRun): Tale {
  const text = (ticks: number) => formatDuration(ticks, subject.tickNs);
  const last = run.trace.findIndex(
    (end, index) =>
      matches(span.to, end) &&
      run.trace
        .slice(0, index)
        .some(
          (start) =>
            start.at === end.at - length && matches(span.from, start) && keyOf(span, start) === keyOf(span, end),
        ),
  );
  const trace = last === -1 ? run.trace : run.trace.slice(0, last + 1);
  const shown = { ...run, trace, violations: [], violationsAfter: [] };
  return { ...tell(subject, name, shown), message: `${text(length)} in this schedule` };
}

function matches(pattern: EventPattern, event: TraceEvent): boolean {
  if (typeof pattern === 'string') return event.name === pattern;
  return event.name === pattern.event && pattern.where(event.data);
}

function keyOf({ key }: SpanOf, { data }: TraceEvent): Plain {
  return key === undefined ? undefined : (data as Readonly<Record<string, Plain>> | undefined)?.[key];
}

/** The sentence of a promise, a witness, a measure, or of a way in which any model can fail. */
export function saysOf(subject: Subject, property: string): string {
  return subject.properties.all.find((each) => each.name === property)?.says ?? failureSays(property) ?? '';
}

/** A schedule as it is kept in files: lengths of time are texts, which read back exactly. */
export function scheduleTexts(
  subject: Subject,
  decisions: Counterexample['decisions'],
): Readonly<Record<string, string>> {
  const text = (ticks: number) => formatDuration(ticks, subject.tickNs);
  return Object.fromEntries(decisions.map((decision) => [decision.name, valueText(decision, text)]));
}

/** The names of what the model measures. A run measures what it promises within a bound, too: that is nobody's to keep. */
export function measuresOf(subject: Subject): readonly string[] {
  return subject.properties.all.filter((property) => property.kind === 'measure').map((property) => property.name);
}

export function measuredTexts(subject: Subject, run: RecordedRun): Readonly<Record<string, readonly [string, string]>> {
  const text = (ticks: number) => formatDuration(ticks, subject.tickNs);
  const measures = measuresOf(subject);
  const spans = [...run.measured].filter(([name]) => measures.includes(name)).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(spans.map(([name, span]) => [name, [text(span.least), text(span.greatest)]]));
}

type TicksText = (ticks: number) => string;

function decisionText(decision: Decision, text: TicksText): StoryDecision {
  return { name: decision.name, value: valueText(decision, text), at: text(decision.at), fault: decision.fault };
}

function valueText(decision: Decision, text: TicksText): string {
  return typeof decision.value === 'number' ? text(decision.value) : decision.value;
}

/** Events, with each decision in its place among them. Ends where the property breaks: at an event, or between two. */
function timeline(run: RecordedRun, property: string, text: TicksText): TimelineRow[] {
  const broken = run.violations.findIndex((violation) => violation.property === property);
  const violation = run.violations[broken];
  const end = run.violationsAfter[broken] ?? run.trace.length;
  const rows: TimelineRow[] = [];
  let told = 0;
  const tellDecisions = (events: number) => {
    for (; told < run.decisions.length && (run.decisionsAfter[told] as number) <= events; told++) {
      const decision = run.decisions[told] as Decision;
      const what = `${decision.name} = ${valueText(decision, text)}`;
      rows.push({ at: text(decision.at), mark: 'decision', lane: 'decision', what });
    }
  };
  run.trace.slice(0, end).forEach((event, index) => {
    tellDecisions(index);
    const breaks = violation !== undefined && index === end - 1 && event.at === violation.at;
    const row: TimelineRow = {
      at: text(event.at),
      mark: breaks ? 'breaks' : 'event',
      lane: event.lane,
      what: event.name,
    };
    rows.push(event.data === undefined ? row : { ...row, data: event.data });
  });
  if (violation === undefined) tellDecisions(end);
  else if (run.trace[end - 1]?.at !== violation.at) {
    rows.push({ at: text(violation.at), mark: 'breaks', lane: property, what: 'is broken by now' });
  }
  return rows;
}
