import { stripVTControlCharacters } from 'node:util';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, test } from 'vitest';
import { githubReport } from '../../src/report/github.ts';
import { jsonReport } from '../../src/report/json.ts';
import { junitReport } from '../../src/report/junit.ts';
import { PLAIN } from '../../src/report/paint.ts';
import { textReport } from '../../src/report/text.ts';
import { everything, HOSTILE, hostile } from './outcome.ts';

const options = { paint: PLAIN, stories: () => true, explain: false };

describe('text', () => {
  test('of everything that a report can hold', () => {
    expect(textReport(everything, options)).toMatchInlineSnapshot(`
      "halfopen check, seed 1, 2000 schedules a variant, shard 1/2

      seeds
        ✓  violated  toy/kept   stays-good  both read first
        ✗  sampled   toy/stale  stays-good
             stale decision "a #1": was never asked; if that is meant, refresh it: halfopen replay toy/stale.json --update

      prove
        ✓  proved        toy/reference  stays-good  on alone: 15 380 states
        ✗  violated      toy/reference  no-worse    on alone: 12 states      must be proved: Nothing worse happens.
        ✗  inconclusive  toy/reference  waking      1 003 states
             stopped at depth 718: more than 1000 states; most values: server (184), client (6)

      exact times
           variant        on     span     least          greatest             explored
           toy/reference  alone  resting  1ms, attained  45.1s, not attained  15 380 states
           toy/reference         waking   0, attained    no end               1 state, so far

      left to check --full
           toy/crowd      by random schedules  1 verdict
           toy/reference  on crowded           2 verdicts
           toy/slip       on alone             1 exact time

      toy/reference  does nothing
        ✓  sampled       stays-good  2000 schedules
        ✗  violated      no-worse    at schedule 17  must hold: Nothing worse happens.
        ✗  violated      deadlock    at schedule 3   must hold: Something can always happen as long as a process waits.
           1 of 2 witnesses seen
        ✗  not seen  acted  must be seen: The toy did its deed.
           measured  resting  1ms..2.5s  From a rest to the next.

      toy/broken
        ✓  violated      stays-good  at schedule 1   the toy is broken

      toy/slow
        ?  inconclusive  stays-good  250 schedules   time ran out after 250 schedules

      mutants
           mutant        killed by   kills  median  most  prove      edit
        ✓  toy/slip      stays-good  20/20  3       27    alone: 12  drop the guard
        ✗  toy/harmless  stays-good  0/2    -       -     -
             must be killed in 19 of 20 campaigns, was in 0 of 2; nothing else was violated; the edit: do nothing

      declarations
        ✗  toy  nothing violates stays-good: add a variant or a mutant that does

      violated  no-worse  toy/reference
        promised: Nothing worse happens.
        seen: this must never happen: worse {"by":"actor"}
        found at schedule 17, shrunk in 40 steps
        set: interval=5s

        Decisions (2, everything else takes its default):
          client dies #1             = 44.9s  (fault)
          tie: instead of reader #3  = keepalive

                 time         who       what
        ◆           0         decision  client dies #1 = 44.9s
                  15s  ●      runner    ping  n=1
                15.1s    ●    client    pong  n=1
                              …         the same 2 rows 2 more times, until 45.1s
        ✗  60.000001s      ✗  actor     worse  by=actor why="no reason" list=[1]

        halfopen simulate --model toy --variant reference --property no-worse --seed 1 --set interval=5s

      not as expected: 8 of 15 verdicts; 3 verdicts and 1 exact time left to check --full
      "
    `);
  });

  test('is never wider than 120 columns, but for what is wrong and for commands', () => {
    const wide = textReport(everything, options)
      .split('\n')
      .filter((line) => line.length > 120);
    expect(wide).toMatchInlineSnapshot(`[]`);
  });

  test('in colour says the same', () => {
    const paint = Object.fromEntries(
      Object.keys(PLAIN).map((name) => [name, (text: string) => `\u001b[31m${text}\u001b[39m`]),
    );
    const coloured = textReport(everything, { ...options, paint: paint as unknown as typeof PLAIN });
    expect(stripVTControlCharacters(coloured)).toBe(textReport(everything, options));
    expect(coloured).not.toBe(textReport(everything, options));
  });

  test('of simulate and replay', () => {
    const rows = everything.rows.filter((row) => row.unit === 'toy/reference' && row.kind === 'property');
    const one = { ...everything, rows, exactTimes: [], mutants: [], stories: [] };
    expect(textReport({ ...one, command: 'simulate' }, { ...options, explain: true })).toMatchInlineSnapshot(`
      "halfopen simulate, seed 1, 2000 schedules a variant, shard 1/2

      left to check --full
           toy/crowd      by random schedules  1 verdict
           toy/reference  on crowded           2 verdicts
           toy/slip       on alone             1 exact time

      toy/reference  does nothing
        ✓  sampled   stays-good  2000 schedules  The toy stays good.
        ✗  violated  no-worse    at schedule 17  must hold: Nothing worse happens.
           measured  resting  1ms..2.5s  From a rest to the next.

      violated: 1 of 2 properties
      "
    `);
    expect(
      textReport({ ...one, command: 'simulate', rows: rows.slice(0, 1), systems: [] }, options),
    ).toMatchInlineSnapshot(`
      "halfopen simulate, seed 1, 2000 schedules a variant, shard 1/2

      left to check --full
           toy/crowd      by random schedules  1 verdict
           toy/reference  on crowded           2 verdicts
           toy/slip       on alone             1 exact time

      toy/reference
        ✓  sampled  stays-good  2000 schedules

      sampled: nothing is violated; no more than these schedules is known
      "
    `);
    expect(
      textReport(
        {
          command: 'replay',
          rows: everything.rows.slice(0, 1),
          exactTimes: [],
          systems: [],
          mutants: [],
          stories: [],
          left: [],
        },
        options,
      ),
    ).toMatchInlineSnapshot(`
      "seeds
        ✓  violated  toy/kept  stays-good  both read first

      as expected: 1 verdict
      "
    `);
  });
});

