import type { Ticks } from './bounds.ts';
import { InternalError, ModelError } from './errors.ts';
import type { Name } from './names.ts';

export type DecisionKind = 'delay' | 'order' | 'choice';

/**
 * A place in the model where something is decided, asked again and again in a run. The n-th question at the site
 * `client→runner pong latency` is the decision `client→runner pong latency #n`: a name that survives an edit of the
 * model elsewhere.
 */
export class Site {
  readonly name: string;
  readonly kind: DecisionKind;
  /** Whether anything but the default is a fault of the environment: swarm testing and shrinking treat these first. */
  readonly fault: boolean;
  /** How often this site has been asked in this run. */
  asked = 0;
  /** A place for the strategy to keep what it knows about the site in this run. */
  note: unknown = undefined;
  /** The number of this run among those that share their sites. */
  run: number;

  constructor(name: string, kind: DecisionKind, fault: boolean, run: number) {
    this.name = name;
    this.kind = kind;
    this.fault = fault;
    this.run = run;
  }
}

/** The sites of one run after the other, for the runs of a model have the same ones. A run finds each as good as new. */
export class Sites {
  /** By the index of their names. */
  readonly #byName: (Site | undefined)[] = [];
  #run = 0;

  /** Another run begins; the one before is over. */
  nextRun(): void {
    this.#run++;
  }

  at(name: Name, kind: DecisionKind, fault: boolean): Site {
    const known = this.#byName[name.index];
    if (known === undefined || known.run !== this.#run) return this.#renewed(known, name, kind, fault);
    if (known.kind !== kind || known.fault !== fault) {
      throw new ModelError('duplicate-name', `two sorts of decisions are called ${name.text}`);
    }
    return known;
  }

  /** A site that this run has not seen before. */
  #renewed(before: Site | undefined, name: Name, kind: DecisionKind, fault: boolean): Site {
    if (before !== undefined && before.kind === kind && before.fault === fault) {
      before.asked = 0;
      before.note = undefined;
      before.run = this.#run;
      return before;
    }
    const site = new Site(name.text, kind, fault, this.#run);
    while (this.#byName.length <= name.index) this.#byName.push(undefined);
    this.#byName[name.index] = site;
    return site;
  }
}

/** What the alternatives of an `order` or `choice` are called; asked only where a name is needed. */
export type OptionName = (index: number) => string;

/**
 * Who decides. Strategies of the engines implement this; the kernel asks it and nobody else.
 * Each answer must be one that was offered, or the run ends with an internal error.
 */
export interface Strategy {
  /** A length in [least, greatest] ticks; `Infinity` (only where `greatest` is) means never. */
  delay(site: Site, least: Ticks, greatest: Ticks): Ticks;
  /** Index of the one that goes first among `count` things due at the same instant. */
  order(site: Site, count: number, optionName: OptionName): number;
  /** Index of one of `options`. */
  choice(site: Site, options: readonly string[]): number;
  /** Told after the build, and after every step. */
  stepped?(): void;
}

/** The default length: as soon as possible, or never where there is no end. Shrinking goes towards it. */
export function defaultDelay(least: Ticks, greatest: Ticks): Ticks {
  return greatest === Infinity ? Infinity : least;
}

/** One answer that was not the default. `value`: ticks for a delay (`Infinity` for never), else the option's name. */
export interface Decision {
  readonly name: string;
  readonly kind: DecisionKind;
  readonly fault: boolean;
  readonly value: number | string;
  /** When it was asked, in ticks since the start. */
  readonly at: Ticks;
  /** For a delay: what was possible. */
  readonly least?: Ticks;
  readonly greatest?: Ticks;
}

/** Who knows the time of a run. */
export interface Stamping {
  stamp(): Ticks;
}

/** The one door for nondeterminism: asks the strategy, checks the answer, and remembers what was not the default. */
export class DecisionDoor {
  /** What was not the default, with the number of its question in `asked`: most runs are never asked for their decisions. */
  readonly #made: Made[] = [];
  readonly #strategy: Strategy;
  readonly #sites: Sites;
  readonly #clock: Stamping;

  /** `sites`: those of earlier runs with the same names, if there were any. */
  constructor(strategy: Strategy, clock: Stamping, sites = new Sites()) {
    this.#strategy = strategy;
    this.#clock = clock;
    this.#sites = sites;
    sites.nextRun();
  }

  site(name: Name, kind: DecisionKind, fault = false): Site {
    return this.#sites.at(name, kind, fault);
  }

  delay(site: Site, least: Ticks, greatest: Ticks): Ticks {
    site.asked++;
    const value = this.#strategy.delay(site, least, greatest);
    if (!(value >= least && value <= greatest) || (value !== Infinity && !Number.isSafeInteger(value))) {
      throw new InternalError(`${site.name} #${site.asked}: ${value} is not a length in [${least}, ${greatest}]`);
    }
    if (value !== defaultDelay(least, greatest)) this.#remember(site, value, least, greatest);
    return value;
  }

  order(site: Site, count: number, optionName: OptionName): number {
    site.asked++;
    const index = this.#strategy.order(site, count, optionName);
    this.#checkIndex(site, index, count);
    if (index !== 0) this.#remember(site, optionName(index));
    return index;
  }

  choice(site: Site, options: readonly string[]): number {
    site.asked++;
    const index = this.#strategy.choice(site, options);
    this.#checkIndex(site, index, options.length);
    if (index !== 0) this.#remember(site, options[index] as string);
    return index;
  }

  /** How many answers were not the default so far. */
  get count(): number {
    return this.#made.length;
  }

  get decisions(): readonly Decision[] {
    return this.#made.map(decisionOf);
  }

  /** Begin anew with an empty list. */
  forget(): void {
    this.#made.length = 0;
  }

  #checkIndex(site: Site, index: number, count: number): void {
    if (!(Number.isInteger(index) && index >= 0 && index < count)) {
      throw new InternalError(`${site.name} #${site.asked}: ${index} is not one of ${count} options`);
    }
  }

  #remember(site: Site, value: number | string, least?: Ticks, greatest?: Ticks): void {
    this.#made.push({ site, asked: site.asked, value, at: this.#clock.stamp(), least, greatest });
  }
}

/** A decision as it is kept while the run goes on. */
interface Made {
  readonly site: Site;
  readonly asked: number;
  readonly value: number | string;
  readonly at: Ticks;
  readonly least: Ticks | undefined;
  readonly greatest: Ticks | undefined;
}

function decisionOf({ site, asked, value, at, least, greatest }: Made): Decision {
  const { kind, fault } = site;
  const name = `${site.name} #${asked}`;
  const isDelay = least !== undefined && greatest !== undefined;
  return isDelay ? { name, kind, fault, value, at, least, greatest } : { name, kind, fault, value, at };
}
