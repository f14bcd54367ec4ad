import type { Ticks } from '../../src/kernel/bounds.ts';
import { type Config, count, derivedDuration, duration, oneOf, range } from '../../src/model/parameters.ts';

/** What can happen to a tab. The first is the default of the decision. */
export const FATES = ['is throttled', 'is suspended', 'is suspended for long'] as const;

/** Constants of the modelled system, under their real values. Times are in microseconds inside the model. */
export const parameters = {
  interval: duration('15s', 'from one ping of the runner to the next'),
  readTimeout: derivedDuration('3 x interval', (c: { interval: Ticks }) => 3 * c.interval, 'read deadline of #516'),
  sendTimeout: duration('20s', 'bound on every send of the runner'),
  urlLife: duration('300s', 'how long a signed URL can be used for an attach'),
  retry: duration('1s', 'from the end of a connection, or a refused attach, to the next attach'),
  throttle: duration('60s', 'how much later a timer of a throttled tab may fire'),
  suspension: range('1s..3m', 'how long a tab is suspended'),
  longSuspension: range('5m..20m', 'the same, for one that is suspended for long'),
  latency: range('1ms..100ms', 'one way, for each segment'),
  answer: range('0..100ms', 'from a ping at the browser to its pong'),
  giveUp: range('924.6s..940s', 'TCP gives up retransmitting (tcp_retries2 = 15)'),
  buffer: count(16_384, 'bytes of a kernel buffer', 1),
  chunk: count(4_096, 'bytes of one chunk of output', 1),
  fate: oneOf(['any', ...FATES], 'what happens to the tab at some time'),
  ends: oneOf(['story', 'never'], 'whether the run ends when the story has been told, or goes on for ever'),
} as const;

export type DashboardConfig = Config<typeof parameters>;

export function roundTripBound({ latency, answer }: DashboardConfig): Ticks {
  return 2 * latency.max + answer.max;
}

/** From the moment at which a page sees the end of its connection: the wait, a URL that is fetched, and the attach. */
export function reconnectBound({ retry, latency }: DashboardConfig): Ticks {
  return retry + 4 * latency.max;
}

export function longestSuspension({ suspension, longSuspension }: DashboardConfig): Ticks {
  return Math.max(suspension.max, longSuspension.max);
}

/** How long a tab that nothing happens to is watched. */
export function watchedFor({ urlLife, readTimeout, throttle }: DashboardConfig): Ticks {
  return urlLife + readTimeout + 2 * throttle;
}
