import { expect, test } from 'vitest';
import { catalogueOf } from '../../src/gate/catalogue.ts';
import { catalogueText } from '../../src/report/catalogue-text.ts';
import { PLAIN } from '../../src/report/paint.ts';
import { mutant, toy, violates } from '../fixtures/toy.ts';
import { registryOf } from '../gate/conduct.ts';

test('what a variant violates stands below what it is about, and is counted where it is much', () => {
  const model = toy('toy', {
    reference: { deed: 'nothing' },
    three: { deed: 'bad', expect: violates('stays-good', 'no-worse', 'panic') },
    'one-more': { deed: 'worse', expect: violates('stays-good', 'no-worse', 'panic', 'deadlock') },
    slip: { deed: 'worse', expect: mutant('no-worse') },
  });
  expect(catalogueText(catalogueOf(registryOf(model), [], {}), PLAIN)).toMatchInlineSnapshot(`
    "toy
      Does the gate judge right?
      variants
        reference  does nothing
        three      does bad
                   violates stays-good, no-worse, panic
        one-more   does worse
                   violates 4 properties
        slip       does worse
                   mutant, killed by no-worse
      properties
        stays-good  always     The toy stays good.
        no-worse    never      Nothing worse happens.
        acted       sometimes  The toy did its deed.
    "
  `);
});

test('what is heavy is marked where it is declared', () => {
  const model = toy(
    'toy',
    { reference: { deed: 'nothing' }, broken: { deed: 'bad', expect: violates('stays-good'), heavy: true } },
    {
      stage: {
        about: 'The actor.',
        settings: {},
        variants: {
          reference: { proves: ['stays-good'], measures: ['acting'], heavy: 'measures' },
          broken: { refutes: ['stays-good'], heavy: true },
        },
      },
      crowd: {
        about: 'The actor again.',
        settings: {},
        variants: { reference: { proves: ['no-worse'] } },
        heavy: true,
      },
    },
  );
  const text = catalogueText(catalogueOf(registryOf(model), [], {}), PLAIN);
  expect(text.slice(text.indexOf('  variants'))).toMatchInlineSnapshot(`
    "  variants
        reference  does nothing
        broken     does bad (check --full)
                   violates stays-good
      properties
        stays-good  always     The toy stays good.
        no-worse    never      Nothing worse happens.
        acted       sometimes  The toy did its deed.
      compositions
        stage  The actor.
               reference: proves stays-good; measures acting (check --full)
               broken: refutes stays-good (check --full)
        crowd  The actor again. (check --full)
               reference: proves no-worse
    "
  `);
});
