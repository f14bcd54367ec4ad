import { Prover } from '../../src/engine/prove.ts';
import { Subject } from '../../src/engine/run.ts';
import type { SeedFile } from '../../src/gate/seed-file.ts';
import { formatDuration } from '../../src/model/duration-text.ts';
import type { AnyModel } from '../../src/model/model.ts';
import type { Change } from './changes.ts';

/** A kept schedule, by the path of its file from the root of the repository. */
export interface KeptSeed {
  readonly path: string;
  readonly file: SeedFile;
}

/** A finding, and each promise of each system that it breaks. */
interface Finding {
  readonly name: string;
  readonly story: string;
  readonly breaks: { readonly variant: string; readonly property: string }[];
}

const LIMITS = { maxStates: 200_000 };

/** The findings of all models, as their maintainers would be told: made from what the models declare, so that it cannot rot. */
export function findingsPage(
  models: readonly AnyModel[],
  seeds: readonly KeptSeed[],
  changes: readonly Change[],
): string {
  const lines = [
    '# Findings',
    '',
    'Promises that the systems break as they are modelled, each with the kept schedules that show it (`halfopen replay <name>`',
    'tells the story step by step). Made by `npx vitest run test/docs/findings.test.ts -u` from what the models declare;',
    'the gate fails when one of them is no longer so. They are findings in models, which were written from public facts.',
    '',
  ];
  for (const model of models) {
    const findings = findingsOf(model);
    if (findings.length === 0) continue;
    lines.push(`## ${model.name}`, '', model.question, '');
    for (const finding of findings) lines.push(...sectionOf(model, finding, seeds, changes));
    const exact = exactTimes(model);
    if (exact.length === 0) continue;
    lines.push('### Exact times', '', 'For every timing inside the bounds, by `halfopen prove`.', '');
    lines.push('| composition | variant | span | least | greatest |', '|---|---|---|---|---|', ...exact, '');
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

/** By name, in the order in which the model declares them; a reason without a name tells no finding of its own. */
export function findingsOf(model: AnyModel): readonly Finding[] {
  const findings = new Map<string, Finding>();
  for (const [variant, { expect }] of Object.entries(model.variants)) {
    if (expect.kind !== 'system') continue;
    for (const [property, reasons] of Object.entries(expect.violates)) {
      for (const reason of reasons.split('; ')) {
        const [, name, story] = reason.match(/^([a-z]+(?:-[a-z]+)+): (.*)$/) ?? [];
        if (name === undefined || story === undefined) continue;
        const finding = findings.get(name) ?? { name, story, breaks: [] };
        findings.set(name, finding);
        finding.breaks.push({ variant, property });
      }
    }
  }
  return [...findings.values()];
}

function sectionOf(
  model: AnyModel,
  { name, story, breaks }: Finding,
  seeds: readonly KeptSeed[],
  changes: readonly Change[],
): string[] {
  const shows = seeds.filter(
    ({ file }) => file.model === model.name && (file.name === name || file.why.includes(`${name}:`)),
  );
  const byProperty = grouped(breaks);
  const lines = [`### ${name}`, '', `${story[0]?.toUpperCase()}${story.slice(1)}.`, ''];
  for (const [property, variants] of byProperty) {
    const { says = '' } = propertyOf(model, variants[0] as string, property) ?? {};
    lines.push(`- breaks \`${property}\` in ${variants.map((each) => `\`${each}\``).join(', ')}: ${says}`);
  }
  for (const { path, file } of shows) {
    const times = Object.entries(file.measured ?? {}).map(([span, [, greatest]]) => `${span} ${greatest}`);
    const measured = times.length === 0 ? '' : ` (${times.join(', ')})`;
    lines.push(`- kept as [${path.split('/').at(-1)}](${relative(path)})${measured}`);
  }
  for (const { finding, path, where, why } of changes) {
    if (finding === name && path.startsWith(`models/${model.name}/`))
      lines.push(`- removed by \`${where}\` in [${path.split('/').at(-1)}](${relative(path)}): ${why}`);
  }
  for (const property of byProperty.keys()) lines.push(...remedyOf(model, property));
  return [...lines, ''];
}

/** The reference, or the last system, that keeps a promise which others break, and what makes sure of it. */
function remedyOf(model: AnyModel, property: string): string[] {
  const holders = holdersOf(model, property);
  const keeper = holders.includes('reference') ? 'reference' : holders.at(-1);
  if (keeper === undefined) return [];
  const proofs = Object.entries(model.compositions ?? {}).flatMap(([composition, { variants }]) =>
    (variants[keeper]?.proves ?? []).includes(property) ? [composition] : [],
  );
  const sure = proofs.length === 0 ? 'in random schedules' : `proved on ${proofs.join(', ')}`;
  return [`- \`${property}\` is kept by \`${keeper}\`: ${sure}`];
}

/** The systems that promise this and do not break it. */
export function holdersOf(model: AnyModel, property: string): readonly string[] {
  return Object.entries(model.variants).flatMap(([variant, { expect }]) =>
    expect.kind === 'system' &&
    expect.violates[property] === undefined &&
    new Subject(model, variant).promises.includes(property)
      ? [variant]
      : [],
  );
}

function grouped(breaks: Finding['breaks']): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const { variant, property } of breaks) groups.set(property, [...(groups.get(property) ?? []), variant]);
  return groups;
}

function propertyOf(model: AnyModel, variant: string, name: string) {
  return new Subject(model, variant).properties.all.find((each) => each.name === name);
}

/** From models/attach, where the page lies. */
function relative(path: string): string {
  return path.startsWith('models/attach/') ? path.slice('models/attach/'.length) : `../${path.slice('models/'.length)}`;
}

function exactTimes(model: AnyModel): string[] {
  const rows: string[] = [];
  for (const [composition, { settings, variants }] of Object.entries(model.compositions ?? {})) {
    for (const [variant, { measures = [] }] of Object.entries(variants)) {
      const subject = new Subject(model, variant, { ...settings });
      const prover = new Prover(subject);
      for (const name of measures) {
        const { least, greatest } = prover.measure(name, LIMITS);
        const text = (end: typeof least) =>
          end === undefined
            ? 'never ends'
            : `${end.length === Infinity ? 'no end' : formatDuration(end.length, subject.tickNs)}${end.attained ? '' : ', not attained'}`;
        rows.push(`| ${composition} | \`${variant}\` | \`${name}\` | ${text(least)} | ${text(greatest)} |`);
      }
    }
  }
  return rows;
}
