/** What `suggest` may choose in a model, and what must be proved of the choice. */
export interface Advice {
  /** The composition on which everything is proved. */
  readonly composition: string;
  /** The length that is chosen, as long as can be: from one sign of life to the next, say. */
  readonly period: string;
  /** The length that is chosen as a multiple of it: how long silence is borne. */
  readonly timeout: string;
  /** The multiples that are tried, ascending. */
  readonly multiples: readonly number[];
  /** The span that must never be longer than the user wants. */
  readonly span: string;
  /** Promises that must be proved. */
  readonly keeps: readonly string[];
  /** What is given, and which way it may get worse; `latency.max` for the upper end of a range. */
  readonly given: Readonly<Record<string, 'may fall' | 'may rise'>>;
}
