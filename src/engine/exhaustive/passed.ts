import type { Zone } from '../../clock/zone.ts';
import type { Configuration } from './configuration.ts';
import type { Step } from './explorer.ts';

/** How a state was reached: its last step, and those before. */
export interface Path {
  readonly step: Step;
  readonly parent: Path | undefined;
  /** Steps, the build aside. */
  readonly depth: number;
}

/** A state that has been reached, and how. */
export class Node implements Path {
  readonly step: Step;
  readonly parent: Path | undefined;
  readonly depth: number;
  readonly configuration: Configuration;
  /** Until it is looked at, others that make one zone with it are put to it; the path leads to some of its points then. */
  zone: Zone;
  /** Whether the run ended here. */
  readonly ended: boolean;
  /** Another state that includes it, and stands for it from then on. */
  coveredBy: Node | undefined;
  /** Whether all that can follow was looked at. */
  expanded = false;

  constructor({ step, parent, depth }: Path, configuration: Configuration, zone: Zone, ended: boolean) {
    this.step = step;
    this.parent = parent;
    this.depth = depth;
    this.configuration = configuration;
    this.zone = zone;
    this.ended = ended;
  }
}

/** The states that have been reached: one that is included in another of the same configuration need not be looked at. */
export class Passed {
  /** By the number of their configuration. */
  readonly #nodes: (Node[] | undefined)[] = [];
  readonly #joins: boolean;
  #configurations = 0;
  #states = 0;
  #joined = 0;

  /** `joins`: states that make one zone together become one. */
  constructor(joins: boolean) {
    this.#joins = joins;
  }

  /** Different configurations. */
  get configurations(): number {
    return this.#configurations;
  }

  /** States that no other one includes. */
  get states(): number {
    return this.#states;
  }

  /** How many states were put to others. */
  get joined(): number {
    return this.#joined;
  }

  /** The state that includes `node`, or does from now on; undefined where there is none: then it was new, and is kept. */
  add(node: Node): Node | undefined {
    const nodes = this.#nodesOf(node.configuration);
    const { zone, ended } = node;
    for (const other of nodes) if (other.ended === ended && other.zone.includes(zone)) return other;
    let kept = 0;
    for (const other of nodes) {
      if (other.ended === ended && zone.includes(other.zone)) {
        other.coveredBy = node;
        this.#states--;
      } else nodes[kept++] = other;
    }
    nodes.length = kept;
    const joined = this.#joins ? this.#join(node, nodes) : undefined;
    if (joined !== undefined) return joined;
    nodes.push(node);
    this.#states++;
    return undefined;
  }

  /** Put it to a state that is still to be looked at, if they are one zone together, exactly. */
  #join(node: Node, nodes: readonly Node[]): Node | undefined {
    for (const other of nodes) {
      if (other.ended !== node.ended || other.expanded) continue;
      const both = other.zone.join(node.zone);
      if (both === undefined) continue;
      other.zone = both;
      node.coveredBy = other;
      this.#joined++;
      return other;
    }
    return undefined;
  }

  #nodesOf({ number }: Configuration): Node[] {
    let nodes = this.#nodes[number];
    if (nodes === undefined) {
      nodes = [];
      this.#nodes[number] = nodes;
      this.#configurations++;
    }
    return nodes;
  }
}
