import { describe, expect, test } from 'vitest';
import { dashboard } from '../../models/dashboard/model.ts';
import { PongDeadlineSession } from '../../models/dashboard/runner.ts';
import { ReferenceTab } from '../../models/dashboard/tab.ts';
import type { Design } from '../../models/dashboard/world.ts';
import type { Variant } from '../../src/model/model.ts';
import type { Decided } from '../support/toy.ts';
import { classesUpTo, hiddenParts, ownMethods } from './edits.ts';
import { broken, keptViolations, mutantsOf, play } from './of-variants.ts';

const THROTTLED = { 'tab time #1': '0' };
const SUSPENDED = { ...THROTTLED, 'tab kind #1': 'is suspended', 'tab fate suspension #1': '180s' };
const SUSPENDED_FOR_LONG = { ...THROTTLED, 'tab kind #1': 'is suspended for long' };

/** What a tab goes through, in seconds. */
function story(variant: string, decided: Decided): string {
  const told = [
    'throttled',
    'suspended',
    'resumes',
    'slot released',
    'sees the end',
    'resets its terminal',
    'gives up',
  ];
  return play(dashboard, variant, decided)
    .trace.filter(({ name }) => told.includes(name) || name === 'attach answered')
    .map(({ at, name, data }) => `${at / 1_000_000} ${name}${statusOf(data)}`)
    .join(', ');
}

function statusOf(data: unknown): string {
  const status = (data as { status?: number } | undefined)?.status;
  return status === undefined ? '' : ` ${status}`;
}

describe('a suspended tab', () => {
  test('holds the slot before #516, and is evicted after it', () => {
    expect(story('before', SUSPENDED)).toBe('0 suspended, 180 resumes, 300 resets its terminal, 300.001 slot released');
    expect(story('after', SUSPENDED)).toMatch(/^0 suspended, 45 slot released, 180 resumes/);
  });

  test('that comes back within the life of its URL attaches again', () => {
    expect(story('after', SUSPENDED)).toMatch(/sees the end, 181\.\d+ attach answered 101$/);
  });

  test('that comes back later is turned away, unless it fetches a fresh URL', () => {
    expect(story('after', SUSPENDED_FOR_LONG)).toMatch(/attach answered 403, [\d.]+ gives up 403$/);
    expect(story('reference', SUSPENDED_FOR_LONG)).toMatch(/attach answered 101$/);
  });
});

describe('a tab that is not suspended', () => {
  test('is reset at the age of its URL before #516, and left alone after it', () => {
    expect(story('before', {})).toBe('300 resets its terminal, 300.001 slot released');
    expect(story('after', {})).toBe('');
  });

  test('stays attached with throttled timers; its script could not have answered', () => {
    expect(story('after', THROTTLED)).toBe('0 throttled');
    const late = { ...THROTTLED, 'tab page answer of the page #12': '60s' };
    expect(broken(play(dashboard, 'throttled-client-timers', late))).toContain('throttled-tab-kept');
  });
});

test('what is kept as broken is mended by the reference', () => {
  const kept = keptViolations('dashboard');
  expect(kept).toHaveLength(4);
  for (const { variant, property, schedule } of kept) {
    expect(broken(play(dashboard, variant, schedule))).toContain(property);
    expect([property, broken(play(dashboard, 'reference', schedule))]).toEqual([property, []]);
  }
});

test('a mutant is one edit of the reference', () => {
  const edits = mutantsOf(dashboard).map((name) => {
    const { Tab, Session } = (dashboard.variants[name] as Variant<Design>).design;
    const classes = [...classesUpTo(ReferenceTab, Tab), ...classesUpTo(PongDeadlineSession, Session)];
    expect(classes.flatMap(hiddenParts)).toEqual([]);
    return [name, classes.flatMap(ownMethods).join(', ')];
  });
  expect(Object.fromEntries(edits)).toMatchInlineSnapshot(`
    {
      "does-not-reconnect": "afterEnd",
      "no-read-deadline": "armReadDeadline",
      "resets-when-url-expires": "onUrlExpired",
      "throttled-client-timers": "beforePong",
    }
  `);
});

describe('each mutant breaks its promise, and the reference keeps it', () => {
  const schedules: Readonly<Record<string, Decided>> = {
    'throttled-client-timers': { ...THROTTLED, 'tab page answer of the page #12': '60s' },
    'resets-when-url-expires': {},
    'does-not-reconnect': SUSPENDED,
    'no-read-deadline': SUSPENDED_FOR_LONG,
  };

  test('there is a schedule for each', () => {
    expect(Object.keys(schedules)).toEqual(mutantsOf(dashboard));
  });

  test.for(mutantsOf(dashboard))('%s', (name) => {
    const { expect: declared } = dashboard.variants[name] as Variant<unknown>;
    const schedule = schedules[name] as Decided;
    expect(broken(play(dashboard, name, schedule))).toContain(declared.kind === 'mutant' ? declared.killedBy : '');
    // The last delay of the first schedule is asked for by the mutant only.
    const { 'tab page answer of the page #12': _own, ...shared } = schedule;
    expect(broken(play(dashboard, 'reference', shared))).toEqual([]);
  });
});
