import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { halfopen, inFolder } from './command-line.ts';

/** A registry of toys that are too small to be interesting, one for each way in which `prove` can end. */
const ODD = '--registry FIXTURES/modules/odd.ts';

/** From the decisions of the first story to its end, and the command below it. */
function storyOf(out: string): { readonly decisions: string; readonly command: string } {
  const story = /^ {2}Decisions[\s\S]*?^ {2}halfopen (prove .*)$/m.exec(out);
  return { decisions: story?.[0] ?? 'no story', command: story?.[1] ?? 'no command' };
}

describe('prove', () => {
  test('what compositions declare', async () => {
    expect(await halfopen('prove --model counter')).toMatchInlineSnapshot(`
      {
        "code": 0,
        "err": "",
        "out": "halfopen prove, at most 200 000 states a search

      prove
        ✓  proved  counter/reference  nothing-lost  on pair: 21 states  The counter is what was added.
        ✓  proved  counter/reference  deadlock      on pair: 21 states  Something can always happen as long as a process wait…
        ✓  proved  counter/reference  nothing-lost  on alone: 3 states  The counter is what was added.

      adding  counter/reference on pair
        worst case 5ms, attained; best case 1ms, attained  (21 states)

      as expected: 3 verdicts, over all timings
      ",
      }
    `);
  });

  test('what is declared to be refuted, with its story', async () => {
    expect(await halfopen('prove --model counter --variant lock-free')).toMatchInlineSnapshot(`
      {
        "code": 0,
        "err": "",
        "out": "halfopen prove, at most 200 000 states a search

      prove
        ✓  violated  counter/lock-free  nothing-lost  on pair: 21 states  both read before either writes
        ✓  proved    counter/lock-free  nothing-lost  on alone: 3 states  The counter is what was added.

      violated  nothing-lost  counter/lock-free
        promised: The counter is what was added.
        seen: is false in this state
        found in 21 states, shrunk in 1 step
        composition: pair
        set: processes=2

        Decisions: none, everything takes its default

           time       who      what
              0  ●    adder 1  starts
              0  │ ●  adder 2  starts
            1ms  ● │  adder 1  added  value=1
        ✗   1ms    ✗  adder 2  added  value=1

        halfopen prove --model counter --composition pair --variant lock-free --property nothing-lost

      as expected: 2 verdicts, over all timings
      ",
      }
    `);
  });

  test.each([
    'prove --model counter --variant lock-free --composition pair',
    'prove --model counter --variant lock-free --composition none',
    'prove --model counter --variant lock-free --composition alone --set processes=2 --max-states 1000',
    'prove --model counter --composition pair --measure adding --witness greatest',
    'prove --model counter --composition none --measure starts added --witness least',
    `prove ${ODD} --model unnamed --variant other --composition none`,
  ])('the story is found again by the command below it: %s', async (asked) => {
    const { decisions, command } = storyOf((await halfopen(asked)).out);
    expect(storyOf((await halfopen(command)).out)).toEqual({ decisions, command });
  });

  test('beyond what is declared all must hold: on the whole model, and under the user’s own settings', async () => {
    const verdicts = async (command: string) => {
      const { code, out } = await halfopen(`prove --model counter ${command}`);
      return [`${command} -> ${code}`, ...out.split('\n').filter((line) => /^ {2}[✓✗?] /.test(line))];
    };
    const commands = [
      '--composition none',
      '--composition none --variant lock-free',
      '--variant lock-free --composition pair --set processes=1',
      '--variant lock-free --composition alone --set processes=2',
      '--composition alone --property deadlock --property panic',
      '--composition alone --variant drop-the-lock',
    ];
    expect((await Promise.all(commands.map(verdicts))).flat().join('\n')).toMatchInlineSnapshot(`
      "--composition none -> 0
        ✓  proved  counter/reference  nothing-lost  21 states  The counter is what was added.
      --composition none --variant lock-free -> 1
        ✗  violated  counter/lock-free  nothing-lost  21 states  must hold: The counter is what was added.
        ✗   1ms    ✗  adder 2  added  value=1
      --variant lock-free --composition pair --set processes=1 -> 0
        ✓  proved  counter/lock-free  nothing-lost  on pair: 3 states  The counter is what was added.
      --variant lock-free --composition alone --set processes=2 -> 1
        ✗  violated  counter/lock-free  nothing-lost  on alone: 21 states  must hold: The counter is what was added.
        ✗   1ms    ✗  adder 2  added  value=1
      --composition alone --property deadlock --property panic -> 0
        ✓  proved  counter/reference  deadlock  on alone: 3 states  Something can always happen as long as a process waits.
        ✓  proved  counter/reference  panic     on alone: 3 states  The modelled program does not panic.
      --composition alone --variant drop-the-lock -> 0
        ✓  proved  counter/drop-the-lock  nothing-lost  on alone: 3 states  The counter is what was added."
    `);
  });

  test('no answer within the states', async () => {
    expect(await halfopen('prove --model heartbeat --max-states 100')).toMatchInlineSnapshot(`
      {
        "code": 3,
        "err": "",
        "out": "halfopen prove, at most 100 states a search

      prove
        ?  inconclusive  heartbeat/reference  death-noticed  109 states
             stopped at depth 51: more than 100 states; most values: server (17), client→server (13), beats sent (13), client (6)

      inconclusive: no answer within the limits for 1 of 1 verdict
      ",
      }
    `);
  });

  test('no answer within the time, or the memory', async () => {
    const detail = ({ code, out }: { code: number; out: string }) => [
      code,
      /stopped at .*|time ran out/.exec(out)?.[0],
    ];
    expect(detail(await halfopen('prove --model heartbeat --time 10ms', { pace: 1 }))).toMatchInlineSnapshot(`
      [
        3,
        "stopped at depth 167: time ran out; most values: server (46), client→server (42), beats sent (42), client (6)",
      ]
    `);
    expect(detail(await halfopen('prove --model heartbeat --time 0'))).toMatchInlineSnapshot(`
      [
        3,
        "time ran out",
      ]
    `);
    const memoryInUse = 3 * 1024 ** 3;
    expect(detail(await halfopen('prove --model heartbeat', { memoryInUse }))).toMatchInlineSnapshot(`
      [
        3,
        "stopped at depth 3: more than 2 GB of memory in use; most values: client dies (4), client (4), Monitor (3), server (3)",
      ]
    `);
  });

  test('violations are saved, with what the composition sets, and replayed', () =>
    inFolder(async (cwd) => {
      const { err } = await halfopen('prove --model counter --variant lock-free --save seeds', { cwd });
      expect(err).toMatchInlineSnapshot(`
        "saved seeds/lock-free-nothing-lost-on-pair.json: say in it why it is kept, and replay it with halfopen replay seeds/lock-free-nothing-lost-on-pair.json
        "
      `);
      const again = /replay it with halfopen (.*)\n$/.exec(err)?.[1] as string;
      expect((await halfopen(again, { cwd })).code).toBe(0);
      expect(readdirSync(path.join(cwd, 'seeds'))).toHaveLength(1);
      await halfopen('prove --model counter --save others', { cwd });
      expect(existsSync(path.join(cwd, 'others'))).toBe(false);
    }));

  test('parameters from a file', () =>
    inFolder(async (cwd) => {
      writeFileSync(path.join(cwd, 'params.json'), '{"processes": "1"}');
      const { code, out } = await halfopen(
        'prove --model counter --variant lock-free --composition none --params params.json',
        { cwd },
      );
      expect([code, /✓.*/.exec(out)?.[0]]).toMatchInlineSnapshot(`
        [
          0,
          "✓  proved  counter/lock-free  nothing-lost  3 states  The counter is what was added.",
        ]
      `);
    }));
});

