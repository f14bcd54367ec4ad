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
  readonly zone: Zone;
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
    nodes.push(node);
    this.#states++;
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
