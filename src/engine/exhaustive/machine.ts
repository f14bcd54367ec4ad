import { SymbolicClock } from '../../clock/symbolic-clock.ts';
import type { TimeAct } from '../../clock/time-act.ts';
import type { Plain } from '../../kernel/cell.ts';
import { DecisionDoor } from '../../kernel/decision.ts';
import { HiddenStateError } from '../../kernel/errors.ts';
import { Kernel, type RunEnd } from '../../kernel/kernel.ts';
import { Process } from '../../kernel/process.ts';
import { Sim } from '../../kernel/sim.ts';
import { RANKS_OF_AN_OBJECT } from '../../kernel/timer.ts';
import type { Tracked } from '../../kernel/tracker.ts';
import { variantOf } from '../../model/model.ts';
import type { Subject } from '../run.ts';
import type { Configuration } from './configuration.ts';
import type { Footprint } from './footprint.ts';
import { Known } from './known.ts';
import { Lookahead, type Sort } from './lookahead.ts';
import { Memory } from './memory.ts';
import { keyOf, type Mover } from './mover.ts';
import { Script } from './script.ts';

/** An event, and the scope whose becoming empty brought it about, if one did. */
export interface ToldEvent {
  readonly lane: string;
  readonly name: string;
  readonly data: Plain;
  readonly emptied: number | undefined;
}

/** What one step did, apart from the state in which it was made: it does the same wherever all that it looked at is the same. */
export interface Effect {
  /** How the choices inside it fell. */
  readonly choices: readonly number[];
  /** The numbers of the objects that hold something else afterwards, and the content of each. */
  readonly changed: readonly number[];
  readonly contents: readonly number[];
  /** Processes that are ready afterwards, and those that are not, of all that it had to do with. */
  readonly ready: readonly Process[];
  readonly notReady: readonly Process[];
  readonly acts: readonly TimeAct[];
  readonly events: readonly ToldEvent[];
  readonly end: RunEnd | undefined;
  readonly footprint: Footprint;
  /** What was used where a scope became empty. */
  readonly emptied: readonly { readonly scope: number; readonly footprint: Footprint }[];
  /** Which sorts of steps may follow it at the same instant that could not have been made before. */
  readonly next: readonly Sort[];
}

/** All that can come of it when something goes first. */
export interface Effects {
  /** What the mover is called here. */
  readonly name: string;
  /** One for each way in which choices fall. */
  readonly all: readonly Effect[];
  /** Objects that took the place of one made before, which nobody else knew. */
  readonly remade: readonly Tracked[];
  /** How often they were taken to be known. */
  uses: number;
}

/** The contents of all objects before any is made. */
export const NOTHING = new Int32Array(0);

/** The model's own code, on a kernel that can be put into any state: makes steps, and knows those that it has made. */
export class Machine {
  readonly memory = new Memory();
  readonly lookahead = new Lookahead();
  readonly clock = new SymbolicClock();
  readonly kernel: Kernel;
  readonly #subject: Subject;
  readonly #root: Sim;
  readonly #script = new Script();
  readonly #door = new DecisionDoor(this.#script, this.clock);
  #known = new Known<Effects>();
  /** In the present step. */
  #events: ToldEvent[] = [];

  constructor(subject: Subject) {
    this.#subject = subject;
    const observer = {
      event: (lane: string, name: string, data: Plain) =>
        this.#events.push({ lane, name, data, emptied: this.memory.emptying }),
      note: () => undefined,
      stepped: () => undefined,
    };
    this.kernel = new Kernel(this.clock, this.#door, observer, subject.limits, false, subject.names, this.memory);
    this.#root = new Sim(this.kernel, this.kernel.names.of(''));
    this.memory.addRoot(this.#root);
  }

  /** Make every step anew from now on, before any is known. */
  forget(): void {
    this.#known = new Known();
  }

  /** Every way to build the model, and what comes of it. */
  builds(): { readonly effect: Effect; readonly world: unknown }[] {
    const { model, config, variant } = this.#subject;
    const builds: { readonly effect: Effect; readonly world: unknown }[] = [];
    let script: readonly number[] | undefined = [];
    while (script !== undefined) {
      let world: unknown;
      const effect = this.#make(undefined, undefined, script, () => {
        this.memory.callback(this.#root, undefined, () => {
          world = model.build(this.#root, config, variantOf(model, variant).design);
        });
        this.kernel.settled();
      });
      builds.push({ effect, world });
      script = this.#script.next();
    }
    return builds;
  }

