import { describe, expect, test } from 'vitest';
import { registry } from '../../models/registry.ts';
import { parseSeedFile } from '../../src/gate/seed-file.ts';
import { answer, opened } from '../../src/workbench/answer.ts';
import { opening, shownOf, siteOf, withDefaults } from '../../src/workbench/choices.ts';
import { hashOf, type Shown, shownIn } from '../../src/workbench/link.ts';
import type { Exact, Ran } from '../../src/workbench/messages.ts';
import { nearestStop, roundTicks, shortDuration, stopsAround } from '../../src/workbench/scales.ts';
import { seedCommand, seedOf, seedText } from '../../src/workbench/seed.ts';

const facts = opened(registry);
const silence = () => undefined;
const start = opening(facts) as Shown;

function run(shown: Shown): Ran {
  const { property, schedule, scale } = shown;
  return answer(registry, { kind: 'run', site: siteOf(shown), property, schedule, scale }, silence) as Ran;
}

function exact(shown: Shown): Exact {
  const ask = { kind: 'exact', site: siteOf(shown), property: shown.property, maxStates: 200_000 } as const;
  return answer(registry, ask, silence) as Exact;
}

describe('a link', () => {
  const shown: Shown = {
    ...start,
    settings: { interval: '20s', path: 'direct' },
    schedule: { 'client 1→runner pong latency #2': '44.9ms', 'tie: instead of a=b & c #1': '<b>%+#' },
    scale: 10,
    against: 'reference',
    over: [{ name: 'interval', from: '5s', to: '30s' }],
    step: 7,
  };

  test('is read back as it was written', () => {
    expect(shownIn(hashOf(shown))).toEqual(shown);
    expect(shownIn(hashOf(start))).toEqual(start);
    // As another program may write it.
    expect(shownIn(hashOf(shown).replaceAll('+', '%20'))).toEqual(shown);
  });

  test('that says nothing, or nonsense, harms nobody', () => {
    expect(shownIn('')).toBeUndefined();
    expect(shownIn('#%E0%A4%A')).toBeUndefined();
    expect(shownIn('#model=attach&do.a=%ZZ&step=-1&scale=7&over=nonsense')).toEqual({
      ...{ model: 'attach', variant: '', property: '', settings: {}, schedule: {} },
    });
  });

  test('with names that are none shows what there is', () => {
    const odd = { ...start, variant: 'gone', composition: 'gone', property: '', settings: { gone: '1s' } };
    expect(withDefaults(facts, odd)).toMatchObject({ variant: 'reference', composition: 'any-end', settings: {} });
    expect(withDefaults(facts, { ...odd, model: 'gone' }).model).toBe(facts.models[0]?.name);
  });
});

describe('what a worker answers', () => {
  test('a run: the 16-minute slot', () => {
    const ran = run(start);
    const focus = ran.promises.find(({ name }) => name === start.property);
    expect(focus?.broken?.at).toBe('939.601s');
    expect(ran.schedule).toEqual({ 'client 1 end #1': '0' });
    expect(ran.values.pongWait).toBe('45s');
    expect(ran.stale).toEqual([]);
  });

  test('a run in ticks of which ten make one of the model, kept as such a seed', () => {
    const shown = { ...start, schedule: { 'client 1 end #1': '1.0005ms' }, scale: 10 };
    const ran = run(shown);
    expect(ran.schedule).toEqual(shown.schedule);
    expect(ran.values.pongWait).toBe('45s');
    expect(ran.timeline.tickNs).toBe(100);
    const seed = seedOf(shown, ran, '');
    const kept = parseSeedFile(seedText(seed));
    expect(kept).toMatchObject({ format: 2, scale: 10 });
    expect(shownOf(facts, kept).scale).toBe(10);
    expect(run({ ...shown, scale: undefined }).schedule).not.toEqual(shown.schedule);
  });

  test('a proof says what prove says, on every composition that is quick', () => {
    const on = (variant: string, property: string): Shown => ({ ...start, variant, property });
    const held = exact(on('reference', 'dead-client-evicted'));
    expect(held).toMatchObject({
      verdict: 'proved',
      least: { length: '29.8s', attained: true },
      greatest: { length: '45.1s', attained: true },
    });
    const broken = exact(on('ping-only', 'dead-client-evicted'));
    expect(broken).toMatchObject({ verdict: 'violated', greatest: { length: '955s' } });
    const never = exact(on('no-ping', 'dead-client-evicted'));
    expect(never).toMatchObject({ verdict: 'violated', greatest: { length: 'no end' } });
    expect(exact(on('round-trip-at-limit', 'live-client-spared')).verdict).toBe('violated');
    expect(exact(on('round-trip-below-limit', 'live-client-spared')).verdict).toBe('proved');
    expect(exact(on('reference', 'nothing-like-it')).stopped).toBe('it is not promised here');
  });

  test('the runs that a proof shows are as long as it says, or break what it says', () => {
    const { shows, greatest, least } = exact({ ...start, variant: 'reference' });
    const lengthOf = (played: Pick<Shown, 'schedule' | 'scale'> | undefined) =>
      run({ ...start, variant: 'reference', ...played }).promises.find(({ name }) => name === start.property)?.measured;
    expect(lengthOf(shows.greatest)).toEqual([greatest?.length, greatest?.length]);
    expect(lengthOf(shows.least)).toEqual([least?.length, least?.length]);
    const { breaks } = exact({ ...start, variant: 'no-ping' }).shows;
    const ran = run({ ...start, variant: 'no-ping', ...breaks });
    expect(ran.promises.find(({ name }) => name === start.property)?.broken).toBeDefined();
  });

  test('a bad setting is one line', () => {
    expect(() => run({ ...start, settings: { interval: 'soon' } })).toThrow(/^parameter interval .*got "soon"$/);
  });
});

describe('a seed', () => {
  test('holds what is shown, is read by the gate, and is shown again when it is opened', () => {
    const ran = run(start);
    const seed = seedOf(start, ran, ' two\nlines ');
    expect(seed).toMatchObject({ verdict: 'violated', why: 'two lines', digest: ran.digest });
    const text = /<<'SEED'\n([\s\S]*)SEED\n$/.exec(seedCommand(seed))?.[1] ?? '';
    expect(parseSeedFile(text)).toEqual(seed);
    expect(shownOf(facts, seed)).toEqual(start);
    expect(run(shownOf(facts, seed)).digest).toBe(ran.digest);
    expect(() => shownOf(facts, { ...seed, model: 'gone' })).toThrow(/^expected a model that there is/);
  });
});

describe('scales', () => {
  test('a slider stops at lengths of two digits, about the usual one', () => {
    const stops = stopsAround(15_000_000, 1000);
    expect([stops[0], stops[nearestStop(stops, 15_000_000)]]).toEqual([0, 15_000_000]);
    expect(stops).toEqual([...stops].sort((a, b) => a - b));
    expect(stops.every((stop) => stop === 0 || Number(String(stop).replace(/0+$/, '')) < 100)).toBe(true);
  });

  test('what the hand points at is as exact as the eye', () => {
    expect(roundTicks(123_456, 1_000)).toBe(123_000);
    expect(roundTicks(123_456, 0.5)).toBe(123_456);
    expect(
      ['0', '15s', '15.1s', '15m39s'].map((_, index) => shortDuration([0, 15e6, 15.1e6, 939e6][index] ?? 0, 1000)),
    ).toEqual(['0', '15s', '15.1s', '15m39s']);
  });
});
