import type { CatalogueModel } from '../gate/catalogue.ts';
import type { Provable } from '../model/model.ts';
import type { Paint } from './paint.ts';
import { type TableCell, table } from './table.ts';

/** So many violated properties of a variant are named; of more, only the number is said. */
const NAMED_MOST = 3;

/** Behind what a quick gate leaves out. */
const LEFT = '(check --full)';

/** What there is to run, for people: one block for each model. */
export function catalogueText(models: readonly CatalogueModel[], paint: Paint): string {
  return models.map((model) => modelText(model, paint)).join('\n');
}

function modelText(model: CatalogueModel, paint: Paint): string {
  const { variants, parameters, properties, compositions, seeds } = model;
  return [
    paint.strong(model.name),
    `  ${model.question}`,
    ...section(
      'variants',
      variants.flatMap(({ name, about, expect, heavy }) => [
        [name, heavy === true ? `${about} ${LEFT}` : about],
        ...expectationLines(expect),
      ]),
      paint,
    ),
    ...section(
      'parameters',
      parameters.map(({ name, default: text, about }) => [`${name}=${text}`, about]),
      paint,
    ),
    ...section(
      'properties',
      properties.map(({ name, kind, says }) => [name, kind, says]),
      paint,
    ),
    ...section(
      'compositions',
      compositions.flatMap(({ name, about, heavy, variants: declared }) => [
        [name, heavy === true ? `${about} ${LEFT}` : about],
        ...Object.entries(declared).map(([variant, provable]) => ['', `${variant}: ${provableText(provable)}`]),
      ]),
      paint,
    ),
    ...section(
      'seeds',
      seeds.map(({ name, variant, property, why }) => [name, variant, property, why]),
      paint,
    ),
    '',
  ].join('\n');
}

function section(title: string, rows: readonly (readonly TableCell[])[], paint: Paint): string[] {
  return rows.length === 0 ? [] : [`  ${paint.faint(title)}`, ...table(rows, 4)];
}

/** What a variant is expected to violate, on a line of its own below what it is about; none where all holds. */
function expectationLines(expect: CatalogueModel['variants'][number]['expect']): TableCell[][] {
  if (expect.kind === 'mutant') return [['', `mutant, killed by ${expect.killedBy}`]];
  const violated = Object.keys(expect.violates);
  if (violated.length === 0) return [];
  return [['', `violates ${violated.length > NAMED_MOST ? `${violated.length} properties` : violated.join(', ')}`]];
}

/** What is proved of a variant, what is refuted, and what is measured. */
function provableText({ proves = [], refutes = [], measures = [], heavy }: Provable): string {
  const parts: (readonly [verb: string, names: readonly string[]])[] = [
    ['proves', proves],
    ['refutes', refutes],
    ['measures', heavy === 'measures' && measures.length > 0 ? [`${measures.join(', ')} ${LEFT}`] : measures],
  ];
  const told = parts
    .filter(([, names]) => names.length > 0)
    .map(([verb, names]) => `${verb} ${names.join(', ')}`)
    .join('; ');
  return heavy === true ? `${told} ${LEFT}` : told;
}
