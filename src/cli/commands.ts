import { catalogueOf } from '../gate/catalogue.ts';
import { replayCommand } from '../gate/command.ts';
import { exitCodeOf, type Findings, type Outcome, only, type Shard } from '../gate/outcome.ts';
import { planCheck, targetOf } from '../gate/plan.ts';
import type { Registry } from '../gate/registry.ts';
import { newSeedHint, seedUnit } from '../gate/seed-unit.ts';
import { dealt, type Part } from '../gate/shard.ts';
import { systemUnit } from '../gate/system-unit.ts';
import { runTask } from '../gate/tasks.ts';
import type { Campaign, Unit } from '../gate/unit.ts';
import { catalogueText } from '../report/catalogue-text.ts';
import { jsonOf } from '../report/json.ts';
import { crewOf } from './crew.ts';
import { drive } from './drive.ts';
import type { Host } from './host.ts';
import {
  commitOf,
  deadlineOf,
  maxStatesOf,
  partOf,
  type RawOptions,
  reporterAmong,
  reportersOf,
  runsOf,
  seedOf,
  selectionOf,
  settingsOf,
  workersOf,
} from './options.ts';
import { packageVersion } from './package-version.ts';
import { Progress } from './progress.ts';
import { loadRegistry, registryUrl } from './registry-loading.ts';
import { checkStories, paintOf, report } from './reporting.ts';
import { findSeed, readSeeds, saveStories, updateSeed } from './seed-store.ts';

/** What every command is given, whatever its other options. */
interface Around {
  readonly options: Pick<RawOptions, 'registry'>;
  readonly host: Host;
  readonly defaultRegistryUrl: string;
}

export interface Command extends Around {
  readonly options: RawOptions;
}

/** Everything that there is to check, against what the models declare. */
export async function check(command: Command): Promise<number> {
  const { options, host } = command;
  const reporters = reportersOf(options);
  const selection = selectionOf(options);
  const part = partOf(options);
  const deadline = deadlineOf(options, host);
  const workers = workersOf(options);
  const { registry, url } = await registryOf(command);
  const campaign = campaignOf(command, registry);
  const planned = planCheck(campaign, readSeeds(registry, host.cwd), selection);
  const units = part === undefined ? planned : dealt(planned, part);
  const findings = await work('check', units, { registry, url, workers, deadline, host });
  const outcome: Outcome = {
    command: 'check',
    seed: campaign.seed,
    runs: campaign.runs,
    ...(part === undefined ? {} : { shard: shardOf(command, campaign, part, planned.length, units) }),
    ...(campaign.full ? { full: true } : {}),
    ...only(selection.property, findings),
  };
  await report(outcome, reporters, host, checkStories(options), async () => registry);
  return exitCodeOf(outcome);
}

/** What this part must say of itself to be put together with the others. */
function shardOf(
  { options, host }: Command,
  campaign: Campaign,
  part: Part,
  planned: number,
  units: readonly Unit[],
): Shard {
  const commit = commitOf(host);
  return {
    ...part,
    planned,
    units: units.map(({ name }) => name),
    version: packageVersion(),
    ...(commit === undefined ? {} : { commit }),
    maxStates: campaign.maxStates,
    ...(options.property === undefined ? {} : { property: options.property }),
  };
}

/** Random schedules of one variant, with the user's parameters. */
export async function simulate(command: Command): Promise<number> {
  const { options, host } = command;
  const reporters = reportersOf(options);
  const deadline = deadlineOf(options, host);
  const workers = workersOf(options);
  const settings = settingsOf(options, host);
  const { registry, url } = await registryOf(command);
  const campaign = campaignOf(command, registry);
  const selection = selectionOf(options);
  const target = { ...targetOf(registry, selection), settings };
  const findings = await work('simulate', [systemUnit(campaign, target)], { registry, url, workers, deadline, host });
  const outcome: Outcome = {
    command: 'simulate',
    seed: campaign.seed,
    runs: campaign.runs,
    ...only(selection.property, findings),
  };
  const saved =
    options.save === undefined
      ? []
      : saveStories(
          outcome.stories,
          options.save,
          ({ found, message }) => {
            const at = found !== undefined && 'atSchedule' in found ? found.atSchedule : 0;
            return `simulate with seed ${campaign.seed} found it at schedule ${at}: ${message}`;
          },
          host.cwd,
        );
  await report(outcome, reporters, host, { stories: () => true, explain: true }, async () => registry);
  tellSaved(saved, campaign.options, host);
  return exitCodeOf(outcome);
}

