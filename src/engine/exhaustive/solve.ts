import type { Ticks } from '../../kernel/bounds.ts';
import type { GuidedRun } from './guided-run.ts';

/** When each step of a path is made, and when each arming would end, in whole ticks from the start. */
export interface Times {
  readonly steps: readonly Ticks[];
  readonly armings: readonly Ticks[];
}

/** Demands that the time from one step to another be at least, or more than, so many ticks. */
export interface Demand {
  readonly from: number;
  readonly to: number;
  readonly atLeast: Ticks;
}

/** `later - earlier` is at least `by` ticks; `by` may be negative, for an upper bound the other way round. */
interface Constraint {
  readonly earlier: number;
  readonly later: number;
  readonly by: Ticks;
}

/**
 * The earliest times in whole ticks at which a path can be gone, or undefined where there are none: the longest paths in
 * the graph of its difference constraints (Bellman 1958, Ford 1956). Where a bound is strict, the next whole tick counts.
 */
export function solve(run: GuidedRun, demands: readonly Demand[]): Times | undefined {
  const constraints = constraintsOf(run);
  for (const { from, to, atLeast } of demands) constraints.push({ earlier: from, later: to, by: atLeast });
  const count = run.steps + run.armings.length;
  const times = new Array<Ticks>(count).fill(0);
  for (let round = 0; round <= count; round++) {
    let changed = false;
    for (const { earlier, later, by } of constraints) {
      const least = (times[earlier] as Ticks) + by;
      if (least <= (times[later] as Ticks)) continue;
      if (later === 0) return undefined;
      times[later] = least;
      changed = true;
    }
    if (!changed) return { steps: times.slice(0, run.steps), armings: times.slice(run.steps) };
  }
  return undefined;
}

/** Variables: the steps, then the armings. */
function constraintsOf(run: GuidedRun): Constraint[] {
  const constraints: Constraint[] = [];
  const atLeast = (earlier: number, later: number, by: Ticks) => constraints.push({ earlier, later, by });
  const atMost = (earlier: number, later: number, by: Ticks) =>
    constraints.push({ earlier: later, later: earlier, by: -by });
  for (let step = 1; step < run.steps; step++) {
    atLeast(step - 1, step, 0);
    if (run.isUrgent[step] === true) atMost(step - 1, step, 0);
  }
  run.armings.forEach(({ bounds, armedAt, after, firedAt, cancelledAt }, index) => {
    const end = run.steps + index;
    atLeast(armedAt, end, bounds.minOpen ? bounds.min + 1 : bounds.min);
    if (bounds.max !== Infinity) atMost(armedAt, end, bounds.maxOpen ? bounds.max - 1 : bounds.max);
    if (after !== undefined) atLeast(run.steps + after, end, 0);
    if (firedAt === undefined) atLeast(cancelledAt ?? run.steps - 1, end, 0);
    else {
      atLeast(firedAt, end, 0);
      atMost(firedAt, end, 0);
    }
  });
  return constraints;
}
