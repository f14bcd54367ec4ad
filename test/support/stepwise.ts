import { FakeTimersClock } from '../../src/clock/fake-timers-clock.ts';
import { hintsOf } from '../../src/engine/hints.ts';
import { RandomStrategy } from '../../src/engine/random-strategy.ts';
import type { Subject } from '../../src/engine/run.ts';
import type { Plain } from '../../src/kernel/cell.ts';
import { DecisionDoor, type Strategy } from '../../src/kernel/decision.ts';
import { DEFAULT_LIMITS, Kernel, type RunEnd } from '../../src/kernel/kernel.ts';
import { variantOf } from '../../src/model/model.ts';

/** What one step of a run came to: who made it and when, and what it said. */
export interface StepTaken {
  readonly at: number;
  readonly name: string;
  readonly events: readonly string[];
}

/** A run, step by step; the first one is the build. */
export interface StepwiseRun {
  readonly steps: readonly StepTaken[];
  readonly end: RunEnd;
}

export function eventText({ name, data }: { readonly name: string; readonly data: Plain }): string {
  return `${name} ${JSON.stringify(data) ?? ''}`;
}

/** A run under fake timers with random decisions, broken off after `stepsMost`. */
export function stepwise(subject: Subject, seed: number, stepsMost: number): StepwiseRun {
  const clock = new FakeTimersClock();
  const strategy: Strategy = new RandomStrategy(seed, clock, hintsOf(subject));
  const door = new DecisionDoor(strategy, clock);
  clock.askAt(door);
  const steps: StepTaken[] = [];
  let events: string[] = [];
  const observer = {
    event: (_lane: string, name: string, data: Plain) => void events.push(eventText({ name, data })),
    note: () => undefined,
    stepped: () => {
      strategy.stepped?.();
      steps.push({ at: clock.stamp(), name: kernel.actor, events });
      events = [];
      if (steps.length > stepsMost) kernel.finish();
    },
  };
  const limits = { ...DEFAULT_LIMITS, ...subject.model.limits?.(subject.config) };
  const kernel = new Kernel(clock, door, observer, limits, false);
  const end = kernel.run((sim) => {
    subject.model.build(sim, subject.config, variantOf(subject.model, subject.variant).design);
  });
  return { steps, end };
}
