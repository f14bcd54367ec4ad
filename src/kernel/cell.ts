/** Plain data, as far as a cell or an event can hold it: no functions, no class instances, no cycles. */
export type Plain = null | undefined | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain };

/** A variable that processes share. All such state lives in cells, so that the kernel can see, hash and restore it. */
export class Cell<T extends Plain> {
  readonly name: string;
  #value: T;

  constructor(name: string, initial: T) {
    this.name = name;
    this.#value = initial;
  }

  get(): T {
    return this.#value;
  }

  set(value: T): void {
    this.#value = value;
  }
}
