import type { Message } from '../engine/observe.ts';

/** Where a model's objects are, as far as their names tell: its lines run between places, all else belongs to one of them. */
export class Places {
  /** Neighbours follow each other as far as that goes. */
  readonly names: readonly string[];
  readonly #scopes: readonly string[];
  readonly #longestFirst: readonly string[];

  constructor(messages: readonly Message[]) {
    this.#scopes = [...new Set(messages.map(({ scope }) => scope))].filter((scope) => scope !== '');
    this.names = orderOf(messages.map(endsOf));
    this.#longestFirst = [...this.names].sort((a, b) => b.length - a.length);
  }

  /** The group that something with this name belongs to, and what it is called there. */
  groupOf(name: string): { readonly group: string; readonly title: string } {
    const scope = this.#scopes.find((each) => name.startsWith(`${each} `));
    const own = scope === undefined ? name : name.slice(scope.length + 1);
    const group =
      this.#longestFirst.find((place) => isWithin(own, place)) ??
      this.#longestFirst.find((place) => isWithin(name, place)) ??
      firstWords(name);
    const rest = isWithin(own, group) ? own.slice(group.length) : name.slice(group.length);
    return { group, title: rest.trim() === '' ? name : rest.trim() };
  }
}

/** From where to where a message goes, by the name of its line; one that has no arrow in its name goes nowhere. */
export function endsOf({ line }: Message): readonly [string, string] {
  const [from, to] = line.split('→');
  return [from as string, to ?? (from as string)];
}

function isWithin(name: string, place: string): boolean {
  return name === place || name.startsWith(`${place} `) || name.startsWith(`${place}→`);
}

/** `client 2` of `client 2 comes early`, `shell` of `shell stdout`. */
export function firstWords(name: string): string {
  return /^\S+( \d+(?= |$))?/.exec(name)?.[0] ?? name;
}

/** From a place that has one neighbour on, each place after one that it is connected with, where there is one. */
function orderOf(ways: readonly (readonly [string, string])[]): readonly string[] {
  const neighbours = new Map<string, Set<string>>();
  for (const [from, to] of ways) {
    for (const [place, other] of [[from, to] as const, [to, from] as const]) {
      const known = neighbours.get(place) ?? new Set<string>();
      if (other !== place) known.add(other);
      neighbours.set(place, known);
    }
  }
  const order: string[] = [];
  const visit = (place: string) => {
    if (order.includes(place)) return;
    order.push(place);
    for (const other of neighbours.get(place) ?? []) visit(other);
  };
  const ends = [...neighbours].filter(([, others]) => others.size <= 1).map(([place]) => place);
  for (const place of [...ends.sort(), ...neighbours.keys()]) visit(place);
  return order;
}
