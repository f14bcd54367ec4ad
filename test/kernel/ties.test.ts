import { describe, expect, test } from 'vitest';
import { between } from '../../src/kernel/bounds.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import { outcomesOf, play } from '../support/toy.ts';

/** A timer that says its name when it fires. */
function alarm(sim: Sim, name: string, length: number): void {
  sim.deadline(name, length).onFire = () => sim.emit(name);
}

const PERMUTATIONS = ['a b c', 'a c b', 'b a c', 'b c a', 'c a b', 'c b a'].map((each) => `${each} = quiet`);

describe('ties are decisions', () => {
  test('two timers that are due at the same instant: either way, by a decision', () => {
    const build = (sim: Sim) => {
      alarm(sim, 'a', 10);
      alarm(sim, 'b', 10);
    };
    expect(play(build)).toMatchInlineSnapshot(`
      "10 a
      10 b
      = quiet, at 10"
    `);
    expect(play(build, { 'tie: instead of a #1': 'b' })).toMatchInlineSnapshot(`
      "10 b
      10 a
      = quiet, at 10
      ? tie: instead of a #1 = b, at 10"
    `);
  });

  test('one tick apart there is no tie', () => {
    const outcomes = outcomesOf((sim) => {
      alarm(sim, 'a', 10);
      alarm(sim, 'b', 11);
    });
    expect(outcomes).toEqual(['a b = quiet']);
  });

  test('every order of three timers can be', () => {
    expect(outcomesOf((sim) => ['a', 'b', 'c'].forEach((name) => void alarm(sim, name, 10)))).toEqual(PERMUTATIONS);
  });

  test('every order of three timers armed at different times can be', () => {
    const outcomes = outcomesOf((sim) => {
      sim.spawn('late', function* () {
        yield* sim.sleep(5);
        alarm(sim, 'c', 5);
        yield* sim.sleep(1);
        alarm(sim, 'b', 4);
      });
      alarm(sim, 'a', 10);
    });
    expect(outcomes).toEqual(PERMUTATIONS);
  });

  test('every order of three processes that are ready can be', () => {
    const outcomes = outcomesOf((sim) => {
      for (const name of ['a', 'b', 'c']) {
        // biome-ignore lint/correctness/useYield: a goroutine that never blocks
        sim.spawn(name, function* () {
          sim.emit(name);
        });
      }
    });
    expect(outcomes).toEqual(PERMUTATIONS);
  });

  test('a process that was woken may go before or after what else is due', () => {
    const outcomes = outcomesOf((sim) => {
      sim.spawn('a', function* () {
        yield* sim.sleep(10);
        sim.emit('a');
      });
      alarm(sim, 'b', 10);
      alarm(sim, 'c', 10);
    });
    expect(outcomes).toEqual(PERMUTATIONS);
  });

  test('a timer of no length joins the tie at the instant at which it is armed', () => {
    const outcomes = outcomesOf((sim) => {
      sim.spawn('a', function* () {
        yield* sim.sleep(10);
        alarm(sim, 'now', 0);
        yield* sim.yield();
        sim.emit('a');
      });
      alarm(sim, 'b', 10);
    });
    expect(outcomes).toMatchInlineSnapshot(`
      [
        "a b now = quiet",
        "a now b = quiet",
        "b a now = quiet",
        "b now a = quiet",
        "now a b = quiet",
        "now b a = quiet",
      ]
    `);
  });

  test('at the very start too', () => {
    const outcomes = outcomesOf((sim) => {
      alarm(sim, 'a', 0);
      // biome-ignore lint/correctness/useYield: a goroutine that never blocks
      sim.spawn('b', function* () {
        sim.emit('b');
      });
      alarm(sim, 'c', 0);
    });
    expect(outcomes).toEqual(PERMUTATIONS);
  });

  test('a process cannot overtake itself', () => {
    const outcomes = outcomesOf((sim) => {
      sim.spawn('a', function* () {
        for (const name of ['1', '2', '3']) {
          sim.emit(name);
          yield* sim.yield();
        }
      });
    });
    expect(outcomes).toEqual(['1 2 3 = quiet']);
  });

  test('several timers of one name in one tie can each be told apart', () => {
    const build = (sim: Sim) => {
      for (const event of ['first', 'second', 'third']) {
        sim.deadline('deadline', 10).onFire = () => sim.emit(event);
      }
    };
    expect(outcomesOf(build)).toHaveLength(6);
    expect(play(build, { 'tie: instead of deadline #1': 'deadline (3)' })).toMatchInlineSnapshot(`
      "10 third
      10 first
      10 second
      = quiet, at 10
      ? tie: instead of deadline #1 = deadline (3), at 10"
    `);
  });
});