describe('prove --measure', () => {
  test('a property', async () => {
    expect(await halfopen('prove --model counter --composition pair --measure adding')).toMatchInlineSnapshot(`
      {
        "code": 0,
        "err": "",
        "out": "halfopen prove, at most 200 000 states a search

      adding  counter/reference on pair
        worst case 5ms, attained; best case 1ms, attained  (21 states)

      measured: 1 span, over all timings
      ",
      }
    `);
  });

  test('between two events, which shows the run that is so long', async () => {
    const command = `prove --model counter --composition pair --measure starts 'finds the lock taken' --witness greatest`;
    expect((await halfopen(command)).out).toMatchInlineSnapshot(`
      "halfopen prove, at most 200 000 states a search

      "starts" to "finds the lock taken"  counter/reference on pair
        worst case no end; best case 0, attained  (22 states)
        no end: it can go on for as long as you like, or for ever

      measured: 1 span, over all timings
      "
    `);
  });

  test('ends that are not attained, or are not there', async () => {
    const measured = async (command: string) => (await halfopen(`prove ${ODD} ${command}`)).out;
    expect(await measured('--model strict --measure waiting --witness greatest')).toMatchInlineSnapshot(`
      "halfopen prove, at most 200 000 states a search

      waiting  strict/reference
        worst case 1s, not attained; best case 1ms, attained  (2 states)
        not attained: it can come as close to it as you like, but never is

      proved  waiting  strict/reference
        greatest: 1s, not attained
        shown: 999.999ms in this schedule

        Decisions (1, everything else takes its default):
          waiter sleep #1  = 999.999ms

                time     who       what
                   0  ●  waiter    waits
        ◆          0  │  decision  waiter sleep #1 = 999.999ms
           999.999ms  ●  waiter    goes

        halfopen prove --model strict --variant reference --measure waiting --witness greatest --registry FIXTURES/modules/odd.ts

      measured: 1 span, over all timings
      "
    `);
    expect(await measured('--model strict --variant endless --measure waiting')).toMatchInlineSnapshot(`
      "halfopen prove, at most 200 000 states a search

      waiting  strict/endless
        worst case no end; best case 1ms, attained  (2 states)
        no end: it can go on for as long as you like, or for ever

      measured: 1 span, over all timings
      "
    `);
  });

  test('what no run shows', async () => {
    const { code, out } = await halfopen('prove --model counter --composition pair --measure starts gone');
    expect([code, out]).toMatchInlineSnapshot(`
      [
        1,
        "halfopen prove, at most 200 000 states a search

      prove
        ✗  inconclusive  counter/reference  "starts" to "gone"  on pair: 21 states
             nothing to measure, no run ends it: From "starts" to "gone".

      "starts" to "gone"  counter/reference on pair
        worst case no end; best case no end  (21 states)
        no end: it can go on for as long as you like, or for ever

      not as expected: 1 of 1 verdict
      ",
      ]
    `);
  });

  test('only so far, where a limit is hit', async () => {
    const { code, out } = await halfopen('prove --model heartbeat --measure death-noticed --max-states 100');
    expect([code, out]).toMatchInlineSnapshot(`
      [
        3,
        "halfopen prove, at most 100 states a search

      prove
        ?  inconclusive  heartbeat/reference  death-noticed  109 states
             stopped at depth 51: more than 100 states; most values: server (17), client→server (13), beats sent (13), client (6)

      death-noticed  heartbeat/reference
        worst case 45.1s, attained; best case 30s, attained  (so far, in 109 states)
          45.1s = 100ms  client→server beat (latency)
                +   45s  server patience (patience)
          30s = 45s  server patience (patience)
              - 15s  next beat (interval)

      inconclusive: no answer within the limits for 1 of 1 verdict
      ",
      ]
    `);
  });
});

