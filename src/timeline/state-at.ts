import { formatDuration } from '../model/duration-text.ts';
import type { Lane, Stretch, Timeline } from './model.ts';

/** What one lane shows at one time, in words. */
export interface Said {
  readonly title: string;
  readonly says: string;
  /** Whether it is why something else waits. */
  readonly stress: boolean;
}

/** What holds at the end of an instant, for each lane that is worth showing. */
export function stateAt(timeline: Timeline, at: number): readonly Said[] {
  const text = (ticks: number) => formatDuration(ticks, timeline.tickNs);
  return timeline.lanes.flatMap((lane) => {
    const said = lane.isMain ? saidOf(lane, at, text) : undefined;
    return said === undefined ? [] : [{ title: lane.id.replace(/^promise /, ''), ...said }];
  });
}

function saidOf(lane: Lane, at: number, text: (ticks: number) => string): Omit<Said, 'title'> | undefined {
  const isNow = ({ from, to }: Stretch) => from <= at && at < to;
  switch (lane.kind) {
    case 'wire':
      return undefined;
    case 'process': {
      const now = lane.stretches.find(isNow);
      if (now === undefined) return undefined;
      const what = now.how === 'is ready' || now.how === 'sleeps' ? '' : ` ${now.text}`;
      return { says: `${now.how}${what}, since ${text(now.from)}`, stress: now.how === 'waits for a lock' };
    }
    case 'mutex': {
      const held = lane.held.find(isNow);
      if (held === undefined) return undefined;
      const waiters = lane.waits.filter(isNow).map((wait) => wait.text);
      const waited = waiters.length === 0 ? '' : `; ${waiters.join(', ')} waits for it`;
      return { says: `held by ${held.text} since ${text(held.from)}${waited}`, stress: waiters.length > 0 };
    }
    case 'level': {
      const point = lane.points.findLast((each) => each.at <= at);
      if (point === undefined || point.value === 0) return undefined;
      return { says: `${point.value} of ${lane.most}`, stress: point.value >= lane.most };
    }
    case 'state': {
      const now = lane.stretches.find(isNow);
      return now === undefined ? undefined : { says: now.text, stress: false };
    }
    case 'deadline': {
      const now = lane.runs.find(({ from, to }) => from <= at && at < to);
      return now === undefined
        ? undefined
        : { says: `${text(now.due - at)} left, due at ${text(now.due)}`, stress: false };
    }
    case 'promise': {
      const now = lane.spans.find(({ from, to = Infinity }) => from <= at && at < to);
      if (now?.bound === undefined) return undefined;
      const left = now.from + now.bound - at;
      return { says: left >= 0 ? `due in ${text(left)}` : `overdue by ${text(-left)}`, stress: left < 0 };
    }
  }
}
