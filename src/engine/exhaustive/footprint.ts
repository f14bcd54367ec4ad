import type { Use } from '../../kernel/tracker.ts';

const BITS: Readonly<Record<Use, number>> = { reads: 1, joins: 2, counts: 4, writes: 8 };
const READS_OR_JOINS = BITS.reads | BITS.joins;

/** Which objects a step uses, by their numbers, and how. */
export class Footprint {
  readonly #uses = new Map<number, number>();
  /** What `counted` says, until something is added. */
  #counted: readonly number[] | undefined;

  /** Whether this was not known yet. */
  add(object: number, use: Use): boolean {
    return this.#add(object, BITS[use]);
  }

  /** Whether anything of `other` was not known yet. */
  addAll(other: Footprint): boolean {
    let grown = false;
    for (const [object, bits] of other.#uses) if (this.#add(object, bits)) grown = true;
    return grown;
  }

  /** Both together. */
  with(other: Footprint): Footprint {
    if (other.size === 0) return this;
    const both = new Footprint();
    both.addAll(this);
    both.addAll(other);
    return both;
  }

  get size(): number {
    return this.#uses.size;
  }

  /** The objects on which it counts. */
  counted(): readonly number[] {
    this.#counted ??= [...this.#uses].filter(([, bits]) => (bits & BITS.counts) !== 0).map(([object]) => object);
    return this.#counted;
  }

  /** Whether a step with this footprint and one with `other` may come to something else in the other order. */
  conflictsWith(other: Footprint): boolean {
    const [few, many] = this.size <= other.size ? [this, other] : [other, this];
    for (const [object, bits] of few.#uses) {
      const others = many.#uses.get(object);
      if (others === undefined) continue;
      const all = bits | others;
      if ((all & ~READS_OR_JOINS) !== 0 && all !== BITS.counts) return true;
    }
    return false;
  }

  /** Whether it changes any of `objects`. */
  changesAnyOf(objects: ReadonlySet<number>): boolean {
    for (const [object, bits] of this.#uses) if ((bits & ~READS_OR_JOINS) !== 0 && objects.has(object)) return true;
    return false;
  }

  #add(object: number, bits: number): boolean {
    const known = this.#uses.get(object) ?? 0;
    if ((known | bits) === known) return false;
    this.#uses.set(object, known | bits);
    this.#counted = undefined;
    return true;
  }
}
