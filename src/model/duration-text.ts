import { type Bounds, between, type Ticks } from '../kernel/bounds.ts';

/** Nanoseconds in each unit that a duration's text may use; the names are Go's (`time.ParseDuration`). */
const UNITS: Readonly<Record<string, number>> = { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

/** Units in which durations are printed, largest first. */
const PRINTED = ['s', 'ms', 'us', 'ns'] as const;

/** A text that is not what was expected. The message says what was expected and what was got. */
export class TextError extends Error {}

/**
 * Ticks in a duration such as `15s`, `200ms`, `1m30s`, `1.5s` or `0`, where one tick is `tickNs` nanoseconds.
 * Throws a TextError for anything else, and for lengths that are no whole number of ticks.
 */
export function parseDuration(text: string, tickNs: number): Ticks {
  if (text === '0') return 0;
  const expected = 'expected a duration such as 15s, 200ms or 1m30s (units: ns, us, ms, s, m, h)';
  if (!/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(text)) throw new TextError(`${expected}, got "${text}"`);
  const parts = [...text.matchAll(/(\d+)(?:\.(\d+))?(ns|us|µs|ms|s|m|h)/g)];
  // All digits count, so the sum is made of whole numbers: of nanoseconds, divided by `scale`.
  const decimals = Math.max(...parts.map(([, , fraction = '']) => fraction.length));
  const scale = 10n ** BigInt(decimals);
  let scaled = 0n;
  for (const [, whole, fraction = '', unit] of parts) {
    scaled += BigInt(`${whole}${fraction.padEnd(decimals, '0')}`) * BigInt(UNITS[unit as string] as number);
  }
  const tick = ratioOf(tickNs);
  const [length, size] = [scaled * tick.parts, tick.ns * scale];
  const ticks = Number(length / size);
  if (length % size !== 0n || !Number.isSafeInteger(ticks)) {
    throw new TextError(`expected a whole number of ticks of ${tickNs}ns, got "${text}"`);
  }
  return ticks;
}

/** The exact text of a length of time: `45s`, `44.900001s`, `20ms`, `never`. `parseDuration` reads it back. */
export function formatDuration(ticks: Ticks, tickNs: number): string {
  if (ticks === Infinity) return 'never';
  if (ticks === 0) return '0';
  const tick = ratioOf(tickNs);
  const length = BigInt(ticks) * tick.ns;
  const sizeOf = (unit: string) => BigInt(UNITS[unit] as number) * tick.parts;
  const unit = PRINTED.find((each) => length >= sizeOf(each)) ?? 'ns';
  const size = sizeOf(unit);
  const digits = (length % size).toString().padStart(size.toString().length - 1, '0');
  const fraction = size === 1n ? '' : digits.replace(/0+$/, '');
  return `${length / size}${fraction === '' ? '' : `.${fraction}`}${unit}`;
}

/** A tick in whole numbers: `parts` of it are so many nanoseconds. One of less than a nanosecond is a tenth of it, a hundredth ... */
function ratioOf(tickNs: number): { readonly parts: bigint; readonly ns: bigint } {
  let parts = 1;
  while (Math.abs(tickNs * parts - Math.round(tickNs * parts)) > 1e-9) parts *= 10;
  return { parts: BigInt(parts), ns: BigInt(Math.round(tickNs * parts)) };
}

/** Bounds from `5ms..50ms`, `0..inf`, or a single duration. Both ends are included. */
export function parseBounds(text: string, tickNs: number): Bounds {
  const ends = text.split('..');
  if (ends.length > 2)
    throw new TextError(`expected a duration or two with .. between them, such as 1ms..100ms, got "${text}"`);
  const min = parseDuration(ends[0] as string, tickNs);
  const max = ends[1] === undefined ? min : ends[1] === 'inf' ? Infinity : parseDuration(ends[1], tickNs);
  if (max < min) throw new TextError(`expected bounds with the smaller end first, got "${text}"`);
  return between(min, max);
}

export function formatBounds(bounds: Bounds, tickNs: number): string {
  const max = bounds.max === Infinity ? 'inf' : formatDuration(bounds.max, tickNs);
  return bounds.min === bounds.max ? max : `${formatDuration(bounds.min, tickNs)}..${max}`;
}
