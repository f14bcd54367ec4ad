import type { SweepOutcome, SweptAxis, SweptRow, SweptStretch } from '../gate/sweep-outcome.ts';

const COLOURS: Readonly<Record<SweptStretch['verdict'], string>> = {
  proved: '#2e7d32',
  violated: '#c62828',
  inconclusive: '#f9a825',
};

/** The plane of the parameters, in user units of a picture. */
const PLANE = { left: 90, top: 60, width: 540, height: 280 };
const SIZE = { width: 660, height: 430 };

/** A picture that stands alone: a bar for each row, axes with units, a legend; exact values as tooltips. */
export function sweepSvg(outcome: SweepOutcome): string {
  const { model, variant, composition, property, along, across, rows } = outcome;
  const on = composition === undefined ? '' : ` on ${composition}`;
  const title = `${property}, ${model}/${variant}${on}`;
  const { left, top, width, height } = PLANE;
  const bottom = top + height;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE.width} ${SIZE.height}" font-family="sans-serif" font-size="12">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${SIZE.width}" height="${SIZE.height}" fill="#ffffff"/>`,
    label(left, 28, title, 'start', ' font-size="15"'),
    `<rect x="${left}" y="${top}" width="${width}" height="${height}" fill="${COLOURS.inconclusive}"/>`,
    ...rows.flatMap((row, index) => barsOf(row, index, outcome)),
    label(left, bottom + 18, along.from.text, 'start'),
    label(left + width, bottom + 18, along.to.text, 'end'),
    label(left + width / 2, bottom + 18, axisText(along), 'middle'),
    ...(across === undefined ? [] : [label(left, top - 8, axisText(across), 'start')]),
    ...legend(bottom + 50),
    '</svg>',
  ];
  return `${parts.join('\n')}\n`;
}

/** The first row lies at the bottom, as on any chart. */
function barsOf({ at, stretches }: SweptRow, index: number, { along, across, rows }: SweepOutcome): readonly string[] {
  const height = PLANE.height / rows.length;
  const y = PLANE.top + PLANE.height - (index + 1) * height;
  const x = (value: number) =>
    PLANE.left + (PLANE.width * (value - along.from.value)) / (along.to.value - along.from.value);
  const where = at === undefined ? '' : `${across?.name} = ${at.text}, `;
  const bars = stretches.map(({ from, to, verdict, why }) => {
    const [start, end] = [x(from.value), x(to.value)];
    const tooltip = `${where}${along.name} = ${from.text}..${to.text}: ${verdict}${why === undefined ? '' : `, ${why}`}`;
    // A single value is a line.
    const width = Math.max(end - start, 1);
    return `<rect x="${digits(start)}" y="${digits(y)}" width="${digits(width)}" height="${digits(height)}" fill="${COLOURS[verdict]}"><title>${escaped(tooltip)}</title></rect>`;
  });
  return at === undefined ? bars : [...bars, label(PLANE.left - 8, y + height / 2 + 4, at.text, 'end')];
}

function legend(y: number): readonly string[] {
  return Object.entries(COLOURS).flatMap(([verdict, colour], index) => {
    const x = PLANE.left + index * 120;
    return [
      `<rect x="${x}" y="${y}" width="14" height="14" fill="${colour}"/>`,
      label(x + 20, y + 11, verdict, 'start'),
    ];
  });
}

function axisText({ name, about, unit }: SweptAxis): string {
  return unit === '' ? `${name}: ${about}` : `${name} (${unit}): ${about}`;
}

function label(x: number, y: number, text: string, anchor: 'start' | 'middle' | 'end', more = ''): string {
  return `<text x="${digits(x)}" y="${digits(y)}" text-anchor="${anchor}"${more}>${escaped(text)}</text>`;
}

function digits(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function escaped(text: string): string {
  const names: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' };
  return text.replace(/[&<>"']/g, (sign) => `&${names[sign]};`);
}
