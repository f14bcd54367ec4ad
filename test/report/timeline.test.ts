import { expect, test } from 'vitest';
import type { TimelineRow } from '../../src/gate/outcome.ts';
import { dataText } from '../../src/model/data-text.ts';
import { type Folded, fold, rowText } from '../../src/report/timeline.ts';

/** One row for each letter; a digit after it is its data. */
function rows(letters: string): TimelineRow[] {
  return [...letters.matchAll(/(\w)(\d*)/g)].map(([, what, n], index): TimelineRow => {
    const row = {
      at: `${index}s`,
      mark: what === 'X' ? 'breaks' : what === 'D' ? 'decision' : 'event',
      lane: 'lane',
      what: what as string,
    } as const;
    return n === '' ? row : { ...row, data: { n: Number(n) } };
  });
}

function shown(folded: readonly Folded[]): string {
  return folded
    .map((each) => ('row' in each ? each.row.what : `(${each.rows}x${each.times} until ${each.until})`))
    .join(' ');
}

test.each([
  ['', ''],
  ['a b c', 'a b c'],
  ['a a', 'a a'],
  ['a a a', 'a (1x2 until 2s)'],
  ['z a b a b a b c', 'z a b (2x2 until 6s) c'],
  ['a b a b a', 'a b a b a'],
  ['a b a b a b a', 'a b (2x2 until 5s) a'],
  ['a1 a2 a3', 'a (1x2 until 2s)'],
  ['a1 a a3', 'a a a'],
  ['a a b a a b a a b', 'a a b (3x2 until 8s)'],
  ['D D D', 'D D D'],
  ['a a a X', 'a (1x2 until 2s) X'],
  ['abcdefghijkl'.repeat(3).replaceAll(/./g, '$& '), 'a b c d e f g h i j k l (12x2 until 35s)'],
  ['abcdefghijklm'.repeat(3).replaceAll(/./g, '$& '), 'abcdefghijklm'.repeat(3).replaceAll(/./g, '$& ').trim()],
])('"%s" is folded to "%s"', (letters, expected) => {
  expect(shown(fold(rows(letters)))).toBe(expected);
});

test('numbers of those to whom it happens may differ, but not of all in a block', () => {
  const row = (lane: string, index: number): TimelineRow => ({ at: `${index}s`, mark: 'event', lane, what: 'acts' });
  const shownLanes = (lanes: readonly string[]) =>
    fold(lanes.map(row))
      .map((each) => ('row' in each ? each.row.lane : `(${each.rows}x${each.times})`))
      .join(', ');
  expect(shownLanes(['slot', 'session 1', 'slot', 'session 2', 'slot', 'session 10'])).toBe('slot, session 1, (2x2)');
  expect(shownLanes(['client 1', 'client 2', 'client 3'])).toBe('client 1, client 2, client 3');
  expect(shownLanes(['slot a', 'slot b', 'slot c'])).toBe('slot a, slot b, slot c');
});

test('what an event carries', () => {
  const data = [
    undefined,
    null,
    7,
    'two words',
    [1, 'a'],
    {},
    { id: 1, why: 'timeout', note: 'two words', gone: undefined, list: [1], empty: '' },
  ];
  expect(data.map(dataText)).toEqual([
    '',
    '',
    '7',
    '"two words"',
    '[1,"a"]',
    '',
    'id=1 why=timeout note="two words" list=[1] empty=""',
  ]);
});

test('a row: what happened, and its data where there is any', () => {
  const rows = [
    { what: 'sees the end', data: { how: 'EOF', session: 1 } },
    { what: 'dies', data: undefined },
    { what: '', data: 7 },
  ];
  expect(rows.map(rowText)).toEqual(['sees the end  how=EOF session=1', 'dies', '7']);
});
