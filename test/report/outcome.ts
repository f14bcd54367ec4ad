import type { Outcome, Row, Story } from '../../src/gate/outcome.ts';

const row: Row = {
  unit: 'toy/reference',
  kind: 'property',
  model: 'toy',
  variant: 'reference',
  property: 'stays-good',
  verdict: 'sampled',
  expected: 'holds',
  ok: true,
  detail: 'The toy stays good.',
  schedules: 2000,
};

const story: Story = {
  unit: 'toy/reference',
  model: 'toy',
  variant: 'reference',
  property: 'no-worse',
  verdict: 'violated',
  expected: false,
  says: 'Nothing worse happens.',
  message: 'this must never happen: worse {"by":"actor"}',
  found: { atSchedule: 17, shrinks: 40 },
  settings: { interval: '5s' },
  decisions: [
    { name: 'client dies #1', value: '44.9s', at: '0', fault: true },
    { name: 'tie: instead of reader #3', value: 'keepalive', at: '15s', fault: false },
  ],
  schedule: { 'client dies #1': '44.9s', 'tie: instead of reader #3': 'keepalive' },
  digest: '0123456789abcdef',
  measured: {},
  timeline: [
    { at: '0', mark: 'decision', lane: 'decision', what: 'client dies #1 = 44.9s' },
    { at: '15s', mark: 'event', lane: 'runner', what: 'ping', data: { n: 1 } },
    { at: '15.1s', mark: 'event', lane: 'client', what: 'pong', data: { n: 1 } },
    { at: '30s', mark: 'event', lane: 'runner', what: 'ping', data: { n: 2 } },
    { at: '30.1s', mark: 'event', lane: 'client', what: 'pong', data: { n: 2 } },
    { at: '45s', mark: 'event', lane: 'runner', what: 'ping', data: { n: 3 } },
    { at: '45.1s', mark: 'event', lane: 'client', what: 'pong', data: { n: 3 } },
    {
      at: '60.000001s',
      mark: 'breaks',
      lane: 'actor',
      what: 'worse',
      data: { by: 'actor', why: 'no reason', list: [1] },
    },
  ],
  command: 'halfopen simulate --model toy --variant reference --property no-worse --seed 1 --set interval=5s',
};

/** One of everything that a report can hold. */
export const everything: Outcome = {
  command: 'check',
  seed: '1',
  runs: 2000,
  shard: '1/2',
  rows: [
    {
      ...row,
      unit: 'seed toy/kept',
      kind: 'seed',
      verdict: 'violated',
      expected: 'violated',
      detail: 'both read first',
      schedules: 1,
    },
    {
      ...row,
      unit: 'seed toy/stale',
      kind: 'seed',
      ok: false,
      expected: 'violated',
      detail:
        'stale decision "a #1": was never asked; if that is meant, refresh it: halfopen replay toy/stale.json --update',
      schedules: 1,
    },
    row,
    {
      ...row,
      property: 'no-worse',
      verdict: 'violated',
      ok: false,
      detail: 'must hold: Nothing worse happens.',
      schedules: 17,
    },
    {
      ...row,
      kind: 'failure',
      property: 'deadlock',
      verdict: 'violated',
      ok: false,
      detail: 'must hold: Something can always happen as long as a process waits.',
      schedules: 3,
    },
    {
      ...row,
      kind: 'witness',
      property: 'acted',
      verdict: 'inconclusive',
      expected: 'seen',
      ok: false,
      detail: 'must be seen: The toy did its deed.',
    },
    { ...row, kind: 'witness', property: 'rested', expected: 'seen', detail: 'The toy did not.' },
    {
      ...row,
      unit: 'toy/broken',
      variant: 'broken',
      verdict: 'violated',
      expected: 'violated',
      detail: 'the toy is broken',
      schedules: 1,
    },
    {
      ...row,
      unit: 'toy/slow',
      variant: 'slow',
      verdict: 'inconclusive',
      ok: false,
      unfinished: true,
      detail: 'time ran out after 250 schedules',
      schedules: 250,
    },
    {
      ...row,
      unit: 'toy/slip',
      variant: 'slip',
      kind: 'mutant',
      verdict: 'violated',
      expected: 'violated',
      detail: 'drop the guard',
      schedules: 3,
    },
    {
      ...row,
      unit: 'toy/harmless',
      variant: 'harmless',
      kind: 'mutant',
      expected: 'violated',
      ok: false,
      detail: 'must be killed in 19 of 20 campaigns, was in 0 of 2; nothing else was violated; the edit: do nothing',
      schedules: 0,
    },
    {
      ...row,
      unit: 'declarations toy',
      variant: '',
      kind: 'declaration',
      expected: 'violated',
      ok: false,
      detail: 'nothing violates stays-good: add a variant or a mutant that does',
      schedules: 0,
    },
  ],
  systems: [
    {
      model: 'toy',
      variant: 'reference',
      about: 'does nothing',
      schedules: 2000,
      measures: [{ name: 'resting', says: 'From a rest to the next.', least: '1ms', greatest: '2.5s' }],
      witnesses: { seen: ['rested'], missing: ['acted'] },
    },
  ],
  mutants: [
    {
      model: 'toy',
      variant: 'slip',
      of: 'reference',
      edit: 'drop the guard',
      killedBy: 'stays-good',
      campaigns: 20,
      killed: 20,
      median: 3,
      greatest: 27,
    },
    {
      model: 'toy',
      variant: 'harmless',
      of: 'reference',
      edit: 'do nothing',
      killedBy: 'stays-good',
      campaigns: 2,
      killed: 0,
    },
  ],
  stories: [story],
};

const HOSTILE = 'a "quoted" <tag> & ]]> \u0000\u0007\u001b[31m \ud800 \uffff %0A ::error::\r\nüñí→✗ 🎉';

/** The same with strings that no format likes. */
export const hostile: Outcome = {
  ...everything,
  rows: [{ ...row, unit: HOSTILE, property: HOSTILE, detail: HOSTILE, ok: false, model: HOSTILE, variant: HOSTILE }],
  stories: [
    { ...story, unit: HOSTILE, model: HOSTILE, variant: HOSTILE, property: HOSTILE, says: HOSTILE, message: HOSTILE },
  ],
};

export { HOSTILE };
