import { z } from 'zod';
import { FINER_SCALES } from '../engine/exhaustive/concrete.ts';

/** The version of the format; one in finer ticks than the model's has a format of its own, which says how fine. */
const SEED_FORMAT = 1;
const SCALED_SEED_FORMAT = 2;

const oneLine = z.string().regex(/^[^\r\n]+$/, { error: 'one line of text' });
const decisionName = z.string().regex(/ #\d+$/, { error: 'the name of a decision, such as "pong latency #3"' });

const schema = z.strictObject({
  format: z.literal([SEED_FORMAT, SCALED_SEED_FORMAT]),
  /** How many ticks of the schedule make one of the model's. */
  scale: z.literal(FINER_SCALES).exactOptional(),
  /** The scenario's name, for one that people replay by name. */
  name: oneLine.exactOptional(),
  model: oneLine,
  variant: oneLine,
  property: oneLine,
  verdict: z.enum(['violated', 'sampled']),
  why: oneLine,
  settings: z.record(z.string(), z.string()),
  schedule: z.record(decisionName, z.string()),
  digest: z.string().regex(/^[0-9a-f]{16}$/, { error: '16 hexadecimal digits' }),
  measured: z.record(z.string(), z.tuple([z.string(), z.string()])).exactOptional(),
});

/** A schedule that is worth keeping, what it must show, and why it is kept. Lengths of time are texts. */
export type SeedFile = z.infer<typeof schema>;

/** A seed with the place that it was read from. */
export interface Seed {
  /** What the user can hand to `replay`. */
  readonly path: string;
  /** The file's name without its folder and extension. */
  readonly base: string;
  readonly file: SeedFile;
}

/** A file that is no seed: where in the JSON, what was expected there, and what was got. */
export class SeedFormatError extends Error {
  readonly where: string;
  readonly expected: string;
  readonly got: string;

  constructor(where: string, expected: string, got: string) {
    super(`${where}expected ${expected}, got ${got}`);
    this.where = where;
    this.expected = expected;
    this.got = got;
  }
}

/** Reads a seed from the text of its file. Throws a SeedFormatError. */
export function parseSeedFile(text: string): SeedFile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new SeedFormatError('', 'JSON', 'something else');
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return withFormatOf(parsed.data);
  throw formatError(parsed.error.issues[0] as z.core.$ZodIssue, json);
}

/** What a file says of its ticks, it says in its format, too: so that nobody who knows only the first one misreads it. */
function withFormatOf(seed: SeedFile): SeedFile {
  const format = seedFormat(seed.scale);
  if (seed.format === format) return seed;
  const expected =
    format === SEED_FORMAT ? 'a number (format 2 says how fine its ticks are)' : 'nothing (format 1 has no scale)';
  throw new SeedFormatError('at scale: ', expected, describeValue(seed.scale));
}

/** The format of a schedule in whole ticks of the model, or in ticks of which `scale` make one. */
export function seedFormat(scale: number | undefined): SeedFile['format'] {
  return scale === undefined ? SEED_FORMAT : SCALED_SEED_FORMAT;
}

/** The text of a seed's file: fixed order of fields, laid out as the formatter of this repository leaves it. */
export function formatSeedFile(seed: SeedFile): string {
  const lines: string[] = [`  "format": ${seedFormat(seed.scale)}`];
  for (const field of ['name', 'model', 'variant', 'property', 'verdict', 'why'] as const) {
    const value = seed[field];
    if (value !== undefined) lines.push(`  "${field}": ${JSON.stringify(value)}`);
  }
  if (seed.scale !== undefined) lines.push(`  "scale": ${seed.scale}`);
  lines.push(`  "settings": ${block(seed.settings)}`, `  "schedule": ${block(seed.schedule)}`);
  lines.push(`  "digest": "${seed.digest}"`);
  if (seed.measured !== undefined) lines.push(`  "measured": ${block(seed.measured)}`);
  return `{\n${lines.join(',\n')}\n}\n`;
}

function block(values: Readonly<Record<string, string | readonly [string, string]>>): string {
  const lines = Object.entries(values).map(([name, value]) => {
    const text =
      typeof value === 'string' ? JSON.stringify(value) : `[${value.map((each) => JSON.stringify(each)).join(', ')}]`;
    return `    ${JSON.stringify(name)}: ${text}`;
  });
  return lines.length === 0 ? '{}' : `{\n${lines.join(',\n')}\n  }`;
}

function formatError(issue: z.core.$ZodIssue, json: unknown): SeedFormatError {
  const path = issue.path.map((key) => (typeof key === 'number' ? `[${key}]` : `["${String(key)}"]`)).join('');
  const where = path === '' ? '' : `at ${path.replace(/^\["(\w+)"\]/, '$1')}: `;
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(schema.shape).join(', ');
    return new SeedFormatError(where, `no other fields than ${known}`, `"${issue.keys.join('", "')}"`);
  }
  const got = issue.path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key],
    json,
  );
  return new SeedFormatError(where, expectedBy(issue), issue.code === 'invalid_key' ? 'that' : describeValue(got));
}

function expectedBy(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected === 'record' || issue.expected === 'object' ? 'an object' : `a ${issue.expected}`;
    case 'invalid_value':
      return issue.values.map((value) => JSON.stringify(value)).join(' or ');
    case 'invalid_key':
      return issue.issues[0]?.message ?? 'another name';
    case 'too_small':
    case 'too_big':
      return 'two texts, the least and the greatest';
    default:
      return issue.message;
  }
}

function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}
