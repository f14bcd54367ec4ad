import { describe, expect, test } from 'vitest';
import type { Cell, Plain } from '../../src/kernel/cell.ts';
import { ModelError } from '../../src/kernel/errors.ts';
import { loop } from '../../src/kernel/loop.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import { PropertySet } from '../../src/property/monitor.ts';
import {
  always,
  isPromise,
  measure,
  never,
  type Property,
  sometimes,
  sometimesExactly,
  within,
} from '../../src/property/property.ts';
import { type NoParameters, runOf, type ToyOptions } from '../support/toy.ts';

type Beat = readonly [at: number, event: string, data?: Plain];

/** A process that emits each event at its time since the start. */
function beats(sim: Sim, list: readonly Beat[]): void {
  sim.spawn('beats', function* () {
    let now = 0;
    for (const [at, event, data] of list) {
      if (at > now) yield* sim.sleep(at - now);
      now = at;
      sim.emit(event, data);
    }
  });
}

/** What the properties say about a run with these events: each violation, witness and measured span. */
function judge(
  properties: readonly Property<unknown>[],
  list: readonly Beat[],
  limits: ToyOptions<NoParameters, unknown>['limits'] = {},
) {
  const run = runOf((sim) => beats(sim, list), {}, { properties, limits });
  return [
    ...run.violations.map(({ property, at, message }) => `${property} at ${at}: ${message}`),
    ...[...run.seen].map((name) => `${name} was seen`),
    ...[...run.measured].map(([name, { least, greatest }]) => `${name}: ${least}..${greatest}`),
  ];
}

