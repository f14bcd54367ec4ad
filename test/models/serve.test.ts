import { describe, expect, test } from 'vitest';
import { serve } from '../../models/serve/model.ts';
import { Reference } from '../../models/serve/session.ts';
import type { Variant } from '../../src/model/model.ts';
import type { Settings } from '../../src/model/parameters.ts';
import type { Decided } from '../support/toy.ts';
import { broken, editsOf, keptViolations, mutantsOf, play, saidOf } from './of-variants.ts';

const DIES = { 'client 1 end #1': '0' };
const FREEZES = { ...DIES, 'client 1 kind of end #1': 'freezes' };

/** From the death of the first client to the release of its slot, and which task finished. */
function held(variant: string, decided: Decided = DIES, settings: Settings = {}): string {
  const { trace } = play(serve, variant, decided, settings);
  const find = (name: string) => trace.find((event) => event.name === name);
  const [death, release, first] = [find('client dead'), find('slot released'), find('task finishes')];
  if (death === undefined || release === undefined || first === undefined) return 'for ever';
  return `${(release.at - death.at) / 1_000_000}s, ${(first.data as { task: string }).task}`;
}

describe('the session of a dead client', () => {
  test('one that vanished: until TCP gives the first ping up, or for the read deadline', () => {
    expect(['as-is', 'reference'].map((each) => held(each))).toEqual(['924.6s, receive', '45s, receive']);
    expect(held('as-is', DIES, { path: 'balanced' })).toBe('924.602s, receive');
  });

  test('one that froze: for ever, for its kernel acknowledges', () => {
    expect(['as-is', 'reference'].map((each) => held(each, FREEZES))).toEqual(['for ever', '45s, receive']);
  });

  test('one that froze while output floods: the send that finds no room times out', () => {
    expect(held('as-is', { ...FREEZES, 'process written 1st #1': '1s' })).toBe('21.002s, send');
  });

  test('one that was reset, or has left: at once', () => {
    expect(held('as-is', { ...DIES, 'client 1 kind of end #1': 'is reset' })).toBe('0.001s, receive');
    expect(held('as-is', { ...DIES, 'client 1 kind of end #1': 'exits' })).toBe('0.001s, receive');
  });
});

describe('the first ping', () => {
  /** When the client was sent its first frame. */
  const first = (variant: string) => play(serve, variant).trace.find(({ name }) => name === 'send over')?.at;

  test('goes at once, not after one interval', () => {
    expect(['as-is', 'reference', 'first-ping-late'].map(first)).toEqual([0, 0, 15_000_000]);
  });
});

describe('whether a live client is promised to be spared', () => {
  test.each<[settings: Settings, says: string]>([
    [{}, 'promised'],
    [{ readTimeout: '15.500001s' }, 'promised'],
    [{ readTimeout: '15.5s' }, 'not promised'],
    [{ sendTimeout: '500.001ms' }, 'promised'],
    [{ sendTimeout: '500ms' }, 'not promised'],
  ])('%o: %s', (settings, says) => {
    const said = saidOf(serve, 'live-client-spared', settings).split('. ').at(-1);
    expect(said).toBe(`With these parameters it is ${says}.`);
  });
});

test('what is kept as broken is mended by the reference', () => {
  const kept = keptViolations('serve');
  expect(kept).toHaveLength(3);
  for (const { variant, property, schedule } of kept) {
    expect(broken(play(serve, variant, schedule))).toContain(property);
    expect([property, broken(play(serve, 'reference', schedule))]).toEqual([property, []]);
  }
});

test('a mutant is one edit of the reference', () => {
  expect(editsOf(serve, Reference)).toMatchInlineSnapshot(`
    {
      "first-ping-late": "armFirstPing",
      "only-input-rearms": "onFrame",
      "other-task-not-aborted": "abort",
      "ping-equals-balancer-idle": "",
      "send-without-timeout": "armSendDeadline",
      "slot-not-freed": "freeSlot",
      "waits-for-other-task": "abort",
    }
  `);
});

describe('each mutant breaks its promise, and the reference keeps it', () => {
  const schedules: Readonly<Record<string, Decided>> = {
    'other-task-not-aborted': DIES,
    'waits-for-other-task': DIES,
    'slot-not-freed': DIES,
    'first-ping-late': {},
    'send-without-timeout': { ...FREEZES, 'process written 1st #1': '1s' },
    'only-input-rearms': {},
    'ping-equals-balancer-idle': { 'path #1': 'balanced', 'net 1 runner→balancer ping latency #3': '100ms' },
  };

  test('there is a schedule for each', () => {
    expect(Object.keys(schedules)).toEqual(mutantsOf(serve));
  });

  test.for(mutantsOf(serve))('%s', (name) => {
    const { expect: declared } = serve.variants[name] as Variant<unknown>;
    const schedule = schedules[name] as Decided;
    expect(broken(play(serve, name, schedule))).toContain(declared.kind === 'mutant' ? declared.killedBy : '');
    expect(broken(play(serve, 'reference', schedule))).toEqual([]);
  });
});
