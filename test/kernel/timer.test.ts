import { describe, expect, test } from 'vitest';
import { between } from '../../src/kernel/bounds.ts';
import { loop } from '../../src/kernel/loop.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Timer } from '../../src/kernel/timer.ts';
import { outcomesOf, play } from '../support/toy.ts';

/** A process that does one thing after the other, each at its time since the start. */
function script(sim: Sim, name: string, steps: Readonly<Record<number, () => void>>): void {
  sim.spawn(name, function* () {
    let now = 0;
    for (const [at, step] of Object.entries(steps)) {
      yield* sim.sleep(Number(at) - now);
      now = Number(at);
      step();
    }
  });
}

function announce(sim: Sim, timer: Timer): Timer {
  timer.onFire = () => sim.emit('fires', undefined, timer.name);
  return timer;
}

describe('timers', () => {
  test('fire once, and are expired until they are armed again', () => {
    const story = play((sim) => {
      const timer = announce(sim, sim.timer('t'));
      const look = () => sim.emit('t is', { pending: timer.pending, expired: timer.expired });
      script(sim, 'user', {
        1: () => {
          look();
          timer.arm(10);
          look();
        },
        12: look,
        20: () => {
          timer.arm(5);
          look();
        },
        30: look,
      });
    });
    expect(story).toMatchInlineSnapshot(`
      "1 user: t is {"pending":false,"expired":false}
      1 user: t is {"pending":true,"expired":false}
      11 t: fires
      12 user: t is {"pending":false,"expired":true}
      20 user: t is {"pending":true,"expired":false}
      25 t: fires
      30 user: t is {"pending":false,"expired":true}
      = quiet, at 30"
    `);
  });

  test('a stopped timer does not fire; stopping it again, or one that has fired, is harmless', () => {
    const story = play((sim) => {
      const timer = announce(sim, sim.timer('t'));
      const look = () => sim.emit('t is', { pending: timer.pending, expired: timer.expired });
      script(sim, 'user', {
        0: () => timer.arm(10),
        9: () => {
          timer.stop();
          timer.stop();
          look();
        },
        20: () => timer.arm(3),
        25: () => {
          timer.stop();
          look();
        },
      });
    });
    expect(story).toMatchInlineSnapshot(`
      "9 user: t is {"pending":false,"expired":false}
      23 t: fires
      25 user: t is {"pending":false,"expired":true}
      = quiet, at 25"
    `);
  });

  test('arming again replaces: the last call wins, whether it is earlier or later', () => {
    const story = play((sim) => {
      const later = announce(sim, sim.timer('later'));
      const earlier = announce(sim, sim.timer('earlier'));
      script(sim, 'user', {
        0: () => {
          later.arm(10);
          earlier.arm(10);
        },
        5: () => {
          later.arm(10);
          earlier.arm(1);
        },
      });
    });
    expect(story).toMatchInlineSnapshot(`
      "6 earlier: fires
      15 later: fires
      = quiet, at 15"
    `);
  });

  test('a timer that is stopped at the very instant at which it is due: either is possible', () => {
    const build = (sim: Sim) => {
      const timer = announce(sim, sim.timer('t'));
      timer.arm(10);
      script(sim, 'user', { 10: () => timer.stop() });
    };
    expect(outcomesOf(build)).toMatchInlineSnapshot(`
      [
        "= quiet",
        "fires = quiet",
      ]
    `);
  });

  test('all that wait are woken, first the one that came first; a passed deadline lets through at once', () => {
    const story = play((sim) => {
      const deadline = sim.deadline('deadline', 10);
      for (const name of ['a', 'b']) {
        sim.spawn(name, function* () {
          yield* deadline.wait();
          sim.emit('passes');
        });
      }
      sim.spawn('late', function* () {
        yield* sim.sleep(20);
        yield* deadline.wait();
        yield* deadline.wait();
        sim.emit('passes', { expired: deadline.expired });
      });
    });
    expect(story).toMatchInlineSnapshot(`
      "10 a: passes
      10 b: passes
      20 late: passes {"expired":true}
      = quiet, at 20"
    `);
  });

  test('a deadline in the past has passed at this instant, but not before others had their turn', () => {
    const build = (sim: Sim) => {
      sim.spawn('a', function* () {
        const deadline = sim.deadline('deadline', 0);
        sim.emit(deadline.expired ? 'passed' : 'not-yet');
        yield* sim.yield();
        sim.emit(deadline.expired ? 'passed' : 'not-yet');
      });
    };
    expect(outcomesOf(build)).toMatchInlineSnapshot(`
      [
        "not-yet not-yet = quiet",
        "not-yet passed = quiet",
      ]
    `);
  });

  test('a length that is not fixed is decided when the timer is armed', () => {
    const build = (sim: Sim) => {
      const timer = announce(sim, sim.timer('t'));
      timer.arm(between(5, 10));
    };
    expect(play(build)).toMatchInlineSnapshot(`
      "5 t: fires
      = quiet, at 5"
    `);
    expect(play(build, { 't #1': 7 })).toMatchInlineSnapshot(`
      "7 t: fires
      = quiet, at 7
      ? t #1 = 7, at 0"
    `);
    expect(play(build, { 't #1': '9ms' })).toMatchInlineSnapshot(`
      "9 t: fires
      = quiet, at 9
      ? t #1 = 9, at 0"
    `);
  });

  test('the moment of a fault is never, unless the schedule says when', () => {
    const build = (sim: Sim) => announce(sim, sim.faultMoment('dies'));
    expect(play(build)).toMatchInlineSnapshot(`"= quiet, at 0"`);
    expect(play(build, { 'dies #1': 12 })).toMatchInlineSnapshot(`
      "12 dies: fires
      = quiet, at 12
      ? dies #1 = 12, at 0"
    `);
    expect(play(build, { 'dies #1': 0 })).toMatchInlineSnapshot(`
      "0 dies: fires
      = quiet, at 0
      ? dies #1 = 0, at 0"
    `);
  });
});