describe('always', () => {
  const run = (build: (sim: Sim) => () => boolean) =>
    runOf(
      (sim) => ({ holds: build(sim) }),
      {},
      {
        properties: [always<{ holds: () => boolean }>('ok', 'All is well.', (world) => world.holds())],
      },
    ).violations;

  test('is looked at in the very first state', () => {
    expect(run(() => () => false)).toMatchInlineSnapshot(`
      [
        {
          "at": 0,
          "message": "is false in this state",
          "property": "ok",
        },
      ]
    `);
    expect(run(() => () => true)).toEqual([]);
  });

  test('is looked at after each step, not within it', () => {
    const build = (yields: boolean) => (sim: Sim) => {
      const cell = sim.cell<string>('state', 'good');
      sim.spawn('a', function* () {
        yield* sim.sleep(5);
        cell.set('bad');
        if (yields) yield* sim.yield();
        cell.set('good');
      });
      return () => cell.get() === 'good';
    };
    expect(run(build(false))).toEqual([]);
    expect(run(build(true))).toMatchInlineSnapshot(`
      [
        {
          "at": 5,
          "message": "is false in this state",
          "property": "ok",
        },
      ]
    `);
  });

  test('is violated once, however long it does not hold; the run goes on', () => {
    const result = runOf(
      (sim) => {
        const cell = sim.cell<number>('n', 0);
        sim.spawn('a', function* () {
          for (let n = 1; n <= 5; n++) {
            yield* sim.sleep(10);
            cell.set(n);
            sim.emit('n', n);
          }
        });
        return cell;
      },
      {},
      { properties: [always<Cell<number>>('small', 'n stays below 3.', (cell) => cell.get() < 3)] },
    );
    expect(result.violations).toMatchInlineSnapshot(`
      [
        {
          "at": 30,
          "message": "is false in this state",
          "property": "small",
        },
      ]
    `);
    expect(result.trace.at(-1)).toEqual({ at: 50, lane: 'a', name: 'n', data: 5 });
  });

  // Each of these is all that its step changes, and nothing happens after it for a second.
  test.each<[what: string, build: (sim: Sim) => { act: () => unknown; holds: () => boolean }]>([
    [
      'a cell',
      (sim) => {
        const cell = sim.cell<number>('c', 0);
        return { act: () => cell.set(1), holds: () => cell.get() === 0 };
      },
    ],
    [
      'a process that is spawned',
      (sim) => {
        const part = sim.scope('part');
        return { act: () => void part.spawn('p', () => part.sleep(1)), holds: () => part.leftovers.processes === 0 };
      },
    ],
    [
      'a process that is killed',
      (sim) => {
        const process = sim.spawn('p', () => sim.sleep(500));
        return { act: () => process.kill(), holds: () => process.state !== 'ended' };
      },
    ],
    [
      'a process that is frozen',
      (sim) => {
        const process = sim.spawn('p', () => sim.sleep(500));
        return { act: () => process.freeze(), holds: () => !process.frozen };
      },
    ],
    [
      'a process that is thawed',
      (sim) => {
        const process = sim.spawn('p', () => sim.sleep(500));
        process.freeze();
        return { act: () => process.thaw(), holds: () => process.frozen };
      },
    ],
    [
      'a lock that is taken',
      (sim) => {
        const mutex = sim.mutex('mu');
        return { act: () => mutex.lock(), holds: () => mutex.owner === undefined };
      },
    ],
    [
      'one that waits for a lock',
      (sim) => {
        const mutex = sim.mutex('mu');
        sim.spawn('holder', function* () {
          yield* mutex.lock();
          yield* sim.sleep(500);
          mutex.unlock();
        });
        return { act: () => mutex.lock(), holds: () => !mutex.hasWaiters };
      },
    ],
    [
      'a message in a channel',
      (sim) => {
        const channel = sim.channel<null>('ch', 1);
        return { act: () => void channel.trySend(null), holds: () => channel.length === 0 };
      },
    ],
    [
      'a message that is taken out of it',
      (sim) => {
        const channel = sim.channel<null>('ch', 1);
        channel.trySend(null);
        return { act: () => channel.receive.wait() as Proc<never>, holds: () => channel.length === 1 };
      },
    ],
    [
      'a channel that is closed',
      (sim) => {
        const channel = sim.channel<null>('ch', 1);
        return { act: () => channel.close(), holds: () => !channel.closed };
      },
    ],
    [
      'a latch that fires',
      (sim) => {
        const latch = sim.latch('l');
        return { act: () => latch.fire(), holds: () => !latch.fired };
      },
    ],
    [
      'a timer that is armed',
      (sim) => {
        const timer = sim.timer('t');
        return { act: () => timer.arm(1000), holds: () => !timer.pending };
      },
    ],
    [
      'a timer that is stopped',
      (sim) => {
        const timer = sim.deadline('t', 1000);
        return { act: () => timer.stop(), holds: () => timer.pending };
      },
    ],
    [
      'a tick that is taken',
      (sim) => {
        const ticker = sim.ticker('t', 3);
        const end = sim.deadline('end', 4);
        end.onFire = () => ticker.stop();
        return { act: () => ticker.wait(), holds: () => ticker.isReady() || !end.expired };
      },
    ],
    [
      'a message in flight',
      (sim) => {
        const line = sim.line('a→b', () => {});
        return { act: () => line.send(null, 'x', 1000), holds: () => line.inFlight === 0 };
      },
    ],
  ])('sees %s', (_what, build) => {
    const violations = run((sim) => {
      const { act, holds } = build(sim);
      sim.spawn(
        'actor',
        function* () {
          yield* sim.sleep(5);
          const body = act() as Proc | undefined;
          if (body !== undefined) yield* body;
          yield* sim.latch('for ever').wait();
        },
        { daemon: true },
      );
      return holds;
    });
    expect(violations.map(({ property, at }) => [property, at])).toEqual([['ok', 5]]);
  });
});

describe('never', () => {
  const noBoom = never('no-boom', 'No boom.', 'boom');
  const noBig = never('no-big-boom', 'No big boom.', {
    event: 'boom',
    where: (data: { size: number }) => data.size > 3,
  });

  test('such an event violates, the first one is told', () => {
    expect(
      judge(
        [noBoom],
        [
          [1, 'bim'],
          [2, 'boom', { size: 3 }],
          [3, 'boom'],
        ],
      ),
    ).toMatchInlineSnapshot(`
      [
        "no-boom at 2: this must never happen: boom {"size":3}",
      ]
    `);
    expect(judge([noBoom], [[1, 'bim']])).toEqual([]);
  });

  test('only where the condition holds', () => {
    expect(judge([noBig], [[1, 'boom', { size: 3 }]])).toEqual([]);
    expect(
      judge(
        [noBig],
        [
          [1, 'boom', { size: 3 }],
          [2, 'boom', { size: 4 }],
        ],
      ),
    ).toMatchInlineSnapshot(`
      [
        "no-big-boom at 2: this must never happen: boom {"size":4}",
      ]
    `);
  });
});

