import type { Ticks } from '../kernel/bounds.ts';
import { defaultDelay, type Site, type Strategy } from '../kernel/decision.ts';
import type { Parameter, Parameters } from '../model/parameters.ts';
import { record, type Subject } from './run.ts';

/** Where things tend to meet, and what can be decided at all, learnt from the model's run without any decision. */
export interface Hints {
  /** Times at which something happens, in order. */
  readonly moments: readonly Ticks[];
  /** Lengths of time among the model's parameters, as far as they fit into the run. */
  readonly lengths: readonly Ticks[];
  /** Names of the sites at which a fault can strike. */
  readonly faults: readonly string[];
  /** Names of the sites at which something else can happen at any time or never: what the user does, say. */
  readonly acts: readonly string[];
  /** All of these. */
  readonly optional: ReadonlySet<string>;
}

/** One default run's work; deterministic. */
export function hintsOf(subject: Subject): Hints {
  const probe = new Probe();
  const quiet = record(subject, () => probe);
  const moments = new Set<Ticks>([0, ...quiet.trace.map((event) => event.at), quiet.endedAt]);
  const lengths = new Set<Ticks>([1]);
  const config = subject.config as Readonly<Record<string, unknown>>;
  for (const [name, parameter] of Object.entries(subject.model.parameters as Parameters)) {
    for (const ticks of (parameter as Parameter<unknown>).lengths(config[name])) {
      const length = ticks * subject.scale;
      if (length > 0 && length <= quiet.endedAt) lengths.add(length);
    }
  }
  const [faults, acts] = [[...probe.faults], [...probe.acts]];
  return { moments: [...moments], lengths: [...lengths], faults, acts, optional: new Set([...faults, ...acts]) };
}

/** Decides by default, and notes what it is asked. */
class Probe implements Strategy {
  readonly faults = new Set<string>();
  readonly acts = new Set<string>();

  delay(site: Site, least: Ticks, greatest: Ticks): Ticks {
    if (site.fault) this.faults.add(site.name);
    else if (greatest === Infinity) this.acts.add(site.name);
    return defaultDelay(least, greatest);
  }

  order(): number {
    return 0;
  }

  choice(site: Site): number {
    if (site.fault) this.faults.add(site.name);
    return 0;
  }
}
