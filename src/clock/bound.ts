/**
 * One bound on a difference of two times, `< c` or `<= c`, packed into a number so that the smaller one is the stricter
 * one: twice the constant, and one more where equality is allowed. Exact for constants up to 2^52 ticks.
 */
export type Bound = number;

/** No bound at all. */
export const UNBOUNDED: Bound = Infinity;
/** `<= 0` */
export const AT_MOST_ZERO: Bound = 1;

export function atMost(constant: number): Bound {
  return constant === Infinity ? UNBOUNDED : 2 * constant + 1;
}

export function lessThan(constant: number): Bound {
  return constant === Infinity ? UNBOUNDED : 2 * constant;
}

export function constantOf(bound: Bound): number {
  return bound === UNBOUNDED ? Infinity : Math.floor(bound / 2);
}

/** Whether equality is allowed. */
export function isWeak(bound: Bound): boolean {
  return (bound & 1) === 1;
}

/** The bound on `x - z` that follows from `first` on `x - y` and `second` on `y - z`. */
export function plus(first: Bound, second: Bound): Bound {
  return first + second - ((first | second) & 1);
}

/** What `y - x` is bounded by where `x - y` is not inside `bound`. */
export function negation(bound: Bound): Bound {
  return 1 - bound;
}
