import { describe, expect, test } from 'vitest';
import { FixedStrategy } from '../../src/engine/fixed-strategy.ts';
import { run, Subject } from '../../src/engine/run.ts';
import { EMPTY_SCHEDULE } from '../../src/engine/schedule.ts';
import type { Cell } from '../../src/kernel/cell.ts';
import { configOf, defineModel, tickOf, UnknownNameError, variantOf } from '../../src/model/model.ts';
import { duration, SettingError } from '../../src/model/parameters.ts';
import { always, measure, never } from '../../src/property/property.ts';

const model = defineModel({
  name: 'nap',
  question: 'How long is a nap?',
  parameters: { nap: duration('20ms', 'how long') },
  variants: {
    short: { about: 'A short one.', design: 'once', expect: { kind: 'system', violates: {} } },
    long: { about: 'A long one.', design: 'twice', settings: { nap: '5s' }, expect: { kind: 'system', violates: {} } },
  },
  build(sim, config, design) {
    const naps = sim.cell<number>('naps', 0);
    sim.spawn('sleeper', function* () {
      for (let i = 0; i < (design === 'twice' ? 2 : 1); i++) {
        sim.emit('sleeps');
        yield* sim.sleep(config.nap);
        naps.set(naps.get() + 1);
      }
      sim.emit('is up');
    });
    return { naps };
  },
  properties: (config) => [
    measure('nap', 'How long.', { from: 'sleeps', to: 'is up' }),
    always<{ naps: Cell<number> }>('once', 'One nap.', (world) => world.naps.get() <= 1),
    never('long', 'No long nap.', { event: 'is up', where: () => config.nap > 1_000_000 }),
  ],
  limits: (config) => ({ horizon: config.nap * 10 }),
});

describe('a model', () => {
  test('a tick is a microsecond unless it says otherwise', () => {
    expect([tickOf(model), tickOf({ ...model, tickNs: 7 })]).toEqual([1000, 7]);
  });

  test('a variant sets parameters where its user does not', () => {
    expect(configOf(model, 'short', {})).toEqual({ nap: 20_000 });
    expect(configOf(model, 'long', {})).toEqual({ nap: 5_000_000 });
    expect(configOf(model, 'long', { nap: '1s' })).toEqual({ nap: 1_000_000 });
  });

  test('a variant that is not there', () => {
    const message = 'model nap has no variant "deep"; it has: short, long';
    expect(() => variantOf(model, 'deep')).toThrow(new UnknownNameError(message));
    expect(() => variantOf(model, 'constructor')).toThrow(UnknownNameError);
    expect(() => new Subject(model, 'deep')).toThrow(new UnknownNameError(message));
  });

  test('a setting that is not there', () => {
    const message = 'unknown parameter "naps"; this model has: nap';
    expect(() => new Subject(model, 'short', { naps: '1s' })).toThrow(new SettingError(message));
  });

  test('its variants, parameters and properties come together in a run', () => {
    const results = (['short', 'long'] as const).map((variant) => {
      const subject = new Subject(model, variant);
      const { violations, measured, endedAt } = run(subject, () => new FixedStrategy(EMPTY_SCHEDULE, subject.tickNs));
      return { promises: subject.promises, broken: violations.map(({ property }) => property), measured, endedAt };
    });
    expect(results).toMatchInlineSnapshot(`
      [
        {
          "broken": [],
          "endedAt": 20000,
          "measured": Map {
            "nap" => {
              "greatest": 20000,
              "least": 20000,
            },
          },
          "promises": [
            "once",
            "long",
          ],
        },
        {
          "broken": [
            "long",
            "once",
          ],
          "endedAt": 10000000,
          "measured": Map {
            "nap" => {
              "greatest": 10000000,
              "least": 10000000,
            },
          },
          "promises": [
            "once",
            "long",
          ],
        },
      ]
    `);
  });
});
