import type { Step } from './explorer.ts';
import type { Node } from './passed.ts';

/** One way from a state to another: a step, and those that were made alone behind it, at the same instant. */
export interface Edge {
  /** Undefined where it begins with the build. */
  readonly from: Node | undefined;
  readonly steps: readonly Step[];
  /** Whether no time need pass before the first of them. */
  readonly isInstant: boolean;
  readonly to: Node;
}

/** All that a search found to follow what. */
export class Graph {
  readonly #from = new Map<Node | undefined, Edge[]>();

  add(edge: Edge): void {
    const known = this.#from.get(edge.from);
    if (known === undefined) this.#from.set(edge.from, [edge]);
    else known.push(edge);
  }

  /** The edges from `node`, or of the build; they lead to states that were looked at, if the search came to its end. */
  from(node: Node | undefined): readonly Edge[] {
    return (this.#from.get(node) ?? []).map((edge) => ({ ...edge, to: lookedAt(edge.to) }));
  }

  get nodes(): readonly Node[] {
    return [...this.#from.keys()].filter((node) => node !== undefined);
  }

  /**
   * The states that lie on a cycle of edges that may take no time, those that are reached in fewer steps first: Tarjan's
   * strongly connected components (1972), without recursion.
   */
  onInstantCycles(): readonly Node[] {
    const index = new Map<Node, number>();
    const low = new Map<Node, number>();
    const stack: Node[] = [];
    const onStack = new Set<Node>();
    const found: Node[] = [];
    const next = (node: Node) => this.from(node).flatMap(({ isInstant, to }) => (isInstant ? [to] : []));
    const begin = (node: Node) => {
      index.set(node, index.size);
      low.set(node, index.get(node) as number);
      stack.push(node);
      onStack.add(node);
      return { node, left: next(node)[Symbol.iterator]() };
    };
    const reach = (node: Node, number: number) => low.set(node, Math.min(low.get(node) as number, number));
    for (const root of this.nodes) {
      if (index.has(root)) continue;
      const calls = [begin(root)];
      for (let call = calls.at(-1); call !== undefined; call = calls.at(-1)) {
        const { node, left } = call;
        const step = left.next();
        if (step.done !== true) {
          if (!index.has(step.value)) calls.push(begin(step.value));
          else if (onStack.has(step.value)) reach(node, index.get(step.value) as number);
          continue;
        }
        calls.pop();
        const caller = calls.at(-1);
        if (caller !== undefined) reach(caller.node, low.get(node) as number);
        if (low.get(node) !== index.get(node)) continue;
        const component = stack.splice(stack.indexOf(node));
        for (const each of component) onStack.delete(each);
        if (component.length > 1 || next(node).includes(node)) found.push(...component);
      }
    }
    return found.sort((a, b) => a.depth - b.depth);
  }
}

/** The state that was looked at instead of `node`; itself where none stands for it. */
function lookedAt(node: Node): Node {
  let at = node;
  while (!at.expanded && at.coveredBy !== undefined) at = at.coveredBy;
  return at;
}
