import type { Process } from './process.ts';

/**
 * An object of the kernel, to an engine that goes back and forth between states. What it saves is all of its content that
 * can differ between two states; the rest is fixed when it is made.
 */
export interface Tracked {
  /** The tracker's number for it; -1 where nothing is tracked. */
  trackedAs: number;
  save(to: ContentWriter): void;
  /** Take over what `save` wrote. */
  load(from: ContentReader): void;
}

/** Content as a row of whole numbers: equal rows, equal content. */
export interface ContentWriter {
  number(value: number): void;
  flag(value: boolean): void;
  /** Anything that a model can hold: plain data by what it says, objects by which they are. */
  value(value: unknown): void;
  object(object: Tracked | undefined): void;
  objects(objects: readonly Tracked[] | undefined): void;
}

/** Reads in the order in which it was written. */
export interface ContentReader {
  number(): number;
  flag(): boolean;
  value(): unknown;
  object(): Tracked | undefined;
  objects(): Tracked[];
}

/** How a step uses an object. Two steps that only read it, only join it, or only count on it can go in either order. */
export type Use =
  /** It depends on what the object holds. */
  | 'reads'
  /** It begins or ceases to wait for an object that wakes all its waiters at once. */
  | 'joins'
  /** It adds to a sum, and does not look at it. */
  | 'counts'
  | 'writes';

/**
 * What an exhaustive engine adds to the kernel. It sees every change, so that it can save and restore states. And it keeps,
 * for each process, the log of what the process has been told since its start, or since the head of the loop that it is
 * in: fed with the same log, the same code stands at the same place with the same locals. While a process is put back to
 * its place by being fed its log again (`replaying`), all that it does has been done already, and has no effect.
 */
export interface Tracker {
  readonly replaying: boolean;
  /** The running code is about to change `object`. False where that has been done already. */
  effect(object: Tracked, use?: Use): boolean;
  /** The kernel itself changes `object`. */
  touch(object: Tracked, use?: Use): void;
  /** The running code learns `value`, from `object`. Gives what it learned when it came here first. */
  told<T>(value: T, object?: Tracked): T;
  /** The running code hands over `value`, for the state to hold; also while replaying, for it has made it anew then. */
  hold(value: unknown): void;
  /** The same for an object that is meant to be this one, and no other that says the same. */
  holdOne(value: object | undefined): void;
  /** The running code has just made this object of the model's own: gives the one that was made here first. */
  first<T extends object>(made: T): T;
  /** While replaying: what the wait that begins here came to, whether it blocked or not; undefined where it goes on still. */
  cameTo(): { readonly value: unknown } | undefined;
  /** The running code makes an object: here is the one that it made at this place before, as good as new. */
  recall(): Tracked | undefined;
  /** The running code has made an object, for the first time here. */
  made(object: Tracked): void;
  /** The kernel has made an object for its own use, or for that of another one. */
  adopt(object: Tracked): void;
  /** Run code that is no process, on behalf of `object`: the callback of a timer, of a line that delivers `message`. */
  callback(object: Tracked, message: unknown, run: () => void): void;
  /** See to it that the code of `process` stands where its log says, and let it be the running code. */
  enter(process: Process): void;
  loopEntry(): void;
  /** It comes to the head of its loop again: nothing that it was told in the round before survives. */
  loopHead(): void;
  /** It leaves the loop, which came to `value`: nothing else that it was told there survives. */
  loopExit(value: unknown): void;
  /** It has blocked or ended. */
  leave(process: Process): void;
}
