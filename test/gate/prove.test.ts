import { describe, expect, test } from 'vitest';
import { DeclarationError } from '../../src/gate/declaration-error.ts';
import { loop } from '../../src/kernel/loop.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import {
  type AnyModel,
  type Composition,
  defineModel,
  type Expectation,
  type Provable,
} from '../../src/model/model.ts';
import { duration } from '../../src/model/parameters.ts';
import { always, never } from '../../src/property/property.ts';
import { counter } from '../fixtures/counter.ts';
import { heartbeat } from '../fixtures/heartbeat.ts';
import { HOLDS, mutant, toy, violates } from '../fixtures/toy.ts';
import { brief, checkAll, registryOf } from './conduct.ts';

const DEEDS = {
  reference: { deed: 'nothing' },
  broken: { deed: 'bad', expect: violates('stays-good') },
  panics: { deed: 'panic', expect: violates('panic') },
  slip: { deed: 'worse', expect: mutant('no-worse') },
} as const;

function composed(variants: Readonly<Record<string, Provable>>, settings = {}): Record<string, Composition> {
  return { stage: { about: 'the actor, alone', settings, variants } };
}

/** Only what exhaustive searches say. */
function proofs(model: AnyModel, options: Parameters<typeof checkAll>[1] = {}): string {
  const outcome = checkAll(registryOf(model), options);
  return brief({ ...outcome, rows: outcome.rows.filter((row) => row.kind === 'proof') });
}

