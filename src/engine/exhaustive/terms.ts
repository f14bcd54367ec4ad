import type { Ticks } from '../../kernel/bounds.ts';
import type { GuidedRun } from './guided-run.ts';

/** A length of time that bounds a span: what the span is at most, or at least, is the sum of some such terms. */
export interface Term {
  /** What takes that long: a timer, or a message on its line. */
  readonly name: string;
  /** In ticks of the model; below zero where it is taken away. */
  readonly length: Ticks;
}

/** `later - earlier` is at least `by`, for the sake of an arming or because the one comes before the other. */
interface Edge {
  readonly earlier: number;
  readonly later: number;
  readonly by: Ticks;
  readonly name: string | undefined;
}

/**
 * Why the time from one step of a path to another cannot be shorter, or longer: the lengths that add up to it, in their order. They are
 * the longest path through the path's difference constraints (Bellman 1958, Ford 1956); whether a bound is attained does not
 * matter here. Undefined where nothing bounds it.
 */
export function termsOf(
  run: GuidedRun,
  from: number,
  to: number,
  which: 'least' | 'greatest',
): readonly Term[] | undefined {
  const [start, end] = which === 'least' ? [from, to] : [to, from];
  const sign = which === 'least' ? 1 : -1;
  const chain = longestPath(edgesOf(run), run.steps + run.armings.length, start, end);
  const terms = chain?.flatMap(({ name, by }) => (name === undefined || by === 0 ? [] : { name, length: sign * by }));
  return which === 'least' ? terms : terms?.reverse();
}

/** Variables: the steps, then the ends of the armings. */
function edgesOf(run: GuidedRun): Edge[] {
  const edges: Edge[] = [];
  const atLeast = (earlier: number, later: number, by: Ticks, name?: string) =>
    edges.push({ earlier, later, by, name });
  for (let step = 1; step < run.steps; step++) {
    atLeast(step - 1, step, 0);
    if (run.isUrgent[step] === true) atLeast(step, step - 1, 0);
  }
  run.armings.forEach(({ bounds: { min, max }, name, armedAt, after, firedAt, cancelledAt }, index) => {
    const end = run.steps + index;
    atLeast(armedAt, end, min, name);
    if (max !== Infinity) atLeast(end, armedAt, -max, name);
    if (after !== undefined) atLeast(run.steps + after, end, 0);
    atLeast(firedAt ?? cancelledAt ?? run.steps - 1, end, 0);
    if (firedAt !== undefined) atLeast(end, firedAt, 0);
  });
  return edges;
}

function longestPath(edges: readonly Edge[], count: number, start: number, end: number): readonly Edge[] | undefined {
  const lengths = new Array<Ticks>(count).fill(-Infinity);
  const last = new Array<Edge | undefined>(count);
  lengths[start] = 0;
  for (let changed = true, round = 0; changed && round <= count; round++) {
    changed = false;
    for (const edge of edges) {
      const length = (lengths[edge.earlier] as Ticks) + edge.by;
      if (length <= (lengths[edge.later] as Ticks) || edge.later === start) continue;
      lengths[edge.later] = length;
      last[edge.later] = edge;
      changed = true;
    }
  }
  const path: Edge[] = [];
  for (let at = end; at !== start; ) {
    const edge = last[at];
    if (edge === undefined) return undefined;
    path.push(edge);
    at = edge.earlier;
  }
  return path.reverse();
}
