import type { Outcome, Row, Story } from '../gate/outcome.ts';
import type { Paint } from './paint.ts';
import { endText, statesText } from './proof-text.ts';
import { type TableCell, table } from './table.ts';
import { DECISIONS_READ_MOST, dataText, type Folded, fold } from './timeline.ts';
import { counted, verdictPaint } from './verdict-text.ts';

const MARKS = { event: ' ', decision: '◆', breaks: '✗' } as const;

/** Of decisions that are too many to read. */
const DECISIONS_SHOWN_OF_MANY = 8;

/** The story that goes with a row, if one was told. */
export function storyFor(row: Row, outcome: Outcome): Story | undefined {
  return outcome.stories.find((story) => story.unit === row.unit && story.property === row.property);
}

/** How a property breaks, for a person: what was promised, what was decided, what then happened. */
export function storyText(story: Story, paint: Paint): string {
  const heading = [
    verdictPaint(story.verdict, story.expected, paint)(story.verdict),
    paint.strong(story.property),
    `${story.model}/${story.variant}`,
  ];
  const lines = [heading.join('  '), ...claimLines(story)];
  if (story.found !== undefined) lines.push(`  found ${foundText(story.found)}`);
  if (story.composition !== undefined) lines.push(`  composition: ${story.composition}`);
  const settings = Object.entries(story.settings);
  if (settings.length > 0) lines.push(`  set: ${settings.map(([name, text]) => `${name}=${text}`).join(' ')}`);
  if (story.scale !== undefined)
    lines.push(`  ticks: ${story.scale} to one of the model, in whole ones of which it does not show`);
  lines.push('', ...decisionLines(story, paint), '', ...timelineLines(story, paint), '', `  ${story.command}`);
  return `${lines.join('\n')}\n`;
}

/** What was promised and what was seen instead; or which end of a span is shown. */
function claimLines({ says, message, verdict, extreme }: Story): string[] {
  if (extreme !== undefined) return [`  ${extreme.which}: ${endText(extreme)}`, `  shown: ${message}`];
  return [`  promised: ${says}`, `  ${verdict === 'violated' ? 'seen' : 'kept because'}: ${message}`];
}

/** How it was found, and how it was made smaller. */
function foundText(found: NonNullable<Story['found']>): string {
  const at = 'states' in found ? `in ${statesText(found.states)}` : `at schedule ${found.atSchedule}`;
  return `${at}, shrunk in ${counted(found.shrinks, 'step')}`;
}

function decisionLines(story: Story, paint: Paint): string[] {
  const { decisions } = story;
  if (decisions.length === 0) return ['  Decisions: none, everything takes its default'];
  const shown = decisions.length > DECISIONS_READ_MOST ? decisions.slice(0, DECISIONS_SHOWN_OF_MANY) : decisions;
  const rows = shown.map(({ name, value, fault }) => [name, fault ? `= ${value}  (fault)` : `= ${value}`]);
  const more = decisions.length - shown.length;
  return [
    `  ${paint.strong('Decisions')} (${decisions.length}, everything else takes its default):`,
    ...table(rows, 4),
    ...(more === 0 ? [] : [`    … and ${more} more, all of them with --reporter json`]),
  ];
}

function timelineLines(story: Story, paint: Paint): string[] {
  const rows = fold(story.timeline).map((folded) => timelineCells(folded, paint));
  return table([['', 'time', 'who', 'what'].map((text) => ({ text, paint: paint.faint })), ...rows], 2, [1]);
}

function timelineCells(folded: Folded, paint: Paint): TableCell[] {
  if ('times' in folded) {
    const { rows, times, until } = folded;
    const what = rows === 1 ? 'the same row' : `the same ${rows} rows`;
    return [
      '',
      '',
      { text: '…', paint: paint.faint },
      { text: `${what} ${times} more times, until ${until}`, paint: paint.faint },
    ];
  }
  const { at, mark, lane, what, data } = folded.row;
  const stress = { event: (text: string) => text, decision: paint.open, breaks: paint.bad }[mark];
  const whatText = [what, dataText(data)].filter((text) => text !== '').join('  ');
  return [MARKS[mark], at, lane, whatText].map((text) => ({ text, paint: stress }));
}
