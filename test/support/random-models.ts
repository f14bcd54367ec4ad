// Small models as data, and what turns them into processes. They use all that a model can be written with, obey the rules
// for models (nothing local survives a round of a loop), and come to an end.
import fc from 'fast-check';
import type { Subject } from '../../src/engine/run.ts';
import { between } from '../../src/kernel/bounds.ts';
import type { Cell } from '../../src/kernel/cell.ts';
import type { Channel } from '../../src/kernel/channel.ts';
import type { Latch } from '../../src/kernel/latch.ts';
import type { Line } from '../../src/kernel/line.ts';
import { BREAK, loop, type Round } from '../../src/kernel/loop.ts';
import type { Mutex } from '../../src/kernel/mutex.ts';
import type { Program } from '../../src/kernel/program.ts';
import type { Signal } from '../../src/kernel/signal.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Timer } from '../../src/kernel/timer.ts';
import type { Proc, Waitable } from '../../src/kernel/waitable.ts';
import { always, measure, never, type Property, within } from '../../src/property/property.ts';
import { toy } from './toy.ts';

/** The least and the greatest length of something, both possible. */
type Length = readonly [min: number, max: number];

/** Does not block: may be done by callbacks too. */
type Act =
  | { readonly do: 'set'; readonly cell: number; readonly to: number }
  | { readonly do: 'copy'; readonly cell: number; readonly to: number }
  | { readonly do: 'add'; readonly cell: number }
  | { readonly do: 'fire'; readonly latch: number }
  | { readonly do: 'broadcast' | 'stop' | 'close' | 'finish' | 'panic' | 'kill' | 'freeze' | 'thaw' }
  | { readonly do: 'try send' | 'post'; readonly value: number }
  | { readonly do: 'arm'; readonly timer: number; readonly length: Length }
  | { readonly do: 'emit'; readonly event: (typeof EVENTS)[number] };

/** What a process does. */
type Statement =
  | Act
  | { readonly do: 'sleep'; readonly length: Length }
  | { readonly do: 'wait'; readonly on: Wait; readonly keep: boolean }
  | { readonly do: 'send'; readonly value: number }
  | { readonly do: 'lock'; readonly body: readonly Statement[] }
  | { readonly do: 'select'; readonly cases: readonly { readonly on: Wait; readonly body: readonly Statement[] }[] }
  | { readonly do: 'times'; readonly count: number; readonly body: readonly Statement[] }
  | { readonly do: 'choose'; readonly bodies: readonly (readonly Statement[])[] }
  | { readonly do: 'if'; readonly cell: number; readonly is: number; readonly body: readonly Statement[] }
  | { readonly do: 'spawn'; readonly where: Where; readonly body: readonly Statement[] };

type Wait = 'receive' | 'latch 0' | 'latch 1' | 'signal' | 'timer 0' | 'timer 1' | 'mutex';
type Where = 'free' | 'scope' | 'program' | 'daemon';

const EVENTS = ['from', 'to', 'bad'] as const;
const CELLS = 2;

export interface RandomModel {
  readonly processes: readonly { readonly where: Where; readonly body: readonly Statement[] }[];
  readonly capacity: number;
  readonly latency: Length;
  /** On arrival of a message, when the second timer fires, and when the scope is empty. */
  readonly arrived: readonly Act[];
  readonly fired: readonly Act[];
  readonly emptied: readonly Act[];
  readonly bound: number;
  /** Whether a property looks at the cells: then few steps commute. */
  readonly watched: boolean;
}

interface World {
  readonly cells: readonly Cell<number>[];
}

/** The model at work. Everything that changes is an object of the kernel. */
class Machine {
  readonly cells: readonly Cell<number>[];
  readonly #sim: Sim;
  readonly #scope: Sim;
  readonly #program: Program;
  readonly #latches: readonly Latch[];
  readonly #signal: Signal;
  readonly #mutex: Mutex;
  readonly #channel: Channel<number>;
  readonly #line: Line<number>;
  readonly #timers: readonly Timer[];
  readonly #latency: Length;

