import { describe, expect, test } from 'vitest';
import { FixedStrategy } from '../../src/engine/fixed-strategy.ts';
import { hintsOf } from '../../src/engine/hints.ts';
import { replay } from '../../src/engine/replay.ts';
import { record, type Subject } from '../../src/engine/run.ts';
import { ScheduleArbitrary, ScheduleDraft } from '../../src/engine/schedule-arbitrary.ts';
import {
  batchSeed,
  type Counterexample,
  findCounterexample,
  NondeterminismError,
  simulateBatch,
} from '../../src/engine/simulate.ts';
import { between } from '../../src/kernel/bounds.ts';
import { InternalError } from '../../src/kernel/errors.ts';
import { never, within } from '../../src/property/property.ts';
import { play, storyOf, toy } from '../support/toy.ts';
import { pingPong, TOYS } from '../support/toys.ts';

const NO_BOOM = [never('no-boom', 'No boom.', 'boom')];

describe('a batch', () => {
  test.each(TOYS)('%s: is a pure function of its seed', (_name, make) => {
    const first = simulateBatch(make(), 11, 120);
    expect(simulateBatch(make(), 11, 120)).toEqual(first);
    expect(simulateBatch(make(), 12, 120)).not.toEqual(first);
    expect(first.runs).toBe(120);
  });

  test('tells what was seen, measured and violated first', () => {
    const { simulated, firings, ...batch } = simulateBatch(pingPong(), 11, 200);
    expect(simulated).toBeGreaterThan(0);
    expect(firings).toBeGreaterThan(0);
    expect(batch).toMatchInlineSnapshot(`
      {
        "firstViolations": {
          "false-alarm": 1,
          "noticed": 47,
        },
        "measured": {
          "notice": {
            "greatest": 549,
            "least": 299,
          },
          "noticed": {
            "greatest": 549,
            "least": 299,
          },
        },
        "runs": 200,
        "seen": [
          "pong",
        ],
      }
    `);
  });

  test('simulates no more time than up to the horizon', () => {
    const subject = toy((sim) => void sim.deadline('ages', 1_000_000), { limits: { horizon: 70 } });
    expect(simulateBatch(subject, 1, 30)).toMatchObject({ runs: 30, simulated: 30 * 70, firings: 0 });
  });

  test('ends early once all that is looked for has been violated', () => {
    const all = simulateBatch(pingPong(), 11, 200);
    const { 'false-alarm': alarm = 0, noticed = 0 } = all.firstViolations;
    expect(alarm).not.toBe(noticed);
    expect(simulateBatch(pingPong(), 11, 200, new Set(['noticed'])).runs).toBe(noticed);
    expect(simulateBatch(pingPong(), 11, 200, new Set(['noticed', 'false-alarm'])).runs).toBe(Math.max(alarm, noticed));
    expect(simulateBatch(pingPong(), 11, 200, new Set(['noticed', 'other'])).runs).toBe(200);
  });

  test('seeds of batches differ, also between neighbouring campaigns', () => {
    const seeds = new Set<number>();
    for (let campaign = -20; campaign < 20; campaign++) {
      for (let batch = 0; batch < 50; batch++) seeds.add(batchSeed(campaign, batch));
    }
    expect(seeds.size).toBe(40 * 50);
    expect([...seeds].every((seed) => Number.isInteger(seed) && seed >= -(2 ** 31) && seed < 2 ** 31)).toBe(true);
  });
});

