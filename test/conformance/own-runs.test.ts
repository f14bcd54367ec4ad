// What the model itself does in random runs is found to be a behaviour of it, told as a runner would tell it: of what a
// log does not tell, nothing is left out that such a run needs.
import { describe, expect, test } from 'vitest';
import { attach } from '../../models/attach/model.ts';
import { quietSettings } from '../../models/attach/quiet.ts';
import { hintsOf } from '../../src/engine/hints.ts';
import { RandomStrategy } from '../../src/engine/random-strategy.ts';
import { record, Subject } from '../../src/engine/run.ts';
import type { TraceEvent } from '../../src/engine/trace.ts';
import { Conformance, type TrialAnswer } from '../../src/gate/conform.ts';
import type { LogEvent } from '../../src/gate/log-format.ts';
import type { Settings } from '../../src/model/parameters.ts';
import { linesOf } from './held.ts';

const [first] = linesOf('pong-deadline', 'vanishes');
if (first?.kind !== 'header') throw new Error('expected a header first');
const { header } = first;
/** What runners tell. */
const NAMES = new Set(header.events);
const SETTINGS: Settings = { ...header.settings, latency: '1us..5ms', outputs: '1', typing: '1' };
const RUNS = 12;

function run(variant: string, seed: number, settings = SETTINGS): readonly TraceEvent[] {
  const subject = new Subject(attach, variant, settings);
  const hints = hintsOf(subject);
  return record(subject, (clock) => new RandomStrategy(seed, clock, hints)).trace.filter(({ name }) => NAMES.has(name));
}

function told(trace: readonly TraceEvent[]): readonly LogEvent[] {
  return trace.map(({ at, lane, name, data }, index) => ({
    line: index + 1,
    atNs: at * 1000,
    lane,
    name,
    ...(data === undefined ? {} : { data: data as NonNullable<LogEvent['data']> }),
  }));
}

function held(variant: string, events: readonly LogEvent[], settings = SETTINGS): TrialAnswer {
  const conformance = new Conformance({
    model: attach,
    variant,
    settings,
    errorNs: 1000,
    vocabulary: { names: NAMES, ignored: new Set(), once: new Set() },
    maxStates: 50_000,
  });
  for (const event of events) conformance.next(event);
  return conformance.end(1, undefined);
}

describe('runs of the model', { timeout: 120_000 }, () => {
  test.each(['pong-deadline', 'reference'])('%s: conform to it', (variant) => {
    for (let seed = 1; seed <= RUNS; seed++) {
      const { verdict, refusal, stopped } = held(variant, told(run(variant, seed)));
      expect({ seed, verdict, refusal, stopped }).toEqual({ seed, verdict: 'conforms' });
    }
  });
});

test('runs of another variant do not, be one word missing', { timeout: 60_000 }, () => {
  const settings: Settings = {
    ...SETTINGS,
    outputs: '0',
    typing: '0',
    exits: 'never',
    stdin: 'read',
    clientPings: 'never',
  };
  const events = told(run('pong-deadline', 1, { ...settings, rival: 'none', entry: 'succeeds', death: 'vanishes' }));
  expect(held('pong-deadline', events, settings).verdict).toBe('conforms');
  const { verdict, refusal } = held('ping-only', events, settings);
  expect({ verdict, event: refusal?.event?.name }).toEqual({ verdict: 'refused', event: 'read deadline armed' });
  const without = events.filter(({ name }) => name !== 'read deadline armed');
  expect(held('pong-deadline', without, settings).verdict).toBe('refused');
});

describe('what a log does not tell', () => {
  const of = (name: string, lane: string, data?: LogEvent['data']) => ({ lane, name, data });
  const alone = [of('slot taken', 'slot', { session: 1 }), of('attach answered', 'client 1', { status: 101 })];

  test('is left out where it would be told', () => {
    expect(quietSettings(alone, NAMES)).toEqual({
      ...{ ends: 'never', typing: '0', clientPings: 'never', outputs: '0', exits: 'never', stdin: 'read' },
      ...{ rival: 'none', entry: 'succeeds' },
    });
  });

  test('is not where it need not be: names that the program does not tell', () => {
    expect(quietSettings(alone, new Set(['slot taken']))).toEqual({ ends: 'never', rival: 'at will' });
  });

  test('is not where it is told: by whomever', () => {
    const more = [of('types', 'client 1'), of('slot taken', 'slot', { session: 2 }), of('process exits', 'shell')];
    const settings = quietSettings([...alone, ...more], NAMES);
    expect(settings).toMatchObject({ rival: 'at will', clientPings: 'never' });
    expect(Object.keys(settings)).not.toContain('typing');
    expect(Object.keys(settings)).not.toContain('exits');
    expect(quietSettings([...alone, of('attach answered', 'client 2', { status: 409 })], NAMES).rival).toBe('at will');
    expect(quietSettings([of('attach answered', 'client 1', { status: 500 })], NAMES)).not.toHaveProperty('entry');
    expect(quietSettings([of('attach answered', 'client 1')], NAMES)).not.toHaveProperty('entry');
  });

  test.each<[what: string, event: ReturnType<typeof of>, death: string | undefined]>([
    ['a death of some kind', of('client dead', 'client 1', { kind: 'goes mute' }), 'goes mute'],
    ['a death of no kind', of('client dead', 'client 1', {}), undefined],
    ['a stall', of('stalls', 'client 1'), 'stalls'],
    ['a goodbye', of('leaves', 'client 1'), 'says goodbye'],
    ['a goodbye of the other one', of('leaves', 'client 2'), undefined],
    ['nothing', of('ping sent', 'runner session 1 keepalive'), undefined],
  ])('the end of the first client: %s', (_what, event, death) => {
    expect(quietSettings([...alone, event], NAMES).death).toBe(death);
    expect(quietSettings([...alone, event], new Set(['slot taken'])).death).toBeUndefined();
  });
});
