import { isWrong, type MutantSummary, type Outcome, type Row } from '../gate/outcome.ts';
import { PLAIN } from './paint.ts';
import { endText } from './proof-text.ts';
import { storyFor, storyText } from './story-text.ts';
import { counted } from './verdict-text.ts';

/**
 * Markdown for the summary of a CI job or a comment: what is not as expected first, each with its story, then what was
 * measured exactly, then what was caught. GitHub's dialect: tables, and details that unfold.
 */
export function markdownReport(outcome: Outcome): string {
  const wrong = outcome.rows.filter((row) => isWrong(row, outcome));
  const open = outcome.rows.filter((row) => row.unfinished === true);
  const parts = [
    `## halfopen ${outcome.command}: ${headline(wrong, open, outcome)}`,
    ...wrongParts([...wrong, ...open], outcome),
    ...exactParts(outcome),
    ...mutantParts(outcome.mutants),
  ];
  return `${parts.join('\n\n')}\n`;
}

function headline(wrong: readonly Row[], open: readonly Row[], { command, rows, exactTimes }: Outcome): string {
  if (rows.length === 0) return `${counted(exactTimes.length, 'span')} measured`;
  const all = counted(rows.length, 'verdict');
  if (wrong.length > 0) return `${wrong.length} of ${all} ${command === 'simulate' ? 'violated' : 'not as expected'}`;
  if (open.length > 0) return `no answer for ${open.length} of ${all}`;
  return command === 'simulate' ? `${all}, nothing violated` : `${all} as expected`;
}

function wrongParts(wrong: readonly Row[], outcome: Outcome): string[] {
  if (wrong.length === 0) return [];
  const cells = wrong.map((row) => [row.verdict, row.property, row.unit, row.detail]);
  const stories = new Set(wrong.map((row) => storyFor(row, outcome)).filter((story) => story !== undefined));
  return [
    markdownTable(['verdict', 'property', 'of', 'why'], cells),
    ...[...stories].map((story) =>
      details(`${story.verdict}: ${story.property}, ${story.model}/${story.variant}`, fenced(storyText(story, PLAIN))),
    ),
  ];
}

function exactParts({ exactTimes }: Outcome): string[] {
  if (exactTimes.length === 0) return [];
  const cells = exactTimes.map(({ model, variant, composition, property, least, greatest, complete }) => [
    `${model}/${variant}`,
    composition ?? '',
    property,
    endText(least),
    `${endText(greatest)}${complete ? '' : ' so far'}`,
  ]);
  return ['### Exact times', markdownTable(['variant', 'on', 'span', 'least', 'greatest'], cells)];
}

function mutantParts(mutants: readonly MutantSummary[]): string[] {
  if (mutants.length === 0) return [];
  const cells = mutants.map(({ model, variant, edit, killedBy, killed, campaigns, median }) => [
    `${model}/${variant}`,
    edit,
    killedBy,
    `${killed}/${campaigns}`,
    median === undefined ? '' : String(median),
  ]);
  const table = markdownTable(['mutant', 'edit', 'killed by', 'kills', 'median'], cells);
  return [details(`${counted(mutants.length, 'wrong edit')} planted`, table)];
}

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map((row) => line(row.map(escapeMarkdown)))].join('\n');
}

function details(summary: string, body: string): string {
  return `<details><summary>${escapeMarkdown(summary)}</summary>\n\n${body}\n\n</details>`;
}

/** Text as it is: in a fence longer than any that is in it. */
export function fenced(text: string, language = ''): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(Math.max(3, longest + 1));
  return `${fence}${language}\n${printable(text).trimEnd()}\n${fence}`;
}

/** Text that means nothing to Markdown nor to HTML, on one line. */
function escapeMarkdown(text: string): string {
  return printable(text)
    .replaceAll(/\s+/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*_{}[\]()#+!|~@]/g, (character) => `\\${character}`);
}

function printable(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n\t]|\p{Cs}/gu, '�');
}
