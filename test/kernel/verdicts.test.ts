import { describe, expect, test } from 'vitest';
import { between } from '../../src/kernel/bounds.ts';
import type { Channel } from '../../src/kernel/channel.ts';
import type { Latch } from '../../src/kernel/latch.ts';
import { BREAK, loop, type Round } from '../../src/kernel/loop.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { LOOP_HEAD, Proc } from '../../src/kernel/waitable.ts';
import { play } from '../support/toy.ts';

function* nap(sim: Sim, length: number): Round {
  yield* sim.sleep(length);
  return undefined;
}

// biome-ignore lint/correctness/useYield: a round that never blocks
function* spin(): Round {
  return undefined;
}

const FEW = { limits: { steps: 100, stepsAtOneInstant: 20 } };

describe('a bug in a model is a verdict of its run', () => {
  test('an exception in a process', () => {
    const story = play((sim) => {
      sim.spawn('a', function* () {
        yield* sim.sleep(5);
        throw new TypeError('x is not a function');
      });
    });
    expect(story).toMatchInlineSnapshot(`
      "= exception, at 5
      ! exception, at 5: a threw: x is not a function"
    `);
  });

  test('an exception in a callback names the timer that called it', () => {
    const story = play((sim) => {
      sim.spawn('bystander', () => sim.sleep(1));
      sim
        .line('a→b', () => {
          throw new Error('cannot read this');
        })
        .send('x', 'data', 5);
    });
    expect(story).toMatchInlineSnapshot(`
      "= exception, at 5
      ! exception, at 5: a→b data threw: cannot read this"
    `);
  });

  test('an exception while the model is built', () => {
    const story = play(() => {
      throw 'no reason';
    });
    expect(story).toMatchInlineSnapshot(`
      "= exception, at 0
      ! exception, at 0: the build threw: no reason"
    `);
  });

  test('impossible bounds', () => {
    const story = play((sim) => {
      sim.spawn('a', () => sim.sleep(between(1, 2, 'both')));
    });
    expect(story).toMatchInlineSnapshot(`
      "= bad-bounds, at 0
      ! bad-bounds, at 0: a: no whole tick lies strictly between 1 and 2: choose a smaller tick"
    `);
    const tooLong = play((sim) => {
      sim.deadline('ages', Number.MAX_SAFE_INTEGER);
      sim.spawn('a', function* () {
        yield* sim.sleep(1);
        sim.deadline('more than ages', Number.MAX_SAFE_INTEGER);
      });
    });
    expect(tooLong).toMatchInlineSnapshot(`
      "= bad-bounds, at 1
      ! bad-bounds, at 1: more than ages: 9007199254740991 ticks is too long"
    `);
  });

  test.each<[what: string, body: (sim: Sim) => Generator<unknown, void, unknown>]>([
    [
      'a generator, for want of the star of yield*',
      function* (sim) {
        const lock = sim.mutex('mu').lock();
        yield lock;
      },
    ],
    [
      'something that can be waited for',
      function* (sim) {
        yield sim.latch('latch');
      },
    ],
    [
      'nothing',
      function* () {
        yield;
      },
    ],
    [
      "a symbol that only looks like the kernel's",
      function* () {
        yield Symbol('halfopen blocked');
      },
    ],
  ])('a process that yields %s', (_what, body) => {
    const story = play((sim) => {
      sim.spawn('bystander', () => sim.sleep(50));
      sim.spawn('a', function* () {
        yield* sim.sleep(5);
        yield* body(sim) as Proc;
        sim.emit('goes on');
      });
    });
    expect(story).toBe(
      '= exception, at 5\n! exception, at 5: a yields a value of its own: write yield* before what can block',
    );
  });

  test('a process that yields the symbols of another copy of the kernel is understood', () => {
    const story = play((sim) => {
      const latch = sim.latch('latch');
      sim.deadline('d', 5).onFire = () => latch.fire();
      sim.spawn('a', function* () {
        yield Symbol.for('halfopen loop head') as typeof LOOP_HEAD;
        yield* latch.wait();
        sim.emit('goes on');
      });
    });
    expect(story).toMatchInlineSnapshot(`
      "5 a: goes on
      = quiet, at 5"
    `);
  });

  test('a callback that blocks', () => {
    const story = play((sim) => {
      const mutex = sim.mutex('mu');
      sim.deadline('d', 5).onFire = () => void mutex.lock().next();
    });
    expect(story).toMatchInlineSnapshot(`
      "= blocked-outside-process, at 5
      ! blocked-outside-process, at 5: only a process can block, lock or select; a callback cannot"
    `);
  });

  test('a callback that would block, were it not ready', () => {
    const story = play((sim) => {
      const latch = sim.latch('latch');
      latch.fire();
      sim.deadline('d', 5).onFire = () => void latch.wait().next();
    });
    expect(story).toMatchInlineSnapshot(`
      "= blocked-outside-process, at 5
      ! blocked-outside-process, at 5: only a process can block, lock or select; a callback cannot"
    `);
  });

  test('two processes of one name', () => {
    const story = play((sim) => {
      sim.scope('x').spawn('a', () => sim.sleep(1));
      sim.spawn('x a', () => sim.sleep(1));
    });
    expect(story).toMatchInlineSnapshot(`
      "= duplicate-name, at 0
      ! duplicate-name, at 0: two processes are called x a"
    `);
  });
});

