import { FixedStrategy } from '../../src/engine/fixed-strategy.ts';
import { type Replayed, replay } from '../../src/engine/replay.ts';
import { type RecordedRun, record, Subject } from '../../src/engine/run.ts';
import { EMPTY_SCHEDULE } from '../../src/engine/schedule.ts';
import type { OptionName, Site, Strategy } from '../../src/kernel/decision.ts';
import type { Limits, RunEnd } from '../../src/kernel/kernel.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import { defineModel } from '../../src/model/model.ts';
import type { Config, Parameters, Settings } from '../../src/model/parameters.ts';
import type { Property } from '../../src/property/property.ts';

export interface ToyOptions<P extends Parameters, W> {
  readonly parameters?: P;
  readonly settings?: Settings;
  readonly properties?: readonly Property<W>[];
  readonly limits?: Partial<Limits>;
  readonly tickNs?: number;
}

export type NoParameters = Record<never, never>;

/** A model made of one function, ready to run. One tick is a millisecond unless set. */
export function toy<W, const P extends Parameters = NoParameters>(
  build: (sim: Sim, config: Config<P>) => W,
  options: ToyOptions<P, W> = {},
): Subject {
  const model = defineModel<P, null, W>({
    name: 'toy',
    question: 'Does the kernel do what it says?',
    tickNs: options.tickNs ?? 1_000_000,
    parameters: options.parameters ?? ({} as P),
    variants: { only: { about: 'the only one', design: null, expect: { kind: 'system', violates: {} } } },
    build,
    properties: () => options.properties ?? [],
    limits: () => options.limits ?? {},
  });
  return new Subject(model, 'only', options.settings ?? {});
}

export type Decided = Readonly<Record<string, number | string>>;

/** Build a toy, run it under a schedule, and give the run. */
export function runOf<W>(
  build: (sim: Sim) => W,
  decided: Decided = {},
  options: ToyOptions<NoParameters, W> = {},
): Replayed {
  return replay(toy(build, options), new Map(Object.entries(decided)));
}

/** The same as text, for inline snapshots of all that happened. */
export function play<W>(
  build: (sim: Sim) => W,
  decided: Decided = {},
  options: ToyOptions<NoParameters, W> = {},
): string {
  return storyOf(runOf(build, decided, options));
}

/** A run as text: each event, then why it ended, then what was violated, decided and stale. */
export function storyOf(run: RecordedRun | Replayed): string {
  return [
    ...run.trace.map(({ at, lane, name, data }) => {
      const who = lane === '' ? '' : ` ${lane}:`;
      return `${at}${who} ${name}${data === undefined ? '' : ` ${JSON.stringify(data)}`}`;
    }),
    `= ${endOf(run.end)}, at ${run.endedAt}`,
    ...run.violations.map(({ property, message, at }) => `! ${property}, at ${at}: ${message}`),
    ...run.decisions.map(({ name, value, at }) => `? ${name} = ${value}, at ${at}`),
    ...('stale' in run ? run.stale.map(({ decision, why }) => `stale: ${decision} ${why}`) : []),
  ].join('\n');
}

function endOf(end: RunEnd): string {
  if (end.why === 'model-error') return end.error.kind;
  return end.why === 'panic' ? `panic: ${end.message}` : end.why;
}

/** The names of the events of a run, in order, without who and when. */
export function eventsOf(run: RecordedRun): string {
  return run.trace.map((event) => event.name).join(' ');
}

/** Every run that orders and choices can give (lengths take their default), one after the other. */
export function* everyRun(subject: Subject): Generator<RecordedRun> {
  const path: { picked: number; count: number }[] = [];
  for (;;) {
    let depth = 0;
    const pick = (count: number): number => {
      if (depth === path.length) path.push({ picked: 0, count });
      return path[depth++]?.picked as number;
    };
    const strategy: Strategy = {
      delay: (site, least, greatest) => byDefault.delay(site, least, greatest),
      order: (_site: Site, count: number, _optionName: OptionName) => pick(count),
      choice: (_site: Site, options: readonly string[]) => pick(options.length),
    };
    const byDefault = new FixedStrategy(EMPTY_SCHEDULE, subject.tickNs);
    yield record(subject, () => strategy);
    while (path.length > 0 && (path.at(-1)?.picked as number) + 1 === path.at(-1)?.count) path.pop();
    const last = path.at(-1);
    if (last === undefined) return;
    last.picked++;
  }
}

/** What can come out of a toy whatever its ties and choices: the different event sequences, sorted. */
export function outcomesOf<W>(build: (sim: Sim) => W, options: ToyOptions<NoParameters, W> = {}): readonly string[] {
  const outcomes = new Set<string>();
  for (const run of everyRun(toy(build, options))) outcomes.add(`${eventsOf(run)} = ${endOf(run.end)}`.trim());
  return [...outcomes].sort();
}
