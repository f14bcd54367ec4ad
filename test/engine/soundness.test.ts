// Small models, each of which an exhaustive search may easily answer wrongly: one for each thing that once was, or could
// be, left out of what a state or a step is known by. What is true of them is found by going through every run.
import { describe, expect, test } from 'vitest';
import { measureExactly, prove } from '../../src/engine/prove.ts';
import { between } from '../../src/kernel/bounds.ts';
import type { Cell } from '../../src/kernel/cell.ts';
import type { Channel } from '../../src/kernel/channel.ts';
import type { Latch } from '../../src/kernel/latch.ts';
import { loop, type Round } from '../../src/kernel/loop.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import { always, measure, never, type Property } from '../../src/property/property.ts';
import { everyTiming } from '../support/every-timing.ts';
import { toy } from '../support/toy.ts';

const LIMITS = { maxStates: 1000 };
const neverBad = never('bad', 'It does not happen.', 'bad');

/** Fires after one tick: all that wait for it are ready at the same instant, and nothing else is. */
function starter(sim: Sim): Latch {
  const started = sim.latch('started');
  sim.time('start', () => started.fire()).arm(1);
  return started;
}

/** A process that does `act` in the one step that it makes after `latch`. */
function after(sim: Sim, latch: Latch, name: string, act: () => void): void {
  sim.spawn(name, function* () {
    yield* latch.wait();
    act();
  });
}

/** A process that looks, a while after everything else is over. */
function afterwards(sim: Sim, act: () => void): void {
  sim.spawn('afterwards', function* () {
    yield* sim.sleep(5);
    act();
  });
}

/** What processes make of their own. */
class Thing {
  readonly name = 'thing';
}

class Holder {
  readonly thing: Thing;

  constructor(thing: Thing) {
    this.thing = thing;
  }
}

function* waitFor(latch: Latch): Proc {
  yield* latch.wait();
}

interface Trap {
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: each model has a world of its own
  readonly build: (sim: Sim) => any;
  readonly property?: Property;
}

/** In each of them a property is violated in some order of what happens at one instant, and in the most obvious order not. */
const ordersThatMatter: readonly Trap[] = [
  {
    name: 'who fires a latch that is fired already would have been the first to do so',
    build: (sim) => {
      const started = starter(sim);
      const opened = sim.latch('opened');
      const x = sim.cell<number>('x', 0);
      after(sim, started, 'writes and opens', () => {
        x.set(1);
        opened.fire();
      });
      after(sim, started, 'opens', () => opened.fire());
      after(sim, opened, 'looks', () => {
        if (x.get() === 0) sim.emit('bad');
      });
    },
  },
  {
    name: 'who stops a timer that is stopped already would have been the first to do so',
    build: (sim) => {
      const started = starter(sim);
      const x = sim.cell<number>('x', 0);
      const y = sim.cell<number>('y', 0);
      const scope = sim.scope('scope');
      const timer = scope.timer('timer');
      timer.arm(9);
      scope.whenEmpty(() => y.set(x.get()));
      after(sim, started, 'writes and stops', () => {
        x.set(1);
        timer.stop();
      });
      after(sim, started, 'stops', () => timer.stop());
      afterwards(sim, () => {
        if (y.get() === 0) sim.emit('bad');
      });
    },
  },
  {
    name: 'a scope does not become empty if there is something new in it first',
    build: (sim) => {
      const started = starter(sim);
      const wasEmpty = sim.cell<boolean>('was empty', false);
      const scope = sim.scope('scope');
      const forEver = sim.latch('for ever');
      after(sim, started, 'spawns', () => {
        scope.spawn('new', () => waitFor(forEver), { daemon: true });
      });
      after(scope, started, 'ends', () => undefined);
      scope.whenEmpty(() => wasEmpty.set(true));
      afterwards(sim, () => {
        if (wasEmpty.get()) sim.emit('bad');
      });
    },
  },
  {
    name: 'a program that is killed has those in it that it has by then',
    build: (sim) => {
      const started = starter(sim);
      const hasRun = sim.cell<boolean>('has run', false);
      const program = sim.program();
      after(sim, started, 'kills', () => program.kill());
      after(sim, started, 'spawns', () => {
        program.spawn('new', function* () {
          yield* sim.sleep(1);
          hasRun.set(true);
        });
      });
      afterwards(sim, () => {
        if (!hasRun.get()) sim.emit('bad');
      });
    },
  },
  {
    name: 'a step may wake its own process, by what comes of its end',
    build: (sim) => {
      const started = starter(sim);
      const x = sim.cell<number>('x', 0);
      const emptied = sim.latch('emptied');
      const scope = sim.scope('scope');
      const timer = scope.timer('timer');
      timer.arm(9);
      scope.whenEmpty(() => emptied.fire());
      after(sim, started, 'writes', () => x.set(1));
      sim.spawn('stops and looks', function* () {
        yield* started.wait();
        timer.stop();
        yield* emptied.wait();
        if (x.get() === 0) sim.emit('bad');
      });
    },
  },
  {
    name: 'who kills a process in the middle of an instant keeps what it would do from ever being seen',
    build: (sim) => {
      const program = sim.program();
      program.spawn('is killed', function* () {
        yield* sim.yield();
        sim.emit('bad');
      });
      const started = sim.latch('started');
      after(sim, started, 'kills', () => program.kill());
      started.fire();
    },
  },
  {
    name: 'a property may look at an object for the first time late in the search',
    build: (sim) => {
      const started = starter(sim);
      const a = sim.cell<number>('a', 0);
      const b = sim.cell<number>('b', 0);
      const written = sim.latch('written');
      after(sim, started, 'writes b', () => {
        b.set(1);
        written.fire();
      });
      after(sim, written, 'writes b again', () => b.set(2));
      after(sim, started, 'writes a', () => a.set(1));
      return { a, b };
    },
    property: always<Readonly<Record<'a' | 'b', Cell<number>>>>(
      'bad',
      'Not both are 1.',
      ({ a, b }) => a.get() === 0 || b.get() !== 1,
    ) as Property,
  },
];

