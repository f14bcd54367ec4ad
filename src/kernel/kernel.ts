import type { Ticks } from './bounds.ts';
import type { Plain } from './cell.ts';
import type { Clock } from './clock-contract.ts';
import type { DecisionDoor, DecisionKind, Site } from './decision.ts';
import {
  BoundsError,
  HiddenStateError,
  InternalError,
  LearnedLateError,
  ModelError,
  UnfollowableError,
} from './errors.ts';
import { type Name, Names } from './names.ts';
import type { Probe } from './probe.ts';
import { Process } from './process.ts';
import { Sim } from './sim.ts';
import type { Timer } from './timer.ts';
import type { Tracked, Tracker, Use } from './tracker.ts';
import { BLOCKED, isLeftLoop, LOOP_ENTRY, LOOP_HEAD, type Proc } from './waitable.ts';

/** Where a run is stopped, so that a model that never ends does not hang the tool. */
export interface Limits {
  /** Steps and events in the whole run. */
  readonly steps: number;
  /** Steps and events at one instant: more is Zeno behaviour, a livelock in which no time passes. */
  readonly stepsAtOneInstant: number;
  /** Virtual time, in ticks. The run ends there, with no verdict of its own. */
  readonly horizon: Ticks;
}

export const DEFAULT_LIMITS: Limits = { steps: 2_000_000, stepsAtOneInstant: 10_000, horizon: Infinity };

/** Who watches a run: properties, and the trace where one is kept. */
export interface Observer {
  event(lane: string, name: string, data: Plain): void;
  /** What only explains the trace: made while one is kept, so nothing may depend on it. */
  note(lane: string, name: string, data: Plain): void;
  /** After the build, and after every step. */
  stepped(): void;
  /** Who looks at the objects of the run, if anybody does. */
  readonly probe?: Probe | undefined;
}

/** Why a run came to its end. */
export type RunEnd =
  | { readonly why: 'finished' }
  | { readonly why: 'quiet' }
  | { readonly why: 'horizon' }
  | { readonly why: 'panic'; readonly message: string }
  | { readonly why: 'model-error'; readonly error: ModelError };

/** Ends the step in which a model calls `panic`; never seen outside the kernel. */
class Panic extends Error {}

/**
 * Runs processes, one step at a time. At each instant it collects all that could go next (processes that are ready,
 * timers that are due) and asks the door which one does: a tie is a decision, never an accident of creation order.
 * Time passes only when no process is ready.
 */
export class Kernel {
  readonly clock: Clock;
  /** Where an exhaustive engine goes back and forth between states. */
  readonly tracker: Tracker | undefined;
  readonly probe: Probe | undefined;
  readonly names: Names;
  readonly #door: DecisionDoor;
  readonly #observer: Observer;
  readonly #limits: Limits;
  /** Whether somebody will read the trace: then notes that only explain are made too. */
  readonly #recording: boolean;
  readonly #ready: Process[] = [];
  readonly #processes: Process[] = [];
  readonly #processNames = new Set<string>();
  /** The timers among those of which the door is asked which goes first. */
  #tied: readonly Timer[] = [];
  readonly #candidateName = (index: number): string => {
    const { name } = this.#candidate(index);
    let before = 0;
    for (let i = 0; i < index; i++) if (this.#candidate(i).name === name) before++;
    return before === 0 ? name : `${name} (${before + 1})`;
  };
  readonly #maybeEmpty: Sim[] = [];
  #running: Process | undefined;
  /** The timer that has fired in this step. */
  #fired: Timer | undefined;
  /** Whose step it is, or was last. */
  #actor = 'the build';
  #end: RunEnd | undefined;
  #steps = 0;
  #stepsHere = 0;
  /** The instant at which `#stepsHere` were made. */
  #here: Ticks = 0;
  #firings = 0;

  /** `names`: what earlier runs of the same model have made. */
  constructor(
    clock: Clock,
    door: DecisionDoor,
    observer: Observer,
    limits: Limits,
    recording: boolean,
    names = new Names(),
    tracker?: Tracker,
  ) {
    this.clock = clock;
    this.names = names;
    this.tracker = tracker;
    this.probe = observer.probe;
    this.#door = door;
    this.#observer = observer;
    this.#limits = limits;
    this.#recording = recording;
  }

  /** Timers fired so far: the measure of work that benchmarks use. */
  get firings(): number {
    return this.#firings;
  }

  get steps(): number {
    return this.#steps;
  }

  /** Whose step it is, or was last, by name. */
  get actor(): string {
    return this.#actor;
  }

