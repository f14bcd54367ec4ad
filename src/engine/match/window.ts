import { atMost, constantOf, UNBOUNDED } from '../../clock/bound.ts';
import type { Zone } from '../../clock/zone.ts';
import type { LogSpan } from './span.ts';

/** The row that says when the clock of the log began: before all other rows. */
const ORIGIN = 1;

/** Where the first row said when the model was built, it says when the clock of the log began, of which nothing is known yet. */
export function withOrigin(zone: Zone): Zone {
  return zone.drop(ORIGIN).insert(ORIGIN, -Infinity, false, Infinity, false);
}

/** Now is at least, or at most, so many ticks after the clock of the log began; undefined where it cannot be. */
export function notBefore(zone: Zone, ticks: number): Zone | undefined {
  return zone.constrain(ORIGIN, 0, atMost(-ticks));
}

export function notAfter(zone: Zone, ticks: number): Zone | undefined {
  return zone.constrain(0, ORIGIN, atMost(ticks));
}

/** Between which times of the log now lies. */
export function spanOf(zone: Zone): LogSpan {
  const least = zone.bound(ORIGIN, 0);
  const greatest = zone.bound(0, ORIGIN);
  return {
    least: least === UNBOUNDED ? -Infinity : 0 - constantOf(least),
    greatest: constantOf(greatest),
  };
}

/** Whether nothing need happen before the log is so many ticks old. `isUrgent`: something happens without time passing. */
export function canStayUntil(zone: Zone, ticks: number, isUrgent: boolean): boolean {
  const end = zone.size;
  const waiting = zone.insert(end, 0, false, isUrgent ? 0 : Infinity, false);
  const late = waiting.constrain(ORIGIN, end, atMost(-ticks));
  return late?.canBeFirst(end, ORIGIN + 1) ?? false;
}