describe('tickers', () => {
  test('rule 19: a late receiver gets exactly one kept tick, at once, and the period does not drift', () => {
    const story = play((sim) => {
      const ticker = sim.ticker('ticker', 10);
      sim.spawn('receiver', function* () {
        for (const busy of [0, 34, 0, 0]) {
          yield* sim.sleep(busy);
          yield* ticker.wait();
          sim.emit('tick');
        }
        ticker.stop();
      });
    });
    expect(story).toMatchInlineSnapshot(`
      "10 receiver: tick
      44 receiver: tick
      50 receiver: tick
      60 receiver: tick
      = quiet, at 60"
    `);
  });

  test('stop: no more ticks, but the kept one can still be received, once', () => {
    const story = play((sim) => {
      const ticker = sim.ticker('ticker', 10);
      sim.spawn('receiver', function* () {
        yield* sim.sleep(15);
        ticker.stop();
        ticker.stop();
        yield* ticker.wait();
        sim.emit('the kept tick');
        yield* ticker.wait();
        sim.emit('one too many');
      });
    });
    expect(story).toMatchInlineSnapshot(`
      "15 receiver: the kept tick
      = deadlock, at 15
      ! deadlock, at 15: nothing can happen any more, but receiver waits for ticker"
    `);
  });

  test('each tick goes to one receiver, the one that came first', () => {
    const story = play((sim) => {
      const ticker = sim.ticker('ticker', 10);
      for (const name of ['a', 'b']) {
        sim.spawn(name, function* () {
          yield* ticker.wait();
          sim.emit('tick');
          if (name === 'b') ticker.stop();
        });
      }
    });
    expect(story).toMatchInlineSnapshot(`
      "10 a: tick
      20 b: tick
      = quiet, at 20"
    `);
  });

  test('a period within bounds is decided tick by tick', () => {
    const story = play(
      (sim) => {
        const ticker = sim.ticker('ticker', between(10, 20));
        sim.spawn('receiver', function* () {
          for (let round = 0; round < 3; round++) {
            yield* ticker.wait();
            sim.emit('tick');
          }
          ticker.stop();
        });
      },
      { 'ticker #2': 20 },
    );
    expect(story).toMatchInlineSnapshot(`
      "10 receiver: tick
      30 receiver: tick
      40 receiver: tick
      = quiet, at 40
      ? ticker #2 = 20, at 10"
    `);
  });

  describe('that may come late', () => {
    const build = (sim: Sim) => {
      const ticker = sim.ticker('ticker', 10, between(0, 15));
      sim.spawn('receiver', function* () {
        for (let i = 0; i < 3; i++) {
          yield* ticker.wait();
          sim.emit('tick');
        }
        ticker.stop();
      });
    };

    test('come in time unless the schedule says so', () => {
      expect(play(build)).toMatchInlineSnapshot(`
        "10 receiver: tick
        20 receiver: tick
        30 receiver: tick
        = quiet, at 30"
      `);
    });

    test('do not drift: a late one says nothing about the next', () => {
      expect(play(build, { 'ticker late #1': 7 })).toMatchInlineSnapshot(`
        "17 receiver: tick
        20 receiver: tick
        30 receiver: tick
        = quiet, at 30
        ? ticker late #1 = 7, at 10"
      `);
    });

    test('one that is still to come when the next is due stands for both', () => {
      expect(play(build, { 'ticker late #1': 15 })).toMatchInlineSnapshot(`
        "25 receiver: tick
        30 receiver: tick
        40 receiver: tick
        = quiet, at 40
        ? ticker late #1 = 15, at 10"
      `);
    });

    test('never later than the bound', () => {
      expect(play(build, { 'ticker late #1': 16 })).toContain('is not a length');
    });

    test('none comes once the ticker is stopped', () => {
      const story = play(
        (sim) => {
          const ticker = sim.ticker('ticker', 10, between(0, 5));
          sim.spawn('stopper', function* () {
            yield* sim.sleep(12);
            ticker.stop();
          });
          sim.spawn('receiver', () => ticker.wait(), { daemon: true });
        },
        { 'ticker late #1': 5 },
      );
      expect(story).toMatchInlineSnapshot(`
        "= quiet, at 12
        ? ticker late #1 = 5, at 10"
      `);
    });
  });

  test('a tick that falls due while its receiver stops the ticker may still be kept', () => {
    const build = (sim: Sim) => {
      const ticker = sim.ticker('ticker', 10);
      sim.spawn('a', function* () {
        yield* sim.sleep(10);
        ticker.stop();
        sim.emit(ticker.isReady() ? 'kept' : 'none');
      });
    };
    expect(outcomesOf(build)).toMatchInlineSnapshot(`
      [
        "kept = quiet",
        "none = quiet",
      ]
    `);
  });

  test('a receiver that works for longer than a period sees the grid, not its own pace', () => {
    const story = play(
      (sim) => {
        const ticker = sim.ticker('ticker', 10);
        sim.spawn('receiver', () =>
          loop(function* () {
            yield* ticker.wait();
            sim.emit('tick');
            yield* sim.sleep(14);
            return undefined;
          }),
        );
      },
      {},
      { limits: { horizon: 62 } },
    );
    expect(story).toMatchInlineSnapshot(`
      "10 receiver: tick
      24 receiver: tick
      38 receiver: tick
      52 receiver: tick
      = horizon, at 62"
    `);
  });
});
