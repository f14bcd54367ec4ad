import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { atMost, type Bound, constantOf, isWeak, lessThan, plus, UNBOUNDED } from '../../src/clock/bound.ts';
import { Zone } from '../../src/clock/zone.ts';

// Zones against sets of points that are simply listed: bounds are whole ticks and points are quarters of one, so that two
// strict bounds in a row leave points between them.
const STEP = 1 / 4;
const GREATEST = 3;

/** `x_row - x_column` is at most `constant`, or less than it. Variable 0 is now. */
interface Constraint {
  readonly row: number;
  readonly column: number;
  readonly constant: number;
  readonly strict: boolean;
}

type Point = readonly number[];

function holds({ row, column, constant, strict }: Constraint, point: Point): boolean {
  const difference = (point[row] as number) - (point[column] as number);
  return strict ? difference < constant : difference <= constant;
}

function boundOf({ constant, strict }: Constraint): Bound {
  return strict ? lessThan(constant) : atMost(constant);
}

/** All points of the grid, now first. */
function grid(variables: number): Point[] {
  let points: Point[] = [[0]];
  for (let variable = 0; variable < variables; variable++) {
    points = points.flatMap((point) =>
      Array.from({ length: GREATEST / STEP + 1 }, (_, index) => [...point, index * STEP]),
    );
  }
  return points;
}

/** What a zone has to offer; a broken one has to fail. */
type Constrain = (zone: Zone, constraint: Constraint) => Zone | undefined;

const constrainRight: Constrain = (zone, { row, column, ...rest }) =>
  zone.constrain(row, column, boundOf({ row, column, ...rest }));

function box(variables: number): Zone {
  let zone = Zone.now;
  for (let at = 1; at <= variables; at++) zone = zone.insert(at, 0, false, GREATEST, false);
  return zone;
}

function contains(zone: Zone | undefined, point: Point): boolean {
  if (zone === undefined) return false;
  for (let row = 0; row < zone.size; row++) {
    for (let column = 0; column < zone.size; column++) {
      const bound = zone.bound(row, column);
      const difference = (point[row] as number) - (point[column] as number);
      const constant = constantOf(bound);
      if (isWeak(bound) || bound === UNBOUNDED ? difference > constant : difference >= constant) return false;
    }
  }
  return true;
}

function build(constraints: readonly Constraint[], variables: number, constrain: Constrain): Zone | undefined {
  let zone: Zone | undefined = box(variables);
  for (const each of constraints) zone = zone === undefined ? undefined : constrain(zone, each);
  return zone;
}

const VARIABLES = 2;
const constraintOf = (variables: number): fc.Arbitrary<Constraint> =>
  fc
    .record({
      row: fc.nat(variables),
      column: fc.nat(variables),
      constant: fc.integer({ min: -GREATEST, max: GREATEST }),
      strict: fc.boolean(),
    })
    .filter(({ row, column }) => row !== column);
const constraints = fc.array(constraintOf(VARIABLES), { maxLength: 4 });
const POINTS = grid(VARIABLES);

/** The zone has exactly the points that meet all constraints, and is known to be empty where there are none. */
function hasTheRightPoints(given: readonly Constraint[], constrain: Constrain): boolean {
  const zone = build(given, VARIABLES, constrain);
  const expected = POINTS.filter((point) => given.every((each) => holds(each, point)));
  if ((zone === undefined) !== (expected.length === 0)) return false;
  return POINTS.every((point) => contains(zone, point) === given.every((each) => holds(each, point)));
}

/** Every entry is attained by a point of the grid, or approached up to one step of it. */
function isTight(zone: Zone | undefined): boolean {
  if (zone === undefined) return true;
  const inside = POINTS.filter((point) => contains(zone, point));
  for (let row = 0; row < zone.size; row++) {
    for (let column = 0; column < zone.size; column++) {
      const bound = zone.bound(row, column);
      const greatest = Math.max(...inside.map((point) => (point[row] as number) - (point[column] as number)));
      // Two strict bounds in a row are approached by one step each.
      const short = constantOf(bound) - greatest;
      if (isWeak(bound) ? short !== 0 : short <= 0 || short > VARIABLES * STEP) return false;
    }
  }
  return true;
}

