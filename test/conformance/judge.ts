/** What the model's own properties say about what really happened. */
import { attach } from '../../models/attach/model.ts';
import { Subject } from '../../src/engine/run.ts';
import type { Clock, Mark, Span } from '../../src/kernel/clock-contract.ts';
import { formatDuration } from '../../src/model/duration-text.ts';
import { Monitor, PropertySet } from '../../src/property/monitor.ts';
import type { Property } from '../../src/property/property.ts';
import type { LogHeader, Trial } from './log.ts';

/** After these the first client is promised nothing any more. */
const PROMISE_ENDS = ['client dead', 'leaves', 'stalls', 'process exits'];

/**
 * The properties of the attach handler that one recorded trial violates. Bounds are wider by the measuring error of the
 * log. Those that look at the model's state (`always`) cannot be asked, but for one that the events show as well.
 */
export function violatedBy(header: LogHeader, trial: Trial): readonly string[] {
  const { config, tickNs } = new Subject(attach, header.variant, header.settings);
  const error = header.error / tickNs;
  const properties = attach.properties(config as Parameters<typeof attach.properties>[0]) as readonly Property[];
  const widened = properties
    .filter((each) => each.kind !== 'always')
    .map((each) => (each.kind === 'within' ? { ...each, bound: each.bound + error } : each));
  const clock = new RecordedClock();
  const monitor = new Monitor(new PropertySet(widened), clock, (ticks) => formatDuration(Math.round(ticks), tickNs));
  for (const event of trial.events) {
    clock.now = event.at / tickNs;
    monitor.event(event.name, event.data);
  }
  clock.now = trial.until / tickNs;
  monitor.ended({ why: 'horizon' });
  const violated = monitor.violations.map((each) => each.property);
  return (isLiveClientSpared(trial) ? violated : [...violated, 'live-client-spared']).sort();
}

function isLiveClientSpared({ events }: Trial): boolean {
  const ends = events.findIndex(({ name }) => PROMISE_ENDS.includes(name));
  const promised = ends < 0 ? events : events.slice(0, ends);
  return !promised.some(({ name, data }) => name === 'slot released' && data?.session === 1);
}

interface RecordedMark extends Mark {
  readonly at: number;
}

/** Stands at the time of the last event. */
class RecordedClock implements Clock {
  now = 0;

  mark(id: number): RecordedMark {
    return { id, at: this.now };
  }

  unmark(): void {}

  since(mark: Mark): Span {
    const elapsed = this.now - (mark as RecordedMark).at;
    return { least: elapsed, greatest: elapsed, leastAttained: true, greatestAttained: true };
  }

  stamp(): number {
    return this.now;
  }

  arm = refuse;
  cancel = refuse;
  firable = refuse;
  fire = refuse;
  cutAt = refuse;
}

function refuse(): never {
  throw new Error('nothing can be made to happen any more');
}
