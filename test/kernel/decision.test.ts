import { describe, expect, test } from 'vitest';
import { record, type Subject } from '../../src/engine/run.ts';
import { between } from '../../src/kernel/bounds.ts';
import { defaultDelay, type Strategy } from '../../src/kernel/decision.ts';
import { InternalError } from '../../src/kernel/errors.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import { outcomesOf, play, toy } from '../support/toy.ts';

const HONEST: Strategy = {
  delay: (_site, least, greatest) => defaultDelay(least, greatest),
  order: () => 0,
  choice: () => 0,
};

function everything(sim: Sim): void {
  sim.deadline('a', between(5, 10));
  sim.deadline('b', 5).onFire = () => sim.emit('mood', sim.choose('mood', ['good', 'bad']));
}

describe('the door', () => {
  test.each<[answer: string, strategy: Partial<Strategy>, message: string]>([
    ['a length below the bounds', { delay: () => 4 }, 'a #1: 4 is not a length in [5, 10]'],
    ['a length above the bounds', { delay: () => 11 }, 'a #1: 11 is not a length in [5, 10]'],
    ['never, where there is an end', { delay: () => Infinity }, 'a #1: Infinity is not a length in [5, 10]'],
    ['half a tick', { delay: () => 5.5 }, 'a #1: 5.5 is not a length in [5, 10]'],
    ['no number', { delay: () => Number.NaN }, 'a #1: NaN is not a length in [5, 10]'],
    ['an order beyond the last', { order: () => 2 }, 'tie: instead of a #1: 2 is not one of 2 options'],
    ['an order before the first', { order: () => -1 }, 'tie: instead of a #1: -1 is not one of 2 options'],
    ['a choice beyond the last', { choice: () => 2 }, 'mood #1: 2 is not one of 2 options'],
    ['half a choice', { choice: () => 0.5 }, 'mood #1: 0.5 is not one of 2 options'],
  ])('refuses %s, loudly: that is no bug of the model', (_answer, strategy, message) => {
    const subject = toy(everything);
    expect(record(subject, () => HONEST).end).toEqual({ why: 'quiet' });
    expect(() => record(subject, () => ({ ...HONEST, ...strategy }))).toThrow(new InternalError(message));
  });

  test('remembers what was not the default, with what was possible, and nothing else', () => {
    const run = record(toy(everything), () => ({ ...HONEST, delay: () => 7, choice: () => 1 }));
    expect(run.decisions).toMatchInlineSnapshot(`
      [
        {
          "at": 0,
          "fault": false,
          "greatest": 10,
          "kind": "delay",
          "least": 5,
          "name": "a #1",
          "value": 7,
        },
        {
          "at": 5,
          "fault": false,
          "kind": "choice",
          "name": "mood #1",
          "value": "bad",
        },
      ]
    `);
    expect(record(toy(everything), () => HONEST).decisions).toEqual([]);
  });

  test('is not asked about what is fixed', () => {
    const asked: string[] = [];
    record(
      toy((sim) => {
        sim.deadline('fixed', 5);
        sim.deadline('fixed too', between(7, 7));
        sim.deadline('free', between(7, 8));
        sim.choose('one', ['only']);
      }),
      () => ({
        ...HONEST,
        delay: (site, least) => {
          asked.push(site.name);
          return least;
        },
      }),
    );
    expect(asked).toEqual(['free']);
  });
});

describe('choices', () => {
  test('each option can be; the first is the default', () => {
    const build = (sim: Sim) => {
      sim.emit(sim.choose('mood', ['good', 'bad', 'ugly']));
      sim.emit(sim.chooseFault('link', ['up', 'down']));
    };
    expect(play(build)).toMatchInlineSnapshot(`
      "0 good
      0 up
      = quiet, at 0"
    `);
    expect(outcomesOf(build)).toMatchInlineSnapshot(`
      [
        "bad down = quiet",
        "bad up = quiet",
        "good down = quiet",
        "good up = quiet",
        "ugly down = quiet",
        "ugly up = quiet",
      ]
    `);
  });

  test('only a fault is marked as one', () => {
    const run = record(
      toy((sim) => {
        sim.choose('mood', ['good', 'bad']);
        sim.chooseFault('link', ['up', 'down']);
        sim.faultMoment('dies');
        sim.deadline('free', between(1, 2));
      }),
      () => ({ ...HONEST, choice: () => 1, delay: (_site, least) => least + 1 }),
    );
    expect(run.decisions.map(({ name, fault }) => [name, fault])).toEqual([
      ['mood #1', false],
      ['link #1', true],
      ['dies #1', true],
      ['free #1', false],
    ]);
  });
});

describe('cells and events', () => {
  test('a cell holds what was last put into it', () => {
    const story = play((sim) => {
      const cell = sim.cell<{ open: boolean }>('state', { open: true });
      sim.emit('before', cell.get());
      cell.set({ open: false });
      sim.emit('after', cell.get());
    });
    expect(story).toMatchInlineSnapshot(`
      "0 before {"open":true}
      0 after {"open":false}
      = quiet, at 0"
    `);
  });

  test('an event without data has none', () => {
    const run = record(
      toy((sim) => [sim.emit('bare'), sim.emit('null', null)]),
      () => HONEST,
    );
    expect(run.trace).toEqual([
      { at: 0, lane: '', name: 'bare' },
      { at: 0, lane: '', name: 'null', data: null },
    ]);
  });
});

describe('the sites of a model', () => {
  const asked = (subject: Subject, during?: () => void) => {
    const counts: number[] = [];
    record(subject, () => ({
      ...HONEST,
      delay: (site, least) => {
        during?.();
        counts.push(site.asked);
        expect(site.note).toBeUndefined();
        site.note = 'known';
        return least;
      },
    }));
    return counts;
  };

  test('are as good as new for the next run', () => {
    const subject = toy((sim) => void sim.deadline('a', between(5, 10)));
    expect([asked(subject), asked(subject)]).toEqual([[1], [1]]);
  });

  test('are nobody else’s while a run has them, even where it is run inside another one', () => {
    const subject = toy((sim) => void sim.deadline('a', between(5, 10)));
    const inner: number[][] = [];
    expect(asked(subject, () => inner.push(asked(subject)))).toEqual([1]);
    expect(inner).toEqual([[1]]);
  });

  test('can be of another sort in another run, but not in the same one', () => {
    const subject = toy((sim) => {
      const isOdd = sim.choose('parity', ['even', 'odd']) === 'odd';
      if (isOdd) sim.choose('a', ['x', 'y']);
      else sim.deadline('a', between(5, 10));
      sim.emit(isOdd ? 'odd' : 'even');
    });
    const ends = [0, 1, 0, 1].map((parity) => {
      const run = record(subject, () => ({ ...HONEST, choice: (site) => (site.name === 'parity' ? parity : 0) }));
      return [run.trace[0]?.name, run.end.why];
    });
    expect(ends).toEqual([
      ['even', 'quiet'],
      ['odd', 'quiet'],
      ['even', 'quiet'],
      ['odd', 'quiet'],
    ]);
  });
});
