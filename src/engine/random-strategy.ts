import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { FakeTimersClock } from '../clock/fake-timers-clock.ts';
import type { Ticks } from '../kernel/bounds.ts';
import { defaultDelay, type OptionName, type Site, type Strategy } from '../kernel/decision.ts';
import type { Hints } from './hints.ts';

type Dice = ReturnType<typeof xoroshiro128plus>;

/** How the lengths of one site are picked throughout one run. */
const STYLES = ['least', 'greatest', 'ends', 'coincide', 'uniform', 'mixed'] as const;
type Style = (typeof STYLES)[number] | 'default';
const STYLES_TO_MIX = STYLES.slice(0, 5);

/** How likely a site is to leave its default at all in a run: one of these, drawn once a run for each sort of site. */
const RATES = [0, 0.25, 0.5, 0.9] as const;

/** How many of the known faults strike in a run, and how many acts happen: one of these, drawn once a run. */
const FAULT_COUNTS = [0, 1, 1, 2, 2, 3, 3] as const;
const ACT_COUNTS = [0, 1, 2, 2, 3, 4, 5] as const;

/**
 * Random decisions, biased to where bugs of this field live: lengths at their ends, lengths that make two things
 * coincide, one tick to either side of that, and moments at which something happens anyway. Swarm testing (Groce et
 * al. 2012): each run first draws which few faults and acts it uses at all, and how much of each other sort of freedom.
 * A pure function of its seed and of what it is asked.
 */
export class RandomStrategy implements Strategy {
  readonly #dice: Dice;
  readonly #clock: FakeTimersClock;
  readonly #hints: Hints;
  readonly #used: readonly string[];
  readonly #delayRate: number;
  readonly #choiceRate: number;
  readonly #orderRate: number;

  constructor(seed: number, clock: FakeTimersClock, hints: Hints) {
    this.#dice = xoroshiro128plus(seed);
    this.#clock = clock;
    this.#hints = hints;
    this.#used = [...this.#some(hints.faults, FAULT_COUNTS), ...this.#some(hints.acts, ACT_COUNTS)];
    this.#delayRate = this.#oneOf(RATES);
    this.#choiceRate = this.#oneOf(RATES);
    this.#orderRate = this.#oneOf(RATES);
  }

  delay(site: Site, least: Ticks, greatest: Ticks): Ticks {
    site.note ??= this.#style(site, greatest);
    const style = site.note as Style;
    if (style === 'default') return defaultDelay(least, greatest);
    return greatest === Infinity ? this.#anyTime(least) : this.#inside(style, least, greatest);
  }

  order(site: Site, count: number, _optionName: OptionName): number {
    site.note ??= this.#chance(this.#orderRate);
    return site.note === true ? this.#below(count) : 0;
  }

  choice(site: Site, options: readonly string[]): number {
    site.note ??= site.fault ? this.#isUsed(site) : this.#chance(this.#choiceRate);
    return site.note === true ? this.#below(options.length) : 0;
  }

  #style(site: Site, greatest: Ticks): Style {
    const used = site.fault || greatest === Infinity ? this.#isUsed(site) : this.#chance(this.#delayRate);
    return used ? this.#oneOf(STYLES) : 'default';
  }

  /** Faults and acts that the default run knows are drawn beforehand; of the others, which only follow them, every second. */
  #isUsed(site: Site): boolean {
    return this.#hints.optional.has(site.name) ? this.#used.includes(site.name) : this.#chance(0.5);
  }

  /** A few of `names`, all different. */
  #some(names: readonly string[], counts: readonly number[]): readonly string[] {
    const left = [...names];
    const picked: string[] = [];
    for (let wanted = Math.min(this.#oneOf(counts), left.length); wanted > 0; wanted--) {
      picked.push(...left.splice(this.#below(left.length), 1));
    }
    return picked;
  }

  #inside(style: Style, least: Ticks, greatest: Ticks): Ticks {
    switch (style) {
      case 'least':
        return least;
      case 'greatest':
        return greatest;
      case 'ends':
        return this.#chance(0.5) ? least : greatest;
      case 'coincide':
        return this.#coincidence(least, greatest) ?? (this.#chance(0.5) ? least : greatest);
      case 'mixed':
        return this.#inside(this.#oneOf(STYLES_TO_MIX), least, greatest);
      default:
        return this.#between(least, greatest);
    }
  }

  /** A length with no upper end: most often one that ends where something else happens. */
  #anyTime(least: Ticks): Ticks {
    const sort = this.#below(8);
    const now = this.#clock.stamp();
    let length: Ticks | undefined;
    if (sort <= 2) length = this.#oneOf(this.#hints.moments) - now + this.#nudge();
    else if (sort <= 5) length = this.#coincidence(least, Infinity);
    else if (sort === 6) length = this.#oneOf(this.#hints.lengths) * (1 + this.#below(3)) + this.#nudge();
    const end = (this.#hints.moments.at(-1) as Ticks) - now;
    return length !== undefined && length >= least && length <= end
      ? length
      : least + this.#between(0, Math.max(0, end));
  }

  /** A length that ends together with something else, pending or to be expected, or just before or after it. */
  #coincidence(least: Ticks, greatest: Ticks): Ticks | undefined {
    const now = this.#clock.stamp();
    const nudge = this.#nudge();
    const from = now + least - nudge;
    const to = now + greatest - nudge;
    const tick = this.#chance(0.5) ? this.#oneOrNone(this.#clock.dueWithin(from, to)) : this.#momentWithin(from, to);
    return tick === undefined ? undefined : tick - now + nudge;
  }

  /** One of the known moments, which are in order, and many where runs are long. */
  #momentWithin(from: Ticks, to: Ticks): Ticks | undefined {
    const { moments } = this.#hints;
    const first = countBelow(moments, from);
    const fitting = countBelow(moments, to + 1) - first;
    return fitting === 0 ? undefined : moments[first + this.#below(fitting)];
  }

  #oneOrNone(ticks: readonly Ticks[]): Ticks | undefined {
    return ticks.length === 0 ? undefined : this.#oneOf(ticks);
  }

  /** A little to either side: nothing, one tick, a parameter's length, or anything up to that. */
  #nudge(): Ticks {
    const sort = this.#below(8);
    if (sort <= 2) return 0;
    if (sort === 3) return 1;
    if (sort === 4) return -1;
    const length = this.#oneOf(this.#hints.lengths);
    return sort === 5 ? -length : sort === 6 ? -this.#between(0, length) : this.#between(0, length);
  }

  #chance(probability: number): boolean {
    return this.#below(1024) < probability * 1024;
  }

  #below(count: number): number {
    return this.#between(0, count - 1);
  }

  #between(least: number, greatest: number): number {
    return uniformInt(this.#dice, least, greatest);
  }

  #oneOf<T>(values: readonly T[]): T {
    return values[this.#below(values.length)] as T;
  }
}

/** How many of them, in order, are less than `tick`. */
function countBelow(ticks: readonly Ticks[], tick: Ticks): number {
  let low = 0;
  let high = ticks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ticks[middle] as Ticks) < tick) low = middle + 1;
    else high = middle;
  }
  return low;
}