/** Says of each file that was written what to do with it. */
export function tellSaved(saved: readonly string[], options: readonly string[], host: Host): void {
  for (const path of saved) {
    host.err(`saved ${path}: say in it why it is kept, and replay it with ${replayCommand(path, options)}\n`);
  }
}

/** One kept schedule, again. */
export async function replay(wanted: string, command: Command): Promise<number> {
  const { options, host } = command;
  const reporters = reportersOf(options);
  const { registry, url } = await registryOf(command);
  const seed = findSeed(wanted, registry, host.cwd);
  const extra = registryOptions(options);
  if (options.update === true) {
    const result = runTask(registry, { kind: 'replay', seed: seed.file });
    const refreshed = result.kind === 'replay' ? result.refreshed : undefined;
    if (refreshed === undefined) {
      const reason = result.kind === 'replay' ? result.problems.join('; ') : 'the model is not deterministic';
      host.err(`halfopen: ${seed.path} is left as it is: ${reason}; ${newSeedHint(seed, { options: extra })}\n`);
      return 1;
    }
    updateSeed({ ...seed, file: refreshed }, host.cwd);
    host.err(`updated ${seed.path}\n`);
    return replay(wanted, { ...command, options: { ...options, update: false } });
  }
  const unit = seedUnit({ options: extra }, seed);
  const findings = await work('replay', [unit], { registry, url, workers: 1, deadline: Infinity, host });
  const outcome: Outcome = { command: 'replay', ...findings };
  await report(outcome, reporters, host, { stories: () => true, explain: true }, async () => registry);
  return exitCodeOf(outcome);
}

/** What there is: models, variants, parameters, properties, seeds. */
export async function list(command: Command): Promise<number> {
  const { options, host } = command;
  const reporter = reporterAmong(options, ['text', 'json']);
  const { registry } = await registryOf(command);
  const catalogue = catalogueOf(registry, readSeeds(registry, host.cwd), selectionOf(options));
  host.out(reporter === 'json' ? jsonOf({ models: catalogue }) : catalogueText(catalogue, paintOf(host)));
  return 0;
}

interface Means {
  readonly registry: Registry;
  readonly url: string;
  readonly workers: number;
  readonly deadline: number;
  readonly host: Host;
}

async function work(title: string, units: readonly Unit[], means: Means): Promise<Findings> {
  const { registry, url, workers, deadline, host } = means;
  const progress = new Progress(title, host.watched);
  const crew = crewOf(workers, registry, url);
  try {
    return await drive(units, crew, {
      mayBegin: () => host.now() < deadline,
      progress: (done, known) => progress.update(done, known),
    });
  } finally {
    progress.stop();
    await crew.leave();
    if (host.watched) host.err(`took ${progress.tookSeconds} s\n`);
  }
}

export async function registryOf({
  options,
  host,
  defaultRegistryUrl,
}: Around): Promise<{ registry: Registry; url: string }> {
  const url = options.registry === undefined ? defaultRegistryUrl : registryUrl(options.registry, host.cwd);
  return { registry: await loadRegistry(url), url };
}

function campaignOf({ options, host }: Command, registry: Registry): Campaign {
  return {
    registry,
    seed: seedOf(options, host),
    runs: runsOf(options),
    maxStates: maxStatesOf(options),
    full: options.full === true,
    options: registryOptions(options),
  };
}

/** What a command that shows the same again must be told about the registry. */
export function registryOptions(options: Pick<RawOptions, 'registry'>): readonly string[] {
  return options.registry === undefined ? [] : ['--registry', options.registry];
}