function holdsAlways<T>(arbitrary: fc.Arbitrary<T>, isSo: (value: T) => boolean, numRuns = 300): void {
  fc.assert(fc.property(arbitrary, isSo), { seed: 7, numRuns });
}

function failsSomewhere<T>(arbitrary: fc.Arbitrary<T>, isSo: (value: T) => boolean): boolean {
  return fc.check(fc.property(arbitrary, isSo), { seed: 7, numRuns: 300 }).failed;
}

describe('bounds', () => {
  const end = fc.record({ constant: fc.integer({ min: -50, max: 50 }), strict: fc.boolean() });
  const pack = ({ constant, strict }: { constant: number; strict: boolean }) =>
    strict ? lessThan(constant) : atMost(constant);

  test('keep their constant and their strictness, and the smaller one is the stricter one', () => {
    holdsAlways(fc.tuple(end, end), ([a, b]) => {
      const stricter = a.constant < b.constant || (a.constant === b.constant && a.strict && !b.strict);
      return constantOf(pack(a)) === a.constant && isWeak(pack(a)) === !a.strict && pack(a) < pack(b) === stricter;
    });
  });

  test('add up; the sum is strict if one of them is', () => {
    holdsAlways(fc.tuple(end, end), ([a, b]) => {
      return plus(pack(a), pack(b)) === pack({ constant: a.constant + b.constant, strict: a.strict || b.strict });
    });
    expect(plus(UNBOUNDED, atMost(-3))).toBe(UNBOUNDED);
    expect(plus(lessThan(2 ** 45), atMost(1))).toBe(lessThan(2 ** 45 + 1));
    expect(constantOf(UNBOUNDED)).toBe(Infinity);
    expect(isWeak(UNBOUNDED)).toBe(false);
  });
});

describe('constrain', () => {
  test('leaves the points that meet the constraint, and tells where none is left', () => {
    holdsAlways(constraints, (given) => hasTheRightPoints(given, constrainRight));
  });

  test('keeps the matrix canonical', () => {
    holdsAlways(constraints, (given) => isTight(build(given, VARIABLES, constrainRight)));
  });

  test('these tests notice bounds that are never strict, and a constraint that is not made', () => {
    const neverStrict: Constrain = (zone, each) => constrainRight(zone, { ...each, strict: false });
    const notBelow: Constrain = (zone, each) => (each.constant < 0 ? zone : constrainRight(zone, each));
    expect(failsSomewhere(constraints, (given) => hasTheRightPoints(given, neverStrict))).toBe(true);
    expect(failsSomewhere(constraints, (given) => hasTheRightPoints(given, notBelow))).toBe(true);
  });
});

