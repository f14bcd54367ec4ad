import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { registry } from '../../models/registry.ts';
import { observe } from '../../src/engine/observe.ts';
import { Subject } from '../../src/engine/run.ts';
import { modelNamed } from '../../src/gate/registry.ts';
import { parseSeedFile } from '../../src/gate/seed-file.ts';
import { within } from '../../src/property/property.ts';
import { spansOf } from '../../src/timeline/spans.ts';
import { stateAt } from '../../src/timeline/state-at.ts';
import { timelineOf } from '../../src/timeline/timeline.ts';

function timelineFor(name: string) {
  const file = path.resolve(import.meta.dirname, '../../models/attach/regressions', `${name}.json`);
  const { model, variant, settings, schedule, property } = parseSeedFile(readFileSync(file, 'utf8'));
  const subject = new Subject(modelNamed(registry, model), variant, settings);
  const run = observe(subject, new Map(Object.entries(schedule)));
  return { run, timeline: timelineOf(subject, run, property) };
}

test('lanes in their groups: the wires side by side, what waits, who holds, what runs out', () => {
  const { timeline } = timelineFor('pong-deadline--dead-client-evicted');
  const picture = timeline.groups.map(({ name, from, to }) => {
    const lanes = timeline.lanes.slice(from, to).filter(({ isMain }) => isMain);
    return `${name}: ${lanes.map(({ kind, title }) => `${title} (${kind})`).join(', ')}`;
  });
  expect(picture.find((line) => line.startsWith('network'))).toBe(
    'network: client 1 (wire), runner (wire), client 2 (wire)',
  );
  expect(picture[0]).toMatch(/^promised: dead-client-evicted \(promise\)/);
  for (const lane of [
    'session 1 writeMu (mutex)',
    'session 1 read deadline (deadline)',
    'session 1 keepalive (process)',
    'socket to client 1 unacknowledged (level)',
  ])
    expect(picture.find((line) => line.startsWith('runner'))).toContain(lane);
  expect(picture.find((line) => line.startsWith('slot'))).toContain('holders (state)');
});

test('all that is drawn has a lane, comes in order, and can be written into a file', () => {
  const { run, timeline } = timelineFor('pong-deadline--dead-client-evicted');
  const lanes = new Set(timeline.lanes.map(({ id }) => id));
  expect(lanes.size).toBe(timeline.lanes.length);
  expect(timeline.steps.filter(({ lane }) => !lanes.has(lane))).toEqual([]);
  expect(timeline.arrows.filter(({ from, to }) => !lanes.has(from) || !lanes.has(to))).toEqual([]);
  const times = timeline.steps.map(({ at }) => at);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(timeline.steps.filter(({ kind }) => kind === 'event').length).toBe(run.trace.length);
  expect(timeline.steps.filter(({ kind }) => kind === 'decision').length).toBe(run.asked.length);
  expect(JSON.parse(JSON.stringify(timeline))).toEqual(timeline);
});

test('where a promise breaks is marked at the event that shows it', () => {
  const { timeline } = timelineFor('pong-deadline--dead-client-evicted');
  const found = timeline.breaks.find(({ property }) => property === 'dead-client-evicted');
  expect(timeline.steps[found?.step ?? -1]).toMatchObject({ kind: 'event', name: 'slot released', at: found?.at });
});

test('what holds at one time, in words: who waits for whom', () => {
  const { timeline } = timelineFor('pong-deadline--dead-client-evicted');
  const blocked = timeline.steps.find(({ name }) => name === 'write blocks')?.at ?? 0;
  const said = stateAt(timeline, blocked + 1_000_000).map(({ title, says }) => `${title}: ${says}`);
  expect(said.find((line) => line.startsWith('runner session 1 writeMu'))).toMatch(
    /held by runner session 1 stdout pump since .*; runner session 1 handler waits for it/,
  );
  expect(said.find((line) => line.startsWith('dead-client-evicted'))).toMatch(/due in|overdue by/);
});

test('spans begin and end as the monitor has it: first counts, an end before a beginning, one that never ends', () => {
  const span = within('p', 'P.', 5, { from: 'a', to: 'b', key: 'id' });
  const event = (at: number, name: string, id: number) => ({ at, lane: 'x', name, data: { id } });
  const trace = [event(1, 'a', 1), event(2, 'a', 1), event(3, 'b', 2), event(4, 'b', 1), event(5, 'a', 2)];
  expect(spansOf(span, trace)).toEqual([
    { from: 1, to: 4, bound: 5, text: 'p' },
    { from: 5, bound: 5, text: 'p' },
  ]);
  const again = { ...span, restart: true };
  expect(spansOf(again, trace)[0]).toMatchObject({ from: 2, to: 4 });
});
