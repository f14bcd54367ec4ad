import { describe, expect, test } from 'vitest';
import { formatSeedFile, parseSeedFile, type SeedFile } from '../../src/gate/seed-file.ts';
import { runTask } from '../../src/gate/tasks.ts';
import { measure } from '../../src/property/property.ts';
import { counter } from '../fixtures/counter.ts';
import { heartbeat } from '../fixtures/heartbeat.ts';
import { brief, checkAll, registryOf } from './conduct.ts';

/** The counter, with one more measure: without a lock nobody waits for it. */
const patient: typeof counter = {
  ...counter,
  properties: (config) => [
    ...counter.properties(config),
    measure('waiting', 'From the first wait to the next addition.', { from: 'finds the lock taken', to: 'added' }),
  ],
};
const registry = registryOf(patient, heartbeat);

const kept: SeedFile = {
  format: 1,
  model: 'counter',
  variant: 'lock-free',
  property: 'nothing-lost',
  verdict: 'violated',
  why: 'both adders read before either writes',
  settings: {},
  schedule: { 'adder 1 start #1': '1.5ms', 'adder 2 work #1': '5ms' },
  digest: '0000000000000000',
};

/** The same, as it would be kept today. */
function refreshed(seed: SeedFile): SeedFile {
  const result = runTask(registry, { kind: 'replay', seed });
  if (result.kind !== 'replay' || result.refreshed === undefined) throw new Error('the seed does not replay');
  return result.refreshed;
}

const good = refreshed({ ...kept, measured: { adding: ['0', '0'] } });

function verdictOn(file: SeedFile): string {
  const outcome = checkAll(registry, {
    seeds: [{ path: 'models/counter/regressions/lost.json', base: 'lost', file }],
    variant: file.variant,
  });
  return brief({ ...outcome, rows: outcome.rows.filter((row) => row.kind === 'seed') });
}

