import type { Outcome } from '../../src/gate/outcome.ts';
import type { AnyModel } from '../../src/model/model.ts';

const BEGIN = /^<!-- mutants: .* -->$/;
const END = '<!-- /mutants -->';

type Kills = Pick<
  Outcome['mutants'][number],
  'model' | 'variant' | 'killed' | 'campaigns' | 'median' | 'greatest' | 'proofs'
>;

/**
 * The page with its table of mutants made anew: names, edits and properties from the models; numbers from a run of the
 * gate if there is one, else as they stand in the page.
 */
export function withMutantTable(page: string, models: readonly AnyModel[], kills?: readonly Kills[]): string {
  const lines = page.split('\n');
  const begin = lines.findIndex((line) => BEGIN.test(line));
  const end = lines.indexOf(END, begin);
  if (begin < 0 || end < 0) throw new Error('the page has no place for the table of mutants');
  const before = lines.slice(begin + 1, end);
  const rows = models.flatMap((model) =>
    Object.entries(model.variants).flatMap(([variant, { expect }]) => {
      if (expect.kind !== 'mutant') return [];
      const fate = kills?.find((each) => each.model === model.name && each.variant === variant);
      const numbers = fate === undefined ? numbersIn(before, model.name, variant) : numbersOf(fate);
      return [`| ${model.name} | \`${variant}\` | ${expect.edit} | \`${expect.killedBy}\` | ${numbers} |`];
    }),
  );
  lines.splice(begin + 1, before.length, ...before.slice(0, 2), ...rows);
  return lines.join('\n');
}

function numbersOf({ killed, campaigns, median, greatest, proofs = [] }: Kills): string {
  const states = proofs.filter(({ verdict }) => verdict === 'violated').map((proof) => proof.states);
  const least = states.length === 0 ? '-' : Math.min(...states);
  return `${killed}/${campaigns} | ${median ?? '-'} | ${greatest ?? '-'} | ${least}`;
}

const NOT_RUN = 'not run yet';

/** As they stand in the page. */
function numbersIn(table: readonly string[], model: string, variant: string): string {
  const row = table.find((line) => line.startsWith(`| ${model} | \`${variant}\` |`));
  return row === undefined || row.endsWith(`| ${NOT_RUN} |`)
    ? NOT_RUN
    : row.replace(/ \|$/, '').split(' | ').slice(-4).join(' | ');
}