  constructor(sim: Sim, model: RandomModel) {
    this.#sim = sim;
    this.#latency = model.latency;
    this.#scope = sim.scope('scope');
    this.#program = sim.program();
    this.cells = Array.from({ length: CELLS }, (_, index) => sim.cell<number>(`cell ${index}`, 0));
    this.#latches = [sim.latch('latch 0'), sim.latch('latch 1')];
    this.#signal = sim.signal('signal');
    this.#mutex = this.#scope.mutex('mutex');
    this.#channel = sim.channel<number>('channel', model.capacity);
    this.#line = sim.line<number>('line', (value) => {
      this.#cell(1).set(value);
      this.#doAll(model.arrived);
    });
    this.#timers = [this.#scope.timer('timer 0'), sim.time('timer 1', () => this.#doAll(model.fired))];
    model.processes.forEach(({ where, body }, index) => {
      this.#spawn(where, `${index}`, body);
    });
    this.#scope.whenEmpty(() => this.#doAll(model.emptied));
  }

  #spawn(where: Where, name: string, body: readonly Statement[]): void {
    const run = () => this.#all(body, name, false);
    if (where === 'program') this.#program.spawn(name, run);
    else (where === 'scope' ? this.#scope : this.#sim).spawn(name, run, { daemon: where === 'daemon' });
  }

  #cell(index: number): Cell<number> {
    return this.cells[index] as Cell<number>;
  }

  #doAll(acts: readonly Act[]): void {
    for (const act of acts) this.#act(act);
  }

  #act(act: Act): void {
    switch (act.do) {
      case 'set':
        this.#cell(act.cell).set(act.to);
        return;
      case 'copy':
        this.#cell(act.to).set(this.#cell(act.cell).get());
        return;
      case 'add':
        this.#cell(act.cell).set((this.#cell(act.cell).get() + 1) % 3);
        return;
      case 'fire':
        this.#latches[act.latch]?.fire();
        return;
      case 'broadcast':
        this.#signal.broadcast();
        return;
      case 'stop':
        for (const timer of this.#timers) timer.stop();
        return;
      case 'close':
        this.#channel.close();
        return;
      case 'finish':
        this.#sim.finish();
        return;
      case 'panic':
        this.#sim.panic('panic');
        return;
      case 'kill':
        this.#program.kill();
        return;
      case 'freeze':
        this.#program.freeze();
        return;
      case 'thaw':
        this.#program.thaw();
        return;
      case 'try send':
        if (!this.#channel.closed) this.#channel.trySend(act.value);
        return;
      case 'post':
        this.#line.send(act.value, 'message', between(...this.#latency));
        return;
      case 'arm':
        this.#timers[act.timer]?.arm(between(...act.length));
        return;
      case 'emit':
        this.#sim.emit(act.event, undefined, 'model');
        return;
    }
  }

  *#all(body: readonly Statement[], place: string, inLoop: boolean): Proc {
    for (const [index, statement] of body.entries()) yield* this.#one(statement, `${place}.${index}`, inLoop);
  }

  *#one(statement: Statement, place: string, inLoop: boolean): Proc {
    switch (statement.do) {
      case 'sleep':
        yield* this.#sim.sleep(between(...statement.length));
        return;
      case 'wait': {
        const got: unknown = yield* this.#waitable(statement.on).wait();
        if (statement.keep) this.#keep(got);
        if (statement.on === 'mutex') this.#mutex.unlock();
        return;
      }
      case 'send':
        if (!this.#channel.closed) yield* this.#channel.send(statement.value);
        return;
      case 'lock':
        yield* this.#mutex.lock();
        yield* this.#all(statement.body, place, inLoop);
        this.#mutex.unlock();
        return;
      case 'select': {
        const cases = Object.fromEntries(statement.cases.map(({ on }) => [on, this.#waitable(on)]));
        const taken = yield* this.#sim.select(cases);
        this.#keep(taken.value);
        const chosen = statement.cases.find(({ on }) => on === taken.case);
        yield* this.#all(chosen?.body ?? [], `${place}.${taken.case}`, inLoop);
        if (taken.case === 'mutex') this.#mutex.unlock();
        return;
      }
      case 'times': {
        const left = this.#sim.cell<number>(`left at ${place}`, statement.count);
        left.set(statement.count);
        yield* loop(() => this.#round(statement.body, place, left));
        return;
      }
      case 'choose': {
        const bodies = Object.fromEntries(statement.bodies.map((body, index) => [`${index}`, body]));
        const chosen = this.#sim.choose(`choice at ${place}`, Object.keys(bodies));
        yield* this.#all(bodies[chosen] ?? [], `${place}.${chosen}`, inLoop);
        return;
      }
      case 'if':
        if (this.#cell(statement.cell).get() === statement.is) yield* this.#all(statement.body, place, inLoop);
        return;
      case 'spawn':
        // In a loop there would be two of one name.
        if (!inLoop) this.#spawn(statement.where, place, statement.body);
        return;
      default:
        this.#act(statement);
    }
  }

  *#round(body: readonly Statement[], place: string, left: Cell<number>): Round {
    yield* this.#all(body, place, true);
    left.set(left.get() - 1);
    return left.get() > 0 ? undefined : BREAK;
  }

  #keep(got: unknown): void {
    const received = got as { readonly ok: boolean; readonly value: number } | undefined;
    if (received?.ok === true) this.#cell(0).set(received.value);
  }

  #waitable(on: Wait): Waitable<unknown> {
    const all: Readonly<Record<Wait, unknown>> = {
      receive: this.#channel.receive,
      'latch 0': this.#latches[0],
      'latch 1': this.#latches[1],
      signal: this.#signal,
      'timer 0': this.#timers[0],
      'timer 1': this.#timers[1],
      mutex: this.#mutex,
    };
    return all[on] as Waitable<unknown>;
  }
}

/** Longer than any run. */
const FOR_EVER = 1_000_000;

export function subjectOf(model: RandomModel): Subject {
  const span = { from: 'from', to: 'to' };
  const properties: Property<World>[] = [
    never('bad', 'It does not happen.', 'bad'),
    within('in time', 'It comes in time.', model.bound, span),
    within('at all', 'It comes.', FOR_EVER, span),
    measure('span', 'How long it takes.', span),
  ];
  const looks = always<World>('in range', 'The cells are not both 2.', ({ cells }) =>
    cells.some((cell) => cell.get() !== 2),
  );
  return toy((sim): World => new Machine(sim, model), {
    properties: model.watched ? [...properties, looks] : properties,
  });
}

/** All that can be violated in a model. */
export function namesOf(model: RandomModel): readonly string[] {
  const errors = ['deadlock', 'panic', 'exception', 'close-of-closed', 'send-on-closed'];
  return [...(model.watched ? ['in range'] : []), 'bad', ...errors, 'in time', 'at all'];
}

/** How large the models are. */
export interface Size {
  readonly processes: number;
  readonly statements: number;
  readonly longest: number;
}

export function randomModel({ processes, statements, longest }: Size): fc.Arbitrary<RandomModel> {
  const length = fc.tuple(fc.nat(longest), fc.nat(longest)).map(([a, b]): Length => [Math.min(a, b), Math.max(a, b)]);
  const cell = fc.nat(CELLS - 1);
  const value = fc.nat(2);
  const act: fc.Arbitrary<Act> = fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('emit' as const), event: fc.constantFrom(...EVENTS) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('set' as const), cell, to: value }) },
    fc.record({ do: fc.constant('copy' as const), cell, to: cell }),
    fc.record({ do: fc.constant('add' as const), cell }),
    { weight: 2, arbitrary: fc.record({ do: fc.constant('fire' as const), latch: fc.nat(1) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('broadcast' as const, 'stop' as const) }) },
    fc.record({ do: fc.constantFrom('kill' as const, 'freeze' as const, 'thaw' as const) }),
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constantFrom('try send' as const, 'post' as const), value }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('arm' as const), timer: fc.nat(1), length }) },
  );
  const ending: fc.Arbitrary<Act> = fc.record({
    do: fc.constantFrom('close' as const, 'finish' as const, 'panic' as const),
  });
  const wait: fc.Arbitrary<Wait> = fc.constantFrom(
    'receive',
    'latch 0',
    'latch 1',
    'signal',
    'timer 0',
    'timer 1',
    'mutex',
  );
  const where: fc.Arbitrary<Where> = fc.constantFrom('free', 'scope', 'program', 'daemon');
  const { body } = fc.letrec<{ statement: Statement; body: readonly Statement[] }>((tie) => ({
    body: fc.array(tie('statement'), { maxLength: statements }),
    statement: fc.oneof(
      { maxDepth: 2, withCrossShrink: true },
      { weight: 12, arbitrary: act },
      { weight: 6, arbitrary: fc.record({ do: fc.constant('sleep' as const), length }) },
      { weight: 7, arbitrary: fc.record({ do: fc.constant('wait' as const), on: wait, keep: fc.boolean() }) },
      { weight: 3, arbitrary: fc.record({ do: fc.constant('send' as const), value }) },
      { weight: 1, arbitrary: ending },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('lock' as const), body: tie('body') }) },
      {
        weight: 3,
        arbitrary: fc.record({
          do: fc.constant('select' as const),
          cases: fc.uniqueArray(fc.record({ on: wait, body: tie('body') }), {
            minLength: 1,
            maxLength: 3,
            selector: ({ on }) => on,
          }),
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          do: fc.constant('times' as const),
          count: fc.integer({ min: 1, max: 2 }),
          body: tie('body'),
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          do: fc.constant('choose' as const),
          bodies: fc.array(tie('body'), { minLength: 2, maxLength: 2 }),
        }),
      },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('if' as const), cell, is: value, body: tie('body') }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('spawn' as const), where, body: tie('body') }) },
    ),
  }));
  const acts = fc.array(act, { maxLength: 2 });
  // A message that sends another one, or a timer that arms itself or sends a message that arms it, would go on for ever.
  const without = (...kinds: readonly Act['do'][]) => acts.map((all) => all.filter((each) => !kinds.includes(each.do)));
  return fc.record({
    processes: fc.array(fc.record({ where, body }), { minLength: 1, maxLength: processes }),
    capacity: fc.constantFrom(0, 1, Infinity),
    latency: length,
    arrived: without('post'),
    fired: without('post', 'arm'),
    emptied: acts,
    bound: fc.nat(longest + 1),
    watched: fc.boolean(),
  });
}
