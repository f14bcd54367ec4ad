import { HiddenStateError, InternalError, UnfollowableError } from '../../kernel/errors.ts';
import { Line } from '../../kernel/line.ts';
import { Process } from '../../kernel/process.ts';
import { Sim } from '../../kernel/sim.ts';
import { RANKS_OF_AN_OBJECT, Timer } from '../../kernel/timer.ts';
import type { Tracked, Tracker, Use } from '../../kernel/tracker.ts';
import { BLOCKED, LeftLoop, LOOP_ENTRY, Waitable } from '../../kernel/waitable.ts';
import { Contents, NEW, NOT_MADE } from './contents.ts';
import { Footprint } from './footprint.ts';
import { type EntryKind, History } from './history.ts';
import { RowReader, RowWriter } from './row.ts';
import { isPlain, isTracked, Values } from './values.ts';

/** A process that is being fed its log again, and how far that is. */
interface Replay {
  readonly process: Process;
  readonly entries: ReturnType<History['entriesOf']>;
  next: number;
}

/**
 * The present content of all objects of a kernel, as numbers: one for each object, in the order in which they were made. Saves
 * it after a step, restores another one, and puts processes back to where their logs say.
 */
export class Memory implements Tracker {
  readonly values = new Values();
  /** What the present step has used. */
  footprint = new Footprint();
  /** Scopes that became empty in the present step, with what came of it. */
  emptied: { readonly scope: number; readonly footprint: Footprint }[] = [];
  /** The objects that the present step has looked at or changed, each once, in that order. */
  lookedAt: number[] = [];
  /** Objects that took the place of one made before in the present step. */
  remade: Tracked[] = [];
  /** The scope that has become empty, while that is seen to. */
  emptying: number | undefined;
  /** Objects that properties look at. */
  readonly watched = new Set<number>();
  /** The step in which each object was last looked at. */
  readonly #lookedAtIn: number[] = [0];
  #step = 0;
  readonly #writer = new RowWriter(this.values);
  readonly #history = new History();
  /** By their numbers; nothing is number 0. */
  readonly #objects: (Tracked | undefined)[] = [undefined];
  readonly #contents: Contents[] = [new Contents()];
  /** What belongs to the object of each number, and is as good as new when it is. */
  readonly #parts: (readonly Tracked[])[] = [[]];
  readonly #madeAt = new Map<number, Tracked>();
  /** Objects that somebody else than their maker may know. */
  readonly #handedOver = new Set<Tracked>();
  /** What the running code has made in this step. */
  #madeHere: Tracked[] = [];
  #adopted: Tracked[] = [];
  /** The number of each object's present content, as far as saved. */
  #present: number[] = [0];
  readonly #dirty: Tracked[] = [];
  readonly #isDirty: boolean[] = [false];
  /** Where the code of each process stands: the log that it would need to come there. */
  readonly #stands = new Map<Process, number>();
  /** The log of the running code; undefined while none runs. */
  #log: number | undefined;
  /** How many objects of the model's own have been made at this place of the log, and how many were handed over that were not. */
  #firsts = 0;
  #held = 0;
  #replay: Replay | undefined;

  // ---- states ----