describe('compositions are explored', () => {
  test('all as declared', () => {
    const model = toy(
      'toy',
      DEEDS,
      composed({
        reference: { proves: ['stays-good', 'no-worse', 'deadlock'] },
        broken: { proves: ['no-worse'], refutes: ['stays-good'] },
        panics: { refutes: ['panic'] },
        slip: { refutes: ['no-worse'] },
      }),
    );
    expect(proofs(model)).toMatchInlineSnapshot(`
      "ok prove toy/reference on stage | proof stays-good | proved, expected holds | The toy stays good.
      ok prove toy/reference on stage | proof no-worse | proved, expected holds | Nothing worse happens.
      ok prove toy/reference on stage | proof deadlock | proved, expected holds | Something can always happen as long as a process waits.
      ok prove toy/broken on stage | proof no-worse | proved, expected holds | Nothing worse happens.
      ok prove toy/broken on stage | proof stays-good | violated, expected violated | the toy is broken
      ok prove toy/panics on stage | proof panic | violated, expected violated | the toy is broken
      ok prove toy/slip on stage | proof no-worse | violated, expected violated | do a bad deed
      exit 0"
    `);
    const { mutants, stories } = checkAll(registryOf(model), { variant: 'slip' });
    expect(
      mutants.map(({ variant, killed, campaigns, proofs: explored }) => ({ variant, killed, campaigns, explored })),
    ).toMatchInlineSnapshot(`
      [
        {
          "campaigns": 20,
          "explored": [
            {
              "composition": "stage",
              "states": 3,
              "verdict": "violated",
            },
          ],
          "killed": 20,
          "variant": "slip",
        },
      ]
    `);
    expect(stories.map(({ found, command }) => ({ found, command }))).toMatchInlineSnapshot(`
      [
        {
          "command": "halfopen prove --model toy --composition stage --variant slip --property no-worse --max-states 1000",
          "found": {
            "shrinks": 0,
            "states": 3,
          },
        },
        {
          "command": "halfopen simulate --model toy --variant slip --property no-worse --seed 1",
          "found": {
            "atSchedule": 3,
            "shrinks": 0,
          },
        },
      ]
    `);
  });

  test('proves is declared of what is violated, refutes of what holds', () => {
    const model = toy(
      'toy',
      DEEDS,
      composed({
        reference: { refutes: ['stays-good'] },
        broken: { proves: ['stays-good'] },
        slip: { refutes: ['stays-good'] },
      }),
    );
    expect(proofs(model)).toMatchInlineSnapshot(`
      "NO prove toy/reference on stage | proof stays-good | proved, expected violated | must be violated: The toy stays good.
      NO prove toy/broken on stage | proof stays-good | violated, expected holds | must be proved: The toy stays good.
      NO prove toy/slip on stage | proof stays-good | proved, expected violated | must be violated: The toy stays good.
      exit 1"
    `);
  });

  test('a failure that nobody asked about, expected and not', () => {
    const stuck = { deed: 'deadlock' } as const;
    const model = toy(
      'toy',
      DEEDS,
      composed({ reference: { proves: ['no-worse'] }, panics: { proves: ['no-worse', 'stays-good'] } }),
    );
    const withStuck = toy('toy', { stuck }, composed({ stuck: { proves: ['no-worse'] } }));
    expect(proofs(model)).toMatchInlineSnapshot(`
      "ok prove toy/reference on stage | proof no-worse | proved, expected holds | Nothing worse happens.
      ok prove toy/panics on stage | proof no-worse | proved, expected holds | Nothing worse happens.
      ok prove toy/panics on stage | proof stays-good | proved, expected holds | The toy stays good.
      ok prove toy/panics on stage | proof panic | violated, expected violated | the toy is broken
      exit 0"
    `);
    expect(proofs(withStuck)).toMatchInlineSnapshot(`
      "ok prove toy/stuck on stage | proof no-worse | proved, expected holds | Nothing worse happens.
      NO prove toy/stuck on stage | proof deadlock | violated, expected holds | must hold: Something can always happen as long as a process waits.
      exit 1"
    `);
  });

  test('no answer within the states', () => {
    const endless = {
      ...heartbeat,
      compositions: composed({
        reference: { proves: ['death-noticed'], measures: ['death-noticed'] },
        'no-deadline': { refutes: ['death-noticed'] },
      }),
    };
    expect(proofs(endless, { maxStates: 100 })).toMatchInlineSnapshot(`
      "NO prove heartbeat/reference on stage | proof death-noticed | inconclusive, expected holds | stopped at depth 51: more than 100 states; most values: server (17), client→server (13), beats sent (13), client (6)
      NO prove heartbeat/reference on stage | proof death-noticed | inconclusive, expected any | stopped at depth 51: more than 100 states; most values: server (17), client→server (13), beats sent (13), client (6)
      ok prove heartbeat/no-deadline on stage | proof death-noticed | violated, expected violated | nothing ends the wait
      exit 1"
    `);
    expect(checkAll(registryOf(endless), { maxStates: 100 }).exactTimes).toMatchInlineSnapshot(`
      [
        {
          "complete": false,
          "composition": "stage",
          "greatest": {
            "attained": true,
            "length": "45.1s",
            "terms": [
              {
                "length": "100ms",
                "name": "client→server beat",
                "parameter": "latency",
              },
              {
                "length": "45s",
                "name": "server patience",
                "parameter": "patience",
              },
            ],
          },
          "least": {
            "attained": true,
            "length": "30s",
            "terms": [
              {
                "length": "15s",
                "less": true,
                "name": "next beat",
                "parameter": "interval",
              },
              {
                "length": "45s",
                "name": "server patience",
                "parameter": "patience",
              },
            ],
          },
          "model": "heartbeat",
          "property": "death-noticed",
          "says": "A dead client is given up in time.",
          "states": 109,
          "unit": "prove heartbeat/reference on stage",
          "variant": "reference",
        },
      ]
    `);
  });

  test('no answer within the time', () => {
    expect(proofs(counter, { tasksMost: 1 })).toMatchInlineSnapshot(`
      "ok prove counter/reference on pair | proof nothing-lost | proved, expected holds | The counter is what was added.
      ok prove counter/reference on pair | proof deadlock | proved, expected holds | Something can always happen as long as a process waits.
      ?? prove counter/reference on pair | proof adding | inconclusive, expected any | time ran out
      ?? prove counter/lock-free on pair | proof nothing-lost | inconclusive, expected violated | time ran out
      ?? prove counter/drop-the-lock on pair | proof nothing-lost | inconclusive, expected violated | time ran out
      ?? prove counter/reference on alone | proof nothing-lost | inconclusive, expected holds | time ran out
      ?? prove counter/lock-free on alone | proof nothing-lost | inconclusive, expected holds | time ran out
      exit 3"
    `);
  });

  test('exact times, over what a composition sets', () => {
    expect(checkAll(registryOf(counter), { variant: 'reference' }).exactTimes).toMatchInlineSnapshot(`
      [
        {
          "complete": true,
          "composition": "pair",
          "greatest": {
            "attained": true,
            "length": "5ms",
            "terms": [
              {
                "length": "5ms",
                "name": "adder 2 sleep",
              },
            ],
          },
          "least": {
            "attained": true,
            "length": "1ms",
            "terms": [
              {
                "length": "1ms",
                "name": "adder 1 sleep",
              },
            ],
          },
          "model": "counter",
          "property": "adding",
          "says": "From a start to the next addition.",
          "states": 21,
          "unit": "prove counter/reference on pair",
          "variant": "reference",
        },
      ]
    `);
    expect(checkAll(registryOf(counter), { property: 'nothing-lost' }).exactTimes).toEqual([]);
  });

  test('state that the kernel does not see', () => {
    expect(brief(checkAll(registryOf(hiding), { variant: 'reference' }))).toMatchInlineSnapshot(`
      "NO prove hiding/reference on stage | failure hidden-state | violated, expected holds | actor, told the same things again, does something else: it depends on what no kernel object holds
      ok hiding/reference | property never-late | sampled, expected holds | It is never late.
      exit 1"
    `);
  });
});

