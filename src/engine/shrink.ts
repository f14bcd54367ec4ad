import type { Ticks } from '../kernel/bounds.ts';
import { type Decision, defaultDelay } from '../kernel/decision.ts';
import type { Schedule } from './schedule.ts';

/** Round lengths that people like to read, in nanoseconds: 5 min, 1 min, 10 s, 5 s, 1 s, 100 ms, 10 ms, 1 ms. */
const ROUND_NS = [300e9, 60e9, 10e9, 5e9, 1e9, 100e6, 10e6, 1e6] as const;

/**
 * Schedules that tell a simpler story than one that decided `decisions`, simplest first: fewer faults, then fewer
 * decisions, then lengths at their ends, round or earlier, each tried from the largest step to the smallest. All are
 * different from the original and from each other, and repeating this on whatever still fails comes to an end.
 */
export function* smallerSchedules(
  decisions: readonly Decision[],
  tickNs: number,
): Generator<Schedule, void, undefined> {
  const faults = decisions.filter((decision) => decision.fault);
  const tried = new Set<string>();
  yield* without(decisions, faults, tried);
  yield* without(decisions, decisions, tried);
  for (const decision of decisions) {
    if (decision.kind !== 'delay') continue;
    for (const value of rounder(decision, tickNs)) yield withValue(decisions, decision, value);
  }
}

/**
 * Leave out all of `removable`, then half, quarters, ... and at last each alone (Zeller's delta debugging, 1999).
 * `tried` keeps what is left of each, so that none is tried twice.
 */
function* without(
  decisions: readonly Decision[],
  removable: readonly Decision[],
  tried: Set<string>,
): Generator<Schedule, void, undefined> {
  for (let size = removable.length; size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < removable.length; start += size) {
      const out = new Set(removable.slice(start, start + size));
      const kept = decisions.filter((decision) => !out.has(decision));
      const names = JSON.stringify(kept.map((decision) => decision.name));
      if (tried.has(names)) continue;
      tried.add(names);
      yield toSchedule(kept);
    }
  }
}

/** Values for a delay that are simpler than the one it has, or as simple and shorter: so shrinking comes to an end. */
function* rounder(decision: Decision, tickNs: number): Generator<Ticks, void, undefined> {
  const value = decision.value as number;
  const { least = 0, greatest = Infinity } = decision;
  const rank = simplicity(value, least, greatest, tickNs);
  // The default length is what leaving the decision out has tried already.
  const tried = new Set<Ticks>([value, defaultDelay(least, greatest)]);
  const candidates: Ticks[] = [greatest === Infinity ? least : greatest];
  for (const roundNs of ROUND_NS) {
    const step = roundNs / tickNs;
    const half = Math.floor(value / 2 / step) * step;
    candidates.push(half, Math.floor(value / step) * step, Math.ceil(value / step) * step, value - step);
  }
  for (const candidate of candidates) {
    if (tried.has(candidate) || candidate < least || candidate > greatest || !Number.isInteger(candidate)) continue;
    tried.add(candidate);
    const its = simplicity(candidate, least, greatest, tickNs);
    if (its < rank || (its === rank && candidate < value)) yield candidate;
  }
}

/** Lower is simpler: an end of the bounds, else the roundest length that divides it, else anything. */
function simplicity(value: Ticks, least: Ticks, greatest: Ticks, tickNs: number): number {
  if (value === greatest || value === least) return 0;
  const index = ROUND_NS.findIndex((roundNs) => value % (roundNs / tickNs) === 0);
  return index < 0 ? ROUND_NS.length + 1 : index + 1;
}

function withValue(decisions: readonly Decision[], changed: Decision, value: Ticks): Schedule {
  return toSchedule(decisions.map((decision) => (decision === changed ? { ...decision, value } : decision)));
}

function toSchedule(decisions: readonly Decision[]): Schedule {
  return new Map(decisions.map((decision) => [decision.name, decision.value]));
}