describe('names of decisions', () => {
  test('a tie is named after what goes first by default now, not after what its timer stood for before', () => {
    const story = play(
      (sim) => {
        const line = sim.line<string>('a→b', (message) => sim.emit(message));
        sim.spawn('a', function* () {
          for (const label of ['ping', 'pong', 'ping']) {
            line.send(label, label, 5);
            sim.deadline('rival', 5).onFire = () => sim.emit('rival');
            yield* sim.sleep(10);
          }
        });
      },
      { 'tie: instead of a→b ping #2': 'rival', 'tie: instead of a→b pong #1': 'rival' },
    );
    expect(story).toMatchInlineSnapshot(`
      "5 ping
      5 rival
      15 rival
      15 pong
      25 rival
      25 ping
      = quiet, at 30
      ? tie: instead of a→b pong #1 = rival, at 15
      ? tie: instead of a→b ping #2 = rival, at 25"
    `);
  });

  test('say what is decided, and are numbered by how often it was asked', () => {
    const story = play(
      (sim) => {
        const part = sim.scope('attach 1');
        const line = part.line<string>('client→runner', (message) => sim.emit('arrives', message));
        part.spawn('client', function* () {
          for (let round = 0; round < 2; round++) {
            line.send('ping', 'ping', between(1, 9));
            yield* part.sleep(between(10, 20), 'thinks');
            sim.emit('mood', part.choose('mood', ['good', 'bad']));
            sim.emit('link', part.chooseFault('link', ['up', 'down']));
          }
        });
      },
      {
        'attach 1 client→runner ping latency #2': 9,
        'attach 1 client thinks #1': 20,
        'attach 1 mood #2': 'bad',
        'attach 1 link #1': 'down',
      },
    );
    expect(story).toMatchInlineSnapshot(`
      "1 arrives "ping"
      20 attach 1 client: mood "good"
      20 attach 1 client: link "down"
      29 arrives "ping"
      30 attach 1 client: mood "bad"
      30 attach 1 client: link "up"
      = quiet, at 30
      ? attach 1 client thinks #1 = 20, at 0
      ? attach 1 link #1 = down, at 20
      ? attach 1 client→runner ping latency #2 = 9, at 20
      ? attach 1 mood #2 = bad, at 30"
    `);
  });

  test('a schedule keeps its meaning when the model is edited elsewhere', () => {
    const pair = (sim: Sim) => {
      for (const name of ['a', 'b']) {
        sim.spawn(name, function* () {
          for (const length of [10, 7]) {
            yield* sim.sleep(between(length, 50));
            sim.emit('wakes');
            sim.emit('mood', sim.choose(`${name} mood`, ['good', 'bad']));
          }
        });
      }
    };
    const newcomer = (sim: Sim) => {
      sim.spawn('newcomer', function* () {
        for (let round = 0; round < 4; round++) {
          yield* sim.sleep(between(3, 4));
          sim.choose('newcomer mood', ['good', 'bad']);
        }
      });
    };
    const decided = { 'tie: instead of a sleep #1': 'b sleep', 'a sleep #2': 30, 'b sleep #2': 30, 'b mood #2': 'bad' };
    const alone = play(pair, decided);
    expect(alone).toMatchInlineSnapshot(`
      "10 b: wakes
      10 b: mood "good"
      10 a: wakes
      10 a: mood "good"
      40 b: wakes
      40 b: mood "bad"
      40 a: wakes
      40 a: mood "good"
      = quiet, at 40
      ? tie: instead of a sleep #1 = b sleep, at 10
      ? b sleep #2 = 30, at 10
      ? a sleep #2 = 30, at 10
      ? b mood #2 = bad, at 40"
    `);
    const edited = [
      (sim: Sim) => {
        newcomer(sim);
        pair(sim);
      },
      (sim: Sim) => {
        pair(sim);
        newcomer(sim);
      },
    ].map((build) => play(build, decided));
    expect(edited).toEqual([alone, alone]);
  });

  test('one name cannot stand for two sorts of decisions', () => {
    const story = play((sim) => {
      sim.spawn('a', function* () {
        yield* sim.sleep(between(1, 2));
        sim.choose('a sleep', ['x', 'y']);
      });
    });
    expect(story).toMatchInlineSnapshot(`
      "= duplicate-name, at 1
      ! duplicate-name, at 1: two sorts of decisions are called a sleep"
    `);
  });
});
