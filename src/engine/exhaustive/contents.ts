/** What an object holds where it has not been made, and what it holds when it is new. */
export const NOT_MADE = 0;
export const NEW = 1;

/** The contents that one object has had, each under a number. */
export class Contents {
  readonly rows: (readonly number[])[] = [];

  /** An object that has not been made looks as if it were new. */
  begin(row: readonly number[]): void {
    this.rows.push([...row]);
    this.numberOf(row);
  }

  readonly #numbers = new Map<string, number>();

  numberOf(row: readonly number[]): number {
    const key = row.length === 1 ? String(row[0]) : row.join();
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.rows.push([...row]) - 1;
      this.#numbers.set(key, number);
    }
    return number;
  }
}
