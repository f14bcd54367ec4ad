import type { Outcome, Story, TimelineRow } from '../gate/outcome.ts';
import { parseDuration } from '../model/duration-text.ts';
import { lanesOf } from './lanes.ts';

/** One event in the Trace Event Format; `ts` in microseconds. */
interface TraceEvent {
  readonly ph: 'M' | 'i';
  readonly name: string;
  readonly pid: number;
  readonly tid?: number;
  readonly ts?: number;
  /** How far it is drawn: over its thread, or over its process. */
  readonly s?: 't' | 'p';
  readonly args: Readonly<Record<string, unknown>>;
}

/**
 * Chrome's Trace Event Format, which Perfetto opens: a process for each story, a thread for each lane, an instant for
 * each thing that happened. Virtual time is drawn as if it were real.
 */
export function chromeTraceReport({ stories }: Outcome): string {
  const traceEvents = stories.flatMap((story, index) => eventsOf(story, index + 1));
  const lines = traceEvents.map((event) => JSON.stringify(event));
  return `{"displayTimeUnit":"ms","traceEvents":[\n${lines.join(',\n')}\n]}\n`;
}

function eventsOf(story: Story, pid: number): TraceEvent[] {
  const lanes = lanesOf(story.timeline);
  return [
    { ph: 'M', name: 'process_name', pid, args: { name: `${story.model}/${story.variant} ${story.property}` } },
    { ph: 'M', name: 'process_labels', pid, args: { labels: story.verdict } },
    ...lanes.flatMap((lane, tid): TraceEvent[] => [
      { ph: 'M', name: 'thread_name', pid, tid, args: { name: lane } },
      { ph: 'M', name: 'thread_sort_index', pid, tid, args: { sort_index: tid } },
    ]),
    ...story.timeline.map((row): TraceEvent => {
      const breaks = row.mark === 'breaks';
      const args = { data: row.data, at: row.at, ...(breaks ? { breaks: story.property } : {}) };
      return {
        ph: 'i',
        name: row.what,
        pid,
        tid: lanes.indexOf(row.lane),
        ts: microseconds(row),
        s: breaks ? 'p' : 't',
        args,
      };
    }),
  ];
}

const NANOSECONDS_IN_A_MICROSECOND = 1000;

/** A model's tick may be shorter than a microsecond: then this is a fraction. */
function microseconds(row: TimelineRow): number {
  return parseDuration(row.at, 1) / NANOSECONDS_IN_A_MICROSECOND;
}