describe('two zones', () => {
  const pair = fc.tuple(constraints, constraints);
  const zonesOf = ([a, b]: readonly [readonly Constraint[], readonly Constraint[]]) =>
    [build(a, VARIABLES, constrainRight), build(b, VARIABLES, constrainRight)] as const;

  test('meet in the points of both', () => {
    holdsAlways(pair, (given) => {
      const [a, b] = zonesOf(given);
      if (a === undefined || b === undefined) return true;
      const both = a.intersect(b);
      return (
        isTight(both) && POINTS.every((point) => contains(both, point) === (contains(a, point) && contains(b, point)))
      );
    });
  });

  /** They are joined where a zone has just the points of both: then the least zone that holds both has. */
  function isJoinedRightly(
    given: readonly [readonly Constraint[], readonly Constraint[]],
    join: (a: Zone, b: Zone) => Zone | undefined,
  ): boolean {
    const [a, b] = zonesOf(given);
    if (a === undefined || b === undefined) return true;
    const isInEither = (point: Point) => contains(a, point) || contains(b, point);
    const joined = join(a, b);
    if (joined !== undefined) return isTight(joined) && POINTS.every((p) => contains(joined, p) === isInEither(p));
    const isInHull = (point: Point) =>
      [...a.entries.keys()].every((at) => {
        const [row, column] = [Math.floor(at / a.size), at % a.size];
        const bound = Math.max(a.bound(row, column), b.bound(row, column));
        return holds({ row, column, constant: constantOf(bound), strict: !isWeak(bound) }, point);
      });
    return POINTS.some((point) => isInHull(point) && !isInEither(point));
  }

  /** Two parts of one zone, which may overlap, and have a gap between them or not. */
  const parts = fc
    .tuple(constraints, constraintOf(VARIABLES), fc.integer({ min: -1, max: 1 }), fc.boolean())
    .map(([whole, part, overlap, strict]) => {
      const { row, column, constant } = part;
      const rest: Constraint = { row: column, column: row, constant: overlap - constant, strict };
      return [
        [...whole, part],
        [...whole, rest],
      ] as const;
    });

  test('are joined exactly where the points of both make one zone', () => {
    let joined = 0;
    const isSo = (given: readonly [readonly Constraint[], readonly Constraint[]]) => {
      const [a, b] = zonesOf(given);
      if (a !== undefined && b !== undefined && !a.includes(b) && !b.includes(a) && a.join(b) !== undefined) joined++;
      return isJoinedRightly(given, (one, other) => one.join(other));
    };
    holdsAlways(pair, isSo, 1000);
    holdsAlways(parts, isSo, 1000);
    expect(joined).toBeGreaterThan(100);
  });

  test('this test notices a join that never happens, and one that loses points', () => {
    expect(failsSomewhere(parts, (given) => isJoinedRightly(given, () => undefined))).toBe(true);
    expect(
      failsSomewhere(parts, (given) => isJoinedRightly(given, (a, b) => (a.join(b) === undefined ? undefined : a))),
    ).toBe(true);
  });

  function inclusionIsRight(
    given: readonly [readonly Constraint[], readonly Constraint[]],
    includes: (a: Zone, b: Zone) => boolean,
  ): boolean {
    const [a, b] = zonesOf(given);
    if (a === undefined || b === undefined) return true;
    return includes(a, b) === POINTS.every((point) => !contains(b, point) || contains(a, point));
  }

  test('include one another where all points of one are points of the other, and are equal where both do', () => {
    holdsAlways(pair, (given) => inclusionIsRight(given, (a, b) => a.includes(b)), 1000);
    holdsAlways(
      pair,
      (given) => {
        const [a, b] = zonesOf(given);
        return a === undefined || b === undefined || a.equals(b) === (a.includes(b) && b.includes(a));
      },
      1000,
    );
  });

  test('this test notices an inclusion that is the wrong way round', () => {
    expect(failsSomewhere(pair, (given) => inclusionIsRight(given, (a, b) => b.includes(a)))).toBe(true);
  });
});

