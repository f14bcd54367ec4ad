import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Channel } from '../../src/kernel/channel.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import { outcomesOf, play, runOf } from '../support/toy.ts';

function sender(sim: Sim, channel: Channel<string>, name: string, values: readonly string[], pause = 0): void {
  sim.spawn(name, function* () {
    for (const value of values) {
      if (pause > 0) yield* sim.sleep(pause);
      yield* channel.send(value);
      sim.emit('sent', value);
    }
  });
}

function receiver(sim: Sim, channel: Channel<string>, name: string, count: number, pause = 0): void {
  sim.spawn(name, function* () {
    for (let i = 0; i < count; i++) {
      if (pause > 0) yield* sim.sleep(pause);
      const received = yield* channel.receive.wait();
      sim.emit('got', received.ok ? received.value : 'closed');
    }
  });
}

describe('channels', () => {
  test('unbuffered: who sends waits for who receives', () => {
    const story = play((sim) => {
      const channel = sim.channel<string>('ch', 0);
      sender(sim, channel, 'sender', ['x', 'y']);
      receiver(sim, channel, 'receiver', 2, 10);
    });
    expect(story).toMatchInlineSnapshot(`
      "10 receiver: got "x"
      10 sender: sent "x"
      20 receiver: got "y"
      20 sender: sent "y"
      = quiet, at 20"
    `);
  });

  test('unbuffered: who receives waits for who sends', () => {
    const story = play((sim) => {
      const channel = sim.channel<string>('ch', 0);
      receiver(sim, channel, 'receiver', 2);
      sender(sim, channel, 'sender', ['x', 'y'], 10);
    });
    expect(story).toMatchInlineSnapshot(`
      "10 sender: sent "x"
      10 receiver: got "x"
      20 sender: sent "y"
      20 receiver: got "y"
      = quiet, at 20"
    `);
  });

  test('buffered: sends do not wait until it is full, and a place that gets free goes to the first that waits', () => {
    const story = play((sim) => {
      const channel = sim.channel<string>('ch', 2);
      sender(sim, channel, 'a', ['a1', 'a2', 'a3']);
      sender(sim, channel, 'b', ['b1']);
      sim.spawn('look', function* () {
        yield* sim.sleep(5);
        sim.emit('length', channel.length);
      });
      receiver(sim, channel, 'receiver', 4, 10);
    });
    expect(story).toMatchInlineSnapshot(`
      "0 a: sent "a1"
      0 a: sent "a2"
      5 look: length 2
      10 receiver: got "a1"
      10 a: sent "a3"
      20 receiver: got "a2"
      20 b: sent "b1"
      30 receiver: got "a3"
      40 receiver: got "b1"
      = quiet, at 40"
    `);
  });

  test('unbounded: a send never waits', () => {
    const story = play((sim) => {
      const channel = sim.channel<string>('ch', Infinity);
      sender(sim, channel, 'sender', ['x', 'y', 'z']);
      receiver(sim, channel, 'receiver', 3, 1);
    });
    expect(story).toMatchInlineSnapshot(`
      "0 sender: sent "x"
      0 sender: sent "y"
      0 sender: sent "z"
      1 receiver: got "x"
      2 receiver: got "y"
      3 receiver: got "z"
      = quiet, at 3"
    `);
  });

  test('receivers are served in the order in which they came', () => {
    const story = play((sim) => {
      const channel = sim.channel<string>('ch', 0);
      for (const name of ['first', 'second', 'third']) receiver(sim, channel, name, 1);
      sender(sim, channel, 'sender', ['1', '2', '3'], 10);
    });
    expect(story).toMatchInlineSnapshot(`
      "10 sender: sent "1"
      10 first: got "1"
      20 sender: sent "2"
      20 second: got "2"
      30 sender: sent "3"
      30 third: got "3"
      = quiet, at 30"
    `);
  });

  test('trySend: into a buffer with room, to one that waits; false otherwise', () => {
    const story = play((sim) => {
      const buffered = sim.channel<string>('buffered', 1);
      const unbuffered = sim.channel<string>('unbuffered', 0);
      sim.spawn('tries', function* () {
        sim.emit('buffered', [buffered.trySend('x'), buffered.trySend('y')]);
        sim.emit('unbuffered', [unbuffered.trySend('x')]);
        yield* sim.sleep(10);
        sim.emit('unbuffered', [unbuffered.trySend('y'), unbuffered.trySend('z')]);
      });
      receiver(sim, unbuffered, 'receiver', 1);
    });
    expect(story).toMatchInlineSnapshot(`
      "0 tries: buffered [true,false]
      0 tries: unbuffered [false]
      10 tries: unbuffered [true,false]
      10 receiver: got "y"
      = quiet, at 10"
    `);
  });

  test('closed: what is buffered is drained first, then every receive says so at once', () => {
    const story = play((sim) => {
      const channel = sim.channel<string>('ch', 5);
      sim.spawn('closer', function* () {
        yield* channel.send('x');
        yield* channel.send('y');
        channel.close();
        sim.emit('closed', { closed: channel.closed, length: channel.length });
      });
      receiver(sim, channel, 'receiver', 4, 1);
    });
    expect(story).toMatchInlineSnapshot(`
      "0 closer: closed {"closed":true,"length":2}
      1 receiver: got "x"
      2 receiver: got "y"
      3 receiver: got "closed"
      4 receiver: got "closed"
      = quiet, at 4"
    `);
  });

  test('closed under those that receive: all are woken', () => {
    const story = play((sim) => {
      const channel = sim.channel<string>('ch', 0);
      receiver(sim, channel, 'a', 1);
      receiver(sim, channel, 'b', 1);
      sim.spawn('closer', function* () {
        yield* sim.sleep(10);
        channel.close();
      });
    });
    expect(story).toMatchInlineSnapshot(`
      "10 a: got "closed"
      10 b: got "closed"
      = quiet, at 10"
    `);
  });

  test.each<[how: string, violation: string, build: (sim: Sim, channel: Channel<string>) => Generator]>([
    ['send', 'send-on-closed: send on the closed channel ch', (_sim, channel) => channel.send('x')],
    [
      'trySend',
      'send-on-closed: send on the closed channel ch',
      function* (sim, channel) {
        yield* sim.yield();
        channel.trySend('x');
      },
    ],
    [
      'send in a select',
      'send-on-closed: send on the closed channel ch',
      (sim, channel) => sim.select({ sent: channel.sending('x') }),
    ],
    [
      'close',
      'close-of-closed: channel ch is closed twice',
      function* (sim, channel) {
        yield* sim.yield();
        channel.close();
      },
    ],
  ])('%s on a closed channel is a bug in the model, as it is a panic in Go', (_how, violation, body) => {
    const run = runOf((sim) => {
      const channel = sim.channel<string>('ch', 3);
      channel.close();
      sim.spawn('a', () => body(sim, channel) as never);
    });
    expect(run.violations.map(({ property, message }) => `${property}: ${message}`)).toEqual([violation]);
  });

  test('closing under one that waits to send is that bug too', () => {
    const story = play((sim) => {
      const channel = sim.channel<string>('ch', 0);
      sender(sim, channel, 'sender', ['x']);
      sim.spawn('closer', function* () {
        yield* sim.sleep(10);
        channel.close();
      });
    });
    expect(story).toMatchInlineSnapshot(`
      "= send-on-closed, at 10
      ! send-on-closed, at 10: channel ch is closed under a sender"
    `);
  });

  test('between two processes nothing is lost, doubled or reordered, whatever the ties', () => {
    for (const capacity of [0, 1, 3]) {
      const outcomes = outcomesOf((sim) => {
        const channel = sim.channel<string>('ch', capacity);
        sim.spawn('sender', function* () {
          for (const value of ['x', 'y']) {
            yield* sim.yield();
            yield* channel.send(value);
          }
          channel.close();
        });
        sim.spawn('receiver', function* () {
          for (;;) {
            yield* sim.yield();
            const received = yield* channel.receive.wait();
            sim.emit(received.ok ? received.value : 'closed');
            if (!received.ok) return;
          }
        });
      });
      expect(outcomes).toEqual(['x y closed = quiet']);
    }
  });

  test('many senders and receivers: each value arrives once, those of one sender in order (seed 1)', () => {
    const scenario = fc.record({
      capacity: fc.oneof(fc.nat(3), fc.constant(Infinity)),
      senders: fc.array(fc.array(fc.nat(3), { maxLength: 6 }), { minLength: 1, maxLength: 4 }),
      receivers: fc.array(fc.nat(3), { minLength: 1, maxLength: 3 }),
    });
    const property = fc.property(scenario, ({ capacity, senders, receivers }) => {
      const sent: string[] = [];
      const run = runOf((sim) => {
        const channel = sim.channel<string>('ch', capacity);
        senders.forEach((pauses, who) => {
          sim.spawn(`sender ${who}`, function* () {
            for (const [index, pause] of pauses.entries()) {
              yield* sim.sleep(pause);
              sent.push(`${who}.${index}`);
              yield* channel.send(`${who}.${index}`);
            }
          });
        });
        receivers.forEach((pause, who) => {
          sim.spawn(
            `receiver ${who}`,
            function* () {
              for (;;) {
                const received = yield* channel.receive.wait();
                if (received.ok) sim.emit('got', received.value);
                yield* sim.sleep(pause);
              }
            },
            { daemon: true },
          );
        });
      });
      const got = run.trace.map((event) => event.data as string);
      expect([...got].sort()).toEqual([...sent].sort());
      senders.forEach((pauses, who) => {
        expect(got.filter((value) => value.startsWith(`${who}.`))).toEqual(pauses.map((_, index) => `${who}.${index}`));
      });
      expect(run.end).toEqual({ why: 'quiet' });
    });
    fc.assert(property, { seed: 1, numRuns: 200 });
  });
});
