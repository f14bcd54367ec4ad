import type { Ticks } from '../kernel/bounds.ts';
import { Cell, type Plain } from '../kernel/cell.ts';
import { Channel } from '../kernel/channel.ts';
import type { DecisionKind, OptionName, Site, Strategy } from '../kernel/decision.ts';
import { defaultDelay } from '../kernel/decision.ts';
import { Latch } from '../kernel/latch.ts';
import type { Line } from '../kernel/line.ts';
import { Mutex } from '../kernel/mutex.ts';
import type { Probe } from '../kernel/probe.ts';
import { Process } from '../kernel/process.ts';
import { Timer } from '../kernel/timer.ts';
import type { Tracked } from '../kernel/tracker.ts';
import { FixedStrategy } from './fixed-strategy.ts';
import type { Replayed } from './replay.ts';
import { record, type Subject, type Watcher } from './run.ts';
import type { Schedule } from './schedule.ts';

/** One question of the run, whatever the answer was. */
export interface Asked {
  /** As a schedule names it. */
  readonly name: string;
  readonly kind: DecisionKind;
  readonly fault: boolean;
  readonly at: Ticks;
  /** How many events of the trace came before the step in which it was asked. */
  readonly after: number;
  /** Ticks for a delay, `Infinity` for never; else the name of what was picked. */
  readonly value: number | string;
  readonly isDefault: boolean;
  /** For a delay: what was possible. */
  readonly least?: Ticks;
  readonly greatest?: Ticks;
  /** For an order or a choice: what was possible, the default first. */
  readonly options?: readonly string[];
}

/** What an object was like from `at` on. */
export interface Moment<T> {
  readonly at: Ticks;
  readonly is: T;
}

export interface ProcessState {
  readonly state: 'ready' | 'blocked' | 'ended';
  readonly frozen: boolean;
  readonly waitsFor: readonly string[];
}

/** A timer that was armed: what it is `due`, and the decision about it, if there was one. */
export type TimerState =
  | { readonly due: Ticks; readonly decision?: string }
  | { readonly fired: true }
  | { readonly stopped: true };

/** An object of the kernel, with all that it has been. */
export type Observed =
  | { readonly kind: 'process'; readonly name: string; readonly history: readonly Moment<ProcessState>[] }
  | { readonly kind: 'mutex'; readonly name: string; readonly history: readonly Moment<string | undefined>[] }
  | {
      readonly kind: 'cell';
      readonly name: string;
      readonly most?: number;
      readonly history: readonly Moment<Plain>[];
    }
  | {
      readonly kind: 'channel';
      readonly name: string;
      readonly most: number;
      readonly history: readonly Moment<number>[];
    }
  | { readonly kind: 'latch'; readonly name: string; readonly history: readonly Moment<boolean>[] }
  | { readonly kind: 'timer'; readonly name: string; readonly history: readonly Moment<TimerState>[] };

/** Something that was sent from one place to another. */
export interface Message {
  /** The line's own name, `client→runner`, and the part of the model that it belongs to. */
  readonly line: string;
  readonly scope: string;
  readonly label: string;
  readonly sent: Ticks;
  /** When it arrived, or would have: missing where it was lost. */
  readonly due?: Ticks;
  readonly arrived: boolean;
  /** The decision about its time, if there was one. */
  readonly decision?: string;
}

/** A run with all that can be seen of it. */
export interface ObservedRun extends Replayed {
  readonly asked: readonly Asked[];
  readonly objects: readonly Observed[];
  readonly messages: readonly Message[];
}

/** Run one schedule and watch all that happens inside. The run itself is that of `replay`, to the last event. */
export function observe(subject: Subject, schedule: Schedule): ObservedRun {
  const fixed = new FixedStrategy(schedule, subject.tickNs);
  const watch = new Watch();
  const result = record(subject, () => new Questions(fixed, (question) => watch.ask(question)), watch);
  return { ...result, stale: fixed.stale, asked: watch.asked, objects: watch.observed(), messages: watch.messages };
}

