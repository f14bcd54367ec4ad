import { describe, expect, test, vi } from 'vitest';
import { Zone } from '../../src/clock/zone.ts';
import { Explorer } from '../../src/engine/exhaustive/explorer.ts';
import { Search } from '../../src/engine/exhaustive/search.ts';
import { measureExactly, type Proof, prove } from '../../src/engine/prove.ts';
import { replay } from '../../src/engine/replay.ts';
import type { Subject } from '../../src/engine/run.ts';
import type { Schedule } from '../../src/engine/schedule.ts';
import { between, type OpenEnds } from '../../src/kernel/bounds.ts';
import { HiddenStateError } from '../../src/kernel/errors.ts';
import { loop, type Round } from '../../src/kernel/loop.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import { PropertySet } from '../../src/property/monitor.ts';
import { measure, never, sometimesExactly, within } from '../../src/property/property.ts';
import { toy } from '../support/toy.ts';
import { type Known, known } from '../timed/known.ts';

const LIMITS = { maxStates: 50_000 };

function proofOf(subject: Subject, name: string, maxStates = LIMITS.maxStates): Proof {
  return prove(subject, [name], { maxStates })[0] as Proof;
}

/** The counterexample is a run like any other: its schedule alone brings it back. */
function showsAgain(subject: Subject, { property, counterexample }: Proof): boolean {
  if (counterexample === undefined) return false;
  const again = replay(subject.inTicksOf(counterexample.scale), counterexample.schedule);
  return again.stale.length === 0 && again.violations.some((each) => each.property === property);
}

/** Its states are too many for a test. Its smaller kin is looked at. */
const TOO_LARGE = 'train-gate of 3';
const looked = known.filter(({ name }) => name !== TOO_LARGE);

const proofs = new Map<Known, Proof>();

/** Searched once for all tests of this file. */
function proofOfKnown(entry: Known): Proof {
  const proof = proofs.get(entry) ?? proofOf(entry.subject(), entry.property);
  proofs.set(entry, proof);
  return proof;
}

function titled(entries: readonly Known[]): readonly [string, Known][] {
  return entries.map((entry) => [`${entry.name}: ${entry.property}`, entry]);
}

describe('what is known of the classic timed systems', () => {
  test.each(titled(looked))('%s', (_title, entry) => {
    const proof = proofOfKnown(entry);
    expect(proof.verdict).toBe(entry.expected);
    if (proof.verdict === 'violated') expect(showsAgain(entry.subject(), proof)).toBe(true);
  });

  const measured = looked.filter((entry) => entry.measured !== undefined);
  const systems = [...new Map(measured.map((entry) => [entry.name, entry])).values()];
  test.each(systems.map((entry): [string, Known] => [entry.name, entry]))('measures of %s', (_name, entry) => {
    for (const [name, span] of Object.entries(entry.measured ?? {})) {
      const { complete, least, greatest } = measureExactly(entry.subject(), name, LIMITS);
      expect(complete).toBe(true);
      expect([least?.length, least?.attained]).toEqual([span.least, span.leastAttained]);
      expect([greatest?.length, greatest?.attained]).toEqual([span.greatest, span.greatestAttained]);
      const seen = [least, greatest].map((end) => end?.witness?.run.measured.get(name));
      expect(seen[0]?.least).toBe(span.leastAttained ? span.least : span.least + 1);
      expect(seen[1]?.greatest).toBe(span.greatestAttained ? span.greatest : span.greatest - 1);
    }
  });
});