/** What other states would be found to be, and what no state may be left out for. */
const others: readonly Trap[] = [
  {
    name: 'an object that a process has made is the same, whoever names it and however often it was made again',
    build: (sim) => {
      const first = sim.ref<object>('first');
      const second = sim.ref<object>('second');
      sim.spawn('makes', function* () {
        const thing = sim.object(new Thing());
        first.set(thing);
        yield* sim.sleep(between(1, 2));
        second.set(thing);
      });
      sim.spawn('other', () => sim.sleep(between(1, 2)));
      sim.spawn('compares', function* () {
        yield* sim.sleep(3);
        if (first.get() === second.get()) sim.emit('bad');
      });
    },
  },
  {
    name: 'an object that a process has made is the same for it, also inside one that another process has made',
    build: (sim) => {
      const things = sim.channel<Thing>('things', 1);
      const holder = sim.ref<Holder>('holder');
      sim.spawn('makes', function* () {
        const thing = sim.object(new Thing());
        things.trySend(thing);
        yield* sim.sleep(between(1, 2));
        if (holder.get()?.thing === thing) sim.emit('bad');
      });
      sim.spawn('holds', function* () {
        const got = yield* things.receive.wait();
        if (got.ok) holder.set(sim.object(new Holder(got.value)));
      });
      sim.spawn('other', () => sim.sleep(between(1, 2)));
    },
  },
  {
    name: 'of plain objects that say the same, a variable names one',
    build: (sim) => {
      const named = sim.ref<object>('named');
      sim.spawn('makes', function* () {
        const [one, other] = [sim.object({ name: 'thing' }), sim.object({ name: 'thing' })];
        named.set(other);
        yield* sim.sleep(between(1, 2));
        if (named.get() === other && named.get() !== one) sim.emit('bad');
      });
      sim.spawn('other', () => sim.sleep(between(1, 2)));
    },
  },
  {
    name: 'a process that panics runs no longer where something else goes first',
    build: (sim) => {
      const started = starter(sim);
      const program = sim.program();
      program.spawn('panics', function* () {
        yield* started.wait();
        sim.panic('early');
      });
      after(sim, started, 'kills', () => {
        program.kill();
        sim.emit('bad');
      });
    },
  },
  {
    name: 'code that has run to its end does not stand where it stood before it was started again',
    build: (sim) => {
      const channel = sim.channel<number>('channel', 0);
      const x = sim.cell<number>('x', 0);
      sim.spawn('sends', function* () {
        yield* channel.send(1);
        if (x.get() === 1) sim.emit('bad');
      });
      sim.spawn('receives', function* () {
        yield* channel.receive.wait();
        x.set(1);
      });
    },
  },
  {
    name: 'a timer that fired when nobody had ever asked it may be asked later',
    build: (sim) => {
      const early = sim.time('early');
      early.arm(between(1, 4));
      sim.spawn('asks late', function* () {
        yield* sim.sleep(3);
        yield* sim.sleep(1);
        if (early.expired) sim.emit('bad');
      });
    },
  },
  {
    name: 'a timer that fired when nobody had ever asked it may be waited for later',
    build: (sim) => {
      const early = sim.time('early');
      early.arm(between(1, 2));
      sim.spawn('waits late', function* () {
        yield* sim.sleep(3);
        yield* early.wait();
        sim.emit('bad');
      });
    },
  },
  {
    name: 'a moment that never comes may be all that a process waits for',
    build: (sim) => {
      const moment = sim.moment('moment');
      sim.spawn('waits', function* () {
        yield* moment.wait();
      });
    },
    property: { ...neverBad, name: 'deadlock' },
  },
];

describe('what is violated in some run is not proved', () => {
  test.each([...ordersThatMatter, ...others].map((trap) => [trap.name, trap] as const))('%s', (_name, trap) => {
    const property = trap.property ?? neverBad;
    const subject = toy(trap.build, { properties: [property] });
    const inSome = [...everyTiming(subject)].some(({ violations }) =>
      violations.some((each) => each.property === property.name),
    );
    expect(inSome).toBe(true);
    expect(prove(subject, [property.name], LIMITS)[0]).toMatchObject({ verdict: 'violated' });
    expect(prove(subject, [property.name], { ...LIMITS, reduce: false })[0]).toMatchObject({ verdict: 'violated' });
  });
});

