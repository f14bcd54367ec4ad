import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { DEFAULT_MAX_STATES, DEFAULT_RUNS, FULL_MAX_STATES, FULL_RUNS } from '../gate/campaign.ts';
import type { Selection } from '../gate/plan.ts';
import type { Part } from '../gate/shard.ts';
import { parseDuration, TextError } from '../model/duration-text.ts';
import type { Settings } from '../model/parameters.ts';
import type { Host } from './host.ts';
import { InputError } from './input-error.ts';

const REPORTERS = ['text', 'json', 'junit', 'github', 'markdown', 'mermaid', 'chrome', 'itf', 'html'] as const;
export type Reporter = (typeof REPORTERS)[number];

/** A form of the report, and the file that it goes to; without one it is printed. */
export interface ReportTo {
  readonly reporter: Reporter;
  readonly file?: string;
}

/** Options as typed: texts, all optional. */
export interface RawOptions {
  readonly model?: string;
  readonly variant?: string;
  readonly property?: string;
  readonly seed?: string;
  readonly runs?: string;
  readonly maxStates?: string;
  readonly time?: string;
  readonly shard?: string;
  readonly set?: readonly string[];
  readonly params?: string;
  readonly reporter?: readonly string[];
  readonly save?: string;
  readonly workers?: string;
  readonly stories?: boolean;
  readonly full?: boolean;
  readonly watch?: boolean;
  readonly update?: boolean;
  readonly registry?: string;
}

const NANOSECONDS_IN_A_MILLISECOND = 1e6;

const STEPS_DEFAULT = 10;

/** How many steps a swept parameter is varied in before boundaries are looked for. */
export function stepsOf(options: { readonly steps?: string }): number {
  return options.steps === undefined ? STEPS_DEFAULT : wholeNumber('--steps', options.steps, 'such as --steps 10');
}

export function runsOf(options: RawOptions): number {
  if (options.runs === undefined) return options.full === true ? FULL_RUNS : DEFAULT_RUNS;
  return wholeNumber('--runs', options.runs, 'such as --runs 2000');
}

export function maxStatesOf(options: RawOptions): number {
  if (options.maxStates === undefined) return options.full === true ? FULL_MAX_STATES : DEFAULT_MAX_STATES;
  return wholeNumber('--max-states', options.maxStates, 'such as --max-states 200000');
}

export function workersOf(options: RawOptions): number {
  if (options.workers === undefined) return os.availableParallelism();
  return wholeNumber('--workers', options.workers, 'such as --workers 2');
}

/** The moment, in the host's milliseconds, after which nothing more is begun. */
export function deadlineOf(options: RawOptions, host: Host): number {
  if (options.time === undefined) return Infinity;
  try {
    return host.now() + parseDuration(options.time, NANOSECONDS_IN_A_MILLISECOND);
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    throw new InputError(
      'a duration in whole milliseconds for --time',
      `"${options.time}"`,
      'write it such as --time 60s',
    );
  }
}

/** Each form that is asked for; `text` is printed unless another one is. */
export function reportersOf({ reporter: wanted = [] }: RawOptions): readonly ReportTo[] {
  const asked = wanted.map((text): ReportTo => {
    const [, name = text, file] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
    const reporter = oneOf(name, REPORTERS);
    if (file === undefined) return { reporter };
    if (file === '') throw new InputError('--reporter to be a name or name=file', `"${text}"`, 'name the file');
    return { reporter, file };
  });
  const printed = asked.filter(({ file }) => file === undefined);
  if (printed.length > 1) {
    const got = printed.map(({ reporter }) => reporter).join(' and ');
    throw new InputError(
      'one --reporter that prints',
      got,
      `give the others a file: --reporter ${printed[1]?.reporter}=FILE`,
    );
  }
  return printed.length === 0 ? [{ reporter: 'text' }, ...asked] : asked;
}