describe('states that become one', () => {
  /** The least zone that holds both, also where it holds more. */
  function hull(this: Zone, other: Zone): Zone {
    let zone: Zone | undefined = Zone.now;
    for (let row = 1; row < this.size; row++) zone = zone.insert(row, -Infinity, false, Infinity, false);
    for (let row = 0; row < this.size; row++) {
      for (let column = 0; column < this.size; column++)
        zone = zone?.constrain(row, column, Math.max(this.bound(row, column), other.bound(row, column)));
    }
    return zone as Zone;
  }

  test('what no run does is not told, should they hold more than they ought to', () => {
    const searches = vi.spyOn(Search.prototype, 'run');
    const joins = vi.spyOn(Zone.prototype, 'join').mockImplementation(hull);
    let asked = 0;
    for (const entry of looked.filter(({ name }) => !name.startsWith('csma-cd of 3'))) {
      expect(proofOf(entry.subject(), entry.property).verdict).toBe(entry.expected);
      asked++;
      for (const [name, span] of Object.entries(entry.measured ?? {})) {
        const { least, greatest } = measureExactly(entry.subject(), name, LIMITS);
        expect([least?.length, greatest?.length]).toEqual([span.least, span.greatest]);
        asked++;
      }
    }
    expect(searches.mock.calls.length).toBeGreaterThan(asked);
    joins.mockRestore();
    searches.mockRestore();
  });

  test('are fewer', () => {
    const entry = looked.find(({ name }) => name === 'csma-cd of 3') as Known;
    const states = (join: boolean) =>
      prove(entry.subject(), [entry.property], { ...LIMITS, join })[0]?.effort.states ?? 0;
    expect(states(true)).toBeLessThan(states(false));
  });
});

test('states, configurations, transitions and depth of what is proved are what they were', () => {
  const efforts = titled(looked)
    .filter(([, { expected }]) => expected === 'proved')
    .map(([title, entry]) => {
      const { states, configurations, transitions, depth } = proofOfKnown(entry).effort;
      return `${title}: ${states} ${configurations} ${transitions} ${depth}`;
    });
  expect(efforts).toMatchInlineSnapshot(`
    [
      "fischer of 2 processes, write <= K < wait: mutual-exclusion: 31 31 74 10",
      "fischer of 3 processes, write <= K < wait: mutual-exclusion: 185 185 576 15",
      "fischer of 4 processes, write <= K < wait: mutual-exclusion: 1093 1093 3956 18",
      "fischer of 2 processes, write < K <= wait: mutual-exclusion: 31 31 74 10",
      "fischer of 3 processes, write < K <= wait: mutual-exclusion: 185 185 576 15",
      "fischer of 2 timers, write <= K < wait: mutual-exclusion: 10 10 14 4",
      "fischer of 3 timers, write <= K < wait: mutual-exclusion: 23 23 42 5",
      "fischer of 4 timers, write <= K < wait: mutual-exclusion: 52 52 120 6",
      "fischer of 2 timers, write < K <= wait: mutual-exclusion: 10 10 14 4",
      "fischer of 3 timers, write < K <= wait: mutual-exclusion: 23 23 42 5",
      "csma-cd of 2: bus-settles: 84 82 209 16",
      "csma-cd of 2: collision-ends: 84 82 209 16",
      "csma-cd of 2: collision-noticed: 84 82 209 16",
      "csma-cd of 3: bus-settles: 1516 1432 5307 25",
      "csma-cd of 3: collision-ends: 1516 1432 5307 25",
      "csma-cd of 3: collision-noticed: 1516 1432 5307 25",
      "csma-cd, the shortest frame: collision-noticed: 84 82 209 16",
      "train-gate of 2: one-crosses: 226 226 618 34",
      "train-gate of 2: approach-to-bridge: 284 270 999 34",
      "train-gate, orders take less than 10: one-crosses: 239 226 676 34",
      "train-gate, orders take less than 10: approach-to-bridge: 414 324 1453 34",
      "brp, as published: channels-free: 325 212 830 32",
      "brp, as published: T1-on-time: 325 212 830 32",
      "brp, as published: TR-on-time: 325 212 830 32",
      "brp, as published: SYNC-on-time: 325 212 830 32",
      "brp, TR is what the sender needs: sender-gives-up-first: 318 205 812 32",
      "brp, the least SYNC: SYNC-on-time: 325 212 830 32",
      "heartbeat: dead-noticed: 32 12 54 17",
      "heartbeat: live-spared: 29 12 50 17",
      "heartbeat, the least timeout: live-spared: 16 7 27 11",
    ]
  `);
});

/** A server that answers each question after a while. */
function asks(answer: readonly [number, number], bound: number, open: OpenEnds = 'none', tickNs = 1_000_000): Subject {
  const span = { from: 'asks', to: 'answers' };
  return toy(
    (sim) => {
      const question = sim.channel<string>('question', 1);
      function* ask(): Round {
        yield* sim.sleep(between(answer[0], Infinity), 'pause');
        sim.emit('asks');
        yield* question.send('?');
        yield* sim.sleep(2 * answer[1], 'patience');
        return undefined;
      }
      function* serve(): Round {
        yield* question.receive.wait();
        yield* sim.sleep(between(...answer, open), 'answer');
        sim.emit('answers');
        return undefined;
      }
      sim.spawn('client', () => loop(() => ask()), { daemon: true });
      sim.spawn('server', () => loop(() => serve()), { daemon: true });
    },
    {
      tickNs,
      properties: [
        within('in time', 'Each question is answered in time.', bound, span),
        measure('span', 'How long it takes.', span),
      ],
    },
  );
}