describe('text of prove', () => {
  const proofs = everything.rows.filter((row) => row.kind === 'proof');
  const { exactTimes, stories } = everything;
  const none = { command: 'prove', maxStates: 200_000, systems: [], mutants: [], left: [] } as const;
  const asked = { ...options, explain: true };

  test('verdicts, exact times and the run that shows one of them', () => {
    const [story] = stories;
    if (story === undefined) throw new Error('a story to change');
    const { found: _, ...rest } = story;
    const told = {
      ...rest,
      composition: 'alone',
      property: 'resting',
      verdict: 'proved',
      expected: true,
      message: '45.099999s in this schedule',
      extreme: { which: 'greatest', length: '45.1s', attained: false },
    } as const;
    expect(textReport({ ...none, rows: proofs, exactTimes, stories: [told] }, asked)).toMatchInlineSnapshot(`
      "halfopen prove, at most 200 000 states a search

      prove
        ✓  proved        toy/reference  stays-good  on alone: 15 380 states  The toy stays good.
        ✗  violated      toy/reference  no-worse    on alone: 12 states      must be proved: Nothing worse happens.
        ✗  inconclusive  toy/reference  waking      1 003 states
             stopped at depth 718: more than 1000 states; most values: server (184), client (6)

      resting  toy/reference on alone
        worst case 45.1s, not attained; best case 1ms, attained  (15 380 states)
        not attained: it can come as close to it as you like, but never is
      waking  toy/reference
        worst case no end; best case 0, attained  (so far, in 1 state)
        no end: it can go on for as long as you like, or for ever

      proved  resting  toy/reference
        greatest: 45.1s, not attained
        shown: 45.099999s in this schedule
        composition: alone
        set: interval=5s

        Decisions (2, everything else takes its default):
          client dies #1             = 44.9s  (fault)
          tie: instead of reader #3  = keepalive

                 time         who       what
        ◆           0         decision  client dies #1 = 44.9s
                  15s  ●      runner    ping  n=1
                15.1s    ●    client    pong  n=1
                              …         the same 2 rows 2 more times, until 45.1s
        ✗  60.000001s      ✗  actor     worse  by=actor why="no reason" list=[1]

        halfopen simulate --model toy --variant reference --property no-worse --seed 1 --set interval=5s

      not as expected: 2 of 3 verdicts
      "
    `);
  });

  test('the last line, whatever came of it', () => {
    const last = (rows: typeof proofs, times = exactTimes) =>
      textReport({ ...none, rows, exactTimes: times, stories: [] }, asked)
        .split('\n')
        .at(-2);
    const open = proofs.slice(2).map((row) => ({ ...row, unfinished: true }) as const);
    expect([
      last(proofs),
      last(proofs.slice(0, 1)),
      last([...proofs.slice(0, 1), ...open]),
      last([]),
    ]).toMatchInlineSnapshot(`
      [
        "not as expected: 2 of 3 verdicts",
        "as expected: 1 verdict, over all timings",
        "inconclusive: no answer within the limits for 1 of 2 verdicts",
        "measured: 2 spans, over all timings",
      ]
    `);
  });
});

