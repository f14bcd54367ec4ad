import { describe, expect, test } from 'vitest';
import { planCheck } from '../../src/gate/plan.ts';
import type { AnyModel, Variant } from '../../src/model/model.ts';
import { counter } from '../fixtures/counter.ts';
import { HOLDS, mutant, toy, violates } from '../fixtures/toy.ts';
import { brief, checkAll, registryOf } from './conduct.ts';

const sound = toy('sound', {
  reference: { deed: 'nothing' },
  broken: { deed: 'bad', expect: violates('stays-good') },
  slip: { deed: 'worse', expect: mutant('no-worse') },
});

describe('check, seed 1', () => {
  test('all as declared', () => {
    expect(brief(checkAll(registryOf(sound)))).toMatchInlineSnapshot(`
      "ok sound/reference | property stays-good | sampled, expected holds | The toy stays good.
      ok sound/reference | property no-worse | sampled, expected holds | Nothing worse happens.
      ok sound/reference | witness acted | sampled, expected seen | The toy did its deed.
      ok sound/broken | property stays-good | violated, expected violated | the toy is broken
      ok sound/broken | property no-worse | sampled, expected holds | Nothing worse happens.
      ok sound/broken | witness acted | sampled, expected seen | The toy did its deed.
      ok sound/slip | mutant no-worse | violated, expected violated | do a bad deed
      ok declarations sound | declaration stays-good | violated, expected violated | a variant or a mutant violates it
      ok declarations sound | declaration no-worse | violated, expected violated | a variant or a mutant violates it
      exit 0"
    `);
  });

  test('a violation that is not declared', () => {
    const model = toy('toy', { reference: { deed: 'bad' }, worse: { deed: 'worse', expect: violates('no-worse') } });
    expect(brief(checkAll(registryOf(model)))).toMatchInlineSnapshot(`
      "NO toy/reference | property stays-good | violated, expected holds | must hold: The toy stays good.
      ok toy/reference | property no-worse | sampled, expected holds | Nothing worse happens.
      ok toy/reference | witness acted | sampled, expected seen | The toy did its deed.
      ok toy/worse | property stays-good | sampled, expected holds | The toy stays good.
      ok toy/worse | property no-worse | violated, expected violated | the toy is broken
      ok toy/worse | witness acted | sampled, expected seen | The toy did its deed.
      NO declarations toy | declaration stays-good | sampled, expected violated | nothing violates stays-good: add a variant or a mutant that does
      ok declarations toy | declaration no-worse | violated, expected violated | a variant or a mutant violates it
      exit 1"
    `);
  });

  test('a declared violation that does not come', () => {
    const model = toy('toy', { reference: { deed: 'nothing', expect: violates('stays-good', 'no-worse') } });
    expect(brief(checkAll(registryOf(model)))).toMatchInlineSnapshot(`
      "NO toy/reference | property stays-good | sampled, expected violated | must be violated: the toy is broken
      NO toy/reference | property no-worse | sampled, expected violated | must be violated: the toy is broken
      ok toy/reference | witness acted | sampled, expected seen | The toy did its deed.
      ok declarations toy | declaration stays-good | violated, expected violated | a variant or a mutant violates it
      ok declarations toy | declaration no-worse | violated, expected violated | a variant or a mutant violates it
      exit 1"
    `);
  });

  test('a witness that is not seen, and one that need not be', () => {
    const silent = {
      ...counter,
      compositions: {},
      variants: { 'lock-free': { ...(counter.variants['lock-free'] as Variant<never>), unreachable: {} } },
    };
    expect(brief(checkAll(registryOf(silent)))).toMatchInlineSnapshot(`
      "ok counter/lock-free | property nothing-lost | violated, expected violated | both read before either writes
      NO counter/lock-free | witness waited | inconclusive, expected seen | must be seen, was not in 250 schedules: Somebody found the lock taken.
      ok declarations counter | declaration nothing-lost | violated, expected violated | a variant or a mutant violates it
      exit 1"
    `);
    expect(brief(checkAll(registryOf(counter), { variant: 'lock-free' }))).toMatchInlineSnapshot(`
      "ok prove counter/lock-free on pair | proof nothing-lost | violated, expected violated | both read before either writes
      ok prove counter/lock-free on alone | proof nothing-lost | proved, expected holds | The counter is what was added.
      ok counter/lock-free | property nothing-lost | violated, expected violated | both read before either writes
      ok counter/lock-free | witness waited | inconclusive, expected any | never seen, and need not be: there is no lock to wait for
      exit 0"
    `);
  });

  test('the ways in which any model can fail need no declaration to be found, and can be declared', () => {
    const model = toy('toy', {
      stuck: { deed: 'deadlock' },
      panics: { deed: 'panic' },
      'may-panic': { deed: 'panic', expect: violates('panic') },
    });
    expect(brief(checkAll(registryOf(model), { property: 'panic' }))).toMatchInlineSnapshot(`
      "NO toy/panics | failure panic | violated, expected holds | must hold: The modelled program does not panic.
      ok toy/may-panic | failure panic | violated, expected violated | the toy is broken
      exit 1"
    `);
  });

  test('a model that remembers an earlier run', () => {
    const model = toy('toy', { reference: { deed: 'remember' } });
    expect(brief(checkAll(registryOf(model), { variant: 'reference' }))).toMatchInlineSnapshot(`
      "NO toy/reference | failure nondeterminism | violated, expected holds | toy/reference: two runs of one schedule differ, first at "actor remembers": the model keeps state outside the kernel, or uses host time or randomness
      exit 1"
    `);
  });

  test('a mutant that survives, and one that is caught by another property only', () => {
    const model = toy('toy', {
      harmless: { deed: 'nothing', expect: mutant('stays-good', 'harmless') },
      other: { deed: 'worse', expect: mutant('stays-good', 'harmless') },
    });
    expect(brief(checkAll(registryOf(model), { property: 'stays-good' }))).toMatchInlineSnapshot(`
      "NO toy/harmless | mutant stays-good | sampled, expected violated | must be killed in 19 of 20 campaigns, was in 0 of 2; nothing else was violated; the edit: do a bad deed
      NO toy/other | mutant stays-good | sampled, expected violated | must be killed in 19 of 20 campaigns, was in 0 of 2; violated instead: no-worse; the edit: do a bad deed
      ok declarations toy | declaration stays-good | violated, expected violated | a variant or a mutant violates it
      exit 1"
    `);
  });

  test('a canary that sings no more, and none at all', () => {
    const singing = toy('canary', { broken: { deed: 'bad', expect: violates('stays-good') } });
    const silent = toy('canary', { broken: { deed: 'nothing', expect: violates('stays-good') } });
    const demanding = (...models: readonly AnyModel[]) => ({ ...registryOf(...models), requireCanary: true });
    const canaryRows = (outcome: ReturnType<typeof checkAll>) =>
      brief({ ...outcome, rows: outcome.rows.filter((row) => row.property !== 'no-worse' && row.model === 'canary') });
    expect(canaryRows(checkAll(demanding(singing)))).toMatchInlineSnapshot(`
      "ok canary/broken | property stays-good | violated, expected violated | the toy is broken
      ok canary/broken | witness acted | sampled, expected seen | The toy did its deed.
      ok declarations canary | declaration stays-good | violated, expected violated | a variant or a mutant violates it
      exit 0"
    `);
    expect(canaryRows(checkAll(demanding(silent)))).toMatchInlineSnapshot(`
      "NO canary/broken | property stays-good | sampled, expected violated | must be violated: the toy is broken
      ok canary/broken | witness acted | sampled, expected seen | The toy did its deed.
      ok declarations canary | declaration stays-good | violated, expected violated | a variant or a mutant violates it
      exit 1"
    `);
    expect(canaryRows(checkAll(demanding(sound)))).toMatchInlineSnapshot(`
      "NO canary | declaration  | sampled, expected violated | expected a model named canary with a variant that is violated: nothing else shows that the gate can fail
      exit 1"
    `);
  });

  test('time that runs out', () => {
    expect(brief(checkAll(registryOf(sound), { tasksMost: 3 }))).toMatchInlineSnapshot(`
      "ok sound/reference | property stays-good | sampled, expected holds | The toy stays good.
      ok sound/reference | property no-worse | sampled, expected holds | Nothing worse happens.
      ok sound/reference | witness acted | sampled, expected seen | The toy did its deed.
      ok sound/broken | property stays-good | violated, expected violated | the toy is broken
      ok sound/broken | property no-worse | sampled, expected holds | Nothing worse happens.
      ok sound/broken | witness acted | sampled, expected seen | The toy did its deed.
      ?? sound/slip | mutant no-worse | inconclusive, expected violated | time ran out after 0 of 20 campaigns
      ok declarations sound | declaration stays-good | violated, expected violated | a variant or a mutant violates it
      ok declarations sound | declaration no-worse | violated, expected violated | a variant or a mutant violates it
      exit 3"
    `);
    expect(brief(checkAll(registryOf(sound), { tasksMost: 1, runs: 500 }))).toMatchInlineSnapshot(`
      "?? sound/reference | property stays-good | inconclusive, expected holds | time ran out after 250 schedules
      ?? sound/reference | property no-worse | inconclusive, expected holds | time ran out after 250 schedules
      ok sound/reference | witness acted | sampled, expected seen | The toy did its deed.
      ?? sound/broken | property stays-good | inconclusive, expected violated | time ran out after 0 schedules
      ?? sound/broken | property no-worse | inconclusive, expected holds | time ran out after 0 schedules
      ?? sound/broken | witness acted | inconclusive, expected seen | must be seen, was not in 0 schedules: The toy did its deed.
      ?? sound/slip | mutant no-worse | inconclusive, expected violated | time ran out after 0 of 20 campaigns
      ok declarations sound | declaration stays-good | violated, expected violated | a variant or a mutant violates it
      ok declarations sound | declaration no-worse | violated, expected violated | a variant or a mutant violates it
      exit 3"
    `);
  });
});

