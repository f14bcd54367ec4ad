// The recorded logs of real sockets are behaviours of the model, and of the right variant of it.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { LogLine } from '../../src/gate/log-format.ts';
import { HEARD, SILENT } from './evictions.ts';
import { held, linesOf, windowsOf, windowTable } from './held.ts';
import { parseLog, parseMeasures } from './log.ts';

const STORIES = [
  ...SILENT,
  ...HEARD,
  'stays',
  'stalls',
  'process exits',
  'pong meets the end',
  'dies under output',
  'dies while stdin blocks',
  'types while stdin blocks',
];

/** What a runner can tell of itself, and the ends of the first client. */
const WITHOUT_DEADLINES = [
  ...['slot taken', 'slot released', 'attach refused', 'attach answered', 'ping sent'],
  ...['client dead', 'leaves', 'stalls', 'types', 'pings', 'output', 'process exits', 'stops reading stdin'],
];

const verdictsOf = (answers: ReturnType<typeof held>) => answers.map(({ verdict }) => verdict);
const refusedAt = (answers: ReturnType<typeof held>) =>
  answers.map(({ refusal }) => refusal?.event && `${refusal.event.lane}: ${refusal.event.name}`);

describe('real logs', { timeout: 300_000 }, () => {
  test.each(STORIES)('pong-deadline, %s: all trials conform', (story) => {
    expect(verdictsOf(held(linesOf('pong-deadline', story)))).toEqual(['conforms', 'conforms', 'conforms']);
  });

  test.each(STORIES)('reference, %s: all trials conform', (story) => {
    expect(verdictsOf(held(linesOf('reference', story)))).toEqual(['conforms', 'conforms', 'conforms']);
  });

  test.each(STORIES)('ping-only, %s: all trials conform', (story) => {
    expect(verdictsOf(held(linesOf('ping-only', story)))).toEqual(['conforms', 'conforms', 'conforms']);
  });

  // The first ping comes without a word about a deadline.
  test.each([...SILENT, 'stays'])('ping-only, %s: do not conform to reference', (story) => {
    expect(verdictsOf(held(linesOf('ping-only', story), { as: 'reference' }))).toEqual([
      'refused',
      'refused',
      'refused',
    ]);
  });

  test('without a word about deadlines, ping-only still does not conform: a ping goes out to a client that is evicted', () => {
    const [answer] = held(linesOf('ping-only', 'vanishes'), {
      as: 'reference',
      observe: WITHOUT_DEADLINES,
      trials: 1,
    });
    expect(answer?.refusal?.event).toMatchInlineSnapshot(`
      {
        "at": "204.669ms",
        "lane": "runner session 1 keepalive",
        "line": 17,
        "name": "ping sent",
      }
    `);
    expect(answer?.refusal?.mayBe).toMatchInlineSnapshot(`
      [
        {
          "data": {
            "byHolder": true,
            "session": 1,
          },
          "lane": "slot",
          "name": "slot released",
          "when": {
            "greatest": "159.37ms",
            "least": "149.461ms",
          },
        },
      ]
    `);
  });
});

describe('an altered log is refused', { timeout: 120_000 }, () => {
  const original = linesOf('pong-deadline', 'vanishes');

  /** The first trial with one event at another time, in the order of times again. */
  function moved(name: string, byNs: number): readonly LogLine[] {
    const end = original.findIndex((line, index) => index > 1 && line.kind === 'trial');
    const [header, trial, ...rest] = original.slice(0, end);
    const events = rest.flatMap((line) => (line.kind === 'event' ? [line.event] : []));
    const which = events.findIndex((event) => event.name === name && event.data?.session !== 4);
    const altered = events.map((event, index) => (index === which ? { ...event, atNs: event.atNs + byNs } : event));
    altered.sort((a, b) => a.atNs - b.atNs);
    return [header as LogLine, trial as LogLine, ...altered.map((event): LogLine => ({ kind: 'event', event }))];
  }

  test('where one event comes later than the error allows, that event is named', () => {
    expect(verdictsOf(held(moved('slot released', 0)))).toEqual(['conforms']);
    expect(refusedAt(held(moved('slot released', 50e6)))).toEqual(['slot: slot released']);
    // What the same lane tells next would have to come before it.
    expect(refusedAt(held(moved('close frame', 40e6)))).toEqual(['runner session 1 handler: handler returns']);
  });

  test('where one event comes earlier, that event is named', () => {
    expect(refusedAt(held(moved('fails', -60e6)))).toEqual(['runner session 1 reader: fails']);
  });

  test('where one event is left out or says something else', () => {
    const without = original.filter(
      (line) => line.kind !== 'event' || line.event.name !== 'slot released' || line.event.data?.session !== 1,
    );
    expect(refusedAt(held(without, { trials: 1 }))).toEqual(['slot: slot taken']);
    const other = original.map((line): LogLine => {
      if (line.kind !== 'event' || line.event.name !== 'close frame') return line;
      return { kind: 'event', event: { ...line.event, data: { ...line.event.data, code: 1000 } } };
    });
    expect(refusedAt(held(other, { trials: 1 }))).toEqual(['runner session 1 handler: close frame']);
  });

  test('where it ends too late: the model would have gone on', () => {
    const first = original
      .slice(0, 15)
      .map(
        (line): LogLine => (line.kind === 'trial' ? { kind: 'trial', trial: { ...line.trial, untilNs: 900e6 } } : line),
      );
    const [answer] = held(first);
    expect(answer).toMatchObject({ verdict: 'refused', refusal: { until: '900ms' } });
    expect(answer?.refusal?.mayBe.map(({ name }) => name)).toContain('ping sent');
  });
});

describe('the real evictions', { timeout: 120_000 }, () => {
  const folder = path.join(import.meta.dirname, 'logs');
  const readText = (name: string) => readFileSync(path.join(folder, name), 'utf8');
  const { header } = parseLog(readText('pong-deadline--vanishes.ndjson'));
  const windows = windowsOf(header, parseMeasures(readText('measured.ndjson')));

  test('lie inside the exact window of the model', () => {
    const outside = windows.filter(
      ({ least, greatest, real, error }) => real[0] < least - error || real[2] > greatest + error,
    );
    expect(outside).toEqual([]);
    expect(windows).toHaveLength(7);
  });

  test('are shown beside it', () => {
    expect(readText('README.md')).toContain(windowTable(windows));
  });
});
