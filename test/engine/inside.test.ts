// The check that runs lie inside what a search looks at: it holds for toys, and notices what is taken away.
import { afterEach, describe, expect, test, vi } from 'vitest';
import { SymbolicClock } from '../../src/clock/symbolic-clock.ts';
import { Zone } from '../../src/clock/zone.ts';
import { Explorer } from '../../src/engine/exhaustive/explorer.ts';
import { Passed } from '../../src/engine/exhaustive/passed.ts';
import type { Subject } from '../../src/engine/run.ts';
import { between } from '../../src/kernel/bounds.ts';
import { type Explored, exploredOf, Follower, leavesExplorer, leavesGraph, type Outside } from '../support/inside.ts';
import { stepwise } from '../support/stepwise.ts';
import { TOYS } from '../support/toys.ts';
import { fischer } from '../timed/fischer.ts';
import { trainGate } from '../timed/train-gate.ts';

const RUNS = 10;
const STEPS_MOST = 200;

const small = (): Subject =>
  fischer({ processes: 2, madeOf: 'processes', write: between(0, 10), wait: between(11, 20), pace: between(0, 30) });

function outsideExplorer(subject: Subject): readonly Outside[] {
  const follower = new Follower(subject);
  return Array.from({ length: RUNS }, (_, seed) => leavesExplorer(follower, stepwise(subject, seed, STEPS_MOST)));
}

function outsideGraph(subject: Subject, explored: Explored): readonly Outside[] {
  return Array.from({ length: RUNS }, (_, seed) => leavesGraph(explored, stepwise(subject, seed, STEPS_MOST)));
}

const INSIDE: readonly Outside[] = Array.from({ length: RUNS }, () => undefined);

afterEach(() => {
  vi.restoreAllMocks();
});

describe('random runs', () => {
  test.each([...TOYS.filter(([name]) => name !== 'grid'), ['fischer', small] as const])(
    'of %s can be made step by step',
    (_name, make) => {
      expect(outsideExplorer(make())).toEqual(INSIDE);
    },
  );

  test('go along the edges of a search', () => {
    const subject = small();
    expect(outsideGraph(subject, exploredOf(subject, 5000) as Explored)).toEqual(INSIDE);
  });
});

describe('it is noticed', () => {
  test('that a search leaves out what could go first', () => {
    const all = Explorer.prototype.candidates;
    const some = vi.spyOn(Explorer.prototype, 'candidates').mockImplementation(function (
      this: Explorer,
      configuration,
      zone,
    ) {
      const candidates = all.call(this, configuration, zone);
      return candidates.length > 1 ? candidates.slice(1) : candidates;
    });
    const subject = small();
    const explored = exploredOf(subject, 5000) as Explored;
    some.mockRestore();
    expect(outsideGraph(subject, explored)).not.toEqual(INSIDE);
  });

  test('that an explorer does', () => {
    const all = Explorer.prototype.candidates;
    vi.spyOn(Explorer.prototype, 'candidates').mockImplementation(function (this: Explorer, configuration, zone) {
      return all.call(this, configuration, zone).slice(0, 1);
    });
    expect(outsideExplorer(small())).not.toEqual(INSIDE);
  });

  test('that a state is dropped though none includes it', () => {
    const includes = vi.spyOn(Zone.prototype, 'includes').mockReturnValue(true);
    const subject = trainGate({ trains: 2, reaction: between(0, 10, 'max'), pace: between(0, 50) });
    const explored = exploredOf(subject, 5000) as Explored;
    includes.mockRestore();
    expect(outsideGraph(subject, explored)).not.toEqual(INSIDE);
  });

  test('that a state is dropped though none is there', () => {
    const add = Passed.prototype.add;
    let count = 0;
    const dropping = vi.spyOn(Passed.prototype, 'add').mockImplementation(function (this: Passed, node) {
      const into = add.call(this, node);
      return into === undefined && ++count % 7 === 0 ? node : into;
    });
    const subject = small();
    const explored = exploredOf(subject, 5000) as Explored;
    dropping.mockRestore();
    expect(outsideGraph(subject, explored)).not.toEqual(INSIDE);
  });

  test('that a clock allows less than the model', () => {
    const arm = SymbolicClock.prototype.arm;
    vi.spyOn(SymbolicClock.prototype, 'arm').mockImplementation(function (this: SymbolicClock, timer, bounds, after) {
      arm.call(this, timer, bounds.max > bounds.min ? { ...bounds, max: bounds.max - 1 } : bounds, after);
    });
    const subject = small();
    expect(outsideExplorer(subject)).not.toEqual(INSIDE);
    expect(outsideGraph(subject, exploredOf(subject, 5000) as Explored)).not.toEqual(INSIDE);
  });
});
