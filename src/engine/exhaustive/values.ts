import { UnfollowableError } from '../../kernel/errors.ts';
import type { Tracked } from '../../kernel/tracker.ts';

/**
 * Numbers for values: two values get the same number exactly if no model can tell them apart. Plain data is what it says;
 * an object of the kernel is itself; any other object (a connection, say) is known by where it was made, which `hold` and
 * `first` are told, and never by its content.
 */
export class Values {
  readonly #values: unknown[] = [];
  readonly #primitives = new Map<unknown, number>();
  readonly #objects = new WeakMap<object, number>();
  readonly #texts = new Map<string, number>();
  readonly #origins = new Map<string, number>();

  constructor() {
    this.#add(undefined);
  }

  of(number: number): unknown {
    return this.#values[number];
  }

  /** Throws an Error for an object that has never been held. */
  numberOf(value: unknown): number {
    return this.hold(value, undefined);
  }

  /** The same for a value that is handed over at `place`, an unchanging name for where the running code is. */
  hold(value: unknown, place: (() => string) | undefined): number {
    if (!isObject(value)) return this.#primitives.get(value) ?? this.#add(value);
    let number = this.#objects.get(value);
    if (number === undefined) {
      number = this.#byText(value, place);
      this.#objects.set(value, number);
    }
    return number;
  }

  /** Also plain data is known by where it was made here, and not by what it says. */
  holdOne(value: object, place: () => string): void {
    if (!this.#objects.has(value) && !isTracked(value)) this.#opaque(value, place);
    else this.hold(value, place);
  }

  /**
   * The object that was made first at the place at which the running code has just made `made`. Code that is run again makes
   * its objects again; only this one may be handed over, so that nobody can meet two that stand for one.
   */
  first(made: object, place: string): object {
    const number = this.#atOrigin(made, place);
    return this.#values[number] as object;
  }

  #byText(value: object, place: (() => string) | undefined): number {
    const text = this.#textOf(value, place);
    let number = this.#texts.get(text);
    if (number === undefined) {
      number = this.#add(value);
      this.#texts.set(text, number);
    }
    return number;
  }

  #textOf(value: unknown, place: (() => string) | undefined): string {
    if (!isObject(value))
      return Object.is(value, -0) || Number.isNaN(value) ? `${value}` : (JSON.stringify(value) ?? 'undefined');
    if (isTracked(value)) return `@${value.trackedAs}`;
    if (Array.isArray(value)) return `[${value.map((each) => this.#textOf(each, place)).join()}]`;
    if (typeof value === 'object' && isPlain(value)) {
      const fields = Object.entries(value).map(([key, each]) => `${JSON.stringify(key)}:${this.#textOf(each, place)}`);
      return `{${fields.join()}}`;
    }
    return `#${this.#objects.get(value) ?? this.#opaque(value, place)}`;
  }

  /** An object that only its origin tells from others. */
  #opaque(value: object, place: (() => string) | undefined): number {
    if (place === undefined) throw new Error(`a ${nameOf(value)} that nobody handed over`);
    const number = this.#atOrigin(value, place());
    if (this.#values[number] !== value) throw madeTwice(nameOf(value));
    return number;
  }

  #atOrigin(value: object, origin: string): number {
    let number = this.#origins.get(origin);
    if (number === undefined) {
      number = this.#add(value);
      this.#origins.set(origin, number);
      this.#objects.set(value, number);
    }
    return number;
  }

  #add(value: unknown): number {
    const number = this.#values.push(value) - 1;
    if (!isObject(value)) this.#primitives.set(value, number);
    return number;
  }
}

function nameOf(value: object): string {
  if (typeof value === 'function') return 'function';
  return isPlain(value) ? 'plain object' : value.constructor.name;
}

function madeTwice(name: string): UnfollowableError {
  return new UnfollowableError(
    `a ${name} is handed over that is made anew when the same code is run again: make it with sim.object(...), which ` +
      'gives the one that was made first',
  );
}

function isObject(value: unknown): value is object {
  return typeof value === 'function' || (typeof value === 'object' && value !== null);
}

export function isTracked(value: object): value is Tracked {
  return typeof (value as Partial<Tracked>).trackedAs === 'number';
}

export function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
