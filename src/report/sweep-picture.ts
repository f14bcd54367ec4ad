import type { SweepOutcome, SweptAxis, SweptRow, SweptStretch } from '../gate/sweep-outcome.ts';
import type { Paint } from './paint.ts';

type Verdict = SweptStretch['verdict'];

/** Columns of a picture: each stands for one value of the parameter along it. */
const COLUMNS = 61;

const SIGNS: Readonly<Record<Verdict, string>> = { proved: '█', violated: '·', inconclusive: '?' };

/** What is known at a value: what its stretch says; between two stretches, nothing but where both are decided. */
function verdictAt({ stretches }: SweptRow, value: number): Verdict {
  const below = stretches.findLast(({ from }) => from.value <= value) ?? (stretches[0] as SweptStretch);
  const above = stretches.find(({ to }) => to.value >= value) ?? below;
  return above.verdict === 'inconclusive' ? above.verdict : below.verdict;
}

/** The parameters as a plane: a sign for each value along it, a line for each value across it, the greatest on top. */
export function pictureOf({ along, across, rows }: SweepOutcome, paint: Paint): readonly string[] {
  const labels = rows.map(({ at }) => at?.text ?? '');
  const width = Math.max(...labels.map(({ length }) => length), across?.name.length ?? 0);
  const lines = rows.map(
    (row, index) => `  ${(labels[index] as string).padStart(width)}  ${signsOf(row, along, paint)}`,
  );
  const indent = ' '.repeat(width + 4);
  return [
    ...(across === undefined ? [] : [`  ${paint.faint(across.name.padStart(width))}`]),
    ...lines.toReversed(),
    `${indent}${paint.faint(marksOf())}`,
    `${indent}${labelsOf(along)}`,
    '',
    `${indent}${Object.entries(SIGNS)
      .map(([verdict, sign]) => `${painted(verdict as Verdict, paint)(sign)} ${verdict}`)
      .join('   ')}`,
  ];
}

function signsOf(row: SweptRow, { from, to }: SweptAxis, paint: Paint): string {
  const verdicts = Array.from({ length: COLUMNS }, (_, column) =>
    verdictAt(row, from.value + ((to.value - from.value) * column) / (COLUMNS - 1)),
  );
  let line = '';
  for (let start = 0; start < COLUMNS; ) {
    const verdict = verdicts[start] as Verdict;
    let end = start;
    while (verdicts[end] === verdict) end++;
    line += painted(verdict, paint)(SIGNS[verdict].repeat(end - start));
    start = end;
  }
  return line;
}

function painted(verdict: Verdict, paint: Paint): (text: string) => string {
  const paints = { proved: paint.good, violated: paint.bad, inconclusive: paint.open };
  return paints[verdict];
}

function marksOf(): string {
  const half = '─'.repeat((COLUMNS - 3) / 2);
  return `└${half}┴${half}┘`;
}

/** Both ends; what they are the ends of stands between them. */
function labelsOf({ name, from, to }: SweptAxis): string {
  const room = COLUMNS - from.text.length - to.text.length;
  const before = Math.max(2, Math.floor((room - name.length) / 2));
  const after = Math.max(2, room - name.length - before);
  return `${from.text}${' '.repeat(before)}${name}${' '.repeat(after)}${to.text}`;
}
