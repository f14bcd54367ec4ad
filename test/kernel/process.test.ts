import { describe, expect, test } from 'vitest';
import type { Process } from '../../src/kernel/process.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import { outcomesOf, play } from '../support/toy.ts';

/** Says `name` at its start, after each of `lengths`, and that is all. */
function speaker(sim: Sim, name: string, ...lengths: number[]): Process {
  return sim.spawn(name, function* () {
    sim.emit('starts');
    for (const length of lengths) {
      yield* sim.sleep(length);
      sim.emit('wakes');
    }
  });
}

describe('processes', () => {
  test('run in the order in which they are spawned, each until it blocks', () => {
    const story = play((sim) => {
      speaker(sim, 'a', 2);
      speaker(sim, 'b', 1);
      speaker(sim, 'c');
    });
    expect(story).toMatchInlineSnapshot(`
      "0 a: starts
      0 b: starts
      0 c: starts
      1 b: wakes
      2 a: wakes
      = quiet, at 2"
    `);
  });

  test('a spawned process is ready at once, but its spawner goes on first', () => {
    const story = play((sim) => {
      sim.spawn('parent', function* () {
        sim.spawn('child', function* () {
          sim.emit('runs');
          yield* sim.sleep(1);
        });
        sim.emit('goes on');
        yield* sim.sleep(5);
        sim.emit('ends');
      });
    });
    expect(story).toMatchInlineSnapshot(`
      "0 parent: goes on
      0 child: runs
      5 parent: ends
      = quiet, at 5"
    `);
  });

  test('the end of a process is a latch, however it ends', () => {
    const story = play((sim) => {
      const returns = speaker(sim, 'returns', 3);
      const killed = speaker(sim, 'killed', 10);
      sim.spawn('watcher', function* () {
        yield* returns.ended.wait();
        sim.emit('saw the end', { returns: returns.state, killed: killed.state });
        killed.kill();
        yield* killed.ended.wait();
        yield* killed.ended.wait();
        sim.emit('saw the kill', { returns: returns.state, killed: killed.state });
      });
    });
    expect(story).toMatchInlineSnapshot(`
      "0 returns: starts
      0 killed: starts
      3 returns: wakes
      3 watcher: saw the end {"returns":"ended","killed":"blocked"}
      3 watcher: saw the kill {"returns":"ended","killed":"ended"}
      = quiet, at 3"
    `);
  });
});

describe('kill', () => {
  test('ends a process where it stands: nothing of it runs any more, not even finally', () => {
    const story = play((sim) => {
      const victim = sim.spawn('victim', function* () {
        try {
          yield* sim.sleep(10);
          sim.emit('survived');
        } finally {
          sim.emit('cleaned up');
        }
      });
      sim.spawn('killer', function* () {
        yield* sim.sleep(5);
        victim.kill();
        victim.kill();
        sim.emit('killed', { state: victim.state });
      });
    });
    expect(story).toMatchInlineSnapshot(`
      "5 killer: killed {"state":"ended"}
      = quiet, at 5"
    `);
  });

  test('of a process that never ran, and of one that has ended', () => {
    const story = play((sim) => {
      const stillborn = speaker(sim, 'stillborn');
      stillborn.kill();
      const early = speaker(sim, 'early');
      sim.spawn('killer', function* () {
        yield* early.ended.wait();
        early.kill();
        sim.emit('done', { stillborn: stillborn.state, early: early.state, ...sim.leftovers });
      });
    });
    expect(story).toMatchInlineSnapshot(`
      "0 early: starts
      0 killer: done {"stillborn":"ended","early":"ended","processes":1,"armedTimers":0,"heldLocks":0}
      = quiet, at 0"
    `);
  });

  test('a killed process leaves the queues that it waited in, and keeps the locks that it holds', () => {
    const story = play((sim) => {
      const mutex = sim.mutex('mu');
      const channel = sim.channel<string>('ch', 0);
      const holder = sim.spawn('holder', function* () {
        yield* mutex.lock();
        yield* sim.sleep(100);
      });
      const receiver = sim.spawn('receiver', function* () {
        sim.emit('got', { value: yield* channel.receive.wait() });
      });
      const heir = sim.spawn('heir', function* () {
        sim.emit('got', { value: yield* channel.receive.wait() });
      });
      sim.spawn('locker', function* () {
        yield* mutex.lock();
        sim.emit('locked');
      });
      sim.spawn('killer', function* () {
        yield* sim.sleep(1);
        holder.kill();
        receiver.kill();
        yield* channel.send('hello');
        yield* heir.ended.wait();
        sim.emit('owner', { name: mutex.owner?.name ?? null });
      });
    });
    expect(story).toMatchInlineSnapshot(`
      "0 locker: waits for mu {"heldBy":"holder"}
      1 heir: got {"value":{"ok":true,"value":"hello"}}
      1 killer: owner {"name":"holder"}
      = deadlock, at 1
      ! deadlock, at 1: nothing can happen any more, but locker waits for mu"
    `);
  });

  test('a process cannot kill itself: it returns instead', () => {
    const story = play((sim) => {
      const suicide: Process = sim.spawn('suicide', function* () {
        yield* sim.sleep(1);
        suicide.kill();
        sim.emit('lives on');
        yield* sim.sleep(1);
        sim.emit('lives on');
      });
    });
    expect(story).toMatchInlineSnapshot(`
      "= exception, at 1
      ! exception, at 1: suicide kills itself: let it return instead"
    `);
  });
});

