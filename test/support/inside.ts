// Whether what a run under fake timers did lies inside what an exhaustive search looks at: its events, and their times.
import { atMost } from '../../src/clock/bound.ts';
import { rowOf } from '../../src/clock/time-act.ts';
import type { Zone } from '../../src/clock/zone.ts';
import type { Configuration } from '../../src/engine/exhaustive/configuration.ts';
import { type Candidate, Explorer, type Step } from '../../src/engine/exhaustive/explorer.ts';
import type { Edge, Graph } from '../../src/engine/exhaustive/graph.ts';
import type { Node } from '../../src/engine/exhaustive/passed.ts';
import { Search } from '../../src/engine/exhaustive/search.ts';
import type { Subject } from '../../src/engine/run.ts';
import { LearnedLateError } from '../../src/kernel/errors.ts';
import { PropertySet } from '../../src/property/monitor.ts';
import { eventText, type StepTaken, type StepwiseRun } from './stepwise.ts';

/** States with one configuration, at one time since the start. */
interface Slice {
  readonly configuration: Configuration;
  readonly zone: Zone;
  readonly at: number;
}

/** A step, and what it said. */
interface Said extends Slice {
  readonly step: Step;
  readonly events: readonly string[];
}

/** Goes along a run in an explorer of its own, all times as free as they are. */
export class Follower {
  readonly explorer: Explorer;

  constructor(subject: Subject) {
    this.explorer = new Explorer(subject);
    this.explorer.watch(new PropertySet([]));
  }

  /** The states in which a run can begin that says this while it is built. */
  begin({ events }: StepTaken): readonly Said[] {
    const all = this.explorer
      .initial()
      .map((outcome) => ({ ...outcome, at: 0, events: outcome.events.map(eventText) }));
    return all.filter((said) => said.events.join('\n') === events.join('\n'));
  }

  /** All that comes of it when one of the candidates for which `may` holds goes first, at `at`. */
  *go(from: Slice, at: number, may: (candidate: Candidate) => boolean): Generator<Said> {
    const { explorer } = this;
    const { configuration, zone } = from;
    for (const candidate of explorer.candidates(configuration, zone).filter(may)) {
      const then = zoneAt(from, candidate, at);
      const candidates = then === undefined ? [] : explorer.candidates(configuration, then);
      if (then === undefined || !candidates.includes(candidate)) continue;
      for (const outcome of explorer.go(configuration, then, candidate, candidates))
        yield { ...outcome, at, events: outcome.events.map(eventText) };
    }
  }
}

/** The part of a zone in which the mover goes first at `at`. */
function zoneAt({ configuration, zone, at: before }: Slice, { mover }: Candidate, at: number): Zone | undefined {
  if ('process' in mover) return at === before ? zone : undefined;
  const row = rowOf(configuration.ranks, mover.timer);
  return zone.constrain(row, 0, atMost(at - before))?.constrain(0, row, atMost(before - at));
}

/** Undefined where the run lies inside, else at what it leaves it. */
export type Outside = string | undefined;

/** Whether each step of a run, in its order, is one that the explorer can make then, and says the same. */
export function leavesExplorer(follower: Follower, run: StepwiseRun): Outside {
  for (;;) {
    try {
      return leavesAtOnce(follower, run);
    } catch (error) {
      if (!(error instanceof LearnedLateError)) throw error;
      follower.explorer.forget();
    }
  }
}

function leavesAtOnce(follower: Follower, { steps }: StepwiseRun): Outside {
  let slices: readonly Slice[] = follower.begin(steps[0] as StepTaken);
  for (const { at, name, events } of steps.slice(1)) {
    const next = new Map<string, Slice>();
    for (const slice of slices) {
      for (const said of follower.go(slice, at, () => true)) {
        if (said.step.name === name && said.events.join('\n') === events.join('\n')) next.set(keyOf(said), said);
      }
    }
    if (next.size === 0) return `${name} at ${at}: ${events.join(', ') || 'says nothing'}`;
    slices = [...next.values()];
  }
  return undefined;
}

/** A search that is over, and what it was made of. */
export interface Explored {
  readonly follower: Follower;
  readonly graph: Graph;
}

/** Undefined where there are too many states. */
export function exploredOf(subject: Subject, maxStates: number): Explored | undefined {
  const follower = new Follower(subject);
  const search = new Search(follower.explorer, new PropertySet([]), Infinity, { maxStates, keepGraph: true });
  const { complete, graph } = search.run(() => false);
  return complete && graph !== undefined ? { follower, graph } : undefined;
}

/** At the end of an edge: where the run is, exactly, in which of the states that were looked at, and what it has still to do. */
interface Stand extends Slice {
  readonly node: Node | undefined;
  readonly left: Bag;
}

/**
 * Whether a run goes along the edges that a search found: at each instant, they make the same steps and say the same, in
 * whatever order, for a search that is reduced looks at one order for many; and each state on the way is part of the state that
 * the search took it for.
 */