describe('sometimes', () => {
  test('is seen or not, and never a violation', () => {
    const boom = sometimes('boom', 'A boom.', 'boom');
    const big = sometimes('big', 'A big boom.', { event: 'boom', where: (data: number) => data > 3 });
    expect(judge([boom, big], [[1, 'bim']])).toEqual([]);
    expect(judge([boom, big], [[1, 'boom', 3]])).toEqual(['boom was seen']);
    expect(judge([boom, big], [[1, 'boom', 4]])).toEqual(['boom was seen', 'big was seen']);
  });
});

describe('sometimesExactly', () => {
  const met = sometimesExactly('met', 'An answer in the same instant as the deadline.', 10, {
    from: 'question',
    to: 'answer',
  });

  test('is seen when a span lasts so many ticks, and not one more or less', () => {
    expect(
      judge(
        [met],
        [
          [5, 'question'],
          [14, 'answer'],
        ],
      ),
    ).toEqual([]);
    expect(
      judge(
        [met],
        [
          [5, 'question'],
          [15, 'answer'],
        ],
      ),
    ).toEqual(['met was seen']);
    expect(
      judge(
        [met],
        [
          [5, 'question'],
          [16, 'answer'],
        ],
      ),
    ).toEqual([]);
    expect(judge([met], [[5, 'question']])).toEqual([]);
  });

  test('in any of several spans', () => {
    const list: Beat[] = [
      [0, 'question'],
      [9, 'answer'],
      [20, 'question'],
      [30, 'answer'],
      [40, 'question'],
    ];
    expect(judge([met], list)).toEqual(['met was seen']);
  });
});

