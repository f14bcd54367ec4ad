import { describe, expect, test } from 'vitest';
import { replay } from '../../src/engine/replay.ts';
import { Subject } from '../../src/engine/run.ts';
import type { Seed } from '../../src/gate/seed-file.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import { defineModel } from '../../src/model/model.ts';
import { never, sometimes } from '../../src/property/property.ts';
import { mutant, violates } from '../fixtures/toy.ts';
import { brief, checkAll, registryOf } from './conduct.ts';

const NUMBERS = Array.from({ length: 40 }, (_, index) => String(index));

function* tryLock(sim: Sim, digits: readonly string[], numbers: readonly string[]) {
  const code = digits.map((digit) => sim.choose(digit, numbers));
  sim.emit('tried', { code: code.join('-') });
}

/** Breaks its promise for one code of 64 000. */
const rare = defineModel({
  name: 'rare',
  question: 'Is a violation that random schedules do not meet kept in sight?',
  parameters: {},
  variants: { unlucky: { about: 'tries a code', design: undefined, expect: violates('stays-shut') } },
  build: (sim: Sim) => void sim.spawn('burglar', () => tryLock(sim, ['first', 'second', 'third'], NUMBERS)),
  properties: () => [
    never('stays-shut', 'The lock stays shut.', {
      event: 'tried',
      where: ({ code }: { code: string }) => code === '17-23-5',
    }),
    sometimes('almost', 'The code is missed by one.', {
      event: 'tried',
      where: ({ code }: { code: string }) => code === '17-23-6',
    }),
  ],
});

function kept(schedule: Readonly<Record<string, string>>): Seed {
  const { digest } = replay(new Subject(rare, 'unlucky'), new Map(Object.entries(schedule)));
  const file = {
    format: 1 as const,
    model: 'rare',
    variant: 'unlucky',
    property: 'stays-shut',
    verdict: 'violated' as const,
    why: 'kept',
    settings: {},
    schedule,
    digest,
  };
  return { path: 'regressions/kept.json', base: 'kept', file };
}

const code = { 'first #1': '17', 'second #1': '23', 'third #1': '5' };

describe('a declared violation and a witness that random schedules do not meet', () => {
  test('fails the gate where no seed is kept', () => {
    expect(brief(checkAll(registryOf(rare)))).toMatchInlineSnapshot(`
      "NO rare/unlucky | property stays-shut | sampled, expected violated | must be violated: the toy is broken
      NO rare/unlucky | witness almost | inconclusive, expected seen | must be seen, was not in 250 schedules: The code is missed by one.
      ok declarations rare | declaration stays-shut | violated, expected violated | a variant or a mutant violates it
      exit 1"
    `);
  });

  test('fails the gate where the seed shows only the other one', () => {
    const wrong = { ...code, 'third #1': '6' };
    expect(brief(checkAll(registryOf(rare), { seeds: [kept(wrong)] }))).toMatchInlineSnapshot(`
      "NO seed rare/kept | seed stays-shut | sampled, expected violated | expected stays-shut to be violated, got: it holds; find a new one: halfopen simulate --model rare --variant unlucky --property stays-shut
      NO rare/unlucky | property stays-shut | sampled, expected violated | must be violated: the toy is broken
      ok rare/unlucky | witness almost | sampled, expected seen | The code is missed by one. (too rare for 250 random schedules: shown by the seed kept)
      ok declarations rare | declaration stays-shut | violated, expected violated | a variant or a mutant violates it
      exit 1"
    `);
  });

  test('are shown by their seeds', () => {
    const almost = kept({ ...code, 'third #1': '6' });
    const seeds = [kept(code), { ...almost, base: 'almost', file: { ...almost.file, verdict: 'sampled' as const } }];
    expect(brief(checkAll(registryOf(rare), { seeds }))).toMatchInlineSnapshot(`
      "ok seed rare/kept | seed stays-shut | violated, expected violated | kept
      ok seed rare/almost | seed stays-shut | sampled, expected holds | kept
      ok rare/unlucky | property stays-shut | violated, expected violated | the toy is broken (too rare for 250 random schedules: shown by the seed kept)
      ok rare/unlucky | witness almost | sampled, expected seen | The code is missed by one. (too rare for 250 random schedules: shown by the seed almost)
      ok declarations rare | declaration stays-shut | violated, expected violated | a variant or a mutant violates it
      exit 0"
    `);
  });
});

/** Breaks its promise for one code of as many as two such digits give. */
const guessed = (numbers: readonly string[]) =>
  defineModel({
    name: 'guessed',
    question: 'Is a mutant that some campaigns meet worth all of them?',
    parameters: {},
    variants: { slip: { about: 'tries a code', design: undefined, expect: mutant('stays-shut', 'slip') } },
    build: (sim: Sim) => void sim.spawn('burglar', () => tryLock(sim, ['first', 'second'], numbers)),
    properties: () => [
      never('stays-shut', 'The lock stays shut.', {
        event: 'tried',
        where: ({ code }: { code: string }) => code === '5-5',
      }),
    ],
  });

test('no more campaigns are started against a mutant when it has got away from so many that it is not killed', () => {
  const fates = [6, 20, 40].map((size) => {
    const [fate] = checkAll(registryOf(guessed(NUMBERS.slice(0, size)))).mutants;
    return `${fate?.killed}/${fate?.campaigns}`;
  });
  expect(fates).toEqual(['20/20', '6/8', '0/2']);
});
