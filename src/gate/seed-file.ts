import { z } from 'zod';
import { FINER_SCALES } from '../engine/exhaustive/finer-scales.ts';
import { complaintOf, describeValue } from './json-complaint.ts';

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
  const complaint = complaintOf(parsed.error.issues[0] as z.core.$ZodIssue, json, Object.keys(schema.shape));
  throw new SeedFormatError(complaint.where, complaint.expected, complaint.got);
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
