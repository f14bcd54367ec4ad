import type { Bounds, Ticks } from '../../kernel/bounds.ts';
import type { Plain } from '../../kernel/cell.ts';
import type { Clock, Mark, Span } from '../../kernel/clock-contract.ts';
import { DecisionDoor, type OptionName, type Strategy } from '../../kernel/decision.ts';
import { InternalError } from '../../kernel/errors.ts';
import { Kernel, type RunEnd } from '../../kernel/kernel.ts';
import type { Process } from '../../kernel/process.ts';
import type { Timer } from '../../kernel/timer.ts';
import { variantOf } from '../../model/model.ts';
import { Monitor, type PropertySet } from '../../property/monitor.ts';
import type { Subject } from '../run.ts';
import type { Step } from './explorer.ts';

/** What happened to a timer from one arming to its end, by the numbers of the steps in which it did. */
interface Arming {
  readonly name: string;
  readonly bounds: Bounds;
  readonly armedAt: number;
  /** Which arming must not end after this one: the message ahead on a line. */
  readonly after: number | undefined;
  firedAt: number | undefined;
  cancelledAt: number | undefined;
}

/** A run along a path, in which no length of time is known yet. Step 0 is the build. */
export interface GuidedRun {
  readonly steps: number;
  /** Whether no time passes before the step: a process was ready already. */
  readonly isUrgent: readonly boolean[];
  readonly armings: readonly Arming[];
  /** The steps in which the oldest of each property's spans that still run has begun, by property. */
  readonly open: ReadonlyMap<string, number>;
  /** The first and the last step of each span that came to its end. */
  readonly ended: readonly { readonly property: string; readonly from: number; readonly to: number }[];
  readonly end: RunEnd;
}

/** Where a run stands that has come to the end of its path. */
export interface Standing {
  /** What could go next, times aside; a process that is ready goes before any timer. */
  readonly next: readonly Step[];
  /** What was said in the last step. */
  readonly said: string;
}

interface StepMark extends Mark {
  readonly step: number;
}

/** Fires what the path says, whether or not it can be due, and keeps book of it. */
class PathClock implements Clock {
  readonly armings: Arming[] = [];
  readonly isUrgent: boolean[] = [true];
  readonly ended: { readonly from: number; readonly to: number }[] = [];
  /** The step that is being made. The kernel asks what can fire once at the beginning of each. */
  step = 0;
  readonly #path: readonly Step[];
  readonly #pending = new Map<Timer, number>();

  constructor(path: readonly Step[]) {
    this.#path = path;
  }

  arm(timer: Timer, bounds: Bounds, after: Timer | undefined): void {
    const ahead = after === undefined ? undefined : this.#pending.get(after);
    timer.after = after;
    if (after !== undefined) after.follower = timer;
    const arming = {
      name: timer.name,
      bounds,
      armedAt: this.step,
      after: ahead,
      firedAt: undefined,
      cancelledAt: undefined,
    };
    this.#pending.set(timer, this.armings.push(arming) - 1);
  }

