// What was recorded on real sockets (logs/README.md), looked at without Go.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { attach } from '../../models/attach/model.ts';
import { evictionTable, HEARD, misfit, SILENT, VARIANTS } from './evictions.ts';
import { violatedBy } from './judge.ts';
import { type Log, type Measures, parseLog, parseMeasures, parseRules, type Trial } from './log.ts';
import { strangersIn, vocabularyOf } from './vocabulary.ts';

const folder = path.join(import.meta.dirname, 'logs');
const readText = (name: string) => readFileSync(path.join(folder, name), 'utf8');

const logs = readdirSync(folder)
  .filter((name) => name.includes('--'))
  .map((name) => parseLog(readText(name)));
const measured = parseMeasures(readText('measured.ndjson'));

const STORIES = [
  ...SILENT,
  ...HEARD,
  'stalls',
  'stays',
  'process exits',
  'pong meets the end',
  'dies under output',
  'dies while stdin blocks',
  'types while stdin blocks',
];

function logOf(variant: string, story: string): Log {
  const found = logs.find(({ header }) => header.variant === variant && header.story === story);
  if (found === undefined) throw new Error(`no log of ${variant}, ${story}`);
  return found;
}

function measuresOf(variant: string, story: string): Measures {
  const found = measured.find((each) => each.variant === variant && each.story === story);
  if (found === undefined) throw new Error(`no measures of ${variant}, ${story}`);
  return found;
}

/** For each story, the promises that some of its kept trials break; stories that break none are left out. */
function brokenBy(variant: string): Record<string, string> {
  const broken = STORIES.map((story) => {
    const { header, trials } = logOf(variant, story);
    return [story, [...new Set(trials.flatMap((trial) => violatedBy(header, trial)))].sort().join(', ')] as const;
  });
  return Object.fromEntries(broken.filter(([, properties]) => properties !== ''));
}

describe('the recorded logs', () => {
  test('are there for each variant and story, all of one making', () => {
    expect(logs).toHaveLength(VARIANTS.length * STORIES.length);
    expect(measured).toHaveLength(logs.length);
    for (const variant of VARIANTS) for (const story of STORIES) expect(logOf(variant, story).trials).toHaveLength(3);
    expect(new Set(logs.map(({ header }) => JSON.stringify(header.madeWith))).size).toBe(1);
  });

  test('say what the model says, in its words', () => {
    const vocabulary = vocabularyOf(VARIANTS, 300);
    expect(logs.flatMap((log) => strangersIn(log, vocabulary))).toEqual([]);
    const [log] = logs as [Log];
    const [trial] = log.trials as [Trial];
    const [event] = trial.events as [Trial['events'][number]];
    const strange = {
      ...log,
      trials: [{ ...trial, events: [event, { ...event, lane: 'Slot', data: { sessions: 1 } }] }],
    };
    expect(strangersIn(strange, vocabulary)).toEqual(['Slot', 'slot taken (sessions)']);
  });

  test('break the promises that the model declares broken, and no others', () => {
    expect(Object.fromEntries(VARIANTS.map((variant) => [variant, brokenBy(variant)]))).toMatchInlineSnapshot(`
      {
        "ping-only": {
          "dies under output": "dead-client-evicted",
          "dies while stdin blocks": "dead-client-evicted, next-client-let-in",
          "exits, FIN swallowed": "dead-client-evicted-behind-balancer, next-client-let-in",
          "freezes": "dead-client-evicted, next-client-let-in",
          "goes deaf": "deaf-client-evicted, next-client-let-in",
          "goes mute": "dead-client-evicted, next-client-let-in",
          "vanishes": "dead-client-evicted, next-client-let-in",
        },
        "pong-deadline": {
          "dies under output": "dead-client-evicted, silence-evicted",
          "dies while stdin blocks": "dead-client-evicted, next-client-let-in, silence-evicted",
          "pong meets the end": "exit-releases-slot, nothing-leaks",
          "types while stdin blocks": "live-client-spared, silence-evicted",
        },
        "reference": {},
      }
    `);
    for (const variant of VARIANTS) {
      const { expect: declared } = attach.variants[variant] ?? {};
      const violates = Object.keys(declared?.kind === 'system' ? declared.violates : {});
      expect(violates).toEqual(
        expect.arrayContaining(Object.values(brokenBy(variant)).flatMap((each) => each.split(', '))),
      );
    }
  });

  test('would break one if the slot were released later', () => {
    const { header, trials } = logOf('pong-deadline', 'vanishes');
    const late = (trial: Trial): Trial => ({
      ...trial,
      until: trial.until + 100e6,
      events: trial.events.map((each) => (each.name === 'slot released' ? { ...each, at: each.at + 100e6 } : each)),
    });
    expect(trials.map((trial) => violatedBy(header, late(trial)))).toEqual(
      trials.map(() => ['dead-client-evicted', 'silence-evicted']),
    );
  });
});

