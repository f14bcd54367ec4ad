import { FakeTimersClock, SpareClock } from '../clock/fake-timers-clock.ts';
import type { Ticks } from '../kernel/bounds.ts';
import type { Plain } from '../kernel/cell.ts';
import { type Decision, DecisionDoor, Sites, type Strategy } from '../kernel/decision.ts';
import { DEFAULT_LIMITS, Kernel, type Limits, type Observer, type RunEnd } from '../kernel/kernel.ts';
import { Names } from '../kernel/names.ts';
import type { Probe } from '../kernel/probe.ts';
import { formatDuration } from '../model/duration-text.ts';
import { type AnyModel, configOf, tickOf, variantOf } from '../model/model.ts';
import type { Config, Parameters, Settings } from '../model/parameters.ts';
import { type Measured, Monitor, PropertySet } from '../property/monitor.ts';
import { inFinerTicks, isPromise, type Property } from '../property/property.ts';
import type { Violation } from '../property/verdict.ts';
import { digestOf, type TraceEvent } from './trace.ts';

/** A model in one variant with its parameters set: all of a run but its schedule. Made once, run many times. */
export class Subject {
  readonly model: AnyModel;
  readonly variant: string;
  readonly settings: Settings;
  readonly config: Config<Parameters>;
  /** Nanoseconds in one tick of its runs. */
  readonly tickNs: number;
  /** How many of them make one tick of the model. */
  readonly scale: number;
  readonly properties: PropertySet;
  /** What the variant is built of. */
  readonly design: unknown;
  /** Where a run is stopped. */
  readonly limits: Limits;
  /** What a run leaves for the next one. */
  readonly spareClock = new SpareClock();
  readonly names = new Names();
  #sites: Sites | undefined;

  /** Throws an UnknownNameError or a SettingError. */
  constructor(model: AnyModel, variant: string, settings: Settings = {}, scale = 1) {
    this.design = variantOf(model, variant).design;
    this.model = model;
    this.variant = variant;
    this.settings = settings;
    this.config = configOf(model, variant, settings);
    this.scale = scale;
    this.tickNs = tickOf(model) / scale;
    this.properties = new PropertySet(model.properties(this.config).map((each) => inFinerTicks(each, scale)));
    const limits = { ...DEFAULT_LIMITS, ...model.limits?.(this.config) };
    this.limits = { ...limits, horizon: limits.horizon * scale };
  }

  /** The same with ticks of which `scale` make one of the model's: for what happens only between two of those. */
  inTicksOf(scale: number): Subject {
    return scale === this.scale ? this : new Subject(this.model, this.variant, this.settings, scale);
  }

  /** Where a run is stopped, in ticks; `Infinity` where the model does not say. */
  get horizon(): number {
    return this.limits.horizon;
  }

  /** The sites of earlier runs. While a run has them they are not here: two runs never share one, even one inside the other. */
  takeSites(): Sites {
    const sites = this.#sites ?? new Sites();
    this.#sites = undefined;
    return sites;
  }

  giveBackSites(sites: Sites): void {
    this.#sites = sites;
  }

  /** The names of what must hold, in the model's order. */
  get promises(): readonly string[] {
    return this.properties.all.filter((each) => isPromise(each as Property<never>)).map((each) => each.name);
  }
}

/** All that is known about one run. A pure function of the subject and what its strategy decided. */
export interface RunResult {
  readonly end: RunEnd;
  readonly endedAt: Ticks;
  readonly violations: readonly Violation[];
  readonly seen: ReadonlySet<string>;
  readonly measured: ReadonlyMap<string, Measured>;
  readonly decisions: readonly Decision[];
  /** Timers fired: the measure of work that benchmarks use. */
  readonly firings: number;
}

export interface RecordedRun extends RunResult {
  readonly trace: readonly TraceEvent[];
  readonly digest: string;
  /** For each of `decisions`, how many events of the trace came before it. */
  readonly decisionsAfter: readonly number[];
  /** For each of `violations`, how many events had come when it was seen, the one that showed it included. */
  readonly violationsAfter: readonly number[];
}

/** The trace of a run while it grows, and where in it decisions and violations lie. */
class Recording {
  readonly trace: TraceEvent[] = [];
  readonly decisionsAfter: number[] = [];
  readonly violationsAfter: number[] = [];

  add(at: Ticks, lane: string, name: string, data: Plain): void {
    this.trace.push(data === undefined ? { at, lane, name } : { at, lane, name, data });
  }

  place(decisions: number, violations: number): void {
    while (this.decisionsAfter.length < decisions) this.decisionsAfter.push(this.trace.length);
    while (this.violationsAfter.length < violations) this.violationsAfter.push(this.trace.length);
  }
}