/** `text` unless asked otherwise. */
export function reporterAmong<R extends string>(
  { reporter = [] }: Pick<RawOptions, 'reporter'>,
  among: readonly R[],
): R {
  if (reporter.length > 1) throw new InputError('one --reporter', reporter.join(' and '), 'leave one out');
  return oneOf(reporter[0] ?? 'text', among);
}

function oneOf<R extends string>(wanted: string, among: readonly R[]): R {
  const reporter = among.find((each) => each === wanted);
  if (reporter !== undefined) return reporter;
  throw new InputError(`--reporter to be one of ${among.join(', ')}`, `"${wanted}"`, 'pick one of them');
}

export function selectionOf(options: RawOptions): Selection {
  const { model, variant, property } = options;
  return {
    ...(model === undefined ? {} : { model }),
    ...(variant === undefined ? {} : { variant }),
    ...(property === undefined ? {} : { property }),
  };
}

/** The part of all that there is to do that is asked for, where one is. */
export function partOf({ shard: text }: RawOptions): Part | undefined {
  if (text === undefined) return undefined;
  const [, index, of] = /^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? [];
  const part = { index: Number(index), of: Number(of) };
  if (part.index >= 1 && part.index <= part.of) return part;
  throw new InputError('--shard to be i/n with 1 <= i <= n', `"${text}"`, 'write it such as --shard 1/4');
}

/** Parameters from a file, with those of `--set` on top. The model checks names and values. */
export function settingsOf(options: RawOptions, host: Host): Settings {
  const settings: Record<string, string> =
    options.params === undefined ? {} : { ...paramsIn(options.params, host.cwd) };
  for (const text of options.set ?? []) {
    const equals = text.indexOf('=');
    if (equals < 1) throw new InputError('--set to be name=value', `"${text}"`, 'write it such as --set interval=15s');
    settings[text.slice(0, equals)] = text.slice(equals + 1);
  }
  return settings;
}

function paramsIn(file: string, cwd: string): Settings {
  const expected = `${file} to hold texts by parameter, such as {"interval": "15s"}`;
  let text: string;
  try {
    text = readFileSync(path.resolve(cwd, file), 'utf8');
  } catch {
    throw new InputError('--params to name a file', `no such file: ${file}`, 'check the path');
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new InputError(expected, 'something that is not JSON', 'correct the file');
  }
  const parsed = z.record(z.string(), z.string()).safeParse(json);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path[0];
  const got = where === undefined ? json : (json as Record<PropertyKey, unknown>)[where];
  const at = where === undefined ? '' : ` for "${String(where)}"`;
  throw new InputError(expected, `${JSON.stringify(got)}${at}`, 'write each value as a text, with its unit');
}

/** What all randomness comes from: as asked, or the commit, so that CI tries new schedules with every change. */
export function seedOf(options: Pick<RawOptions, 'seed'>, host: Pick<Host, 'env' | 'cwd'>): string {
  const seed = options.seed ?? (host.env.HALFOPEN_SEED || commitOf(host) || '1');
  if (/^[^\s]+$/.test(seed)) return seed;
  throw new InputError('a seed without blanks', JSON.stringify(seed), 'write it such as --seed 1');
}

/** What is checked out, as CI says it or git does. */
export function commitOf({ env: { GITHUB_SHA, CI_COMMIT_SHA }, cwd }: Pick<Host, 'env' | 'cwd'>): string | undefined {
  return GITHUB_SHA || CI_COMMIT_SHA || headCommit(cwd);
}

function headCommit(cwd: string): string | undefined {
  try {
    const head = execFileSync('git', ['rev-parse', 'HEAD'], {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return head.trim();
  } catch {
    return undefined;
  }
}

function wholeNumber(option: string, text: string, example: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && Number.isSafeInteger(value)) return value;
  throw new InputError(`a whole number >= 1 for ${option}`, `"${text}"`, `write it ${example}`);
}
