import { describe, expect, test } from 'vitest';
import { replay } from '../../src/engine/replay.ts';
import { batchSeed, simulateBatch } from '../../src/engine/simulate.ts';
import { between } from '../../src/kernel/bounds.ts';
import type { Span } from '../../src/kernel/clock-contract.ts';
import type { Measured } from '../../src/property/monitor.ts';
import { storyOf } from '../support/toy.ts';
import { type Known, known } from './known.ts';

const RUNS = 150;
const RUNS_TO_FIND = 1000;
const LIVELY = between(0, 50);

const proved = known.filter(({ expected }) => expected === 'proved');
const violated = known.filter(({ expected }) => expected === 'violated');

function titled(entries: readonly Known[]): readonly [string, Known][] {
  return entries.map((entry) => [`${entry.name}: ${entry.property}`, entry]);
}

/** Entries about the same system, which is run once for all of them. */
function byName(entries: readonly Known[]): readonly [string, readonly Known[]][] {
  const names = [...new Set(entries.map(({ name }) => name))];
  return names.map((name) => [name, entries.filter((entry) => entry.name === name)]);
}

function isInside(sampled: Measured, { least, greatest, leastAttained, greatestAttained }: Span): boolean {
  const fromLeast = leastAttained ? sampled.least >= least : sampled.least > least;
  const toGreatest = greatestAttained ? sampled.greatest <= greatest : sampled.greatest < greatest;
  return fromLeast && toGreatest;
}

describe('what is proved holds in random schedules, and its witnesses are seen', () => {
  test.each(byName(proved))('%s', (_name, entries) => {
    const [{ subject: make, measured = {} }] = entries as [Known];
    const subject = make(LIVELY);
    const { firstViolations, seen, measured: sampled } = simulateBatch(subject, batchSeed(1, 0), RUNS);
    const promised = entries.map(({ property }) => property);
    const alsoBroken = Object.keys(firstViolations).filter((name) => !subject.promises.includes(name));
    const witnesses = subject.properties.all.filter(({ kind }) => kind === 'sometimes').map(({ name }) => name);
    expect(promised.filter((name) => !subject.promises.includes(name))).toEqual([]);
    expect(promised.filter((name) => name in firstViolations)).toEqual([]);
    expect(alsoBroken).toEqual([]);
    expect(seen).toEqual(witnesses.sort());
    for (const [name, span] of Object.entries(measured)) {
      expect(isInside(sampled[name] as Measured, span), `${name}: ${JSON.stringify(sampled[name])}`).toBe(true);
    }
  });
});

test('a measure is outside where it goes beyond an end, or reaches one that is open', () => {
  const span: Span = { least: 7, greatest: 40, leastAttained: true, greatestAttained: false };
  expect(isInside({ least: 7, greatest: 39 }, span)).toBe(true);
  expect(isInside({ least: 6, greatest: 39 }, span)).toBe(false);
  expect(isInside({ least: 7, greatest: 40 }, span)).toBe(false);
});

describe('what is violated is found by random schedules, or shown by one', () => {
  test.each(titled(violated.filter(({ shownBy }) => shownBy === undefined)))('%s', (_title, entry) => {
    const wanted = new Set([entry.property]);
    const { firstViolations } = simulateBatch(entry.subject(LIVELY), batchSeed(1, 0), RUNS_TO_FIND, wanted);
    expect(firstViolations).toHaveProperty(entry.property);
  });

  test.each(titled(violated.filter(({ shownBy }) => shownBy !== undefined)))('%s', (_title, entry) => {
    const run = replay(entry.subject(), new Map(Object.entries(entry.shownBy ?? {})));
    expect(run.stale).toEqual([]);
    expect(run.violations.map(({ property }) => property)).toContain(entry.property);
  });
});

describe('the boundary cases, told', () => {
  const told = (name: string): string => {
    const { subject: make, shownBy } = known.find((each) => each.name === name && each.shownBy !== undefined) as Known;
    return storyOf(replay(make(), new Map(Object.entries(shownBy ?? {}))));
  };

  test('the second look, and then the write of another one in the same instant', () => {
    expect(told('fischer of 2 timers, write <= K <= wait')).toMatchInlineSnapshot(`
      "10 P1: enters
      10 P2: overwrites
      20 P2: enters
      = quiet, at 20
      ! mutual-exclusion, at 20: is false in this state
      ? P1 #1 = 0, at 0
      ? P2 #1 = 0, at 0
      ? P2 #2 = 10, at 0
      ? P1 #3 = 10, at 0
      ? tie: instead of P2 #2 = P1, at 10
      ? P2 #3 = 10, at 10"
    `);
  });

  test('the receiver is done in the same instant as the last copy of the next chunk comes', () => {
    expect(told('brp, TR one tick less')).toMatchInlineSnapshot(`
      "48 receiver: file is incomplete {"senderGaveUp":false}
      48 receiver: first chunk is none
      49 sender: file sent
      = quiet, at 95
      ! sender-gives-up-first, at 48: this must never happen: file is incomplete {"senderGaveUp":false}
      ! TR-on-time, at 48: this must never happen: first chunk is none
      ? sender gets a file #1 = 0, at 0
      ? L keeps it #1 = no, at 1
      ? L keeps it #2 = no, at 10
      ? K message latency #3 = 4, at 18
      ? L message latency #1 = 4, at 22
      ? K keeps it #4 = no, at 26
      ? K keeps it #5 = no, at 35
      ? K message latency #4 = 4, at 44"
    `);
  });

  test('the client dies just after it sent a pong', () => {
    expect(told('heartbeat, one tick less than the worst case')).toMatchInlineSnapshot(`
      "15001000 client: dies
      60101000 server: gives up {"clientIsAlive":false}
      = finished, at 60101000
      ! dead-noticed, at 60101000: "gives up", due at most 45.099999s after "dies", comes only after 45.1s
      ? client dies #1 = 15001000, at 0
      ? tie: instead of client dies #1 = server→client ping, at 15001000
      ? client→server pong latency #1 = 100000, at 15001000"
    `);
  });
});

describe('the table', () => {
  const systemOf = ({ name }: Known): string => /^[a-z-]+/.exec(name)?.[0] as string;

  test('has no two entries for one question', () => {
    expect(new Set(titled(known).map(([title]) => title)).size).toBe(known.length);
  });

  test('breaks each property that it proves, in a variant', () => {
    const broken = new Set(violated.map((entry) => `${systemOf(entry)} ${entry.property}`));
    expect(proved.filter((entry) => !broken.has(`${systemOf(entry)} ${entry.property}`))).toEqual([]);
  });
});
