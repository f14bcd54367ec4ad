import type { Outcome, Row, Story } from '../gate/outcome.ts';
import type { Paint } from './paint.ts';
import { endText, statesText } from './proof-text.ts';
import { DEFAULT_WIDTH, type TableCell, table } from './table.ts';
import { DECISIONS_READ_MOST, type Folded, fold, rowText } from './timeline.ts';
import { counted, verdictPaint } from './verdict-text.ts';

const MARKS = { event: ' ', decision: '◆', breaks: '✗' } as const;

/** Of decisions that are too many to read. */
const DECISIONS_SHOWN_OF_MANY = 8;

/** The story that goes with a row, if one was told. */
export function storyFor(row: Row, outcome: Pick<Outcome, 'stories'>): Story | undefined {
  return outcome.stories.find((story) => story.unit === row.unit && story.property === row.property);
}

/** How a property breaks, for a person: what was promised, what was decided, what then happened. `width` in columns. */
export function storyText(story: Story, paint: Paint, width = DEFAULT_WIDTH): string {
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
  lines.push('', ...decisionLines(story, paint), '', ...timelineLines(story, paint, width), '', `  ${story.command}`);
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

/** Room for the marks, the time, who and what: a line for each lane is drawn where there is more. */
const WITHOUT_LANES = 80;

function timelineLines(story: Story, paint: Paint, width: number): string[] {
  const rows = fold(story.timeline);
  const lanes = new Lanes(rows);
  const draw = lanes.width > 0 && WITHOUT_LANES + lanes.width <= width;
  const cells = rows.map((folded, index) => timelineCells(folded, draw ? [lanes.at(index)] : [], paint));
  const head = ['', 'time', ...(draw ? [''] : []), 'who', 'what'].map((text) => ({ text, paint: paint.faint }));
  return table([head, ...cells], 2, [1], width);
}

/** A line for each of those who take part, from the first to the last that happens to them. */
class Lanes {
  readonly #rows: readonly Folded[];
  readonly #lanes: readonly { readonly name: string; readonly first: number; readonly last: number }[];

  constructor(rows: readonly Folded[]) {
    this.#rows = rows;
    const laneAt = rows.map((folded) =>
      'row' in folded && folded.row.mark !== 'decision' ? folded.row.lane : undefined,
    );
    const names = [...new Set(laneAt.filter((name) => name !== undefined))];
    this.#lanes = names.map((name) => ({ name, first: laneAt.indexOf(name), last: laneAt.lastIndexOf(name) }));
  }

  /** Columns that they take. */
  get width(): number {
    return 2 * this.#lanes.length;
  }

  /** The lines beside one row, with a knot where it happened. */
  at(index: number): string {
    const folded = this.#rows[index] as Folded;
    const mark = 'row' in folded ? folded.row.mark : 'event';
    return this.#lanes
      .map(({ name, first, last }) => {
        if (index < first || index > last) return ' ';
        if (!('row' in folded)) return '┊';
        if (mark === 'decision' || folded.row.lane !== name) return '│';
        return mark === 'breaks' ? '✗' : '●';
      })
      .join(' ')
      .trimEnd();
  }
}

function timelineCells(folded: Folded, lanes: readonly string[], paint: Paint): TableCell[] {
  const drawn = lanes.map((text) => ({ text, paint: paint.faint }));
  if ('times' in folded) {
    const { rows, times, until } = folded;
    const what = rows === 1 ? 'the same row' : `the same ${rows} rows`;
    return [
      '',
      '',
      ...drawn,
      { text: '…', paint: paint.faint },
      { text: `${what} ${times} more times, until ${until}`, paint: paint.faint },
    ];
  }
  const { at, mark, lane } = folded.row;
  const stress = { event: (text: string) => text, decision: paint.open, breaks: paint.bad }[mark];
  const [sign, time, who, did] = [MARKS[mark], at, lane, rowText(folded.row)].map((text) => ({ text, paint: stress }));
  return [sign, time, ...drawn, who, did] as TableCell[];
}
