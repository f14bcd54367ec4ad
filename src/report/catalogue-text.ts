import type { CatalogueModel } from '../gate/catalogue.ts';
import type { Paint } from './paint.ts';
import { type TableCell, table } from './table.ts';

/** What there is to run, for people: one block for each model. */
export function catalogueText(models: readonly CatalogueModel[], paint: Paint): string {
  return models.map((model) => modelText(model, paint)).join('\n');
}

function modelText(model: CatalogueModel, paint: Paint): string {
  const { variants, parameters, properties, seeds } = model;
  return [
    paint.strong(model.name),
    `  ${model.question}`,
    ...section(
      'variants',
      variants.map(({ name, about, expect }) => [name, expectationText(expect), about]),
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

function expectationText(expect: CatalogueModel['variants'][number]['expect']): string {
  if (expect.kind === 'mutant') return `mutant, killed by ${expect.killedBy}`;
  const violated = Object.keys(expect.violates);
  return violated.length === 0 ? 'holds' : `violates ${violated.join(', ')}`;
}
