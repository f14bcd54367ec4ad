import { replayCommand, simulateCommand } from './command.ts';
import { type Findings, NOTHING_FOUND, type Row, type Story } from './outcome.ts';
import type { Seed } from './seed-file.ts';
import type { Replay } from './tasks.ts';
import { brokenRow, type Campaign, type Unit, type Work } from './unit.ts';

type Options = Pick<Campaign, 'options'>;

/** A kept schedule: still shows what it is kept for, to the last event. */
export function seedUnit(campaign: Options, seed: Seed): Unit {
  const name = `seed ${seed.file.model}/${seed.base}`;
  return { name, work: () => replaySeed(campaign, seed, name) };
}

function* replaySeed(campaign: Options, seed: Seed, unit: string): Work {
  const [result] = yield [{ kind: 'replay', seed: seed.file }];
  if (result?.kind === 'broken') return { ...NOTHING_FOUND, rows: [brokenRow(unit, seed.file, result)] };
  const { model, variant, property } = seed.file;
  const expected = seed.file.verdict === 'violated' ? 'violated' : 'holds';
  const basics = { unit, kind: 'seed', model, variant, property, expected, schedules: 1 } as const;
  if (result?.kind === 'replay') return judge(basics, campaign, seed, result);
  return {
    ...NOTHING_FOUND,
    rows: [{ ...basics, verdict: 'inconclusive', ok: false, unfinished: true, detail: 'time ran out', schedules: 0 }],
  };
}

type Basics = Pick<Row, 'unit' | 'kind' | 'model' | 'variant' | 'property' | 'expected' | 'schedules'>;

function judge(basics: Basics, campaign: Options, seed: Seed, replayed: Replay): Findings {
  const { file } = seed;
  const { problems, verdict, tale, refreshed } = replayed;
  if (tale === undefined) {
    const detail = `${problems.join('; ')}; correct ${seed.path}, or remove it`;
    return { ...NOTHING_FOUND, rows: [{ ...basics, verdict, ok: false, detail }] };
  }
  const command = replayCommand(seed.path, campaign.options);
  const remedy =
    refreshed === undefined ? newSeedHint(seed, campaign) : `if that is meant, refresh it: ${command} --update`;
  const ok = problems.length === 0;
  const row: Row = { ...basics, verdict, ok, detail: ok ? file.why : `${problems.join('; ')}; ${remedy}` };
  const message = verdict === 'sampled' ? file.why : tale.message;
  const { model, variant, property, settings } = file;
  const story: Story = {
    unit: basics.unit,
    model,
    variant,
    property,
    verdict,
    expected: ok,
    settings,
    ...tale,
    message,
    command,
  };
  return { ...NOTHING_FOUND, rows: [row], stories: [story] };
}

/** How to get another seed for the same property, where this one shows something else now. */
export function newSeedHint({ file }: Seed, campaign: Options): string {
  return `find a new one: ${simulateCommand({ ...file, seed: undefined, atSchedule: 1, options: campaign.options })}`;
}
