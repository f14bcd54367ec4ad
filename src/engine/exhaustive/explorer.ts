import { firableAmong, rankOfMark, rowOf, type TimeAct, ZoneProgram } from '../../clock/time-act.ts';
import { Zone } from '../../clock/zone.ts';
import type { Span } from '../../kernel/clock-contract.ts';
import type { RunEnd } from '../../kernel/kernel.ts';
import { formatDuration } from '../../model/duration-text.ts';
import { Monitor, PropertySet, type TimedSpan } from '../../property/monitor.ts';
import type { Violation } from '../../property/verdict.ts';
import type { Subject } from '../run.ts';
import { type Configuration, Configurations } from './configuration.ts';
import { Footprint } from './footprint.ts';
import { Known } from './known.ts';
import type { Lookahead, Sort } from './lookahead.ts';
import { type Effect, Machine, NOTHING, type ToldEvent } from './machine.ts';
import type { Memory } from './memory.ts';
import { keyOf, type Mover, moverOf } from './mover.ts';

/** One step: what went, and how the choices inside it fell. */
export interface Step {
  readonly mover: Mover;
  /** Its name, and how many others of the same name could have gone that are made earlier. */
  readonly name: string;
  readonly namesakes: number;
  readonly choices: readonly number[];
}

/** A span that ended in a step. */
interface EndedSpan {
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

/** What one step comes to in a configuration, whatever the times. */
export interface Move {
  readonly name: string;
  readonly choices: readonly number[];
  readonly events: readonly ToldEvent[];
  readonly to: Configuration;
  readonly program: ZoneProgram;
  readonly used: Used;
  readonly end: RunEnd | undefined;
  readonly violations: readonly Violation[];
  readonly seen: readonly string[];
  /** What the spans are of that end in it, in the order in which its program asks for their lengths. */
  readonly ended: readonly TimedSpan['of'][];
}

/** What one step came to. */
export interface Outcome {
  readonly used: Used;
  readonly step: Step;
  /** What was said in it. */
  readonly events: readonly ToldEvent[];
  readonly configuration: Configuration;
  readonly zone: Zone;
  readonly end: RunEnd | undefined;
  readonly violations: readonly Violation[];
  readonly seen: readonly string[];
  readonly ended: readonly EndedSpan[];
}

/** A span that has begun and not ended, and the row of its mark. */
export interface OpenSpan {
  readonly of: TimedSpan['of'];
  readonly row: number;
}

/** Something that can go first in a configuration. */
export interface Candidate {
  readonly mover: Mover;
  /** The mover, as a number. */
  readonly key: number;
  readonly sort: Sort;
}

/** What properties say of a configuration: no step may lead to one that breaks them. */
interface Judgement {
  readonly violations: readonly Violation[];
  /** Where looking at it fails. */
  readonly end: RunEnd | undefined;
}

/** What the monitor makes of a step. */
interface Watching {
  readonly acts: readonly TimeAct[];
  readonly ended: readonly TimedSpan['of'][];
  readonly content: number;
  readonly uses: ReadonlyMap<number | undefined, Footprint>;
  readonly violations: readonly Violation[];
  readonly seen: readonly string[];
}

const NOTHING_USED = new Footprint();
const NOTHING_WRONG: Judgement = { violations: [], end: undefined };
const NONE_ENDED: readonly EndedSpan[] = [];
const NOT_WRITTEN: ReadonlySet<string> = new Set();

/** Where the build of the model is marked, where events are written down. Marks of properties begin here too: there are none then. */
const MARK_OF_BUILD = 0;

/** What the build of the model is called, as the first step of every path. */
const BUILD: Omit<Step, 'choices'> = { mover: { process: 0 }, name: 'the build', namesakes: 0 };

/** Runs one model from any state into all states that can follow, over all real-valued timings at once. */
export class Explorer {
  readonly #machine: Machine;
  readonly #monitor: Monitor<unknown>;
  #worlds: readonly unknown[] = [];
  #configurations = new Configurations();
  #judgements = new Known<Judgement>();
  #watchesStates = false;
  #heeded: PropertySet['rules'] = new Map();
  #written: ReadonlySet<string> = NOT_WRITTEN;
  /** The spans that have ended in the present step. */
  #ended: TimedSpan['of'][] = [];

