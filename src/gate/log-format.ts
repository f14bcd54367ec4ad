import { z } from 'zod';
import { parseDuration } from '../model/duration-text.ts';

/** The version of the format that is read. */
const LOG_VERSION = 1;

const UNITS_NS = { ns: 1, us: 1e3, ms: 1e6, s: 1e9 } as const;
type Unit = keyof typeof UNITS_NS;

const time = z.number().nonnegative();
const texts = z.array(z.string().min(1));

const headerSchema = z.strictObject({
  halfopen: z.literal('log'),
  version: z.literal(LOG_VERSION),
  model: z.string().exactOptional(),
  variant: z.string().exactOptional(),
  settings: z.record(z.string(), z.string()).exactOptional(),
  unit: z.enum(['ns', 'us', 'ms', 's']),
  error: time,
  events: texts.exactOptional(),
  uncompared: texts.exactOptional(),
  once: texts.exactOptional(),
  story: z.string().exactOptional(),
  madeWith: z.record(z.string(), z.string()).exactOptional(),
});

const trialSchema = z.strictObject({ trial: z.int().positive(), until: time.exactOptional() });

const eventSchema = z.strictObject({
  at: time,
  lane: z.string().exactOptional(),
  name: z.string().min(1),
  data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).exactOptional(),
});

/** What the first line of a log says of all others. Times are in nanoseconds from here on. */
export interface LogHeader extends Omit<z.infer<typeof headerSchema>, 'error'> {
  readonly errorNs: number;
}

/** One event of a log, as it was told. */
export interface LogEvent extends Omit<z.infer<typeof eventSchema>, 'at'> {
  readonly atNs: number;
  /** The line that tells it. */
  readonly line: number;
}

export interface TrialLine {
  readonly trial: number;
  readonly untilNs: number | undefined;
}

/** What one line of a log is. */
export type LogLine =
  | { readonly kind: 'header'; readonly header: LogHeader }
  | { readonly kind: 'trial'; readonly trial: TrialLine }
  | { readonly kind: 'event'; readonly event: LogEvent };

/** A line that is not as it should be: what was expected there, and what was got. */
export class LineError extends Error {
  readonly expected: string;
  readonly got: string;

  constructor(expected: string, got: string) {
    super(`expected ${expected}, got ${got}`);
    this.expected = expected;
    this.got = got;
  }
}

/** Reads a log line by line, and remembers no more of it than the next line needs. Throws a LineError. */
export class LogReader {
  #unitNs = 1;
  #hasHeader = false;
  #lastNs = 0;
  #untilNs = Infinity;

  get hasHeader(): boolean {
    return this.#hasHeader;
  }

  /** Undefined for a line that holds nothing. */
  read(text: string, line: number): LogLine | undefined {
    if (text.trim() === '') return undefined;
    const value = parse(text);
    if (!this.#hasHeader) return this.#header(value);
    if (isObject(value) && 'trial' in value) return this.#trial(value);
    return this.#event(value, line);
  }

  #header(value: unknown): LogLine {
    const { error, ...rest } = check(headerSchema, value, 'a header');
    this.#hasHeader = true;
    this.#unitNs = UNITS_NS[rest.unit as Unit];
    return { kind: 'header', header: { ...rest, errorNs: error * this.#unitNs } };
  }

  #trial(value: unknown): LogLine {
    const { trial, until } = check(trialSchema, value, 'a trial');
    const untilNs = until === undefined ? undefined : until * this.#unitNs;
    this.#lastNs = 0;
    this.#untilNs = untilNs ?? Infinity;
    return { kind: 'trial', trial: { trial, untilNs } };
  }

  #event(value: unknown, line: number): LogLine {
    const { at, ...rest } = check(eventSchema, value, 'an event');
    const atNs = at * this.#unitNs;
    if (atNs < this.#lastNs)
      throw new LineError(`a time no earlier than the last one, ${this.#lastNs / this.#unitNs}`, String(at));
    if (atNs > this.#untilNs)
      throw new LineError(`a time before the end of its trial, ${this.#untilNs / this.#unitNs}`, String(at));
    this.#lastNs = atNs;
    return { kind: 'event', event: { ...rest, atNs, line } };
  }
}

/** A length of time as typed, in nanoseconds. Throws a TextError. */
export function nanosecondsOf(text: string): number {
  return parseDuration(text, 1);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new LineError('one JSON object', text.length > 40 ? `${text.slice(0, 40)}…` : text);
  }
}

function check<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0] as z.core.$ZodIssue;
  if (issue.code === 'unrecognized_keys') throw new LineError(`${what} without "${issue.keys.join('", "')}"`, 'it');
  const field = issue.path.map(String).join('.');
  const got = issue.path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], value);
  const where =
    field === '' ? what : `${what} with another "${field}" (${issue.message.replace(/^Invalid input: /, '')})`;
  throw new LineError(where, JSON.stringify(got) ?? 'nothing');
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