/** Makes the strategy of a run; it is handed the run's clock, so that it can look for coincidences. */
export type StrategyFor = (clock: FakeTimersClock) => Strategy;

/** Run once, under fake timers, at full speed: nothing here waits for the host. */
export function run(subject: Subject, strategyFor: StrategyFor): RunResult {
  return runWith(subject, strategyFor, undefined);
}

/** Looks at a run while it goes on, and is no part of it. */
export interface Watcher {
  readonly probe: Probe;
  /** Before the build: how to learn the time, and how many events the trace has. */
  begin(now: () => Ticks, events: () => number): void;
  /** After the build, and after every step. */
  stepped(): void;
}

/** The same run, with its trace kept, and somebody who watches it. */
export function record(subject: Subject, strategyFor: StrategyFor, watcher?: Watcher): RecordedRun {
  const recording = new Recording();
  const result = runWith(subject, strategyFor, recording, watcher);
  const { decisions } = result;
  recording.place(decisions.length, result.violations.length);
  const { trace, decisionsAfter, violationsAfter } = recording;
  return { ...result, decisions, trace, digest: digestOf(trace), decisionsAfter, violationsAfter };
}

function runWith(
  subject: Subject,
  strategyFor: StrategyFor,
  recording: Recording | undefined,
  watcher?: Watcher,
): RunResult {
  const { model, config } = subject;
  const clock = new FakeTimersClock(subject.spareClock, subject.scale);
  watcher?.begin(
    () => clock.stamp(),
    () => recording?.trace.length ?? 0,
  );
  const strategy = strategyFor(clock);
  const sites = subject.takeSites();
  const door = new DecisionDoor(strategy, clock, sites);
  clock.askAt(door);
  const monitor = new Monitor(subject.properties, clock, (ticks) => formatDuration(ticks, subject.tickNs));
  const observer = new RunObserver(clock, door, monitor, strategy, recording, watcher);
  const kernel = new Kernel(clock, door, observer, subject.limits, recording !== undefined, subject.names);
  const end = kernel.run((sim) => {
    observer.world = model.build(sim, config, subject.design);
  });
  monitor.ended(end);
  const result = new Result(end, clock.stamp(), monitor, door, kernel.firings);
  clock.dispose();
  subject.giveBackSites(sites);
  return result;
}

/** What a run came to. A class, for a getter in a literal gives each run's result a shape of its own, which is slow. */
class Result implements RunResult {
  readonly end: RunEnd;
  readonly endedAt: Ticks;
  readonly violations: readonly Violation[];
  readonly seen: ReadonlySet<string>;
  readonly measured: ReadonlyMap<string, Measured>;
  readonly firings: number;
  readonly #door: DecisionDoor;

  constructor(end: RunEnd, endedAt: Ticks, monitor: Monitor<unknown>, door: DecisionDoor, firings: number) {
    this.end = end;
    this.endedAt = endedAt;
    this.violations = monitor.violations;
    this.seen = monitor.seen;
    this.measured = monitor.measured;
    this.firings = firings;
    this.#door = door;
  }

  get decisions(): readonly Decision[] {
    return this.#door.decisions;
  }
}

/** Tells the properties of a run what happens in it, and its trace where one is kept. */
class RunObserver implements Observer {
  world: unknown;
  readonly probe: Probe | undefined;
  readonly #clock: FakeTimersClock;
  readonly #door: DecisionDoor;
  readonly #monitor: Monitor<unknown>;
  readonly #strategy: Strategy;
  readonly #recording: Recording | undefined;
  readonly #watcher: Watcher | undefined;

  constructor(
    clock: FakeTimersClock,
    door: DecisionDoor,
    monitor: Monitor<unknown>,
    strategy: Strategy,
    recording: Recording | undefined,
    watcher: Watcher | undefined,
  ) {
    this.world = undefined;
    this.probe = watcher?.probe;
    this.#clock = clock;
    this.#door = door;
    this.#monitor = monitor;
    this.#strategy = strategy;
    this.#recording = recording;
    this.#watcher = watcher;
  }

  event(lane: string, name: string, data: Plain): void {
    this.note(lane, name, data);
    this.#monitor.event(name, data);
    this.#place();
  }

  note(lane: string, name: string, data: Plain): void {
    this.#place();
    this.#recording?.add(this.#clock.stamp(), lane, name, data);
  }

  stepped(): void {
    this.#monitor.stepped(this.world);
    this.#strategy.stepped?.();
    this.#place();
    this.#watcher?.stepped();
  }

  #place(): void {
    this.#recording?.place(this.#door.count, this.#monitor.violations.length);
  }
}
