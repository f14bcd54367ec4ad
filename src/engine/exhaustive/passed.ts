import type { Zone } from '../../clock/zone.ts';
import type { Configuration, Step } from './explorer.ts';

/** How a state was reached: its last step, and those before. */
export interface Path {
  readonly step: Step;
  readonly parent: Path | undefined;
  /** Steps, the build aside. */
  readonly depth: number;
}

/** A state that has been reached, and how. */
export interface Node extends Path {
  readonly configuration: Configuration;
  readonly zone: Zone;
  /** Whether the run ended here. */
  readonly ended: boolean;
  /** Another state that includes it, and stands for it from then on. */
  coveredBy: Node | undefined;
  /** Whether all that can follow was looked at. */
  expanded: boolean;
}

/** All states with one configuration. */
interface Place {
  readonly configuration: Configuration;
  readonly nodes: Node[];
}

/** The states that have been reached: one that is included in another of the same configuration need not be looked at. */
export class Passed {
  readonly #places = new Map<number, Place[]>();
  #configurations = 0;
  #states = 0;

  /** Different configurations. */
  get configurations(): number {
    return this.#configurations;
  }

  /** States that no other one includes. */
  get states(): number {
    return this.#states;
  }

  /** The state that includes `node`, or undefined: then it was new, and is kept. */
  add(node: Node): Node | undefined {
    const { nodes } = this.#placeOf(node.configuration);
    let kept = 0;
    for (const other of nodes) {
      if (other.coveredBy === undefined && other.ended === node.ended && other.zone.includes(node.zone)) return other;
    }
    for (const other of nodes) {
      if (other.ended === node.ended && node.zone.includes(other.zone)) {
        other.coveredBy = node;
        this.#states--;
      } else nodes[kept++] = other;
    }
    nodes.length = kept;
    nodes.push(node);
    this.#states++;
    return undefined;
  }

  /** The configurations, in the order in which they were first reached. */
  *all(): Generator<Configuration> {
    for (const places of this.#places.values()) for (const { configuration } of places) yield configuration;
  }

  #placeOf(configuration: Configuration): Place {
    const hash = hashOf(configuration);
    let places = this.#places.get(hash);
    if (places === undefined) {
      places = [];
      this.#places.set(hash, places);
    }
    let place = places.find((each) => areEqual(each.configuration, configuration));
    if (place === undefined) {
      place = { configuration, nodes: [] };
      places.push(place);
      this.#configurations++;
    }
    return place;
  }
}

export function areEqual(a: Configuration, b: Configuration): boolean {
  if (a.build !== b.build) return false;
  const length = Math.max(a.contents.length, b.contents.length);
  for (let i = 0; i < length; i++) if ((a.contents[i] ?? 0) !== (b.contents[i] ?? 0)) return false;
  return true;
}

/** Objects that are not made yet hold content 0, which adds nothing. */
function hashOf({ contents, build }: Configuration): number {
  let hash = build;
  for (let i = 0; i < contents.length; i++) {
    const content = contents[i] as number;
    if (content !== 0)
      hash = Math.imul(hash ^ Math.imul(content, 0x9e3779b1) ^ Math.imul(i, 0x85ebca6b), 0xc2b2ae35) ^ (hash >>> 15);
  }
  return hash | 0;
}
