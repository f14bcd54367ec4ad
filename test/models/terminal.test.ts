import { describe, expect, test } from 'vitest';
import { terminal } from '../../models/terminal/model.ts';
import { Reference } from '../../models/terminal/variants.ts';
import type { Variant } from '../../src/model/model.ts';
import type { Settings } from '../../src/model/parameters.ts';
import { type Decided, storyOf } from '../support/toy.ts';
import { broken, editsOf, keptViolations, mutantsOf, play, saidOf } from './of-variants.ts';

const VANISHES = { 'client end #1': '0' };

/** From the death of a client to the end of its terminal. */
function lived(variant: string, decided: Decided = VANISHES, settings: Settings = {}): string {
  const at = (name: string) =>
    play(terminal, variant, decided, settings).trace.find((event) => event.name === name)?.at;
  const [death, end] = [at('client dead'), at('terminal over')];
  return death === undefined || end === undefined ? 'for ever' : `${(end - death) / 1_000_000}s`;
}

describe('the shell of a client that has vanished', () => {
  test('lives for ever, until TCP gives up, or for pongWait', () => {
    expect(['no-keepalive', 'keepalive', 'reference'].map((each) => lived(each))).toEqual([
      'for ever',
      '939.6s',
      '45s',
    ]);
  });

  test('behind a balancer: its idle timeout ends it, unless pings defeat that', () => {
    const balanced = (variant: string) => lived(variant, VANISHES, { path: 'balanced' });
    expect(['no-keepalive', 'keepalive', 'reference'].map(balanced)).toEqual(['60.001s', '939.602s', '45s']);
  });

  test('of one that froze: TCP acknowledges for it, and #516 never notices', () => {
    const frozen = { ...VANISHES, 'client kind of end #1': 'freezes' };
    expect(['keepalive', 'reference'].map((each) => lived(each, frozen))).toEqual(['for ever', '45s']);
  });

  test('input that waits while the shell starts re-arms the deadline late', () => {
    const waits = { ...VANISHES, 'client types 1st time #1': '0', 'terminal handler start #1': '5s' };
    const first = {
      'tie: instead of client reader #1': 'client fate',
      'tie: instead of client end #1': 'client types 1st time',
    };
    expect(lived('reference', { ...waits, ...first }, { path: 'direct', ends: 'never' })).toBe('50s');
  });
});

describe('a live terminal', () => {
  test('that is idle is cut by a balancer where nobody pings', () => {
    const run = play(terminal, 'no-keepalive', {}, { path: 'balanced' });
    expect(broken(run)).toEqual(['idle-connection-kept', 'live-client-spared']);
  });

  test('is kept by pings', () => {
    for (const variant of ['keepalive', 'reference']) {
      expect(broken(play(terminal, variant, {}, { path: 'balanced' }))).toEqual([]);
    }
  });

  test.each<[settings: Settings, says: string]>([
    [{}, 'promised'],
    [{ pongWait: '15.500001s' }, 'promised'],
    [{ pongWait: '15.5s' }, 'not promised'],
    [{ start: '0..44.999999s' }, 'promised'],
    [{ start: '0..45s' }, 'not promised'],
  ])('%o: sparing it is %s', (settings, says) => {
    const spared = saidOf(terminal, 'live-client-spared', settings);
    expect(spared.split('. ').at(-1)).toBe(`With these parameters it is ${says}.`);
  });
});

test('what is kept as broken is mended by the reference', () => {
  const kept = keptViolations('terminal');
  expect(kept).toHaveLength(7);
  for (const { variant, property, schedule } of kept) {
    expect(broken(play(terminal, variant, schedule))).toContain(property);
    expect([property, broken(play(terminal, 'reference', schedule))]).toEqual([property, []]);
  }
});

test('a mutant is one edit of the reference', () => {
  expect(editsOf(terminal, Reference)).toMatchInlineSnapshot(`
    {
      "graceful-close-of-dead": "closeConn",
      "no-initial-deadline": "setInitialReadDeadline",
      "no-write-mutex": "ping",
      "own-write-rearms": "ping",
      "pong-does-not-rearm": "onPong",
      "shell-not-ended": "endShell",
      "timer-leak": "stopTicker",
    }
  `);
});

describe('each mutant breaks its promise, and the reference keeps it', () => {
  const schedules: Readonly<Record<string, Decided>> = {
    'no-write-mutex': { 'shell written 1st #1': '60s' },
    'pong-does-not-rearm': {},
    'no-initial-deadline': VANISHES,
    'own-write-rearms': VANISHES,
    'shell-not-ended': VANISHES,
    'graceful-close-of-dead': { 'shell written 1st #1': '140s', 'client end #1': '120s' },
    'timer-leak': { 'shell start #1': 'fails' },
  };

  test('there is a schedule for each', () => {
    expect(Object.keys(schedules)).toEqual(mutantsOf(terminal));
  });

  test.for(mutantsOf(terminal))('%s', (name) => {
    const { expect: declared } = terminal.variants[name] as Variant<unknown>;
    const schedule = schedules[name] as Decided;
    expect(broken(play(terminal, name, schedule))).toContain(declared.kind === 'mutant' ? declared.killedBy : '');
    expect(broken(play(terminal, 'reference', schedule))).toEqual([]);
  });
});

test('a ping that meets a writer panics only without the mutex', () => {
  const run = play(terminal, 'no-write-mutex', { 'shell written 1st #1': '60s' });
  expect(storyOf(run)).toContain('concurrent write to websocket connection');
});