test('the reports for machines', async () => {
  const command = 'prove --model counter --composition pair';
  const json = JSON.parse((await halfopen(`${command} --reporter json`)).out);
  expect(Object.keys(json)).toMatchInlineSnapshot(`
    [
      "format",
      "command",
      "maxStates",
      "rows",
      "exactTimes",
      "systems",
      "mutants",
      "stories",
      "left",
    ]
  `);
  expect((await halfopen(`${command} --reporter junit`)).out).toMatchInlineSnapshot(`
    "<?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="halfopen prove" tests="2" failures="0" skipped="0">
      <testsuite name="prove counter/reference on pair" tests="2" failures="0" skipped="0">
        <testcase classname="prove counter/reference on pair" name="proof nothing-lost"/>
        <testcase classname="prove counter/reference on pair" name="proof deadlock"/>
      </testsuite>
    </testsuites>
    "
  `);
  expect((await halfopen('prove --model heartbeat --max-states 100 --reporter junit')).out).toContain('<skipped');
  expect((await halfopen('prove --model heartbeat --max-states 100 --reporter github')).out).toMatchInlineSnapshot(`
    "::warning title=inconclusive death-noticed prove heartbeat/reference::stopped at depth 51: more than 100 states; most values: server (17), client→server (13), beats sent (13), client (6)
    halfopen prove: 1 of 1 verdict not as expected
    "
  `);
  expect((await halfopen(`${command} --reporter github`)).out).toMatchInlineSnapshot(`
    "measured: adding counter/reference on pair worst case 5ms, attained; best case 1ms, attained (21 states)
    halfopen prove: 0 of 2 verdicts not as expected
    "
  `);
});

