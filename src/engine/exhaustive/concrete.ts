import type { Ticks } from '../../kernel/bounds.ts';
import type { OptionName, Site, Strategy } from '../../kernel/decision.ts';
import type { PropertySet } from '../../property/monitor.ts';
import { type RecordedRun, record, type Subject } from '../run.ts';
import type { Step } from './explorer.ts';
import { FINER_SCALES } from './finer-scales.ts';
import { type GuidedRun, guidedRun } from './guided-run.ts';
import type { Path } from './passed.ts';
import { type Demand, solve, type Times } from './solve.ts';

/** The steps from the build to the end of a path. */
export function pathTo(end: Path): readonly Step[] {
  const steps: Step[] = [];
  for (let at: Path | undefined = end; at !== undefined; at = at.parent) steps.push(at.step);
  return steps.reverse();
}

/** Goes a path at given times, under fake timers; behind its end, whatever is the default. */
class PathStrategy implements Strategy {
  readonly #path: readonly Step[];
  readonly #lengths: readonly Ticks[];
  readonly #choices: readonly number[];
  #step = 0;
  #delays = 0;
  #chosen = 0;

  constructor(path: readonly Step[], lengths: readonly Ticks[]) {
    this.#path = path;
    this.#lengths = lengths;
    this.#choices = path.flatMap((step) => step.choices);
  }

  stepped(): void {
    this.#step++;
  }

  delay(_site: Site, least: Ticks, greatest: Ticks): Ticks {
    const length = this.#lengths[this.#delays++];
    if (length === undefined) return greatest === Infinity ? Infinity : least;
    return Math.min(Math.max(length, least), greatest);
  }

  order(_site: Site, count: number, optionName: OptionName): number {
    const name = this.#path[this.#step]?.name;
    for (let index = 0; index < count; index++) if (optionName(index) === name) return index;
    return 0;
  }

  choice(): number {
    return this.#choices[this.#chosen++] ?? 0;
  }
}

/** A run, in the ticks of its subject: those of the model, or finer ones. */
export interface ConcreteRun {
  /** The same, with times as free as they are along its path. */
  readonly guided: GuidedRun;
  readonly subject: Subject;
  readonly run: RecordedRun;
  /** How many of these ticks it is short of what is demanded nearly. */
  readonly missing: number;
}

/** Where an end of a span is not attained: how many parts of a tick a run may be short of it, before finer ones are tried. */
const MISSING_MOST = 9;

/** A run under fake timers along a path, or undefined where no times meet the demands that are as coarse as those tried. */
export function concreteRun(
  subject: Subject,
  properties: PropertySet,
  path: readonly Step[],
  demandsOf: (run: GuidedRun) => readonly Demand[],
): ConcreteRun | undefined {
  const guided = guidedRun(subject, properties, path);
  const demands = demandsOf(guided);
  for (const scale of [1, ...FINER_SCALES]) {
    for (let missing = 1; missing <= (scale === 1 ? 1 : MISSING_MOST); missing++) {
      const times = solve(guided, demands, scale, missing);
      if (times !== undefined) {
        const finer = subject.inTicksOf(scale);
        const run = record(finer, () => new PathStrategy(path, lengthsOf(guided, times)));
        return { guided, subject: finer, run, missing };
      }
      if (demands.every(({ how }) => how !== 'nearly')) break;
    }
  }
  return undefined;
}

/** What the clock will be told, in the order of asking: it asks only where a length is not fixed. */
function lengthsOf(run: GuidedRun, times: Times): readonly Ticks[] {
  return run.armings.flatMap(({ bounds, armedAt, firedAt }, index) => {
    if (bounds.min === bounds.max) return [];
    if (firedAt === undefined && bounds.max === Infinity) return [Infinity];
    return [(times.armings[index] as Ticks) - (times.steps[armedAt] as Ticks)];
  });
}
