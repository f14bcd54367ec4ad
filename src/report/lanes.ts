import type { TimelineRow } from '../gate/outcome.ts';

/** Who takes part, in the order of their first appearance. */
export function lanesOf(timeline: readonly TimelineRow[]): string[] {
  return [...new Set(timeline.map((row) => row.lane))];
}