describe('what makes a model nondeterministic is caught', () => {
  let counter = 0;

  test.each<[what: string, hidden: () => number]>([
    ['a variable outside of the run', () => counter++],
    ['host randomness', () => Math.random()],
    ['host time', () => process.hrtime()[1]],
  ])('%s', (_what, hidden) => {
    const subject = toy((sim) => {
      sim.spawn('honest', () => sim.sleep(between(1, 10)));
      sim.spawn('leaky', function* () {
        yield* sim.sleep(5);
        sim.emit('says', hidden());
      });
    });
    const expected = new NondeterminismError(
      'toy/only: two runs of one schedule differ, first at "leaky says": ' +
        'the model keeps state outside the kernel, or uses host time or randomness',
    );
    expect(() => simulateBatch(subject, 1, 10)).toThrow(expected);
  });

  test('also where it only shows in how many events there are', () => {
    let runs = 0;
    const subject = toy((sim) => {
      const talks = runs++ % 2 === 0;
      sim.spawn('shy', function* () {
        yield* sim.sleep(5);
        if (talks) sim.emit('says');
      });
    });
    expect(() => simulateBatch(subject, 1, 10)).toThrow(NondeterminismError);
  });

  test('also where it only shows in what is violated', () => {
    let runs = 0;
    const subject = toy((sim) => {
      const ages = runs++ % 2 === 0;
      sim.spawn('a', function* () {
        yield* sim.sleep(5);
        if (ages) throw new Error('boom');
      });
    });
    expect(() => simulateBatch(subject, 1, 10)).toThrow(NondeterminismError);
  });

  test('also when a violation that was found does not come again', () => {
    let runs = 0;
    const subject = toy(
      (sim) => {
        if (++runs === 5) sim.emit('boom');
      },
      { properties: NO_BOOM },
    );
    const expected = new NondeterminismError('toy/only: the schedule that violated no-boom does not violate it again');
    expect(() => findCounterexample(subject, 1, 20, 'no-boom')).toThrow(expected);
  });

  test('no honest model is suspected', () => {
    for (const [, make] of TOYS) expect(simulateBatch(make(), 1, 10).runs).toBe(10);
  });
});

describe('what goes wrong in the tool itself is loud', () => {
  const subjects: [what: string, subject: Subject, message: string][] = [
    [
      'an internal error',
      toy(
        (sim) => {
          if (sim.choose('coin', ['heads', 'tails']) === 'tails') throw new InternalError('planted');
        },
        { properties: NO_BOOM },
      ),
      'internal error: planted',
    ],
    [
      'an error outside of a step',
      toy((sim) => sim.emit(sim.choose('coin', ['nothing', 'from'])), {
        properties: [...NO_BOOM, within('half', 'Half a tick.', 0.5, { from: 'from', to: 'to' })],
      }),
      'The number 0.5 cannot be converted to a BigInt because it is not an integer',
    ],
  ];

  test.each(subjects)('%s', (_what, subject, message) => {
    expect(() => simulateBatch(subject, 1, 50)).toThrow(message);
    expect(() => findCounterexample(subject, 1, 50, 'no-boom')).toThrow(message);
  });

  test('a model that only says so has thrown like any other', () => {
    const story = play((sim) => {
      sim.deadline('d', 1).onFire = () => {
        throw new Error('internal error: planted');
      };
    });
    expect(story).toMatchInlineSnapshot(`
      "= exception, at 1
      ! exception, at 1: d threw: internal error: planted"
    `);
  });
});

