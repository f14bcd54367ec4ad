import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { between } from '../../src/kernel/bounds.ts';
import { formatBounds, formatDuration, parseBounds, parseDuration, TextError } from '../../src/model/duration-text.ts';

const MICROSECOND = 1000;
const MILLISECOND = 1_000_000;

describe('durations', () => {
  test.each<[text: string, ticks: number]>([
    ['0', 0],
    ['0s', 0],
    ['15s', 15_000_000],
    ['200ms', 200_000],
    ['1us', 1],
    ['1µs', 1],
    ['1000ns', 1],
    ['1m30s', 90_000_000],
    ['1h1m1s1ms1us', 3_661_001_001],
    ['1.5s', 1_500_000],
    ['0.000001s', 1],
    ['44.900001s', 44_900_001],
    ['0.1s', 100_000],
    ['4.35s', 4_350_000],
    ['1.1h', 3_960_000_000],
    ['0.5us500ns', 1],
    ['9007199254.740991s', Number.MAX_SAFE_INTEGER],
  ])('%s is %d microseconds', (text, ticks) => {
    expect(parseDuration(text, MICROSECOND)).toBe(ticks);
  });

  test.each<[ticks: number, tickNs: number, text: string]>([
    [5, 0.1, '0.5ns'],
    [15, 0.1, '1.5ns'],
    [10, 0.1, '1ns'],
    [12_345, 0.01, '123.45ns'],
    [10_000_001, 0.1, '1.0000001ms'],
    [1, 0.00001, '0.00001ns'],
    [45_000_000_001, 1, '45.000000001s'],
    [3, 100, '300ns'],
  ])('%d ticks of %dns are %s, and read back', (ticks, tickNs, text) => {
    expect(formatDuration(ticks, tickNs)).toBe(text);
    expect(parseDuration(text, tickNs)).toBe(ticks);
  });

  test.each([
    '',
    '5',
    '00',
    's',
    '-5s',
    '+5s',
    '5 s',
    ' 5s',
    '5s ',
    '5S',
    '.5s',
    '5.s',
    '1e3s',
    '5d',
    'inf',
    'never',
    '1s-1ms',
    '1,5s',
  ])('"%s" is none', (text) => {
    const message = `expected a duration such as 15s, 200ms or 1m30s (units: ns, us, ms, s, m, h), got "${text}"`;
    expect(() => parseDuration(text, MICROSECOND)).toThrow(new TextError(message));
  });

  test.each(['1ns', '0.5us', '1.0000005s', '0.0001ns', '0.0000000001s', '9007199254.740992s', '99999999999999999999h'])(
    '%s is no whole number of microseconds that can be counted with',
    (text) => {
      const message = `expected a whole number of ticks of 1000ns, got "${text}"`;
      expect(() => parseDuration(text, MICROSECOND)).toThrow(new TextError(message));
    },
  );

  test.each<[ticks: number, text: string]>([
    [0, '0'],
    [Infinity, 'never'],
    [1, '1us'],
    [999, '999us'],
    [1000, '1ms'],
    [1001, '1.001ms'],
    [44_900_001, '44.900001s'],
    [45_000_000, '45s'],
    [45_200_000, '45.2s'],
    [90_000_000, '90s'],
    [7_200_000_000, '7200s'],
    [Number.MAX_SAFE_INTEGER, '9007199254.740991s'],
  ])('%d microseconds are printed as %s', (ticks, text) => {
    expect(formatDuration(ticks, MICROSECOND)).toBe(text);
  });

  test('what is printed is read back exactly, for any tick (seed 3)', () => {
    const anyTicks = fc.oneof(
      fc.nat(10_000),
      fc.maxSafeNat(),
      fc.integer({ min: 2 ** 52, max: Number.MAX_SAFE_INTEGER }),
    );
    const anyTickNs = fc.oneof(
      fc.constantFrom(1, 10, MICROSECOND, MILLISECOND, 1e9, 60e9),
      fc.integer({ min: 1, max: 1e9 }),
    );
    const property = fc.property(anyTicks, anyTickNs, (ticks, tickNs) => {
      expect(parseDuration(formatDuration(ticks, tickNs), tickNs)).toBe(ticks);
    });
    fc.assert(property, { seed: 3, numRuns: 3000 });
  });

  test('sums of any units are exact (seed 4)', () => {
    const sizes = { h: 3600_000_000_000n, m: 60_000_000_000n, s: 1_000_000_000n, ms: 1_000_000n, us: 1000n, ns: 1n };
    const part = fc.tuple(fc.nat(5000), fc.constantFrom(...(Object.keys(sizes) as (keyof typeof sizes)[])));
    const property = fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
      const text = parts.map(([count, unit]) => `${count}${unit}`).join('');
      const ns = parts.reduce((sum, [count, unit]) => sum + BigInt(count) * sizes[unit], 0n);
      const safe = ns <= BigInt(Number.MAX_SAFE_INTEGER);
      if (safe) expect(parseDuration(text, 1)).toBe(Number(ns));
      else expect(() => parseDuration(text, 1)).toThrow(TextError);
    });
    fc.assert(property, { seed: 4, numRuns: 1000 });
  });
});

describe('bounds', () => {
  test.each<[text: string, min: number, max: number]>([
    ['5ms..50ms', 5, 50],
    ['0..inf', 0, Infinity],
    ['0..0', 0, 0],
    ['1s..1m30s', 1000, 90_000],
    ['7ms', 7, 7],
    ['0', 0, 0],
  ])('%s', (text, min, max) => {
    expect(parseBounds(text, MILLISECOND)).toEqual(between(min, max));
  });

  test.each<[text: string, message: string]>([
    ['1ms..2ms..3ms', 'expected a duration or two with .. between them, such as 1ms..100ms, got "1ms..2ms..3ms"'],
    ['50ms..5ms', 'expected bounds with the smaller end first, got "50ms..5ms"'],
    ['5ms..', 'expected a duration such as 15s, 200ms or 1m30s (units: ns, us, ms, s, m, h), got ""'],
    ['..5ms', 'expected a duration such as 15s, 200ms or 1m30s (units: ns, us, ms, s, m, h), got ""'],
    ['inf', 'expected a duration such as 15s, 200ms or 1m30s (units: ns, us, ms, s, m, h), got "inf"'],
    ['inf..inf', 'expected a duration such as 15s, 200ms or 1m30s (units: ns, us, ms, s, m, h), got "inf"'],
    ['1us..5ms', 'expected a whole number of ticks of 1000000ns, got "1us"'],
  ])('%s is refused', (text, message) => {
    expect(() => parseBounds(text, MILLISECOND)).toThrow(new TextError(message));
  });

  test('what is printed is read back exactly (seed 5)', () => {
    const property = fc.property(fc.maxSafeNat(), fc.oneof(fc.maxSafeNat(), fc.constant(Infinity)), (one, other) => {
      const bounds = between(Math.min(one, other), Math.max(one, other));
      expect(parseBounds(formatBounds(bounds, MICROSECOND), MICROSECOND)).toEqual(bounds);
    });
    fc.assert(property, { seed: 5, numRuns: 1000 });
  });

  test('are printed as people write them', () => {
    const texts = [between(5, 50), between(7, 7), between(0, 0), between(0, Infinity), between(1500, 90_000)];
    expect(texts.map((bounds) => formatBounds(bounds, MILLISECOND))).toEqual([
      '5ms..50ms',
      '7ms',
      '0',
      '0..inf',
      '1.5s..90s',
    ]);
  });
});
