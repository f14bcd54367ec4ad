import { exitCodeOf, type Findings, merge, type Outcome, only } from '../../src/gate/outcome.ts';
import { planCheck, type Selection } from '../../src/gate/plan.ts';
import type { Registry } from '../../src/gate/registry.ts';
import type { Seed } from '../../src/gate/seed-file.ts';
import { dealt, type Part } from '../../src/gate/shard.ts';
import { runTask } from '../../src/gate/tasks.ts';
import type { Campaign, Unit } from '../../src/gate/unit.ts';
import type { AnyModel } from '../../src/model/model.ts';

export function registryOf(...models: readonly AnyModel[]): Registry {
  return { entries: models.map((model) => ({ model, folder: { href: 'file:///nowhere/' } })) };
}

function campaignFor(registry: Registry, runs = 250, maxStates = 1000, full = false): Campaign {
  return { registry, seed: '1', runs, maxStates, full, options: [] };
}

/** Does the work of units one after the other, in this thread; after `tasksMost` tasks, time has run out. */
function conduct(registry: Registry, units: readonly Unit[], tasksMost = Infinity): Findings {
  let left = tasksMost;
  const findings = units.map((unit) => {
    const work = unit.work();
    let step = work.next([]);
    while (step.done !== true)
      step = work.next(step.value.map((task) => (left-- > 0 ? runTask(registry, task) : undefined)));
    return step.value;
  });
  return merge(findings);
}

interface CheckOptions extends Selection {
  readonly shard?: Part;
  readonly seeds?: readonly Seed[];
  readonly runs?: number;
  readonly maxStates?: number;
  readonly tasksMost?: number;
  readonly full?: boolean;
}

/** What `halfopen check` finds, without a command line. */
export function checkAll(registry: Registry, options: CheckOptions = {}): Outcome {
  const { seeds = [], runs, maxStates, tasksMost, full, shard, ...selection } = options;
  const campaign = campaignFor(registry, runs, maxStates, full);
  const planned = planCheck(campaign, seeds, selection);
  const units = shard === undefined ? planned : dealt(planned, shard);
  return {
    command: 'check',
    seed: campaign.seed,
    runs: campaign.runs,
    ...only(selection.property, conduct(registry, units, tasksMost)),
  };
}

/** One line for each row, and the exit code: short enough for an inline snapshot. */
export function brief(outcome: Outcome): string {
  const lines = outcome.rows.map((row) => {
    const mark = row.ok ? 'ok' : row.unfinished === true ? '??' : 'NO';
    return `${mark} ${row.unit} | ${row.kind} ${row.property} | ${row.verdict}, expected ${row.expected} | ${row.detail}`;
  });
  return [...lines, `exit ${exitCodeOf(outcome)}`].join('\n');
}
