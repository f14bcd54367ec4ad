import { SymbolicClock } from '../../clock/symbolic-clock.ts';
import { Zone } from '../../clock/zone.ts';
import type { Plain } from '../../kernel/cell.ts';
import type { Span } from '../../kernel/clock-contract.ts';
import { DecisionDoor, type Strategy } from '../../kernel/decision.ts';
import { InternalError } from '../../kernel/errors.ts';
import { DEFAULT_LIMITS, Kernel, type RunEnd } from '../../kernel/kernel.ts';
import { Process } from '../../kernel/process.ts';
import { Sim } from '../../kernel/sim.ts';
import { RANKS_OF_AN_OBJECT, type Timer } from '../../kernel/timer.ts';
import { formatDuration } from '../../model/duration-text.ts';
import { variantOf } from '../../model/model.ts';
import { Monitor, PropertySet } from '../../property/monitor.ts';
import type { Violation } from '../../property/verdict.ts';
import type { Subject } from '../run.ts';
import type { Footprint } from './footprint.ts';
import { Lookahead, type Sort } from './lookahead.ts';
import { Memory } from './memory.ts';

/** All of a state but its times: what every object of the kernel holds. */
export interface Configuration {
  /** For each object, the number of its content. */
  readonly contents: Int32Array;
  readonly ready: readonly Process[];
  /** What the rows of a zone stand for here. */
  readonly ranks: readonly number[];
  /** Which of the ways to build the model this is; they differ where the build makes a choice. */
  readonly build: number;
}

/** What goes first in a step. Timers of a line change places as messages arrive, so they are known by their rank. */
export type Mover = { readonly process: number } | { readonly timer: number };

/** One step: what went, and how the choices inside it fell. */
export interface Step {
  readonly mover: Mover;
  /** Its name, and how many others of the same name could have gone that are made earlier. */
  readonly name: string;
  readonly namesakes: number;
  readonly choices: readonly number[];
}

/** A span that ended in a step. */
export interface EndedSpan {
  readonly property: string;
  readonly span: Span;
}

/** What a step used, and which steps may follow it at the same instant that could not have been made before. */
export interface Used {
  readonly sort: Sort;
  readonly footprint: Footprint;
  readonly emptied: readonly { readonly scope: number; readonly footprint: Footprint }[];
  readonly next: readonly Sort[];
}

/** What one step came to. */
export interface Outcome {
  readonly used: Used;
  readonly step: Step;
  readonly configuration: Configuration;
  readonly zone: Zone;
  readonly end: RunEnd | undefined;
  readonly violations: readonly Violation[];
  readonly seen: readonly string[];
  readonly ended: readonly EndedSpan[];
}

/** The contents of all objects before any is made. */
const NOTHING = new Int32Array(0);

/** Something that can go first in a state. It means the same whatever state the explorer is in meanwhile. */
export interface Candidate extends Omit<Step, 'choices'> {
  readonly sort: Sort;
}

/** What the build of the model is called, as the first step of every path. */
const BUILD: Omit<Step, 'choices'> = { mover: { process: 0 }, name: 'the build', namesakes: 0 };

/** Answers choices from a script, and with the first option beyond its end; lengths of time are never asked for. */
class Script implements Strategy {
  /** What was answered, and out of how many. */
  readonly answers: { readonly index: number; readonly count: number }[] = [];
  #script: readonly number[] = [];

  begin(script: readonly number[]): void {
    this.#script = script;
    this.answers.length = 0;
  }

  /** The next script in order, or undefined after the last. */
  next(): readonly number[] | undefined {
    const answers = [...this.answers];
    for (let last = answers.pop(); last !== undefined; last = answers.pop()) {
      if (last.index + 1 < last.count) return [...answers.map(({ index }) => index), last.index + 1];
    }
    return undefined;
  }

  get indices(): readonly number[] {
    return this.answers.map(({ index }) => index);
  }

  delay(): never {
    throw new InternalError('a symbolic run asks for no length of time');
  }

  order(): never {
    throw new InternalError('an exhaustive engine is not asked for an order');
  }

  choice(_site: unknown, options: readonly string[]): number {
    const index = this.#script[this.answers.length] ?? 0;
    this.answers.push({ index, count: options.length });
    return index;
  }
}

/** Runs one model from any state into all states that can follow, over all real-valued timings at once. */
export class Explorer {
  readonly memory = new Memory();
  readonly clock = new SymbolicClock();
  readonly lookahead = new Lookahead();
  readonly #subject: Subject;
  readonly #kernel: Kernel;
  readonly #root: Sim;
  readonly #monitor: Monitor<unknown>;
  readonly #script = new Script();
  readonly #door: DecisionDoor;
  readonly #worlds: unknown[] = [];
  readonly #timerOf = (rank: number): Timer => this.memory.timerOf(rank);
  #world: unknown;
  #ended: EndedSpan[] = [];

