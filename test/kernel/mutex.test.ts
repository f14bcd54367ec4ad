import { describe, expect, test } from 'vitest';
import type { Mutex } from '../../src/kernel/mutex.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import { outcomesOf, play } from '../support/toy.ts';

function user(sim: Sim, mutex: Mutex, name: string, holds: number): void {
  sim.spawn(name, function* () {
    yield* mutex.lock();
    sim.emit('locks');
    yield* sim.sleep(holds);
    sim.emit('unlocks');
    mutex.unlock();
  });
}

describe('mutex', () => {
  test('rule 19: a free one is taken at once; a held one goes to those that wait, in the order in which they came', () => {
    const story = play((sim) => {
      const mutex = sim.mutex('mu');
      for (const name of ['a', 'b', 'c']) user(sim, mutex, name, 10);
    });
    expect(story).toMatchInlineSnapshot(`
      "0 a: locks
      0 b: waits for mu {"heldBy":"a"}
      0 c: waits for mu {"heldBy":"a"}
      10 a: unlocks
      10 b: locks
      20 b: unlocks
      20 c: locks
      30 c: unlocks
      = quiet, at 30"
    `);
  });

  test('is handed over: who unlocks and locks again comes last', () => {
    const story = play((sim) => {
      const mutex = sim.mutex('mu');
      sim.spawn('greedy', function* () {
        for (let round = 0; round < 2; round++) {
          yield* mutex.lock();
          sim.emit('locks');
          yield* sim.sleep(10);
          mutex.unlock();
        }
      });
      user(sim, mutex, 'modest', 10);
    });
    expect(story).toMatchInlineSnapshot(`
      "0 greedy: locks
      0 modest: waits for mu {"heldBy":"greedy"}
      10 greedy: waits for mu {"heldBy":"modest"}
      10 modest: locks
      20 modest: unlocks
      20 greedy: locks
      = quiet, at 30"
    `);
  });

  test('two are never inside at once, and who comes first decides, whatever the ties', () => {
    const outcomes = outcomesOf((sim) => {
      const mutex = sim.mutex('mu');
      for (const name of ['a', 'b', 'c']) {
        sim.spawn(name, function* () {
          yield* sim.yield();
          sim.emit(name);
          yield* mutex.lock();
          sim.emit(`+${name}`);
          yield* sim.sleep(1);
          sim.emit(`-${name}`);
          mutex.unlock();
        });
      }
    });
    // An attempt to lock is an event too: it is left out here, since it follows from the rest.
    const inside = outcomes.map((each) => each.split(' ').filter((word) => !/^(waits|for|mu)$/.test(word)));
    for (const words of inside) {
      const arrivals = words.filter((word) => /^[abc]$/.test(word));
      const sessions = words.filter((word) => /^[+-]/.test(word));
      expect(sessions).toEqual(arrivals.flatMap((name) => [`+${name}`, `-${name}`]));
    }
    expect(new Set(inside.map((words) => words.filter((word) => /^[abc]$/.test(word)).join(''))).size).toBe(6);
  });

  test('an attempt that was given up in a select is not granted later', () => {
    const story = play((sim) => {
      const mutex = sim.mutex('mu');
      user(sim, mutex, 'holder', 10);
      sim.spawn('impatient', function* () {
        const taken = yield* sim.select({ locked: mutex, late: sim.deadline('patience', 5) });
        sim.emit(taken.case);
      });
      sim.spawn('patient', function* () {
        const taken = yield* sim.select({ locked: mutex, late: sim.deadline('long patience', 50) });
        sim.emit(taken.case, { owner: mutex.owner?.name ?? null, hasWaiters: mutex.hasWaiters });
        mutex.unlock();
        sim.emit('leaves it', { owner: mutex.owner?.name ?? null });
      });
    });
    expect(story).toMatchInlineSnapshot(`
      "0 holder: locks
      0 impatient: waits for mu {"heldBy":"holder"}
      0 patient: waits for mu {"heldBy":"holder"}
      5 impatient: late
      10 holder: unlocks
      10 patient: locked {"owner":"patient","hasWaiters":false}
      10 patient: leaves it {"owner":null}
      = quiet, at 50"
    `);
  });

  test('patience that ends at the very instant of the unlock: locked or late, never both', () => {
    const outcomes = outcomesOf((sim) => {
      const mutex = sim.mutex('mu');
      sim.spawn('holder', function* () {
        yield* mutex.lock();
        yield* sim.sleep(5);
        mutex.unlock();
      });
      const deadline = sim.deadline('patience', 5);
      sim.spawn('impatient', function* () {
        yield* sim.sleep(1);
        const taken = yield* sim.select({ locked: mutex, late: deadline });
        sim.emit(`${taken.case},owner=${mutex.owner?.name ?? 'none'}`);
        if (taken.case === 'locked') mutex.unlock();
      });
    });
    expect(outcomes).toMatchInlineSnapshot(`
      [
        "waits for mu late,owner=holder = quiet",
        "waits for mu late,owner=none = quiet",
        "waits for mu locked,owner=impatient = quiet",
      ]
    `);
  });

  test('locking twice waits for oneself, for ever', () => {
    const story = play((sim) => {
      const mutex = sim.mutex('mu');
      sim.spawn('a', function* () {
        yield* mutex.lock();
        yield* mutex.lock();
      });
    });
    expect(story).toMatchInlineSnapshot(`
      "0 a: waits for mu {"heldBy":"a"}
      = deadlock, at 0
      ! deadlock, at 0: nothing can happen any more, but a waits for mu"
    `);
  });

  test('only the owner may unlock', () => {
    const held = play((sim) => {
      const mutex = sim.mutex('mu');
      user(sim, mutex, 'owner', 10);
      sim.spawn('thief', function* () {
        yield* sim.sleep(1);
        mutex.unlock();
      });
    });
    expect(held).toMatchInlineSnapshot(`
      "0 owner: locks
      = unlock-not-held, at 1
      ! unlock-not-held, at 1: thief unlocks mu, but owner holds it"
    `);
    const free = play((sim) => {
      const mutex = sim.mutex('mu');
      sim.spawn('confused', function* () {
        yield* mutex.lock();
        mutex.unlock();
        mutex.unlock();
      });
    });
    expect(free).toMatchInlineSnapshot(`
      "= unlock-not-held, at 0
      ! unlock-not-held, at 0: confused unlocks mu, but nobody holds it"
    `);
  });
});
