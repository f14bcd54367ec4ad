/** Holds recorded logs against the symbolic model. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { attach } from '../../models/attach/model.ts';
import { measureExactly } from '../../src/engine/prove.ts';
import { Subject } from '../../src/engine/run.ts';
import { Conformance, type TrialAnswer } from '../../src/gate/conform.ts';
import { type LogLine, LogReader } from '../../src/gate/log-format.ts';
import type { Settings } from '../../src/model/parameters.ts';
import type { LogHeader, Measures } from './log.ts';

/** Nothing arrives in the very instant in which it is sent; who says so halves the orders that have to be looked at. */
const NOT_AT_ONCE = { latency: '1us..5ms' };

export function linesOf(variant: string, story: string): readonly LogLine[] {
  const file = `${variant}--${story.replaceAll(', ', '-').replaceAll(' ', '-')}.ndjson`;
  const text = readFileSync(path.join(import.meta.dirname, 'logs', file), 'utf8');
  const reader = new LogReader();
  return text
    .trimEnd()
    .split('\n')
    .flatMap((line, index) => reader.read(line, index + 1) ?? []);
}

interface How {
  readonly as?: string;
  readonly observe?: readonly string[];
  readonly trials?: number;
}

/** Each trial of a log against the model, in the variant that the log says unless asked otherwise. */
export function held(lines: readonly LogLine[], { as, observe, trials = Infinity }: How = {}): readonly TrialAnswer[] {
  const [first, ...rest] = lines;
  if (first?.kind !== 'header') throw new Error('expected a header first');
  const { header } = first;
  const conformance = new Conformance({
    model: attach,
    variant: as ?? (header.variant as string),
    settings: { ...header.settings, ...NOT_AT_ONCE },
    errorNs: header.errorNs,
    vocabulary: {
      names: new Set(observe ?? header.events),
      ignored: new Set(header.uncompared),
      once: new Set(header.once),
    },
    maxStates: 100_000,
  });
  const answers: TrialAnswer[] = [];
  const ends = rest.flatMap((line, index) => (line.kind === 'trial' ? [{ index, ...line.trial }] : []));
  for (const [number, { index, trial, untilNs }] of ends.slice(0, trials).entries()) {
    conformance.begin();
    for (const line of rest.slice(index + 1, ends[number + 1]?.index)) {
      if (line.kind === 'event') conformance.next(line.event);
    }
    answers.push(conformance.end(trial, untilNs));
  }
  return answers;
}

/** The property that says how long a dead client holds its slot, for each story in which it dies. */
const EVICTED_BY: Readonly<Record<string, string>> = {
  vanishes: 'dead-client-evicted',
  'goes mute': 'dead-client-evicted',
  'goes deaf': 'deaf-client-evicted',
  freezes: 'dead-client-evicted',
  'exits, FIN swallowed': 'dead-client-evicted-behind-balancer',
  'is reset': 'dead-client-evicted',
  exits: 'dead-client-evicted',
};

/** From the client's end to the free slot, in milliseconds: what the model allows at all, and what was measured. */
export interface Window {
  readonly story: string;
  readonly least: number;
  readonly greatest: number;
  readonly real: readonly [least: number, median: number, greatest: number];
  /** How far a measured time may be off: twice the lateness of all trials. */
  readonly error: number;
}

export function windowsOf(header: Pick<LogHeader, 'settings'>, measures: readonly Measures[]): readonly Window[] {
  return Object.entries(EVICTED_BY).flatMap(([story, property]) => {
    const measured = measures.find((each) => each.variant === 'pong-deadline' && each.story === story);
    if (measured?.deathToRelease === undefined) return [];
    const path = story === 'exits, FIN swallowed' ? 'balanced' : 'direct';
    const settings: Settings = { ...header.settings, ...attach.compositions?.['silent-death']?.settings };
    const subject = new Subject(attach, 'pong-deadline', { ...settings, ...NOT_AT_ONCE, path, death: story });
    const { complete, least, greatest } = measureExactly(subject, property, { maxStates: 100_000 });
    if (!complete || least === undefined || greatest === undefined) throw new Error(`${story} is not measured`);
    const span = measured.deathToRelease;
    const real = [span.least, span.median, span.greatest].map((ns) => ns / 1e6) as [number, number, number];
    return [
      { story, least: least.length / 1e3, greatest: greatest.length / 1e3, real, error: (2 * measured.lateness) / 1e6 },
    ];
  });
}

export function windowTable(windows: readonly Window[]): string {
  const ms = (value: number) => (value < 0.05 ? value.toFixed(3) : value.toFixed(1));
  const rows = windows.map(
    ({ story, least, greatest, real, error }) =>
      `| ${story} | ${ms(least)} | ${real.map(ms).join(' | ')} | ${ms(greatest)} | ${ms(error)} |`,
  );
  const head = '| client | model: least | real: least | median | greatest | model: greatest | measuring error |';
  return [head, `|${' --- |'.repeat(7)}`, ...rows, ''].join('\n');
}
