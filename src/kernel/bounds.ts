import { BoundsError } from './errors.ts';

/** A time or a length of time, in whole ticks. What a tick is (a microsecond, say) is the model's to say. */
export type Ticks = number;

/** How long something takes: anything between two ends, either of which may be open (strict). */
export interface Bounds {
  /** Least length in ticks, a whole number >= 0. */
  readonly min: Ticks;
  /** Greatest length in ticks, a whole number or `Infinity`. */
  readonly max: Ticks;
  readonly minOpen: boolean;
  readonly maxOpen: boolean;
}

/** A plain number `n` stands for exactly `[n, n]`. */
export type Duration = Ticks | Bounds;

/** Which ends of a `between` are open: the end itself is then not possible, everything short of it is. */
export type OpenEnds = 'none' | 'min' | 'max' | 'both';

/**
 * A length that the environment is free to pick: `between(1, 100)` is the closed interval [1, 100].
 * Throws a BoundsError for negative, fractional or empty bounds.
 */
export function between(min: Ticks, max: Ticks, open: OpenEnds = 'none'): Bounds {
  const minOpen = open === 'min' || open === 'both';
  const maxOpen = max === Infinity || open === 'max' || open === 'both';
  return checked({ min, max, minOpen, maxOpen });
}

function checked(bounds: Bounds): Bounds {
  const { min, max, minOpen, maxOpen } = bounds;
  if (!Number.isSafeInteger(min) || min < 0)
    throw new BoundsError(`between: min must be a whole number >= 0, got ${min}`);
  if (max !== Infinity && !Number.isSafeInteger(max)) {
    throw new BoundsError(`between: max must be a whole number or Infinity, got ${max}`);
  }
  if (max < min || (max === min && (minOpen || maxOpen))) {
    const open = minOpen ? (maxOpen ? 'both' : 'min') : maxOpen ? 'max' : 'none';
    throw new BoundsError(`between: nothing lies between ${min} and ${max} (open: ${open})`);
  }
  return bounds;
}

/** Any length at all, "never" included: the moment of a fault, say. */
export const ANY_TIME: Bounds = between(0, Infinity);

/** Also checks bounds that a model made by hand, or out of others. */
export function toBounds(duration: Duration): Bounds {
  return typeof duration === 'number' ? between(duration, duration) : checked(duration);
}

/** The same in ticks of which `scale` make one. */
export function inFinerTicks(bounds: Bounds, scale: number): Bounds {
  return { ...bounds, min: bounds.min * scale, max: bounds.max * scale };
}

/** Least whole number of ticks inside the bounds; throws a BoundsError where only fractions of a tick fit. */
export function leastTicks(bounds: Bounds): Ticks {
  const least = bounds.minOpen ? bounds.min + 1 : bounds.min;
  if (least > greatestTicks(bounds)) {
    throw new BoundsError(`no whole tick lies strictly between ${bounds.min} and ${bounds.max}: choose a smaller tick`);
  }
  return least;
}

/** Greatest whole number of ticks inside the bounds, or `Infinity` for a length that may be "never". */
export function greatestTicks(bounds: Bounds): Ticks {
  return bounds.maxOpen && bounds.max !== Infinity ? bounds.max - 1 : bounds.max;
}
