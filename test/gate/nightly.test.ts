import { describe, expect, test } from 'vitest';
import { type Nightly, nightly, nightlyOf, UsageError } from '../../scripts/nightly-run.ts';
import { alone } from '../../src/cli/crew.ts';
import { driveOne } from '../../src/cli/drive.ts';
import { type Endurance, endure } from '../../src/gate/endurance.ts';
import type { Registry } from '../../src/gate/registry.ts';
import { heartbeat } from '../fixtures/heartbeat.ts';
import { registry } from '../fixtures/registry.ts';
import { HOLDS, mutant, toy, violates } from '../fixtures/toy.ts';
import { registryOf } from './conduct.ts';

const ASKED: Nightly = { years: 0.01, models: [], seed: '1', workers: 1, check: false };

/** What it prints, and its exit code, if everything takes a second. */
async function night(models: Registry, asked = ASKED, progress: string[] = []): Promise<string> {
  const out: string[] = [];
  let now = 0;
  const took = () => {
    now += 1000;
    return { wall: now, cpu: 2 * now };
  };
  const host = { out: (text: string) => out.push(text), progress: (line: string) => progress.push(line), took };
  const code = await nightly(asked, models, 'nowhere', host);
  return `${out.join('')}exit ${code}`;
}

test('each model for so long, spread over its systems, and how fast that was', async () => {
  const progress: string[] = [];
  expect(await night(registry, { ...ASKED, models: ['heartbeat'] }, progress)).toMatchInlineSnapshot(`
    "nightly, seed 1, 0.01 simulated years of each model, workers: 1

    heartbeat: 0.013 years in 1.0 s, 402,845 x faster than time, 201,422 x on one core
      ✓  reference    0.0070 years  2000 schedules
      ✓  no-deadline  0.0058 years  2000 schedules

    as expected: nothing undeclared is violated
    exit 0"
  `);
  expect(progress).toMatchInlineSnapshot(`
    [
      "heartbeat/reference: 0.0070 years, 2000 schedules",
      "heartbeat/no-deadline: 0.0058 years, 2000 schedules",
    ]
  `);
});

describe('the exit code says', () => {
  test('that something is violated that is not declared to be, and its story is told', async () => {
    const model = toy('toy', {
      reference: { deed: 'bad' },
      broken: { deed: 'worse', expect: violates('no-worse') },
      slip: { deed: 'bad', expect: mutant('stays-good') },
    });
    expect(await night(registryOf(model), { ...ASKED, years: 5e-8 })).toMatchInlineSnapshot(`
      "nightly, seed 1, 5e-8 simulated years of each model, workers: 1

      toy: 1.3e-7 years in 1.0 s, 4 x faster than time, 2 x on one core
        ✗  reference  6.3e-8 years  2000 schedules  violated: stays-good
        ✓  broken     6.3e-8 years  2000 schedules

      violated  stays-good  toy/reference
        promised: The toy stays good.
        seen: is false in this state
        found at schedule 5, shrunk in 0 steps

        Decisions (1, everything else takes its default):
          acts #1  = yes

           time     who       what
        ◆   1ms     decision  acts #1 = yes
        ✗   1ms  ✗  actor     acts

        halfopen simulate --model toy --variant reference --property stays-good --seed 1

      not as expected: 1 undeclared violation
      exit 1"
    `);
  });

  test('that a model contradicts itself', async () => {
    expect(
      await night(registryOf(toy('toy', { reference: { deed: 'remember', expect: HOLDS } }))),
    ).toMatchInlineSnapshot(`
      "nightly, seed 1, 0.01 simulated years of each model, workers: 1

      toy: 0.0 years in 1.0 s, 0 x faster than time, 0 x on one core
        ✗  reference  0.0 years  0 schedules  violated: nondeterminism

      not as expected: 1 undeclared violation
      exit 1"
    `);
  });
});

describe('a long simulation ends', () => {
  const endured = async (endurance: Endurance, tasksMost = Infinity) => {
    const campaign = { registry, seed: '1', runs: 1, maxStates: 1, full: true, options: [] };
    const target = { model: heartbeat.name, variant: 'reference', settings: {} };
    let left = tasksMost;
    const { schedules, seconds, endedBy } = await driveOne(endure(campaign, target, endurance), alone(registry), {
      mayBegin: () => left-- > 0,
      progress: () => undefined,
    });
    return { schedules, endedBy, enough: seconds >= endurance.seconds };
  };

  test('when enough time has passed, after so many schedules, or when there is no time', async () => {
    expect(await endured({ seconds: 1000, schedulesMost: 100_000 })).toEqual({ schedules: 2000, enough: true });
    expect(await endured({ seconds: 1e12, schedulesMost: 600 })).toEqual({
      schedules: 600,
      endedBy: 'schedules',
      enough: false,
    });
    expect(await endured({ seconds: 1e12, schedulesMost: 100_000 }, 3)).toEqual({
      schedules: 750,
      endedBy: 'time',
      enough: false,
    });
  });
});

test('what is asked for', () => {
  expect(nightlyOf([], 'abc')).toMatchObject({ years: 10, models: [], seed: 'abc', check: true });
  const argv = ['--years', '0.5', '--model', 'a', '--model', 'b', '--seed', '7', '--workers', '3', '--no-check'];
  expect(nightlyOf(argv, 'abc')).toEqual({ years: 0.5, models: ['a', 'b'], seed: '7', workers: 3, check: false });
  const complaint = (...words: string[]) => {
    try {
      return nightlyOf(words, 'abc');
    } catch (error) {
      if (error instanceof UsageError) return error.message;
      throw error;
    }
  };
  expect(
    [
      complaint('--years', 'many'),
      complaint('--years', '0'),
      complaint('--workers', '1.5'),
      complaint('--fast'),
      complaint('more'),
    ].join('\n'),
  ).toMatchInlineSnapshot(`
    "expected a number above 0 for --years, got "many", do: npm run nightly -- [--years N] [--model NAME]... [--seed TEXT] [--workers N] [--no-check]
    expected a number above 0 for --years, got "0", do: npm run nightly -- [--years N] [--model NAME]... [--seed TEXT] [--workers N] [--no-check]
    expected a number above 0 for --workers, got "1.5", do: npm run nightly -- [--years N] [--model NAME]... [--seed TEXT] [--workers N] [--no-check]
    expected other usage, got: Unknown option '--fast', do: npm run nightly -- [--years N] [--model NAME]... [--seed TEXT] [--workers N] [--no-check]
    expected other usage, got: Unexpected argument 'more', do: npm run nightly -- [--years N] [--model NAME]... [--seed TEXT] [--workers N] [--no-check]"
  `);
});