test('whoever watches sees how far it is, from the second second on, and nothing is left of it', async () => {
  const command = 'prove --model heartbeat --max-states 700';
  const { err } = await halfopen(command, { watched: true, pace: 300 });
  expect(JSON.stringify(err).replaceAll('\\r\\u001b[K', '\n')).toMatchInlineSnapshot(`
    ""
    prove: 108 states, 90 a second, 3 to expand, depth 51
    prove: 159 states, 106 a second, 2 to expand, depth 73
    prove: 212 states, 118 a second, 3 to expand, depth 96
    prove: 264 states, 126 a second, 3 to expand, depth 120
    prove: 316 states, 132 a second, 2 to expand, depth 143
    prove: 370 states, 137 a second, 4 to expand, depth 167
    prove: 422 states, 141 a second, 3 to expand, depth 189
    prove: 474 states, 144 a second, 3 to expand, depth 213
    prove: 527 states, 146 a second, 4 to expand, depth 236
    prove: 579 states, 148 a second, 3 to expand, depth 260
    prove: 631 states, 150 a second, 3 to expand, depth 283
    prove: 684 states, 152 a second, 3 to expand, depth 307
    took 4.8 s\\n""
  `);
  expect((await halfopen(command, { watched: true, pace: 10 })).err).not.toContain('\u001b');
  expect((await halfopen(command, { pace: 300 })).err).toBe('');
});

