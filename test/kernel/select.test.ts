import { describe, expect, test } from 'vitest';
import type { Sim } from '../../src/kernel/sim.ts';
import { outcomesOf, play } from '../support/toy.ts';

describe('select', () => {
  test('rule 19: among ready cases any can be taken: a decision, by default the first as written', () => {
    const build = (sim: Sim) => {
      const channel = sim.channel<string>('ch', 1);
      const latch = sim.latch('latch');
      const mutex = sim.mutex('mu');
      sim.spawn('a', function* () {
        yield* channel.send('hello');
        latch.fire();
        const taken = yield* sim.select({ message: channel.receive, fired: latch, locked: mutex });
        sim.emit(taken.case, taken.case === 'message' ? taken.value : undefined);
      });
    };
    expect(play(build)).toMatchInlineSnapshot(`
      "0 a: message {"ok":true,"value":"hello"}
      = quiet, at 0"
    `);
    expect(play(build, { 'a select #1': 'locked' })).toMatchInlineSnapshot(`
      "0 a: locked
      = quiet, at 0
      ? a select #1 = locked, at 0"
    `);
    expect(outcomesOf(build)).toMatchInlineSnapshot(`
      [
        "fired = quiet",
        "locked = quiet",
        "message = quiet",
      ]
    `);
  });

  test('only cases that are ready are taken; with one alone nothing is decided', () => {
    const story = play((sim) => {
      const channel = sim.channel<string>('ch', 0);
      const latch = sim.latch('latch');
      latch.fire();
      sim.spawn('a', function* () {
        sim.emit((yield* sim.select({ message: channel.receive, sent: channel.sending('x'), fired: latch })).case);
      });
    });
    expect(story).toMatchInlineSnapshot(`
      "0 a: fired
      = quiet, at 0"
    `);
  });

  test('what is not taken is left as it was', () => {
    const story = play(
      (sim) => {
        const channel = sim.channel<string>('ch', 1);
        const ticker = sim.ticker('ticker', 10);
        const mutex = sim.mutex('mu');
        sim.spawn('a', function* () {
          yield* channel.send('hello');
          yield* sim.sleep(15);
          ticker.stop();
          sim.emit((yield* sim.select({ message: channel.receive, tick: ticker, locked: mutex })).case);
          sim.emit('left', { messages: channel.length, tick: ticker.isReady(), locked: mutex.owner !== undefined });
        });
      },
      { 'a select #1': 'tick' },
    );
    expect(story).toMatchInlineSnapshot(`
      "15 a: tick
      15 a: left {"messages":1,"tick":false,"locked":false}
      = quiet, at 15
      ? a select #1 = tick, at 15"
    `);
  });

  test('waits for the first case that becomes ready, and for no other afterwards', () => {
    const story = play((sim) => {
      const [left, right] = [sim.channel<string>('left', 0), sim.channel<string>('right', 0)];
      sim.spawn('receiver', function* () {
        const taken = yield* sim.select({ left: left.receive, right: right.receive });
        sim.emit('got', [taken.case, taken.value.ok ? taken.value.value : 'closed']);
        sim.emit('waits still', { left: left.receive.hasWaiters, right: right.receive.hasWaiters });
      });
      sim.spawn('sender', function* () {
        yield* sim.sleep(1);
        yield* right.send('r');
        sim.emit('sent', 'r');
        yield* left.send('l');
        sim.emit('sent', 'l');
      });
    });
    expect(story).toMatchInlineSnapshot(`
      "1 sender: sent "r"
      1 receiver: got ["right","r"]
      1 receiver: waits still {"left":false,"right":false}
      = deadlock, at 1
      ! deadlock, at 1: nothing can happen any more, but sender waits for send to left"
    `);
  });

  test('a message that comes as another case is taken is not lost: it stays in the channel', () => {
    const outcomes = outcomesOf((sim) => {
      const channel = sim.channel<string>('ch', 1);
      const latch = sim.latch('latch');
      sim.spawn('receiver', function* () {
        const taken = yield* sim.select({ message: channel.receive, fired: latch });
        sim.emit(taken.case);
        yield* sim.sleep(1);
        sim.emit(`left=${channel.length}`);
      });
      sim.spawn('firer', function* () {
        yield* sim.sleep(5);
        latch.fire();
      });
      sim.spawn('sender', function* () {
        yield* sim.sleep(5);
        yield* channel.send('hello');
      });
    });
    expect(outcomes).toMatchInlineSnapshot(`
      [
        "fired left=1 = quiet",
        "message left=0 = quiet",
      ]
    `);
  });

  test('a case to send and a case to receive: two that do both meet each other', () => {
    const outcomes = outcomesOf((sim) => {
      const channel = sim.channel<string>('ch', 0);
      for (const name of ['a', 'b']) {
        sim.spawn(name, function* () {
          const taken = yield* sim.select({ sent: channel.sending(`from ${name}`), got: channel.receive });
          sim.emit(`${name}:${taken.case}`);
        });
      }
    });
    expect(outcomes).toMatchInlineSnapshot(`
      [
        "a:got b:sent = quiet",
        "a:sent b:got = quiet",
        "b:got a:sent = quiet",
        "b:sent a:got = quiet",
      ]
    `);
  });

  test('a send that was given up is not received later', () => {
    const story = play((sim) => {
      const channel = sim.channel<string>('ch', 0);
      sim.spawn('sender', function* () {
        sim.emit((yield* sim.select({ sent: channel.sending('x'), late: sim.deadline('patience', 5) })).case);
      });
      sim.spawn('receiver', function* () {
        yield* sim.sleep(10);
        sim.emit((yield* sim.select({ got: channel.receive, late: sim.deadline('patience too', 5) })).case);
      });
    });
    expect(story).toMatchInlineSnapshot(`
      "5 sender: late
      15 receiver: late
      = quiet, at 15"
    `);
  });

  test('the same thing under two names: the first name is told', () => {
    const story = play((sim) => {
      const latch = sim.latch('latch');
      sim.spawn('a', function* () {
        sim.emit((yield* sim.select({ one: latch, two: latch })).case);
        sim.emit('waits still', { hasWaiters: latch.hasWaiters });
      });
      sim.spawn('b', function* () {
        yield* sim.sleep(1);
        latch.fire();
      });
    });
    expect(story).toMatchInlineSnapshot(`
      "1 a: one
      1 a: waits still {"hasWaiters":false}
      = quiet, at 1"
    `);
  });

  test('no case at all waits for ever', () => {
    const story = play((sim) => {
      sim.spawn('a', () => sim.select({}));
    });
    expect(story).toMatchInlineSnapshot(`
      "= deadlock, at 0
      ! deadlock, at 0: nothing can happen any more, but a waits for nothing at all"
    `);
  });
});
