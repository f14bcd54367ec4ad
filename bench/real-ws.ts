/**
 * How much faster than time do sessions of the real `ws` run under the simulator? The heartbeat of its README, server and
 * client unmodified, on random schedules. Must be called where no promise is being run: from a `setImmediate`.
 */
import { hintsOf } from '../src/engine/hints.ts';
import { RandomStrategy } from '../src/engine/random-strategy.ts';
import { run, Subject } from '../src/engine/run.ts';
import { realHeartbeat } from '../test/real-code/arms.ts';

const RUNS = 200;
const WARM_UPS = 50;

/** What the project asks for: simulated time is at least so many times the time that it takes. */
const FASTER_MIN = 1000;

export interface RealSessions {
  readonly runs: number;
  readonly simulatedSeconds: number;
  readonly seconds: number;
}

export function realSessions(): RealSessions {
  const subject = new Subject(realHeartbeat, 'recipe');
  const hints = hintsOf(subject);
  const session = (seed: number) => run(subject, (clock) => new RandomStrategy(seed, clock, hints)).endedAt;
  for (let seed = 1; seed <= WARM_UPS; seed++) session(seed);
  const begun = performance.now();
  let ticks = 0;
  for (let seed = 1; seed <= RUNS; seed++) ticks += session(WARM_UPS + seed);
  return {
    runs: RUNS,
    simulatedSeconds: (ticks * subject.tickNs) / 1e9,
    seconds: (performance.now() - begun) / 1000,
  };
}

export function realSessionsText({ runs, simulatedSeconds, seconds }: RealSessions): string {
  const faster = Math.round(simulatedSeconds / seconds).toLocaleString('en-US');
  const each = (simulatedSeconds / runs).toFixed(0);
  return `real ws, server and client, under the simulator: ${faster} x faster than time (${runs} runs of ${each} s on average)   wanted: at least ${FASTER_MIN.toLocaleString('en-US')} x`;
}
