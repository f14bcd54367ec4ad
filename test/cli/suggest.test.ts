import { describe, expect, test } from 'vitest';
import { edgeBetween, edgeTowards, roundBelow, type Suits } from '../../src/engine/edge.ts';
import { halfopen } from './command-line.ts';

const SUGGEST = 'suggest --registry FIXTURES/modules/watched.ts --model';

describe('suggest', () => {
  test('periods and timeouts that are proved, with the slack of each', async () => {
    expect(await halfopen(`${SUGGEST} advised --within 60s`)).toMatchInlineSnapshot(`
      {
        "code": 0,
        "err": "",
        "out": "halfopen suggest, at most 15 000 states a question

      dead-noticed within 60s  advised/only on whole
        A dead client is given up in time.
        and proved with it: live-spared

           interval  pongWait   worst case       left   latency.max may rise to  noticedIn may fall to  interval up to
        ✓  25s       50s (2 x)  50.1s, attained  9.9s   10s                      1us and on             29.9s
        ✓  15s       45s (3 x)  45.1s, attained  14.9s  14.9s                    1us and on             19.9s
        ✗  none with pongWait = 1 x interval: live-spared is violated

        halfopen prove --model advised --composition whole --variant only --property live-spared --set interval=25s --set pongWait=50s --registry FIXTURES/modules/watched.ts
        halfopen prove --model advised --composition whole --variant only --property live-spared --set interval=15s --set pongWait=45s --registry FIXTURES/modules/watched.ts

      proved: each of these 2 choices, over all timings
      ",
      }
    `);
  }, 120_000);

  test('as data; what is given is respected', async () => {
    const { code, out } = await halfopen(`${SUGGEST} advised --within 20s --set latency=1s..4s --reporter json`);
    const { format, suggestions, refusals } = JSON.parse(out);
    expect({ code, format }).toEqual({ code: 0, format: 1 });
    // A pong that was in flight takes 4 s; the next one comes an interval and a round trip later.
    expect(suggestions.map((each: { multiple: number }) => each.multiple)).toEqual([3]);
    expect(suggestions[0]).toMatchObject({ period: '5s', timeout: '15s', worst: { length: '19s', attained: true } });
    expect(refusals.map((each: { multiple: number }) => each.multiple)).toEqual([1, 2]);
  }, 120_000);

  test('the printed command proves it', async () => {
    const { out } = await halfopen(`${SUGGEST} advised --within 1s --reporter json`);
    const { command } = JSON.parse(out).suggestions[0];
    expect((await halfopen(command.replace(/^halfopen /, ''))).code).toBe(0);
  }, 120_000);

  test('nothing that short, and no answer within the limits', async () => {
    const none = await halfopen(`${SUGGEST} advised --within 100ms`);
    expect(none.code).toBe(1);
    expect(none.out).toMatchInlineSnapshot(`
      "halfopen suggest, at most 15 000 states a question

      dead-noticed within 100ms  advised/only on whole
        A dead client is given up in time.
        and proved with it: live-spared

        ✗  none with pongWait = 1 x interval: live-spared is violated
        ✗  none with pongWait = 2 x interval: live-spared is violated
        ✗  none with pongWait = 3 x interval: live-spared is violated

      none: nothing can be proved that short; ask for longer, or for less of what is given
      "
    `);
    const open = await halfopen(`${SUGGEST} advised --within 60s --time 10s`, { pace: 1000 });
    expect(open.code).toBe(3);
    expect(open.out).toMatch(
      /\? {2}none with pongWait = 1 x interval: live-spared: time ran out\n[\s\S]*\ninconclusive: no answer within the limits\n$/,
    );
  }, 120_000);

  test('where no answer is found, that is said, and nothing is called safe', async () => {
    const few = await halfopen(`${SUGGEST} advised --within 60s --max-states 60`);
    expect(few).toMatchInlineSnapshot(`
      {
        "code": 0,
        "err": "",
        "out": "halfopen suggest, at most 60 states a question

      dead-noticed within 60s  advised/only on whole
        A dead client is given up in time.
        and proved with it: live-spared

           interval  pongWait   worst case       left   latency.max may rise to     noticedIn may fall to  interval up to
        ✓  25s       50s (2 x)  50.1s, attained  9.9s   10s                         1us and on             29.9s
        ✓  15s       45s (3 x)  45.1s, attained  14.9s  6.4s; 12.8s is not decided  1us and on             19.9s
        ✗  none with pongWait = 1 x interval: live-spared is violated

        halfopen prove --model advised --composition whole --variant only --property live-spared --set interval=25s --set pongWait=50s --registry FIXTURES/modules/watched.ts
        halfopen prove --model advised --composition whole --variant only --property live-spared --set interval=15s --set pongWait=45s --registry FIXTURES/modules/watched.ts

      not decided: no answer within 60 states or the time; it may be safe or not
        --max-states 600 looks further

      proved: each of these 2 choices, over all timings
      ",
      }
    `);
    const { out } = await halfopen(`${SUGGEST} advised --within 60s --max-states 60 --reporter json`);
    const [, { slack }] = JSON.parse(out).suggestions;
    expect(slack[0]).toEqual({
      name: 'latency.max',
      given: '100ms',
      which: 'may rise',
      until: '6.4s',
      undecided: '12.8s',
    });
  }, 120_000);

  test('bad input is one line, exit code 2, and says what to do', async () => {
    const lines = [
      'advised',
      'advised --within soon',
      'advised --within 0',
      'watched --within 60s',
      'advised --within 60s --set interval=5s',
      'advised --within 60s --reporter xml',
    ];
    const said = await Promise.all(lines.map((line) => halfopen(`${SUGGEST} ${line}`)));
    expect(said.map(({ code, out, err }) => `${code} ${out}${err}`).join('')).toMatchInlineSnapshot(`
      "2 halfopen: expected --within, got none, do: write it such as --within 60s
      2 halfopen: expected a duration for --within, got "soon", do: write it such as --within 60s
      2 halfopen: expected a duration for --within, got "0", do: write it such as --within 60s
      2 halfopen: expected a model that declares its advice, got watched, do: pick one of advised
      2 halfopen: expected interval to be chosen, got it in --set, do: leave it out
      2 halfopen: expected --reporter to be one of text, json, got "xml", do: pick one of them
      "
    `);
  });
});

