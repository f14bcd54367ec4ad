/**
 * Names in two parts, kept from run to run. The runs of a model make the same names again and again, and a text that
 * was made anew must be hashed anew where it is looked up, which costs more than all the rest of the look-up.
 */
export class Names {
  readonly #after = new Map<string, NamesAfter>();

  /** `first second` */
  join(first: string, second: string): string {
    return this.after(first).join(second);
  }

  /** For those who join a lot to `first`. */
  after(first: string): NamesAfter {
    let names = this.#after.get(first);
    if (names === undefined) {
      names = new NamesAfter(first);
      this.#after.set(first, names);
    }
    return names;
  }
}

/** Names whose first part is the same. Where that is empty, they are their second part. */
export class NamesAfter {
  readonly first: string;
  readonly #joined = new Map<string, string>();

  constructor(first: string) {
    this.first = first;
  }

  join(second: string): string {
    let name = this.#joined.get(second);
    if (name === undefined) {
      name = this.first === '' ? second : `${this.first} ${second}`;
      this.#joined.set(second, name);
    }
    return name;
  }
}
