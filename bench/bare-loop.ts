import FakeTimers from '@sinonjs/fake-timers';
import { createFakeClock } from '../src/clock/fake-timers-clock.ts';

/** What a bare loop does: so many runs with so many timer firings in all, and so many timers pending at a time. */
export interface BareWork {
  readonly runs: number;
  readonly firings: number;
  readonly pending: number;
}

/** The part of a fake clock that the loop uses. */
interface LoopClock {
  setTimeout(callback: () => void, delay: number): unknown;
  next(): unknown;
}

/** The lengths of the timers, in turn: different ones, so that the pending timers are in no trivial order. */
const DELAYS = [15_000, 1, 100, 45_000, 20_000, 37, 2_000, 60_000] as const;

/** One clock for each run, made as a user of fake timers makes it. What the ratio is about. */
export function bareLoop(work: BareWork): void {
  manyClocks(work, () => FakeTimers.createClock() as unknown as LoopClock);
}

/** One clock for each run, on the lean host that ours is on. */
export function bareLoopOnLeanHost(work: BareWork): void {
  manyClocks(work, createFakeClock);
}

/** One clock for all runs, made as a user makes it: firings and nothing else. */
export function bareLoopOnOneClock(work: BareWork): void {
  drive(FakeTimers.createClock() as unknown as LoopClock, work.firings, work.pending);
}

function manyClocks({ runs, firings, pending }: BareWork, createClock: () => LoopClock): void {
  for (let run = 0, done = 0; run < runs; run++) {
    const upTo = Math.round((firings * (run + 1)) / runs);
    drive(createClock(), upTo - done, pending);
    done = upTo;
  }
}

/** Let `firings` timers fire, each of which arms the next one: `pending` are armed all the time. */
function drive(clock: LoopClock, firings: number, pending: number): void {
  let armed = 0;
  let fired = 0;
  const callback = () => {
    fired++;
    arm();
  };
  const arm = () => clock.setTimeout(callback, DELAYS[armed++ % DELAYS.length] as number);
  for (let i = 0; i < pending; i++) arm();
  while (fired < firings) clock.next();
}
