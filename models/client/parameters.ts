import type { Ticks } from '../../src/kernel/bounds.ts';
import { type Config, derivedDuration, duration, range } from '../../src/model/parameters.ts';

/** Constants of the client and of the runner that it talks to, under their real values. In microseconds inside the model. */
export const parameters = {
  watchdog: duration('45s', 'WS_WATCHDOG: the client leaves a connection that is silent for so long'),
  firstFrameTimeout: duration('10s', 'WS_FIRST_FRAME_TIMEOUT: the same until the first frame of all'),
  clientPingInterval: duration('15s', "WS_CLIENT_PING_INTERVAL: from one of the client's own pings to the next"),
  reconnectBudget: duration('270s', 'WS_RECONNECT_BUDGET: what the client sleeps before attempts, in all'),
  backoffInitial: duration('15s', 'WS_RECONNECT_BACKOFF_INITIAL: the first sleep after a disconnect; doubles'),
  backoffMax: duration('30s', 'WS_RECONNECT_BACKOFF_MAX: the longest sleep'),
  statusProbeTimeout: duration('5s', 'how long probe_execution_status waits for the answer'),
  connectTimeout: duration('10s', 'reference only: how long an attach may take; the real client waits for ever'),
  interval: duration('15s', "wsKeepaliveInterval: from one of the runner's pings to the next"),
  pongWait: derivedDuration('3 x interval', (c: { interval: Ticks }) => 3 * c.interval, "the runner's read deadline"),
  teardown: range('0', 'from the end of a session at the runner to the release of its slot'),
  pasteTaken: range('0', 'from a paste at the runner until its process has taken it'),
  latency: range('1ms..100ms', 'one way, for each frame'),
  answer: range('0..20s', "from the client's ping at the runner to its pong: the reader may be busy"),
  giveUp: range('924.6s..940s', 'TCP gives up retransmitting (tcp_retries2 = 15)'),
  synGiveUp: range('127s..131s', 'TCP gives up connecting (tcp_syn_retries = 6)'),
} as const;

export type ClientConfig = Config<typeof parameters>;

/** How often a client whose attempts all fail asks before its budget is spent. */
export function attemptsWithinBudget(config: ClientConfig): number {
  let attempts = 0;
  let left = config.reconnectBudget;
  let backoff = config.backoffInitial;
  while (left > 0 && backoff > 0) {
    left -= Math.min(backoff, left);
    backoff = Math.min(2 * backoff, config.backoffMax);
    attempts++;
  }
  return left > 0 ? Infinity : attempts;
}
