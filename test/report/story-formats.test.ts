import { describe, expect, test } from 'vitest';
import { chromeTraceReport } from '../../src/report/chrome-trace.ts';
import { itfReport } from '../../src/report/itf.ts';
import { markdownReport } from '../../src/report/markdown.ts';
import { mermaidReport } from '../../src/report/mermaid.ts';
import { PLAIN } from '../../src/report/paint.ts';
import { storyText } from '../../src/report/story-text.ts';
import { everything, HOSTILE, hostile } from './outcome.ts';

const silent = { ...everything, stories: [] };
const [story] = everything.stories;
if (story === undefined) throw new Error('a story to tell');

describe('markdown', () => {
  test('what is wrong, with its story; what was measured; what was planted', () => {
    expect(markdownReport(everything)).toMatchInlineSnapshot(`
      "## halfopen check: 8 of 15 verdicts not as expected; 3 verdicts and 1 exact time left to check --full

      | verdict | property | of | why |
      | --- | --- | --- | --- |
      | sampled | stays-good | seed toy/stale | stale decision "a \\#1": was never asked; if that is meant, refresh it: halfopen replay toy/stale.json --update |
      | violated | no-worse | prove toy/reference on alone | must be proved: Nothing worse happens. |
      | inconclusive | waking | prove toy/reference | stopped at depth 718: more than 1000 states; most values: server \\(184\\), client \\(6\\) |
      | violated | no-worse | toy/reference | must hold: Nothing worse happens. |
      | violated | deadlock | toy/reference | must hold: Something can always happen as long as a process waits. |
      | inconclusive | acted | toy/reference | must be seen: The toy did its deed. |
      | sampled | stays-good | toy/harmless | must be killed in 19 of 20 campaigns, was in 0 of 2; nothing else was violated; the edit: do nothing |
      | sampled | stays-good | declarations toy | nothing violates stays-good: add a variant or a mutant that does |
      | inconclusive | stays-good | toy/slow | time ran out after 250 schedules |

      <details><summary>violated: no-worse, toy/reference</summary>

      \`\`\`
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
      \`\`\`

      </details>

      ### Exact times

      | variant | on | span | least | greatest |
      | --- | --- | --- | --- | --- |
      | toy/reference | alone | resting | 1ms, attained | 45.1s, not attained |
      | toy/reference |  | waking | 0, attained | no end so far |

      <details><summary>2 wrong edits planted</summary>

      | mutant | edit | killed by | kills | median |
      | --- | --- | --- | --- | --- |
      | toy/slip | drop the guard | stays-good | 20/20 | 3 |
      | toy/harmless | do nothing | stays-good | 0/2 |  |

      </details>
      "
    `);
  });

  test('of a command in which nothing is wrong, and of one without an answer', () => {
    const rows = everything.rows.filter((row) => row.ok || row.unfinished);
    const first = (outcome: typeof everything) => markdownReport(outcome).split('\n')[0];
    expect([
      first({ ...everything, rows: rows.filter((row) => row.ok) }),
      first({ ...everything, rows }),
      first({ ...everything, command: 'simulate' }),
      first({ ...everything, command: 'prove', rows: [] }),
    ]).toMatchInlineSnapshot(`
      [
        "## halfopen check: 6 verdicts as expected; 3 verdicts and 1 exact time left to check --full",
        "## halfopen check: no answer for 1 of 7 verdicts",
        "## halfopen simulate: 3 of 15 verdicts violated; 3 verdicts and 1 exact time left to check --full",
        "## halfopen prove: 2 spans measured",
      ]
    `);
  });

  test('a hostile string is text: no tag, no cell, no fence of its own', () => {
    const text = markdownReport({
      ...hostile,
      stories: hostile.stories.map((each) => ({ ...each, message: '````\n<b>' })),
    });
    expect(text.split('\n').filter((line) => /^`{3,}/.test(line))).toEqual(['`````', '`````']);
    const outside = text.replace(/`{5}[\s\S]*`{5}/, '');
    expect(outside).not.toMatch(/<(?!\/?(details|summary)>)/);
    expect(outside.split('\n').filter((line) => line.startsWith('| sampled'))).toHaveLength(1);
  });
});

describe('mermaid', () => {
  test('a participant for each lane, what comes again as a loop', () => {
    expect(mermaidReport(everything)).toMatchInlineSnapshot(`
      "\`\`\`mermaid
      sequenceDiagram
      title violated#58; no-worse, toy/reference
      participant p0 as runner
      participant p1 as client
      participant p2 as actor
      Note over p0,p2: 0 ◆ client dies #35;1 = 44.9s
      loop and 2 more times, until 45.1s
        Note over p0: 15s ping n=1
        Note over p1: 15.1s pong n=1
      end
      Note over p2: 60.000001s ✗ worse by=actor why="no reason" list=#91;1#93;
      \`\`\`
      "
    `);
    expect(mermaidReport(silent)).toBe('halfopen check: no story to tell\n');
  });

  test('a hostile string is text', () => {
    const row = { at: '1s', mark: 'event', lane: HOSTILE, what: `${HOSTILE}; end`, data: { end: '#1' } } as const;
    const lines = mermaidReport({ ...hostile, stories: [{ ...story, timeline: [row] }] }).split('\n');
    expect(lines).toHaveLength(7);
    expect(lines.slice(2, 5).join('')).not.toMatch(/[<>{}|;]{2}|\bend\b|%%/);
    expect(lines[4]).toContain('#59; #101;nd #101;nd=#35;1');
  });
});

test('chrome: a process for a story, a thread for a lane, times in microseconds', () => {
  const { traceEvents } = JSON.parse(chromeTraceReport(everything));
  const named = (name: string) => traceEvents.filter((event: { name: string }) => event.name === name);
  expect(named('process_name')).toEqual([
    { ph: 'M', name: 'process_name', pid: 1, args: { name: 'toy/reference no-worse' } },
  ]);
  expect(named('thread_name').map((event: { args: { name: string } }) => event.args.name)).toEqual([
    'decision',
    'runner',
    'client',
    'actor',
  ]);
  expect(named('pong')[0]).toEqual({
    ph: 'i',
    name: 'pong',
    pid: 1,
    tid: 2,
    ts: 15_100_000,
    s: 't',
    args: { at: '15.1s', data: { n: 1 } },
  });
  expect(named('worse')[0]).toMatchObject({ ts: 60_000_001, s: 'p', args: { breaks: 'no-worse' } });
  expect(JSON.parse(chromeTraceReport(hostile)).traceEvents[0].args.name).toContain('🎉');
  expect(JSON.parse(chromeTraceReport(silent)).traceEvents).toEqual([]);
});

describe('itf', () => {
  test('a state for each thing that happened, a variable for each lane', () => {
    const trace = JSON.parse(itfReport(everything));
    expect(trace['#meta']).toMatchObject({ format: 'ITF', source: story.command });
    expect(trace.vars).toEqual(['time', 'decision', 'runner', 'client', 'actor']);
    expect(trace.states).toHaveLength(story.timeline.length + 1);
    expect(trace.states[0]).toEqual({
      '#meta': { index: 0 },
      time: '0',
      decision: '',
      runner: '',
      client: '',
      actor: '',
    });
    expect(trace.states.at(-1)).toMatchObject({ time: '60.000001s', runner: 'ping  n=3', client: 'pong  n=3' });
    expect(trace.states.at(-1).actor).toMatch(/^✗ worse/);
    expect(JSON.parse(itfReport(silent))).toMatchObject({ vars: [], states: [] });
  });

  test('a lane whose name the format keeps for itself', () => {
    const lanes = ['time', '#meta', '#map'];
    const timeline = lanes.map((lane) => ({ at: '1s', mark: 'event', lane, what: 'happens' }) as const);
    const trace = JSON.parse(itfReport({ ...everything, stories: [{ ...story, timeline }] }));
    expect(trace.vars).toEqual(['time', 'lane time', 'lane #meta', 'lane #map']);
    expect(trace.states.at(-1)).toEqual({
      '#meta': { index: 3 },
      time: '1s',
      'lane time': 'happens',
      'lane #meta': 'happens',
      'lane #map': 'happens',
    });
  });
});

test('lanes of the text are drawn where there is room for them', () => {
  const timelineIn = (width: number) => storyText(story, PLAIN, width).split('\n').slice(10, -2);
  expect(timelineIn(86)).toMatchInlineSnapshot(`
    [
      "           time         who       what",
      "  ◆           0         decision  client dies #1 = 44.9s",
      "            15s  ●      runner    ping  n=1",
      "          15.1s    ●    client    pong  n=1",
      "                        …         the same 2 rows 2 more times, until 45.1s",
      "  ✗  60.000001s      ✗  actor     worse  by=actor why="no reason" list=[1]",
      "",
    ]
  `);
  expect(timelineIn(85).some((line) => line.includes('●'))).toBe(false);
  expect(Math.max(...timelineIn(70).map((line) => line.length))).toBeLessThanOrEqual(70);
});
