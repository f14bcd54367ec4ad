import { inFinerTicks, type Ticks } from '../../kernel/bounds.ts';
import type { GuidedRun } from './guided-run.ts';

/** When each step of a path is made, and when each arming would end, in whole parts of a tick from the start. */
export interface Times {
  readonly steps: readonly Ticks[];
  readonly armings: readonly Ticks[];
}

/** Demands that the time from one step to another be so many ticks at least; or more than that; or nearly that, but for some parts of one. */
export interface Demand {
  readonly from: number;
  readonly to: number;
  readonly ticks: Ticks;
  readonly how: 'at least' | 'more than' | 'nearly';
}

/** `later - earlier` is at least `by` parts of a tick; `by` may be negative, for an upper bound the other way round. */
interface Constraint {
  readonly earlier: number;
  readonly later: number;
  readonly by: Ticks;
}

/**
 * The earliest times at which a path can be gone, or undefined where there are none: the longest paths in the graph of its
 * difference constraints (Bellman 1958, Ford 1956). A tick has `scale` parts, and times are whole ones; where a bound is
 * strict, the next part counts. Where there are times at all, there are some in parts as fine as the path is long.
 * `missing`: how many parts short of it is nearly what is demanded.
 */
export function solve(run: GuidedRun, demands: readonly Demand[], scale: number, missing: number): Times | undefined {
  const constraints = constraintsOf(run, scale);
  for (const { from, to, ticks, how } of demands) {
    const more = { 'at least': 0, 'more than': 1, nearly: -missing }[how];
    constraints.push({ earlier: from, later: to, by: ticks * scale + more });
  }
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
function constraintsOf(run: GuidedRun, scale: number): Constraint[] {
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
    const { min, max, minOpen, maxOpen } = inFinerTicks(bounds, scale);
    atLeast(armedAt, end, minOpen ? min + 1 : min);
    if (max !== Infinity) atMost(armedAt, end, maxOpen ? max - 1 : max);
    if (after !== undefined) atLeast(run.steps + after, end, 0);
    if (firedAt === undefined) atLeast(cancelledAt ?? run.steps - 1, end, 0);
    else {
      atLeast(firedAt, end, 0);
      atMost(firedAt, end, 0);
    }
  });
  return constraints;
}