test('json is the outcome itself', () => {
  expect(JSON.parse(jsonReport(everything))).toEqual({ format: 1, ...everything });
  expect(JSON.parse(jsonReport(hostile))).toEqual({ format: 1, ...hostile });
});

describe('junit', () => {
  test('a test case for each row', () => {
    expect(junitReport(everything)).toMatchInlineSnapshot(`
      "<?xml version="1.0" encoding="UTF-8"?>
      <testsuites name="halfopen check" tests="15" failures="8" skipped="1">
        <testsuite name="seed toy/kept" tests="1" failures="0" skipped="0">
          <testcase classname="seed toy/kept" name="seed stays-good"/>
        </testsuite>
        <testsuite name="seed toy/stale" tests="1" failures="1" skipped="0">
          <testcase classname="seed toy/stale" name="seed stays-good"><failure message="sampled: stale decision &quot;a #1&quot;: was never asked; if that is meant, refresh it: halfopen replay toy/stale.json --update" type="sampled">stale decision &quot;a #1&quot;: was never asked; if that is meant, refresh it: halfopen replay toy/stale.json --update</failure></testcase>
        </testsuite>
        <testsuite name="prove toy/reference on alone" tests="2" failures="1" skipped="0">
          <testcase classname="prove toy/reference on alone" name="proof stays-good"/>
          <testcase classname="prove toy/reference on alone" name="proof no-worse"><failure message="violated: must be proved: Nothing worse happens." type="violated">must be proved: Nothing worse happens.</failure></testcase>
        </testsuite>
        <testsuite name="prove toy/reference" tests="1" failures="1" skipped="0">
          <testcase classname="prove toy/reference" name="proof waking"><failure message="inconclusive: stopped at depth 718: more than 1000 states; most values: server (184), client (6)" type="inconclusive">stopped at depth 718: more than 1000 states; most values: server (184), client (6)</failure></testcase>
        </testsuite>
        <testsuite name="toy/reference" tests="5" failures="3" skipped="0">
          <testcase classname="toy/reference" name="property stays-good"/>
          <testcase classname="toy/reference" name="property no-worse"><failure message="violated: must hold: Nothing worse happens." type="violated">violated  no-worse  toy/reference
        promised: Nothing worse happens.
        seen: this must never happen: worse {&quot;by&quot;:&quot;actor&quot;}
        found at schedule 17, shrunk in 40 steps
        set: interval=5s

        Decisions (2, everything else takes its default):
          client dies #1             = 44.9s  (fault)
          tie: instead of reader #3  = keepalive

                 time         who       what
        ◆           0         decision  client dies #1 = 44.9s
                  15s  ●      runner    ping  n=1
                15.1s    ●    client    pong  n=1
                              …         the same 2 rows 2 more times, until 45.1s
        ✗  60.000001s      ✗  actor     worse  by=actor why=&quot;no reason&quot; list=[1]

        halfopen simulate --model toy --variant reference --property no-worse --seed 1 --set interval=5s
      </failure></testcase>
          <testcase classname="toy/reference" name="failure deadlock"><failure message="violated: must hold: Something can always happen as long as a process waits." type="violated">must hold: Something can always happen as long as a process waits.</failure></testcase>
          <testcase classname="toy/reference" name="witness acted"><failure message="inconclusive: must be seen: The toy did its deed." type="inconclusive">must be seen: The toy did its deed.</failure></testcase>
          <testcase classname="toy/reference" name="witness rested"/>
        </testsuite>
        <testsuite name="toy/broken" tests="1" failures="0" skipped="0">
          <testcase classname="toy/broken" name="property stays-good"/>
        </testsuite>
        <testsuite name="toy/slow" tests="1" failures="0" skipped="1">
          <testcase classname="toy/slow" name="property stays-good"><skipped message="inconclusive: time ran out after 250 schedules"/></testcase>
        </testsuite>
        <testsuite name="toy/slip" tests="1" failures="0" skipped="0">
          <testcase classname="toy/slip" name="mutant stays-good"/>
        </testsuite>
        <testsuite name="toy/harmless" tests="1" failures="1" skipped="0">
          <testcase classname="toy/harmless" name="mutant stays-good"><failure message="sampled: must be killed in 19 of 20 campaigns, was in 0 of 2; nothing else was violated; the edit: do nothing" type="sampled">must be killed in 19 of 20 campaigns, was in 0 of 2; nothing else was violated; the edit: do nothing</failure></testcase>
        </testsuite>
        <testsuite name="declarations toy" tests="1" failures="1" skipped="0">
          <testcase classname="declarations toy" name="declaration stays-good"><failure message="sampled: nothing violates stays-good: add a variant or a mutant that does" type="sampled">nothing violates stays-good: add a variant or a mutant that does</failure></testcase>
        </testsuite>
      </testsuites>
      "
    `);
  });

  test('survives hostile strings', () => {
    const xml = junitReport(hostile);
    expect(XMLValidator.validate(xml)).toBe(true);
    const parsed = new XMLParser({
      ignoreAttributes: false,
      attributeNamePrefix: '',
      trimValues: false,
      htmlEntities: true,
    }).parse(xml);
    const { name, failures, testcase } = parsed.testsuites.testsuite;
    const readable = HOSTILE.replace('\u0000', '\\u0000')
      .replace('\u0007', '\\u0007')
      .replace('\u001b', '\\u001b')
      .replace('\ud800', '\\ud800')
      .replace('\uffff', '\\uffff');
    expect(name).toBe(readable);
    expect(failures).toBe('1');
    expect(testcase.failure.message).toBe(`sampled: ${readable}`);
    expect(testcase.failure['#text']).toContain(`promised: ${readable}`);
  });
});

