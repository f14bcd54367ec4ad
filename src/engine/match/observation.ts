import type { Plain } from '../../kernel/cell.ts';

/** One event of a log, with the times between which it happened, in ticks since the clock of the log began. */
export interface Observed {
  /** Who told it; undefined where the log does not say, and then it may be anybody. */
  readonly lane: string | undefined;
  readonly name: string;
  readonly data: Readonly<Record<string, Plain>>;
  /** Whole ticks: the time that was measured, less and more by the measuring error. */
  readonly earliest: number;
  readonly latest: number;
}

/** What a model says. */
export interface Said {
  readonly lane: string;
  readonly name: string;
  readonly data: Plain;
}

/** Which of a model's events are told at all by the program that wrote a log, and how they are compared. */
export interface Vocabulary {
  /** All others are internal: the log says nothing about them. */
  readonly names: ReadonlySet<string>;
  /** Fields of the data that are not compared: texts of the host, mostly. */
  readonly ignored: ReadonlySet<string>;
  /** Told once, where the model may say the same several times in a row. */
  readonly once: ReadonlySet<string>;
}

/** Whether the two are the same event, whenever they happen. A field that the log leaves out may hold anything. */
export function isSame(observed: Observed, said: Said, { ignored }: Vocabulary): boolean {
  if (observed.name !== said.name) return false;
  if (observed.lane !== undefined && observed.lane !== said.lane) return false;
  const data = (said.data ?? {}) as Readonly<Record<string, Plain>>;
  return Object.entries(observed.data).every(([field, value]) => ignored.has(field) || data[field] === value);
}

/** What tells whether the same is said again by the same lane. */
export function keyOf({ lane, name, data }: Said): string {
  return `${lane}\n${name}\n${JSON.stringify(data)}`;
}
