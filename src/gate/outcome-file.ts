import { z } from 'zod';
import { complaintOf, type JsonComplaint } from './json-complaint.ts';
import type { Outcome, Shard } from './outcome.ts';

/** The version of the format that is written, and the only one that is read. */
const OUTCOME_FORMAT = 1;

/** As many shards as the command line takes. */
const SHARDS_MOST = 999_999;

const text = z.string();
const names = { unit: text, model: text, variant: text, property: text } as const;
const count = z.int().nonnegative();
const verdict = z.enum(['proved', 'sampled', 'violated', 'inconclusive']);
const texts = z.record(text, text);
const term = z.object({
  name: text,
  length: text,
  less: z.literal(true).exactOptional(),
  parameter: text.exactOptional(),
});

const end = z.object({ length: text, attained: z.boolean(), terms: z.array(term).exactOptional() });

const row = z.object({
  ...names,
  kind: z.enum(['seed', 'proof', 'property', 'failure', 'witness', 'mutant', 'declaration']),
  verdict,
  expected: z.enum(['holds', 'violated', 'seen', 'any']),
  ok: z.boolean(),
  unfinished: z.literal(true).exactOptional(),
  detail: text,
  schedules: count,
  composition: text.exactOptional(),
  states: count.exactOptional(),
});

const exactTime = z.object({
  ...names,
  composition: text.exactOptional(),
  says: text,
  complete: z.boolean(),
  states: count,
  least: end,
  greatest: end,
});

const system = z.object({
  model: text,
  variant: text,
  about: text,
  schedules: count,
  measures: z.array(z.object({ name: text, says: text, least: text, greatest: text })),
  witnesses: z.object({ seen: z.array(text), missing: z.array(text) }),
});

const mutant = z.object({
  model: text,
  variant: text,
  of: text,
  edit: text,
  killedBy: text,
  campaigns: count,
  killed: count,
  median: count.exactOptional(),
  greatest: count.exactOptional(),
  proofs: z.array(z.object({ composition: text, verdict, states: count })),
});

const story = z.object({
  ...names,
  verdict,
  expected: z.boolean(),
  says: text,
  message: text,
  composition: text.exactOptional(),
  found: z.object({ atSchedule: count.exactOptional(), states: count.exactOptional(), shrinks: count }).exactOptional(),
  settings: texts,
  decisions: z.array(z.object({ name: text, value: text, at: text, fault: z.boolean() })),
  schedule: texts,
  digest: text,
  measured: z.record(text, z.tuple([text, text])),
  timeline: z.array(
    z.object({
      at: text,
      mark: z.enum(['event', 'decision', 'breaks']),
      lane: text,
      what: text,
      data: z.json().exactOptional(),
    }),
  ),
  command: text,
});

const leftOut = z.object({ ...names, composition: text.exactOptional(), kind: z.enum(['proof', 'measure', 'sample']) });

const schema = z.object({
  format: z.literal(OUTCOME_FORMAT),
  command: z.literal('check'),
  seed: text,
  runs: count,
  shard: z.object({
    index: z.int().positive(),
    of: z.int().positive().max(SHARDS_MOST),
    planned: count,
    units: z.array(text),
    version: text,
    commit: text.exactOptional(),
    maxStates: count,
    property: text.exactOptional(),
  }),
  full: z.literal(true).exactOptional(),
  rows: z.array(row),
  exactTimes: z.array(exactTime),
  systems: z.array(system),
  mutants: z.array(mutant),
  stories: z.array(story),
  left: z.array(leftOut),
});

/** A file that does not hold the outcome of a shard. */
export class OutcomeFormatError extends Error {
  readonly complaint: JsonComplaint;

  constructor(complaint: JsonComplaint) {
    super(`${complaint.where}expected ${complaint.expected}, got ${complaint.got}`);
    this.complaint = complaint;
  }
}

/**
 * Reads what `check --shard i/n --reporter json` wrote, field by field in the order in which it was written. Throws an
 * OutcomeFormatError.
 */
export function parseShardOutcome(file: string): Outcome & { readonly shard: Shard } {
  let json: unknown;
  try {
    json = JSON.parse(file);
  } catch {
    throw new OutcomeFormatError({
      where: '',
      expected: 'JSON',
      got: file.trim() === '' ? 'nothing' : 'something else',
    });
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    throw new OutcomeFormatError(complaintOf(parsed.error.issues[0] as z.core.$ZodIssue, json, []));
  }
  // The copy that was parsed has its fields in the order of the schema.
  const { format: _, ...outcome } = json as { format: unknown } & Outcome & { readonly shard: Shard };
  return outcome;
}
