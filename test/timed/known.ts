// The classic timed systems of this folder with what is known about them, for every engine to agree with.
import type { Subject } from '../../src/engine/run.ts';
import { ANY_TIME, type Bounds, between, type Duration, type OpenEnds, type Ticks } from '../../src/kernel/bounds.ts';
import type { Span } from '../../src/kernel/clock-contract.ts';
import type { Decided } from '../support/toy.ts';
import { type BrpOptions, brp } from './brp.ts';
import { csmaCd, SIGMA } from './csma-cd.ts';
import { fischer } from './fischer.ts';
import { heartbeat } from './heartbeat.ts';
import { longestWay, trainGate } from './train-gate.ts';

export interface Known {
  readonly name: string;
  /**
   * `pace`: how long the environment takes where it may take any time, which is the default, and what the verdict is
   * about. Random schedules see more of a system whose environment does something before long.
   */
  readonly subject: (pace?: Bounds) => Subject;
  readonly property: string;
  readonly expected: 'proved' | 'violated';
  /** Where the verdict is from: a publication, or an argument in the header of the model's file (`derived`). */
  readonly source: string;
  /** For what random schedules do not find: decisions that show it, at the default pace. */
  readonly shownBy?: Decided;
  /** What the measures of the system are over all timings: known exactly. */
  readonly measured?: Readonly<Record<string, Span>>;
}

/** The least length of what may take any time beyond it. */
function atLeast(min: Ticks, pace: Bounds, open: OpenEnds = 'none'): Bounds {
  return between(min, min + pace.max, open);
}

function fischers(madeOf: 'processes' | 'timers'): readonly Known[] {
  const K = 10;
  const writeClosed = between(0, K);
  const writeHalfOpen = between(0, K, 'max');
  const known = (processes: number, what: string, write: Bounds, wait: (pace: Bounds) => Bounds) => ({
    name: `fischer of ${processes} ${madeOf}, ${what}`,
    subject: (pace = ANY_TIME) => fischer({ processes, madeOf, write, wait: wait(pace), pace }),
    property: 'mutual-exclusion',
    source: 'Abadi and Lamport, TOPLAS 1994',
  });
  /** P1 looks for the second time just before P2 writes. */
  const looksBeforeWrite = (at: Ticks): Decided => ({
    'P1 #1': 0,
    'P2 #1': 0,
    'P2 #2': K,
    'P1 #3': at,
    ...(at === K && { 'tie: instead of P2 #2': 'P1' }),
    'P2 #3': K,
  });
  return [
    ...[2, 3, 4].map(
      (processes): Known => ({
        ...known(processes, 'write <= K < wait', writeClosed, (pace) => atLeast(K, pace, 'min')),
        expected: 'proved',
      }),
    ),
    ...[2, 3].map(
      (processes): Known => ({
        ...known(processes, 'write < K <= wait', writeHalfOpen, (pace) => atLeast(K, pace)),
        expected: 'proved',
      }),
    ),
    ...[2, 3].map(
      (processes): Known => ({
        ...known(processes, 'write <= K <= wait', writeClosed, (pace) => atLeast(K, pace)),
        expected: 'violated',
        ...(madeOf === 'timers' && { shownBy: looksBeforeWrite(K) }),
      }),
    ),
    {
      ...known(2, 'write <= K, wait > K/2', writeClosed, (pace) => atLeast(K / 2, pace, 'min')),
      expected: 'violated',
      ...(madeOf === 'timers' && { shownBy: looksBeforeWrite(K - 1) }),
    },
  ];
}

