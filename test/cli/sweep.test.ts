import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, test } from 'vitest';
import { sweepText } from '../../src/report/sweep-text.ts';
import { halfopen } from './command-line.ts';

const WATCHED = 'sweep --registry FIXTURES/modules/watched.ts --model watched --property';
const ISLAND = 'sweep --registry FIXTURES/modules/watched.ts --model island --property';

describe('sweep', () => {
  test('one parameter: the exact value from which a promise breaks, and on which side the tie lies', async () => {
    expect(await halfopen(`${WATCHED} live-spared --over interval=20s..60s`)).toMatchInlineSnapshot(`
      {
        "code": 0,
        "err": "",
        "out": "halfopen sweep, at most 200 000 states a search

      live-spared  watched/only
        A live client is never given up.

          ██████████████████████████████████████·······················
          └─────────────────────────────┴─────────────────────────────┘
          20s                       interval                        60s

          █ proved   · violated   ? inconclusive

        proved    20s..44.799999s
        violated  44.8s..60s

        interval = 44.8s is not safe: proved up to 44.799999s, violated from 44.8s on
          halfopen prove --model watched --variant only --property live-spared --set interval=44.8s --registry FIXTURES/modules/watched.ts

      swept: 36 points, 1 exact boundary (to 1us); between points with the same answer it is taken to be the same
      ",
      }
    `);
  });

  test('the command that it prints shows what it says, and the tick before does not', async () => {
    const prove = (interval: string) =>
      halfopen(
        `prove --registry FIXTURES/modules/watched.ts --model watched --property live-spared --set interval=${interval}`,
      );
    expect([(await prove('44.799999s')).code, (await prove('44.8s')).code]).toEqual([0, 1]);
  });

  test('the upper end of a range, by either name; its lower end is kept', async () => {
    const text = await halfopen(`${WATCHED} live-spared --over latency=1s..20s --set latency=1s..2s`);
    expect(text.out).toContain('latency.max = 15s is not safe: proved up to 14.999999s, violated from 15s on');
    expect(text.out).toContain('--set latency=1s..15s');
    expect(await halfopen(`${WATCHED} live-spared --over latency.max=1s..20s --set latency=1s..2s`)).toEqual(text);
  });

  test('a tie that is safe, and a promise that holds from some value on', async () => {
    const { code, out } = await halfopen(`${WATCHED} dead-noticed --over noticedIn=40s..50s`);
    expect(code).toBe(0);
    expect(out).toContain('noticedIn = 45.1s is safe: violated up to 45.099999s, proved from 45.1s on');
  });

  test('a count', async () => {
    const { code, out } = await halfopen(
      'sweep --model counter --variant lock-free --composition none --property nothing-lost --over processes=1..3',
    );
    expect({ code, out }).toMatchInlineSnapshot(`
      {
        "code": 0,
        "out": "halfopen sweep, at most 200 000 states a search

      nothing-lost  counter/lock-free
        The counter is what was added.

          ██████████████████████████████·······························
          └─────────────────────────────┴─────────────────────────────┘
          1                         processes                         3

          █ proved   · violated   ? inconclusive

        proved    1
        violated  2..3

        processes: proved up to 1, violated from 2 on
          halfopen prove --model counter --composition none --variant lock-free --property nothing-lost --set processes=2

      swept: 3 points, 1 exact boundary (to one); between points with the same answer it is taken to be the same
      ",
      }
    `);
  });

  test('two parameters: a picture, and a boundary in each row', async () => {
    expect(
      await halfopen(`${WATCHED} live-spared --over interval=20s..60s --over pongWait=25s..50s --steps 5`),
    ).toMatchInlineSnapshot(`
      {
        "code": 0,
        "err": "",
        "out": "halfopen sweep, at most 200 000 states a search

      live-spared  watched/only
        A live client is never given up.

        pongWait
             50s  █████████████████████████████████████████████················
             45s  ██████████████████████████████████████·······················
             40s  ██████████████████████████████·······························
             35s  ███████████████████████······································
             30s  ███████████████··············································
             25s  ████████·····················································
                  └─────────────────────────────┴─────────────────────────────┘
                  20s                       interval                        60s

                  █ proved   · violated   ? inconclusive

        pongWait  interval
             25s  proved up to 24.799999s, violated from 24.8s on
             30s  proved up to 29.799999s, violated from 29.8s on
             35s  proved up to 34.799999s, violated from 34.8s on
             40s  proved up to 39.799999s, violated from 39.8s on
             45s  proved up to 44.799999s, violated from 44.8s on
             50s  proved up to 49.799999s, violated from 49.8s on

      swept: 205 points, 6 exact boundaries (to 1us); between points with the same answer it is taken to be the same
      ",
      }
    `);
  });

  test('a promise that breaks and holds again is not taken for monotone', async () => {
    expect(await halfopen(`${ISLAND} stays-good --over delay=1ms..100ms`)).toMatchInlineSnapshot(`
      {
        "code": 0,
        "err": "",
        "out": "halfopen sweep, at most 200 000 states a search

      stays-good  island/only
        It stays good.

          ████████████████████████············█████████████████████████
          └─────────────────────────────┴─────────────────────────────┘
          1ms                        delay                        100ms

          █ proved   · violated   ? inconclusive

        proved    1ms..39.999ms
        violated  40ms..60ms
        proved    60.001ms..100ms

        delay = 40ms is not safe: proved up to 39.999ms, violated from 40ms on
          halfopen prove --model island --variant only --property stays-good --set delay=40ms --registry FIXTURES/modules/watched.ts
        delay = 60ms is not safe: violated up to 60ms, proved from 60.001ms on
          halfopen prove --model island --variant only --property stays-good --set delay=60ms --registry FIXTURES/modules/watched.ts
        not monotone: the answer changes 2 times; there may be more changes that no point met

      swept: 43 points, 2 exact boundaries (to 1us); between points with the same answer it is taken to be the same
      ",
      }
    `);
  });

  test('no answer within the states, or where it is not promised; a boundary that is left open', async () => {
    const few = await halfopen(
      'sweep --model counter --variant lock-free --composition none --property nothing-lost --over processes=1..4 --max-states 15',
    );
    expect(few).toMatchInlineSnapshot(`
      {
        "code": 3,
        "err": "",
        "out": "halfopen sweep, at most 15 states a search

      nothing-lost  counter/lock-free
        The counter is what was added.

          ████████████████████·????????????????????????????????????????
          └─────────────────────────────┴─────────────────────────────┘
          1                         processes                         4

          █ proved   · violated   ? inconclusive

        proved        1
        violated      2
        inconclusive  3..4  more than 15 states

        processes: proved up to 1, violated from 2 on
          halfopen prove --model counter --composition none --variant lock-free --property nothing-lost --set processes=2 --max-states 15

      inconclusive: no answer at some of 4 points, 1 exact boundary (to one); between points with the same answer it is taken to be the same
      ",
      }
    `);
    const { code, out } = await halfopen(`${ISLAND} long-good --over delay=60ms..80ms --steps 4`);
    expect([code, out.split('\n').slice(5)]).toMatchInlineSnapshot(`
      [
        3,
        [
          "    ??????????????????????????????███████████████████████████████",
          "    └─────────────────────────────┴─────────────────────────────┘",
          "    60ms                        delay                        80ms",
          "",
          "    █ proved   · violated   ? inconclusive",
          "",
          "  inconclusive  60ms..65ms  not promised here",
          "  proved        70ms..80ms",
          "",
          "inconclusive: no answer at some of 7 points, 0 exact boundaries (to 1us); between points with the same answer it is taken to be the same",
          "",
        ],
      ]
    `);
  });

  test('no time', async () => {
    const { code, out } = await halfopen(`${WATCHED} live-spared --over interval=20s..60s --time 0`);
    expect([code, out.split('\n').slice(10)]).toMatchInlineSnapshot(`
      [
        3,
        [
          "",
          "  inconclusive  20s..60s  time ran out",
          "",
          "inconclusive: no answer at some of 11 points, 0 exact boundaries (to 1us); between points with the same answer it is taken to be the same",
          "",
        ],
      ]
    `);
  });

  test('what else breaks is said', async () => {
    const { code, out } = await halfopen(`${ISLAND} stays-good --over copies=1..4`);
    expect([code, out.split('\n').slice(10)]).toMatchInlineSnapshot(`
      [
        0,
        [
          "",
          "  proved  1..4",
          "",
          "  also violated: panic, first seen with copies=3",
          "",
          "swept: 4 points, 0 exact boundaries (to one); between points with the same answer it is taken to be the same",
          "",
        ],
      ]
    `);
  });
});

