import type { Ticks } from '../../src/kernel/bounds.ts';
import { type Config, count, duration, oneOf, range } from '../../src/model/parameters.ts';

/** Constants of the modelled system, under their real values. Times are in microseconds inside the model. */
export const parameters = {
  reconnectGrace: duration('5m', 'how long a process that nobody is attached to is left alone'),
  shutdownGrace: duration('30s', 'from SIGHUP to SIGTERM, and from there to SIGKILL'),
  maxSessionLifetime: duration('24h', 'a process that is older is killed, even if somebody is attached'),
  cleanupTick: duration('30s', 'from one sweep of the reaper to the next'),
  retention: duration('5m', 'how long a process that has ended is kept'),
  signalTime: range('1ms..10s', 'how long a signal or a kill takes; Go gives up after 10 s'),
  scheduling: range('0..1ms', 'from a tick until the reaper runs and takes its now'),
  others: range('0..9s', 'how long a sweep is busy with other processes before it comes to this one'),
  notice: range('0..100ms', 'from the end of the process until the runner hears of it'),
  shutdown: range('0..40s', 'how long a process that heeds a signal needs to end'),
  teardown: range('0..42s', 'from the end of the process until its session lets go of the slot'),
  killFailures: count(1, 'how often a kill can fail'),
  age: oneOf(
    ['any', 'new', 'old'],
    'new: from the start of the process; old: late in a long session; any: the schedule decides',
  ),
  remaining: duration('6m', 'what is left of the lifetime of an old process'),
  watched: duration('12m', 'how long a process that somebody stays attached to is watched'),
} as const;

export type ReaperConfig = Config<typeof parameters>;

/** What a strict comparison needs beyond its limit: one tick, a microsecond. */
export const STRICT: Ticks = 1;

/** The longest that one sweep can take: other processes, a signal that fails, and the kill that follows. */
function longestSweep({ others, signalTime }: ReaperConfig): Ticks {
  return others.max + 2 * signalTime.max;
}

/** Whether each sweep is over before the next tick, so that none is late for more than its scheduling. */
function sweepsKeepTime(config: ReaperConfig): boolean {
  return longestSweep(config) + config.scheduling.max < config.cleanupTick;
}

/** The longest from the start of one sweep to the start of the next, each scheduled equally late. */
function sweepGap(config: ReaperConfig): Ticks {
  return sweepsKeepTime(config) ? config.cleanupTick : longestSweep(config) + config.scheduling.max;
}

/**
 * From the start of one sweep to that of the first one that finds `limit` exceeded, where the time that it is compared
 * with was stamped in the first sweep: by its now, or later, when it came to this process or when its signal had arrived.
 * Sweeps that keep time start on ticks; a wait of exactly one tick is not more than one tick, so it takes two.
 */
function sweepsUntilOver(config: ReaperConfig, limit: Ticks, stampedLate: Ticks): Ticks {
  const needed = limit + STRICT + stampedLate;
  const gap = sweepGap(config);
  return sweepsKeepTime(config) ? Math.ceil((needed + config.scheduling.max) / gap) * gap : needed + gap;
}

/** From the start of the sweep that decides to kill until the process is dead, with all failures that there can be. */
function killed(config: ReaperConfig): Ticks {
  return config.others.max + config.signalTime.max + config.killFailures * sweepGap(config);
}

/**
 * The most from the release of the slot (or the start of the process) to the end of a process that nobody attaches to.
 * The terms: the grace, strictly exceeded; up to a whole tick until the next sweep; two waits for the shutdown grace, each up to
 * the second tick; how late the last sweep runs and comes to this process; the kill.
 */
export function abandonedBound(config: ReaperConfig): Ticks {
  const stampedLate = config.others.max + config.signalTime.max;
  const escalation = 2 * sweepsUntilOver(config, config.shutdownGrace, stampedLate);
  const hup = config.reconnectGrace + STRICT + sweepGap(config);
  return hup + escalation + config.scheduling.max + killed(config);
}

/** The most from the limit of its lifetime to the end of a process. */
export function limitBound(config: ReaperConfig): Ticks {
  return STRICT + sweepGap(config) + config.scheduling.max + killed(config);
}

/**
 * The most from the end of a process to the drop of its entry: the runner hears of it; up to a whole tick until a sweep
 * sees it; the retention, strictly exceeded, counted in ticks; how late the last sweep runs and comes to this process.
 */
export function retentionBound(config: ReaperConfig): Ticks {
  const busy = sweepsKeepTime(config) ? 0 : longestSweep(config);
  const seen = config.notice.max + busy + sweepGap(config);
  return (
    seen + sweepsUntilOver(config, config.retention, config.others.max) + config.scheduling.max + config.others.max
  );
}
