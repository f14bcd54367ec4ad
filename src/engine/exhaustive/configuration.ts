import type { Process } from '../../kernel/process.ts';
import type { Candidate, Move, OpenSpan } from './explorer.ts';

/** All of a state but its times: what every object of the kernel holds. Two that are equal are one. */
export class Configuration {
  readonly number: number;
  /** For each object, the number of its content. Objects that are not made yet hold content 0. */
  readonly contents: Int32Array;
  /** Which of the ways to build the model this is; they differ where the build makes a choice. */
  readonly build: number;
  readonly hash: number;
  /** By their numbers. */
  readonly ready: readonly Process[];
  /** What the rows of a zone stand for here. */
  readonly ranks: readonly number[];
  /** What is known of it, found out when it is asked for. */
  readonly candidates = new Map<number, Candidate>();
  readonly moves = new Map<number, readonly Move[]>();
  open: readonly OpenSpan[] | undefined;

  constructor(
    number: number,
    contents: Int32Array,
    build: number,
    hash: number,
    ready: readonly Process[],
    ranks: readonly number[],
  ) {
    this.number = number;
    this.contents = contents;
    this.build = build;
    this.hash = hash;
    this.ready = ready;
    this.ranks = ranks;
  }
}

/** What a step changes, as far as it shows in a configuration. */
export interface Change {
  readonly changed: readonly number[];
  readonly contents: readonly number[];
  readonly ready: readonly Process[];
  readonly ranks: readonly number[];
}

/** All configurations that ever were. */
export class Configurations {
  readonly #byHash = new Map<number, Configuration[]>();
  #count = 0;

  /** The one that comes of it when these objects change; from one in which there is nothing yet, or from another one. */
  of(before: Configuration | undefined, build: number, change: Change): Configuration {
    const { changed, contents, ready, ranks } = change;
    const old = before?.contents ?? NOTHING;
    let length = old.length;
    let hash = before?.hash ?? build;
    for (let i = 0; i < changed.length; i++) {
      const object = changed[i] as number;
      hash ^= mixed(object, old[object] ?? 0) ^ mixed(object, contents[i] as number);
      if (object >= length) length = object + 1;
    }
    const all = new Int32Array(length);
    all.set(old);
    for (let i = 0; i < changed.length; i++) all[changed[i] as number] = contents[i] as number;
    const known = this.#byHash.get(hash);
    const same = known?.find((each) => each.build === build && areEqual(each.contents, all));
    if (same !== undefined) return same;
    const configuration = new Configuration(this.#count++, all, build, hash, ready, ranks);
    if (known === undefined) this.#byHash.set(hash, [configuration]);
    else known.push(configuration);
    return configuration;
  }
}

const NOTHING = new Int32Array(0);

/** An object that holds nothing adds nothing. */
function mixed(object: number, content: number): number {
  if (content === 0) return 0;
  let hash = Math.imul(content, 0x9e3779b1) ^ Math.imul(object + 1, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35);
  return hash ^ (hash >>> 13);
}

function areEqual(a: Int32Array, b: Int32Array): boolean {
  const length = Math.max(a.length, b.length);
  for (let i = 0; i < length; i++) if ((a[i] ?? 0) !== (b[i] ?? 0)) return false;
  return true;
}