  cancel(timer: Timer): void {
    (this.armings[this.#end(timer)] as Arming).cancelledAt = this.step;
  }

  firable(urgent: boolean): readonly Timer[] {
    this.step++;
    this.isUrgent[this.step] = urgent;
    const next = this.#path[this.step];
    if (next === undefined || !('timer' in next.mover)) return [];
    const namesakes = this.movable().filter((timer) => timer.name === next.name);
    const timer = namesakes[next.namesakes] ?? namesakes[0];
    if (timer === undefined) throw new InternalError(`the path goes on with ${next.name}, which is not pending`);
    return [timer];
  }

  fire(timer: Timer): void {
    (this.armings[this.#end(timer)] as Arming).firedAt = this.step;
  }

  cutAt(_at: Ticks): void {}

  mark(id: number): StepMark {
    return { id, step: this.step };
  }

  unmark(_mark: Mark): void {}

  since(mark: Mark): Span {
    this.ended.push({ from: (mark as StepMark).step, to: this.step });
    return { least: 0, greatest: 0, leastAttained: true, greatestAttained: true };
  }

  stamp(): Ticks {
    return 0;
  }

  /** All that is pending and not held back, in the order of arming. */
  movable(): Timer[] {
    return [...this.#pending.keys()].filter((timer) => timer.after === undefined);
  }

  #end(timer: Timer): number {
    const arming = this.#pending.get(timer) as number;
    this.#pending.delete(timer);
    timer.after = undefined;
    if (timer.follower !== undefined) timer.follower.after = undefined;
    timer.follower = undefined;
    return arming;
  }
}

/** Answers as the path does. */
class PathDoor implements Strategy {
  readonly #path: readonly Step[];
  readonly #clock: PathClock;
  #asked = 0;

  constructor(path: readonly Step[], clock: PathClock) {
    this.#path = path;
    this.#clock = clock;
  }

  delay(): never {
    throw new InternalError('a guided run asks for no length of time');
  }

  order(_site: unknown, count: number, optionName: OptionName): number {
    const next = this.#path[this.#clock.step];
    if (next === undefined || 'timer' in next.mover) return count - 1;
    for (let index = 0; index < count; index++) if (optionName(index) === next.name) return index;
    throw new InternalError(`the path goes on with ${next.name}, which is not ready`);
  }

  choice(_site: unknown, options: readonly string[]): number {
    return Math.min(this.#path[this.#clock.step]?.choices[this.#asked++] ?? 0, options.length - 1);
  }

  nextStep(): void {
    this.#asked = 0;
  }
}

/**
 * Run the model from its build along `given`, with nothing restored and nothing remembered: what it does is the truth.
 * `onward` is asked at the end of the path, again and again, how it goes on.
 */
export function guidedRun(
  subject: Subject,
  properties: PropertySet,
  given: readonly Step[],
  onward: (standing: Standing) => Step | undefined = () => undefined,
): GuidedRun {
  const path = [...given];
  const clock = new PathClock(path);
  const door = new PathDoor(path, clock);
  const monitor = new Monitor(properties, clock, String, undefined, ({ name: property }) =>
    endings.push({ property, ...(clock.ended.at(-1) as { from: number; to: number }) }),
  );
  const endings: { readonly property: string; readonly from: number; readonly to: number }[] = [];
  let world: unknown;
  let said: string[] = [];
  const observer = {
    event: (lane: string, name: string, data: Plain) => {
      said.push(`${lane}: ${name} ${JSON.stringify(data) ?? ''}`);
      monitor.event(name, data);
    },
    note: () => undefined,
    stepped: () => {
      monitor.stepped(world);
      door.nextStep();
      // To its clock all of a run is one instant, so each step is held against the limits alone.
      kernel.countAnew();
      if (clock.step === path.length - 1) {
        const next = kernel.end === undefined ? nextOf(kernel.ready, clock) : [];
        const step = onward({ next, said: said.join('; ') });
        if (step === undefined) kernel.finish();
        else path.push(step);
      }
      said = [];
    },
  };
  const counting = new DecisionDoor(door, clock);
  const kernel = new Kernel(clock, counting, observer, subject.limits, false, subject.names);
  const end = kernel.run((sim) => {
    world = subject.model.build(sim, subject.config, variantOf(subject.model, subject.variant).design);
  });
  const open = new Map<string, number>();
  for (const { of, mark } of monitor.open())
    open.set(of.name, Math.min((mark as StepMark).step, open.get(of.name) ?? Infinity));
  if (clock.step < path.length - 1)
    throw new InternalError(`the path has ${path.length} steps, but the run ends after ${clock.step + 1}`);
  return {
    steps: path.length,
    isUrgent: clock.isUrgent,
    armings: clock.armings,
    open,
    ended: endings,
    end,
  };
}

/** A process that is ready goes before any timer. */
function nextOf(ready: readonly Process[], clock: PathClock): Step[] {
  const steps: Step[] = [];
  for (const { name } of ready) steps.push({ mover: { process: 0 }, name, namesakes: 0, choices: [] });
  if (steps.length > 0) return steps;
  for (const { name } of clock.movable()) {
    const namesakes = steps.filter((step) => step.name === name).length;
    steps.push({ mover: { timer: 0 }, name, namesakes, choices: [] });
  }
  return steps;
}
