import type { Outcome, Row } from '../gate/outcome.ts';
import { PLAIN } from './paint.ts';
import { exactTimeText, leftCount } from './proof-text.ts';
import { storyFor, storyText } from './story-text.ts';
import { counted } from './verdict-text.ts';

/**
 * GitHub's workflow commands: an annotation for each row that is not as expected, then what was measured exactly, then
 * one line that sums it up.
 */
export function githubReport(outcome: Outcome): string {
  const wrong = outcome.rows.filter((row) => !row.ok);
  const seed = outcome.seed === undefined ? '' : `, seed ${outcome.seed}`;
  const left = leftCount(outcome.left);
  const sum = `halfopen ${outcome.command}: ${wrong.length} of ${counted(outcome.rows.length, 'verdict')} not as expected${seed}${left}`;
  const times = outcome.exactTimes.map((time) => `measured: ${exactTimeText(time).replaceAll(/\s+/g, ' ')}`);
  return `${[...wrong.map((row) => annotation(row, outcome)), ...times, sum].join('\n')}\n`;
}

function annotation(row: Row, outcome: Outcome): string {
  const story = storyFor(row, outcome);
  const title = [row.verdict, row.property, row.unit].filter((part) => part !== '').join(' ');
  const message = story === undefined ? row.detail : `${row.detail}\n\n${storyText(story, PLAIN)}`;
  const level = row.unfinished === true ? 'warning' : 'error';
  return `::${level} title=${escapeProperty(title)}::${escapeData(message)}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