describe('a kept schedule', () => {
  test('one in finer ticks than the model has says so, in a format of its own', () => {
    const scaled = refreshed({ ...good, format: 2, scale: 10, schedule: { 'adder 1 start #1': '0.5005ms' } });
    expect(formatSeedFile(scaled)).toContain('"format": 2,');
    expect(formatSeedFile(scaled)).toContain('"scale": 10,');
    expect(parseSeedFile(formatSeedFile(scaled))).toEqual(scaled);
    expect(verdictOn(scaled)).toMatchInlineSnapshot(`
      "ok seed counter/lost | seed nothing-lost | violated, expected violated | both adders read before either writes
      exit 0"
    `);
    expect(verdictOn({ ...scaled, schedule: { 'adder 1 start #1': '0.50005ms' } })).toMatchInlineSnapshot(`
      "NO seed counter/lost | seed nothing-lost | violated, expected violated | stale decision "adder 1 start #1": "0.50005ms" is not a length from 0 to 2ms; the trace has changed: expected digest 0c096c172bf53989, got 06f52db56dc46374; if that is meant, refresh it: halfopen replay models/counter/regressions/lost.json --update
      exit 1"
    `);
    expect(verdictOn(good)).toContain('ok seed');
  });

  test('as it is written', () => {
    expect(formatSeedFile(good)).toMatchInlineSnapshot(`
      "{
        "format": 1,
        "model": "counter",
        "variant": "lock-free",
        "property": "nothing-lost",
        "verdict": "violated",
        "why": "both adders read before either writes",
        "settings": {},
        "schedule": {
          "adder 1 start #1": "1.5ms",
          "adder 2 work #1": "5ms"
        },
        "digest": "5ef28053a82ed824",
        "measured": {
          "adding": ["2.5ms", "2.5ms"]
        }
      }
      "
    `);
    expect(parseSeedFile(formatSeedFile(good))).toEqual(good);
    const scenario = { ...good, name: 'lost update' };
    expect(parseSeedFile(formatSeedFile(scenario))).toEqual(scenario);
  });

  test('replays to the last event', () => {
    expect(verdictOn(good)).toMatchInlineSnapshot(`
      "ok seed counter/lost | seed nothing-lost | violated, expected violated | both adders read before either writes
      exit 0"
    `);
  });

  test('with a decision that nobody asks for, and one that is not possible', () => {
    const schedule = { ...good.schedule, 'adder 9 work #1': '2ms', 'adder 2 work #1': '6ms' };
    expect(verdictOn({ ...good, schedule })).toMatchInlineSnapshot(`
      "NO seed counter/lost | seed nothing-lost | sampled, expected violated | expected nothing-lost to be violated, got: it holds; stale decision "adder 2 work #1": "6ms" is not a length from 1ms to 5ms; stale decision "adder 9 work #1": was never asked; the trace has changed: expected digest 5ef28053a82ed824, got 1b37ab5e4c4a7934; expected adding to measure 2.5ms..2.5ms, got 1ms..1ms; find a new one: halfopen simulate --model counter --variant lock-free --property nothing-lost
      exit 1"
    `);
  });

  test('whose trace has changed', () => {
    expect(verdictOn({ ...good, digest: 'ffffffffffffffff' })).toMatchInlineSnapshot(`
      "NO seed counter/lost | seed nothing-lost | violated, expected violated | the trace has changed: expected digest ffffffffffffffff, got 5ef28053a82ed824; if that is meant, refresh it: halfopen replay models/counter/regressions/lost.json --update
      exit 1"
    `);
  });

  test('that measures something else', () => {
    expect(verdictOn({ ...good, measured: { adding: ['1ms', '5ms'], waiting: ['0', '0'] } })).toMatchInlineSnapshot(`
      "NO seed counter/lost | seed nothing-lost | violated, expected violated | expected adding to measure 1ms..5ms, got 2.5ms..2.5ms; expected waiting to measure 0..0, got no end of it; if that is meant, refresh it: halfopen replay models/counter/regressions/lost.json --update
      exit 1"
    `);
  });

  test('that says how long something was that is no measure', () => {
    const measured: SeedFile['measured'] = { adding: ['0', '0'], 'nothing-lost': ['0', '0'], gone: ['0', '0'] };
    expect(verdictOn({ ...good, measured })).toMatchInlineSnapshot(`
      "NO seed counter/lost | seed nothing-lost | inconclusive, expected violated | model counter has no measure "nothing-lost", "gone"; it has: adding, waiting; correct models/counter/regressions/lost.json, or remove it
      exit 1"
    `);
    const bound: SeedFile = {
      ...kept,
      model: 'heartbeat',
      variant: 'reference',
      property: 'death-noticed',
      verdict: 'sampled',
      schedule: { 'client dies #1': '0' },
    };
    expect(verdictOn({ ...bound, measured: { 'death-noticed': ['45s', '45s'] } })).toMatchInlineSnapshot(`
      "NO seed heartbeat/lost | seed death-noticed | inconclusive, expected holds | model heartbeat has no measure "death-noticed"; it has: none; correct models/counter/regressions/lost.json, or remove it
      exit 1"
    `);
    // The run knows how long that took, and nobody is told.
    const replayed = runTask(registry, { kind: 'replay', seed: bound });
    expect(replayed).toHaveProperty('verdict', 'sampled');
    expect(replayed).toHaveProperty('tale.measured', {});
  });

  test('that shows another verdict', () => {
    expect(verdictOn({ ...good, verdict: 'sampled' })).toMatchInlineSnapshot(`
      "NO seed counter/lost | seed nothing-lost | violated, expected holds | expected nothing-lost to hold, got: violated; find a new one: halfopen simulate --model counter --variant lock-free --property nothing-lost
      exit 1"
    `);
    expect(verdictOn({ ...good, variant: 'reference' })).toMatchInlineSnapshot(`
      "NO seed counter/lost | seed nothing-lost | sampled, expected violated | expected nothing-lost to be violated, got: it holds; the trace has changed: expected digest 5ef28053a82ed824, got a8a562d2ecdef49c; expected adding to measure 2.5ms..2.5ms, got 5ms..5ms; find a new one: halfopen simulate --model counter --variant reference --property nothing-lost
      exit 1"
    `);
  });

  test('under which a promise holds', () => {
    expect(verdictOn(refreshed({ ...good, variant: 'reference', verdict: 'sampled' }))).toMatchInlineSnapshot(`
      "ok seed counter/lost | seed nothing-lost | sampled, expected holds | both adders read before either writes
      exit 0"
    `);
  });

  test('of something that is gone', () => {
    expect(verdictOn({ ...good, property: 'gone' })).toMatchInlineSnapshot(`
      "NO seed counter/lost | seed gone | inconclusive, expected violated | model counter promises no "gone"; it promises: nothing-lost; correct models/counter/regressions/lost.json, or remove it
      exit 1"
    `);
    expect(verdictOn({ ...good, settings: { adders: '2' } })).toMatchInlineSnapshot(`
      "NO seed counter/lost | seed nothing-lost | inconclusive, expected violated | unknown parameter "adders"; this model has: processes; correct models/counter/regressions/lost.json, or remove it
      exit 1"
    `);
    const lost = [
      { ...good, variant: 'gone' },
      { ...good, model: 'gone' },
    ];
    const seeds = lost.map((file, index) => ({ path: `${index}.json`, base: `${index}`, file }));
    const outcome = checkAll(registry, { seeds });
    expect(brief({ ...outcome, rows: outcome.rows.filter((row) => row.kind === 'seed') })).toMatchInlineSnapshot(
      `
      "NO seed counter/0 | seed nothing-lost | inconclusive, expected violated | model counter has no variant "gone"; it has: reference, lock-free, drop-the-lock; correct 0.json, or remove it
      NO seed gone/1 | seed nothing-lost | inconclusive, expected violated | there is no model "gone"; there are: counter, heartbeat; correct 1.json, or remove it
      exit 1"
    `,
    );
  });

  test('is refreshed without what is stale, and only where its verdict still comes out', () => {
    const stale = { ...good, schedule: { ...good.schedule, 'adder 9 work #1': '2ms' }, digest: 'ffffffffffffffff' };
    expect(refreshed(stale)).toEqual(good);
    expect(runTask(registry, { kind: 'replay', seed: { ...good, variant: 'reference' } })).not.toHaveProperty(
      'refreshed',
    );
  });
});

