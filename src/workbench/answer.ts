import { observe } from '../engine/observe.ts';
import {
  type End,
  type ExactMeasure,
  type Progress,
  type Proof,
  Prover,
  provableOf,
  type SearchLimits,
} from '../engine/prove.ts';
import { Subject } from '../engine/run.ts';
import { BATCH_SIZE, batchSeed, findCounterexample } from '../engine/simulate.ts';
import { DEFAULT_RUNS } from '../gate/campaign.ts';
import { NO_END } from '../gate/exhaustive-task.ts';
import { failureSays } from '../gate/failure-kinds.ts';
import type { ExactEnd } from '../gate/outcome.ts';
import { modelNamed, type Registry } from '../gate/registry.ts';
import { compositionsOf, type Site, subjectAt, targetAt } from '../gate/site.ts';
import { measuredTexts, scheduleTexts } from '../gate/story.ts';
import type { SweepOutcome } from '../gate/sweep-outcome.ts';
import { planSweep } from '../gate/sweep-plan.ts';
import { sweep } from '../gate/sweep-unit.ts';
import { runTask } from '../gate/tasks.ts';
import type { Decision } from '../kernel/decision.ts';
import type { RunEnd } from '../kernel/kernel.ts';
import { formatDuration } from '../model/duration-text.ts';
import { type AnyModel, tickOf } from '../model/model.ts';
import { describeConfig, type Parameter, type Parameters } from '../model/parameters.ts';
import type { Property } from '../property/property.ts';
import { timelineOf } from '../timeline/timeline.ts';
import type {
  Answers,
  Ask,
  Exact,
  Found,
  ModelFacts,
  News,
  Opened,
  ParameterFacts,
  Played,
  PromiseFacts,
  Ran,
} from './messages.ts';

type AskOf<K extends Ask['kind']> = Extract<Ask, { readonly kind: K }>;

/** Does what the page asks, in one go. A pure function of the models and the ask; `tell` hears how far it is. */
export function answer(
  registry: Registry,
  ask: Exclude<Ask, { readonly kind: 'open' }>,
  tell: (news: News) => void,
): Answers[Ask['kind']] {
  switch (ask.kind) {
    case 'run':
      return runOne(registry, ask);
    case 'find':
      return find(registry, ask, tell);
    case 'exact':
      return exact(registry, ask, tell);
    case 'map':
      return map(registry, ask, tell);
  }
}

/** What there is, in the order in which the registry lists it. */
export function opened({ entries, opensWith }: Registry): Opened {
  return { models: entries.map(({ model }) => factsOf(model)), ...(opensWith === undefined ? {} : { opensWith }) };
}

function factsOf(model: AnyModel): ModelFacts {
  const [first = ''] = Object.keys(model.variants);
  const subject = new Subject(model, first);
  return {
    name: model.name,
    question: model.question,
    tickNs: tickOf(model),
    variants: Object.entries(model.variants).map(([name, { about, expect }]) => ({ name, about, expect })),
    compositions: compositionsOf(model).map(([name, { about, settings, variants }]) => ({
      name,
      about,
      settings,
      variants,
    })),
    parameters: Object.entries(model.parameters as Parameters).map(([name, parameter]) =>
      parameterFacts(name, parameter, subject.config[name], tickOf(model)),
    ),
  };
}

function parameterFacts(name: string, parameter: Parameter<unknown>, value: unknown, tickNs: number): ParameterFacts {
  const { about, expects, derive, default: usual, options } = parameter;
  const lengths = parameter.lengths(value).length;
  const kind = lengths === 2 ? 'range' : lengths === 1 ? 'duration' : typeof value === 'number' ? 'count' : 'word';
  const basics = { name, about, expects, kind, usual: parameter.format(value, tickNs) } as const;
  return {
    ...basics,
    ...(derive === undefined ? {} : { rule: usual }),
    ...(options === undefined ? {} : { options }),
  };
}

function subjectOf(registry: Registry, site: Site): Subject {
  return subjectAt(modelNamed(registry, site.model), site);
}

function runOne(registry: Registry, { site, property, schedule, scale = 1 }: AskOf<'run'>): Ran {
  const subject = subjectOf(registry, site).inTicksOf(scale);
  const run = observe(subject, new Map(Object.entries(schedule)));
  const { model, config, tickNs } = subject;
  const text = (ticks: number) => formatDuration(ticks, tickNs);
  const brokenBy = new Map(run.violations.map(({ property: name, message, at }) => [name, { message, at: text(at) }]));
  const promises = subject.properties.all.flatMap((each: Property): PromiseFacts[] => {
    if (each.kind === 'sometimes') return [];
    const { name, says, kind } = each;
    const broken = brokenBy.get(name);
    const span = run.measured.get(name);
    return [
      {
        name,
        says,
        kind,
        ...(broken === undefined ? {} : { broken }),
        ...(span === undefined ? {} : { measured: [text(span.least), text(span.greatest)] as const }),
      },
    ];
  });
  const failures = [...brokenBy]
    .filter(([name]) => !promises.some((each) => each.name === name))
    .map(([name, broken]): PromiseFacts => ({ name, says: failureSays(name) ?? '', kind: 'failure', broken }));
  return {
    timeline: timelineOf(subject, run, property),
    values: describeConfig(model.parameters, config, tickOf(model)),
    promises: [...promises, ...failures],
    schedule: scheduleTexts(subject, run.decisions),
    settings: targetAt(model, site).settings,
    measured: measuredTexts(subject, run),
    digest: run.digest,
    stale: run.stale,
    ended: endText(run.end, text(run.endedAt)),
  };
}

