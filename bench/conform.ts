/**
 * How fast is a real log held against the model? The recorded logs of three stories, three trials each, with all that they
 * tell; each story on a model of its own, so that nothing is known before.
 */
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { attach } from '../models/attach/model.ts';
import { Conformance } from '../src/gate/conform.ts';
import { type LogLine, LogReader } from '../src/gate/log-format.ts';

const STORIES = ['vanishes', 'stays', 'process-exits'] as const;
const MAX_STATES = 100_000;

export interface HeldLog {
  readonly story: string;
  readonly events: number;
  readonly states: number;
  readonly seconds: number;
  readonly verdict: string;
}

export function heldLogs(): readonly HeldLog[] {
  return STORIES.map(held);
}

function held(story: string): HeldLog {
  const [first, ...rest] = linesOf(`test/conformance/logs/pong-deadline--${story}.ndjson`);
  if (first?.kind !== 'header') throw new Error('expected a header first');
  const { variant = '', settings, errorNs, events: names = [], uncompared, once } = first.header;
  const begun = performance.now();
  const conformance = new Conformance({
    model: attach,
    variant,
    settings: { ...settings, latency: '1us..5ms' },
    errorNs,
    vocabulary: { names: new Set(names), ignored: new Set(uncompared), once: new Set(once) },
    maxStates: MAX_STATES,
  });
  const verdicts = new Set<string>();
  let [events, states] = [0, 0];
  let until: number | undefined;
  const end = () => {
    if (until === undefined) return;
    const answer = conformance.end(1, until);
    verdicts.add(answer.verdict);
    events += answer.events;
    states += answer.states;
  };
  for (const line of rest) {
    if (line.kind === 'trial') {
      end();
      until = line.trial.untilNs;
      conformance.begin();
    }
    if (line.kind === 'event') conformance.next(line.event);
  }
  end();
  const seconds = (performance.now() - begun) / 1e3;
  const verdict = [...verdicts].join(', ');
  return { story, events, states, seconds, verdict };
}

function linesOf(file: string): readonly LogLine[] {
  const reader = new LogReader();
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.flatMap((line, index) => reader.read(line, index + 1) ?? []);
}

export function heldLogsText(all: readonly HeldLog[]): string {
  const columns = ['events', 'states', 'seconds', 'events/s'];
  return [
    'conform, recorded logs of attach/pong-deadline',
    '',
    ''.padEnd(26) + 'verdict'.padEnd(14) + columns.map((each) => each.padStart(12)).join(''),
    ...all.map(({ story, events, states, seconds, verdict }) => {
      const cells = [events, states, seconds.toFixed(2), Math.round(events / seconds)];
      return story.padEnd(26) + verdict.padEnd(14) + cells.map((each) => String(each).padStart(12)).join('');
    }),
  ].join('\n');
}