test('the shards together are the whole, whatever their number', () => {
  const registry = registryOf(sound, counter);
  const whole = checkAll(registry);
  for (const of of [1, 2, 3, 20]) {
    const shards = Array.from({ length: of }, (_, index) => checkAll(registry, { shard: { index: index + 1, of } }));
    const rows = shards.flatMap((shard) => shard.rows);
    const order = new Map(whole.rows.map((row, index) => [JSON.stringify(row), index]));
    expect(rows.sort((a, b) => (order.get(JSON.stringify(a)) ?? -1) - (order.get(JSON.stringify(b)) ?? -1))).toEqual(
      whole.rows,
    );
  }
});

test('for one property only what is about it is done', () => {
  const registry = registryOf(sound, counter);
  const campaign = { registry, seed: '1', runs: 250, maxStates: 1000, full: false, options: [] };
  const unitsFor = (property: string) => planCheck(campaign, [], { property }).map(({ name }) => name);
  expect(unitsFor('no-worse').filter((name) => name.includes('slip'))).toEqual(['sound/slip']);
  expect(unitsFor('stays-good').filter((name) => name.includes('slip'))).toEqual([]);
  expect(unitsFor('stays-good').filter((name) => name.startsWith('prove'))).toEqual([]);
  expect(unitsFor('deadlock').filter((name) => name.startsWith('prove'))).toHaveLength(5);
  const whole = checkAll(registry);
  for (const property of ['no-worse', 'stays-good', 'nothing-lost', 'waited', 'deadlock']) {
    const rows = whole.rows.filter((row) => row.property === property);
    expect(checkAll(registry, { property }).rows.map(({ states: _, ...row }) => row)).toEqual(
      rows.map(({ states: _, ...row }) => row),
    );
  }
});

