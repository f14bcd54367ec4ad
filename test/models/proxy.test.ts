import { describe, expect, test } from 'vitest';
import { proxy } from '../../models/proxy/model.ts';
import { KEEPABLE } from '../../models/proxy/parameters.ts';
import type { Variant } from '../../src/model/model.ts';
import type { Settings } from '../../src/model/parameters.ts';
import type { Decided } from '../support/toy.ts';
import { broken, mutantsOf, play, saidOf } from './of-variants.ts';

const VANISHES = { 'client end #1': '0' };

/** From one event to another, in seconds. */
function between(variant: string, from: string, to: string, decided: Decided, settings: Settings): string {
  const { trace } = play(proxy, variant, decided, settings);
  const at = (name: string) => trace.find((event) => event.name === name)?.at;
  const [start, end] = [at(from), at(to)];
  return start === undefined || end === undefined ? 'never' : `${(end - start) / 1_000_000}s`;
}

/** From the death of a client to the release of its slot. */
function held(variant: string, settings: Settings, decided: Decided = VANISHES): string {
  return between(variant, 'client dead', 'slot released', decided, settings);
}

describe('a dead client behind an ALB and a proxy', () => {
  const path = { product: 'alb', proxy: 'there' };

  test('that vanished: by runner', () => {
    const all = ['no-ping', 'ping-only', 'reference', 'proxy-answers-pings'];
    expect(Object.fromEntries(all.map((each) => [each, held(each, path)]))).toMatchInlineSnapshot(`
      {
        "no-ping": "60.002s",
        "ping-only": "939.604s",
        "proxy-answers-pings": "60.002s",
        "reference": "45s",
      }
    `);
  });

  test('that froze: its kernel acknowledges, and who misses no pong never notices', () => {
    const froze = { ...VANISHES, 'client kind of end #1': 'freezes' };
    expect(['ping-only', 'reference'].map((each) => held(each, path, froze))).toMatchInlineSnapshot(`
      [
        "never",
        "45s",
      ]
    `);
  });

  test('that a NAT forgot', () => {
    const forgotten = { 'client distress #1': '0', 'client kind of distress #1': 'is forgotten' };
    expect(['ping-only', 'reference'].map((each) => held(each, path, forgotten))).toMatchInlineSnapshot(`
      [
        "939.604s",
        "45s",
      ]
    `);
  });
});

describe('a live client that is idle', () => {
  const cut = (variant: string, product: string) =>
    between(variant, 'slot taken', 'cut at its limit', {}, { product, proxy: 'none' });

  test('when each product cuts it, if nobody pings', () => {
    expect(Object.fromEntries(KEEPABLE.map((each) => [each, cut('no-ping', each)]))).toMatchInlineSnapshot(`
      {
        "alb": "60s",
        "azure": "240s",
        "envoy": "300s",
        "nat": "never",
        "nginx": "60s",
        "nlb": "350s",
      }
    `);
  });

  test('pings keep it, but for a lifetime', () => {
    for (const each of KEEPABLE) expect(cut('reference', each)).toBe('never');
    expect(cut('reference', 'gcp')).toMatchInlineSnapshot(`"30s"`);
  });

  test('TCP keepalive keeps it through a box of layer 4 only', () => {
    const one = (product: string) => cut('tcp-keepalive-for-balancer', product);
    expect(['alb', 'nginx', 'nlb', 'azure'].map(one)).toMatchInlineSnapshot(`
      [
        "60s",
        "60s",
        "never",
        "never",
      ]
    `);
  });
});

test.each<[settings: Settings, says: string]>([
  [{}, 'promised'],
  [{ partition: '1s..19.299999s' }, 'promised'],
  [{ partition: '1s..19.3s' }, 'not promised'],
  [{ outputs: '0', partition: '1s..27.299999s' }, 'promised'],
  [{ outputs: '0', partition: '1s..27.3s' }, 'not promised'],
  [{ lateTick: '0..11s' }, 'not promised'],
])('%o: sparing a live client is %s', (settings, says) => {
  expect(saidOf(proxy, 'live-client-spared', settings).split('. ').at(-1)).toBe(`With these parameters it is ${says}.`);
});

describe('what a client survives', () => {
  const distress = (kind: string, more: Decided = {}) => ({
    'client distress #1': '60s',
    ...(kind === 'partition heals' ? {} : { 'client kind of distress #1': kind }),
    ...more,
  });

  test.for([
    distress('partition heals', { 'client distress partition #1': '19s' }),
    distress('partition to client heals', { 'client distress partition #1': '19s' }),
    distress('partition to runner heals', { 'client distress partition #1': '19s' }),
    distress('reads slowly', { 'shell stdout written #1': '70s' }),
  ])('%o', (decided) => {
    expect(broken(play(proxy, 'reference', decided))).toEqual([]);
  });

  test('slow reading, unless its pings lie behind more output than it reads in time', () => {
    const slow = distress('reads slowly', { 'shell stdout written #1': '70s' });
    expect(broken(play(proxy, 'reference', slow, { readPause: '500ms' }))).toEqual([]);
    expect(broken(play(proxy, 'reference', slow, { readPause: '4s' }))).toContain('live-client-spared');
  });

  test('late ticks, until pongs come too late for the deadline', () => {
    const latest = (lateTick: string, most: string) =>
      broken(play(proxy, 'reference', { 'runner session 1 ping ticker late #1': most }, { lateTick }));
    expect(latest('0..2s', '2s')).toEqual([]);
    expect(latest('0..31s', '31s')).toContain('live-client-spared');
  });

  test('a partition that is too long is told from death by nobody', () => {
    const long = distress('partition heals', { 'client distress partition #1': '60s' });
    expect(broken(play(proxy, 'long-partition', long))).toEqual(['live-client-spared']);
  });

  test('a step of the wall clock, in any direction, changes nothing but what is told of it', () => {
    const steady = play(proxy, 'reference', VANISHES);
    for (const kind of [{}, { 'kind of step #1': 'back' }]) {
      const stepped = play(proxy, 'reference', { ...VANISHES, 'step #1': '30s', ...kind });
      const without = stepped.trace.filter(({ name }) => name !== 'clock steps');
      expect(stepped.trace.length - without.length).toBe(1);
      expect(without).toEqual(steady.trace);
    }
  });
});

describe('each mutant breaks its promise, and the reference keeps it', () => {
  const schedules: Readonly<Record<string, Decided>> = {
    'proxy-answers-pings': VANISHES,
    'proxy-drops-control-frames': {},
    'tcp-keepalive-for-balancer': {},
    'ping-equals-balancer-idle': {},
    'deadline-on-wall-clock': { 'step #1': '30s' },
    'timer-leak': VANISHES,
    'pong-wait-below-partition': { 'client distress #1': '60s', 'client distress partition #1': '19s' },
  };

  test('there is a schedule for each', () => {
    expect(Object.keys(schedules)).toEqual(mutantsOf(proxy));
  });

  test.for(mutantsOf(proxy))('%s', (name) => {
    const { expect: declared } = proxy.variants[name] as Variant<unknown>;
    const schedule = schedules[name] as Decided;
    expect(broken(play(proxy, name, schedule))).toContain(declared.kind === 'mutant' ? declared.killedBy : '');
    expect(broken(play(proxy, 'reference', schedule))).toEqual([]);
  });
});
