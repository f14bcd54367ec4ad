// Whatever random runs of the models do, exhaustive searches look at: a sample. `npm run nightly:inclusion` looks at more.
import { describe, expect, test } from 'vitest';
import { registry } from '../../models/registry.ts';
import { inclusion, type Looked } from '../support/inclusion.ts';

const SAMPLE = { variants: 'some', runs: 1, stepsMost: 120, maxStates: 600, seed: 1 } as const;

const looked = new Map<string, readonly Looked[]>();

describe('a run of each system can be made step by step, at the same times, and goes along what is explored', () => {
  test.each(registry.entries.map(({ model }) => [model.name, model] as const))(
    '%s',
    { timeout: 60_000 },
    (name, model) => {
      const all = [...inclusion(model, SAMPLE)];
      looked.set(name, all);
      expect(all.filter(({ outside }) => outside.length > 0)).toEqual([]);
      expect(all.reduce((sum, { steps }) => sum + steps, 0)).toBeGreaterThan(all.length);
    },
  );

  test('and some compositions are small enough for a sample', () => {
    const explored = [...looked.values()].flat().filter((each) => each.explored);
    expect(explored.length).toBeGreaterThan(2);
  });
});
