/**
 * Names, kept from run to run. The runs of a model make the same names again and again, and a text that was made anew must
 * be hashed anew where it is looked up, which costs more than all the rest of the look-up.
 */
export class Names {
  readonly #byText = new Map<string, Name>();

  of(text: string): Name {
    let name = this.#byText.get(text);
    if (name === undefined) {
      name = new Name(this, text, this.#byText.size);
      this.#byText.set(text, name);
    }
    return name;
  }
}

/** A name among others: it leads to those that begin with it, and to what is called after it. Nothing in it is of a run. */
export class Name {
  readonly text: string;
  /** Counted from 0, so that what belongs to a name can be kept in a list. */
  readonly index: number;
  private readonly names: Names;
  private readonly longer = new Map<string, Name>();
  private itsTie: Name | undefined = undefined;
  private itsLatency: Name | undefined = undefined;

  constructor(names: Names, text: string, index: number) {
    this.names = names;
    this.text = text;
    this.index = index;
  }

  /** `this more`, or `more` alone where this one is empty. */
  join(more: string): Name {
    let name = this.longer.get(more);
    if (name === undefined) {
      name = this.names.of(this.text === '' ? more : `${this.text} ${more}`);
      this.longer.set(more, name);
    }
    return name;
  }

  /** The decision about who goes instead of what is called so. */
  get tie(): Name {
    this.itsTie ??= this.names.of(`tie: instead of ${this.text}`);
    return this.itsTie;
  }

  /** The decision about the time that a message takes which is called so. */
  get latency(): Name {
    this.itsLatency ??= this.join('latency');
    return this.itsLatency;
  }
}
