import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hintsOf } from '../../src/engine/hints.ts';
import { RandomStrategy } from '../../src/engine/random-strategy.ts';
import { replay } from '../../src/engine/replay.ts';
import { record, run } from '../../src/engine/run.ts';
import { EMPTY_SCHEDULE, scheduleOf } from '../../src/engine/schedule.ts';
import { digestOf, type TraceEvent } from '../../src/engine/trace.ts';
import { sometimes } from '../../src/property/property.ts';
import { toy } from '../support/toy.ts';
import { grid, pingPong, TOYS, workers } from '../support/toys.ts';

const anySeed = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

describe('a run is a pure function of its subject and schedule', () => {
  test.each([
    ['pingPong', pingPong, 'f80fb5905ab12847'],
    ['workers', workers, '49df26e3bba9acaf'],
    ['grid', grid, '21739f8dde048c4c'],
  ])('%s: the trace of the default schedule is this one, on every machine', (_name, make, digest) => {
    const digests = [make(), make()].map((subject) => replay(subject, EMPTY_SCHEDULE).digest);
    expect(digests).toEqual([digest, digest]);
  });

  test.each(TOYS)('%s: what a random run decided gives the same run again (seed 6)', (_name, make) => {
    const subject = make();
    const hints = hintsOf(subject);
    const digests = new Set<string>();
    const property = fc.property(anySeed, (seed) => {
      const first = record(subject, (clock) => new RandomStrategy(seed, clock, hints));
      const { stale, ...again } = replay(subject, scheduleOf(first.decisions));
      expect(again).toEqual(first);
      expect(stale).toEqual([]);
      digests.add(first.digest);
    });
    fc.assert(property, { seed: 6, numRuns: 150 });
    expect(digests.size).toBeGreaterThan(75);
  });

  test.each(TOYS)('%s: whether its trace is kept makes no difference (seed 7)', (_name, make) => {
    const subject = make();
    const hints = hintsOf(subject);
    const property = fc.property(anySeed, (seed) => {
      const { trace, digest, decisionsAfter, violationsAfter, ...recorded } = record(
        subject,
        (clock) => new RandomStrategy(seed, clock, hints),
      );
      const ran = run(subject, (clock) => new RandomStrategy(seed, clock, hints));
      expect({ ...ran, decisions: ran.decisions }).toEqual(recorded);
    });
    fc.assert(property, { seed: 7, numRuns: 100 });
  });

  test('notes that only explain a trace are seen by no property, and count as no step', () => {
    const subject = toy(
      (sim) => {
        const mutex = sim.mutex('mu');
        for (const name of ['a', 'b', 'c', 'd', 'e']) {
          sim.spawn(name, function* () {
            yield* mutex.lock();
            yield* sim.sleep(1);
            mutex.unlock();
          });
        }
      },
      { properties: [sometimes('waits', 'One waits.', 'waits for mu')], limits: { stepsAtOneInstant: 6 } },
    );
    const recorded = replay(subject, EMPTY_SCHEDULE);
    expect([recorded.end, recorded.seen.size, recorded.trace.length]).toEqual([{ why: 'quiet' }, 0, 4]);
  });

  test('two runs in one another do not interfere', () => {
    const alone = replay(pingPong(), EMPTY_SCHEDULE).digest;
    const inner: string[] = [];
    const outer = toy((sim) => {
      sim.spawn('outer', function* () {
        for (let round = 0; round < 3; round++) {
          sim.emit('round', round);
          inner.push(replay(pingPong(), EMPTY_SCHEDULE).digest);
          yield* sim.sleep(10);
        }
      });
    });
    expect(replay(outer, EMPTY_SCHEDULE).trace.map(({ at, data }) => [at, data])).toEqual([
      [0, 0],
      [10, 1],
      [20, 2],
    ]);
    expect(inner).toEqual([alone, alone, alone]);
  });

  test('where decisions and violations lie in the trace', () => {
    const subject = pingPong();
    const { trace, decisions, decisionsAfter, violations, violationsAfter } = replay(
      subject,
      new Map<string, number>([
        ['client dies #1', 200],
        ['runner→client ping latency #1', 40],
      ]),
    );
    expect(decisions.map(({ name }, i) => [name, decisionsAfter[i]])).toMatchInlineSnapshot(`
      [
        [
          "client dies #1",
          0,
        ],
        [
          "runner→client ping latency #1",
          0,
        ],
      ]
    `);
    expect(violations.map(({ property }, i) => [property, violationsAfter[i]])).toMatchInlineSnapshot(`
      [
        [
          "false-alarm",
          3,
        ],
      ]
    `);
    expect(trace.map(({ at, name }) => `${at} ${name}`)).toMatchInlineSnapshot(`
      [
        "191 pong",
        "200 dies",
        "641 late",
      ]
    `);
  });
});

describe('the digest', () => {
  const trace: TraceEvent[] = [
    { at: 1, lane: 'a', name: 'x', data: { n: 1 } },
    { at: 1, lane: 'b', name: 'y' },
    { at: 2, lane: 'a', name: 'x' },
  ];

  test.each<[what: string, changed: TraceEvent[]]>([
    ['an event later', trace.map((event) => ({ ...event, at: event.at + 1 }))],
    ['another lane', trace.with(1, { at: 1, lane: 'c', name: 'y' })],
    ['another name', trace.with(1, { at: 1, lane: 'b', name: 'z' })],
    ['other data', trace.with(0, { at: 1, lane: 'a', name: 'x', data: { n: 2 } })],
    ['no data', trace.with(0, { at: 1, lane: 'a', name: 'x' })],
    ['another order', [trace[1], trace[0], trace[2]] as TraceEvent[]],
    ['one event less', trace.slice(0, 2)],
    ['one event more', [...trace, { at: 2, lane: 'a', name: 'x' }]],
    ['nothing', []],
  ])('differs for %s', (_what, changed) => {
    expect(digestOf(changed)).not.toBe(digestOf(trace));
  });

  test('is this one, so that saved seeds keep their meaning', () => {
    expect([digestOf(trace), digestOf([])]).toMatchInlineSnapshot(`
      [
        "7e1695f0d7005238",
        "811c9dc59e3779b9",
      ]
    `);
  });

  test('differs for different traces (seed 8)', () => {
    const event = fc.record({ at: fc.nat(3), lane: fc.constantFrom('a', 'b'), name: fc.constantFrom('x', 'y', 'xy') });
    const traces = fc.tuple(fc.array(event, { maxLength: 5 }), fc.array(event, { maxLength: 5 }));
    const property = fc.property(traces, ([one, other]) => {
      expect(digestOf(one) === digestOf(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
    });
    fc.assert(property, { seed: 8, numRuns: 2000 });
  });
});