test('where a span would end before it begins, it ends later', () => {
  const subject = toy(
    (sim) => {
      const started = starter(sim);
      after(sim, started, 'ends it', () => sim.emit('ends'));
      after(sim, started, 'begins it', () => sim.emit('begins'));
      afterwards(sim, () => sim.emit('ends'));
    },
    { properties: [measure('span', 'From the beginning to the end.', { from: 'begins', to: 'ends' })] },
  );
  expect(measureExactly(subject, 'span', LIMITS)).toMatchObject({
    complete: true,
    least: { length: 0, attained: true },
    greatest: { length: 4, attained: true },
  });
});

test('nothing is proved where a message would be held back for longer than it may take', () => {
  const subject = toy(
    (sim) => {
      const line = sim.line<string>('line', (message) => sim.emit(message));
      line.send('slow', 'slow', between(0, 10));
      line.send('bad', 'quick', 1);
    },
    { properties: [neverBad] },
  );
  expect(prove(subject, ['bad'], LIMITS)).toMatchObject([
    {
      verdict: 'inconclusive',
      stopped: 'line quick is held back where line slow takes longer than it may: give it no shorter greatest length',
    },
  ]);
});

test('nothing is proved by a search that was stopped, even at its last state', () => {
  const subject = toy((sim) => {
    sim.spawn('sleeps', () => sim.sleep(1));
  });
  expect(prove(subject, ['deadlock'], { maxStates: 0 })).toMatchObject([{ verdict: 'inconclusive' }]);
  expect(prove(subject, ['deadlock'], LIMITS)).toMatchObject([{ verdict: 'proved' }]);
});

test('nothing is proved where an object of an earlier round is known still when its place is taken', () => {
  function* hand(sim: Sim, cells: Channel<Cell<number>>): Round {
    const cell = sim.cell<number>('cell', 0);
    yield* cells.send(cell);
    yield* sim.sleep(1);
    return undefined;
  }
  function* keep(sim: Sim, cells: Channel<Cell<number>>): Proc {
    const first = yield* cells.receive.wait();
    if (first.ok) first.value.set(7);
    yield* cells.receive.wait();
    if (first.ok && first.value.get() === 7) sim.emit('bad');
    sim.finish();
  }
  const subject = toy(
    (sim) => {
      const cells = sim.channel<Cell<number>>('cells', 0);
      sim.spawn('hands', () => loop(() => hand(sim, cells)), { daemon: true });
      sim.spawn('keeps', () => keep(sim, cells));
    },
    { properties: [neverBad] },
  );
  expect(prove(subject, ['bad'], LIMITS)).toMatchObject([
    {
      verdict: 'inconclusive',
      stopped:
        'cell is made again in a later round of a loop, but the one before was handed over: make it before the loop',
    },
  ]);
});

test.each<[about: string, make: () => object, told: string]>([
  ['an object of a class', () => new Thing(), 'a Thing'],
  ['a plain object that a variable names', () => ({ name: 'thing' }), 'a plain object'],
  ['a function', () => () => undefined, 'a function'],
])('%s that is made anew when its code is run again is refused', (_about, make, told) => {
  const subject = toy(
    (sim) => {
      const named = sim.ref<object>('named');
      sim.spawn('makes', function* () {
        const one = make();
        yield* sim.sleep(between(1, 2));
        named.set(one);
        yield* sim.sleep(between(1, 2));
        if (named.get() !== one) sim.emit('bad');
      });
      sim.spawn('other', () => sim.sleep(between(1, 4)));
    },
    { properties: [neverBad] },
  );
  const stopped = `${told} is handed over that is made anew when the same code is run again: make it with sim.object(...), which gives the one that was made first`;
  expect(prove(subject, ['bad'], LIMITS)).toMatchObject([{ verdict: 'inconclusive', stopped }]);
});

test('what a step does in one state is looked at again in another, and must be the same', () => {
  const subject = toy(
    (sim) => {
      let hidden = 0;
      sim.time('counts', () => sim.emit(++hidden > 1 ? 'bad' : 'good')).arm(between(1, 2));
      sim.spawn('other', () => sim.sleep(between(1, 4)));
    },
    { properties: [neverBad] },
  );
  expect(() => prove(subject, ['bad'], LIMITS)).toThrow(
    'counts does something else in another state, though all that it looks at in kernel objects is the same',
  );
});

test('a message is armed behind another one only on its own line', () => {
  const subject = toy(
    (sim) => {
      const first = sim.time('first');
      first.arm(between(1, 2));
      sim.time('second', () => sim.emit('bad')).arm(between(1, 2), first);
    },
    { properties: [neverBad] },
  );
  expect(prove(subject, ['bad'], LIMITS)).toMatchObject([
    { verdict: 'inconclusive', stopped: 'second is armed behind first: only messages of one line can be' },
  ]);
});
