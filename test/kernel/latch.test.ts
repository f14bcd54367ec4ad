import { expect, test } from 'vitest';
import { play } from '../support/toy.ts';

test('a latch fires once and stays so: for those that wait, and for those that come later', () => {
  const story = play((sim) => {
    const latch = sim.latch('done');
    for (const [name, pause] of [
      ['early', 0],
      ['late', 20],
    ] as const) {
      sim.spawn(name, function* () {
        yield* sim.sleep(pause);
        yield* latch.wait();
        sim.emit('passes');
      });
    }
    sim.spawn('firer', function* () {
      yield* sim.sleep(10);
      latch.fire();
      latch.fire();
      sim.emit('fired', { fired: latch.fired });
    });
  });
  expect(story).toMatchInlineSnapshot(`
    "10 firer: fired {"fired":true}
    10 early: passes
    20 late: passes
    = quiet, at 20"
  `);
});

test('a context is cancelled once, for ever, and all that watch it see that', () => {
  const story = play((sim) => {
    const context = sim.context('ctx');
    for (const name of ['a', 'b']) {
      sim.spawn(name, function* () {
        const taken = yield* sim.select({ tick: sim.deadline(`${name} tick`, 50), done: context.done });
        sim.emit(taken.case, { cancelled: context.cancelled });
      });
    }
    sim.spawn('canceller', function* () {
      sim.emit('before', { cancelled: context.cancelled });
      yield* sim.sleep(10);
      context.cancel();
      context.cancel();
    });
  });
  expect(story).toMatchInlineSnapshot(`
    "0 canceller: before {"cancelled":false}
    10 a: done {"cancelled":true}
    10 b: done {"cancelled":true}
    = quiet, at 50"
  `);
});

test('a broadcast wakes those that wait now, and is lost on those that come later', () => {
  const story = play((sim) => {
    const signal = sim.signal('news');
    for (const name of ['a', 'b']) {
      sim.spawn(name, function* () {
        yield* signal.wait();
        sim.emit('hears');
      });
    }
    sim.spawn('caster', function* () {
      signal.broadcast();
      yield* sim.sleep(10);
      signal.broadcast();
    });
    sim.spawn('late', function* () {
      yield* sim.sleep(20);
      yield* signal.wait();
      sim.emit('hears');
    });
  });
  expect(story).toMatchInlineSnapshot(`
    "0 a: hears
    0 b: hears
    = deadlock, at 20
    ! deadlock, at 20: nothing can happen any more, but late waits for news"
  `);
});