  /** Build the model and run it to its end. */
  run(build: (sim: Sim) => void): RunEnd {
    this.attempt(() => {
      build(new Sim(this, this.names.of('')));
      this.settled();
      while (this.#end === undefined) this.#step();
    });
    return this.#end as RunEnd;
  }

  /** Do a part of a run; whatever is thrown, but for the tool's own mistakes, is the end of it. */
  attempt(part: () => void): RunEnd | undefined {
    try {
      part();
    } catch (error) {
      this.#end = this.#endedBy(error);
    }
    return this.#end;
  }

  // ---- what an exhaustive engine calls instead of `run`, inside `attempt` ----

  /** How the run has ended, if it has. */
  get end(): RunEnd | undefined {
    return this.#end;
  }

  /** The processes that are ready; it says which goes first. */
  get ready(): readonly Process[] {
    return this.#ready;
  }

  /** Another state has been restored, in which these processes are ready: the run has not ended there. */
  resumeFrom(ready: readonly Process[]): void {
    this.#ready.length = 0;
    this.#ready.push(...ready);
    this.#maybeEmpty.length = 0;
    this.#end = undefined;
    this.#running = undefined;
    this.#fired = undefined;
    this.countAnew();
  }

  /** What was done up to here is not held against the limits. */
  countAnew(): void {
    this.#steps = 0;
    this.#stepsHere = 0;
  }

  /** Let `next`, which is ready or may fire, go first. */
  go(next: Process | Timer): void {
    const urgent = this.#ready.length > 0;
    if (next instanceof Process) {
      this.dropReady(next);
      this.#runProcess(next);
    } else this.#fire(next, urgent);
    this.settled();
  }

  /** Nothing can go: how the run ends here. */
  endQuietly(): RunEnd {
    return this.#quiet();
  }

  /** At the end of each step. */
  settled(): void {
    for (let scope = this.#maybeEmpty.pop(); scope !== undefined; scope = this.#maybeEmpty.pop()) scope.settle();
    this.#observer.stepped();
  }

  #fire(timer: Timer, urgent: boolean): void {
    this.#firings++;
    this.#actor = timer.name;
    this.clock.fire(timer, urgent);
    this.#fired = timer;
    timer.fired();
    this.#fired = undefined;
  }

  #step(): void {
    const ready = this.#ready;
    const urgent = ready.length > 0;
    const timers = this.clock.firable(urgent);
    const count = ready.length + timers.length;
    if (count === 0) {
      this.#end = this.#quiet();
      return;
    }
    if (!urgent && this.clock.stamp() > this.#limits.horizon) {
      this.clock.cutAt(this.#limits.horizon);
      this.#end = { why: 'horizon' };
      return;
    }
    const index = count === 1 ? 0 : this.#whichFirst(timers, count);
    if (!urgent && this.clock.stamp() !== this.#here) {
      this.#here = this.clock.stamp();
      this.#stepsHere = 0;
    }
    this.countStep();
    const process = ready[index];
    if (process !== undefined) {
      removeAt(ready, index);
      this.#runProcess(process);
    } else {
      this.#fire(timers[index - ready.length] as Timer, urgent);
    }
    this.settled();
  }

  #whichFirst(timers: readonly Timer[], count: number): number {
    this.#tied = timers;
    const first = this.#candidate(0);
    first.tieSite ??= this.#door.site(first.fullName.tie, 'order');
    return this.#door.order(first.tieSite, count, this.#candidateName);
  }

  #candidate(index: number): Process | Timer {
    return (this.#ready[index] ?? this.#tied[index - this.#ready.length]) as Process | Timer;
  }