test('bad input is one line, exit code 2, and says what to do', async () => {
  const lines = [
    'prove',
    'prove --model gone',
    'prove --model counter --variant gone',
    'prove --model counter --composition gone',
    'prove --model heartbeat --composition gone',
    'prove --model counter --property gone',
    'prove --model counter --property waited',
    'prove --model counter --property step-limit',
    'prove --model counter --measure nothing-lost',
    'prove --model counter --measure a b c',
    'prove --model counter --measure',
    'prove --model counter --witness greatest',
    'prove --model counter --measure adding --witness longest',
    'prove --model counter --max-states 0',
    'prove --model counter --time soon',
    'prove --model counter --set gone=1',
    'prove --model counter --reporter xml',
    'prove --model counter --seed 1',
    `prove ${ODD} --model unnamed --variant other`,
    `prove ${ODD} --model twins`,
    `simulate ${ODD} --model twins`,
    `check ${ODD} --model twins`,
    `check ${ODD} --model unsettled`,
    'check --max-states many',
  ];
  const seen: string[] = [];
  for (const line of lines) {
    const { code, out, err } = await halfopen(line);
    expect([line, code, out, err.split('\n').length]).toEqual([line, 2, '', 2]);
    seen.push(`$ halfopen ${line}\n${err}`);
  }
  expect(seen.join('')).toMatchInlineSnapshot(`
    "$ halfopen prove
    halfopen: expected --model, got none, do: --model with one of counter, heartbeat
    $ halfopen prove --model gone
    halfopen: there is no model "gone"; there are: counter, heartbeat
    $ halfopen prove --model counter --variant gone
    halfopen: model counter has no variant "gone"; it has: reference, lock-free, drop-the-lock
    $ halfopen prove --model counter --composition gone
    halfopen: model counter has no composition "gone"; there are: pair, alone, none
    $ halfopen prove --model heartbeat --composition gone
    halfopen: model heartbeat has no composition "gone"; there are: none
    $ halfopen prove --model counter --property gone
    halfopen: expected one of what prove can prove of counter/reference: nothing-lost, deadlock, zeno, exception, unlock-not-held, send-on-closed, close-of-closed, bad-bounds, blocked-outside-process, duplicate-name, panic; got "gone"
    $ halfopen prove --model counter --property waited
    halfopen: expected one of what prove can prove of counter/reference: nothing-lost, deadlock, zeno, exception, unlock-not-held, send-on-closed, close-of-closed, bad-bounds, blocked-outside-process, duplicate-name, panic; got "waited"
    $ halfopen prove --model counter --property step-limit
    halfopen: expected one of what prove can prove of counter/reference: nothing-lost, deadlock, zeno, exception, unlock-not-held, send-on-closed, close-of-closed, bad-bounds, blocked-outside-process, duplicate-name, panic; got "step-limit"
    $ halfopen prove --model counter --measure nothing-lost
    halfopen: expected one of what prove can measure of counter/reference: adding; got "nothing-lost"
    $ halfopen prove --model counter --measure a b c
    halfopen: expected --measure to be a property or two events, got 3 names, do: write it --measure 'from event' 'to event'
    $ halfopen prove --model counter --measure
    halfopen: expected a value for --measure <names...>, got none, do: halfopen --help
    $ halfopen prove --model counter --witness greatest
    halfopen: expected --measure with --witness, got none, do: name what is measured
    $ halfopen prove --model counter --measure adding --witness longest
    halfopen: expected --witness to be least or greatest, got "longest", do: pick one of them
    $ halfopen prove --model counter --max-states 0
    halfopen: expected a whole number >= 1 for --max-states, got "0", do: write it such as --max-states 200000
    $ halfopen prove --model counter --time soon
    halfopen: expected a duration in whole milliseconds for --time, got "soon", do: write it such as --time 60s
    $ halfopen prove --model counter --set gone=1
    halfopen: unknown parameter "gone"; this model has: processes
    $ halfopen prove --model counter --reporter xml
    halfopen: expected --reporter to be one of text, json, junit, github, markdown, mermaid, chrome, itf, html, got "xml", do: pick one of them
    $ halfopen prove --model counter --seed 1
    halfopen: expected an option of this command, got "--seed", do: halfopen --help
    $ halfopen prove --registry FIXTURES/modules/odd.ts --model unnamed --variant other
    halfopen: expected --composition, got none: none names unnamed/other, do: --composition with one of stage, none
    $ halfopen prove --registry FIXTURES/modules/odd.ts --model twins
    halfopen: expected a model without contradictions, got: two properties are called twin, do: correct the model
    $ halfopen simulate --registry FIXTURES/modules/odd.ts --model twins
    halfopen: expected a model without contradictions, got: two properties are called twin, do: correct the model
    $ halfopen check --registry FIXTURES/modules/odd.ts --model twins
    halfopen: expected a model without contradictions, got: two properties are called twin, do: correct the model
    $ halfopen check --registry FIXTURES/modules/odd.ts --model unsettled
    halfopen: composition stage of unsettled/reference: unknown parameter "gone"; this model has: ; correct the model
    $ halfopen check --max-states many
    halfopen: expected a whole number >= 1 for --max-states, got "many", do: write it such as --max-states 200000
    "
  `);
});