function csmaCds(): readonly Known[] {
  /** The second station begins at the last moment. */
  const latestCollision = (detection: Ticks): Decided => ({
    'station 1 wants to send #1': 0,
    'station 2 wants to send #1': SIGMA,
    'detected #1': detection,
  });
  const source = 'Tripakis and Yovine, FMSD 2001';
  const settled: Span = { least: 0, greatest: 2 * SIGMA, leastAttained: true, greatestAttained: false };
  const detectedAtSigma = between(0, SIGMA);
  const detectedLate = between(0, SIGMA + 1);
  return [
    ...[2, 3].flatMap((stations) =>
      ['bus-settles', 'collision-ends', 'collision-noticed'].map(
        (property): Known => ({
          name: `csma-cd of ${stations}`,
          subject: (pace = ANY_TIME) => csmaCd({ stations, pace }),
          property,
          expected: 'proved',
          source,
          measured: { 'taken-to-settled': settled },
        }),
      ),
    ),
    ...['bus-settles', 'collision-ends'].map(
      (property): Known => ({
        name: 'csma-cd, a collision is detected one tick too late',
        subject: (pace = ANY_TIME) => csmaCd({ stations: 2, detection: detectedLate, pace }),
        property,
        expected: 'violated',
        source: 'derived: sigma is the bound',
        shownBy: latestCollision(SIGMA + 1),
      }),
    ),
    {
      name: 'csma-cd, the shortest frame',
      subject: (pace = ANY_TIME) => csmaCd({ stations: 2, frame: 2 * SIGMA, pace }),
      property: 'collision-noticed',
      expected: 'proved',
      source: 'IEEE 802.3: a frame lasts for a slot at least',
    },
    {
      name: 'csma-cd, the shortest frame, a collision is detected at sigma itself',
      subject: (pace = ANY_TIME) => csmaCd({ stations: 2, frame: 2 * SIGMA, detection: detectedAtSigma, pace }),
      property: 'collision-noticed',
      expected: 'violated',
      source: 'derived: a tie',
      shownBy: latestCollision(SIGMA),
    },
    {
      name: 'csma-cd, a frame too short',
      subject: (pace = ANY_TIME) => csmaCd({ stations: 2, frame: 2 * SIGMA - 1, pace }),
      property: 'collision-noticed',
      expected: 'violated',
      source: 'IEEE 802.3: a frame lasts for a slot at least',
      shownBy: latestCollision(SIGMA - 1),
    },
  ];
}

function trainGates(): readonly Known[] {
  const source = 'Behrmann, David and Larsen, A tutorial on UPPAAL, 2004';
  return [
    ...[2, 3].flatMap((trains): Known[] => {
      const reference = {
        name: `train-gate of ${trains}`,
        subject: (pace: Duration = ANY_TIME) => trainGate({ trains, pace }),
        expected: 'proved',
        measured: {
          approach: { least: 7, greatest: longestWay(trains, 0), leastAttained: true, greatestAttained: true },
        },
      } as const;
      return [
        { ...reference, property: 'one-crosses', source },
        { ...reference, property: 'approach-to-bridge', source: 'derived: see the header of train-gate.ts' },
        {
          name: `train-gate of ${trains}, less than the longest way`,
          subject: (pace = ANY_TIME) => trainGate({ trains, pace, bound: longestWay(trains, 0) - 1 }),
          property: 'approach-to-bridge',
          expected: 'violated',
          source: 'derived: see the header of train-gate.ts',
          shownBy: Object.fromEntries(longestJourneys(trains)),
        },
      ];
    }),
    ...['one-crosses', 'approach-to-bridge'].map(
      (property): Known => ({
        name: 'train-gate, orders take less than 10',
        subject: (pace = ANY_TIME) => trainGate({ trains: 2, reaction: between(0, 10, 'max'), pace }),
        property,
        expected: 'proved',
        source: 'derived: a train can be stopped for 10',
      }),
    ),
    {
      name: 'train-gate, orders take at most 10',
      subject: (pace = ANY_TIME) => trainGate({ trains: 2, reaction: between(0, 10), pace }),
      property: 'one-crosses',
      expected: 'violated',
      source: 'derived: a train can be stopped for 10, a tie',
    },
  ];
}

/** All trains approach at once, and each takes as long as it can. */
function* longestJourneys(trains: number): Generator<[string, number]> {
  yield ['train 1 comes on #1', 10];
  for (let train = 1; train <= trains; train++) {
    yield [`train ${train} stays away #1`, 0];
    yield [`train ${train} crosses #1`, 5];
    if (train > 1) yield [`train ${train} starts #1`, 15];
  }
}

