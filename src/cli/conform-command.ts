import { createReadStream, existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Conformance, type TrialAnswer } from '../gate/conform.ts';
import { type ConformOutcome, conformExitCode } from '../gate/conform-outcome.ts';
import { exclusiveCheck, type LogCheck, LogChecks, neverCheck, withinCheck } from '../gate/log-checks.ts';
import {
  LineError,
  type LogHeader,
  type LogLine,
  LogReader,
  nanosecondsOf,
  type TrialLine,
} from '../gate/log-format.ts';
import { targetOf } from '../gate/plan.ts';
import { modelNamed } from '../gate/registry.ts';
import { TextError } from '../model/duration-text.ts';
import { conformText } from '../report/conform-text.ts';
import { type Command, registryOf } from './commands.ts';
import type { Host } from './host.ts';
import { InputError } from './input-error.ts';
import { deadlineOf, maxStatesOf, type RawOptions, reporterAmong, settingsOf } from './options.ts';
import { paintOf } from './reporting.ts';

/** Options of `conform` as typed. */
export interface ConformOptions extends Omit<RawOptions, 'property'> {
  readonly observe?: readonly string[];
  readonly uncompared?: readonly string[];
  readonly once?: readonly string[];
  readonly error?: string;
  readonly skipMalformed?: boolean;
  readonly within?: readonly string[];
  readonly never?: readonly string[];
  readonly exclusive?: readonly string[];
}

/** Malformed lines that are shown one by one where they are skipped. */
const SKIPPED_SHOWN = 10;

/** Is this log a behaviour of that model, and does it keep these checks? */
export async function conform(
  log: string,
  command: Omit<Command, 'options'> & { readonly options: ConformOptions },
): Promise<number> {
  const { options, host } = command;
  const reporter = reporterAmong(options, ['text', 'json']);
  const checks = checksOf(options);
  const file = path.resolve(host.cwd, log);
  if (!existsSync(file)) throw new InputError('a log', `no such file: ${log}`, 'check the path');
  const { header, names } = await firstLook(file, log, host, options);
  const errorNs = errorOf(options, header);
  const conformance = await conformanceOf(command, header, names, errorNs);
  const asked = new LogChecks(checks, errorNs);
  const trials: TrialAnswer[] = [];
  let trial: TrialLine | undefined;
  const end = () => {
    if (trial === undefined) return;
    asked.end(trial.untilNs);
    if (conformance !== undefined) trials.push(conformance.of.end(trial.trial, trial.untilNs));
  };
  const begin = (next: TrialLine) => {
    trial = next;
    asked.begin(next.trial);
    conformance?.of.begin();
  };
  const skipped = await eachLine(file, log, host, options, (line) => {
    if (line.kind === 'trial') {
      end();
      begin(line.trial);
    }
    if (line.kind !== 'event') return;
    if (trial === undefined) begin({ trial: 1, untilNs: undefined });
    asked.next(line.event);
    conformance?.of.next(line.event);
  });
  end();
  const outcome: ConformOutcome = {
    command: 'conform',
    log,
    ...(conformance === undefined ? {} : { against: conformance.against }),
    errorNs,
    trials,
    checks: checks.length,
    broken: asked.broken,
    skipped,
  };
  host.out(
    reporter === 'json'
      ? `${JSON.stringify({ format: 1, ...outcome }, undefined, 2)}\n`
      : conformText(outcome, paintOf(host)),
  );
  return conformExitCode(outcome);
}

async function conformanceOf(
  command: Omit<Command, 'options'> & { readonly options: ConformOptions },
  header: LogHeader,
  names: ReadonlySet<string>,
  errorNs: number,
): Promise<{ readonly of: Conformance; readonly against: string } | undefined> {
  const { options, host } = command;
  const wanted = options.model ?? header.model;
  if (wanted === undefined) {
    if (checksOf(options).length > 0) return undefined;
    throw new InputError('a model or a check', 'neither', '--model NAME, or --within, --never, --exclusive');
  }
  const deadline = deadlineOf(options, host);
  const { registry } = await registryOf(command);
  const variant = options.variant ?? header.variant;
  const target = targetOf(registry, { model: wanted, ...(variant === undefined ? {} : { variant }) });
  const of = new Conformance({
    model: modelNamed(registry, target.model),
    variant: target.variant,
    settings: { ...header.settings, ...settingsOf(options, host) },
    errorNs,
    vocabulary: {
      names: new Set(options.observe ?? header.events ?? names),
      ignored: new Set(options.uncompared ?? header.uncompared),
      once: new Set(options.once ?? header.once),
    },
    maxStates: maxStatesOf(options),
    stop: () => (host.now() < deadline ? undefined : `more than ${options.time}`),
  });
  return { of, against: `${target.model}/${target.variant}` };
}

function checksOf({ within = [], never = [], exclusive = [] }: ConformOptions): readonly LogCheck[] {
  try {
    return [...within.map(withinCheck), ...never.map(neverCheck), ...exclusive.map(exclusiveCheck)];
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    throw new InputError('another check', error.message.replace(/^expected /, ''), 'halfopen conform --help');
  }
}

function errorOf({ error }: ConformOptions, header: LogHeader): number {
  if (error === undefined) return header.errorNs;
  try {
    return nanosecondsOf(error);
  } catch {
    throw new InputError('a duration for --error', `"${error}"`, 'write it such as --error 5ms');
  }
}

/** The header; and, where a model is to be held against and it does not say what is told, which names there are. */
async function firstLook(
  file: string,
  log: string,
  host: Host,
  options: ConformOptions,
): Promise<{ header: LogHeader; names: ReadonlySet<string> }> {
  const names = new Set<string>();
  let header: LogHeader | undefined;
  const quiet = { ...host, err: () => undefined };
  await eachLine(file, log, quiet, options, (line) => {
    if (line.kind === 'header') header = line.header;
    if (line.kind === 'event') names.add(line.event.name);
    if (header === undefined) return false;
    const model = options.model ?? header.model;
    return model === undefined || options.observe !== undefined || header.events !== undefined;
  });
  if (header === undefined) throw new InputError('a log that begins with a header', 'none', 'see docs/conform.md');
  return { header, names };
}

/** Hands over line after line until `take` has enough; says how many were malformed, and left out. */
async function eachLine(
  file: string,
  log: string,
  host: Pick<Host, 'err'>,
  { skipMalformed }: ConformOptions,
  // biome-ignore lint/suspicious/noConfusingVoidType: who wants all lines says nothing
  take: (line: LogLine) => boolean | void,
): Promise<number> {
  const reader = new LogReader();
  const lines = createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity });
  let number = 0;
  let skipped = 0;
  for await (const text of lines) {
    number++;
    try {
      const line = reader.read(text, number);
      if (line !== undefined && take(line) === true) break;
    } catch (error) {
      if (!(error instanceof LineError)) throw error;
      if (skipMalformed !== true || !reader.hasHeader)
        throw new InputError(error.expected, error.got, 'correct it, or --skip-malformed', `${log}:${number}: `);
      skipped++;
      if (skipped <= SKIPPED_SHOWN) host.err(`halfopen: ${log}:${number}: skipped: ${error.message}\n`);
    }
  }
  lines.close();
  return skipped;
}