  #runProcess(process: Process): void {
    this.#running = process;
    this.#actor = process.name;
    const { tracker } = this;
    tracker?.enter(process);
    for (;;) {
      const result = process.resume();
      if (result.done === true) {
        process.end();
        break;
      }
      if (result.value === BLOCKED) break;
      if (isLeftLoop(result.value)) {
        tracker?.loopExit(result.value.value);
        continue;
      }
      if (result.value !== LOOP_HEAD && result.value !== LOOP_ENTRY) {
        throw new ModelError(
          'exception',
          `${process.name} yields a value of its own: write yield* before what can block`,
        );
      }
      this.countStep();
      if (tracker === undefined) process.received = this;
      else if (result.value === LOOP_HEAD) tracker.loopHead();
      else tracker.loopEntry();
    }
    tracker?.leave(process);
    this.#running = undefined;
  }

  /** One more step or event; ends the run where there are too many, of them all or at one instant. */
  countStep(): void {
    if (++this.#steps > this.#limits.steps) {
      throw new ModelError(
        'step-limit',
        `more than ${this.#limits.steps} steps in one run; last to run: ${this.#actor}`,
      );
    }
    if (++this.#stepsHere > this.#limits.stepsAtOneInstant) {
      throw new ModelError(
        'zeno',
        `more than ${this.#limits.stepsAtOneInstant} steps without time passing; last to run: ${this.#actor}`,
      );
    }
  }

  #quiet(): RunEnd {
    const stuck = this.#processes.filter(
      (process) => process.state === 'blocked' && !process.daemon && !process.frozen,
    );
    if (stuck.length === 0) return { why: 'quiet' };
    const who = stuck
      .map((process) => `${process.name} waits for ${process.waitsFor.join(' or ') || 'nothing at all'}`)
      .join('; ');
    return { why: 'model-error', error: new ModelError('deadlock', `nothing can happen any more, but ${who}`) };
  }

  #endedBy(error: unknown): RunEnd {
    if (error instanceof Panic) return { why: 'panic', message: error.message };
    if (error instanceof ModelError) return { why: 'model-error', error };
    if (TOOLS_OWN.some((each) => error instanceof each)) throw error;
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof BoundsError)
      return { why: 'model-error', error: new ModelError('bad-bounds', `${this.#actor}: ${message}`) };
    return { why: 'model-error', error: new ModelError('exception', `${this.#actor} threw: ${message}`) };
  }

  // ---- what kernel objects and `Sim` call ----

  running(): Process {
    if (this.#running === undefined) {
      throw new ModelError('blocked-outside-process', 'only a process can block, lock or select; a callback cannot');
    }
    return this.#running;
  }

  /** Whether this step is that of a process of `scope`, or of a timer that counts there. */
  isActing(scope: Sim): boolean {
    return (this.#running?.sim ?? this.#fired?.countsIn) === scope;
  }

  runningName(): string | undefined {
    return this.#running?.name;
  }

  newProcess(sim: Sim, fullName: Name, body: () => Proc<unknown>, daemon: boolean): Process {
    // In different states different processes can have the same name.
    if (this.tracker === undefined) {
      const name = fullName.text;
      if (this.#processNames.has(name)) throw new ModelError('duplicate-name', `two processes are called ${name}`);
      this.#processNames.add(name);
    }
    const process = new Process(this, sim, fullName, body, daemon);
    this.#processes.push(process);
    return this.made(process);
  }

  start(process: Process): void {
    this.tracker?.touch(process, 'joins');
    process.log = 0;
    this.makeReady(process);
  }

  /** Hand a new object to the tracker and the probe, if there are any. */
  made<T extends Tracked>(object: T): T {
    this.tracker?.made(object);
    this.probe?.made(object);
    return object;
  }

  /** The running code is about to change `object`. False where it is only put back to its place, and has done that already. */
  effect(object: Tracked, use?: Use): boolean {
    return this.tracker === undefined || this.tracker.effect(object, use);
  }

  makeReady(process: Process): void {
    process.state = 'ready';
    if (!process.frozen) this.#ready.push(process);
  }

  dropReady(process: Process): void {
    const index = this.#ready.indexOf(process);
    if (index >= 0) removeAt(this.#ready, index);
  }

  site(name: Name, kind: DecisionKind, fault = false): Site {
    return this.#door.site(name, kind, fault);
  }

  choose(name: Name, options: readonly string[], fault = false): number {
    return this.#door.choice(this.#door.site(name, 'choice', fault), options);
  }

  /** At the end of this step, see whether `scope` is empty. Not earlier: a lock that is being handed over is nobody's. */
  settleLater(scope: Sim): void {
    this.#maybeEmpty.push(scope);
  }

  emit(lane: string, name: string, data: Plain): void {
    this.countStep();
    this.#observer.event(lane, name, data);
  }

  note(lane: string, name: string, data: Plain): void {
    if (this.#recording) this.#observer.note(lane, name, data);
  }

  panic(reason: string): never {
    this.emit(this.#actor, 'panic', { reason });
    throw new Panic(reason);
  }

  finish(): void {
    this.#end ??= { why: 'finished' };
  }
}

/** Errors that are no end of a run: the tool's own mistakes, and what an exhaustive engine cannot follow or has to do again. */
const TOOLS_OWN = [InternalError, HiddenStateError, UnfollowableError, LearnedLateError] as const;

/** `splice(index, 1)` without the array of what was removed. */
function removeAt<T>(list: T[], index: number): void {
  if (index === 0) list.shift();
  else list.splice(index, 1);
}
