/** Whether a value will do; undefined where there is no answer. */
export type Suits = boolean | undefined;

/**
 * The last whole number, from `good` towards `bad`, that will do: halves the distance between the two until it is
 * `resolution` or less. That halving finds the only one takes it that the answer changes once; the result will do in any
 * case. Undefined where there is no answer.
 */
export function* edgeBetween(
  good: number,
  bad: number,
  resolution: number,
): Generator<number, number | undefined, Suits> {
  let [last, first] = [good, bad];
  while (Math.abs(first - last) > resolution) {
    const middle = last + Math.trunc((first - last) / 2);
    const suits = yield middle;
    if (suits === undefined) return undefined;
    if (suits) last = middle;
    else first = middle;
  }
  return last;
}

/**
 * The same where nothing is known of `end`, which may do as well: goes towards it in steps that double, so that nothing far
 * beyond the edge is asked about.
 */
export function* edgeTowards(
  good: number,
  end: number,
  resolution: number,
): Generator<number, number | undefined, Suits> {
  const sign = Math.sign(end - good);
  let last = good;
  for (let step = resolution; last !== end; step *= 2) {
    const next = good + sign * Math.min(step, Math.abs(end - good));
    const suits = yield next;
    if (suits === undefined) return undefined;
    if (!suits) return yield* edgeBetween(last, next, resolution);
    last = next;
  }
  return last;
}

const MANTISSAS = [8, 6, 5, 4, 3, 2.5, 2, 1.5, 1];

/** The largest whole number with a short name (1, 1.5, 2, 2.5, 3, 4, 5, 6 or 8 times a power of ten) that is at most `most`. */
export function roundBelow(most: number): number {
  for (let power = 10 ** Math.floor(Math.log10(most)); power >= 1; power /= 10) {
    const round = MANTISSAS.map((mantissa) => mantissa * power).find(
      (value) => value <= most && Number.isInteger(value),
    );
    if (round !== undefined) return round;
  }
  return most;
}
