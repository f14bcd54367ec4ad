// What prove says of the attach model does not hang on the size of its constants; and whatever random schedules show lies
// inside what prove found possible.
import { describe, expect, test } from 'vitest';
import { compositions } from '../../models/attach/compositions.ts';
import { attach } from '../../models/attach/model.ts';
import { type ExactMeasure, Prover } from '../../src/engine/prove.ts';
import { Subject } from '../../src/engine/run.ts';
import { simulateBatch } from '../../src/engine/simulate.ts';
import type { Settings } from '../../src/model/parameters.ts';

const LIMITS = { maxStates: 20_000 };

/** The real constants, all 250 times as short: 60 ms from one ping to the next. */
const SMALL: Settings = {
  interval: '60ms',
  writeDeadline: '80ms',
  drainBound: '8ms',
  latency: '4us..400us',
  answer: '0..400us',
  stall: '4ms..480ms',
  balancerIdle: '240ms',
  giveUp: '3698.4ms..3760ms',
  retry: '60ms',
  retryMax: '120ms',
};
const SCALE = 250;

function subjectOf(variant: string, composition: string, settings: Settings = {}): Subject {
  return new Subject(attach, variant, { ...compositions[composition]?.settings, ...settings });
}

function endsOf({ least, greatest }: ExactMeasure) {
  return [least, greatest].map((end) => ({ length: end?.length, attained: end?.attained }));
}

describe.each([
  ['pong-deadline', 'silent-death', 'dead-client-evicted'],
  ['reference', 'behind-balancer', 'dead-client-evicted-behind-balancer'],
])('%s on %s', (variant, composition, property) => {
  test('takes the same states at a 250th of the size, and every answer scales', () => {
    const [large, small] = [{}, SMALL].map((settings) => new Prover(subjectOf(variant, composition, settings)));
    const [one, other] = [large, small].map((prover) => prover?.prove([property], LIMITS)[0]);
    expect(one?.verdict).toBe('proved');
    expect(other).toEqual(one);
    const [long, short] = [large, small].map((prover) => prover?.measure(property, LIMITS) as ExactMeasure);
    const scaled = endsOf(short as ExactMeasure).map((end) => ({ ...end, length: (end.length as number) * SCALE }));
    expect(scaled).toEqual(endsOf(long as ExactMeasure));
  });

  test('random schedules stay inside the exact ends', () => {
    const subject = subjectOf(variant, composition, { ends: 'story' });
    const exact = new Prover(subjectOf(variant, composition)).measure(property, LIMITS);
    const { measured } = simulateBatch(subject, 1, 250);
    const seen = measured[property];
    expect(seen?.least).toBeGreaterThanOrEqual(exact.least?.length as number);
    expect(seen?.greatest).toBeLessThanOrEqual(exact.greatest?.length as number);
  });
});

test('the planted eviction of #516 is outside of what its claim allows, and inside of what prove found', () => {
  const prover = new Prover(subjectOf('pong-deadline', 'blocked-writer'));
  expect(prover.prove(['dead-client-evicted'], LIMITS)[0]?.verdict).toBe('violated');
  const exact = prover.measure('dead-client-evicted', LIMITS);
  expect(exact.greatest).toMatchObject({ length: 65_100_000, attained: true });
  expect(exact.greatest?.witness?.run.measured.get('dead-client-evicted')?.greatest).toBe(65_100_000);
}, 60_000);
