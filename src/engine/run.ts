import { FakeTimersClock, SpareClock } from '../clock/fake-timers-clock.ts';
import type { Ticks } from '../kernel/bounds.ts';
import type { Plain } from '../kernel/cell.ts';
import { type Decision, DecisionDoor, Sites, type Strategy } from '../kernel/decision.ts';
import { DEFAULT_LIMITS, Kernel, type Limits, type RunEnd } from '../kernel/kernel.ts';
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
  recording.place(result.decisions.length, result.violations.length);
  const { trace, decisionsAfter, violationsAfter } = recording;
  return { ...result, trace, digest: digestOf(trace), decisionsAfter, violationsAfter };
}

function runWith(
  subject: Subject,
  strategyFor: StrategyFor,
  recording: Recording | undefined,
  watcher?: Watcher,
): RunResult {
  const { model, config } = subject;
  const clock: FakeTimersClock = new FakeTimersClock(() => door, subject.spareClock, subject.scale);
  watcher?.begin(
    () => clock.stamp(),
    () => recording?.trace.length ?? 0,
  );
  const strategy = strategyFor(clock);
  const sites = subject.takeSites();
  const door = new DecisionDoor(strategy, () => clock.stamp(), sites);
  const monitor = new Monitor(subject.properties, clock, (ticks) => formatDuration(ticks, subject.tickNs));
  let world: unknown;
  const observer = {
    event(lane: string, name: string, data: Plain): void {
      recording?.place(door.decisions.length, monitor.violations.length);
      recording?.add(clock.stamp(), lane, name, data);
      monitor.event(name, data);
      recording?.place(door.decisions.length, monitor.violations.length);
    },
    note(lane: string, name: string, data: Plain): void {
      recording?.place(door.decisions.length, monitor.violations.length);
      recording?.add(clock.stamp(), lane, name, data);
    },
    stepped(): void {
      monitor.stepped(world);
      strategy.stepped?.();
      recording?.place(door.decisions.length, monitor.violations.length);
      watcher?.stepped();
    },
    ...(watcher === undefined ? {} : { probe: watcher.probe }),
  };
  const kernel = new Kernel(clock, door, observer, subject.limits, recording !== undefined, subject.names);
  const end = kernel.run((sim) => {
    world = model.build(sim, config, subject.design);
  });
  monitor.ended(end);
  const endedAt = clock.stamp();
  clock.dispose();
  subject.giveBackSites(sites);
  return {
    end,
    endedAt,
    violations: monitor.violations,
    seen: monitor.seen,
    measured: monitor.measured,
    decisions: door.decisions,
    firings: kernel.firings,
  };
}
