import { describe, expect, test } from 'vitest';
import type { Sim } from '../../src/kernel/sim.ts';
import { play } from '../support/toy.ts';

function watch(sim: Sim, part: Sim): void {
  part.whenEmpty(() => sim.emit('is empty', { ...part.leftovers }, part.name));
}

describe('a scope', () => {
  test('names what is made through it, and is the lane of what happens outside of processes', () => {
    const story = play((sim) => {
      const part = sim.scope('attach 1').scope('client');
      part.emit('is built');
      part.spawn('reader', function* () {
        part.emit('runs');
        part.emit('runs', { n: 1 }, 'somebody else');
        yield* part.sleep(1);
      });
      part.deadline('deadline', 5).onFire = () => part.emit('passes');
      sim.emit('name', { name: part.name, mutex: part.mutex('mu').name, cell: part.cell('state', 0).name });
    });
    expect(story).toMatchInlineSnapshot(`
      "0 attach 1 client: is built
      0 name {"name":"attach 1 client","mutex":"attach 1 client mu","cell":"attach 1 client state"}
      0 attach 1 client reader: runs
      0 somebody else: runs {"n":1}
      5 attach 1 client: passes
      = quiet, at 5"
    `);
  });

  test('is empty once no process, armed timer or held lock of it is left; deadlines are values, and count not', () => {
    const story = play((sim) => {
      const part = sim.scope('part');
      const timer = part.timer('timer');
      const ticker = part.ticker('ticker', 100);
      const mutex = part.mutex('mu');
      part.deadline('deadline', 1000);
      part.spawn('owner', function* () {
        yield* mutex.lock();
        timer.arm(7);
        sim.emit('holds', { ...part.leftovers });
        yield* part.sleep(5);
        mutex.unlock();
      });
      sim.spawn('stopper', function* () {
        yield* sim.sleep(10);
        sim.emit('left', { ...part.leftovers });
        ticker.stop();
        sim.emit('stopped');
      });
      watch(sim, part);
    });
    expect(story).toMatchInlineSnapshot(`
      "0 part owner: holds {"processes":1,"armedTimers":2,"heldLocks":1}
      10 stopper: left {"processes":0,"armedTimers":1,"heldLocks":0}
      10 stopper: stopped
      10 part: is empty {"processes":0,"armedTimers":0,"heldLocks":0}
      = quiet, at 1000"
    `);
  });

  test('that is empty when it is asked says so at the end of that step; it can be asked again after that', () => {
    const story = play((sim) => {
      const part = sim.scope('part');
      watch(sim, part);
      sim.emit('is built');
      sim.spawn('a', function* () {
        yield* sim.sleep(5);
        part.spawn('late', () => part.sleep(5));
        watch(sim, part);
      });
    });
    expect(story).toMatchInlineSnapshot(`
      "0 is built
      0 part: is empty {"processes":0,"armedTimers":0,"heldLocks":0}
      10 part: is empty {"processes":0,"armedTimers":0,"heldLocks":0}
      = quiet, at 10"
    `);
  });

  test('asked twice, only one could be answered: a bug in the model', () => {
    const story = play((sim) => {
      watch(sim, sim);
      watch(sim, sim);
    });
    expect(story).toMatchInlineSnapshot(`
      "= exception, at 0
      ! exception, at 0: : whenEmpty was asked twice"
    `);
  });

  test('what is killed is gone, what it held is not', () => {
    const story = play((sim) => {
      const part = sim.scope('part');
      const mutex = part.mutex('mu');
      const victim = part.spawn('victim', function* () {
        yield* mutex.lock();
        yield* part.sleep(100);
      });
      watch(sim, part);
      sim.deadline('d', 5).onFire = () => {
        victim.kill();
        sim.emit('left', { ...part.leftovers });
      };
    });
    expect(story).toMatchInlineSnapshot(`
      "5 left {"processes":0,"armedTimers":0,"heldLocks":1}
      = quiet, at 5"
    `);
  });

  test('a ticker that is never stopped is left for ever, however often it ticks', () => {
    const story = play(
      (sim) => {
        const part = sim.scope('part');
        part.ticker('leaked', 10);
        watch(sim, part);
      },
      {},
      { limits: { horizon: 35 } },
    );
    expect(story).toMatchInlineSnapshot(`"= horizon, at 35"`);
  });

  test('a timer that is armed again was never gone', () => {
    const story = play((sim) => {
      const part = sim.scope('part');
      const timer = part.timer('timer');
      timer.arm(10);
      watch(sim, part);
      sim.deadline('again', 5).onFire = () => timer.arm(10);
    });
    expect(story).toMatchInlineSnapshot(`
      "15 part: is empty {"processes":0,"armedTimers":0,"heldLocks":0}
      = quiet, at 15"
    `);
  });

  test('what a timer starts when it fires belongs to the same step', () => {
    const story = play((sim) => {
      const part = sim.scope('part');
      const timer = part.timer('timer');
      timer.onFire = () => part.spawn('callback', () => part.sleep(5));
      timer.arm(10);
      watch(sim, part);
    });
    expect(story).toMatchInlineSnapshot(`
      "15 part: is empty {"processes":0,"armedTimers":0,"heldLocks":0}
      = quiet, at 15"
    `);
  });

  test('a lock that is handed over was never free', () => {
    const story = play((sim) => {
      const part = sim.scope('part');
      const mutex = part.mutex('mu');
      for (const name of ['a', 'b']) {
        sim.spawn(name, function* () {
          yield* mutex.lock();
          yield* sim.sleep(10);
          mutex.unlock();
        });
      }
      sim.deadline('ask', 5).onFire = () => watch(sim, part);
    });
    expect(story).toMatchInlineSnapshot(`
      "0 b: waits for part mu {"heldBy":"a"}
      20 part: is empty {"processes":0,"armedTimers":0,"heldLocks":0}
      = quiet, at 20"
    `);
  });
});
