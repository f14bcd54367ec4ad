/** The words for what is known about a property. They mean the same everywhere. */
export type Verdict =
  /** Holds for every timing inside the bounds and any length of run. */
  | 'proved'
  /** Held in the schedules that were tried; no more is known. */
  | 'sampled'
  /** A schedule is known under which it does not hold. */
  | 'violated'
  /** A limit was hit before an answer was found. */
  | 'inconclusive';

/** One property that did not hold in one run, or one way in which the model itself failed. */
export interface Violation {
  /** The property's name, or the kind of the model's own error (`deadlock`, `exception`, ...). */
  readonly property: string;
  /** What was seen, against what was promised. */
  readonly message: string;
  /** When, in ticks since the start. */
  readonly at: number;
}
