import type { Outcome, Story, TimelineRow } from '../gate/outcome.ts';
import { lanesOf } from './lanes.ts';
import { fenced } from './markdown.ts';
import { type Folded, fold, rowText } from './timeline.ts';

/** Mermaid's sequence diagrams, each fenced as a pull request takes it: one for each story. */
export function mermaidReport({ command, stories }: Outcome): string {
  if (stories.length === 0) return `halfopen ${command}: no story to tell\n`;
  return `${stories.map((story) => fenced(diagram(story), 'mermaid')).join('\n\n')}\n`;
}

function diagram(story: Story): string {
  const folded = fold(story.timeline);
  const told = folded.flatMap((each) => ('row' in each && each.row.mark !== 'decision' ? [each.row] : []));
  const lanes = lanesOf(told);
  const all = lanes.length < 2 ? 'p0' : `p0,p${lanes.length - 1}`;
  const over = (row: TimelineRow) => (row.mark === 'decision' ? all : `p${lanes.indexOf(row.lane)}`);
  return [
    'sequenceDiagram',
    `title ${escapeMermaid(`${story.verdict}: ${story.property}, ${story.model}/${story.variant}`)}`,
    ...lanes.map((lane, index) => `participant p${index} as ${escapeMermaid(lane)}`),
    ...steps(folded, (row) => `Note over ${over(row)}: ${noteText(row)}`),
  ].join('\n');
}

/** Rows that come again and again are a loop around the first of them. */
function steps(rows: readonly Folded[], note: (row: TimelineRow) => string): string[] {
  const lines: string[] = [];
  for (const folded of rows) {
    if ('row' in folded) lines.push(note(folded.row));
    else {
      const title = escapeMermaid(`and ${folded.times} more times, until ${folded.until}`);
      const block = lines.splice(-folded.rows);
      lines.push(`loop ${title}`, ...block.map((line) => `  ${line}`), 'end');
    }
  }
  return lines;
}

function noteText(row: TimelineRow): string {
  const sign = { event: '', decision: '◆ ', breaks: '✗ ' }[row.mark];
  return escapeMermaid(`${row.at} ${sign}${rowText(row)}`);
}

/** Text that means nothing to Mermaid: whatever might, and the word `end`, is written as numbers of characters. */
function escapeMermaid(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cs}\s]+/gu, ' ')
    .replaceAll(/[^\p{L}\p{N} .,=/()+'"◆✗…→←-]/gu, characterNumber)
    .replaceAll(/\bend\b/g, (word) => `${characterNumber(word)}nd`);
}

function characterNumber(text: string): string {
  return `#${text.codePointAt(0)};`;
}