test('the order in which models are registered does not matter', () => {
  expect(checkAll(registryOf(counter, sound))).toEqual(checkAll(registryOf(sound, counter)));
});

test('a story is told for each violation, and found by the command that it names', () => {
  const { stories } = checkAll(registryOf(sound));
  expect(
    stories.map(({ property, expected, found, command }) => ({ property, expected, found, command })),
  ).toMatchInlineSnapshot(`
    [
      {
        "command": "halfopen simulate --model sound --variant broken --property stays-good --seed 1",
        "expected": true,
        "found": {
          "atSchedule": 2,
          "shrinks": 0,
        },
        "property": "stays-good",
      },
      {
        "command": "halfopen simulate --model sound --variant slip --property no-worse --seed 1",
        "expected": true,
        "found": {
          "atSchedule": 1,
          "shrinks": 0,
        },
        "property": "no-worse",
      },
    ]
  `);
});

describe('declarations that contradict the model', () => {
  test.each([
    ['violates', toy('toy', { reference: { deed: 'nothing', expect: violates('gone') } })],
    ['killedBy', toy('toy', { reference: { deed: 'nothing', expect: mutant('gone') } })],
    ['of', toy('toy', { reference: { deed: 'nothing', expect: mutant('no-worse', 'gone') } })],
    ['unreachable', toy('toy', { reference: { deed: 'nothing', expect: HOLDS, unreachable: { gone: 'it is' } } })],
  ])('%s', (field, model) => {
    expect(() => checkAll(registryOf(model))).toThrow(
      new RegExp(`^expected ${field} of toy/reference to name .*got "gone"`),
    );
  });
});
