import { InternalError } from '../../kernel/errors.ts';

/** Where to look next: into this object. */
interface Branch<T> {
  readonly object: number;
  readonly byContent: Map<number, Node<T>>;
  /** For what does not look at this object. */
  otherwise: Node<T> | undefined;
}

/** All that was looked at has been. */
interface Leaf<T> {
  readonly found: T;
}

type Node<T> = Branch<T> | Leaf<T>;

/**
 * What was found out once, by who did it and by the contents of all that was looked at. It is a function of these, so it
 * need not be done again where they are the same, whatever else there is.
 */
export class Known<T> {
  readonly #byWho = new Map<number, Node<T>>();

  find(who: number, contents: Int32Array): T | undefined {
    const root = this.#byWho.get(who);
    return root === undefined ? undefined : findIn(root, contents)?.found;
  }

  /** Only where `find` finds nothing. */
  keep(who: number, lookedAt: Iterable<number>, contents: Int32Array, found: T): void {
    const left = new Set(lookedAt);
    let put = (next: Node<T>): unknown => this.#byWho.set(who, next);
    let node = this.#byWho.get(who);
    for (;;) {
      if (node === undefined) {
        const object = first(left);
        if (object === undefined) break;
        node = { object, byContent: new Map(), otherwise: undefined };
        put(node);
      }
      if ('found' in node) throw new InternalError('what is known is found out again');
      const branch: Branch<T> = node;
      if (left.delete(branch.object)) {
        const content = contents[branch.object] ?? 0;
        put = (next) => branch.byContent.set(content, next);
        node = branch.byContent.get(content);
      } else {
        put = (next) => {
          branch.otherwise = next;
        };
        node = branch.otherwise;
      }
    }
    put({ found });
  }
}

function first(numbers: ReadonlySet<number>): number | undefined {
  for (const number of numbers) return number;
  return undefined;
}

function findIn<T>(node: Node<T>, contents: Int32Array): Leaf<T> | undefined {
  if ('found' in node) return node;
  const next = node.byContent.get(contents[node.object] ?? 0);
  const found = next === undefined ? undefined : findIn(next, contents);
  return found ?? (node.otherwise === undefined ? undefined : findIn(node.otherwise, contents));
}