describe('github', () => {
  test('an annotation for each row that is not as expected', () => {
    expect(githubReport(everything)).toMatchInlineSnapshot(`
      "::error title=sampled stays-good seed toy/stale::stale decision "a #1": was never asked; if that is meant, refresh it: halfopen replay toy/stale.json --update
      ::error title=violated no-worse prove toy/reference on alone::must be proved: Nothing worse happens.
      ::error title=inconclusive waking prove toy/reference::stopped at depth 718: more than 1000 states; most values: server (184), client (6)
      ::error title=violated no-worse toy/reference::must hold: Nothing worse happens.%0A%0Aviolated  no-worse  toy/reference%0A  promised: Nothing worse happens.%0A  seen: this must never happen: worse {"by":"actor"}%0A  found at schedule 17, shrunk in 40 steps%0A  set: interval=5s%0A%0A  Decisions (2, everything else takes its default):%0A    client dies #1             = 44.9s  (fault)%0A    tie: instead of reader #3  = keepalive%0A%0A           time         who       what%0A  ◆           0         decision  client dies #1 = 44.9s%0A            15s  ●      runner    ping  n=1%0A          15.1s    ●    client    pong  n=1%0A                        …         the same 2 rows 2 more times, until 45.1s%0A  ✗  60.000001s      ✗  actor     worse  by=actor why="no reason" list=[1]%0A%0A  halfopen simulate --model toy --variant reference --property no-worse --seed 1 --set interval=5s%0A
      ::error title=violated deadlock toy/reference::must hold: Something can always happen as long as a process waits.
      ::error title=inconclusive acted toy/reference::must be seen: The toy did its deed.
      ::warning title=inconclusive stays-good toy/slow::time ran out after 250 schedules
      ::error title=sampled stays-good toy/harmless::must be killed in 19 of 20 campaigns, was in 0 of 2; nothing else was violated; the edit: do nothing
      ::error title=sampled stays-good declarations toy::nothing violates stays-good: add a variant or a mutant that does
      measured: resting toy/reference on alone worst case 45.1s, not attained; best case 1ms, attained (15 380 states) not attained: it can come as close to it as you like, but never is
      measured: waking toy/reference worst case no end; best case 0, attained (so far, in 1 state) no end: it can go on for as long as you like, or for ever
      halfopen check: 9 of 15 verdicts not as expected, seed 1; 3 verdicts and 1 exact time left to check --full
      "
    `);
  });

  test('a hostile string begins no command of its own', () => {
    const lines = githubReport(hostile).split('\n');
    expect(lines).toHaveLength(4);
    expect(lines.map((line) => line.split('::').length > 1 && line.startsWith('::'))).toEqual([
      true,
      false,
      false,
      false,
    ]);
    expect(lines[0]).toContain('%250A %3A%3Aerror%3A%3A%0D%0Aüñí→✗ 🎉');
  });
});