/** Keeps in a variable, where no kernel object holds it, how often it has gone. */
const hiding = defineModel({
  name: 'hiding',
  question: 'Is hidden state found out?',
  parameters: { pause: duration('1ms', 'between two rounds') },
  variants: { reference: { about: 'counts', design: undefined, expect: HOLDS } },
  compositions: composed({ reference: { proves: ['never-late'] } }),
  limits: () => ({ horizon: 10_000 }),
  build(sim: Sim, config) {
    let rounds = 0;
    sim.spawn('actor', () =>
      loop(function* () {
        if (++rounds % 2 === 0) sim.choose('coin', ['heads', 'tails']);
        yield* sim.sleep(config.pause);
        return undefined;
      }),
    );
  },
  properties: () => [never('never-late', 'It is never late.', 'late')],
});

/** Breaks its promise for one code of 2500; exhaustive searches meet it as surely as any other. */
const rare = (expectation: Expectation = violates('stays-shut')) =>
  defineModel({
    name: 'rare',
    question: 'Is a violation that random schedules do not meet shown by an exhaustive search?',
    parameters: {},
    variants: {
      reference: { about: 'tries no code', design: false, expect: HOLDS },
      unlucky: { about: 'tries a code', design: true, expect: expectation },
    },
    compositions: composed({ unlucky: { refutes: ['stays-shut'] } }),
    build(sim: Sim, _config, tries) {
      const open = sim.cell<boolean>('open', false);
      const digits = Array.from({ length: 50 }, (_, digit) => String(digit));
      sim.spawn('burglar', function* () {
        yield* sim.sleep(1);
        if (!tries || sim.choose('first', digits) !== '17') return;
        if (sim.choose('second', digits) === '23') open.set(true);
      });
      return { open };
    },
    properties: () => [
      always<{ open: { get(): boolean } }>('stays-shut', 'The lock stays shut.', ({ open }) => !open.get()),
    ],
  });

describe('what simulate does not meet, and prove does', () => {
  test('a declared violation', () => {
    expect(brief(checkAll(registryOf(rare()), { variant: 'unlucky' }))).toMatchInlineSnapshot(`
      "ok prove rare/unlucky on stage | proof stays-shut | violated, expected violated | the toy is broken
      ok rare/unlucky | property stays-shut | violated, expected violated | the toy is broken (too rare for 250 random schedules: refuted on stage in 4 states)
      exit 0"
    `);
  });

  test('a mutant', () => {
    const model = rare(mutant('stays-shut'));
    expect(brief(checkAll(registryOf(model), { variant: 'unlucky' }))).toMatchInlineSnapshot(`
      "ok prove rare/unlucky on stage | proof stays-shut | violated, expected violated | do a bad deed
      ok rare/unlucky | mutant stays-shut | violated, expected violated | do a bad deed (random schedules kill it in 0 of 2 campaigns: refuted on stage in 4 states)
      exit 0"
    `);
  });

  test('not where the composition does not refute it', () => {
    const shut = { ...rare(), compositions: composed({ reference: { proves: ['stays-shut'] } }) };
    expect(brief(checkAll(registryOf(shut), { variant: 'unlucky' }))).toMatchInlineSnapshot(`
      "NO rare/unlucky | property stays-shut | sampled, expected violated | must be violated: the toy is broken
      exit 1"
    `);
  });
});