describe('the boundary', () => {
  test('equal to the bound holds, one tick less is violated', () => {
    expect(proofOf(asks([5, 9], 9), 'in time').verdict).toBe('proved');
    const subject = asks([5, 9], 8);
    const proof = proofOf(subject, 'in time');
    expect(proof.verdict).toBe('violated');
    expect(showsAgain(subject, proof)).toBe(true);
  });

  test('an end that is open is not attained, and shown to the next tick', () => {
    expect(measureExactly(asks([5, 9], 9, 'both'), 'span', LIMITS)).toMatchObject({
      complete: true,
      least: { length: 5, attained: false, witness: {} },
      greatest: { length: 9, attained: false, witness: {} },
    });
    expect(proofOf(asks([5, 9], 9, 'max'), 'in time').verdict).toBe('proved');
  });

  test('a witness of an exact length is not seen at an end that is open', () => {
    const isSeen = (length: number, open: OpenEnds) => {
      const witness = sometimesExactly('exact', 'Just so long.', length, { from: 'asks', to: 'answers' });
      const search = new Search(new Explorer(asks([5, 9], 9, open)), new PropertySet([witness]), Infinity, LIMITS);
      return search.run(() => false).seen.has('exact');
    };
    expect([isSeen(5, 'none'), isSeen(9, 'none'), isSeen(7, 'both')]).toEqual([true, true, true]);
    expect([isSeen(5, 'min'), isSeen(9, 'max'), isSeen(4, 'none'), isSeen(10, 'none')]).toEqual(Array(4).fill(false));
  });

  test('what happens only between two ticks is shown in tenths of them', () => {
    const subject = asks([5, 9], 8, 'max');
    const { verdict, counterexample } = proofOf(subject, 'in time');
    expect([verdict, counterexample?.scale]).toEqual(['violated', 10]);
    expect(counterexample?.violation.message).toMatch(
      /^"answers", due at most 8ms after "asks", comes only after 8\.\dms$/,
    );
    const again = replay(subject.inTicksOf(10), counterexample?.schedule as Schedule);
    expect(again.stale).toEqual([]);
    expect(again.violations.map(({ property }) => property)).toEqual(['in time']);
    expect(again.digest).toBe(counterexample?.run.digest);
  });
});

describe('spans of different keys', () => {
  /** What it is asked first, it is asked again and again; the other question it answers once, as late as it can. */
  const twoKeys = (bound: number): Subject => {
    const span = { from: 'asks', to: 'answers', key: 'id', restart: true };
    return toy(
      (sim) => {
        function* again(): Round {
          sim.emit('asks', { id: 'often' });
          yield* sim.sleep(3, 'pause');
          return undefined;
        }
        sim.spawn('often', () => loop(() => again()), { daemon: true });
        sim.spawn('once', function* () {
          yield* sim.sleep(1);
          sim.emit('asks', { id: 'once' });
          yield* sim.sleep(between(8, 10), 'answer');
          sim.emit('answers', { id: 'once' });
        });
      },
      {
        properties: [
          within('in time', 'Each question is answered in time.', bound, span),
          measure('span', 'How long it takes.', span),
        ],
        limits: { horizon: 60 },
      },
    );
  };

  test('the one that is overdue is shown, whichever was asked first', () => {
    const subject = twoKeys(9);
    const proof = proofOf(subject, 'in time');
    expect(proof.verdict).toBe('violated');
    expect(showsAgain(subject, proof)).toBe(true);
    expect(proofOf(twoKeys(10), 'in time').verdict).toBe('proved');
  });

  test('of two that end in one step, the older is the longest and the younger the shortest', () => {
    const subject = toy(
      (sim) => {
        sim.spawn('asks', function* () {
          sim.emit('asks', { id: 1 });
          yield* sim.sleep(between(2, 4));
          sim.emit('asks', { id: 2 });
          yield* sim.sleep(between(1, 5));
          sim.emit('answers', { id: 2 });
          sim.emit('answers', { id: 1 });
        });
      },
      { properties: [measure('span', 'How long.', { from: 'asks', to: 'answers', key: 'id' })] },
    );
    const { least, greatest } = measureExactly(subject, 'span', LIMITS);
    expect([least?.length, least?.witness?.run.measured.get('span')?.least]).toEqual([1, 1]);
    expect([greatest?.length, greatest?.witness?.run.measured.get('span')?.greatest]).toEqual([9, 9]);
  });
});

