import type { TraceEvent } from '../engine/trace.ts';
import type { Plain } from '../kernel/cell.ts';
import type { EventPattern, Property, SpanOf } from '../property/property.ts';
import type { PromiseSpan } from './model.ts';

/** What a promise or a measure is about, each time it begins in a trace. */
export function spansOf(
  property: Extract<Property, { readonly kind: 'within' | 'measure' }>,
  trace: readonly TraceEvent[],
): readonly PromiseSpan[] {
  const spans: PromiseSpan[] = [];
  const open = new Map<string, number>();
  const bound = property.kind === 'within' ? { bound: property.bound } : {};
  const add = (from: number, to: number | undefined) => {
    spans.push({ from, ...(to === undefined ? {} : { to }), ...bound, text: property.name });
  };
  for (const event of trace) {
    const key = keyOf(property, event.data);
    // An event that both ends a span and starts the next one ends it first.
    if (matches(property.to, event)) {
      const from = open.get(key);
      if (from !== undefined) add(from, event.at);
      open.delete(key);
    }
    if (matches(property.from, event) && (property.restart === true || !open.has(key))) open.set(key, event.at);
  }
  for (const from of open.values()) add(from, undefined);
  return spans;
}

function matches(pattern: EventPattern, event: TraceEvent): boolean {
  if (typeof pattern === 'string') return event.name === pattern;
  return event.name === pattern.event && pattern.where(event.data);
}

function keyOf({ key }: SpanOf, data: Plain): string {
  return key === undefined ? '' : JSON.stringify((data as Readonly<Record<string, Plain>> | undefined)?.[key]);
}
