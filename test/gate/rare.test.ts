import { describe, expect, test } from 'vitest';
import { replay } from '../../src/engine/replay.ts';
import { Subject } from '../../src/engine/run.ts';
import type { Seed } from '../../src/gate/seed-file.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import { defineModel } from '../../src/model/model.ts';
import { never } from '../../src/property/property.ts';
import { violates } from '../fixtures/toy.ts';
import { brief, checkAll, registryOf } from './conduct.ts';

const NUMBERS = Array.from({ length: 40 }, (_, index) => String(index));

// biome-ignore lint/correctness/useYield: a lock that is tried and either opens or does not
function* tryLock(sim: Sim) {
  const code = ['first', 'second', 'third'].map((digit) => sim.choose(digit, NUMBERS));
  sim.emit('tried', { code: code.join('-') });
}

/** Breaks its promise for one code of 64 000. */
const rare = defineModel({
  name: 'rare',
  question: 'Is a violation that random schedules do not meet kept in sight?',
  parameters: {},
  variants: { unlucky: { about: 'tries a code', design: undefined, expect: violates('stays-shut') } },
  build: (sim: Sim) => void sim.spawn('burglar', () => tryLock(sim)),
  properties: () => [
    never('stays-shut', 'The lock stays shut.', {
      event: 'tried',
      where: ({ code }: { code: string }) => code === '17-23-5',
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

describe('a declared violation that random schedules do not meet', () => {
  test('fails the gate where no seed is kept', () => {
    expect(brief(checkAll(registryOf(rare), { property: 'stays-shut' }))).toMatchInlineSnapshot(`
      "NO rare/unlucky | property stays-shut | sampled, expected violated | must be violated: the toy is broken
      ok declarations rare | declaration stays-shut | violated, expected violated | a variant or a mutant violates it
      exit 1"
    `);
  });

  test('fails the gate where the seed does not show it', () => {
    const wrong = { ...code, 'third #1': '6' };
    expect(brief(checkAll(registryOf(rare), { seeds: [kept(wrong)] }))).toMatchInlineSnapshot(`
      "NO seed rare/kept | seed stays-shut | sampled, expected violated | expected stays-shut to be violated, got: it holds; find a new one: halfopen simulate --model rare --variant unlucky --property stays-shut
      NO rare/unlucky | property stays-shut | sampled, expected violated | must be violated: the toy is broken
      ok declarations rare | declaration stays-shut | violated, expected violated | a variant or a mutant violates it
      exit 1"
    `);
  });

  test('is shown by its seed', () => {
    expect(brief(checkAll(registryOf(rare), { seeds: [kept(code)] }))).toMatchInlineSnapshot(`
      "ok seed rare/kept | seed stays-shut | violated, expected violated | kept
      ok rare/unlucky | property stays-shut | violated, expected violated | the toy is broken (too rare for 250 random schedules: shown by the seed kept)
      ok declarations rare | declaration stays-shut | violated, expected violated | a variant or a mutant violates it
      exit 0"
    `);
  });
});