test('constants make no difference: 50 ms and 15 s are the same work', () => {
  const [short, long] = [asks([30, 50], 50), asks([9_000, 15_000], 15_000)];
  expect(proofOf(long, 'in time').effort).toEqual(proofOf(short, 'in time').effort);
  const [shortSpan, longSpan] = [short, long].map((subject) => measureExactly(subject, 'span', LIMITS));
  expect(longSpan?.effort).toEqual(shortSpan?.effort);
  expect([shortSpan?.least?.length, shortSpan?.greatest?.length]).toEqual([30, 50]);
  expect([longSpan?.least?.length, longSpan?.greatest?.length]).toEqual([9_000, 15_000]);
});

describe('named failures', () => {
  const failing = (build: (sim: Sim) => void, name: string): void => {
    const subject = toy(build, {
      properties: [within('comes', 'It comes.', 1000, { from: 'owed', to: 'comes' })],
    });
    const proof = proofOf(subject, name);
    expect(proof.verdict).toBe('violated');
    expect(showsAgain(subject, proof)).toBe(true);
  };

  test('a response is owed for ever where nothing need happen', () => {
    failing((sim) => {
      sim.time('may never come', () => sim.emit('comes')).arm(between(0, Infinity));
      sim.emit('owed');
    }, 'comes');
  });

  test('a response is owed for ever where nothing can happen', () => {
    failing((sim) => sim.emit('owed'), 'comes');
  });

  test('deadlock', () => {
    failing((sim) => {
      const [first, second] = [sim.mutex('first'), sim.mutex('second')];
      const inOrder = (name: string, a: typeof first, b: typeof first) =>
        sim.spawn(name, function* () {
          yield* sim.sleep(between(0, 2));
          yield* a.lock();
          yield* sim.yield();
          yield* b.lock();
          b.unlock();
          a.unlock();
        });
      inOrder('one', first, second);
      inOrder('other', second, first);
    }, 'deadlock');
  });

  test('panic', () => {
    failing((sim) => {
      const early = sim.time('early');
      early.arm(between(3, 5));
      sim.spawn('late', function* () {
        yield* sim.sleep(between(1, 3));
        if (early.expired) sim.panic('too late');
      });
    }, 'panic');
  });
});

test('a search that does not come to an end names what grows', () => {
  const subject = toy(
    (sim) => {
      const counter = sim.cell<number>('counter', 0);
      function* count(): Round {
        yield* sim.sleep(1);
        counter.set(counter.get() + 1);
        return undefined;
      }
      sim.spawn('counts', () => loop(() => count()));
    },
    { properties: [never('bad', 'It does not happen.', 'bad')] },
  );
  const { verdict, stopped, growth, effort } = proofOf(subject, 'bad', 500);
  expect([verdict, stopped]).toEqual(['inconclusive', 'more than 500 states']);
  expect(effort.states).toBeGreaterThan(500);
  expect(growth?.slice(0, 2).map(({ object }) => object)).toContain('counter');
});

test('a local variable outside of the kernel, on which the way of a process depends, is an error', () => {
  const subject = toy(
    (sim) => {
      let hidden = 0;
      sim.spawn('depends', function* () {
        yield* sim.sleep(between(1, 2));
        if (hidden++ % 2 === 0) yield* sim.sleep(1);
        else yield* sim.latch('other').wait();
        yield* sim.sleep(1);
        sim.emit('bad');
      });
      sim.spawn('other', () => sim.sleep(between(1, 4)));
    },
    { properties: [never('bad', 'It does not happen.', 'bad')] },
  );
  expect(() => prove(subject, ['bad', 'deadlock'], LIMITS)).toThrow(HiddenStateError);
});
