import type { Proof } from './prove.ts';

export type Answer = Proof['verdict'];

/** Values that were asked about one after the other and gave the same answer: `from` and `to` are the outermost. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly answer: Answer;
}

/** Where a line changes from one decided answer to the other: the last value of the one, the first of the other. */
export interface Boundary {
  readonly below: Stretch;
  readonly above: Stretch;
  /** Whether nothing lies between the two values: else there was no answer there. */
  readonly exact: boolean;
}

/** What is known of one question along a line of whole numbers. */
export interface SweptLine {
  readonly stretches: readonly Stretch[];
  readonly boundaries: readonly Boundary[];
  /** Whether the answer changes at most once: else there may be more changes, between two values that were asked about. */
  readonly isMonotone: boolean;
  /** How many values were asked about. */
  readonly points: number;
}

/** No gap between two values that were asked about is wider than such a part of the stretch that it lies in. */
const PARTS_CHECKED = 4;
/** How often what a check finds is checked again: a bound, for an answer may change anywhere. */
const CHECKS_MOST = 4;

/** Whole numbers from `from` to `to`, both included, about as far from each other. */
export function gridOf(from: number, to: number, steps: number): readonly number[] {
  const values = Array.from({ length: steps + 1 }, (_, index) => Math.round(from + ((to - from) * index) / steps));
  return [...new Set(values)];
}

/**
 * Finds out where a line of whole numbers changes from one answer to another, exactly: asks at a grid, then halves the
 * distance between two neighbours that differ until nothing lies between them. Halving takes it that the answer changes
 * once between the two; so does whoever reads a stretch as a whole. Each stretch is checked at some values inside it, and
 * what turns out otherwise is looked into. Values without an answer are not looked into: where a limit is hit means nothing.
 */
export function* sweepLine(grid: readonly number[]): Generator<number, SweptLine, Answer> {
  const line = new Line();
  yield* line.ask(grid);
  yield* line.findBoundaries();
  for (let round = 0; round < CHECKS_MOST; round++) {
    const before = line.stretches().length;
    yield* line.check();
    if (line.stretches().length === before) break;
    yield* line.findBoundaries();
  }
  return line.swept();
}

class Line {
  readonly #answers = new Map<number, Answer>();

  *ask(values: readonly number[]): Generator<number, void, Answer> {
    for (const value of values) if (!this.#answers.has(value)) this.#answers.set(value, yield value);
  }

  *findBoundaries(): Generator<number, void, Answer> {
    for (const [below, above] of neighbours(this.#values())) yield* this.#halve(below, above);
  }

  *check(): Generator<number, void, Answer> {
    for (const { from, to, answer } of this.stretches()) {
      if (answer === 'inconclusive') continue;
      const inside = this.#values().filter((value) => value >= from && value <= to);
      const widest = Math.max(1, (to - from) / PARTS_CHECKED);
      for (const [below, above] of neighbours(inside)) yield* this.ask(between(below, above, widest));
    }
  }

  stretches(): readonly Stretch[] {
    const stretches: Stretch[] = [];
    for (const value of this.#values()) {
      const answer = this.#answerAt(value);
      const last = stretches.at(-1);
      if (last?.answer === answer) stretches[stretches.length - 1] = { ...last, to: value };
      else stretches.push({ from: value, to: value, answer });
    }
    return stretches;
  }

  swept(): SweptLine {
    const stretches = this.stretches();
    const decided = stretches.filter(({ answer }) => answer !== 'inconclusive');
    const boundaries = neighbours(decided)
      .filter(([below, above]) => below.answer !== above.answer)
      .map(([below, above]) => ({ below, above, exact: below.to + 1 === above.from }));
    return { stretches, boundaries, isMonotone: boundaries.length <= 1, points: this.#answers.size };
  }

  /** Both ends have been asked about. */
  *#halve(from: number, to: number): Generator<number, void, Answer> {
    const [first, last] = [this.#answerAt(from), this.#answerAt(to)];
    if (first === last || first === 'inconclusive' || last === 'inconclusive') return;
    let [below, above] = [from, to];
    while (above - below > 1) {
      const middle = below + Math.floor((above - below) / 2);
      yield* this.ask([middle]);
      const answer = this.#answerAt(middle);
      if (answer === 'inconclusive') return;
      if (answer === first) below = middle;
      else above = middle;
    }
  }

  #values(): readonly number[] {
    return [...this.#answers.keys()].sort((a, b) => a - b);
  }

  #answerAt(value: number): Answer {
    return this.#answers.get(value) as Answer;
  }
}

function neighbours<T>(list: readonly T[]): readonly (readonly [T, T])[] {
  return list.slice(1).map((each, index) => [list[index] as T, each]);
}

/** Values strictly between two others, so that no gap is wider than `widest`. */
function between(below: number, above: number, widest: number): readonly number[] {
  return gridOf(below, above, Math.ceil((above - below) / widest)).slice(1, -1);
}