function brps(): readonly Known[] {
  const source = "D'Argenio, Katoen, Ruys and Tretmans, TACAS 1997";
  const derived = 'derived: see the header of brp.ts';
  const [N, MAX, TD] = [2, 2, 4];
  const T1 = 2 * TD + 1;
  const TR = 2 * MAX * T1 + 3 * TD;
  const givesUpAt = (2 * MAX + 1) * T1 + 2 * TD;
  const reference = { N, MAX, TD, T1, TR, SYNC: TR };
  const known = (name: string, options: Partial<BrpOptions>, property: string): Omit<Known, 'expected' | 'source'> => ({
    name: `brp, ${name}`,
    subject: (pace = ANY_TIME) => brp({ ...reference, ...options, pace }),
    property,
  });
  const tooShort = { T1: 2 * TD, TR: 2 * MAX * 2 * TD + 3 * TD };
  /** The first copy of the first chunk arrives as soon as it can, the acknowledgement of its last copy as late as it can. */
  const longPause: Decided = {
    'sender gets a file #1': 0,
    'L keeps it #1': 'no',
    'L keeps it #2': 'no',
    'K message latency #3': TD,
    'L message latency #1': TD,
    'K keeps it #4': 'no',
    'K keeps it #5': 'no',
  };
  const lastCopyArrives: Decided = { ...longPause, 'K message latency #4': TD };
  const nothingArrives: Decided = { ...longPause, 'K keeps it #6': 'no' };
  /** Of the first chunk, as late as it can; its acknowledgement does not. The sender is done in the same instant, but first. */
  const onlyLastCopyArrives: Decided = {
    'sender gets a file #1': 0,
    'K keeps it #1': 'no',
    'K keeps it #2': 'no',
    'K message latency #1': TD,
    'L keeps it #1': 'no',
    'tie: instead of TR #1': 'sender sleep',
  };
  return [
    ...['channels-free', 'T1-on-time', 'TR-on-time', 'SYNC-on-time'].map(
      (property): Known => ({
        ...known('as published', {}, property),
        expected: 'proved',
        source,
      }),
    ),
    ...['channels-free', 'T1-on-time'].map(
      (property): Known => ({
        ...known('T1 = 2 TD', tooShort, property),
        expected: 'violated',
        source,
      }),
    ),
    {
      ...known('TR one tick less', { TR: TR - 1 }, 'TR-on-time'),
      expected: 'violated',
      source: derived,
      shownBy: lastCopyArrives,
    },
    {
      ...known('messages may take no time', { transit: between(0, TD) }, 'TR-on-time'),
      expected: 'violated',
      source: derived,
      shownBy: lastCopyArrives,
    },
    {
      ...known('as published', {}, 'sender-gives-up-first'),
      expected: 'violated',
      source: derived,
      shownBy: nothingArrives,
    },
    {
      ...known(
        'TR one tick less than the sender needs',
        { TR: givesUpAt - 1, SYNC: givesUpAt },
        'sender-gives-up-first',
      ),
      expected: 'violated',
      source: derived,
      shownBy: nothingArrives,
    },
    {
      ...known('TR is what the sender needs', { TR: givesUpAt, SYNC: givesUpAt }, 'sender-gives-up-first'),
      expected: 'proved',
      source: derived,
    },
    {
      ...known('the least SYNC', { SYNC: TR - T1 + TD + 1 }, 'SYNC-on-time'),
      expected: 'proved',
      source: derived,
    },
    {
      ...known('SYNC one tick less', { SYNC: TR - T1 + TD }, 'SYNC-on-time'),
      expected: 'violated',
      source: derived,
      shownBy: onlyLastCopyArrives,
    },
  ];
}

function heartbeats(): readonly Known[] {
  const SECOND = 1_000_000;
  const latency = between(0.001 * SECOND, 0.1 * SECOND);
  const reference = { interval: 15 * SECOND, timeout: 45 * SECOND, latency };
  const limit = reference.interval + 2 * latency.max;
  const worst = latency.max + reference.timeout;
  const source = 'derived: see the header of heartbeat.ts';
  const measured = {
    'death-to-end': {
      least: reference.timeout - reference.interval - latency.max,
      greatest: worst,
      leastAttained: true,
      greatestAttained: true,
    },
  };
  return [
    ...['dead-noticed', 'live-spared'].map(
      (property): Known => ({
        name: 'heartbeat',
        subject: () => heartbeat(reference),
        property,
        expected: 'proved',
        source,
        measured,
      }),
    ),
    {
      name: 'heartbeat, one tick less than the worst case',
      subject: () => heartbeat({ ...reference, bound: worst - 1 }),
      property: 'dead-noticed',
      expected: 'violated',
      source,
      shownBy: {
        'client dies #1': reference.interval + latency.min,
        'tie: instead of client dies #1': 'server→client ping',
        'client→server pong latency #1': latency.max,
      },
    },
    {
      name: 'heartbeat, the least timeout',
      subject: () => heartbeat({ ...reference, timeout: limit + 1 }),
      property: 'live-spared',
      expected: 'proved',
      source,
    },
    {
      name: 'heartbeat, timeout one tick less',
      subject: () => heartbeat({ ...reference, timeout: limit }),
      property: 'live-spared',
      expected: 'violated',
      source,
    },
  ];
}

export const known: readonly Known[] = [
  ...fischers('processes'),
  ...fischers('timers'),
  ...csmaCds(),
  ...trainGates(),
  ...brps(),
  ...heartbeats(),
];