  get sortOfBuild(): Sort {
    return this.lookahead.sortOfCallback(this.#root.trackedAs);
  }

  sortOf(mover: Mover, contents: Int32Array): Sort {
    if ('timer' in mover) return this.lookahead.sortOfCallback(Math.floor(mover.timer / RANKS_OF_AN_OBJECT));
    const { trackedAs, sim } = this.memory.objectOf(mover.process) as Process;
    return this.lookahead.sortOfProcess(trackedAs, sim.trackedAs, contents[trackedAs] as number);
  }

  /** All that can come of it when `mover` goes first. */
  effects(configuration: Configuration, mover: Mover): Effects {
    const { memory } = this;
    const key = keyOf(mover);
    const known = this.#known.find(key, configuration.contents);
    if (known !== undefined && !memory.isAnyHandedOver(known.remade)) {
      if (isToBeChecked(known.uses++)) this.#check(known, this.#makeAll(configuration, mover).effects);
      return known;
    }
    const { effects, lookedAt } = this.#makeAll(configuration, mover);
    if (known === undefined) this.#known.keep(key, lookedAt, configuration.contents, effects);
    return effects;
  }

  /** Make a step in every way in which its choices can fall. */
  #makeAll(configuration: Configuration, mover: Mover) {
    const { memory } = this;
    const all: Effect[] = [];
    const lookedAt = new Set<number>();
    const remade: Tracked[] = [];
    let name = '';
    let script: readonly number[] | undefined = [];
    while (script !== undefined) {
      const effect = this.#make(configuration, mover, script, () => {
        const moving = 'process' in mover ? (memory.objectOf(mover.process) as Process) : memory.timerOf(mover.timer);
        ({ name } = moving);
        this.kernel.go(moving);
      });
      all.push(effect);
      for (const each of memory.lookedAt) lookedAt.add(each);
      remade.push(...memory.remade);
      script = this.#script.next();
    }
    return { effects: { name, all, remade, uses: 0 }, lookedAt };
  }

  /** A step that was made once is made again, in another state in which it should do the same. */
  #check(known: Effects, again: Effects): void {
    if (textOf(known) !== textOf(again)) {
      throw new HiddenStateError(
        `${known.name} does something else in another state, though all that it looks at in kernel objects is the same: ` +
          'it depends on what no kernel object holds',
      );
    }
  }

  /** Go to a state; before the build there is none. A step may have been broken off before. */
  enter(configuration: Configuration | undefined): void {
    this.memory.abandon();
    this.clock.takeActs();
    this.#events = [];
    this.memory.restore(configuration?.contents ?? NOTHING);
    this.kernel.resumeFrom(configuration?.ready ?? []);
    this.memory.beginStep();
  }

  /** Do something in a state, `mover`'s step if it is one, and see what comes of it. */
  #make(from: Configuration | undefined, mover: Mover | undefined, script: readonly number[], act: () => void): Effect {
    const { memory, kernel } = this;
    this.enter(from);
    this.#script.begin(script);
    const end = kernel.attempt(act);
    memory.abandon();
    this.#door.forget();
    const after = memory.save();
    const { footprint, emptied } = memory;
    const isReady = new Set(kernel.ready);
    const met = memory.lookedAt.map((number) => memory.objectOf(number)).filter((each) => each instanceof Process);
    const ready = met.filter((process) => isReady.has(process));
    // What goes is no longer ready. If it is again when the step is over, it was woken: by what its end brought about, say.
    const goes = mover !== undefined && 'process' in mover ? mover.process : undefined;
    const woken = ready.filter((process) => process.trackedAs === goes || from?.ready.includes(process) !== true);
    const acts = this.clock.takeActs();
    const next = [...woken.map((process) => ({ process: process.trackedAs })), ...acts.flatMap(armedForNow)];
    const events = this.#events;
    this.#events = [];
    return {
      choices: this.#script.indices,
      ...differenceOf(from?.contents ?? NOTHING, after),
      ready,
      notReady: met.filter((process) => !isReady.has(process)),
      acts,
      events,
      end,
      footprint,
      emptied,
      next: next.map((each) => this.sortOf(each, after)),
    };
  }
}

/** Whether a step that was taken to be known so many times before is made once more: at first, then ever more rarely. */
function isToBeChecked(uses: number): boolean {
  return uses === 0 || (uses % 16 === 0 && Number.isInteger(Math.log2(uses)));
}

/** All that is to be the same. */
function textOf({ name, all }: Effects): string {
  const numbers = (processes: readonly Process[]) => processes.map(({ trackedAs }) => trackedAs).sort();
  const texts = all.map(({ choices, changed, contents, ready, notReady, acts, events, end }) =>
    JSON.stringify([choices, changed, contents, numbers(ready), numbers(notReady), acts, events, end?.why]),
  );
  return [name, ...texts].join();
}

/** The objects that hold something else in the second state than in the first one, and what they hold there. */
function differenceOf(before: Int32Array, after: Int32Array): Pick<Effect, 'changed' | 'contents'> {
  const changed: number[] = [];
  const contents: number[] = [];
  for (let object = 1; object < after.length; object++) {
    const content = after[object] as number;
    if (content === (before[object] ?? 0)) continue;
    changed.push(object);
    contents.push(content);
  }
  return { changed, contents };
}

function armedForNow(act: TimeAct): Mover[] {
  return act.does === 'arm' && act.bounds.min === 0 && !act.bounds.minOpen ? [{ timer: act.rank }] : [];
}
