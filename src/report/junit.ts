import type { Outcome, Row } from '../gate/outcome.ts';
import { PLAIN } from './paint.ts';
import { storyFor, storyText } from './story-text.ts';

/** JUnit's XML, which most CI systems read: a test case for each row, its story in the failure. */
export function junitReport(outcome: Outcome): string {
  const suites = new Map<string, Row[]>();
  for (const row of outcome.rows) suites.set(row.unit, [...(suites.get(row.unit) ?? []), row]);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="halfopen ${outcome.command}" ${totals(outcome.rows)}>`,
    ...[...suites].flatMap(([unit, rows]) => [
      `  <testsuite name="${escapeXml(unit)}" ${totals(rows)}>`,
      ...rows.map((row) => testcase(row, outcome)),
      '  </testsuite>',
    ]),
    '</testsuites>',
    '',
  ].join('\n');
}

function totals(rows: readonly Row[]): string {
  const skipped = rows.filter((row) => row.unfinished === true).length;
  const failures = rows.filter((row) => !row.ok).length - skipped;
  return `tests="${rows.length}" failures="${failures}" skipped="${skipped}"`;
}

function testcase(row: Row, outcome: Outcome): string {
  const name = row.property === '' ? row.unit : row.property;
  const open = `    <testcase classname="${escapeXml(row.unit)}" name="${escapeXml(`${row.kind} ${name}`)}"`;
  if (row.ok) return `${open}/>`;
  const message = escapeXml(`${row.verdict}: ${row.detail}`);
  if (row.unfinished === true) return `${open}><skipped message="${message}"/></testcase>`;
  const story = storyFor(row, outcome);
  const text = story === undefined ? row.detail : storyText(story, PLAIN);
  return `${open}><failure message="${message}" type="${row.verdict}">${escapeXml(text, true)}</failure></testcase>`;
}

/** Text in XML 1.0: markup escaped, and characters that XML cannot hold at all replaced by what they are called. */
function escapeXml(text: string, keepLines = false): string {
  let escaped = '';
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    const line = character === '\n' || character === '\t';
    if (character === '&') escaped += '&amp;';
    else if (character === '<') escaped += '&lt;';
    else if (character === '>') escaped += '&gt;';
    else if (character === '"') escaped += '&quot;';
    else if (line && keepLines) escaped += character;
    else if (line || character === '\r') escaped += `&#${code};`;
    else if (code < 0x20 || (code >= 0x7f && code <= 0x9f) || isNoCharacter(code))
      escaped += `\\u${code.toString(16).padStart(4, '0')}`;
    else escaped += character;
  }
  return escaped;
}

/** Half of a surrogate pair, or one of the two code points that are never characters. */
function isNoCharacter(code: number): boolean {
  return (code >= 0xd800 && code <= 0xdfff) || code === 0xfffe || code === 0xffff;
}
