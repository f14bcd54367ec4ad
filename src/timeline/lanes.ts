import type { Moment, Observed, ProcessState, TimerState } from '../engine/observe.ts';
import type { Plain } from '../kernel/cell.ts';
import type { Countdown, Lane, Point, ProcessStretch, Stretch } from './model.ts';

/** What a lane must know besides the object that it shows. */
export interface Surroundings {
  readonly title: string;
  /** When the run ended. */
  readonly end: number;
  readonly locks: ReadonlySet<string>;
  readonly processes: readonly Observed[];
}

/** The lane that shows an object; none for what never was anything but one thing, or only for no time at all. */
export function laneOf(object: Observed, around: Surroundings): Lane | undefined {
  switch (object.kind) {
    case 'process':
      return processLane(object.name, object.history, around);
    case 'mutex':
      return mutexLane(object.name, object.history, around);
    case 'channel':
      return levelLane(object.name, object.history, object.most, around);
    case 'timer':
      return deadlineLane(object.name, object.history, around);
    case 'latch':
      return stateLane(object.name, object.history, (fired) => (fired ? 'done' : ''), false, around);
    case 'cell':
      return cellLane(object.name, object.history, object.most, around);
  }
}

/** Each moment with the time until the next one. */
function* stretches<T>(history: readonly Moment<T>[], end: number): Generator<{ from: number; to: number; is: T }> {
  for (let index = 0; index < history.length; index++) {
    const { at, is } = history[index] as Moment<T>;
    yield { from: at, to: history[index + 1]?.at ?? end, is };
  }
}

function processLane(id: string, history: readonly Moment<ProcessState>[], around: Surroundings): Lane | undefined {
  const shown: ProcessStretch[] = [];
  for (const { from, to, is } of stretches(history, around.end)) {
    if (is.state === 'ended' || to === from) continue;
    shown.push({ from, to, how: howOf(is, around.locks), text: is.waitsFor.join(' or ') });
  }
  if (shown.length === 0) return undefined;
  // One that waits all the time for one and the same thing does nothing.
  const isMain = new Set(shown.map(({ text, how }) => `${how} ${text}`)).size > 1 || shown.length > 2;
  return { id, title: around.title, isMain, kind: 'process', stretches: shown };
}

function howOf({ state, frozen, waitsFor }: ProcessState, locks: ReadonlySet<string>): ProcessStretch['how'] {
  if (frozen) return 'is frozen';
  if (state === 'ready') return 'is ready';
  if (waitsFor.some((name) => locks.has(name))) return 'waits for a lock';
  return waitsFor.length === 1 && waitsFor[0]?.endsWith(' sleep') === true ? 'sleeps' : 'waits';
}

function mutexLane(
  id: string,
  history: readonly Moment<string | undefined>[],
  { title, end, processes }: Surroundings,
): Lane | undefined {
  const held: Stretch[] = [];
  for (const { from, to, is } of stretches(history, end))
    if (is !== undefined && to > from) held.push({ from, to, text: is });
  const waits = processes.flatMap((object) => (object.kind === 'process' ? waitsOf(object, id, end) : []));
  if (held.length === 0 && waits.length === 0) return undefined;
  return { id, title, isMain: true, kind: 'mutex', held, waits };
}

function waitsOf({ name, history }: Observed & { kind: 'process' }, lock: string, end: number): Stretch[] {
  const waits: Stretch[] = [];
  for (const { from, to, is } of stretches(history, end))
    if (to > from && is.waitsFor.includes(lock)) waits.push({ from, to, text: name });
  return waits;
}

function levelLane(
  id: string,
  history: readonly Moment<number>[],
  most: number | undefined,
  { title, end }: Surroundings,
): Lane | undefined {
  if (!hasExtent(history, end)) return undefined;
  const points: Point[] = history.map(({ at, is }) => ({ at, value: is }));
  const greatest = Math.max(...points.map(({ value }) => value), 1);
  const known = most === undefined || most === Infinity ? greatest : most;
  // A level that is measured against something is worth more than any number that changes.
  return { id, title, isMain: most !== undefined && most > 1, kind: 'level', most: known, points };
}

/** Whether it was something else for some time than it was at first. */
function hasExtent<T>(history: readonly Moment<T>[], end: number): boolean {
  const [first, ...more] = history;
  return more.some(({ at, is }, index) => is !== first?.is && (more[index + 1]?.at ?? end) > at);
}

function cellLane(
  id: string,
  history: readonly Moment<Plain>[],
  most: number | undefined,
  around: Surroundings,
): Lane | undefined {
  if (history.every(({ is }) => typeof is === 'number'))
    return levelLane(id, history as readonly Moment<number>[], most, around);
  const isWord = history.every(({ is }) => typeof is === 'string');
  const isList = history.every(({ is }) => Array.isArray(is) && is.every((each) => typeof each !== 'object'));
  return stateLane(id, history, stateText, isWord || isList, around);
}

function stateLane<T extends Plain>(
  id: string,
  history: readonly Moment<T>[],
  text: (value: T) => string,
  isMain: boolean,
  { title, end }: Surroundings,
): Lane | undefined {
  if (!hasExtent(history, end)) return undefined;
  const shown: Stretch[] = [];
  for (const { from, to, is } of stretches(history, end)) {
    const said = text(is);
    if (to > from && said !== '') shown.push({ from, to, text: said });
  }
  return shown.length === 0 ? undefined : { id, title, isMain, kind: 'state', stretches: shown };
}

/** What is not so, or nothing, is left blank. */
function stateText(value: Plain): string {
  if (value === null || value === undefined || value === false) return '';
  if (value === true) return 'yes';
  if (!Array.isArray(value)) return typeof value === 'string' ? value : JSON.stringify(value);
  if (value.length === 0) return '';
  return value.every((each) => typeof each !== 'object') ? value.join(', ') : `${value.length}`;
}

function deadlineLane(
  id: string,
  history: readonly Moment<TimerState>[],
  { title, end }: Surroundings,
): Lane | undefined {
  const runs: Countdown[] = [];
  let isMoment = false;
  for (const [index, { at, is }] of history.entries()) {
    if (!('due' in is) || is.due === Infinity) continue;
    isMoment ||= is.decision !== undefined && history.length <= 2;
    const next = history[index + 1];
    const to = Math.min(next?.at ?? end, is.due);
    if (to > at) runs.push({ from: at, to, due: is.due, ends: endOf(next?.is, is.due, end) });
  }
  return runs.length === 0 ? undefined : { id, title, isMain: !isMoment, kind: 'deadline', runs };
}

function endOf(next: TimerState | undefined, due: number, end: number): Countdown['ends'] {
  if (next === undefined) return due <= end ? 'fires' : 'still runs';
  if ('due' in next) return 'is armed anew';
  return 'fired' in next ? 'fires' : 'is stopped';
}