function endText(end: RunEnd, at: string): string {
  switch (end.why) {
    case 'finished':
      return `the story is over after ${at}`;
    case 'quiet':
      return `nothing more can happen after ${at}`;
    case 'horizon':
      return `watched until ${at}`;
    case 'panic':
      return `the modelled program panics at ${at}`;
    case 'model-error':
      return `the model fails at ${at}: ${end.error.kind}`;
  }
}

function find(registry: Registry, { site, property, seed }: AskOf<'find'>, tell: (news: News) => void): Found {
  const subject = subjectOf(registry, site);
  for (let tried = 0; tried < DEFAULT_RUNS; tried += BATCH_SIZE) {
    tell({ schedules: tried });
    const found = findCounterexample(subject, batchSeed(seed, tried / BATCH_SIZE), BATCH_SIZE, property);
    if (found === undefined) continue;
    return { schedule: scheduleTexts(subject, found.decisions), tried: tried + found.foundAtRun };
  }
  return { tried: DEFAULT_RUNS };
}

function exact(registry: Registry, ask: AskOf<'exact'>, tell: (news: News) => void): Exact {
  const { site, property: name, maxStates } = ask;
  const subject = subjectOf(registry, site);
  const limits: SearchLimits = { maxStates, stop: ({ states }: Progress) => void tell({ states }) };
  const property = subject.properties.all.find((each) => each.name === name);
  if (property?.kind === 'within' || property?.kind === 'measure') {
    const prover = new Prover(subject);
    const measure = prover.measure(name, limits);
    const isEndless = property.kind === 'within' && measure.greatest?.length === Infinity;
    const ends = endsOf(subject, measure);
    // What never comes has no longest run to show: how it breaks is another question.
    if (isEndless) {
      const { shows, ...answered } = judged(subject, prover, name, limits);
      return { ...answered, ...ends, shows: { ...ends.shows, ...shows } };
    }
    return measured(property.kind === 'within' ? property.bound : Infinity, measure, ends);
  }
  return judged(subject, new Prover(subject), name, limits);
}

function judged(subject: Subject, prover: Prover, name: string, limits: SearchLimits): Exact {
  if (!provableOf(subject).includes(name))
    return { verdict: 'inconclusive', states: 0, stopped: 'it is not promised here', shows: {} };
  const proof = prover.prove([name], limits).find((each) => each.property === name) as Proof;
  const { verdict, effort, stopped, counterexample } = proof;
  return {
    verdict,
    states: effort.states,
    ...(stopped === undefined ? {} : { stopped }),
    shows:
      counterexample === undefined
        ? {}
        : { breaks: playedOf(subject.inTicksOf(counterexample.scale), counterexample.decisions) },
  };
}

/** A bounded response holds where its greatest length, over all timings, is within the bound. */
function measured(bound: number, measure: ExactMeasure, ends: Ends): Exact {
  const { complete, effort, stopped, greatest } = measure;
  const breaks = greatest !== undefined && greatest.length > bound;
  const shown = ends.shows.greatest;
  return {
    verdict: breaks ? 'violated' : complete ? 'proved' : 'inconclusive',
    states: effort.states,
    ...(stopped === undefined ? {} : { stopped }),
    ...ends,
    shows: breaks && shown !== undefined ? { ...ends.shows, breaks: shown } : ends.shows,
  };
}

function playedOf(subject: Subject, decisions: readonly Decision[]): Played {
  const schedule = scheduleTexts(subject, decisions);
  return subject.scale === 1 ? { schedule } : { schedule, scale: subject.scale };
}

type Ends = Pick<Exact, 'least' | 'greatest' | 'shows'>;

/** Both ends of a span, as texts, and the schedules that show them. */
function endsOf(subject: Subject, { least, greatest }: ExactMeasure): Ends {
  const text = ({ length, attained }: End): ExactEnd => ({
    length: length === Infinity ? NO_END : formatDuration(length, subject.tickNs),
    attained,
  });
  const shown = (end: End | undefined) =>
    end?.witness === undefined ? undefined : playedOf(end.witness.subject, end.witness.run.decisions);
  const [shortest, longest] = [shown(least), shown(greatest)];
  return {
    ...(least === undefined ? {} : { least: text(least) }),
    ...(greatest === undefined ? {} : { greatest: text(greatest) }),
    shows: {
      ...(shortest === undefined ? {} : { least: shortest }),
      ...(longest === undefined ? {} : { greatest: longest }),
    },
  };
}

function map(registry: Registry, { request, maxStates }: AskOf<'map'>, tell: (news: News) => void): SweepOutcome {
  const work = sweep(planSweep({ registry, maxStates, options: [] }, request));
  let points = 0;
  let step = work.next([]);
  while (step.done !== true) {
    const results = step.value.map((task) => runTask(registry, task, ({ states }) => void tell({ points, states })));
    points += results.length;
    tell({ points });
    step = work.next(results);
  }
  return step.value;
}
