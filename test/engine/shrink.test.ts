import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Schedule } from '../../src/engine/schedule.ts';
import { scheduleOf } from '../../src/engine/schedule.ts';
import { smallerSchedules } from '../../src/engine/shrink.ts';
import type { Decision } from '../../src/kernel/decision.ts';

const MICROSECOND = 1000;

function delay(name: string, value: number, least: number, greatest: number, fault = false): Decision {
  return { name, kind: 'delay', fault, value, at: 0, least, greatest };
}

function choice(name: string, value: string, fault = false): Decision {
  return { name, kind: 'choice', fault, value, at: 0 };
}

function tried(decisions: readonly Decision[], tickNs = MICROSECOND): string[] {
  return [...smallerSchedules(decisions, tickNs)].map((schedule) =>
    [...schedule].map(([name, value]) => `${name}=${value}`).join(' '),
  );
}

describe('smaller schedules', () => {
  test('first without faults, then without anything, in ever smaller parts', () => {
    const decisions = [
      choice('a', 'x'),
      choice('fault 1', 'x', true),
      choice('b', 'x'),
      choice('fault 2', 'x', true),
      choice('c', 'x'),
    ];
    expect(tried(decisions)).toMatchInlineSnapshot(`
      [
        "a=x b=x c=x",
        "a=x b=x fault 2=x c=x",
        "a=x fault 1=x b=x c=x",
        "",
        "fault 2=x c=x",
        "a=x fault 1=x b=x",
        "b=x fault 2=x c=x",
        "a=x fault 1=x c=x",
        "a=x fault 1=x b=x fault 2=x",
        "fault 1=x b=x fault 2=x c=x",
        "a=x fault 1=x fault 2=x c=x",
      ]
    `);
  });

  test('then lengths: the other end, then half, the roundest near by and one round step less', () => {
    expect(tried([delay('d', 12_345_678, 1, 400_000_000)])).toMatchInlineSnapshot(`
      [
        "",
        "d=400000000",
        "d=300000000",
        "d=60000000",
        "d=10000000",
        "d=20000000",
        "d=2345678",
        "d=5000000",
        "d=15000000",
        "d=7345678",
        "d=6000000",
        "d=12000000",
        "d=13000000",
        "d=11345678",
        "d=6100000",
        "d=12300000",
        "d=12400000",
        "d=12245678",
        "d=6170000",
        "d=12340000",
        "d=12350000",
        "d=12335678",
        "d=6172000",
        "d=12345000",
        "d=12346000",
        "d=12344678",
      ]
    `);
  });

  test('where there is no end: as soon as possible, then half, round and earlier', () => {
    expect(tried([delay('dies', 20_000_001, 0, Infinity, true)])).toMatchInlineSnapshot(`
      [
        "",
        "dies=0",
        "dies=300000000",
        "dies=60000000",
        "dies=10000000",
        "dies=20000000",
        "dies=30000000",
        "dies=10000001",
        "dies=25000000",
        "dies=15000001",
        "dies=21000000",
        "dies=19000001",
        "dies=20100000",
        "dies=19900001",
        "dies=20010000",
        "dies=19990001",
        "dies=20001000",
        "dies=19999001",
      ]
    `);
  });

  test('a length at an end stays there; a round one only goes to the other end or becomes rounder', () => {
    expect(tried([delay('d', 100, 1, 100)])).toEqual(['']);
    expect(tried([delay('d', 0, 0, Infinity)])).toEqual(['']);
    expect(tried([delay('d', 300_000_000, 1, 400_000_000)]).slice(1)).toEqual(['d=400000000']);
    expect(tried([delay('d', 5_000_000, 1, 400_000_000)]).slice(1)).toEqual([
      'd=400000000',
      'd=300000000',
      'd=60000000',
      'd=10000000',
    ]);
  });

  test('a length that is round already goes earlier where that is as simple: to its half, and by one step', () => {
    expect(tried([delay('dies', 600_000_000, 0, Infinity, true)])).toEqual(['', 'dies=0', 'dies=300000000']);
    expect(tried([delay('dies', 900_000_000, 0, Infinity, true)])).toEqual([
      '',
      'dies=0',
      'dies=300000000',
      'dies=600000000',
    ]);
    expect(tried([delay('dies', 80_000_000, 0, Infinity, true)])).toEqual([
      '',
      'dies=0',
      'dies=300000000',
      'dies=60000000',
      'dies=120000000',
      'dies=20000000',
      'dies=40000000',
      'dies=70000000',
    ]);
  });

  test('but never before what is possible, nor to the default, which leaving it out has tried', () => {
    expect(tried([delay('d', 900_000_000, 700_000_000, Infinity)])).toEqual(['', 'd=700000000']);
    expect(tried([delay('d', 900_000_000, 600_000_000, 1_000_000_000)])).toEqual(['', 'd=1000000000']);
  });

  test('nothing is tried twice, also where all decisions are faults', () => {
    const faults = [choice('a', 'x', true), choice('b', 'x', true), choice('c', 'x', true)];
    expect(tried(faults)).toEqual(['', 'c=x', 'a=x b=x', 'b=x c=x', 'a=x c=x']);
    expect(tried([choice('a', 'x'), choice('b', 'x', true)])).toEqual(['a=x', '', 'b=x']);
  });

  test('nothing is smaller than nothing', () => {
    expect(tried([])).toEqual([]);
  });

  test('a tick of a second: round lengths below a tick are none', () => {
    expect(tried([delay('d', 7, 1, 100)], 1e9)).toMatchInlineSnapshot(`
      [
        "",
        "d=100",
        "d=60",
        "d=10",
        "d=5",
        "d=2",
        "d=3",
        "d=6",
      ]
    `);
  });

  const anyDecisions = fc
    .array(
      fc.record({
        kind: fc.constantFrom('delay', 'choice', 'order'),
        fault: fc.boolean(),
        least: fc.nat(1000),
        size: fc.oneof(fc.nat(1000), fc.nat(2_000_000_000), fc.constant(Infinity)),
        at: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      { maxLength: 12 },
    )
    .map((list) =>
      list.map(({ kind, fault, least, size, at }, index): Decision => {
        if (kind !== 'delay') return { ...choice(`${kind} #${index}`, 'x', fault), kind: kind as 'choice' };
        const value = least + Math.floor(at * (size === Infinity ? 5_000_000_000 : size));
        return delay(`delay #${index}`, value, least, least + size, fault);
      }),
    );

  const byName = (schedule: Schedule) => JSON.stringify([...schedule]);

  test('all differ from the original and from each other, and stay within what was possible (seed 9)', () => {
    const property = fc.property(anyDecisions, (decisions) => {
      const known = new Set([byName(scheduleOf(decisions))]);
      for (const schedule of smallerSchedules(decisions, MICROSECOND)) {
        expect(known.has(byName(schedule))).toBe(false);
        known.add(byName(schedule));
        for (const [name, value] of schedule) {
          const decision = decisions.find((each) => each.name === name) as Decision;
          if (decision.kind !== 'delay') expect(value).toBe(decision.value);
          else {
            expect(value).toBeGreaterThanOrEqual(decision.least as number);
            expect(value).toBeLessThanOrEqual(decision.greatest as number);
          }
        }
      }
    });
    fc.assert(property, { seed: 9, numRuns: 300 });
  });

  test('following them comes to an end, whichever is followed (seed 10)', () => {
    const property = fc.property(anyDecisions, fc.infiniteStream(fc.nat(7)), (decisions, picks) => {
      let current: readonly Decision[] = decisions;
      for (let steps = 0; ; steps++) {
        expect(steps).toBeLessThan(200);
        let followed: Schedule | undefined;
        let skip = picks.next().value as number;
        for (const schedule of smallerSchedules(current, MICROSECOND)) {
          // Lengths first: to leave decisions out would end it far too soon.
          if (schedule.size < current.length && skip-- > 0 && schedule.size > 0) continue;
          followed = schedule;
          if (skip-- <= 0) break;
        }
        if (followed === undefined) break;
        const next = followed;
        current = current.flatMap((each) => {
          const value = next.get(each.name);
          return value === undefined ? [] : [{ ...each, value }];
        });
      }
      expect([...smallerSchedules(current, MICROSECOND)]).toEqual([]);
    });
    fc.assert(property, { seed: 10, numRuns: 300 });
  });
});