  constructor(subject: Subject) {
    this.#machine = new Machine(subject);
    const { clock, memory } = this.#machine;
    const format = (ticks: number) => formatDuration(ticks, subject.tickNs);
    const ended = (of: TimedSpan['of']) => this.#ended.push(of);
    this.#monitor = new Monitor<unknown>(new PropertySet([]), clock, format, memory, ended);
    memory.addRoot(this.#monitor);
  }

  get memory(): Memory {
    return this.#machine.memory;
  }

  get lookahead(): Lookahead {
    return this.#machine.lookahead;
  }

  /** Watch these properties from now on. What has been learned about the model stays. */
  watch(properties: PropertySet): void {
    this.#begin(properties, NOT_WRITTEN);
  }

  /**
   * Somebody writes down events of these names, with their times, from now on: no two steps that tell any of them come to the
   * same in either order, and the first row of a zone is the time since the build.
   */
  write(names: ReadonlySet<string>): void {
    this.#begin(new PropertySet([]), names);
  }

  #begin(properties: PropertySet, written: ReadonlySet<string>): void {
    this.#monitor.watch(properties);
    this.#written = written;
    this.memory.watched.clear();
    this.#configurations = new Configurations();
    this.#judgements = new Known();
    this.#watchesStates = properties.always.length > 0;
    this.#heeded = properties.rules;
  }

  /** Something matters that did not seem to: what is known of states and steps is not right. */
  forget(): void {
    this.#machine.forget();
    this.#configurations = new Configurations();
    this.#judgements = new Known();
  }

  /** Every state in which a run can begin. */
  initial(): Outcome[] {
    const builds = this.#machine.builds();
    this.#worlds = builds.map(({ world }) => world);
    return builds.map(({ effect }, build) => {
      const move = this.#moveBy(undefined, build, effect, BUILD.name, this.#machine.sortOfBuild);
      return this.#follow(move, Zone.now, { ...BUILD, choices: effect.choices });
    });
  }

  /** What can go first in a state. */
  candidates(configuration: Configuration, zone: Zone): readonly Candidate[] {
    const { ready, ranks } = configuration;
    const candidates: Candidate[] = [];
    for (const process of ready) candidates.push(this.#candidate(configuration, process.trackedAs));
    for (const rank of firableAmong(zone, ranks, ready.length > 0))
      candidates.push(this.#candidate(configuration, keyOf({ timer: rank })));
    return candidates;
  }

  /** The sort of step that `mover` makes in a configuration. */
  sortOf(mover: Mover, { contents }: Configuration): Sort {
    return this.#machine.sortOf(mover, contents);
  }

  /** How the run ends in a state in which nothing can go. */
  endQuietly(configuration: Configuration): RunEnd {
    this.#machine.enter(configuration);
    return this.#machine.kernel.endQuietly();
  }

  /** The spans that have begun and not ended. */
  open(configuration: Configuration): readonly OpenSpan[] {
    configuration.open ??= this.#openIn(configuration);
    return configuration.open;
  }

  /**
   * All that can come of it when one of the candidates of a state goes first there. Timers of one name are told from each
   * other by their order among `candidates`.
   */
  go(configuration: Configuration, zone: Zone, candidate: Candidate, candidates: readonly Candidate[] = []): Outcome[] {
    const moves = this.#moves(configuration, candidate);
    const { mover } = candidate;
    let namesakes = 0;
    if ('timer' in mover) {
      const name = moves[0]?.name;
      for (const other of candidates) {
        if ('process' in other.mover || other.mover.timer >= mover.timer) continue;
        if (this.#moves(configuration, other)[0]?.name === name) namesakes++;
      }
    }
    return moves.map((move) => {
      const { name, choices } = move;
      return this.#follow(move, zone, { mover, name, namesakes, choices });
    });
  }

  #candidate(configuration: Configuration, key: number): Candidate {
    let candidate = configuration.candidates.get(key);
    if (candidate === undefined) {
      const mover = moverOf(key);
      candidate = { key, mover, sort: this.sortOf(mover, configuration) };
      configuration.candidates.set(key, candidate);
    }
    return candidate;
  }

  #openIn(configuration: Configuration): OpenSpan[] {
    this.memory.restoreOne(this.#monitor, configuration.contents);
    return [...this.#monitor.open()].map(({ of, mark }) => ({
      of,
      row: rowOf(configuration.ranks, rankOfMark(mark.id)),
    }));
  }

  // ---- moves: what a step comes to in a configuration ----

