import type { ContentReader, ContentWriter, Tracked } from '../../kernel/tracker.ts';
import type { Values } from './values.ts';

/** Writes an object's content as a row of whole numbers. */
export class RowWriter implements ContentWriter {
  readonly row: number[] = [];
  readonly #values: Values;

  constructor(values: Values) {
    this.#values = values;
  }

  number(value: number): void {
    this.row.push(value);
  }

  flag(value: boolean): void {
    this.row.push(value ? 1 : 0);
  }

  value(value: unknown): void {
    this.row.push(this.#values.numberOf(value));
  }

  object(object: Tracked | undefined): void {
    this.row.push(object?.trackedAs ?? 0);
  }

  objects(objects: readonly Tracked[] | undefined): void {
    if (objects === undefined) {
      this.row.push(0);
      return;
    }
    this.row.push(objects.length);
    for (const object of objects) this.row.push(object.trackedAs);
  }
}

/** Reads what a `RowWriter` wrote. */
export class RowReader implements ContentReader {
  readonly #row: readonly number[];
  readonly #values: Values;
  readonly #objects: readonly (Tracked | undefined)[];
  #next = 0;

  constructor(row: readonly number[], values: Values, objects: readonly (Tracked | undefined)[]) {
    this.#row = row;
    this.#values = values;
    this.#objects = objects;
  }

  number(): number {
    return this.#row[this.#next++] as number;
  }

  flag(): boolean {
    return this.number() === 1;
  }

  value(): unknown {
    return this.#values.of(this.number());
  }

  object(): Tracked | undefined {
    return this.#objects[this.number()];
  }

  objects(): Tracked[] {
    const objects: Tracked[] = [];
    for (let left = this.number(); left > 0; left--) objects.push(this.object() as Tracked);
    return objects;
  }
}
