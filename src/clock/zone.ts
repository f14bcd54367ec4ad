import { AT_MOST_ZERO, atMost, type Bound, lessThan, negation, plus, UNBOUNDED } from './bound.ts';

/**
 * A set of points in time, seen from now: a difference bound matrix (Dill 1989) over "time until". Variable 0 is now;
 * the others are times until something happens, or, below zero, since something did. The entry at row `i`, column `j`
 * bounds `x_i - x_j`. Kept canonical: every entry is as tight as the others together make it, so that two equal sets
 * have equal matrices and inclusion is entry by entry.
 *
 * Firing a variable gives the state classes of time Petri nets (Berthomieu and Menasche 1983, Berthomieu and Diaz 1991).
 */
export class Zone {
  /** Rows, variable 0 included. */
  readonly size: number;
  readonly #entries: Float64Array;

  private constructor(size: number, entries: Float64Array) {
    this.size = size;
    this.#entries = entries;
  }

  /** Nothing but now. */
  static readonly now: Zone = new Zone(1, Float64Array.of(AT_MOST_ZERO));

  bound(row: number, column: number): Bound {
    return this.#entries[row * this.size + column] as Bound;
  }

  /** Whether all points of `other`, over the same variables, are points of this one. */
  includes(other: Zone): boolean {
    const mine = this.#entries;
    const others = other.#entries;
    for (let i = 0; i < mine.length; i++) if ((others[i] as Bound) > (mine[i] as Bound)) return false;
    return true;
  }

  equals(other: Zone): boolean {
    const mine = this.#entries;
    const others = other.#entries;
    if (mine.length !== others.length) return false;
    for (let i = 0; i < mine.length; i++) if (others[i] !== mine[i]) return false;
    return true;
  }

  /** The points of this one with `x_row - x_column` inside `bound`; undefined if there are none. */
  constrain(row: number, column: number, bound: Bound): Zone | undefined {
    const { size } = this;
    const old = this.#entries;
    if (bound >= (old[row * size + column] as Bound)) return this;
    if (plus(bound, old[column * size + row] as Bound) < AT_MOST_ZERO) return undefined;
    const entries = new Float64Array(old);
    for (let i = 0; i < size; i++) {
      const upTo = plus(old[i * size + row] as Bound, bound);
      if (upTo === UNBOUNDED) continue;
      for (let j = 0; j < size; j++) {
        const through = plus(upTo, old[column * size + j] as Bound);
        if (through < (entries[i * size + j] as Bound)) entries[i * size + j] = through;
      }
    }
    return new Zone(size, entries);
  }

  /** The points that lie in both; undefined if there are none. */
  intersect(other: Zone): Zone | undefined {
    let zone: Zone | undefined = this;
    for (let i = 0; i < this.size; i++) {
      for (let j = 0; j < this.size; j++) zone = i === j ? zone : zone?.constrain(i, j, other.bound(i, j));
    }
    return zone;
  }

  /**
   * The zone that holds the points of both, over the same variables, and no others; undefined where there is none. The least zone that
   * holds both takes the weaker one of each two bounds. Of its points, those outside this zone break a bound that is stricter here;
   * for each such bound, those that break it must all lie in the other zone.
   */
  join(other: Zone): Zone | undefined {
    const { size } = this;
    const mine = this.#entries;
    const others = other.#entries;
    const hull = new Float64Array(mine.length);
    const stricterThere: number[] = [];
    for (let at = 0; at < mine.length; at++) {
      const [a, b] = [mine[at] as Bound, others[at] as Bound];
      hull[at] = a < b ? b : a;
      if (b < a) stricterThere.push(at);
    }
    for (let at = 0; at < mine.length; at++) {
      const bound = mine[at] as Bound;
      if (bound >= (others[at] as Bound)) continue;
      const row = Math.floor(at / size);
      const column = at - row * size;
      for (const there of stricterThere) {
        const from = Math.floor(there / size);
        const to = there - from * size;
        const through = plus(
          hull[from * size + column] as Bound,
          plus(negation(bound), hull[row * size + to] as Bound),
        );
        if (through > (others[there] as Bound)) return undefined;
      }
    }
    return new Zone(size, hull);
  }

