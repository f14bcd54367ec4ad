import { AT_MOST_ZERO } from '../../clock/bound.ts';
import { dueNowAmong } from '../../clock/time-act.ts';
import type { Zone } from '../../clock/zone.ts';
import type { Configuration } from './configuration.ts';
import type { Explorer, Outcome, Step } from './explorer.ts';
import type { Graph } from './graph.ts';
import type { Node } from './passed.ts';

/** An endless loop at one instant: how it is reached, and what is then done again and again. */
export interface Livelock {
  readonly node: Node;
  readonly stem: readonly Step[];
  readonly cycle: readonly Step[];
}

interface Frozen {
  readonly configuration: Configuration;
  readonly zone: Zone;
}

/** A state on the way from where the look began, what is left to be tried there, and the step that led to it. */
interface Place {
  readonly key: string;
  readonly left: Iterator<Outcome>;
  readonly step: Step | undefined;
}

/** What a look came to. */
export type LivelockAnswer = { readonly found: Livelock | undefined; readonly complete: boolean };

/**
 * Looks for a livelock in which no time passes, in a search that is over. A state that includes another stands for it, so a cycle of
 * edges that may take no time need not be one; but where there is none, there is no livelock. Behind each state on such
 * a cycle, time is stopped: timers fire only where they are due, and states are the same only if they are equal. A state
 * that comes back to itself so can do so for ever: each of its points has one before it, as often as you like.
 *
 * Partial-order reduction hides none. Take an endless run at one instant, and a step that goes alone in its place. Where it
 * is part of the run it may as well be made first, for it commutes with what is made before; where it never is, it
 * commutes with all of the run, and can be made before it. Either way an endless run is left behind it.
 */
export function findLivelock(explorer: Explorer, graph: Graph, maxStates: number): LivelockAnswer {
  const over = new Set<string>();
  for (const node of graph.onInstantCycles()) {
    const answer = lookBehind(explorer, node, over, maxStates);
    if (answer.found !== undefined || !answer.complete) return answer;
  }
  return { found: undefined, complete: true };
}

/** Depth first; `over` are states behind which there is none. */
function lookBehind(explorer: Explorer, node: Node, over: Set<string>, maxStates: number): LivelockAnswer {
  const path: Place[] = [];
  const onPath = new Map<string, number>();
  const enter = (state: Frozen, step: Step | undefined): void => {
    const key = keyOf(state);
    onPath.set(key, path.length);
    path.push({ key, left: instantSteps(explorer, state), step });
  };
  if (over.has(keyOf(node))) return { found: undefined, complete: true };
  enter(node, undefined);
  for (let place = path.at(-1); place !== undefined; place = path.at(-1)) {
    const next = place.left.next();
    if (next.done === true) {
      path.pop();
      onPath.delete(place.key);
      over.add(place.key);
      continue;
    }
    const outcome: Outcome = next.value;
    const key = keyOf(outcome);
    const again = onPath.get(key);
    if (again !== undefined) {
      const steps = path.flatMap(({ step }) => step ?? []);
      return {
        found: { node, stem: steps.slice(0, again), cycle: [...steps.slice(again), outcome.step] },
        complete: true,
      };
    }
    if (over.has(key) || outcome.end !== undefined) continue;
    if (over.size + path.length >= maxStates) return { found: undefined, complete: false };
    enter(outcome, outcome.step);
  }
  return { found: undefined, complete: true };
}

/** All that can follow with no time in between. */
function* instantSteps(explorer: Explorer, { configuration, zone }: Frozen): Generator<Outcome, void> {
  const due = new Set(dueNowAmong(zone, configuration.ranks));
  const candidates = explorer.candidates(configuration, zone);
  for (const candidate of candidates) {
    const { mover } = candidate;
    if ('process' in mover) yield* explorer.go(configuration, zone, candidate, candidates);
    else if (due.has(mover.timer)) {
      const row = configuration.ranks.indexOf(mover.timer) + 1;
      const now = zone.constrain(row, 0, AT_MOST_ZERO);
      if (now !== undefined) yield* explorer.go(configuration, now, candidate, candidates);
    }
  }
}

function keyOf({ configuration: { number }, zone }: Frozen): string {
  return `${number}:${zone.entries.join()}`;
}