describe('the edge of what suits', () => {
  const drive = (search: ReturnType<typeof edgeBetween>, suits: (value: number) => Suits) => {
    const asked: number[] = [];
    let step = search.next();
    while (step.done !== true) {
      asked.push(step.value);
      step = search.next(suits(step.value));
    }
    return { edge: step.value, asked };
  };

  test('upwards and downwards, to the resolution', () => {
    expect(drive(edgeBetween(1, 1000, 1), (value) => value <= 617).edge).toEqual({ last: 617 });
    expect(drive(edgeTowards(1, 1000, 1), (value) => value <= 617).edge).toEqual({ last: 617 });
    expect(drive(edgeTowards(1000, 1, 1), (value) => value >= 617).edge).toEqual({ last: 617 });
    expect(drive(edgeBetween(1, 1000, 10), (value) => value <= 617)).toEqual({
      edge: { last: 610 },
      asked: [500, 750, 630, 570, 600, 620, 610],
    });
  });

  test('where all suits, or nothing lies between', () => {
    expect(drive(edgeTowards(1, 1000, 1), () => true).edge).toEqual({ last: 1000 });
    expect(drive(edgeTowards(1000, 0, 1), () => true).edge).toEqual({ last: 0 });
    expect(drive(edgeTowards(0, 1000, 7), () => true).asked).toEqual([7, 14, 28, 56, 112, 224, 448, 896, 1000]);
    expect(drive(edgeTowards(5, 5, 1), () => false)).toEqual({ edge: { last: 5 }, asked: [] });
  });

  test('what lies far beyond the edge is not asked about', () => {
    const { edge, asked } = drive(edgeTowards(100, 1_000_000, 1), (value) => value <= 120);
    expect(edge).toEqual({ last: 120 });
    expect(Math.max(...asked)).toBeLessThanOrEqual(200);
  });

  test('where there is no answer, nothing is said of what lies behind', () => {
    expect(drive(edgeBetween(1, 1000, 1), () => undefined).edge).toEqual({ last: 1, open: 500 });
    const answers = (value: number) => (value < 300 ? true : undefined);
    expect(drive(edgeTowards(1, 1000, 1), answers).edge).toEqual({ last: 256, open: 512 });
    // Not even where something further on is known not to do.
    const gap = (value: number) => (value > 700 ? false : value > 600 ? undefined : true);
    expect(drive(edgeTowards(1, 1000, 1), gap).edge).toEqual({ last: 512, open: 634 });
  });

  test('round values', () => {
    expect([1, 9, 19, 24, 26, 149, 150, 14_900_000, 99_999].map(roundBelow)).toEqual([
      1, 8, 15, 20, 25, 100, 150, 10_000_000, 80_000,
    ]);
  });
});
