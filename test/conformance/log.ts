/** Reads what the real twin writes (gorilla/README.md), and says which line is not as it should be. */
import { z } from 'zod';

const nanoseconds = z.int().nonnegative();
const madeWith = z.strictObject({ go: z.string(), websocket: z.string(), kernel: z.string() });

const header = z.strictObject({
  halfopen: z.literal('log'),
  version: z.literal(1),
  model: z.string(),
  variant: z.string(),
  story: z.string(),
  settings: z.record(z.string(), z.string()),
  unit: z.literal('ns'),
  error: nanoseconds,
  events: z.array(z.string()),
  once: z.array(z.string()),
  madeWith,
});

const trial = z.strictObject({ trial: z.int().positive(), until: nanoseconds });

const event = z.strictObject({
  at: nanoseconds,
  lane: z.string(),
  name: z.string(),
  data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
});

const rulesHeader = z.strictObject({ halfopen: z.literal('rules'), version: z.literal(1), madeWith });

const rule = z.strictObject({
  rule: z.union([z.int(), z.literal('tcp')]),
  says: z.string(),
  holds: z.boolean(),
  seen: z.record(z.string(), z.unknown()),
});

const span = z.strictObject({ count: z.int(), least: nanoseconds, median: nanoseconds, greatest: nanoseconds });

const measures = z.strictObject({
  variant: z.string(),
  story: z.string(),
  trials: z.int().positive(),
  released: z.int().nonnegative(),
  deathToRelease: span.optional(),
  silenceToRelease: span.optional(),
  endToEmpty: span.optional(),
  causes: z.record(z.string(), z.int()).optional(),
  lateness: nanoseconds,
});

export type LogHeader = z.infer<typeof header>;
export type LogEvent = z.infer<typeof event>;
export type Measures = z.infer<typeof measures>;
export type MeasuredSpan = z.infer<typeof span>;

export interface Trial {
  readonly number: number;
  /** How long it was watched. */
  readonly until: number;
  readonly events: readonly LogEvent[];
}

export interface Log {
  readonly header: LogHeader;
  readonly trials: readonly Trial[];
}

export function parseLog(text: string): Log {
  const [first, ...rest] = linesOf(text);
  if (first === undefined) throw new Error('expected a header, got nothing');
  const trials: (Trial & { events: LogEvent[] })[] = [];
  for (const line of rest) {
    if (line.value !== null && typeof line.value === 'object' && 'trial' in line.value) {
      const { trial: number, until } = read(trial, line);
      trials.push({ number, until, events: [] });
      continue;
    }
    const next = read(event, line);
    const current = trials.at(-1);
    if (current === undefined) throw new Error(`line ${line.number}: expected a trial before its first event`);
    const before = current.events.at(-1)?.at ?? 0;
    if (next.at < before) throw new Error(`line ${line.number}: time goes back from ${before} to ${next.at}`);
    if (next.at > current.until) throw new Error(`line ${line.number}: after the end of the trial, ${current.until}`);
    current.events.push(next);
  }
  return { header: read(header, first), trials };
}

export function parseRules(text: string): readonly z.infer<typeof rule>[] {
  const [first, ...rest] = linesOf(text);
  if (first === undefined) throw new Error('expected a header, got nothing');
  read(rulesHeader, first);
  return rest.map((line) => read(rule, line));
}

export function parseMeasures(text: string): readonly Measures[] {
  return linesOf(text).map((line) => read(measures, line));
}

interface Line {
  readonly number: number;
  readonly value: unknown;
}

function linesOf(text: string): readonly Line[] {
  return text
    .replace(/\n$/, '')
    .split('\n')
    .map((line, index) => ({ number: index + 1, value: JSON.parse(line) as unknown }));
}

function read<T>(schema: z.ZodType<T>, { number, value }: Line): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Error(`line ${number}: ${z.prettifyError(parsed.error)}`);
}