describe('within', () => {
  const answered = within('answered', 'Each question is answered in time.', 10, { from: 'question', to: 'answer' });

  test('exactly at the bound holds, one tick beyond is violated', () => {
    expect(
      judge(
        [answered],
        [
          [5, 'question'],
          [14, 'answer'],
        ],
      ),
    ).toEqual(['answered: 9..9']);
    expect(
      judge(
        [answered],
        [
          [5, 'question'],
          [15, 'answer'],
        ],
      ),
    ).toEqual(['answered: 10..10']);
    expect(
      judge(
        [answered],
        [
          [5, 'question'],
          [16, 'answer'],
        ],
      ),
    ).toMatchInlineSnapshot(`
      [
        "answered at 16: "answer", due at most 10ms after "question", comes only after 11ms",
        "answered: 11..11",
      ]
    `);
  });

  test('a bound of nothing: in the same instant', () => {
    const atOnce = within('at-once', 'At once.', 0, { from: 'question', to: 'answer' });
    expect(
      judge(
        [atOnce],
        [
          [5, 'question'],
          [5, 'answer'],
        ],
      ),
    ).toEqual(['at-once: 0..0']);
    expect(
      judge(
        [atOnce],
        [
          [5, 'question'],
          [6, 'answer'],
        ],
      ),
    ).toMatchInlineSnapshot(`
      [
        "at-once at 6: "answer", due at most 0 after "question", comes only after 1ms",
        "at-once: 1..1",
      ]
    `);
  });

  test('an answer that nobody waits for means nothing', () => {
    expect(
      judge(
        [answered],
        [
          [5, 'answer'],
          [50, 'answer'],
        ],
      ),
    ).toEqual([]);
  });

  test('from the first question, or the last one, as is asked', () => {
    const list: Beat[] = [
      [5, 'question'],
      [12, 'question'],
      [20, 'answer'],
      [40, 'answer'],
    ];
    const restarted = within('restarted', 'After the last one.', 10, { from: 'question', to: 'answer', restart: true });
    expect(judge([answered, restarted], list)).toMatchInlineSnapshot(`
      [
        "answered at 20: "answer", due at most 10ms after "question", comes only after 15ms",
        "answered: 15..15",
        "restarted: 8..8",
      ]
    `);
  });

  test('with a key, only events with equal fields belong together', () => {
    const keyed = within('keyed', 'Each of its own.', 10, { from: 'question', to: 'answer', key: 'id' });
    const list: Beat[] = [
      [0, 'question', { id: 'a' }],
      [5, 'question', { id: 'b' }],
      [10, 'answer', { id: 'a' }],
      [15, 'answer', { id: 'b' }],
    ];
    expect(judge([keyed], list)).toEqual(['keyed: 10..10']);
    const crossed: Beat[] = [...list.slice(0, 2), [6, 'answer', { id: 'b' }], [11, 'answer', { id: 'a' }]];
    expect(judge([keyed], crossed)).toMatchInlineSnapshot(`
      [
        "keyed at 11: "answer", due at most 10ms after "question", comes only after 11ms",
        "keyed: 1..11",
      ]
    `);
    const wrongKey: Beat[] = [
      [0, 'question', { id: 'a' }],
      [1, 'answer', { id: 'c' }],
    ];
    expect(judge([keyed], wrongKey)).toMatchInlineSnapshot(`
      [
        "keyed at 1: "answer", due at most 10ms after "question", can never come: nothing can happen any more",
      ]
    `);
  });

  test('conditions on both ends', () => {
    const polite = within('polite', 'Polite ones.', 10, {
      from: { event: 'question', where: (data: string) => data.endsWith('please') },
      to: { event: 'answer', where: (data: string) => data !== 'er' },
    });
    expect(judge([polite], [[0, 'question', 'what']])).toEqual([]);
    const list: Beat[] = [
      [0, 'question', 'what please'],
      [3, 'answer', 'er'],
      [11, 'answer', 'that'],
    ];
    expect(judge([polite], list)).toMatchInlineSnapshot(`
      [
        "polite at 11: "answer", due at most 10ms after "question", comes only after 11ms",
        "polite: 11..11",
      ]
    `);
  });

  test('one event can end a span and start the next', () => {
    const steady = within('steady', 'A beat in time.', 10, { from: 'beat', to: 'beat' });
    const list: Beat[] = [
      [0, 'beat'],
      [10, 'beat'],
      [20, 'beat'],
      [31, 'beat'],
    ];
    expect(judge([steady], list)).toMatchInlineSnapshot(`
      [
        "steady at 31: "beat", due at most 10ms after "beat", comes only after 11ms",
        "steady: 10..11",
      ]
    `);
  });

  test('owed when nothing can happen any more: violated, though it is not late yet', () => {
    expect(
      judge(
        [answered],
        [
          [5, 'question'],
          [6, 'bim'],
        ],
      ),
    ).toMatchInlineSnapshot(`
      [
        "answered at 6: "answer", due at most 10ms after "question", can never come: nothing can happen any more",
      ]
    `);
  });

  test('owed at a deadlock: violated too; owed when the model fails in another way: nobody knows', () => {
    const owedAt = (end: (sim: Sim) => Proc) =>
      runOf(
        (sim) => {
          beats(sim, [[5, 'question']]);
          sim.spawn('end', () => end(sim));
        },
        {},
        { properties: [answered] },
      ).violations.map(({ property, message }) => `${property}: ${message}`);
    const deadlock = owedAt((sim) => sim.latch('never').wait());
    expect(deadlock).toMatchInlineSnapshot(`
      [
        "answered: "answer", due at most 10ms after "question", can never come: nothing can happen any more",
        "deadlock: nothing can happen any more, but end waits for never",
      ]
    `);
    const exception = owedAt(function* (sim) {
      yield* sim.sleep(6);
      throw new Error('oops');
    });
    expect(exception).toMatchInlineSnapshot(`
      [
        "exception: end threw: oops",
      ]
    `);
  });

  test('owed at the horizon: violated only if it is overdue', () => {
    const forever = (horizon: number) =>
      runOf(
        (sim) => {
          beats(sim, [[5, 'question']]);
          sim.spawn('ticking', () =>
            loop(function* () {
              yield* sim.sleep(1);
              return undefined;
            }),
          );
        },
        {},
        { properties: [answered], limits: { horizon } },
      ).violations;
    expect(forever(15)).toEqual([]);
    expect(forever(16)).toMatchInlineSnapshot(`
      [
        {
          "at": 16,
          "message": ""answer", due at most 10ms after "question", has not come after 11ms",
          "property": "answered",
        },
      ]
    `);
  });

  test('owed when the story is over: violated only if it is overdue', () => {
    const finishedAt = (at: number) =>
      runOf(
        (sim) => {
          beats(sim, [[5, 'question']]);
          sim.deadline('end', at).onFire = () => sim.finish();
        },
        {},
        { properties: [answered] },
      ).violations;
    expect(finishedAt(15)).toEqual([]);
    expect(finishedAt(16)).toMatchInlineSnapshot(`
      [
        {
          "at": 16,
          "message": ""answer", due at most 10ms after "question", has not come after 11ms",
          "property": "answered",
        },
      ]
    `);
  });
});

