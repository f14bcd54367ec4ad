import { type Findings, merge, type Outcome, type Shard, unitOf } from './outcome.ts';
import type { Unit } from './unit.ts';

/** The `index`-th of `of` parts, counted from 1. */
export type Part = Pick<Shard, 'index' | 'of'>;

/** The units of a part: dealt out like cards, so that each part has some of every kind. */
export function dealt(units: readonly Unit[], { index, of }: Part): readonly Unit[] {
  return units.filter((_, at) => at % of === index - 1);
}

function partText({ index, of }: Part): string {
  return `${index}/${of}`;
}

/** The outcome of a part, with the file that it comes from. */
export interface ShardFile {
  readonly path: string;
  readonly outcome: Outcome & { readonly shard: Shard };
}

/** Outcomes that are not the parts of one whole: what was expected, what was got, what to do. */
export class ShardsError extends Error {
  readonly expected: string;
  readonly got: string;
  readonly todo: string;

  constructor(expected: string, got: string, todo: string) {
    super(`expected ${expected}, got ${got}`);
    this.expected = expected;
    this.got = got;
    this.todo = todo;
  }
}

/** The outcome of the whole, as if nobody had parted it. Throws a ShardsError. */
export function mergeShards(files: readonly ShardFile[]): Outcome {
  checkAgreement(files);
  checkPresence(files);
  const parts = [...files].sort((a, b) => a.outcome.shard.index - b.outcome.shard.index).map(({ outcome }) => outcome);
  for (const file of files) checkUnits(file);
  const { shard, command, seed, runs, full } = parts[0] as ShardFile['outcome'];
  const byUnit = parts.map((part) => findingsByUnit(part));
  const units = Array.from({ length: shard.planned }, (_, at) => {
    const part = at % shard.of;
    return byUnit[part]?.get(parts[part]?.shard.units[Math.floor(at / shard.of)] as string) as Findings;
  });
  return {
    command,
    ...(seed === undefined ? {} : { seed }),
    ...(runs === undefined ? {} : { runs }),
    ...(full === undefined ? {} : { full }),
    ...merge(units),
  };
}

/** What must be the same in all parts, and what it is called. */
const AGREED: readonly (readonly [name: string, of: (outcome: ShardFile['outcome']) => unknown])[] = [
  ['version of halfopen', ({ shard }) => shard.version],
  ['commit', ({ shard }) => shard.commit ?? 'none'],
  ['command', ({ command }) => command],
  ['seed', ({ seed }) => seed],
  ['number of shards', ({ shard }) => shard.of],
  ['number of schedules', ({ runs }) => runs],
  ['choice of --full', ({ full }) => full ?? false],
  ['--max-states', ({ shard }) => shard.maxStates],
  ['--property', ({ shard }) => shard.property ?? 'none'],
  ['number of units of work', ({ shard }) => shard.planned],
];

function checkAgreement(files: readonly ShardFile[]): void {
  const [first, ...others] = files;
  if (first === undefined) throw new ShardsError('the files of shards', 'none', 'name them all');
  for (const [name, of] of AGREED) {
    const other = others.find(({ outcome }) => of(outcome) !== of(first.outcome));
    if (other === undefined) continue;
    const got = [first, other].map(({ path, outcome }) => `${oneLine(of(outcome))} in ${path}`).join(' and ');
    throw new ShardsError(`shards with the same ${name}`, got, `run all shards with one ${name}`);
  }
}

/** As it is where it is one word, else quoted. */
function oneLine(value: unknown): string {
  return /^\S+$/.test(String(value)) ? String(value) : JSON.stringify(value);
}

/** So many missing shards are named; of more, only the number is said. */
const NAMED_MOST = 8;

function checkPresence(files: readonly ShardFile[]): void {
  const paths = new Map<string, string>();
  for (const { path, outcome } of files) {
    const part = partText(outcome.shard);
    if (outcome.shard.index > outcome.shard.of)
      throw new ShardsError(`${path} to be one of ${outcome.shard.of} shards`, part, 'run that shard again');
    const before = paths.get(part);
    if (before !== undefined)
      throw new ShardsError('each shard once', `${part} in ${before} and in ${path}`, 'name one of them');
    paths.set(part, path);
  }
  const { of } = (files[0] as ShardFile).outcome.shard;
  const all = Array.from({ length: of }, (_, index) => partText({ index: index + 1, of }));
  const missing = all.filter((part) => !paths.has(part));
  if (missing.length === 0) return;
  const named = missing.slice(0, NAMED_MOST).join(', ');
  const more = missing.length > NAMED_MOST ? ` and ${missing.length - NAMED_MOST} more` : '';
  throw new ShardsError(`all shards from ${all[0]} to ${all.at(-1)}`, `all but ${named}${more}`, 'add them');
}

/** As many units as the part must have, each once, and nothing found by any other. */
function checkUnits({ path, outcome }: ShardFile): void {
  const { shard } = outcome;
  const refuse = (expected: string, got: string) => {
    throw new ShardsError(`${path} to ${expected}`, got, 'run that shard again');
  };
  const count = Math.ceil((shard.planned - shard.index + 1) / shard.of);
  if (shard.units.length !== count) refuse(`name ${count} units`, String(shard.units.length));
  const twice = shard.units.find((unit, index) => shard.units.indexOf(unit) !== index);
  if (twice !== undefined) refuse('name each unit once', `${JSON.stringify(twice)} twice`);
  const stray = unitsOf(outcome).find((unit) => !shard.units.includes(unit));
  if (stray !== undefined) refuse('hold what its own units found', `something of ${JSON.stringify(stray)}`);
}

/** The unit of each thing that was found. */
function unitsOf({ rows, exactTimes, systems, mutants, stories, left }: Findings): readonly string[] {
  return [
    ...[...rows, ...exactTimes, ...stories, ...left].map(({ unit }) => unit),
    ...[...systems, ...mutants].map(unitOf),
  ];
}

function findingsByUnit(outcome: ShardFile['outcome']): ReadonlyMap<string, Findings> {
  const { rows, exactTimes, systems, mutants, stories, left } = outcome;
  return new Map(
    outcome.shard.units.map((name) => [
      name,
      {
        rows: rows.filter(({ unit }) => unit === name),
        exactTimes: exactTimes.filter(({ unit }) => unit === name),
        systems: systems.filter((each) => unitOf(each) === name),
        mutants: mutants.filter((each) => unitOf(each) === name),
        stories: stories.filter(({ unit }) => unit === name),
        left: left.filter(({ unit }) => unit === name),
      },
    ]),
  );
}
