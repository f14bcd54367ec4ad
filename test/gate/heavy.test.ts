import { describe, expect, test } from 'vitest';
import type { LeftOut } from '../../src/gate/outcome.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import { type Composition, defineModel } from '../../src/model/model.ts';
import { never } from '../../src/property/property.ts';
import { counter } from '../fixtures/counter.ts';
import { mutant, toy, violates } from '../fixtures/toy.ts';
import { brief, checkAll, registryOf } from './conduct.ts';

const { pair, alone } = counter.compositions as Readonly<Record<'pair' | 'alone', Composition>>;

/** The counter with one composition that is heavy, and a variant of the other of which measures are. */
const weighed = {
  ...counter,
  compositions: {
    pair: { ...pair, variants: { ...pair.variants, reference: { ...pair.variants.reference, heavy: 'measures' } } },
    alone: { ...alone, heavy: true },
  },
} as typeof counter;

const proofRows = (outcome: ReturnType<typeof checkAll>) =>
  brief({ ...outcome, rows: outcome.rows.filter(({ kind }) => kind === 'proof') });
const leftText = (left: readonly LeftOut[]) =>
  left.map(({ unit, kind, property }) => `${unit}: ${kind} ${property}`).join('\n');

describe('what a model declares as heavy', () => {
  test('is left out by a quick gate, which says so', () => {
    const outcome = checkAll(registryOf(weighed));
    expect(proofRows(outcome)).toMatchInlineSnapshot(`
      "ok prove counter/reference on pair | proof nothing-lost | proved, expected holds | The counter is what was added.
      ok prove counter/reference on pair | proof deadlock | proved, expected holds | Something can always happen as long as a process waits.
      ok prove counter/lock-free on pair | proof nothing-lost | violated, expected violated | both read before either writes
      ok prove counter/drop-the-lock on pair | proof nothing-lost | violated, expected violated | remove mutex.lock() and unlock()
      exit 0"
    `);
    expect(outcome.exactTimes).toEqual([]);
    expect(leftText(outcome.left)).toMatchInlineSnapshot(`
      "prove counter/reference on pair: measure adding
      prove counter/reference on alone: proof nothing-lost
      prove counter/lock-free on alone: proof nothing-lost"
    `);
  });

  test('is explored by a full one, which leaves nothing out', () => {
    const outcome = checkAll(registryOf(weighed), { full: true });
    expect(outcome.left).toEqual([]);
    expect(outcome).toEqual(checkAll(registryOf(counter), { full: true }));
  });

  test('is counted for the property that is asked for', () => {
    expect(leftText(checkAll(registryOf(weighed), { property: 'nothing-lost' }).left)).toMatchInlineSnapshot(`
      "prove counter/reference on alone: proof nothing-lost
      prove counter/lock-free on alone: proof nothing-lost"
    `);
  });

  test('can be the variant on one composition alone', () => {
    const model = {
      ...counter,
      compositions: {
        pair: { ...pair, variants: { ...pair.variants, 'lock-free': { refutes: ['nothing-lost'], heavy: true } } },
      },
    } as unknown as typeof counter;
    const { left, rows } = checkAll(registryOf(model));
    expect(leftText(left)).toBe('prove counter/lock-free on pair: proof nothing-lost');
    expect(rows.filter(({ unit }) => unit === 'prove counter/lock-free on pair')).toEqual([]);
  });
});

describe('a variant that is heavy', () => {
  const toys = (heavy: { readonly heavy?: true }) =>
    toy('toy', {
      reference: { deed: 'nothing', ...heavy },
      broken: { deed: 'bad', expect: violates('stays-good') },
      slip: { deed: 'worse', expect: mutant('no-worse'), ...heavy },
    });

  test('is left out by a quick gate, which says what of', () => {
    const outcome = checkAll(registryOf(toys({ heavy: true })));
    expect([...new Set(outcome.rows.map(({ unit }) => unit))]).toEqual(['toy/broken', 'declarations toy']);
    expect(outcome.mutants).toEqual([]);
    expect(leftText(outcome.left)).toMatchInlineSnapshot(`
      "toy/reference: sample stays-good
      toy/reference: sample no-worse
      toy/reference: sample acted
      toy/slip: sample no-worse"
    `);
  });

  test('is sampled by a full one, which leaves nothing out', () => {
    const outcome = checkAll(registryOf(toys({ heavy: true })), { full: true });
    expect(outcome.left).toEqual([]);
    expect(outcome).toEqual(checkAll(registryOf(toys({})), { full: true }));
  });

  test('is counted for the property that is asked for', () => {
    const { left } = checkAll(registryOf(toys({ heavy: true })), { property: 'no-worse' });
    expect(leftText(left)).toMatchInlineSnapshot(`
      "toy/reference: sample no-worse
      toy/slip: sample no-worse"
    `);
  });

  test('can be put together from shards', () => {
    const registry = registryOf(toys({ heavy: true }));
    const parts = [1, 2, 3].map((index) => checkAll(registry, { shard: { index, of: 3 } }));
    expect(parts.flatMap(({ left }) => left)).toHaveLength(checkAll(registry).left.length);
  });
});

const NUMBERS = Array.from({ length: 30 }, (_, index) => String(index));

function* tryLock(sim: Sim) {
  const code = ['first', 'second', 'third'].map((digit) => sim.choose(digit, NUMBERS));
  sim.emit('tried', { code: code.join('-') });
}

/** Broken by one code of 27 000, which random schedules do not meet. */
const locked = defineModel({
  name: 'locked',
  question: 'Is what is rare refuted, though it is heavy?',
  parameters: {},
  variants: {
    unlucky: { about: 'tries a code', design: undefined, expect: violates('stays-shut') },
    slip: { about: 'tries a code', design: undefined, expect: mutant('stays-shut', 'unlucky') },
  },
  compositions: {
    all: {
      about: 'all of it',
      settings: {},
      variants: { unlucky: { refutes: ['stays-shut'] }, slip: { refutes: ['stays-shut'] } },
      heavy: true,
    },
  },
  build: (sim: Sim) => void sim.spawn('burglar', () => tryLock(sim)),
  properties: () => [
    never('stays-shut', 'The lock stays shut.', {
      event: 'tried',
      where: ({ code }: { code: string }) => code === '17-23-5',
    }),
  ],
});

test('what only a heavy composition can show is explored by a quick gate too, where it is needed', () => {
  const outcome = checkAll(registryOf(locked), { maxStates: 100_000 });
  expect(brief(outcome)).toMatchInlineSnapshot(`
    "ok locked/unlucky | property stays-shut | violated, expected violated | the toy is broken (too rare for 250 random schedules: refuted on all in 2 states)
    ok locked/slip | mutant stays-shut | violated, expected violated | do a bad deed (random schedules kill it in 0 of 2 campaigns: refuted on all in 2 states)
    ok declarations locked | declaration stays-shut | violated, expected violated | a variant or a mutant violates it
    exit 0"
  `);
  expect(leftText(outcome.left)).toMatchInlineSnapshot(`
    "prove locked/unlucky on all: proof stays-shut
    prove locked/slip on all: proof stays-shut"
  `);
});

test('a heavy composition is explored for a mutant only if random schedules do not kill it', () => {
  const model = { ...counter, compositions: { pair: { ...pair, heavy: true } } } as typeof counter;
  const proofs = (full: boolean) => checkAll(registryOf(model), { full }).mutants.map((each) => each.proofs);
  expect(proofs(false)).toEqual([[]]);
  expect(proofs(true)).toEqual([[{ composition: 'pair', verdict: 'violated', states: 21 }]]);
});
