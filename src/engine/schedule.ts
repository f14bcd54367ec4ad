import type { Decision } from '../kernel/decision.ts';

/**
 * The decisions of a run that are not the default, by name. A delay is a number of ticks (`Infinity` for never) or,
 * as people write it, a text such as `44.9s` or `never`; an order or a choice is the name of what was picked.
 */
export type Schedule = ReadonlyMap<string, number | string>;

export const EMPTY_SCHEDULE: Schedule = new Map();

export function scheduleOf(decisions: readonly Decision[]): Schedule {
  return new Map(decisions.map((decision) => [decision.name, decision.value]));
}