  /** The number of each object's content, after all that has changed. The array is the caller's. */
  save(): Int32Array {
    for (const object of this.#dirty) this.#save(object);
    this.#dirty.length = 0;
    return Int32Array.from(this.#present);
  }

  restore(contents: Int32Array): void {
    for (const object of this.#dirty) {
      this.#isDirty[object.trackedAs] = false;
      this.#present[object.trackedAs] = -1;
    }
    this.#dirty.length = 0;
    for (let number = 1; number < this.#objects.length; number++) {
      const wanted = contents[number] ?? 0;
      if (this.#present[number] !== wanted) this.#load(number, wanted);
    }
  }

  /** Let one object hold what it does in a state; the others need not be in that state. */
  restoreOne(object: Tracked, contents: Int32Array): void {
    const number = object.trackedAs;
    const wanted = contents[number] ?? 0;
    if (this.#present[number] !== wanted || this.#isDirty[number] === true) this.#load(number, wanted);
  }

  /** The number of what `object` holds now, where nothing else has changed. */
  saveOne(object: Tracked): number {
    if (this.#dirty.pop() === object) this.#save(object);
    return this.#present[object.trackedAs] as number;
  }

  /** Whether somebody else than its maker may know one of these objects. */
  isAnyHandedOver(objects: readonly Tracked[]): boolean {
    return objects.some((object) => this.#handedOver.has(object));
  }

  objectOf(number: number): Tracked | undefined {
    return this.#objects[number];
  }

  /** The timer that has this rank in the present state. */
  timerOf(rank: number): Timer {
    const object = this.#objects[Math.floor(rank / RANKS_OF_AN_OBJECT)];
    return object instanceof Line ? object.timerAt(rank % RANKS_OF_AN_OBJECT) : (object as Timer);
  }

  /** How many different contents each object has had. */
  *contentCounts(): Generator<{ readonly name: string; readonly count: number }> {
    for (let number = 1; number < this.#objects.length; number++) {
      yield {
        name: nameOf(this.#objects[number] as Tracked),
        count: (this.#contents[number] as Contents).rows.length - 1,
      };
    }
  }

  #save(object: Tracked): void {
    this.#isDirty[object.trackedAs] = false;
    this.#present[object.trackedAs] = this.#lookUp(object);
  }

  #lookUp(object: Tracked): number {
    this.#writer.row.length = 0;
    object.save(this.#writer);
    return (this.#contents[object.trackedAs] as Contents).numberOf(this.#writer.row);
  }

  #load(number: number, content: number): void {
    const row = (this.#contents[number] as Contents).rows[content] as readonly number[];
    (this.#objects[number] as Tracked).load(new RowReader(row, this.values, this.#objects));
    this.#present[number] = content;
  }

  // ---- Tracker: objects ----

  get replaying(): boolean {
    return this.#replay !== undefined;
  }

  effect(object: Tracked, use?: Use): boolean {
    if (this.#replay !== undefined) return false;
    if (this.#log === undefined) throw new InternalError('a property changes the state');
    this.touch(object, use);
    return true;
  }

  touch(object: Tracked, use: Use = 'writes'): void {
    const number = object.trackedAs;
    if (number < 0) return;
    this.footprint.add(number, use);
    this.#look(number);
    if (use === 'reads' || this.#isDirty[number] === true) return;
    this.#isDirty[number] = true;
    this.#dirty.push(object);
  }

  #look(number: number): void {
    if (this.#lookedAtIn[number] === this.#step) return;
    this.#lookedAtIn[number] = this.#step;
    this.lookedAt.push(number);
  }

  recall(): Tracked | undefined {
    if (this.#replay !== undefined) return this.#objects[this.#nextEntry('made')];
    const known = this.#madeAt.get(this.#here());
    if (known === undefined) return undefined;
    this.#renew(known);
    this.#madeHere.push(known);
    this.#learn('made', known.trackedAs);
    return known;
  }

  made(object: Tracked): void {
    const parts = this.#adopted;
    this.#adopted = [];
    this.#madeAt.set(this.#here(), object);
    this.#register(object, parts);
    this.#madeHere.push(object);
    this.#learn('made', object.trackedAs);
  }

  adopt(object: Tracked): void {
    this.#register(object, []);
    this.#adopted.push(object);
  }

  /** An object that is there from the beginning. */
  addRoot(object: Tracked): void {
    this.#register(object, []);
  }

  #register(object: Tracked, parts: readonly Tracked[]): void {
    object.trackedAs = this.#objects.push(object) - 1;
    this.#parts.push(parts);
    const contents = new Contents();
    this.#contents.push(contents);
    this.#writer.row.length = 0;
    object.save(this.#writer);
    contents.begin(this.#writer.row);
    this.#present.push(NEW);
    this.#isDirty.push(false);
    this.#lookedAtIn.push(0);
    this.#look(object.trackedAs);
  }

  /**
   * As it was when it was made. In a later round of a loop it takes the place of the one that was made in the round before; that
   * is right only where nobody can know the old one any more.
   */
  #renew(object: Tracked): void {
    if (this.#present[object.trackedAs] !== NOT_MADE) {
      if (this.#handedOver.has(object)) throw madeAgain(object, 'was handed over');
      this.remade.push(object);
    }
    for (const part of [...(this.#parts[object.trackedAs] as readonly Tracked[]), object]) {
      this.#look(part.trackedAs);
      if (part instanceof Timer) part.stop();
      if (this.#lookUp(part) !== NEW) {
        if (isInUse(part)) throw madeAgain(part, 'is in use');
        this.touch(part);
      }
      this.#load(part.trackedAs, NEW);
    }
  }

  // ---- Tracker: what running code learns ----

  told<T>(value: T, object?: Tracked): T {
    if (this.#replay !== undefined) return this.values.of(this.#nextEntry('told')) as T;
    if (this.#log === undefined) {
      if (object !== undefined) {
        this.watched.add(object.trackedAs);
        this.#look(object.trackedAs);
      }
      return value;
    }
    if (object !== undefined) {
      this.footprint.add(object.trackedAs, 'reads');
      this.#look(object.trackedAs);
    }
    const number = this.#numberOf(value);
    this.#learn('told', number);
    return this.values.of(number) as T;
  }

  hold(value: unknown): void {
    this.#handOver(value);
    this.#numberOf(value);
  }

  holdOne(value: object | undefined): void {
    this.#handOver(value);
    if (value !== undefined) this.values.holdOne(value, this.#place);
  }

  first<T extends object>(made: T): T {
    return this.values.first(made, `${this.#here()} made ${this.#firsts++}`) as T;
  }

  /** Others may know what `value` is or consists of from now on; of an object of the model's own, all that was made for it. */
  #handOver(value: unknown): void {
    if (typeof value !== 'object' || value === null) return;
    if (isTracked(value)) this.#handedOver.add(value);
    else if (Array.isArray(value)) for (const each of value) this.#handOver(each);
    else if (isPlain(value)) for (const each of Object.values(value)) this.#handOver(each);
    else for (const each of this.#madeHere) this.#handedOver.add(each);
  }

  cameTo(): { readonly value: unknown } | undefined {
    const { entries, next } = this.#replay as Replay;
    return next === entries.length ? undefined : { value: this.values.of(this.#nextEntry('told')) };
  }

  callback(object: Tracked, message: unknown, run: () => void): void {
    this.#begin(this.#history.longer(History.empty, 'began', object.trackedAs));
    this.told(message);
    if (object instanceof Sim) this.#apart(object.trackedAs, run);
    else run();
    this.#log = undefined;
  }

  /** A new step begins. */
  beginStep(): void {
    this.#madeHere = [];
    this.footprint = new Footprint();
    this.emptied = [];
    this.lookedAt = [];
    this.remade = [];
    this.#step++;
  }

  /** Run what is done when a scope becomes empty, and keep apart what it uses. */
  #apart(scope: number, run: () => void): void {
    const whole = this.footprint;
    this.footprint = new Footprint();
    this.emptying = scope;
    try {
      run();
    } finally {
      this.emptying = undefined;
      this.emptied.push({ scope, footprint: this.footprint });
      this.footprint = whole;
    }
  }

  enter(process: Process): void {
    // Also where the step is broken off: a process that still runs must be put back with all else.
    this.touch(process, 'joins');
    const stands = this.#stands.get(process);
    // Wherever this step ends: unless it blocks, its code stands nowhere from which it can go on.
    this.#stands.delete(process);
    const began = this.#history.longer(History.empty, 'began', process.trackedAs);
    const isNew = process.log === History.empty;
    if (!isNew && stands === process.log) {
      this.#begin(process.log);
      return;
    }
    this.#begin(began);
    if (isNew) process.restart();
    else this.#putBack(process);
  }

  loopEntry(): void {
    this.#learn('loop', 0);
  }

  loopHead(): void {
    this.#begin(this.#history.atLoopHead(this.#here()));
  }

  loopExit(value: unknown): void {
    this.#begin(this.#history.afterLoop(this.#here(), this.#numberOf(value)));
  }

  leave(process: Process): void {
    // Who is ready cannot be woken: that and its own step never meet.
    this.touch(process, 'joins');
    if (process.state !== 'ended') {
      process.log = this.#here();
      this.#stands.set(process, process.log);
    }
    this.#log = undefined;
  }

  /** A step that was broken off in the middle: no code runs. */
  abandon(): void {
    this.#log = undefined;
    this.#replay = undefined;
  }

  #begin(log: number): void {
    this.#log = log;
    this.#firsts = 0;
    this.#held = 0;
  }

  #here(): number {
    if (this.#log === undefined) throw new InternalError('no code runs that could make or learn anything');
    return this.#log;
  }

  #learn(kind: EntryKind, operand: number): void {
    this.#begin(this.#history.longer(this.#here(), kind, operand));
  }

  #numberOf(value: unknown): number {
    return this.values.hold(value, this.#place);
  }

  readonly #place = (): string => `${this.#here()} ${this.#held++}`;

  /** Feed the code of `process` its log from the start. */
  #putBack(process: Process): void {
    const replay: Replay = { process, entries: this.#history.entriesOf(process.log), next: 0 };
    const { entries } = replay;
    this.#replay = replay;
    const code = process.restart();
    let send: unknown;
    for (;;) {
      const result = code.next(send);
      send = undefined;
      if (result.done === true) throw hidden(process);
      if (result.value === LOOP_ENTRY) {
        if (entries[replay.next]?.kind === 'left loop') {
          send = new LeftLoop(this.values.of(this.#nextEntry('left loop')));
        } else this.#nextEntry('loop');
      } else if (result.value === BLOCKED) {
        if (replay.next === entries.length) break;
        throw hidden(process);
      } else throw hidden(process);
    }
    this.#replay = undefined;
  }

  #nextEntry(kind: EntryKind): number {
    const replay = this.#replay as Replay;
    const entry = replay.entries[replay.next++];
    if (entry?.kind !== kind) throw hidden(replay.process);
    this.#begin(entry.log);
    return entry.operand;
  }
}

function hidden(process: Process): HiddenStateError {
  return new HiddenStateError(
    `${process.name}, told the same things again, does something else: it depends on what no kernel object holds`,
  );
}

/** Nobody could tell the two from each other. */
function madeAgain(object: Tracked, but: string): UnfollowableError {
  return new UnfollowableError(
    `${nameOf(object)} is made again in a later round of a loop, but the one before ${but}: make it before the loop`,
  );
}

function isInUse(object: Tracked): boolean {
  if (object instanceof Process) return object.state !== 'new' && object.state !== 'ended';
  return object instanceof Waitable && object.hasWaiters;
}

/** For messages. */
function nameOf(object: Tracked): string {
  return (object as { readonly name?: string }).name ?? object.constructor.name;
}
