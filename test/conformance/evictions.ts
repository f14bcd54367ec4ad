/** What the recorded trials say about how long a slot outlives its client. */
import { attach } from '../../models/attach/model.ts';
import type { AttachConfig } from '../../models/attach/parameters.ts';
import { Subject } from '../../src/engine/run.ts';
import type { LogHeader, MeasuredSpan, Measures } from './log.ts';

/** Ends of which the runner hears nothing: only the missing pong shows them. */
export const SILENT = ['vanishes', 'goes mute', 'goes deaf', 'freezes', 'exits, FIN swallowed'] as const;
/** Ends of which its kernel tells it. */
export const HEARD = ['is reset', 'exits', 'says goodbye'] as const;

export const VARIANTS = ['ping-only', 'pong-deadline', 'reference'] as const;

const NS_PER_MS = 1e6;

/**
 * What is wrong with the evictions of one story under a read deadline. A silent death is noticed pongWait after the
 * last pong: that arrived at most an interval and the variation of a round trip before the death, or it was in flight,
 * and the client that went deaf may have answered a ping that was.
 */
export function misfit(measures: Measures, header: Pick<LogHeader, 'variant' | 'settings'>): string | undefined {
  const { config: values, tickNs } = new Subject(attach, header.variant, header.settings);
  const config = values as AttachConfig;
  const silent = SILENT.some((story) => story === measures.story);
  const trip = config.latency.max;
  const least = silent ? config.pongWait - config.interval - 2 * trip : 0;
  const greatest = (silent ? config.pongWait : 0) + (measures.story === 'goes deaf' ? 2 * trip : trip);
  const error = 2 * measures.lateness;
  const span = measures.deathToRelease;
  if (span === undefined || span.count < measures.trials) return `${measures.story}: not every slot is released`;
  if (span.least >= least * tickNs - error && span.greatest <= greatest * tickNs + error) return undefined;
  return `${measures.story}: expected ${least / 1000}..${greatest / 1000} ms, got ${milliseconds(span)}`;
}

/** A table for people: from the client's end to the free slot. */
export function evictionTable(all: readonly Measures[]): string {
  const stories = [...SILENT, ...HEARD, 'dies under output', 'dies while stdin blocks'];
  const cell = (variant: string, story: string) => {
    const found = all.find((each) => each.variant === variant && each.story === story);
    return found?.deathToRelease === undefined ? 'held to the end' : milliseconds(found.deathToRelease);
  };
  const rows = stories.map((story) => `| ${[story, ...VARIANTS.map((variant) => cell(variant, story))].join(' | ')} |`);
  return [`| client | ${VARIANTS.join(' | ')} |`, '| --- | --- | --- | --- |', ...rows, ''].join('\n');
}

function milliseconds({ least, median, greatest }: MeasuredSpan): string {
  return [least, median, greatest].map((ns) => (ns / NS_PER_MS).toFixed(1)).join(' / ');
}
