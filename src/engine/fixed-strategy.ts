import type { Ticks } from '../kernel/bounds.ts';
import { defaultDelay, type OptionName, type Site, type Strategy } from '../kernel/decision.ts';
import { formatDuration, parseDuration, TextError } from '../model/duration-text.ts';
import type { Schedule } from './schedule.ts';

/** A decision of a schedule that did not come to be: what it was, and why not. */
export interface Stale {
  readonly decision: string;
  readonly why: string;
}

type Wanted = ReadonlyMap<number, number | string>;
const NOTHING: Wanted = new Map();

/** Decides as a schedule says; what it does not name takes the default. Replay and shrinking are made of this. */
export class FixedStrategy implements Strategy {
  readonly #bySite = new Map<string, Map<number, number | string>>();
  readonly #tickNs: number;
  readonly #unused: Set<string>;
  readonly #impossible: Stale[] = [];

  constructor(schedule: Schedule, tickNs: number) {
    this.#tickNs = tickNs;
    this.#unused = new Set(schedule.keys());
    for (const [name, value] of schedule) {
      const hash = name.lastIndexOf(' #');
      const site = name.slice(0, hash);
      const wanted = this.#bySite.get(site) ?? new Map<number, number | string>();
      wanted.set(Number(name.slice(hash + 2)), value);
      this.#bySite.set(site, wanted);
    }
  }

  /** After a run: decisions that nobody asked for, or whose value was not possible. */
  get stale(): readonly Stale[] {
    const unasked = [...this.#unused].map((decision) => ({ decision, why: 'was never asked' }));
    return [...this.#impossible, ...unasked];
  }

  delay(site: Site, least: Ticks, greatest: Ticks): Ticks {
    const wanted = this.#wanted(site);
    if (wanted === undefined) return defaultDelay(least, greatest);
    const ticks = typeof wanted === 'number' ? wanted : this.#ticks(wanted);
    const possible = ticks !== undefined && ticks >= least && ticks <= greatest;
    if (possible && (ticks === Infinity || Number.isSafeInteger(ticks))) return ticks;
    return this.#refuse(
      site,
      wanted,
      `is not a length from ${this.#text(least)} to ${this.#text(greatest)}`,
      defaultDelay(least, greatest),
    );
  }

  order(site: Site, count: number, optionName: OptionName): number {
    const wanted = this.#wanted(site);
    if (wanted === undefined) return 0;
    for (let index = 0; index < count; index++) if (optionName(index) === wanted) return index;
    return this.#refuse(
      site,
      wanted,
      `is not among ${Array.from({ length: count }, (_, i) => optionName(i)).join(', ')}`,
      0,
    );
  }

  choice(site: Site, options: readonly string[]): number {
    const wanted = this.#wanted(site);
    if (wanted === undefined) return 0;
    const index = options.indexOf(String(wanted));
    return index >= 0 ? index : this.#refuse(site, wanted, `is not among ${options.join(', ')}`, 0);
  }

  #wanted(site: Site): number | string | undefined {
    site.note ??= this.#bySite.get(site.name) ?? NOTHING;
    const wanted = (site.note as Wanted).get(site.asked);
    if (wanted !== undefined) this.#unused.delete(`${site.name} #${site.asked}`);
    return wanted;
  }

  #ticks(text: string): Ticks | undefined {
    if (text === 'never') return Infinity;
    try {
      return parseDuration(text, this.#tickNs);
    } catch (error) {
      if (error instanceof TextError) return undefined;
      throw error;
    }
  }

  #text(ticks: Ticks): string {
    return formatDuration(ticks, this.#tickNs);
  }

  #refuse<T>(site: Site, wanted: number | string, why: string, instead: T): T {
    this.#impossible.push({ decision: `${site.name} #${site.asked}`, why: `"${wanted}" ${why}` });
    return instead;
  }
}