describe('measure', () => {
  test('gives the least and the greatest, and never a violation', () => {
    const span = measure('span', 'How long.', { from: 'start', to: 'stop' });
    const list: Beat[] = [
      [0, 'start'],
      [7, 'stop'],
      [10, 'start'],
      [13, 'stop'],
      [20, 'start'],
      [90, 'stop'],
      [91, 'start'],
    ];
    expect(judge([span], list)).toEqual(['span: 3..70']);
    expect(judge([span], [[0, 'start']])).toEqual([]);
  });
});

describe('several properties', () => {
  test('the first violation of each is kept, and the run goes on to its end', () => {
    const properties = [
      never('no-boom', 'No boom.', 'boom'),
      never('no-bang', 'No bang.', 'bang'),
      within('calm', 'Calm soon.', 1, { from: 'boom', to: 'calm' }),
    ];
    const list: Beat[] = [
      [1, 'boom'],
      [2, 'boom'],
      [3, 'bang'],
      [9, 'calm'],
      [10, 'boom'],
      [20, 'calm'],
      [30, 'bang'],
    ];
    expect(judge(properties, list)).toMatchInlineSnapshot(`
      [
        "no-boom at 1: this must never happen: boom",
        "no-bang at 3: this must never happen: bang",
        "calm at 9: "calm", due at most 1ms after "boom", comes only after 8ms",
        "calm: 8..10",
      ]
    `);
  });

  test('what went wrong with the model itself stands beside them', () => {
    const run = runOf(
      (sim) => {
        beats(sim, [[1, 'boom']]);
        sim.spawn('a', () => sim.latch('l').wait());
      },
      {},
      { properties: [never('no-boom', 'No boom.', 'boom')] },
    );
    expect(run.violations.map(({ property }) => property)).toEqual(['no-boom', 'deadlock']);
  });

  test.each<[sort: string, other: Property<unknown>]>([
    ['always', always('calm', '', () => true)],
    ['never', never('calm', '', 'boom')],
    ['within', within('calm', '', 1, { from: 'boom', to: 'calm' })],
    ['measure', measure('calm', '', { from: 'boom', to: 'calm' })],
    ['sometimes', sometimes('calm', '', 'calm')],
    ['sometimesExactly', sometimesExactly('calm', '', 1, { from: 'boom', to: 'calm' })],
  ])('two of one name are refused, be they of different sorts: never and %s', (_sort, other) => {
    const refused = new ModelError('duplicate-name', 'two properties are called calm');
    const first = never('calm', '', 'panic');
    expect(() => new PropertySet([first, other])).toThrow(refused);
    expect(() => new PropertySet([other, never('bystander', '', 'x'), first])).toThrow(refused);
    expect(new PropertySet([first, { ...other, name: 'calm too' }]).all).toHaveLength(2);
  });

  test('a model with two of one name does not run at all', () => {
    const twice = [never('calm', '', 'boom'), sometimes('calm', '', 'calm')];
    expect(() => judge(twice, [])).toThrow(new ModelError('duplicate-name', 'two properties are called calm'));
  });

  test('which of them can be violated', () => {
    const span = { from: 'a', to: 'b' };
    const promises = [
      always('always', '', () => true),
      never('never', '', 'a'),
      within('within', '', 1, span),
      measure('measure', '', span),
      sometimes('sometimes', '', 'a'),
    ].filter(isPromise);
    expect(promises.map(({ name }) => name)).toEqual(['always', 'never', 'within']);
  });
});