describe('a file that is no seed', () => {
  const text = (changes: Record<string, unknown>) => JSON.stringify({ ...kept, ...changes });
  const message = (malformed: string) => {
    try {
      parseSeedFile(malformed);
    } catch (error) {
      return (error as Error).message;
    }
    return 'was taken';
  };

  test('is refused with where, what was expected and what was got', () => {
    const malformed = [
      '{"format": 1,\n',
      '[]',
      text({ format: 3 }),
      text({ format: 2 }),
      text({ scale: 10 }),
      text({ format: 2, scale: 3 }),
      text({ model: undefined }),
      text({ variant: 7 }),
      text({ verdict: 'proved' }),
      text({ why: 'one\ntwo' }),
      text({ schedule: { 'adder 1 start #1': 1500 } }),
      text({ schedule: { 'adder 1 start': '1ms' } }),
      text({ schedule: [] }),
      text({ digest: 'abcd' }),
      text({ measured: { adding: ['1ms'] } }),
      text({ sheduel: {} }),
    ];
    expect(malformed.map(message).join('\n')).toMatchInlineSnapshot(`
      "expected JSON, got something else
      expected an object, got []
      at format: expected 1 or 2, got 3
      at scale: expected a number (format 2 says how fine its ticks are), got nothing
      at scale: expected nothing (format 1 has no scale), got 10
      at scale: expected 10 or 100 or 1000 or 10000 or 100000, got 3
      at model: expected a string, got nothing
      at variant: expected a string, got 7
      at verdict: expected "violated" or "sampled", got "proved"
      at why: expected one line of text, got "one\\ntwo"
      at schedule["adder 1 start #1"]: expected a string, got 1500
      at schedule["adder 1 start"]: expected the name of a decision, such as "pong latency #3", got that
      at schedule: expected an object, got []
      at digest: expected 16 hexadecimal digits, got "abcd"
      at measured["adding"]: expected two texts, the least and the greatest, got ["1ms"]
      expected no other fields than format, scale, name, model, variant, property, verdict, why, settings, schedule, digest, measured, got "sheduel""
    `);
  });
});
