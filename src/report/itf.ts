import type { Outcome, Story } from '../gate/outcome.ts';
import { lanesOf } from './lanes.ts';
import { rowText } from './timeline.ts';

const TIME = 'time';

type State = Readonly<Record<string, unknown>>;
type Trace = { readonly '#meta': object; readonly vars: readonly string[]; readonly states: readonly State[] };

/**
 * The Informal Trace Format of the TLA+ tools (Apalache, ADR 015): one state for each thing that happened. Variables are
 * the time, and for each lane the last that happened there. The format has room for one trace: the first story's.
 */
export function itfReport({ command, stories }: Outcome): string {
  const [story] = stories;
  const { states, ...head } = story === undefined ? emptyTrace(command) : traceOf(story);
  const lines = states.map((state) => JSON.stringify(state));
  return `${JSON.stringify(head).slice(0, -1)},"states":[\n${lines.join(',\n')}\n]}\n`;
}

function emptyTrace(command: string): Trace {
  return { '#meta': { format: 'ITF', description: `halfopen ${command}: no story to tell` }, vars: [], states: [] };
}

function traceOf(story: Story): Trace {
  const lanes = lanesOf(story.timeline);
  const vars = [TIME, ...lanes.map(variableOf)];
  const states: State[] = [];
  let now: State = { [TIME]: '0', ...Object.fromEntries(lanes.map((lane) => [variableOf(lane), ''])) };
  states.push({ '#meta': { index: 0 }, ...now });
  for (const row of story.timeline) {
    const what = rowText(row);
    now = { ...now, [TIME]: row.at, [variableOf(row.lane)]: row.mark === 'breaks' ? `✗ ${what}` : what };
    states.push({ '#meta': { index: states.length }, ...now });
  }
  const { model, variant, property, verdict, message, command } = story;
  return {
    '#meta': {
      format: 'ITF',
      'format-description': 'https://apalache-mc.org/docs/adr/015adr-trace.html',
      description: `${verdict}: ${property}, ${model}/${variant}: ${message}`,
      source: command,
    },
    vars,
    states,
  };
}

/** Neither the time's name, nor one that the format keeps for itself. */
function variableOf(lane: string): string {
  return lane === TIME || lane.startsWith('#') ? `lane ${lane}` : lane;
}
