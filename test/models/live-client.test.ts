import { describe, expect, test } from 'vitest';
import { attach } from '../../models/attach/model.ts';
import { OUTPUT_CHUNKS_MOST } from '../../models/attach/shell.ts';
import { replay } from '../../src/engine/replay.ts';
import { Subject } from '../../src/engine/run.ts';
import { planSweep } from '../../src/gate/sweep-plan.ts';
import type { Settings } from '../../src/model/parameters.ts';
import { registryOf } from '../gate/conduct.ts';

/** What is said about a live client under these parameters. */
function said(variant: string, settings: Settings = {}): string {
  const { all } = new Subject(attach, variant, settings).properties;
  return all.find(({ name }) => name === 'live-client-spared')?.says as string;
}

const PROMISED = 'With these parameters it is promised.';
const NOT_PROMISED = 'With these parameters it is not promised.';

describe('whether a live client is promised to be spared', () => {
  test('is said behind the condition', () => {
    expect(said('reference')).toMatchInlineSnapshot(
      `"A client that is alive, polls, and answers each ping within the stated round trip keeps its session until the process ends. Promised where interval + round trip (2 x path latency + answer) < pongWait, six round trips where a write may wait, and one < writeDeadline; equality is not enough. With these parameters it is promised."`,
    );
  });

  // By default a round trip is 2 x 2 x 100ms + 100ms = 500ms, and a ping may wait five of them for others' writes; output
  // comes to 72 x 4096 = 294912 bytes.
  test.each<[about: string, variant: string, settings: Settings, says: string]>([
    ['by default', 'reference', {}, PROMISED],
    ['on a slow network', 'reference', { latency: '1ms..16s' }, NOT_PROMISED],
    ['one tick below the limit', 'round-trip-below-limit', {}, PROMISED],
    ['at the limit', 'round-trip-at-limit', {}, NOT_PROMISED],
    ['a deadline one tick longer', 'reference', { pongWait: '18.000001s' }, PROMISED],
    ['a deadline that is met', 'reference', { pongWait: '18s' }, NOT_PROMISED],
    ['a balancer that is never there', 'reference', { pongWait: '18s', path: 'direct' }, PROMISED],
    ['a ping that never waits', 'reference', { pongWait: '15.500001s', sendBuffer: '294913' }, PROMISED],
    ['a deadline that is met without waiting', 'reference', { pongWait: '15.5s', sendBuffer: '294913' }, NOT_PROMISED],
    ['a write deadline one tick longer than a round trip', 'reference', { writeDeadline: '500.001ms' }, PROMISED],
    ['a write deadline as long as a round trip', 'reference', { writeDeadline: '500ms' }, NOT_PROMISED],
    ['the same, and output fits', 'reference', { writeDeadline: '500ms', sendBuffer: '294913' }, PROMISED],
    ['the same, and output fills all', 'reference', { writeDeadline: '500ms', sendBuffer: '294912' }, NOT_PROMISED],
    ['the same, in smaller chunks', 'reference', { writeDeadline: '500ms', chunk: '227' }, PROMISED],
  ])('%s', (_about, variant, settings, says) => {
    expect(said(variant, settings).split('. ').at(-1)).toBe(says);
  });

  test.each([
    ['1s..2s', PROMISED],
    ['14s..16s', 'equality is not enough.'],
  ])('is said of a sweep over %s only where it is true of all', (range, last) => {
    const campaign = { registry: registryOf(attach), maxStates: 1, options: [] };
    const [from, to] = range.split('..') as [string, string];
    const { says } = planSweep(campaign, {
      model: 'attach',
      composition: 'silent-death',
      property: 'live-client-spared',
      settings: { answer: '0..0' },
      over: [{ name: 'latency.max', from, to }],
      steps: 1,
    });
    expect(says.split(/(?<=[.;]) /).at(-1)).toBe(last);
  });

  test('depends on all the output that there can be', () => {
    const floods = {
      'shell stdout written #1': '1s',
      'shell stdout written #2': '2s',
      'shell stderr written #1': '3s',
    };
    const run = replay(new Subject(attach, 'reference'), new Map(Object.entries(floods)));
    expect(run.stale).toEqual([]);
    const chunks = run.trace.flatMap(({ name, data }) =>
      name === 'output' ? (data as { chunks: number }).chunks : [],
    );
    expect(chunks).toHaveLength(3);
    expect(chunks.reduce((sum, each) => sum + each)).toBe(OUTPUT_CHUNKS_MOST);
  });
});