describe('a counterexample', () => {
  const found = (subject: Subject, property: string, seed = 1, runs = 2000): Counterexample => {
    const counterexample = findCounterexample(subject, seed, runs, property);
    if (counterexample === undefined) throw new Error(`${property} was not violated in ${runs} runs`);
    return counterexample;
  };

  test('none, where nothing was violated', () => {
    expect(findCounterexample(pingPong(), 1, 50, 'no-such-property')).toBeUndefined();
  });

  test('is found in the run in which the batch saw it, and replays to the last event', () => {
    const subject = pingPong();
    for (const property of ['noticed', 'false-alarm']) {
      const counterexample = found(subject, property, 11, 200);
      expect(counterexample.foundAtRun).toBe(simulateBatch(subject, 11, 200).firstViolations[property]);
      const again = replay(subject, counterexample.schedule);
      expect([again.digest, again.stale]).toEqual([counterexample.run.digest, []]);
      expect(again.violations).toContainEqual(counterexample.violation);
    }
  });

  test('tells a short story: a client that dies just after its last pong has left', () => {
    expect(storyOf(found(pingPong(), 'noticed', 11, 200).run)).toMatchInlineSnapshot(`
      "260 client: dies
      350 reader: pong
      800 reader: late
      = finished, at 800
      ! noticed, at 800: "late", due at most 500ms after "dies", comes only after 540ms
      ! false-alarm, at 800: this must never happen: late
      ? client dies #1 = 260, at 0
      ? runner→client ping latency #1 = 100, at 150
      ? client→runner pong latency #1 = 100, at 250"
    `);
  });

  test('the two decisions that matter among thirty', () => {
    const subject = toy(
      (sim) => {
        const picked: string[] = [];
        for (let i = 0; i < 30; i++) picked.push(sim.choose(`coin ${i}`, ['heads', 'tails']));
        if (picked[7] === 'tails' && picked[23] === 'tails') sim.emit('boom');
      },
      { properties: NO_BOOM },
    );
    for (let seed = 0; seed < 10; seed++) {
      const { schedule } = found(subject, 'no-boom', seed);
      expect(Object.fromEntries(schedule)).toEqual({ 'coin 7 #1': 'tails', 'coin 23 #1': 'tails' });
    }
  });

  test('faults go first: where a slow answer alone shows it, the disk need not break', () => {
    const subject = toy(
      (sim) => {
        const disk = sim.chooseFault('disk', ['ok', 'broken']);
        const answer = sim.choose('answer', ['fast', 'slow']);
        if (disk === 'broken' || answer === 'slow') sim.emit('boom');
      },
      { properties: NO_BOOM },
    );
    const both = new Map([
      ['disk #1', 'broken'],
      ['answer #1', 'slow'],
    ]);
    const draft = new ScheduleDraft(() => new FixedStrategy(both, subject.tickNs));
    draft.decided = record(subject, (clock) => draft.strategyFor(clock)).decisions;
    const smaller = new ScheduleArbitrary(hintsOf(subject), subject.tickNs).shrink(draft);
    const first = smaller.getNthOrLast(0)?.value as ScheduleDraft;
    const { decisions, violations } = record(subject, (clock) => first.strategyFor(clock));
    expect([decisions.map(({ name }) => name), violations.length]).toEqual([['answer #1'], 1]);
    for (let seed = 0; seed < 20; seed++) expect(found(subject, 'no-boom', seed).schedule.size).toBe(1);
  });

  test('lengths become round, or go to an end', () => {
    const subject = toy(
      (sim) => {
        const [first, second] = [sim.deadline('first', between(1, 60_000_000)), sim.faultMoment('second')];
        sim.spawn('a', function* () {
          yield* first.wait();
          yield* sim.sleep(7_000_000);
          if (second.expired) sim.emit('boom');
        });
      },
      { properties: [never('no-boom', 'No boom.', 'boom')], tickNs: 1000 },
    );
    for (let seed = 0; seed < 5; seed++) {
      expect(Object.fromEntries(found(subject, 'no-boom', seed).schedule)).toEqual({ 'second #1': 0 });
    }
    const later = toy(
      (sim) => {
        const moment = sim.faultMoment('moment');
        sim.spawn('a', function* () {
          yield* sim.sleep(12_345_678);
          if (moment.expired) return;
          yield* sim.sleep(20_000_000);
          if (moment.expired) sim.emit('boom');
        });
      },
      { properties: NO_BOOM, tickNs: 1000 },
    );
    for (let seed = 0; seed < 5; seed++) {
      expect(Object.fromEntries(found(later, 'no-boom', seed).schedule)).toEqual({ 'moment #1': 20_000_000 });
    }
  });

  test('what was shrunk cannot be shrunk further by leaving one decision out', () => {
    const subject = pingPong();
    for (let seed = 0; seed < 8; seed++) {
      for (const property of ['noticed', 'false-alarm']) {
        const { schedule } = found(subject, property, seed);
        for (const left of schedule.keys()) {
          const rest = new Map([...schedule].filter(([name]) => name !== left));
          expect(replay(subject, rest).violations.map((each) => each.property)).not.toContain(property);
        }
      }
    }
  });

  test('a violation without any decision has an empty schedule', () => {
    const subject = toy(
      (sim) => {
        sim.deadline('d', between(5, 9)).onFire = () => sim.emit('boom');
      },
      { properties: NO_BOOM },
    );
    const counterexample = found(subject, 'no-boom');
    expect([counterexample.foundAtRun, [...counterexample.schedule]]).toEqual([1, []]);
  });

  test('a bug of the model itself is shrunk as a violation is', () => {
    const subject = toy((sim) => {
      sim.spawn('a', function* () {
        yield* sim.sleep(between(1, 100), 'works');
        if (sim.choose('coin', ['heads', 'tails']) === 'tails') throw new Error('tails');
      });
    });
    expect(storyOf(found(subject, 'exception').run)).toMatchInlineSnapshot(`
      "= exception, at 1
      ! exception, at 1: a threw: tails
      ? coin #1 = tails, at 1"
    `);
  });
});
