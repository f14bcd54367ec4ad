/** What a process, or another piece of code that runs, was told: one entry of its log. */
export type EntryKind =
  /** It began: as the code of the object with this number. */
  | 'began'
  /** It learned this value, or this is what it waited for. */
  | 'told'
  /** It entered a loop, or came to its head again. */
  | 'loop'
  /** It left a loop, which came to this value. */
  | 'left loop'
  /** It made the object with this number. */
  | 'made';

const KINDS: readonly EntryKind[] = ['began', 'told', 'loop', 'left loop', 'made'];

export interface Entry {
  readonly kind: EntryKind;
  readonly operand: number;
}

interface Node extends Entry {
  readonly parent: number;
  /** Numbers of the logs that are one entry longer, by that entry; made for the first one. */
  longer: Map<number, number> | undefined;
}

/** All logs that ever were, as a tree: each has a number, and two logs are equal exactly if their numbers are. */
export class History {
  readonly #nodes: Node[] = [{ kind: 'began', operand: -1, parent: -1, longer: undefined }];

  /** The log that has nothing in it. */
  static readonly empty = 0;

  /** `log` with one more entry. */
  longer(log: number, kind: EntryKind, operand: number): number {
    const node = this.#nodes[log] as Node;
    node.longer ??= new Map();
    const key = operand * KINDS.length + KINDS.indexOf(kind);
    let number = node.longer.get(key);
    if (number === undefined) {
      number = this.#nodes.push({ kind, operand, parent: log, longer: undefined }) - 1;
      node.longer.set(key, number);
    }
    return number;
  }

  /** Up to the last time that the innermost loop was at its head. */
  atLoopHead(log: number): number {
    let number = log;
    while (this.#node(number).kind !== 'loop') number = this.#node(number).parent;
    return number;
  }

  /** The innermost loop has been left, and came to the value with this number: nothing else of it survives. */
  afterLoop(log: number, value: number): number {
    return this.longer(this.#node(this.atLoopHead(log)).parent, 'left loop', value);
  }

  /** What is in it, from the start, each with the log up to there; without the entry that says whose it is. */
  entriesOf(log: number): (Entry & { readonly log: number })[] {
    const entries: (Entry & { readonly log: number })[] = [];
    for (let number = log; number !== History.empty; number = this.#node(number).parent) {
      const { kind, operand } = this.#node(number);
      if (kind !== 'began') entries.push({ kind, operand, log: number });
    }
    return entries.reverse();
  }

  #node(number: number): Node {
    return this.#nodes[number] as Node;
  }
}
