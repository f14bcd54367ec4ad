import { formatSeedFile, type SeedFile, seedFormat } from '../gate/seed-file.ts';
import type { Shown } from './link.ts';
import type { Ran } from './messages.ts';

/** What is shown, as a file that the gate replays. */
export function seedOf({ model, variant, property, scale }: Shown, ran: Ran, why: string): SeedFile {
  const broken = ran.promises.find(({ name }) => name === property)?.broken;
  const measured = Object.fromEntries(
    Object.entries(ran.measured).map(([name, [least, greatest]]): [string, [string, string]] => [
      name,
      [least, greatest],
    ]),
  );
  return {
    format: seedFormat(scale),
    model,
    variant,
    property,
    verdict: broken === undefined ? 'sampled' : 'violated',
    why: why.replace(/\s+/g, ' ').trim() || (broken?.message ?? 'made in the workbench'),
    ...(scale === undefined ? {} : { scale }),
    settings: { ...ran.settings },
    schedule: { ...ran.schedule },
    digest: ran.digest,
    ...(Object.keys(measured).length === 0 ? {} : { measured }),
  };
}

export function seedText(seed: SeedFile): string {
  return formatSeedFile(seed);
}

export function seedFileName({ variant, property }: SeedFile): string {
  return `${variant}-${property}.json`;
}

/** A command that replays it from nothing but itself, to be pasted into a shell. */
export function seedCommand(seed: SeedFile): string {
  return `halfopen replay - <<'SEED'\n${formatSeedFile(seed)}SEED\n`;
}