describe('reporters', () => {
  const PLANE = `${WATCHED} live-spared --over interval=40s..50s --over latency.max=1ms..101ms --steps 1`;

  test('csv', async () => {
    expect((await halfopen(`${PLANE} --reporter csv`)).out).toMatchInlineSnapshot(`
      "property,latency.max (s),interval (s) from,interval (s) to,verdict,why
      live-spared,0.001,40,44.997999,proved,
      live-spared,0.001,44.998,50,violated,
      live-spared,0.101,40,44.797999,proved,
      live-spared,0.101,44.798,50,violated,
      "
    `);
    const few =
      'sweep --model counter --variant lock-free --composition none --property nothing-lost --over processes=1..3 --max-states 15';
    expect((await halfopen(`${few} --reporter csv`)).out).toMatchInlineSnapshot(`
      "property,processes from,processes to,verdict,why
      nothing-lost,1,1,proved,
      nothing-lost,2,2,violated,
      nothing-lost,3,3,inconclusive,more than 15 states
      "
    `);
  });

  test('json', async () => {
    const { out } = await halfopen(`${WATCHED} live-spared --over interval=40s..50s --steps 1 --reporter json`);
    expect(out).toMatchInlineSnapshot(`
      "{
        "format": 1,
        "command": "sweep",
        "model": "watched",
        "variant": "only",
        "property": "live-spared",
        "says": "A live client is never given up.",
        "settings": {},
        "maxStates": 200000,
        "along": {
          "name": "interval",
          "about": "from one ping to the next",
          "unit": "s",
          "step": "1us",
          "from": {
            "text": "40s",
            "value": 40
          },
          "to": {
            "text": "50s",
            "value": 50
          }
        },
        "rows": [
          {
            "stretches": [
              {
                "from": {
                  "text": "40s",
                  "value": 40
                },
                "to": {
                  "text": "44.799999s",
                  "value": 44.799999
                },
                "verdict": "proved"
              },
              {
                "from": {
                  "text": "44.8s",
                  "value": 44.8
                },
                "to": {
                  "text": "50s",
                  "value": 50
                },
                "verdict": "violated"
              }
            ],
            "boundaries": [
              {
                "last": {
                  "text": "44.799999s",
                  "value": 44.799999
                },
                "lastVerdict": "proved",
                "first": {
                  "text": "44.8s",
                  "value": 44.8
                },
                "firstVerdict": "violated",
                "exact": true,
                "tie": {
                  "text": "44.8s",
                  "value": 44.8,
                  "verdict": "violated"
                },
                "command": "halfopen prove --model watched --variant only --property live-spared --set interval=44.8s --registry FIXTURES/modules/watched.ts"
              }
            ],
            "isMonotone": true,
            "points": 31
          }
        ],
        "others": []
      }
      "
    `);
  });

  test('in colour: what holds is good, what breaks is bad', async () => {
    const { out } = await halfopen(`${WATCHED} live-spared --over interval=40s..50s --steps 1 --reporter json`);
    const named = (name: string) => (text: string) => `<${name} ${text}>`;
    const paint = { good: named('good'), bad: named('bad'), open: named('open'), strong: String, faint: String };
    const painted = sweepText(JSON.parse(out), paint).split('\n');
    expect(painted.filter((line) => line.includes('<'))).toMatchInlineSnapshot(`
      [
        "    <good █████████████████████████████><bad ································>",
        "    <good █> proved   <bad ·> violated   <open ?> inconclusive",
        "  <good proved>    40s..44.799999s",
        "  <bad violated>  44.8s..50s",
        "<good swept>: 31 points, 1 exact boundary (to 1us); between points with the same answer it is taken to be the same",
      ]
    `);
  });

  test('svg is well-formed, and nothing in it is taken for markup', async () => {
    const { out } = await halfopen(`${PLANE} --reporter svg`);
    expect(XMLValidator.validate(out)).toBe(true);
    const texts: unknown[] = new XMLParser().parse(out).svg.text;
    expect(texts).toContain('latency.max (s): one way, <to> & "fro"');
    expect(out).toMatchInlineSnapshot(`
      "<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 660 430" font-family="sans-serif" font-size="12">
      <title>live-spared, watched/only</title>
      <rect width="660" height="430" fill="#ffffff"/>
      <text x="90" y="28" text-anchor="start" font-size="15">live-spared, watched/only</text>
      <rect x="90" y="60" width="540" height="280" fill="#f9a825"/>
      <rect x="90" y="200" width="269.89" height="140" fill="#2e7d32"><title>latency.max = 1ms, interval = 40s..44.997999s: proved</title></rect>
      <rect x="359.89" y="200" width="270.11" height="140" fill="#c62828"><title>latency.max = 1ms, interval = 44.998s..50s: violated</title></rect>
      <text x="82" y="274" text-anchor="end">1ms</text>
      <rect x="90" y="60" width="259.09" height="140" fill="#2e7d32"><title>latency.max = 101ms, interval = 40s..44.797999s: proved</title></rect>
      <rect x="349.09" y="60" width="280.91" height="140" fill="#c62828"><title>latency.max = 101ms, interval = 44.798s..50s: violated</title></rect>
      <text x="82" y="134" text-anchor="end">101ms</text>
      <text x="90" y="358" text-anchor="start">40s</text>
      <text x="630" y="358" text-anchor="end">50s</text>
      <text x="360" y="358" text-anchor="middle">interval (s): from one ping to the next</text>
      <text x="90" y="52" text-anchor="start">latency.max (s): one way, &lt;to&gt; &amp; &quot;fro&quot;</text>
      <rect x="90" y="390" width="14" height="14" fill="#2e7d32"/>
      <text x="110" y="401" text-anchor="start">proved</text>
      <rect x="210" y="390" width="14" height="14" fill="#c62828"/>
      <text x="230" y="401" text-anchor="start">violated</text>
      <rect x="330" y="390" width="14" height="14" fill="#f9a825"/>
      <text x="350" y="401" text-anchor="start">inconclusive</text>
      </svg>
      "
    `);
  });
});

