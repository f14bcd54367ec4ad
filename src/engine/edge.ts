/** Whether a value will do; undefined where there is no answer. */
export type Suits = boolean | undefined;

/** How far it goes. */
export interface Edge {
  /** The last value that will do. */
  readonly last: number;
  /** The value for which there was no answer: the search ended there, and what lies between is not known. */
  readonly open?: number;
}

/**
 * The last whole number, from `good` towards `bad`, that will do: halves the distance between the two until it is
 * `resolution` or less, by values that are round to it. That halving finds the only one takes it that the answer changes
 * once; the result will do in any case.
 */
export function* edgeBetween(good: number, bad: number, resolution: number): Generator<number, Edge, Suits> {
  let [last, first] = [good, bad];
  while (Math.abs(first - last) > resolution) {
    const middle = middleOf(last, first, resolution);
    const suits = yield middle;
    if (suits === undefined) return { last, open: middle };
    if (suits) last = middle;
    else first = middle;
  }
  return { last };
}

function middleOf(last: number, first: number, resolution: number): number {
  const middle = last + Math.trunc((first - last) / 2);
  const round = Math.round(middle / resolution) * resolution;
  return round > Math.min(last, first) && round < Math.max(last, first) ? round : middle;
}

/**
 * The same where nothing is known of `end`, which may do as well: goes towards it by doubling, or halving, so that nothing
 * far beyond the edge is asked about.
 */
export function* edgeTowards(good: number, end: number, resolution: number): Generator<number, Edge, Suits> {
  let last = good;
  while (last !== end) {
    const next =
      end > good
        ? Math.min(end, Math.max(2 * last, last + resolution))
        : Math.max(end, Math.min(Math.trunc(last / 2), last - resolution));
    const suits = yield next;
    if (suits === undefined) return { last, open: next };
    if (!suits) return yield* edgeBetween(last, next, resolution);
    last = next;
  }
  return { last };
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