describe('freeze', () => {
  test('a frozen process is not run; one that was woken meanwhile runs when it is thawed', () => {
    const story = play((sim) => {
      const sleeper = speaker(sim, 'sleeper', 5, 5);
      sim.spawn('host', function* () {
        yield* sim.sleep(2);
        sleeper.freeze();
        yield* sim.sleep(18);
        sim.emit('thaws it', { state: sleeper.state });
        sleeper.thaw();
      });
    });
    expect(story).toMatchInlineSnapshot(`
      "0 sleeper: starts
      20 host: thaws it {"state":"ready"}
      20 sleeper: wakes
      25 sleeper: wakes
      = quiet, at 25"
    `);
  });

  test('a process that is frozen and thawed before its time notices nothing', () => {
    const story = play((sim) => {
      const sleeper = speaker(sim, 'sleeper', 5);
      sim.spawn('host', function* () {
        yield* sim.sleep(1);
        sleeper.freeze();
        sleeper.freeze();
        yield* sim.sleep(1);
        sleeper.thaw();
        sleeper.thaw();
      });
    });
    expect(story).toMatchInlineSnapshot(`
      "0 sleeper: starts
      5 sleeper: wakes
      = quiet, at 5"
    `);
  });

  test('a ready process that is frozen leaves its place, and comes last when it is thawed', () => {
    const build = (freezes: boolean) => (sim: Sim) => {
      const a = speaker(sim, 'a');
      if (freezes) a.freeze();
      speaker(sim, 'b');
      if (freezes) a.thaw();
      speaker(sim, 'c');
    };
    expect(play(build(false))).toMatchInlineSnapshot(`
      "0 a: starts
      0 b: starts
      0 c: starts
      = quiet, at 0"
    `);
    expect(play(build(true))).toMatchInlineSnapshot(`
      "0 b: starts
      0 a: starts
      0 c: starts
      = quiet, at 0"
    `);
  });

  test('a process can be frozen by what it runs: it stops where it blocks next', () => {
    const story = play((sim) => {
      const self: Process = sim.spawn('self', function* () {
        self.freeze();
        sim.emit('still here');
        yield* sim.sleep(1);
        sim.emit('back');
      });
      sim.spawn('host', function* () {
        yield* sim.sleep(9);
        self.thaw();
      });
    });
    expect(story).toMatchInlineSnapshot(`
      "0 self: still here
      9 self: back
      = quiet, at 9"
    `);
  });

  test('what it waits for is handed to it while it is frozen', () => {
    const story = play(
      (sim) => {
        const channel = sim.channel<string>('ch', 0);
        const mutex = sim.mutex('mu');
        const frozen = sim.spawn('frozen', function* () {
          yield* mutex.lock();
          sim.emit('locked');
          mutex.unlock();
          sim.emit('got', yield* channel.receive.wait());
        });
        sim.spawn('host', function* () {
          frozen.freeze();
          yield* mutex.lock();
          frozen.thaw();
          yield* sim.sleep(1);
          frozen.freeze();
          mutex.unlock();
          sim.emit('owner', { name: mutex.owner?.name ?? null });
          yield* sim.sleep(1);
          frozen.thaw();
          yield* sim.sleep(1);
          frozen.freeze();
          yield* channel.send('hello');
          sim.emit('sent');
          yield* sim.sleep(1);
          frozen.thaw();
        });
      },
      { 'tie: instead of frozen #1': 'host' },
    );
    expect(story).toMatchInlineSnapshot(`
      "0 frozen: waits for mu {"heldBy":"host"}
      1 host: owner {"name":"frozen"}
      2 frozen: locked
      3 host: sent
      4 frozen: got {"ok":true,"value":"hello"}
      = quiet, at 4
      ? tie: instead of frozen #1 = host, at 0"
    `);
  });

  test('a killed frozen process stays dead when it is thawed', () => {
    const story = play((sim) => {
      const victim = speaker(sim, 'victim', 1);
      sim.spawn('host', function* () {
        yield* sim.sleep(0);
        victim.freeze();
        yield* sim.sleep(5);
        victim.kill();
        victim.thaw();
        yield* sim.sleep(5);
        sim.emit('done', { state: victim.state });
      });
    });
    expect(story).toMatchInlineSnapshot(`
      "0 victim: starts
      10 host: done {"state":"ended"}
      = quiet, at 10"
    `);
  });
});

test('sleep: of bounds, of nothing, and a yield', () => {
  const build = (sim: Sim) => {
    sim.spawn('a', function* () {
      yield* sim.sleep(0);
      sim.emit('a1');
      yield* sim.yield();
      sim.emit('a2');
    });
    sim.spawn('b', function* () {
      yield* sim.yield();
      sim.emit('b');
    });
  };
  expect(play(build)).toMatchInlineSnapshot(`
    "0 a: a1
    0 b: b
    0 a: a2
    = quiet, at 0"
  `);
  expect(outcomesOf(build)).toMatchInlineSnapshot(`
    [
      "a1 a2 b = quiet",
      "a1 b a2 = quiet",
      "b a1 a2 = quiet",
    ]
  `);
});
