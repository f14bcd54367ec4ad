import * as fc from 'fast-check';
import type { FakeTimersClock } from '../clock/fake-timers-clock.ts';
import type { Decision, Strategy } from '../kernel/decision.ts';
import { FixedStrategy } from './fixed-strategy.ts';
import type { Hints } from './hints.ts';
import { RandomStrategy } from './random-strategy.ts';
import { type Schedule, scheduleOf } from './schedule.ts';
import { smallerSchedules } from './shrink.ts';

/**
 * A schedule as fast-check sees it: either a seed, from which decisions are drawn while the run asks for them, or a
 * fixed list. What a run decided is kept with it, for the shrinker to start from.
 */
export class ScheduleDraft {
  /** What the last run with it decided; empty before there was one. */
  decided: readonly Decision[] = [];
  readonly #strategyFor: (clock: FakeTimersClock) => Strategy;

  constructor(strategyFor: (clock: FakeTimersClock) => Strategy) {
    this.#strategyFor = strategyFor;
  }

  strategyFor(clock: FakeTimersClock): Strategy {
    return this.#strategyFor(clock);
  }

  get schedule(): Schedule {
    return scheduleOf(this.decided);
  }

  toString(): string {
    return JSON.stringify([...this.schedule]);
  }
}

/** Schedules, drawn with the random strategy's bias and shrunk as stories are: see `smallerSchedules`. */
export class ScheduleArbitrary extends fc.Arbitrary<ScheduleDraft> {
  readonly #hints: Hints;
  readonly #tickNs: number;

  constructor(hints: Hints, tickNs: number) {
    super();
    this.#hints = hints;
    this.#tickNs = tickNs;
  }

  override generate(random: fc.Random): fc.Value<ScheduleDraft> {
    const seed = random.nextInt(-0x80000000, 0x7fffffff);
    return new fc.Value(new ScheduleDraft((clock) => new RandomStrategy(seed, clock, this.#hints)), undefined);
  }

  override canShrinkWithoutContext(value: unknown): value is ScheduleDraft {
    return value instanceof ScheduleDraft;
  }

  override shrink(draft: ScheduleDraft): fc.Stream<fc.Value<ScheduleDraft>> {
    return fc.stream(this.#smaller(draft));
  }

  *#smaller(draft: ScheduleDraft): IterableIterator<fc.Value<ScheduleDraft>> {
    for (const schedule of smallerSchedules(draft.decided, this.#tickNs)) {
      yield new fc.Value(new ScheduleDraft(() => new FixedStrategy(schedule, this.#tickNs)), undefined);
    }
  }
}
