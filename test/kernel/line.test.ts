import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Bounds, between } from '../../src/kernel/bounds.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import { eventsOf, everyRun, outcomesOf, play, runOf, toy } from '../support/toy.ts';

const LATENCY = between(1, 100);

function threeMessages(sim: Sim): void {
  const line = sim.line<string>('a→b', (message) => sim.emit('arrives', message, 'b'));
  sim.spawn('a', function* () {
    for (const message of ['x', 'y', 'z']) line.send(message, 'data', LATENCY);
    sim.emit('sent', { inFlight: line.inFlight });
    yield* sim.sleep(200);
    sim.emit('later', { inFlight: line.inFlight });
  });
}

describe('lines', () => {
  test('each message takes its own time', () => {
    expect(play(threeMessages, { 'a→b data latency #2': 50, 'a→b data latency #3': 99 })).toMatchInlineSnapshot(`
      "0 a: sent {"inFlight":3}
      1 b: arrives "x"
      50 b: arrives "y"
      99 b: arrives "z"
      200 a: later {"inFlight":0}
      = quiet, at 200
      ? a→b data latency #2 = 50, at 0
      ? a→b data latency #3 = 99, at 0"
    `);
  });

  test('none overtakes another, even where its own time would be over sooner', () => {
    expect(play(threeMessages, { 'a→b data latency #1': 100, 'a→b data latency #2': 40 })).toMatchInlineSnapshot(`
      "0 a: sent {"inFlight":3}
      100 b: arrives "x"
      100 b: arrives "y"
      100 b: arrives "z"
      200 a: later {"inFlight":0}
      = quiet, at 200
      ? a→b data latency #1 = 100, at 0
      ? a→b data latency #2 = 40, at 0"
    `);
  });

  test('those that arrive at the same instant keep their order, whatever ties are flipped', () => {
    const outcomes = outcomesOf((sim) => {
      const line = sim.line<string>('a→b', (message) => sim.emit(message));
      const other = sim.line<string>('c→b', (message) => sim.emit(message));
      for (const message of ['x', 'y']) line.send(message, 'data', 10);
      other.send('o', 'data', 10);
    });
    expect(outcomes).toMatchInlineSnapshot(`
      [
        "o x y = quiet",
        "x o y = quiet",
        "x y o = quiet",
      ]
    `);
  });

  test('a message with no latency waits for those before it', () => {
    const outcomes = outcomesOf((sim) => {
      const line = sim.line<string>('a→b', (message) => sim.emit(message));
      line.send('slow', 'data', 10);
      line.send('fast', 'data', 0);
      line.send('last', 'data', 0);
    });
    expect(outcomes).toEqual(['slow fast last = quiet']);
  });

  test('a message that never comes holds back all behind it', () => {
    const story = play((sim) => {
      const line = sim.line<string>('a→b', (message) => sim.emit(message));
      line.send('lost', 'data', between(0, Infinity));
      line.send('behind', 'data', 5);
    });
    expect(story).toMatchInlineSnapshot(`"= quiet, at 0"`);
  });

  test('what arrives can be answered: deliver may send', () => {
    const story = play((sim) => {
      const back = sim.line<string>('b→a', (message) => sim.emit('gets', message, 'a'));
      const there = sim.line<string>('a→b', (message) => back.send(`re: ${message}`, 'answer', 5));
      there.send('hello', 'question', 10);
    });
    expect(story).toMatchInlineSnapshot(`
      "15 a: gets "re: hello"
      = quiet, at 15"
    `);
  });

  test('order holds for any latencies, lengths beyond 2^31 ticks included (seed 1)', () => {
    const huge = 2 ** 31;
    const length = fc.oneof(fc.nat(20), fc.integer({ min: huge - 5, max: huge + 5 }), fc.nat(4 * huge));
    const message = fc.record({ pause: fc.oneof(fc.constant(0), length), latency: length });
    const property = fc.property(fc.array(message, { minLength: 2, maxLength: 6 }), (messages) => {
      const subject = toy((sim) => {
        const line = sim.line<number>('a→b', (index) => sim.emit(String(index)));
        sim.spawn('a', function* () {
          for (const [index, { pause, latency }] of messages.entries()) {
            if (pause > 0) yield* sim.sleep(pause);
            line.send(index, 'data', latency);
          }
        });
      });
      const inOrder = messages.map((_, index) => index).join(' ');
      for (const run of everyRun(subject)) {
        expect(eventsOf(run)).toBe(inOrder);
        let [now, last] = [0, 0];
        const arrivals = messages.map(({ pause, latency }) => {
          now += pause;
          last = Math.max(now + latency, last);
          return last;
        });
        expect(run.trace.map((event) => event.at)).toEqual(arrivals);
      }
    });
    fc.assert(property, { seed: 1, numRuns: 300 });
  });

  test('an elder whose long wait is split in two does not fall behind a younger one', () => {
    const run = runOf((sim) => {
      const line = sim.line<string>('a→b', (message) => sim.emit(message));
      sim.spawn('a', function* () {
        line.send('elder', 'data', 2 ** 31 + 1000);
        yield* sim.sleep(2000);
        line.send('younger', 'data', 10);
      });
    });
    expect(eventsOf(run)).toBe('elder younger');
  });

  test('lengths are drawn inside the bounds given with each message', () => {
    const asked: Bounds[] = [between(3, 9, 'both'), between(0, 1, 'max'), between(7, Infinity)];
    const run = runOf((sim) => {
      asked.forEach((bounds, index) => {
        sim.line<string>(`line ${index}`, () => sim.emit(`${index}`)).send('m', 'data', bounds);
      });
    });
    expect(run.trace.map(({ at, name }) => [at, name])).toEqual([
      [0, '1'],
      [4, '0'],
    ]);
  });
});