  /**
   * With one more variable, in row `at`: a time from now inside [least, greatest], strict where said. Nothing is known of
   * it but that; `[0, infinity)` constrains nothing and still has its row, so that inclusion sees it.
   */
  insert(at: number, least: number, leastStrict: boolean, greatest: number, greatestStrict: boolean): Zone {
    const { size } = this;
    const grown = size + 1;
    const old = this.#entries;
    const entries = new Float64Array(grown * grown);
    const lower = leastStrict ? lessThan(-least) : atMost(-least);
    const upper = greatestStrict ? lessThan(greatest) : atMost(greatest);
    for (let i = 0; i < size; i++) {
      const row = i < at ? i : i + 1;
      for (let j = 0; j < size; j++) entries[row * grown + (j < at ? j : j + 1)] = old[i * size + j] as Bound;
      entries[row * grown + at] = plus(old[i * size] as Bound, lower);
      entries[at * grown + row] = plus(upper, old[i] as Bound);
    }
    entries[at * grown + at] = AT_MOST_ZERO;
    return new Zone(grown, entries);
  }

  /** Without the variable of row `at`: what is known of the others stays. */
  drop(at: number): Zone {
    const kept: number[] = [];
    for (let i = 0; i < this.size; i++) if (i !== at) kept.push(i);
    return this.select(kept);
  }

  /** Over the variables of these rows, in this order; the first is now. */
  select(rows: readonly number[]): Zone {
    const { size } = this;
    const count = rows.length;
    const old = this.#entries;
    const entries = new Float64Array(count * count);
    for (let i = 0; i < count; i++) {
      const from = (rows[i] as number) * size;
      for (let j = 0; j < count; j++) entries[i * count + j] = old[from + (rows[j] as number)] as Bound;
    }
    return new Zone(count, entries);
  }

  /**
   * Whether the variable of row `at` can be the least of those in rows `from` and on. (Rows before `from` are times in the
   * past, which wait for nothing.)
   */
  canBeFirst(at: number, from: number): boolean {
    const { size } = this;
    const entries = this.#entries;
    for (let i = from; i < size; i++) if ((entries[i * size + at] as Bound) < AT_MOST_ZERO) return false;
    return true;
  }

  /**
   * Time passes until the variable of row `at`, which goes first among those in rows `from` and on, is due: that instant
   * is now, and the variable is gone. Only if `canBeFirst`.
   *
   * All the constraints `x_at <= x_i` start at one variable, so a shortest path takes at most one of them: one pass over
   * the canonical matrix makes it canonical again.
   */
  fire(at: number, from: number): Zone {
    const { size } = this;
    const old = this.#entries;
    const least = leastOfColumns(old, size, from);
    const count = size - 1;
    const entries = new Float64Array(count * count);
    for (let row = 0; row < count; row++) {
      const i = row === 0 ? at : row < at ? row : row + 1;
      const upTo = old[i * size + at] as Bound;
      for (let column = 0; column < count; column++) {
        const j = column === 0 ? at : column < at ? column : column + 1;
        const through = plus(upTo, least[j] as Bound);
        const direct = old[i * size + j] as Bound;
        entries[row * count + column] = through < direct ? through : direct;
      }
    }
    for (let i = 0; i < count; i++) entries[i * count + i] = AT_MOST_ZERO;
    return new Zone(count, entries);
  }

  /** All bounds, row by row: for hashing and for people. */
  get entries(): Readonly<Float64Array> {
    return this.#entries;
  }
}

/** For each column, the least entry among rows `from` and on. */
function leastOfColumns(entries: Float64Array, size: number, from: number): Float64Array {
  const least = new Float64Array(size).fill(UNBOUNDED);
  for (let i = from; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const entry = entries[i * size + j] as Bound;
      if (entry < (least[j] as Bound)) least[j] = entry;
    }
  }
  return least;
}
