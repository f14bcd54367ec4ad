import { describe, expect, test } from 'vitest';
import { type Answer, gridOf, type SweptLine, sweepLine } from '../../src/engine/sweep.ts';

/** A line, swept with answers that are known everywhere. */
function swept(from: number, to: number, steps: number, answerAt: (value: number) => Answer): SweptLine {
  const search = sweepLine(gridOf(from, to, steps));
  let step = search.next();
  while (step.done !== true) step = search.next(answerAt(step.value));
  return step.value;
}

function textOf({ stretches, boundaries, isMonotone }: SweptLine): string {
  const parts = stretches.map(({ from, to, answer }) => `${answer} ${from}..${to}`);
  const open = boundaries.some(({ exact }) => !exact) ? ' (open)' : '';
  return `${parts.join(', ')}${open}${isMonotone ? '' : ' (not monotone)'}`;
}

const upTo = (last: number) => (value: number) => (value <= last ? 'proved' : 'violated');

describe('sweepLine', () => {
  test('finds a boundary exactly, wherever it is', () => {
    for (let last = -1; last <= 101; last++) {
      const { stretches, isMonotone } = swept(0, 100, 7, upTo(last));
      const below = last < 0 ? [] : [{ from: 0, to: Math.min(last, 100), answer: 'proved' }];
      const above = last >= 100 ? [] : [{ from: Math.max(last + 1, 0), to: 100, answer: 'violated' }];
      expect([last, stretches, isMonotone]).toEqual([last, [...below, ...above], true]);
    }
  });

  test('asks about few values, and about none twice', () => {
    const asked: number[] = [];
    const { points } = swept(0, 25_000_000, 10, (value) => {
      asked.push(value);
      return upTo(14_999_999)(value);
    });
    expect(new Set(asked).size).toBe(asked.length);
    expect(points).toBe(asked.length);
    expect(points).toBeLessThan(40);
  });

  test('a line of one value, or of fewer values than steps', () => {
    expect(textOf(swept(5, 5, 10, upTo(7)))).toBe('proved 5..5');
    expect(textOf(swept(1, 3, 10, upTo(1)))).toBe('proved 1..1, violated 2..3');
  });

  test('more changes than one are found where a grid value or a check meets them, and said', () => {
    const island = (from: number, to: number) => (value: number) =>
      value >= from && value <= to ? 'violated' : 'proved';
    expect(textOf(swept(0, 1000, 10, island(395, 505)))).toBe(
      'proved 0..394, violated 395..505, proved 506..1000 (not monotone)',
    );
    // Between two values of the grid, but where a check of the whole stretch looks.
    expect(textOf(swept(0, 1000, 1, island(490, 510)))).toBe(
      'proved 0..489, violated 490..510, proved 511..1000 (not monotone)',
    );
    // Too small to be met: this is what the checks do not promise.
    expect(textOf(swept(0, 1000, 10, island(441, 459)))).toBe('proved 0..1000');
  });

  test('a stretch without an answer is left as it is, and leaves a boundary open', () => {
    const dark = (value: number) => (value > 40 && value < 60 ? 'inconclusive' : upTo(50)(value));
    expect(textOf(swept(0, 100, 10, dark))).toBe('proved 0..40, inconclusive 50..50, violated 60..100 (open)');
    // Met while the distance is halved.
    expect(textOf(swept(0, 100, 1, dark))).toBe('proved 0..0, inconclusive 50..50, violated 100..100 (open)');
    expect(textOf(swept(0, 100, 4, () => 'inconclusive'))).toBe('inconclusive 0..100');
  });
});