  /** `onEvent` is told of each event, for audits. */
  constructor(subject: Subject, onEvent?: (lane: string, name: string, data: Plain) => void) {
    this.#subject = subject;
    const format = (ticks: number) => formatDuration(ticks, subject.tickNs);
    const monitor = new Monitor<unknown>(new PropertySet([]), this.clock, format, this.memory, (property, span) =>
      this.#ended.push({ property, span }),
    );
    this.#monitor = monitor;
    this.#door = new DecisionDoor(this.#script, () => 0);
    const observer = {
      event: (lane: string, name: string, data: Plain) => {
        onEvent?.(lane, name, data);
        monitor.event(name, data);
      },
      note: () => undefined,
      stepped: () => monitor.stepped(this.#world),
    };
    const limits = { ...DEFAULT_LIMITS, ...subject.model.limits?.(subject.config) };
    this.#kernel = new Kernel(this.clock, this.#door, observer, limits, false, subject.names, this.memory);
    this.#root = new Sim(this.#kernel, '');
    this.memory.addRoot(this.#root);
    this.memory.addRoot(monitor);
  }

  /** Watch these properties from now on. What has been learned about the model stays. */
  watch(properties: PropertySet): void {
    this.#monitor.watch(properties);
    this.memory.watched.clear();
    this.#worlds.length = 0;
  }

  /** Every state in which a run can begin. */
  initial(): Outcome[] {
    const { model, config, variant } = this.#subject;
    const outcomes: Outcome[] = [];
    let script: readonly number[] | undefined = [];
    for (let build = 0; script !== undefined; build++) {
      this.memory.restore(NOTHING);
      this.clock.restore(Zone.now, [], this.#timerOf);
      this.#kernel.resumeFrom([]);
      this.#script.begin(script);
      const end = this.#kernel.attempt(() => {
        this.memory.callback(this.#root, undefined, () => {
          this.#world = model.build(this.#root, config, variantOf(model, variant).design);
        });
        this.#kernel.settled();
      });
      this.#worlds.push(this.#world);
      const sort = this.lookahead.sortOfCallback(this.#root.trackedAs);
      outcomes.push(this.#outcome({ ...BUILD, choices: this.#script.indices }, build, end, sort, []));
      script = this.#script.next();
    }
    return outcomes;
  }

  /** Go to a state. */
  enter(configuration: Configuration, zone: Zone): void {
    this.memory.restore(configuration.contents);
    this.clock.restore(zone, configuration.ranks, this.#timerOf);
    this.#kernel.resumeFrom(configuration.ready);
    this.#world = this.#worlds[configuration.build];
  }

  /** What can go first in the state that was entered. */
  candidates(): readonly Candidate[] {
    const { ready } = this.#kernel;
    const movers = [...ready, ...this.clock.firable(ready.length > 0)];
    return movers.map((mover) => {
      const before = movers.filter((other) => other.name === mover.name && orderOf(other) < orderOf(mover));
      return { mover: moverOf(mover), name: mover.name, namesakes: before.length, sort: this.#sortOf(mover) };
    });
  }

  /** The sorts of steps that timers may make without any time passing, in the state that was entered. */
  dueNow(): readonly Sort[] {
    return this.clock.dueNow.map((timer) => this.#sortOf(timer));
  }

  /** How the run ends in the state that was entered, in which nothing can go. */
  endQuietly(): RunEnd {
    return this.#kernel.endQuietly();
  }

  /** The spans that have begun and not ended in the state that was entered. */
  open(): ReturnType<Monitor<unknown>['open']> {
    return this.#monitor.open();
  }

  /** All that can come of it when one of the candidates of a state goes first there. */
  *go(configuration: Configuration, zone: Zone, { mover, name, namesakes, sort }: Candidate): Generator<Outcome> {
    // What goes is no longer ready. If it is again when the step is over, it was woken: by what its end brought about, say.
    const goes = 'process' in mover ? mover.process : undefined;
    const others = configuration.ready.filter((process) => process.trackedAs !== goes);
    let script: readonly number[] | undefined = [];
    while (script !== undefined) {
      this.enter(configuration, zone);
      this.#script.begin(script);
      this.memory.beginStep();
      this.clock.takeArmedForNow();
      const end = this.#kernel.attempt(() => this.#kernel.go(this.#find(mover)));
      const choices = this.#script.indices;
      const step = { mover, name, namesakes, choices };
      yield this.#outcome(step, configuration.build, end, sort, others);
      script = this.#script.next();
    }
  }

  #sortOf(mover: Process | Timer): Sort {
    if (mover instanceof Process) {
      return this.lookahead.sortOfProcess(mover.trackedAs, mover.sim.trackedAs, this.memory.contentOf(mover));
    }
    return this.lookahead.sortOfCallback(Math.floor(mover.rank / RANKS_OF_AN_OBJECT));
  }

  #used(sort: Sort, readyBefore: readonly Process[]): Used {
    const { footprint, emptied } = this.memory;
    const woken = this.#kernel.ready.filter((process) => !readyBefore.includes(process));
    const next = [...woken, ...this.clock.takeArmedForNow()].map((mover) => this.#sortOf(mover));
    return { sort, footprint, emptied, next };
  }

  #find(mover: Mover): Process | Timer {
    if ('process' in mover) return this.memory.objectOf(mover.process) as Process;
    return this.memory.timerOf(mover.timer);
  }

  #outcome(step: Step, build: number, end: RunEnd | undefined, sort: Sort, readyBefore: readonly Process[]): Outcome {
    this.memory.abandon();
    this.#door.decisions.length = 0;
    const contents = this.memory.save();
    this.clock.reorder();
    const ready = [...this.#kernel.ready].sort((a, b) => a.trackedAs - b.trackedAs);
    const { violations, seen } = this.#monitor.harvest();
    const ended = this.#ended;
    this.#ended = [];
    const configuration = { contents, ready, ranks: this.clock.ranks, build };
    const used = this.#used(sort, readyBefore);
    return { step, configuration, zone: this.clock.zone, end, violations, seen, ended, used };
  }
}

function moverOf(mover: Process | Timer): Mover {
  return mover instanceof Process ? { process: mover.trackedAs } : { timer: mover.rank };
}

function orderOf(mover: Process | Timer): number {
  return mover instanceof Process ? mover.trackedAs : mover.rank;
}