test('the shards together are the whole', () => {
  const registry = registryOf(counter);
  const whole = checkAll(registry);
  for (const of of [2, 3]) {
    const shards = Array.from({ length: of }, (_, index) => checkAll(registry, { shard: { index: index + 1, of } }));
    const sorted = (values: readonly unknown[]) => values.map((value) => JSON.stringify(value)).sort();
    expect(sorted(shards.flatMap(({ rows }) => rows))).toEqual(sorted(whole.rows));
    expect(sorted(shards.flatMap(({ exactTimes }) => exactTimes))).toEqual(sorted(whole.exactTimes));
    expect(sorted(shards.flatMap(({ mutants }) => mutants))).toEqual(sorted(whole.mutants));
  }
});

describe('compositions that contradict the model', () => {
  const declaring = (composition: Partial<Composition>, name = 'stage') =>
    toy('toy', DEEDS, { [name]: { about: 'the actor, alone', settings: {}, variants: {}, ...composition } });

  const messageOf = (model: AnyModel): string => {
    try {
      checkAll(registryOf(model));
    } catch (error) {
      if (error instanceof DeclarationError) return error.message;
      throw error;
    }
    return 'none';
  };

  test('names that there are not', () => {
    const models = [
      declaring({ variants: { gone: {} } }),
      declaring({ variants: { reference: { proves: ['gone'] } } }),
      declaring({ variants: { reference: { refutes: ['gone'] } } }),
      declaring({ variants: { reference: { measures: ['stays-good'] } } }),
      declaring({ settings: { gone: '1s' }, variants: { reference: {} } }),
    ];
    expect(models.map(messageOf).join('\n')).toMatchInlineSnapshot(`
      "expected composition stage of toy to name one of reference, broken, panics, slip; got "gone"; correct the model
      expected proves in composition stage of toy/reference to name one of stays-good, no-worse, deadlock, zeno, exception, unlock-not-held, send-on-closed, close-of-closed, bad-bounds, blocked-outside-process, duplicate-name, panic; got "gone"; correct the model
      expected refutes in composition stage of toy/reference to name one of stays-good, no-worse, deadlock, zeno, exception, unlock-not-held, send-on-closed, close-of-closed, bad-bounds, blocked-outside-process, duplicate-name, panic; got "gone"; correct the model
      expected measures in composition stage of toy/reference to name one of nothing; got "stays-good"; correct the model
      composition stage of toy/reference: unknown parameter "gone"; this model has: ; correct the model"
    `);
  });

  test('what no search can prove', () => {
    const names = ['step-limit', 'nondeterminism', 'acted'];
    const models = names.map((name) => declaring({ variants: { reference: { proves: [name] } } }));
    expect(models.map((model) => messageOf(model).replace(/^.*; got/, 'got')).join('\n')).toMatchInlineSnapshot(`
      "got "step-limit"; correct the model
      got "nondeterminism"; correct the model
      got "acted"; correct the model"
    `);
  });

  test('both at once, a value that cannot be read, and a name that means no composition', () => {
    const models: AnyModel[] = [
      declaring({ variants: { reference: { proves: ['no-worse'], refutes: ['no-worse'] } } }),
      { ...hiding, compositions: composed({ reference: {} }, { pause: 'soon' }) },
      declaring({}, 'none'),
    ];
    expect(models.map(messageOf).join('\n')).toMatchInlineSnapshot(`
      "expected composition stage of toy/reference to prove or to refute a property, not both; got "no-worse"; correct the model
      composition stage of hiding/reference: parameter pause (between two rounds): expected a duration such as 15s, 200ms or 1m30s (units: ns, us, ms, s, m, h), got "soon"; correct the model
      expected a composition of toy to have another name; got "none"; correct the model"
    `);
  });
});