  #moves(configuration: Configuration, { key, mover, sort }: Candidate): readonly Move[] {
    let moves = configuration.moves.get(key);
    if (moves === undefined) {
      const { name, all } = this.#machine.effects(configuration, mover);
      moves = all.map((effect) => this.#moveBy(configuration, configuration.build, effect, name, sort));
      configuration.moves.set(key, moves);
    }
    return moves;
  }

  #moveBy(from: Configuration | undefined, build: number, effect: Effect, name: string, sort: Sort): Move {
    const { choices, next, end } = effect;
    const watching = this.#watch(from, effect);
    const acts = watching.acts.length === 0 ? effect.acts : [...effect.acts, ...watching.acts];
    const program = new ZoneProgram(from?.ranks ?? [], acts, from !== undefined && from.ready.length > 0);
    const { ready: nowReady, notReady } = effect;
    const ready = from?.ready.filter((each) => !nowReady.includes(each) && !notReady.includes(each)) ?? [];
    const to = this.#configurations.of(from, build, {
      changed: [...effect.changed, this.#monitor.trackedAs],
      contents: [...effect.contents, watching.content],
      ready: [...ready, ...nowReady].sort((a, b) => a.trackedAs - b.trackedAs),
      ranks: program.ranks,
    });
    const emptied = effect.emptied.map(({ scope, footprint }) => ({
      scope,
      footprint: footprint.with(watching.uses.get(scope) ?? NOTHING_USED),
    }));
    const footprint = effect.footprint.with(watching.uses.get(undefined) ?? NOTHING_USED);
    const used = { sort, footprint, emptied, next };
    this.#learn(used);
    const judgement = end === undefined || end.why === 'finished' ? this.#judge(to) : NOTHING_WRONG;
    const violations = [...watching.violations, ...judgement.violations];
    const { seen, ended } = watching;
    const { events } = effect;
    return { name, choices, events, to, program, used, end: judgement.end ?? end, violations, seen, ended };
  }

  #learn({ sort, footprint, next, emptied }: Used): void {
    this.lookahead.learn(sort, footprint, next);
    for (const each of emptied) this.lookahead.learnEmptied(each.scope, each.footprint);
  }

  /** What the monitor makes of the events of a step; what it uses for them, by the scope that was emptied. */
  #watch(from: Configuration | undefined, { events }: Effect): Watching {
    const { memory, clock } = this.#machine;
    const monitor = this.#monitor;
    const uses = new Map<number | undefined, Footprint>();
    memory.restoreOne(monitor, from?.contents ?? NOTHING);
    // What it holds where nothing has begun is said in the same way before and after something has.
    if (from === undefined) memory.touch(monitor);
    if (from === undefined && this.#written.size > 0) clock.mark(MARK_OF_BUILD);
    for (const { name, data, emptied } of events) {
      const isWritten = this.#written.has(name);
      if (!isWritten && !this.#heeded.has(name)) continue;
      memory.beginStep();
      monitor.event(name, data);
      if (isWritten) memory.touch(monitor);
      uses.set(emptied, memory.footprint.with(uses.get(emptied) ?? NOTHING_USED));
    }
    const ended = this.#ended;
    this.#ended = [];
    return { acts: clock.takeActs(), ended, content: memory.saveOne(monitor), uses, ...monitor.harvest() };
  }

  /** One way through a move, at certain times. */
  #follow(move: Move, start: Zone, step: Step): Outcome {
    const { used, to: configuration, end, program, events } = move;
    const { zone, spans } = program.run(start);
    let { violations, seen } = move;
    let ended: readonly EndedSpan[] = NONE_ENDED;
    if (spans.length > 0) {
      ended = spans.map((span, index) => {
        const of = move.ended[index] as TimedSpan['of'];
        this.#monitor.judge(of, span);
        return { property: of.name, span };
      });
      const judged = this.#monitor.harvest();
      violations = [...violations, ...judged.violations];
      seen = [...seen, ...judged.seen];
    }
    return { used, step, events, configuration, zone, end, violations, seen, ended };
  }

  #judge(configuration: Configuration): Judgement {
    if (!this.#watchesStates) return NOTHING_WRONG;
    const { contents, build } = configuration;
    let judgement = this.#judgements.find(build, contents);
    if (judgement === undefined) {
      this.#machine.enter(configuration);
      const end = this.#machine.kernel.attempt(() => this.#monitor.stepped(this.#worlds[build]));
      judgement = { violations: this.#monitor.harvest().violations, end };
      this.#judgements.keep(build, this.memory.lookedAt, contents, judgement);
    }
    return judgement;
  }
}
