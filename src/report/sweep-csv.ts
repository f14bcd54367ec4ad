import type { SweepOutcome, SweptAxis } from '../gate/sweep-outcome.ts';

/** A line for each stretch with the same answer; times in seconds. */
export function sweepCsv({ property, along, across, rows }: SweepOutcome): string {
  const head = [
    'property',
    ...(across === undefined ? [] : [columnOf(across)]),
    `${columnOf(along)} from`,
    `${columnOf(along)} to`,
    'verdict',
    'why',
  ];
  const lines = rows.flatMap(({ at, stretches }) =>
    stretches.map(({ from, to, verdict, why }) => [
      property,
      ...(at === undefined ? [] : [numberText(at.value)]),
      numberText(from.value),
      numberText(to.value),
      verdict,
      why ?? '',
    ]),
  );
  return [head, ...lines].map((line) => `${line.map(field).join(',')}\n`).join('');
}

function columnOf({ name, unit }: SweptAxis): string {
  return unit === '' ? name : `${name} (${unit})`;
}

/** In digits alone: `0.000001`, where a number would write itself `1e-6`. */
function numberText(value: number): string {
  const text = String(value);
  return text.includes('e') ? value.toFixed(9).replace(/0+$/, '').replace(/\.$/, '') : text;
}

function field(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
