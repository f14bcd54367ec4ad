import { performance } from 'node:perf_hooks';
import type { FakeTimersClock } from '../src/clock/fake-timers-clock.ts';
import { hintsOf } from '../src/engine/hints.ts';
import { RandomStrategy } from '../src/engine/random-strategy.ts';
import { run, Subject } from '../src/engine/run.ts';
import { BATCH_SIZE, batchSeed, simulateBatch } from '../src/engine/simulate.ts';
import type { OptionName, Site, Strategy } from '../src/kernel/decision.ts';
import type { AnyModel } from '../src/model/model.ts';
import { type BareWork, bareLoop, bareLoopOnLeanHost, bareLoopOnOneClock } from './bare-loop.ts';

/** Seconds that something took: as the user waits for it, and of all processors together, garbage collection included. */
interface Took {
  readonly wall: number;
  readonly cpu: number;
}

/** What simulate did in one variant, and how it compares with bare loops of the same number of firings. */
export interface Measurement {
  readonly variant: string;
  readonly runs: number;
  readonly firingsPerRun: number;
  /** Timers pending at a time, on average, rounded. */
  readonly pending: number;
  readonly schedulesPerSecond: number;
  readonly firingsPerSecond: number;
  /** Simulated seconds for each second of wall time. */
  readonly simulatedPerSecond: number;
  /** Time of the bare loop divided by ours; medians over the rounds. */
  readonly ratios: { readonly [loop in keyof typeof LOOPS]: Took };
}

const LOOPS = { userClock: bareLoop, leanClock: bareLoopOnLeanHost, oneClock: bareLoopOnOneClock } as const;
type Loop = keyof typeof LOOPS;
const LOOP_NAMES = Object.keys(LOOPS) as Loop[];

/** A round of a bare loop repeats its work until it is about as long as a round of ours. */
const BARE_REPEATS = 2;

interface Round {
  readonly ours: Took;
  readonly firings: number;
  readonly simulatedSeconds: number;
  readonly bare: Readonly<Record<Loop, Took>>;
}

/** Alternates rounds of simulate and of the bare loops, after `warmUps` that do not count. */
export function measure(model: AnyModel, variant: string, rounds: number, warmUps: number): Measurement {
  const subject = new Subject(model, variant);
  const pending = pendingTimers(subject);
  const all: Round[] = [];
  for (let round = 0; round < warmUps + rounds; round++) {
    const measured = oneRound(subject, batchSeed(1, round), pending);
    if (round >= warmUps) all.push(measured);
  }
  const perSecond = (of: (round: Round) => number) => median(all.map((each) => of(each) / each.ours.wall));
  const ratio = (loop: Loop): Took => ({
    wall: median(all.map((each) => each.bare[loop].wall / each.ours.wall)),
    cpu: median(all.map((each) => each.bare[loop].cpu / each.ours.cpu)),
  });
  return {
    variant,
    runs: rounds * BATCH_SIZE,
    firingsPerRun: all.reduce((sum, each) => sum + each.firings, 0) / (rounds * BATCH_SIZE),
    pending,
    schedulesPerSecond: perSecond(() => BATCH_SIZE),
    firingsPerSecond: perSecond((each) => each.firings),
    simulatedPerSecond: perSecond((each) => each.simulatedSeconds),
    ratios: { userClock: ratio('userClock'), leanClock: ratio('leanClock'), oneClock: ratio('oneClock') },
  };
}

function oneRound(subject: Subject, seed: number, pending: number): Round {
  let firings = 0;
  let simulated = 0;
  const ours = timed(() => {
    const result = simulateBatch(subject, seed, BATCH_SIZE);
    firings = result.firings;
    simulated = result.simulated;
  });
  const work: BareWork = { runs: BATCH_SIZE, firings, pending };
  const bare = Object.fromEntries(LOOP_NAMES.map((loop) => [loop, timedBare(LOOPS[loop], work)]));
  return {
    ours,
    firings,
    simulatedSeconds: (simulated * subject.tickNs) / 1e9,
    bare: bare as Record<Loop, Took>,
  };
}

function timedBare(loop: (work: BareWork) => void, work: BareWork): Took {
  const { wall, cpu } = timed(() => {
    for (let i = 0; i < BARE_REPEATS; i++) loop(work);
  });
  return { wall: wall / BARE_REPEATS, cpu: cpu / BARE_REPEATS };
}

function timed(work: () => void): Took {
  const wallBefore = performance.now();
  const cpuBefore = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(cpuBefore);
  return { wall: (performance.now() - wallBefore) / 1e3, cpu: (user + system) / 1e6 };
}

/** How many timers are pending when the model arms one whose length is free, on average over some runs. */
function pendingTimers(subject: Subject): number {
  const counts: number[] = [];
  const hints = hintsOf(subject);
  for (let seed = 1; seed <= 50; seed++) {
    run(subject, (clock) => new PendingCounter(clock, new RandomStrategy(seed, clock, hints), counts));
  }
  return Math.max(1, Math.round(counts.reduce((sum, count) => sum + count, 0) / counts.length));
}

/** Decides as another strategy does, and counts the pending timers whenever it is asked for a length. */
class PendingCounter implements Strategy {
  readonly #clock: FakeTimersClock;
  readonly #strategy: Strategy;
  readonly #counts: number[];

  constructor(clock: FakeTimersClock, strategy: Strategy, counts: number[]) {
    this.#clock = clock;
    this.#strategy = strategy;
    this.#counts = counts;
  }

  delay(site: Site, least: number, greatest: number): number {
    this.#counts.push(this.#clock.dueWithin(0, Infinity).length);
    return this.#strategy.delay(site, least, greatest);
  }

  order(site: Site, count: number, optionName: OptionName): number {
    return this.#strategy.order(site, count, optionName);
  }

  choice(site: Site, options: readonly string[]): number {
    return this.#strategy.choice(site, options);
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}
