import { observe } from '../engine/observe.ts';
import { Subject } from '../engine/run.ts';
import type { Outcome, Row, Story } from '../gate/outcome.ts';
import { modelNamed, type Registry } from '../gate/registry.ts';
import type { Timeline } from '../timeline/model.ts';
import { timelineOf } from '../timeline/timeline.ts';

/** A story with what is drawn of its run. */
export interface ToldRun {
  readonly story: Omit<Story, 'timeline'>;
  readonly timeline: Timeline;
}

/** What a report for a browser shows. Plain data. */
export interface DrawnReport {
  readonly title: string;
  readonly rows: readonly Row[];
  readonly runs: readonly ToldRun[];
}

/** Runs each story again, to see what happens inside. */
export function drawnReport(registry: Registry, outcome: Outcome, isTold: (story: Story) => boolean): DrawnReport {
  const seed = outcome.seed === undefined ? '' : `, seed ${outcome.seed}`;
  return {
    title: `halfopen ${outcome.command}${seed}`,
    rows: outcome.rows,
    runs: outcome.stories.filter(isTold).map((story) => toldRun(registry, story)),
  };
}

function toldRun(registry: Registry, { timeline: _, ...story }: Story): ToldRun {
  const model = modelNamed(registry, story.model);
  const subject = new Subject(model, story.variant, story.settings).inTicksOf(story.scale ?? 1);
  const run = observe(subject, new Map(Object.entries(story.schedule)));
  return { story, timeline: timelineOf(subject, run, story.property) };
}