describe('variables', () => {
  const bounds = fc
    .tuple(fc.nat(GREATEST), fc.nat(GREATEST), fc.boolean(), fc.boolean())
    .map(([a, b, leastStrict, greatestStrict]) => ({
      least: Math.min(a, b),
      greatest: Math.max(a, b),
      leastStrict,
      greatestStrict,
    }))
    .filter(({ least, greatest, leastStrict, greatestStrict }) => least < greatest || !(leastStrict || greatestStrict));

  test('come in at any row, bounded by themselves alone, and go without a trace', () => {
    holdsAlways(fc.tuple(constraints, bounds, fc.integer({ min: 1, max: VARIABLES + 1 })), ([given, each, at]) => {
      const zone = build(given, VARIABLES, constrainRight);
      if (zone === undefined) return true;
      const { least, greatest, leastStrict, greatestStrict } = each;
      const grown = zone.insert(at, least, leastStrict, greatest, greatestStrict);
      const isInside = (time: number) =>
        (leastStrict ? time > least : time >= least) && (greatestStrict ? time < greatest : time <= greatest);
      return (
        grown.drop(at).equals(zone) &&
        POINTS.every((point) =>
          [0, STEP, 1, 2 - STEP, 2, GREATEST].every((time) => {
            const longer = [...point.slice(0, at), time, ...point.slice(at)];
            return contains(grown, longer) === (contains(zone, point) && isInside(time));
          }),
        )
      );
    });
  });

  test('are selected in any order', () => {
    holdsAlways(constraints, (given) => {
      const zone = build(given, VARIABLES, constrainRight);
      const turned = zone?.select([0, 2, 1]);
      return POINTS.every(
        ([now, x, y]) => contains(turned, [now, y, x] as Point) === contains(zone, [now, x, y] as Point),
      );
    });
  });

  test('without one of them, the points are the shadows of those that were', () => {
    holdsAlways(constraints, (given) => {
      const zone = build(given, VARIABLES, constrainRight);
      if (zone === undefined) return true;
      const shadow = zone.drop(2);
      const inside = POINTS.filter((point) => contains(zone, point));
      // Between two strict bounds the grid may be too coarse to see what casts the shadow: never the other way round.
      return inside.every(([now, x]) => contains(shadow, [now, x] as Point)) && isShadowOf(shadow, inside);
    });
  });

  function isShadowOf(shadow: Zone, inside: readonly Point[]): boolean {
    const times = inside.map((point) => point[1] as number);
    const [least, greatest] = [-constantOf(shadow.bound(0, 1)), constantOf(shadow.bound(1, 0))];
    return Math.min(...times) - least <= 2 * STEP && greatest - Math.max(...times) <= 2 * STEP;
  }
});

describe('firing', () => {
  type Fire = (zone: Zone, at: number) => Zone;

  function firesRight(given: readonly Constraint[], at: number, fire: Fire): boolean {
    const zone = build(given, VARIABLES, constrainRight);
    if (zone === undefined) return true;
    const other = at === 1 ? 2 : 1;
    const first = POINTS.filter((point) => contains(zone, point) && (point[at] as number) <= (point[other] as number));
    if (zone.canBeFirst(at, 1) !== first.length > 0) return false;
    if (first.length === 0) return true;
    const fired = fire(zone, at);
    const left = first.map((point) => (point[other] as number) - (point[at] as number));
    if (!left.every((time) => contains(fired, [0, time]))) return false;
    const [least, greatest] = [-constantOf(fired.bound(0, 1)), constantOf(fired.bound(1, 0))];
    const [nearest, furthest] = [Math.min(...left), Math.max(...left)];
    return (
      (isWeak(fired.bound(0, 1)) ? nearest === least : nearest > least && nearest - least <= 2 * STEP) &&
      (isWeak(fired.bound(1, 0)) ? furthest === greatest : furthest < greatest && greatest - furthest <= 2 * STEP)
    );
  }

  const firing = fc.tuple(constraints, fc.constantFrom(1, 2));

  test('lets one go first where it can, and counts the others from there', () => {
    holdsAlways(firing, ([given, at]) => firesRight(given, at, (zone, row) => zone.fire(row, 1)), 1000);
  });

  test('this test notices when others may be overdue', () => {
    const overdue: Fire = (zone, at) => zone.select([at, at === 1 ? 2 : 1]);
    expect(failsSomewhere(firing, ([given, at]) => firesRight(given, at, overdue))).toBe(true);
  });

  test('does not wait for what lies in the past', () => {
    const marked = Zone.now.insert(1, 0, false, 0, false).insert(2, 2, false, 3, true);
    const fired = marked.fire(2, 2);
    expect([constantOf(fired.bound(1, 0)), constantOf(fired.bound(0, 1))]).toEqual([-2, 3]);
    expect([isWeak(fired.bound(1, 0)), isWeak(fired.bound(0, 1))]).toEqual([true, false]);
  });
});
