import { formatDuration, parseDuration, TextError } from '../model/duration-text.ts';

/** How much smaller and larger than usual a slider goes. */
const SMALLER = 150;
const LARGER = 40;

/** Steps of a slider in each decade: two digits. */
const MANTISSAS = Array.from({ length: 90 }, (_, index) => 10 + index);

/** Lengths that a slider stops at, in ticks: two digits each, about the usual one, and that one itself. 0 comes first. */
export function stopsAround(usual: number, tickNs: number): readonly number[] {
  const middle = usual > 0 && Number.isFinite(usual) ? usual : 1e9 / tickNs;
  const [least, most] = [middle / SMALLER, middle * LARGER];
  const stops = new Set([0, middle]);
  for (let decade = 1; decade < most; decade *= 10)
    for (const mantissa of MANTISSAS) stops.add(Math.round((mantissa * decade) / 10));
  return [...stops].filter((stop) => stop === 0 || (stop >= least && stop <= most)).sort((a, b) => a - b);
}

/** The place among `stops` that is nearest to `value`. */
export function nearestStop(stops: readonly number[], value: number): number {
  let best = 0;
  for (let index = 0; index < stops.length; index++)
    if (Math.abs((stops[index] as number) - value) < Math.abs((stops[best] as number) - value)) best = index;
  return best;
}

/** Ticks of a text, or undefined where it is none. */
export function ticksOf(text: string, tickNs: number): number | undefined {
  try {
    return parseDuration(text, tickNs);
  } catch (error) {
    if (error instanceof TextError) return undefined;
    throw error;
  }
}

/** A length as a schedule has it, cut to as many digits as the eye can tell apart: `resolution` is such a difference. */
export function roundTicks(ticks: number, resolution: number): number {
  let step = 1;
  while (step * 10 <= resolution) step *= 10;
  return Math.round(ticks / step) * step;
}

/** A length for people: at most four digits. The exact one stands in the tooltip. */
export function shortDuration(ticks: number, tickNs: number): string {
  const digits = Math.floor(Math.log10(Math.max(ticks, 1)));
  const step = 10 ** Math.max(0, digits - 3);
  const rounded = Math.round(ticks / step) * step;
  const text = formatDuration(rounded, tickNs);
  const seconds = (rounded * tickNs) / 1e9;
  if (seconds < 120) return text;
  const minutes = Math.floor(seconds / 60);
  const rest = Math.round(seconds - minutes * 60);
  return `${minutes}m${String(rest).padStart(2, '0')}s`;
}
