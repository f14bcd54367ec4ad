import { describe, expect, test } from 'vitest';
import { Names } from '../../src/kernel/names.ts';

describe('names', () => {
  test('are their two parts with a space between, or the second one alone', () => {
    const names = new Names();
    expect(names.join('client 1', 'reader')).toBe('client 1 reader');
    expect(names.join('', 'reader')).toBe('reader');
    expect(names.after('client 1').join('pings')).toBe('client 1 pings');
  });

  test('are not mixed up when they are asked for again, in whatever order', () => {
    const names = new Names();
    const parts = ['', 'a', 'b', 'a b', 'b a'];
    const all = () => parts.map((first) => parts.map((second) => names.join(first, second)));
    const anew = parts.map((first) => parts.map((second) => (first === '' ? second : `${first} ${second}`)));
    expect([all(), all()]).toEqual([anew, anew]);
  });
});