test('bad input is one line, exit code 2, and says what to do', async () => {
  const lines = [
    `${WATCHED} live-spared`,
    `${WATCHED} live-spared --over interval`,
    `${WATCHED} live-spared --over interval=5s`,
    `${WATCHED} live-spared --over interval=5..30`,
    `${WATCHED} live-spared --over interval=30s..5s`,
    `${WATCHED} live-spared --over gone=5s..30s`,
    `${WATCHED} live-spared --over unit=one..two`,
    `${WATCHED} live-spared --over interval.max=5s..30s`,
    `${WATCHED} live-spared --over latency.max=0..1s`,
    `${WATCHED} live-spared --over interval=5s..30s --over interval=5s..30s`,
    `${WATCHED} live-spared --over interval=5s..30s --over pongWait=5s..30s --over noticedIn=1s..2s`,
    `${WATCHED} live-spared --over interval=5s..30s --set interval=5s`,
    `${WATCHED} live-spared --over interval=5s..30s --steps 0`,
    `${WATCHED} live-spared --over interval=5s..30s --reporter junit`,
    `${WATCHED} live-spared --over interval=5s..30s --composition gone`,
    `${WATCHED} gone --over interval=5s..30s`,
    `${ISLAND} stays-good --over copies=0..3`,
    'sweep --registry FIXTURES/modules/watched.ts --model watched --over interval=5s..30s',
    'sweep --model counter --property nothing-lost --over processes=1..3',
  ];
  const seen: string[] = [];
  for (const line of lines) {
    const { code, out, err } = await halfopen(line);
    expect([line, code, out, err.split('\n').length]).toEqual([line, 2, '', 2]);
    seen.push(`$ ${line.replace(' --registry FIXTURES/modules/watched.ts', '')}\n${err}`);
  }
  expect(seen.join('')).toMatchInlineSnapshot(`
    "$ sweep --model watched --property live-spared
    halfopen: expected --over, got none, do: write it --over interval=5s..30s, once or twice
    $ sweep --model watched --property live-spared --over interval
    halfopen: expected --over to be name=from..to, got "interval", do: write it such as --over interval=5s..30s
    $ sweep --model watched --property live-spared --over interval=5s
    halfopen: expected --over to be name=from..to, got "interval=5s", do: write it such as --over interval=5s..30s
    $ sweep --model watched --property live-spared --over interval=5..30
    halfopen: --over interval: expected a duration such as 15s, 200ms or 1m30s (units: ns, us, ms, s, m, h), got "5"
    $ sweep --model watched --property live-spared --over interval=30s..5s
    halfopen: expected --over interval with the smaller end first, got 30s..5s, do: write it interval=5s..30s
    $ sweep --model watched --property live-spared --over gone=5s..30s
    halfopen: unknown parameter "gone"; this model has: interval, pongWait, latency, noticedIn, unit
    $ sweep --model watched --property live-spared --over unit=one..two
    halfopen: expected --over a parameter that is a length or a count, got unit (one of one, two), do: --set unit to one of its values
    $ sweep --model watched --property live-spared --over interval.max=5s..30s
    halfopen: expected a range for interval.max, got interval (a duration such as 15s), do: --over interval
    $ sweep --model watched --property live-spared --over latency.max=0..1s
    halfopen: expected --over latency.max from its lower end 1ms on, got 0, do: begin at 1ms, or --set latency to a range with a smaller one
    $ sweep --model watched --property live-spared --over interval=5s..30s --over interval=5s..30s
    halfopen: expected two parameters, got interval twice, do: write it --over interval=5s..30s, once or twice
    $ sweep --model watched --property live-spared --over interval=5s..30s --over pongWait=5s..30s --over noticedIn=1s..2s
    halfopen: expected one or two --over, got 3, do: write it --over interval=5s..30s, once or twice
    $ sweep --model watched --property live-spared --over interval=5s..30s --set interval=5s
    halfopen: expected interval in --set or in --over, got it in both, do: leave one of them out
    $ sweep --model watched --property live-spared --over interval=5s..30s --steps 0
    halfopen: expected a whole number >= 1 for --steps, got "0", do: write it such as --steps 10
    $ sweep --model watched --property live-spared --over interval=5s..30s --reporter junit
    halfopen: expected --reporter to be one of text, json, csv, svg, got "junit", do: pick one of them
    $ sweep --model watched --property live-spared --over interval=5s..30s --composition gone
    halfopen: model watched has no composition "gone"; there are: none
    $ sweep --model watched --property gone --over interval=5s..30s
    halfopen: expected --property, one of what prove can prove of watched/only, got "gone", do: pick one of dead-noticed, live-spared, deadlock, zeno, exception, unlock-not-held, send-on-closed, close-of-closed, bad-bounds, blocked-outside-process, duplicate-name, panic
    $ sweep --model island --property stays-good --over copies=0..3
    halfopen: --over copies: expected a whole number >= 1, got "0"
    $ sweep --model watched --over interval=5s..30s
    halfopen: expected --property, one of what prove can prove of watched/only, got none, do: pick one of dead-noticed, live-spared, deadlock, zeno, exception, unlock-not-held, send-on-closed, close-of-closed, bad-bounds, blocked-outside-process, duplicate-name, panic
    $ sweep --model counter --property nothing-lost --over processes=1..3
    halfopen: expected --composition, got none: 2 name counter/reference, do: --composition with one of pair, alone, none
    "
  `);
});

test('progress on a watched terminal, and nothing of it is left', async () => {
  const { err } = await halfopen(`${WATCHED} live-spared --over interval=20s..60s`, { watched: true, pace: 300 });
  expect(err.split('\r\u001b[K')[1]).toMatch(/^sweep: point \d+: \d+ states/);
  expect(err.split('\r\u001b[K').at(-1)).toMatch(/^took [\d.]+ s\n$/);
});