type Question = Omit<Asked, 'at' | 'after'>;

/** Decides as another strategy does, and tells of every question. */
class Questions implements Strategy {
  readonly #strategy: Strategy;
  readonly #tell: (question: Question) => void;

  constructor(strategy: Strategy, tell: (question: Question) => void) {
    this.#strategy = strategy;
    this.#tell = tell;
  }

  delay(site: Site, least: Ticks, greatest: Ticks): Ticks {
    const value = this.#strategy.delay(site, least, greatest);
    const isDefault = value === defaultDelay(least, greatest);
    this.#tell({ ...basicsOf(site), value, isDefault, least, greatest });
    return value;
  }

  order(site: Site, count: number, optionName: OptionName): number {
    const index = this.#strategy.order(site, count, optionName);
    const options = Array.from({ length: count }, (_, each) => optionName(each));
    this.#tell({ ...basicsOf(site), value: options[index] as string, isDefault: index === 0, options });
    return index;
  }

  choice(site: Site, options: readonly string[]): number {
    const index = this.#strategy.choice(site, options);
    this.#tell({
      ...basicsOf(site),
      value: options[index] as string,
      isDefault: index === 0,
      options: [...options],
    });
    return index;
  }
}

function basicsOf(site: Site): Pick<Question, 'name' | 'kind' | 'fault'> {
  return { name: `${site.name} #${site.asked}`, kind: site.kind, fault: site.fault };
}

/** What is looked at after each step: what it is now, and whether that is what it was. */
abstract class Watched<T> {
  readonly history: { at: Ticks; is: T }[] = [];

  look(at: Ticks): void {
    const last = this.history.at(-1);
    const is = this.now(last?.is, at);
    if (is === undefined) return;
    // Several steps at one instant: the last of them says what it is from then on.
    if (last !== undefined && last.at === at) last.is = is.value;
    else this.history.push({ at, is: is.value });
  }

  /** What it is, or undefined where that is the same as `before`. */
  protected abstract now(before: T | undefined, at: Ticks): { readonly value: T } | undefined;

  abstract observed(): Observed;
}

class WatchedProcess extends Watched<ProcessState> {
  readonly #process: Process;

  constructor(process: Process) {
    super();
    this.#process = process;
  }

  protected now(before: ProcessState | undefined): { readonly value: ProcessState } | undefined {
    const { state, frozen } = this.#process;
    if (before?.state === 'ended') return undefined;
    const known = state === 'blocked' || state === 'ended' ? state : 'ready';
    const waitsFor = known === 'blocked' ? this.#process.waitsFor : [];
    const isSame = before?.state === known && before.frozen === frozen && isSameList(before.waitsFor, waitsFor);
    return isSame ? undefined : { value: { state: known, frozen, waitsFor } };
  }

  observed(): Observed {
    return { kind: 'process', name: this.#process.name, history: this.history };
  }
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((each, index) => each === other[index]);
}

/** An object that holds one value at a time. */
class WatchedValue<T extends Plain> extends Watched<T> {
  readonly #value: () => T;
  readonly #observed: (history: readonly Moment<T>[]) => Observed;

  constructor(value: () => T, observed: (history: readonly Moment<T>[]) => Observed) {
    super();
    this.#value = value;
    this.#observed = observed;
  }

  protected now(before: T | undefined): { readonly value: T } | undefined {
    const value = this.#value();
    return this.history.length > 0 && Object.is(before, value) ? undefined : { value };
  }

  observed(): Observed {
    return this.#observed(this.history);
  }
}

class WatchedTimer extends Watched<TimerState> {
  readonly #timer: Timer;
  readonly #decisionOf: (site: Site | undefined) => string | undefined;

  constructor(timer: Timer, decisionOf: (site: Site | undefined) => string | undefined) {
    super();
    this.#timer = timer;
    this.#decisionOf = decisionOf;
  }