export function leavesGraph({ follower, graph }: Explored, { steps, end }: StepwiseRun): Outside {
  const instants = instantsOf(steps);
  // What ends a run ends it in the middle of an instant: of what else was due then, some was done, and some not.
  if (end.why !== 'quiet' && end.why !== 'horizon') instants.pop();
  let stands: readonly Stand[] | undefined;
  for (const instant of instants) {
    const { at } = instant[0] as StepTaken;
    const left = Bag.of(instant.flatMap(({ name, events }) => [name, ...events]));
    const begun: readonly Stand[] =
      stands?.map((stand) => ({ ...stand, left })) ?? startOf(follower, graph, left, steps[0] as StepTaken);
    const after = throughInstant(follower, graph, begun, at);
    if (typeof after === 'string') return after;
    if (after.length === 0)
      return `at ${at}: ${instant.map(({ name, events }) => [name, ...events].join(' ')).join('; ')}`;
    stands = after;
  }
  return undefined;
}

function startOf(follower: Follower, graph: Graph, left: Bag, build: StepTaken): readonly Stand[] {
  const rest = left.without([build.name, ...build.events]) as Bag;
  return follower.begin(build).flatMap((slice) => {
    const edges = graph.from(undefined).filter(({ steps }) => steps[0]?.choices.join() === slice.step.choices.join());
    return edges.flatMap((edge) =>
      along(follower, { ...slice, node: undefined, left: rest }, edge, edge.steps.slice(1), 0),
    );
  });
}

/** All ways through one instant; a text where a state is not part of what it was taken for. */
function throughInstant(
  follower: Follower,
  graph: Graph,
  begun: readonly Stand[],
  at: number,
): readonly Stand[] | string {
  const over: Stand[] = [];
  const known = new Set<string>();
  const open = [...begun];
  for (let stand = open.pop(); stand !== undefined; stand = open.pop()) {
    const { node } = stand;
    if (node !== undefined && !isPartOf(stand, node))
      return `at ${at}: a state that is not part of the one that it was taken for`;
    const key = `${stand.left.key}\n${keyOf(stand)}\n${node?.depth}:${node?.zone.entries.join()}`;
    if (known.has(key)) continue;
    known.add(key);
    if (stand.left.isEmpty) over.push(stand);
    else for (const edge of graph.from(node)) open.push(...along(follower, stand, edge, edge.steps, at));
  }
  return over;
}

/** Where the steps of an edge lead, if they can be made then, and the run makes them. */
function along(follower: Follower, from: Stand, { to }: Edge, steps: readonly Step[], at: number): readonly Stand[] {
  let stands: readonly Stand[] = [from];
  for (const step of steps) {
    stands = stands.flatMap((stand) => {
      const left = stand.left.without([step.name]);
      if (left === undefined) return [];
      const may = ({ mover }: Candidate) => JSON.stringify(mover) === JSON.stringify(step.mover);
      return [...follower.go(stand, at, may)].flatMap((said) => {
        const rest = said.step.choices.join() === step.choices.join() ? left.without(said.events) : undefined;
        return rest === undefined ? [] : [{ ...said, node: undefined, left: rest }];
      });
    });
  }
  return stands.map((stand) => ({ ...stand, node: to }));
}

function isPartOf({ configuration, zone }: Slice, node: Node): boolean {
  return contentsText(configuration) === contentsText(node.configuration) && node.zone.includes(zone);
}

function instantsOf(steps: readonly StepTaken[]): StepTaken[][] {
  const instants: StepTaken[][] = [];
  for (const step of steps) {
    const last = instants.at(-1);
    if (last?.[0]?.at === step.at) last.push(step);
    else instants.push([step]);
  }
  return instants;
}

function keyOf({ configuration, zone }: Slice): string {
  return `${contentsText(configuration)}\n${zone.entries.join()}`;
}

/** What has not been made yet is as if it were not there. */
function contentsText({ contents, build }: Configuration): string {
  return `${build}:${contents.join().replace(/(,0)+$/, '')}`;
}

/** Texts, each as often as it is in there, in no order. */
class Bag {
  readonly #counts: ReadonlyMap<string, number>;

  private constructor(counts: ReadonlyMap<string, number>) {
    this.#counts = counts;
  }

  static of(texts: readonly string[]): Bag {
    const counts = new Map<string, number>();
    for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
    return new Bag(counts);
  }

  get isEmpty(): boolean {
    return this.#counts.size === 0;
  }

  get key(): string {
    return [...this.#counts]
      .map(([text, count]) => `${count} ${text}`)
      .sort()
      .join('\n');
  }

  /** Undefined where one of them is not in there. */
  without(texts: readonly string[]): Bag | undefined {
    const counts = new Map(this.#counts);
    for (const text of texts) {
      const count = counts.get(text);
      if (count === undefined) return undefined;
      if (count === 1) counts.delete(text);
      else counts.set(text, count - 1);
    }
    return new Bag(counts);
  }
}
