import { describe, expect, test } from 'vitest';
import { endToEnd } from '../../models/end-to-end/model.ts';
import { FixedStrategy } from '../../src/engine/fixed-strategy.ts';
import { run, Subject } from '../../src/engine/run.ts';
import { EMPTY_SCHEDULE } from '../../src/engine/schedule.ts';
import type { Variant } from '../../src/model/model.ts';
import type { Settings } from '../../src/model/parameters.ts';
import type { Decided } from '../support/toy.ts';
import { broken, keptViolations, mutantsOf, play } from './of-variants.ts';

/** A fault 150 s after the first attach, right after a ping was answered. */
function struck(kind: string, hop = 'balancer to proxy'): Decided {
  return {
    'strike time #1': '150.1s',
    ...(kind === 'cut' ? {} : { 'strike kind #1': kind }),
    ...(hop === 'client to balancer' || kind === 'FIN swallowed' ? {} : { 'strike hop #1': hop }),
  };
}

/** From a fault to the next session, in seconds; or what becomes of the client. */
function back(variant: string, decided: Decided, settings: Settings = {}): string {
  const { trace } = play(endToEnd, variant, decided, settings);
  const lost = trace.find(({ name }) => name === 'session lost')?.at;
  if (lost === undefined) return 'never lost';
  const next = trace.find(({ name, at }) => at >= lost && (name === 'session settled' || name === 'pump returns'));
  if (next === undefined) return 'never';
  return `${((next.at - lost) / 1_000_000).toFixed(1)}s: ${next.name}`;
}

describe('a day of it', () => {
  const day = { lasts: '26h', visit: '4h', away: '1m' };

  test('ends at the limit of the lifetime, attached to the last', () => {
    const { trace, violations, end } = play(endToEnd, 'reference', {}, day);
    const of = (name: string) => trace.filter((event) => event.name === name);
    expect([violations, end.why]).toEqual([[], 'finished']);
    expect(of('slot taken')).toHaveLength(6);
    expect(of('pump returns').map(({ data }) => (data as { result: string }).result)).toEqual(['exit']);
    expect(of('process ends').map(({ at }) => Math.floor(at / 1_000_000))).toEqual([24 * 3600 + 30]);
  });

  test('costs few steps: less than three for each simulated second', () => {
    const subject = new Subject(endToEnd, 'reference', day);
    const { endedAt, firings } = run(subject, () => new FixedStrategy(EMPTY_SCHEDULE, subject.tickNs));
    expect(firings / (endedAt / 1_000_000)).toBeLessThan(3);
  });
});

describe('a cut in the middle of the path', () => {
  test('by the versions of the parts', () => {
    const all = ['no-ping', 'ping-only', 'pong-deadline', 'reference'];
    expect(Object.fromEntries(all.map((each) => [each, back(each, struck('cut'))]))).toMatchInlineSnapshot(`
      {
        "no-ping": "255.0s: pump returns",
        "ping-only": "329.9s: session settled",
        "pong-deadline": "89.9s: session settled",
        "reference": "59.9s: session settled",
      }
    `);
  });

  test('each fault, with the references', () => {
    const kinds = ['cut', 'cut to client', 'cut to runner', 'reset', 'box hangs', 'box restarts', 'FIN swallowed'];
    const story = Object.fromEntries(kinds.map((kind) => [kind, back('reference', struck(kind))]));
    expect(story).toMatchInlineSnapshot(`
      {
        "FIN swallowed": "never lost",
        "box hangs": "59.9s: session settled",
        "box restarts": "15.0s: session settled",
        "cut": "59.9s: session settled",
        "cut to client": "59.9s: session settled",
        "cut to runner": "59.9s: session settled",
        "reset": "15.0s: session settled",
      }
    `);
  });

  test('at each hop', () => {
    const hops = ['client to balancer', 'balancer to proxy', 'proxy to runner'];
    expect(hops.map((hop) => back('reference', struck('cut', hop)))).toMatchInlineSnapshot(`
      [
        "59.9s: session settled",
        "59.9s: session settled",
        "59.9s: session settled",
      ]
    `);
  });
});

test('a partition that heals costs no session, once the first frame has come', () => {
  const heals = { ...struck('partition heals'), 'strike strikes partition #1': '19s' };
  expect(back('reference', heals)).toBe('never lost');
  const early = { ...heals, 'strike time #1': '10s' };
  expect(broken(play(endToEnd, 'reference', early))).toEqual([]);
  expect(broken(play(endToEnd, 'reference-as-parts', early))).toEqual(['healthy-session-spared']);
});

test('a client that was suspended has its session back when it resumes', () => {
  const suspended = { ...struck('client suspended', 'client to balancer'), 'strike strikes suspension #1': '2m' };
  expect(back('reference', suspended)).toMatchInlineSnapshot(`"15.0s: session settled"`);
});

test('who is refused, and by whom', () => {
  const refusals = (decided: Decided) =>
    play(endToEnd, 'reference', decided)
      .trace.filter(({ name }) => name === 'refused')
      .map(({ data }) => (data as { by: string }).by);
  expect(refusals({ 'rival comes #1': '60s' })).toEqual(['another client']);
  // A FIN that the balancer swallows: the runner does not know that the user has left.
  expect(refusals({ 'strike time #1': '60s', 'strike kind #1': 'FIN swallowed' })).toContain('own leftover');
});

test('what is kept as broken is mended by the references', () => {
  const kept = keptViolations('end-to-end');
  expect(kept.length).toBeGreaterThan(4);
  for (const { variant, property, schedule } of kept) {
    expect(broken(play(endToEnd, variant, schedule))).toContain(property);
  }
});

describe('each mutant breaks its promise, and the reference keeps it', () => {
  const schedules: Readonly<Record<string, Decided>> = {
    'pongs-not-missed': struck('cut'),
    'pong-wait-above-budget': struck('cut'),
    'proxy-answers-pings': { ...struck('cut'), 'strike time #1': '30s' },
    'proxy-counts-for-ever': {},
    'idle-timeout-below-interval': {},
    'watchdog-below-partition': { ...struck('partition heals'), 'strike strikes partition #1': '19s' },
    'grace-below-return': struck('cut'),
    'exit-not-passed-on': { 'exec process ends #1': '100s' },
    'release-forgotten': {},
    'timer-leak': {},
    'release-not-stamped': {},
    'disconnect-time-only': {},
    'newest-wins': { 'rival comes #1': '60s' },
  };

  test('there is a schedule for each', () => {
    expect(Object.keys(schedules)).toEqual(mutantsOf(endToEnd));
  });

  test.for(mutantsOf(endToEnd))('%s', (name) => {
    const { expect: declared } = endToEnd.variants[name] as Variant<unknown>;
    const schedule = schedules[name] as Decided;
    expect(broken(play(endToEnd, name, schedule))).toContain(declared.kind === 'mutant' ? declared.killedBy : '');
    expect(broken(play(endToEnd, 'reference', schedule))).toEqual([]);
  });
});
