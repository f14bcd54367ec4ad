import type { Subject } from '../../src/engine/run.ts';
import { between } from '../../src/kernel/bounds.ts';
import { BREAK, loop } from '../../src/kernel/loop.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import { measure, never, sometimes, within } from '../../src/property/property.ts';
import { toy } from './toy.ts';

/** A client that dies at any moment, and a runner that pings it over a FIFO link with latency. */
export function pingPong(): Subject {
  return toy(
    (sim: Sim) => {
      const pongs = sim.channel<number>('pongs', Infinity);
      const context = sim.context('ctx');
      const dead = sim.faultMoment('client dies');
      const back = sim.line<number>('client→runner', (n) => void pongs.trySend(n));
      const there = sim.line<number>('runner→client', (n) => {
        if (!dead.expired) back.send(n, 'pong', between(1, 100));
      });
      dead.onFire = () => sim.emit('dies', undefined, 'client');
      sim.spawn('keepalive', function* () {
        const ticker = sim.ticker('ticker', 150);
        const sent = sim.cell<number>('sent', 0);
        yield* loop(function* () {
          const taken = yield* sim.select({ tick: ticker, done: context.done });
          if (taken.case === 'done' || sent.get() === 10) {
            ticker.stop();
            sim.finish();
            return BREAK;
          }
          there.send(sent.get(), 'ping', between(1, 100));
          sent.set(sent.get() + 1);
          return undefined;
        });
      });
      sim.spawn(
        'reader',
        function* () {
          const deadline = sim.timer('pong wait');
          deadline.arm(450);
          yield* loop(function* () {
            const taken = yield* sim.select({ pong: pongs.receive, late: deadline });
            sim.emit(taken.case);
            if (taken.case === 'late') {
              context.cancel();
              return BREAK;
            }
            deadline.arm(450);
            return undefined;
          });
        },
        { daemon: true },
      );
    },
    {
      properties: [
        within('noticed', 'A dead client is noticed.', 500, { from: 'dies', to: 'late' }),
        measure('notice', 'Time until it is noticed.', { from: 'dies', to: 'late' }),
        never('false-alarm', 'A live client is never given up.', 'late'),
        sometimes('pong', 'A pong came.', 'pong'),
      ],
    },
  );
}

/** Three workers that share a mutex and a channel, and flip coins. */
export function workers(): Subject {
  return toy(
    (sim: Sim) => {
      const mutex = sim.mutex('mu');
      const results = sim.channel<string>('results', 1);
      for (const name of ['a', 'b', 'c']) {
        sim.spawn(name, function* () {
          for (let round = 0; round < 3; round++) {
            yield* sim.sleep(between(5, 50, 'both'), 'works');
            const taken = yield* sim.select({ locked: mutex, late: sim.deadline(`${name} patience`, between(0, 3)) });
            if (taken.case === 'late') {
              sim.emit('gives up');
              continue;
            }
            yield* sim.sleep(between(1, 4), 'holds');
            mutex.unlock();
            yield* results.send(`${name}${round}:${sim.choose(`${name} coin`, ['heads', 'tails'])}`);
          }
        });
      }
      sim.spawn(
        'collector',
        () =>
          loop(function* () {
            const received = yield* results.receive.wait();
            sim.emit('result', received.ok ? received.value : null);
            if (sim.chooseFault('disk', ['ok', 'slow']) === 'slow') yield* sim.sleep(between(10, 90), 'is slow');
            return undefined;
          }),
        { daemon: true },
      );
    },
    {
      properties: [
        sometimes('gives-up', 'One gives up.', 'gives up'),
        never('no-a2', 'Never a2.', { event: 'result', where: (r) => r === 'a2:tails' }),
      ],
    },
  );
}

/** Many timers on a coarse grid, stopped and armed again by each other: all ties. */
export function grid(): Subject {
  return toy((sim: Sim) => {
    const timers = Array.from({ length: 6 }, (_, i) => sim.timer(`t${i}`));
    const left = sim.cell<number>('left', 40);
    timers.forEach((timer, i) => {
      timer.onFire = () => {
        sim.emit('fires', undefined, timer.name);
        left.set(left.get() - 1);
        if (left.get() <= 0) return;
        timer.arm(between(0, 30));
        const other = timers[(i + 1) % timers.length];
        if (sim.choose(`${timer.name} then`, ['nothing', 'stops', 'arms']) === 'stops') other?.stop();
        else other?.arm(10);
      };
      timer.arm(10 * (i % 3));
    });
  });
}

export const TOYS: readonly [name: string, make: () => Subject][] = [
  ['pingPong', pingPong],
  ['workers', workers],
  ['grid', grid],
];
