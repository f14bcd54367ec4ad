import { describe, expect, test } from 'vitest';
import { ANY_TIME, type Bounds, between } from '../../src/kernel/bounds.ts';
import { ModelError } from '../../src/kernel/errors.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import { type Decided, play, runOf } from '../support/toy.ts';

function everySort(sim: Sim): void {
  sim.spawn('a', function* () {
    yield* sim.sleep(between(10, 20), 'works');
    sim.emit('mood', sim.choose('mood', ['good', 'bad']));
  });
  sim.deadline('d', 10).onFire = () => sim.emit('passes');
  sim.faultMoment('dies').onFire = () => sim.emit('dies');
}

describe('replay', () => {
  test('does what the schedule says, and the default where it says nothing', () => {
    expect(play(everySort)).toMatchInlineSnapshot(`
      "10 passes
      10 a: mood "good"
      = quiet, at 10"
    `);
    const all = { 'a works #1': 12, 'dies #1': 12, 'mood #1': 'bad', 'tie: instead of dies #1': 'a sleep' };
    expect(play(everySort, all)).toMatchInlineSnapshot(`
      "10 passes
      12 a: mood "bad"
      12 dies
      = quiet, at 12
      ? dies #1 = 12, at 0
      ? a works #1 = 12, at 0
      ? tie: instead of dies #1 = a sleep, at 12
      ? mood #1 = bad, at 12"
    `);
  });

  test('lengths can be written as people do', () => {
    expect(play(everySort, { 'a works #1': '0.012s', 'dies #1': '1m' })).toMatchInlineSnapshot(`
      "10 passes
      12 a: mood "good"
      60000 dies
      = quiet, at 60000
      ? dies #1 = 60000, at 0
      ? a works #1 = 12, at 0"
    `);
    expect(play(everySort, { 'dies #1': 'never' })).toBe(play(everySort));
    expect(play(everySort, { 'dies #1': Infinity })).toBe(play(everySort));
  });

  test('a decision that is the default is no news, and not stale', () => {
    expect(play(everySort, { 'a works #1': 10, 'mood #1': 'good', 'tie: instead of d #1': 'd' })).toBe(play(everySort));
  });

  test.each<[decided: Decided]>([
    [{ 'a works #2': 12 }],
    [{ 'a worked #1': 12 }],
    [{ 'a works': 12 }],
    [{ 'a works #0': 12 }],
    [{ 'a works #one': 12 }],
    [{ 'tie: instead of a sleep #1': 'd' }],
    [{ '': 'x' }],
  ])('stale, since nobody asked: %o', (decided) => {
    const [name] = Object.keys(decided);
    expect(play(everySort, decided)).toBe(`${play(everySort)}\nstale: ${name} was never asked`);
  });

  test.each<[decided: Decided, why: string]>([
    [{ 'a works #1': 9 }, '"9" is not a length from 10ms to 20ms'],
    [{ 'a works #1': 21 }, '"21" is not a length from 10ms to 20ms'],
    [{ 'a works #1': 12.5 }, '"12.5" is not a length from 10ms to 20ms'],
    [{ 'a works #1': Number.NaN }, '"NaN" is not a length from 10ms to 20ms'],
    [{ 'a works #1': 'never' }, '"never" is not a length from 10ms to 20ms'],
    [{ 'a works #1': 'soon' }, '"soon" is not a length from 10ms to 20ms'],
    [{ 'a works #1': '12us' }, '"12us" is not a length from 10ms to 20ms'],
    [{ 'a works #1': Infinity }, '"Infinity" is not a length from 10ms to 20ms'],
    [{ 'dies #1': -1 }, '"-1" is not a length from 0 to never'],
    [{ 'dies #1': -Infinity }, '"-Infinity" is not a length from 0 to never'],
    [{ 'dies #1': Number.NaN }, '"NaN" is not a length from 0 to never'],
    [{ 'dies #1': 'soon' }, '"soon" is not a length from 0 to never'],
    [{ 'mood #1': 'ugly' }, '"ugly" is not among good, bad'],
    [{ 'mood #1': 1 }, '"1" is not among good, bad'],
    [{ 'tie: instead of d #1': 'e' }, '"e" is not among d, a sleep'],
    [{ 'tie: instead of d #1': 1 }, '"1" is not among d, a sleep'],
  ])('stale, since that cannot be: %o', (decided, why) => {
    const [name] = Object.keys(decided);
    expect(play(everySort, decided)).toBe(`${play(everySort)}\nstale: ${name} ${why}`);
  });

  test('what is stale does not keep the rest from being done', () => {
    const decided = { 'gone #1': 1, 'mood #1': 'ugly', 'a works #1': 15 };
    expect(play(everySort, decided)).toMatchInlineSnapshot(`
      "10 passes
      15 a: mood "good"
      = quiet, at 15
      ? a works #1 = 15, at 0
      stale: mood #1 "ugly" is not among good, bad
      stale: gone #1 was never asked"
    `);
  });

  test.each<[what: string, bounds: Bounds, why: string]>([
    ['no number', { ...between(1, 2), min: Number.NaN }, 'min must be a whole number >= 0, got NaN'],
    ['no end', { ...between(1, 2), max: Number.NaN }, 'max must be a whole number or Infinity, got NaN'],
    ['half a tick', { ...between(1, 2), max: 2.5 }, 'max must be a whole number or Infinity, got 2.5'],
    ['the past', { ...between(5, 5), min: -5, max: -5 }, 'min must be a whole number >= 0, got -5'],
    ['nothing', { ...between(1, 2, 'max'), max: 1 }, 'nothing lies between 1 and 1 (open: max)'],
    ['for ever at least', { ...ANY_TIME, min: Infinity }, 'min must be a whole number >= 0, got Infinity'],
  ])("bounds made by hand that are %s are the model's mistake, whatever the schedule says", (_what, bounds, why) => {
    const build = (sim: Sim) => void sim.spawn('a', () => sim.sleep(bounds, 'works'));
    for (const decided of [{}, { 'a works #1': 9 }, { 'a works #1': Number.NaN }]) {
      const { end } = runOf(build, decided);
      expect(end).toEqual({ why: 'model-error', error: new ModelError('bad-bounds', `a: between: ${why}`) });
    }
  });
});
