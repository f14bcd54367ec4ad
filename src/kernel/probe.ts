import type { Line } from './line.ts';
import type { Timer } from './timer.ts';
import type { Tracked } from './tracker.ts';

/**
 * Who looks at kernel objects while they live, so that people can see them. It looks, and does nothing else: a run is the
 * same with it and without.
 */
export interface Probe {
  /** A model has made an object. */
  made(object: Tracked): void;
  /** A message sets out; `timer` says when it arrives. */
  sent(line: Line<unknown>, label: string, timer: Timer): void;
  /** The first of those that are on their way arrives. */
  arrived(line: Line<unknown>): void;
  /** A message sets out and never arrives. */
  lost(line: Line<unknown>, label: string): void;
}
