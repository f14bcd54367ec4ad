import { describe, expect, test } from 'vitest';
import { Names } from '../../src/kernel/names.ts';

describe('names', () => {
  test('are their two parts with a space between, or the second one alone', () => {
    const names = new Names();
    expect(names.of('client 1').join('reader').text).toBe('client 1 reader');
    expect(names.of('').join('reader').text).toBe('reader');
    expect(names.of('client→runner pong').latency.text).toBe('client→runner pong latency');
    expect(names.of('client 1 reader').tie.text).toBe('tie: instead of client 1 reader');
  });

  test('are one name where their text is the same, whatever way led there', () => {
    const names = new Names();
    expect(names.of('a').join('b c')).toBe(names.of('a b').join('c'));
    expect(names.of('tie: instead of a')).toBe(names.of('a').tie);
    expect(names.of('a').latency).toBe(names.of('a').join('latency'));
  });

  test('are not mixed up when they are asked for again, in whatever order', () => {
    const names = new Names();
    const parts = ['', 'a', 'b', 'a b', 'b a'];
    const all = () => parts.map((first) => parts.map((second) => names.of(first).join(second).text));
    const anew = parts.map((first) => parts.map((second) => (first === '' ? second : `${first} ${second}`)));
    expect([all(), all()]).toEqual([anew, anew]);
  });

  test('have an index of their own each', () => {
    const names = new Names();
    const indices = ['a', 'b', 'a b', 'a', 'b a'].map((text) => names.of(text).index);
    expect(indices).toEqual([0, 1, 2, 0, 3]);
  });
});
