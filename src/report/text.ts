import { type Outcome, type Row, type Story, type SystemSummary, unitOf } from '../gate/outcome.ts';
import type { Paint } from './paint.ts';
import { exactTimesText, leftCount, leftText, proofCells, proveTotal, statesText } from './proof-text.ts';
import { storyFor, storyText } from './story-text.ts';
import { type TableCell, table } from './table.ts';
import { counted, markCell, verdictCell } from './verdict-text.ts';

export interface TextOptions {
  readonly paint: Paint;
  /** Columns of the terminal that it is for. */
  readonly width?: number;
  /** Which stories are told in full. */
  readonly stories: (story: Story) => boolean;
  /** Whether verdicts that are as expected are explained too. */
  readonly explain: boolean;
}

/** The whole report for people: verdicts first, then stories, then one line that sums it up. */
export function textReport(outcome: Outcome, options: TextOptions): string {
  const { paint } = options;
  const ofKind = (kind: Row['kind']) => outcome.rows.filter((row) => row.kind === kind);
  const undeclared = ofKind('declaration').filter((row) => !row.ok);
  const parts = [
    heading(outcome),
    section('seeds', ofKind('seed'), (row) => seedCells(row, paint), outcome),
    proofSection(outcome, options),
    exactTimesText(outcome, paint),
    leftText(outcome, paint),
    ...systemSections(outcome, options),
    section('mutants', ofKind('mutant'), (row) => mutantCells(row, outcome, paint), outcome, MUTANT_COLUMNS),
    section('declarations', undeclared, (row) => [markCell(row, paint), row.model], outcome),
    ...outcome.stories.filter(options.stories).map((story) => storyText(story, paint, options.width)),
    total(outcome, paint),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function heading(outcome: Outcome): string {
  if (outcome.maxStates !== undefined)
    return `halfopen ${outcome.command}, at most ${statesText(outcome.maxStates)} a search\n`;
  if (outcome.seed === undefined) return '';
  const shard = outcome.shard === undefined ? '' : `, shard ${outcome.shard.index}/${outcome.shard.of}`;
  const command = outcome.full === true ? `${outcome.command} --full` : outcome.command;
  return `halfopen ${command}, seed ${outcome.seed}, ${counted(outcome.runs ?? 0, 'schedule')} a variant${shard}\n`;
}

type CellsOf = (row: Row) => readonly TableCell[];

function section(title: string, rows: readonly Row[], cellsOf: CellsOf, outcome: Outcome, columns?: string[]): string {
  if (rows.length === 0) return '';
  const { head, lines } = rowLines(rows, cellsOf, outcome, columns);
  return [title, ...head, ...lines.flat(), ''].join('\n');
}

/**
 * For each row its line, with its detail last. Where the line has no room for what is wrong, and no story says it, it
 * is said in full below. `head` is one more line, above all.
 */
function rowLines(rows: readonly Row[], cellsOf: CellsOf, outcome: Outcome, head?: readonly TableCell[]): Lines {
  const above = head === undefined ? [] : [head];
  const full = table([...above, ...rows.map((row) => [...cellsOf(row), row.detail])], 2);
  const bare = table([...above, ...rows.map((row) => [...cellsOf(row), ''])], 2);
  const lines = rows.map((row, index): string[] => {
    const line = full[above.length + index] as string;
    const told = row.kind !== 'seed' && storyFor(row, outcome)?.verdict === 'violated';
    if (row.ok || told || line.endsWith(row.detail)) return [line];
    return [bare[above.length + index] as string, `       ${row.detail}`];
  });
  return { head: full.slice(0, above.length), lines };
}

interface Lines {
  readonly head: readonly string[];
  /** The lines of each row. */
  readonly lines: readonly (readonly string[])[];
}

function seedCells(row: Row, paint: Paint): TableCell[] {
  return [markCell(row, paint), verdictCell(row, paint), row.unit.replace(/^seed /, ''), row.property];
}

function proofSection(outcome: Outcome, { paint, explain }: TextOptions): string {
  const rows = outcome.rows.filter((row) => row.kind === 'proof');
  const quiet = (row: Row) => row.ok && row.verdict === 'proved' && !explain;
  const shown = rows.map((row) => (quiet(row) ? { ...row, detail: '' } : row));
  return section('prove', shown, (row) => proofCells(row, paint), outcome);
}

/** One block for each variant: its verdicts, then witnesses that are missing, then what was measured. */
function systemSections(outcome: Outcome, options: TextOptions): string[] {
  const { paint, explain } = options;
  const judged = outcome.rows.filter((row) => row.kind === 'property' || row.kind === 'failure');
  const quiet = (row: Row) => row.ok && row.verdict === 'sampled' && !explain;
  const shown = judged.map((row) => (quiet(row) ? { ...row, detail: '' } : row));
  const { lines } = rowLines(shown, (row) => verdictCells(row, outcome, paint), outcome);
  const units = [
    ...new Set(outcome.rows.filter((row) => row.kind === 'witness' || judged.includes(row)).map((row) => row.unit)),
  ];
  return units.map((unit) => {
    const summary = outcome.systems.find((each) => unitOf(each) === unit);
    const witnesses = outcome.rows.filter((row) => row.kind === 'witness' && row.unit === unit);
    return [
      summary === undefined ? paint.strong(unit) : `${paint.strong(unit)}  ${summary.about}`,
      ...lines.filter((_, index) => judged[index]?.unit === unit).flat(),
      ...witnessLines(witnesses, outcome, paint),
      ...measureLines(summary),
      '',
    ].join('\n');
  });
}

function verdictCells(row: Row, outcome: Outcome, paint: Paint): TableCell[] {
  const schedules = row.verdict === 'violated' ? `at schedule ${row.schedules}` : counted(row.schedules, 'schedule');
  const declared = outcome.command === 'simulate' && row.verdict === 'violated' && row.expected === 'violated';
  const cells = [markCell(row, paint), verdictCell(row, paint), row.property, row.schedules === 0 ? '' : schedules];
  return declared ? [...cells, '(as the model expects)'] : cells;
}

function witnessLines(rows: readonly Row[], outcome: Outcome, paint: Paint): string[] {
  if (rows.length === 0) return [];
  const seen = rows.filter((row) => row.verdict === 'sampled').length;
  const missing = rows.filter((row) => !row.ok);
  const excused = rows.length - seen - missing.length;
  const { lines } = rowLines(
    missing,
    (row) => [markCell(row, paint), { text: 'not seen', paint: paint.bad }, row.property],
    outcome,
  );
  return [
    `     ${seen} of ${counted(rows.length, 'witness', 'witnesses')} seen${excused === 0 ? '' : `, ${excused} need not be`}`,
    ...lines.flat(),
  ];
}

function measureLines(summary: SystemSummary | undefined): string[] {
  const measures = summary?.measures ?? [];
  return table(
    measures.map(({ name, says, least, greatest }) => ['measured', name, `${least}..${greatest}`, says]),
    5,
  );
}

const MUTANT_COLUMNS = ['', 'mutant', 'killed by', 'kills', 'median', 'most', 'prove', 'edit'];

/**
 * Which wrong edits were caught, by what, in how many campaigns, and after how many schedules; and on which composition
 * an exhaustive search refutes them, in how many states.
 */
function mutantCells(row: Row, outcome: Outcome, paint: Paint): TableCell[] {
  const summary = outcome.mutants.find((each) => each.model === row.model && each.variant === row.variant);
  const { killed = 0, campaigns = 0, median = '-', greatest = '-' } = summary ?? {};
  const proofs = (summary?.proofs ?? []).map(({ composition, verdict, states }) =>
    verdict === 'violated' ? `${composition}: ${states}` : `${composition}: ${verdict}`,
  );
  const schedules = [`${killed}/${campaigns}`, String(median), String(greatest)];
  return [markCell(row, paint), row.unit, row.property, ...schedules, proofs.join(', ') || '-'];
}

function total(outcome: Outcome, paint: Paint): string {
  const { rows } = outcome;
  const all = counted(rows.length, 'verdict');
  if (outcome.command === 'prove') return proveTotal(outcome, paint);
  if (rows.length === 0) return 'nothing to do\n';
  if (outcome.command === 'simulate') return simulateTotal(rows, paint);
  const wrong = rows.filter((row) => !row.ok && row.unfinished !== true).length;
  if (wrong > 0) return `${paint.bad('not as expected')}: ${wrong} of ${all}${leftCount(outcome.left)}\n`;
  const unfinished = rows.filter((row) => row.unfinished === true).length;
  if (unfinished > 0) return `${paint.open('inconclusive')}: time ran out for ${unfinished} of ${all}\n`;
  return `${paint.good('as expected')}: ${all}${leftCount(outcome.left)}\n`;
}

function simulateTotal(rows: readonly Row[], paint: Paint): string {
  const judged = rows.filter((row) => row.kind !== 'witness');
  const violated = judged.filter((row) => row.verdict === 'violated').length;
  if (violated > 0)
    return `${paint.bad('violated')}: ${violated} of ${counted(judged.length, 'property', 'properties')}\n`;
  if (judged.some((row) => row.unfinished === true)) return `${paint.open('inconclusive')}: time ran out\n`;
  return `${paint.good('sampled')}: nothing is violated; no more than these schedules is known\n`;
}
