/** A variable that processes share and that names an object: the connection of now, say. What is plain data goes into a `Cell`. */
export class Ref<T extends object> {
  readonly name: string;
  #value: T | undefined;

  constructor(name: string) {
    this.name = name;
  }

  get(): T | undefined {
    return this.#value;
  }

  set(value: T | undefined): void {
    this.#value = value;
  }
}
