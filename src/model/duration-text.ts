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
  const tick = BigInt(tickNs) * scale;
  const ticks = Number(scaled / tick);
  if (scaled % tick !== 0n || !Number.isSafeInteger(ticks)) {
    throw new TextError(`expected a whole number of ticks of ${tickNs}ns, got "${text}"`);
  }
  return ticks;
}

/** The exact text of a length of time: `45s`, `44.900001s`, `20ms`, `never`. `parseDuration` reads it back. */
export function formatDuration(ticks: Ticks, tickNs: number): string {
  if (ticks === Infinity) return 'never';
  if (ticks === 0) return '0';
  const ns = BigInt(ticks) * BigInt(tickNs);
  for (const unit of PRINTED) {
    const size = BigInt(UNITS[unit] as number);
    if (ns >= size || unit === 'ns') {
      const fraction = (ns % size)
        .toString()
        .padStart(size.toString().length - 1, '0')
        .replace(/0+$/, '');
      return `${ns / size}${fraction === '' || unit === 'ns' ? '' : `.${fraction}`}${unit}`;
    }
  }
  return `${ns}ns`;
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