describe('deadlock', () => {
  test('names who waits for what', () => {
    const story = play((sim) => {
      const [left, right] = [sim.mutex('left'), sim.mutex('right')];
      const channel = sim.channel<string>('ch', 0);
      sim.spawn('a', function* () {
        yield* left.lock();
        yield* sim.sleep(1);
        yield* right.lock();
      });
      sim.spawn('b', function* () {
        yield* right.lock();
        yield* sim.sleep(1);
        yield* left.lock();
      });
      sim.spawn('c', () => sim.select({ got: channel.receive, done: sim.context('ctx').done }));
      sim.spawn('d', () => sim.timer('unarmed').wait());
    });
    expect(story).toMatchInlineSnapshot(`
      "1 a: waits for right {"heldBy":"b"}
      1 b: waits for left {"heldBy":"a"}
      = deadlock, at 1
      ! deadlock, at 1: nothing can happen any more, but a waits for right; b waits for left; c waits for receive from ch or ctx done; d waits for unarmed"
    `);
  });

  test('is not one while a timer may still fire, be it only by a fault', () => {
    const build = (at: number | string) =>
      play(
        (sim) => {
          const latch = sim.latch('latch');
          sim.faultMoment('fault').onFire = () => latch.fire();
          sim.spawn('a', () => latch.wait());
        },
        { 'fault #1': at },
      );
    expect(build(7)).toMatchInlineSnapshot(`
      "= quiet, at 7
      ? fault #1 = 7, at 0"
    `);
    expect(build('never')).toMatchInlineSnapshot(`
      "= deadlock, at 0
      ! deadlock, at 0: nothing can happen any more, but a waits for latch"
    `);
  });

  test('a daemon may wait for ever, and so may what is frozen', () => {
    const story = play((sim) => {
      const latch = sim.latch('latch');
      sim.spawn('daemon', () => latch.wait(), { daemon: true });
      const frozen = sim.spawn('frozen', () => latch.wait());
      sim.deadline('d', 1).onFire = () => frozen.freeze();
    });
    expect(story).toMatchInlineSnapshot(`"= quiet, at 1"`);
  });
});

