import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { registry } from '../../models/registry.ts';
import { observe } from '../../src/engine/observe.ts';
import { replay } from '../../src/engine/replay.ts';
import { Subject } from '../../src/engine/run.ts';
import { modelNamed } from '../../src/gate/registry.ts';
import { parseSeedFile, type SeedFile } from '../../src/gate/seed-file.ts';

const models = path.resolve(import.meta.dirname, '../../models');
const seeds = readdirSync(models, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.json'))
  .map((file) => [file, parseSeedFile(readFileSync(path.join(models, file), 'utf8'))] as const);

function subjectOf({ model, variant, settings }: SeedFile): Subject {
  return new Subject(modelNamed(registry, model), variant, settings);
}

function observed(name: string) {
  const seed = seeds.find(([file]) => file.endsWith(`${name}.json`))?.[1] as SeedFile;
  return observe(subjectOf(seed), new Map(Object.entries(seed.schedule)));
}

test('a run is the same whether somebody looks at it or not: every kept schedule', () => {
  const changed = seeds.filter(([, seed]) => {
    const schedule = new Map(Object.entries(seed.schedule));
    const subject = subjectOf(seed);
    const [watched, plain] = [observe(subject, schedule), replay(subject, schedule)];
    const same = watched.digest === seed.digest && plain.digest === seed.digest;
    return !same || JSON.stringify(watched.decisions) !== JSON.stringify(plain.decisions);
  });
  expect(seeds.length).toBeGreaterThan(50);
  expect(changed.map(([file]) => file)).toEqual([]);
});

test('every decision is told, also those that took their default', () => {
  const { asked, decisions } = observed('pong-deadline--dead-client-evicted');
  expect(asked.filter(({ isDefault }) => !isDefault).map(({ name, value }) => [name, value])).toEqual(
    decisions.map(({ name, value }) => [name, value]),
  );
  expect(asked.length).toBeGreaterThan(decisions.length);
  const tie = asked.find(({ kind }) => kind === 'order');
  expect(tie?.options?.length).toBeGreaterThan(1);
  expect(tie?.value).toBe(tie?.options?.[0]);
});

test('a lock with its holder, a deadline that is armed anew, a level, and frames that are lost', () => {
  const { objects, messages } = observed('pong-deadline--dead-client-evicted');
  const historyOf = (name: string) => objects.find((object) => object.name === name)?.history ?? [];
  const held = historyOf('runner session 1 writeMu').filter(({ is }) => is !== undefined);
  expect(held).toContainEqual({ at: expect.any(Number), is: 'runner session 1 stdout pump' });
  const dues = historyOf('runner session 1 read deadline').flatMap(({ is }) =>
    typeof is === 'object' && is !== null && 'due' in is ? [is.due] : [],
  );
  expect(dues.length).toBeGreaterThan(2);
  expect(dues).toEqual([...dues].sort((a, b) => Number(a) - Number(b)));
  const levels = historyOf('runner net 1 runner socket to client 1 unacknowledged').map(({ is }) => Number(is));
  expect(Math.max(...levels)).toBeGreaterThan(1000);
  expect(messages.filter(({ arrived }) => arrived).length).toBeGreaterThan(5);
  const lost = messages.filter(({ due }) => due === undefined);
  expect(lost.length).toBeGreaterThan(0);
  const death = observed('pong-deadline--dead-client-evicted').trace.find(({ name }) => name === 'client dead');
  expect(lost.every(({ sent }) => sent >= (death?.at ?? Infinity))).toBe(true);
});