describe('the measured evictions', () => {
  test.each(VARIANTS)('%s: who is evicted at all', (variant) => {
    const released = (story: string) => measuresOf(variant, story).released / measuresOf(variant, story).trials;
    for (const story of SILENT) expect(released(story), story).toBe(variant === 'ping-only' ? 0 : 1);
    for (const story of HEARD) expect(released(story), story).toBe(1);
    for (const story of ['stays', 'process exits', 'pong meets the end']) expect(released(story), story).toBe(1);
    expect(released('dies under output')).toBe(1);
    expect(released('dies while stdin blocks')).toBe(variant === 'reference' ? 1 : 0);
    expect(released('types while stdin blocks')).toBe(variant === 'pong-deadline' ? 1 : 0);
  });

  test.each(['pong-deadline', 'reference'])('%s: within what pongWait and the latency allow', (variant) => {
    const { header } = logOf(variant, 'vanishes');
    const misfits = () => [...SILENT, ...HEARD].map((story) => misfit(measuresOf(variant, story), header));
    expect(misfits().filter((each) => each !== undefined)).toEqual([]);
  });

  test('and would be refused outside', () => {
    const { header } = logOf('pong-deadline', 'vanishes');
    const span = { count: 2, least: 80e6, median: 120e6, greatest: 150e6 };
    const measures = { variant: 'pong-deadline', story: 'vanishes', trials: 2, released: 2, lateness: 1e6 };
    expect(misfit({ ...measures, deathToRelease: span }, header)).toMatchInlineSnapshot(
      `"vanishes: expected 90..155 ms, got 80.0 / 120.0 / 150.0"`,
    );
    expect(misfit({ ...measures, deathToRelease: { ...span, least: 88e6 } }, header)).toBeUndefined();
    expect(
      misfit({ ...measures, deathToRelease: { ...span, least: 88e6, greatest: 157.1e6 } }, header),
    ).toMatchInlineSnapshot(`"vanishes: expected 90..155 ms, got 88.0 / 120.0 / 157.1"`);
    expect(misfit(measures, header)).toMatchInlineSnapshot(`"vanishes: not every slot is released"`);
  });

  test('have their least and their greatest among the kept trials', () => {
    for (const variant of VARIANTS) {
      for (const story of STORIES) {
        const span = measuresOf(variant, story).deathToRelease;
        if (span === undefined) continue;
        const lengths = logOf(variant, story).trials.map(deathToRelease);
        expect([Math.min(...lengths), Math.max(...lengths)]).toEqual([span.least, span.greatest]);
      }
    }
  });

  test('are shown as they are', () => {
    expect(readText('README.md')).toContain(evictionTable(measured));
  });
});

function deathToRelease({ events }: Trial): number {
  const at = (...names: string[]) =>
    events.findLast((each) => names.includes(each.name) && each.data?.session === 1)?.at;
  return (at('slot released') ?? Infinity) - (at('client dead', 'leaves') ?? 0);
}

describe('the rules of gorilla, Go and TCP', () => {
  const rules = parseRules(readText('rules.ndjson'));

  test('all hold, each of the numbered ones is shown', () => {
    expect(rules.filter(({ holds }) => !holds)).toEqual([]);
    const numbers = [...new Set(rules.map(({ rule }) => rule))].filter((each) => each !== 'tcp');
    expect(numbers).toEqual(Array.from({ length: 19 }, (_, index) => index + 1));
  });
});

describe('a log is refused', () => {
  const [header = '', ...lines] = readText('pong-deadline--vanishes.ndjson').trimEnd().split('\n');
  const [trial = '', first = '', second = ''] = lines;
  const refusal = (...text: string[]) => {
    try {
      parseLog(text.join('\n'));
    } catch (error) {
      return (error as Error).message;
    }
    return 'taken';
  };

  test('where it is not as its README says', () => {
    expect(refusal(header, trial, first, second)).toBe('taken');
    expect(refusal(header.replace('"unit":"ns"', '"unit":"ms"'), trial)).toMatchInlineSnapshot(`
      "line 1: ✖ Invalid input: expected "ns"
        → at unit"
    `);
    expect(refusal(header, first)).toMatchInlineSnapshot(`"line 2: expected a trial before its first event"`);
    expect(
      refusal(
        header,
        '{"trial":1,"until":10}',
        '{"at":9,"lane":"slot","name":"a"}',
        '{"at":8,"lane":"slot","name":"b"}',
      ),
    ).toMatchInlineSnapshot(`"line 4: time goes back from 9 to 8"`);
    expect(refusal(header, '{"trial":1,"until":10}', '{"at":11,"lane":"slot","name":"a"}')).toMatchInlineSnapshot(
      `"line 3: after the end of the trial, 10"`,
    );
    expect(refusal(header, trial, '{"at":1,"lane":"slot","name":"a","when":"now"}')).toMatchInlineSnapshot(
      `"line 3: ✖ Unrecognized key: "when""`,
    );
    expect(refusal('')).toContain('JSON');
  });
});