  protected now(before: TimerState | undefined): { readonly value: TimerState } | undefined {
    const { pending, dueAt, expired, site } = this.#timer;
    if (pending) {
      if (before !== undefined && 'due' in before && before.due === dueAt) return undefined;
      const decision = this.#decisionOf(site);
      return { value: decision === undefined ? { due: dueAt } : { due: dueAt, decision } };
    }
    if (before === undefined || !('due' in before)) return undefined;
    return { value: expired ? { fired: true } : { stopped: true } };
  }

  observed(): Observed {
    return { kind: 'timer', name: this.#timer.name, history: this.history };
  }
}

class Watch implements Watcher, Probe {
  readonly probe: Probe = this;
  readonly asked: Asked[] = [];
  readonly messages: Message[] = [];
  readonly #watched: Watched<unknown>[] = [];
  /** For each line, the places in `messages` of what is on its way. */
  readonly #onTheirWay = new Map<Line<unknown>, number[]>();
  /** How often each site had been asked when an answer was last taken from it. */
  readonly #timesAsked = new Map<Site, number>();
  #now: () => Ticks = () => 0;
  #events: () => number = () => 0;

  begin(now: () => Ticks, events: () => number): void {
    this.#now = now;
    this.#events = events;
  }

  ask(question: Question): void {
    this.asked.push({ ...question, at: this.#now(), after: this.#events() });
  }

  stepped(): void {
    const at = this.#now();
    for (const each of this.#watched) each.look(at);
  }

  observed(): readonly Observed[] {
    return this.#watched.map((each) => each.observed());
  }

  made(object: Tracked): void {
    const watched = this.#watchedAs(object);
    if (watched !== undefined) this.#watched.push(watched);
  }

  sent(line: Line<unknown>, label: string, timer: Timer): void {
    const decision = this.#decisionOf(timer.site);
    const message = { ...wayOf(line), label, sent: this.#now(), due: timer.dueAt, arrived: false };
    const index = this.messages.push(decision === undefined ? message : { ...message, decision }) - 1;
    const before = this.#onTheirWay.get(line);
    if (before === undefined) this.#onTheirWay.set(line, [index]);
    else before.push(index);
  }

  arrived(line: Line<unknown>): void {
    const index = this.#onTheirWay.get(line)?.shift();
    if (index !== undefined) this.messages[index] = { ...(this.messages[index] as Message), arrived: true };
  }

  lost(line: Line<unknown>, label: string): void {
    this.messages.push({ ...wayOf(line), label, sent: this.#now(), arrived: false });
  }

  #watchedAs(object: Tracked): Watched<unknown> | undefined {
    if (object instanceof Process) return new WatchedProcess(object);
    if (object instanceof Timer) return new WatchedTimer(object, (site) => this.#decisionOf(site));
    if (object instanceof Mutex) {
      const { name } = object;
      return new WatchedValue<string | undefined>(
        () => object.owner?.name,
        (history) => ({ kind: 'mutex', name, history }),
      );
    }
    if (object instanceof Cell) {
      const { name, most } = object as Cell<Plain>;
      const basics = most === undefined ? { name } : { name, most };
      return new WatchedValue<Plain>(
        () => object.get() as Plain,
        (history) => ({ kind: 'cell', ...basics, history }),
      );
    }
    if (object instanceof Channel) {
      const { name, capacity: most } = object;
      return new WatchedValue<number>(
        () => object.length,
        (history) => ({ kind: 'channel', name, most, history }),
      );
    }
    if (object instanceof Latch) {
      const { name } = object;
      return new WatchedValue<boolean>(
        () => object.fired,
        (history) => ({ kind: 'latch', name, history }),
      );
    }
    return undefined;
  }

  /** The decision that was made at this site since it was last asked here. */
  #decisionOf(site: Site | undefined): string | undefined {
    if (site === undefined || site.asked === (this.#timesAsked.get(site) ?? 0)) return undefined;
    this.#timesAsked.set(site, site.asked);
    return `${site.name} #${site.asked}`;
  }
}

function wayOf({ name, sim }: Line<unknown>): Pick<Message, 'line' | 'scope'> {
  return { line: sim.name === '' ? name : name.slice(sim.name.length + 1), scope: sim.name };
}