describe('limits', () => {
  test('zeno: a loop that never blocks', () => {
    const story = play(
      (sim) => {
        sim.spawn('bystander', () => sim.sleep(50));
        sim.spawn('spinner', () => loop(spin));
      },
      {},
      FEW,
    );
    expect(story).toMatchInlineSnapshot(`
      "= zeno, at 0
      ! zeno, at 0: more than 20 steps without time passing; last to run: spinner"
    `);
  });

  test('zeno: endless sleeps of no length', () => {
    const story = play(
      (sim) => {
        sim.spawn('spinner', function* () {
          yield* sim.sleep(5);
          yield* loop(() => nap(sim, 0));
        });
      },
      {},
      FEW,
    );
    expect(story).toMatchInlineSnapshot(`
      "= zeno, at 5
      ! zeno, at 5: more than 20 steps without time passing; last to run: spinner"
    `);
  });

  test('zeno: a ticker of no period', () => {
    const story = play((sim) => sim.ticker('ticker', 0), {}, FEW);
    expect(story).toMatchInlineSnapshot(`
      "= zeno, at 0
      ! zeno, at 0: more than 20 steps without time passing; last to run: ticker"
    `);
  });

  test('zeno: two that wake each other', () => {
    const story = play(
      (sim) => {
        const [there, back] = [sim.channel<null>('there', 0), sim.channel<null>('back', 0)];
        sim.spawn('ping', () =>
          loop(function* () {
            yield* there.send(null);
            yield* back.receive.wait();
            return undefined;
          }),
        );
        sim.spawn('pong', () =>
          loop(function* () {
            yield* there.receive.wait();
            yield* back.send(null);
            return undefined;
          }),
        );
      },
      {},
      FEW,
    );
    expect(story).toMatchInlineSnapshot(`
      "= zeno, at 0
      ! zeno, at 0: more than 20 steps without time passing; last to run: ping"
    `);
  });

  test.each<[what: string, once: (sim: Sim, ready: Latch, open: Channel<null>) => Proc<unknown>]>([
    ['a wait for what has come already', (_sim, ready) => ready.wait()],
    ['a receive from a closed channel', (_sim, _ready, open) => open.receive.wait()],
    ['a select of which a case is ready', (sim, ready) => sim.select({ ready, never: sim.latch('never') })],
    ['a select of which several cases are ready', (sim, ready, open) => sim.select({ ready, got: open.receive })],
    [
      'a lock and its unlock',
      function* (sim) {
        const mutex = sim.mutex('mu');
        yield* mutex.lock();
        mutex.unlock();
      },
    ],
  ])('zeno: without loop() too: %s, for ever', (_what, once) => {
    const spinning = (rounds: number) =>
      play(
        (sim) => {
          const ready = sim.latch('ready');
          const open = sim.channel<null>('open', 1);
          ready.fire();
          open.close();
          sim.spawn('spinner', function* () {
            yield* sim.sleep(5);
            for (let round = 0; round < rounds; round++) yield* once(sim, ready, open);
            sim.emit('done');
          });
        },
        {},
        FEW,
      );
    // One step is the timer, one the process, one the event.
    expect(spinning(17)).toBe('5 spinner: done\n= quiet, at 5');
    for (const rounds of [18, Infinity]) {
      expect(spinning(rounds)).toBe(
        '= zeno, at 5\n! zeno, at 5: more than 20 steps without time passing; last to run: spinner',
      );
    }
  });

  test('as many steps at one instant as allowed are no zeno, one more is', () => {
    const rounds = (count: number) =>
      play(
        (sim) => {
          let left = count;
          sim.spawn('a', () =>
            // biome-ignore lint/correctness/useYield: a round that never blocks
            loop(function* () {
              if (left-- === 0) return BREAK;
              return undefined;
            }),
          );
        },
        {},
        FEW,
      );
    expect(rounds(18)).toMatchInlineSnapshot(`"= quiet, at 0"`);
    expect(rounds(19)).toMatchInlineSnapshot(`
      "= zeno, at 0
      ! zeno, at 0: more than 20 steps without time passing; last to run: a"
    `);
  });

  test('step limit: a model that never ends, though time passes', () => {
    const story = play((sim) => void sim.spawn('a', () => loop(() => nap(sim, 1))), {}, FEW);
    expect(story).toMatchInlineSnapshot(`
      "= step-limit, at 33
      ! step-limit, at 33: more than 100 steps in one run; last to run: a"
    `);
  });

  test('horizon: what is due then still happens, what is due later does not', () => {
    const build = (horizon: number) =>
      play(
        (sim) => {
          sim.deadline('d', 10).onFire = () => {
            sim.emit('first');
            sim.deadline('e', 0).onFire = () => sim.emit('second');
          };
        },
        {},
        { limits: { horizon } },
      );
    expect(build(10)).toMatchInlineSnapshot(`
      "10 first
      10 second
      = quiet, at 10"
    `);
    expect(build(9)).toMatchInlineSnapshot(`"= horizon, at 9"`);
  });

  test('horizon: the run ends at it, however far off the next thing is', () => {
    const nextAt = (next: number, horizon: number) =>
      play(
        (sim) => {
          sim.deadline('first', 3).onFire = () => sim.emit('first');
          sim.deadline('next', next).onFire = () => sim.emit('next');
        },
        {},
        { limits: { horizon } },
      );
    for (const next of [8, 100, 2 ** 31, 2 ** 45]) expect(nextAt(next, 7)).toBe('3 first\n= horizon, at 7');
    expect(nextAt(2 ** 45, 2 ** 44 + 1)).toBe(`3 first\n= horizon, at ${2 ** 44 + 1}`);
    expect(nextAt(10, 0)).toBe('= horizon, at 0');
  });

  test('horizon: a run that has nothing more to do ends before it', () => {
    expect(play((sim) => sim.deadline('d', 3), {}, { limits: { horizon: 7 } })).toBe('= quiet, at 3');
  });
});

describe('ends without blame', () => {
  test('quiet: nothing is left to happen', () => {
    expect(play((sim) => sim.emit('built'))).toMatchInlineSnapshot(`
      "0 built
      = quiet, at 0"
    `);
  });

  test('finish: the run ends with the present step', () => {
    const story = play(
      (sim) => {
        sim.spawn('a', function* () {
          yield* sim.sleep(5);
          sim.finish();
          sim.emit('the rest of the step');
          yield* sim.yield();
          sim.emit('never');
        });
        sim.deadline('d', 5).onFire = () => sim.emit('never');
      },
      { 'tie: instead of d #1': 'a sleep' },
    );
    expect(story).toMatchInlineSnapshot(`
      "5 a: the rest of the step
      = finished, at 5
      ? tie: instead of d #1 = a sleep, at 5"
    `);
  });

  test('finish while it is built: nothing runs', () => {
    const story = play((sim) => {
      sim.spawn('a', () => sim.sleep(1));
      sim.finish();
    });
    expect(story).toMatchInlineSnapshot(`"= finished, at 0"`);
  });

  test('panic: the modelled program dies, at once', () => {
    const story = play((sim) => {
      sim.spawn('a', function* () {
        yield* sim.sleep(5);
        sim.panic('send on closed channel');
      });
      sim.spawn('b', () => sim.sleep(10));
    });
    expect(story).toMatchInlineSnapshot(`
      "5 a: panic {"reason":"send on closed channel"}
      = panic: send on closed channel, at 5
      ! panic, at 5: the modelled program panics: send on closed channel"
    `);
    const inCallback = play((sim) => {
      sim.deadline('d', 5).onFire = () => sim.panic('nil map');
    });
    expect(inCallback).toMatchInlineSnapshot(`
      "5 d: panic {"reason":"nil map"}
      = panic: nil map, at 5
      ! panic, at 5: the modelled program panics: nil map"
    `);
  });
});
