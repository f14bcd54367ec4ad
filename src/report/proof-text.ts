import type { ExactTime, Outcome, Row } from '../gate/outcome.ts';
import type { Paint } from './paint.ts';
import { type TableCell, table } from './table.ts';
import { counted, markCell, verdictCell } from './verdict-text.ts';

/** A number of states, in groups of three digits. */
export function statesText(states: number): string {
  return `${String(states).replace(/\B(?=(\d{3})+$)/g, ' ')} ${states === 1 ? 'state' : 'states'}`;
}

/** What was explored, where, and how much of it there was. */
export function proofCells(row: Row, paint: Paint): TableCell[] {
  const { states, composition } = row;
  const size = states === undefined ? '' : statesText(states);
  const where = composition === undefined ? size : [`on ${composition}`, size].filter((text) => text !== '').join(': ');
  return [markCell(row, paint), verdictCell(row, paint), `${row.model}/${row.variant}`, row.property, where];
}

/** The least and greatest length of what was measured: a table for a gate, a sentence for one who asks. */
export function exactTimesText({ command, exactTimes }: Outcome, paint: Paint): string {
  if (exactTimes.length === 0) return '';
  if (command === 'prove') return [...exactTimes.map(exactTimeText), ''].join('\n');
  const head = ['variant', 'on', 'span', 'least', 'greatest', 'explored'].map((text) => ({ text, paint: paint.faint }));
  const rows = exactTimes.map((time) => {
    const { model, variant, composition = '', property, states, complete } = time;
    const ends = [time.least, time.greatest].map(endText);
    return [
      `${model}/${variant}`,
      composition,
      property,
      ...ends,
      `${statesText(states)}${complete ? '' : ', so far'}`,
    ];
  });
  return ['exact times', ...table([head, ...rows], 5), ''].join('\n');
}

/** What is left to `check --full`, and where: a line for each site. */
export function leftText({ left }: Outcome, paint: Paint): string {
  if (left.length === 0) return '';
  const rows = [...new Set(left.map(({ unit }) => unit))].map((unit) => {
    const here = left.filter((each) => each.unit === unit);
    const { model, variant, composition } = here[0] as Outcome['left'][number];
    const where = composition === undefined ? 'by random schedules' : `on ${composition}`;
    return [`${model}/${variant}`, where, answersText(here)];
  });
  return [paint.faint('left to check --full'), ...table(rows, 5), ''].join('\n');
}

/** In the line that sums up. */
export function leftCount(left: Outcome['left']): string {
  return left.length === 0 ? '' : `; ${answersText(left)} left to check --full`;
}

function answersText(left: Outcome['left']): string {
  const measures = left.filter(({ kind }) => kind === 'measure').length;
  const verdicts = left.length - measures;
  const parts = [
    ...(verdicts === 0 ? [] : [counted(verdicts, 'verdict')]),
    ...(measures === 0 ? [] : [counted(measures, 'exact time')]),
  ];
  return parts.join(' and ');
}

export function exactTimeText(time: ExactTime): string {
  const { model, variant, composition, property, states, complete, least, greatest } = time;
  const on = composition === undefined ? '' : ` on ${composition}`;
  const ends = `worst case ${endText(greatest)}; best case ${endText(least)}`;
  const sums = [greatest, least].map(sumText).join('');
  const strict = [least, greatest].some(isStrict)
    ? '\n  not attained: it can come as close to it as you like, but never is'
    : '';
  const endless = greatest.length === NO_END ? '\n  no end: it can go on for as long as you like, or for ever' : '';
  const size = complete ? statesText(states) : `so far, in ${statesText(states)}`;
  return `${property}  ${model}/${variant}${on}\n  ${ends}  (${size})${sums}${strict}${endless}`;
}

/** What it is made of, where that is more than one length: what adds to it first. */
function sumText({ length, terms = [] }: ExactTime['least']): string {
  if (terms.length < 2) return '';
  const inOrder = [...terms.filter(({ less }) => less !== true), ...terms.filter(({ less }) => less === true)];
  const wide = Math.max(...terms.map((term) => term.length.length));
  const lines = inOrder.map(({ name, length: part, less, parameter }, index) => {
    const head = index === 0 ? `${length} =` : `${' '.repeat(length.length)} ${less === true ? '-' : '+'}`;
    return `\n    ${head} ${part.padStart(wide)}  ${name}${parameter === undefined ? '' : ` (${parameter})`}`;
  });
  return lines.join('');
}

export function endText(end: ExactTime['least']): string {
  if (end.length === NO_END) return NO_END;
  return `${end.length}, ${end.attained ? 'attained' : 'not attained'}`;
}

function isStrict({ length, attained }: ExactTime['least']): boolean {
  return !attained && length !== NO_END;
}

/** How the gate writes the length of a span that may never end. */
const NO_END = 'no end';

/** What one command of `prove` came to. */
export function proveTotal({ rows, exactTimes }: Outcome, paint: Paint): string {
  const all = counted(rows.length, 'verdict');
  if (rows.length === 0) return `${paint.good('measured')}: ${counted(exactTimes.length, 'span')}, over all timings\n`;
  const wrong = rows.filter((row) => !row.ok && row.unfinished !== true).length;
  if (wrong > 0) return `${paint.bad('not as expected')}: ${wrong} of ${all}\n`;
  const open = rows.filter((row) => row.unfinished === true).length;
  if (open > 0) return `${paint.open('inconclusive')}: no answer within the limits for ${open} of ${all}\n`;
  return `${paint.good('as expected')}: ${all}, over all timings\n`;
}
