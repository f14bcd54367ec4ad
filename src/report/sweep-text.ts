import type { SweepOutcome, SweptBoundary, SweptRow } from '../gate/sweep-outcome.ts';
import type { Paint } from './paint.ts';
import { statesText } from './proof-text.ts';
import { pictureOf } from './sweep-picture.ts';
import { type TableCell, table } from './table.ts';
import { counted, verdictPaint } from './verdict-text.ts';

/** Where a property holds: a picture, the exact boundaries, and how far they can be relied on. */
export function sweepText(outcome: SweepOutcome, paint: Paint): string {
  const { model, variant, composition, property, says, settings, maxStates, across, rows, others } = outcome;
  const on = composition === undefined ? '' : ` on ${composition}`;
  const set = Object.entries(settings).map(([name, text]) => `${name}=${text}`);
  const lines = [
    `halfopen sweep, at most ${statesText(maxStates)} a search`,
    '',
    `${paint.strong(property)}  ${model}/${variant}${on}`,
    `  ${says}`,
    ...(set.length === 0 ? [] : [`  set: ${set.join(', ')}`]),
    '',
    ...pictureOf(outcome, paint),
    '',
    ...(across === undefined ? lineRows(outcome, paint) : planeRows(outcome, paint)),
    ...others.map(
      (other) =>
        `  ${paint.bad('also violated')}: ${other.property}, first seen with ${Object.entries(other.settings)
          .map(([name, text]) => `${name}=${text}`)
          .join(', ')}`,
    ),
    ...(others.length === 0 ? [] : ['']),
    totalText(outcome, rows, paint),
  ];
  return `${lines.join('\n')}\n`;
}

/** One parameter: each stretch, each boundary in words, and the command that tells what happens there. */
function lineRows(outcome: SweepOutcome, paint: Paint): readonly string[] {
  const { along, rows } = outcome;
  const [row] = rows as readonly [SweptRow];
  const stretches = row.stretches.map(({ from, to, verdict, why }): readonly TableCell[] => [
    { text: verdict, paint: verdictPaint(verdict, verdict === 'proved', paint) },
    from.text === to.text ? from.text : `${from.text}..${to.text}`,
    why ?? '',
  ]);
  const boundaries = row.boundaries.flatMap((boundary) => [
    `  ${boundaryText(along.name, boundary)}`,
    `    ${boundary.command}`,
  ]);
  return [
    ...table(stretches, 2),
    '',
    ...boundaries,
    ...notMonotone(row, paint),
    ...(boundaries.length > 0 ? [''] : []),
  ];
}

/** Two: a row for each value across, with its boundaries. */
function planeRows({ along, across, rows }: SweepOutcome, paint: Paint): readonly string[] {
  const head = [across?.name ?? '', along.name].map((text) => ({ text, paint: paint.faint }));
  const cells = rows.map((row): readonly TableCell[] => [row.at?.text ?? '', rowText(row)]);
  return [...table([head, ...cells], 2, [0]), '', ...rows.flatMap((row) => notMonotone(row, paint))];
}

function rowText(row: SweptRow): string {
  const { boundaries, stretches } = row;
  const [first] = stretches;
  const open = stretches.filter(({ verdict }) => verdict === 'inconclusive');
  const why = open.length === 0 ? [] : [`no answer for some: ${open[0]?.why ?? ''}`];
  if (boundaries.length > 0) return [...boundaries.map(changeText), ...why].join('; ');
  const decided = stretches.find(({ verdict }) => verdict !== 'inconclusive');
  if (decided === undefined) return `inconclusive: ${first?.why ?? ''}`;
  return [`${decided.verdict} ${open.length === 0 ? 'all along' : 'where there is an answer'}`, ...why].join('; ');
}

/** `interval = 15s is not safe: proved up to 14.999999s, violated from 15s on`. */
function boundaryText(name: string, boundary: SweptBoundary): string {
  const { tie } = boundary;
  if (tie === undefined) return `${name}: ${changeText(boundary)}`;
  return `${name} = ${tie.text} is ${tie.verdict === 'proved' ? 'safe' : 'not safe'}: ${changeText(boundary)}`;
}

function changeText({ last, lastVerdict, first, firstVerdict, exact }: SweptBoundary): string {
  const change = `${lastVerdict} up to ${last.text}, ${firstVerdict} from ${first.text} on`;
  return exact ? change : `${change}; somewhere between them there is no answer`;
}

function notMonotone({ isMonotone, at, boundaries }: SweptRow, paint: Paint): readonly string[] {
  if (isMonotone) return [];
  const where = at === undefined ? '' : ` at ${at.text}`;
  return [
    `  ${paint.open('not monotone')}${where}: the answer changes ${boundaries.length} times; there may be more changes that no point met`,
  ];
}

function totalText({ along }: SweepOutcome, rows: readonly SweptRow[], paint: Paint): string {
  const points = rows.reduce((sum, row) => sum + row.points, 0);
  const exact = rows.flatMap(({ boundaries }) => boundaries).filter((boundary) => boundary.exact).length;
  const open = rows.flatMap(({ stretches }) => stretches).some(({ verdict }) => verdict === 'inconclusive');
  const what = `${counted(points, 'point')}, ${counted(exact, 'exact boundary', 'exact boundaries')} (to ${along.step === '1' ? 'one' : along.step})`;
  const word = open ? `${paint.open('inconclusive')}: no answer at some of` : `${paint.good('swept')}:`;
  return `${word} ${what}; between points with the same answer it is taken to be the same`;
}
