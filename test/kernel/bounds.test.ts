import { describe, expect, test } from 'vitest';
import { ANY_TIME, between, greatestTicks, leastTicks, type OpenEnds, toBounds } from '../../src/kernel/bounds.ts';
import { BoundsError } from '../../src/kernel/errors.ts';

describe('bounds', () => {
  test.each<[min: number, max: number, open: OpenEnds, least: number, greatest: number]>([
    [1, 100, 'none', 1, 100],
    [1, 100, 'min', 2, 100],
    [1, 100, 'max', 1, 99],
    [1, 100, 'both', 2, 99],
    [1, 2, 'min', 2, 2],
    [1, 2, 'max', 1, 1],
    [0, 0, 'none', 0, 0],
    [5, Infinity, 'none', 5, Infinity],
    [5, Infinity, 'min', 6, Infinity],
    [5, Infinity, 'both', 6, Infinity],
  ])('from %d to %d, open: %s', (min, max, open, least, greatest) => {
    const bounds = between(min, max, open);
    expect([leastTicks(bounds), greatestTicks(bounds)]).toEqual([least, greatest]);
  });

  test('no end is never reached', () => {
    expect(ANY_TIME).toEqual({ min: 0, max: Infinity, minOpen: false, maxOpen: true });
  });

  test('a plain number is exactly that', () => {
    expect(toBounds(7)).toEqual({ min: 7, max: 7, minOpen: false, maxOpen: false });
    expect(toBounds(ANY_TIME)).toBe(ANY_TIME);
  });

  test.each<[min: number, max: number, open: OpenEnds, message: string]>([
    [-1, 5, 'none', 'between: min must be a whole number >= 0, got -1'],
    [0.5, 5, 'none', 'between: min must be a whole number >= 0, got 0.5'],
    [Number.NaN, 5, 'none', 'between: min must be a whole number >= 0, got NaN'],
    [Infinity, Infinity, 'none', 'between: min must be a whole number >= 0, got Infinity'],
    [0, 5.5, 'none', 'between: max must be a whole number or Infinity, got 5.5'],
    [0, Number.NaN, 'none', 'between: max must be a whole number or Infinity, got NaN'],
    [0, -Infinity, 'none', 'between: max must be a whole number or Infinity, got -Infinity'],
    [5, 4, 'none', 'between: nothing lies between 5 and 4 (open: none)'],
    [5, 5, 'min', 'between: nothing lies between 5 and 5 (open: min)'],
    [5, 5, 'max', 'between: nothing lies between 5 and 5 (open: max)'],
  ])('refuses from %d to %d, open: %s', (min, max, open, message) => {
    expect(() => between(min, max, open)).toThrow(BoundsError);
    expect(() => between(min, max, open)).toThrow(new BoundsError(message));
    const [minOpen, maxOpen] = [open === 'min' || open === 'both', open === 'max' || open === 'both'];
    expect(() => toBounds({ min, max, minOpen, maxOpen })).toThrow(new BoundsError(message));
  });

  test('strict bounds one tick apart hold fractions of a tick only: the concrete clock cannot pick one', () => {
    const bounds = between(4, 5, 'both');
    const expected = new BoundsError('no whole tick lies strictly between 4 and 5: choose a smaller tick');
    expect(() => leastTicks(bounds)).toThrow(expected);
  });
});
