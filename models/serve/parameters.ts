import type { Ticks } from '../../src/kernel/bounds.ts';
import { type Config, count, derivedDuration, duration, oneOf, range } from '../../src/model/parameters.ts';
import { DEATHS } from '../net/deaths.ts';
import { hopsOf } from '../net/path.ts';

/** Constants of the modelled system, under their real values. Times are in microseconds inside the model. */
export const parameters = {
  interval: duration('15s', 'from one ping to the next; the first one is due at once'),
  readTimeout: derivedDuration(
    '3 x interval',
    (c: { interval: Ticks }) => 3 * c.interval,
    'reference only: read deadline',
  ),
  sendTimeout: duration('20s', 'bound on every send'),
  latency: range('1ms..100ms', 'one way, over one hop, for each segment'),
  answer: range('0..100ms', 'from a ping at the client to its pong'),
  stall: range('1s..2m', 'how long a client that stalls stands still'),
  path: oneOf(['any', 'direct', 'balanced'], 'whether a layer-7 balancer is in the path; any: the schedule decides'),
  balancerIdle: duration('60s', "the balancer's idle timeout"),
  giveUp: range('924.6s..940s', 'TCP gives up retransmitting (tcp_retries2 = 15)'),
  retry: duration('15s', 'from a refused attach to the next one'),
  sendBuffer: count(16_384, 'bytes of a kernel send buffer', 1),
  receiveBuffer: count(16_384, 'bytes of a kernel receive buffer', 1),
  chunk: count(4_096, 'bytes of one chunk of output', 1),
  outputs: count(2, 'how often the process writes a burst of output', 0),
  typing: count(2, 'how often the client types', 0),
  death: oneOf(['any', 'stays', ...DEATHS], 'in which way the client ends'),
  rival: oneOf(['any', 'none'], 'whether a second client wants the slot'),
  ends: oneOf(['story', 'never'], 'whether the run ends when the story has been told, or goes on for ever'),
} as const;

export type ServeConfig = Config<typeof parameters>;

/** The most that the longest path that the parameters allow can delay a frame. */
export function latencyBound(config: ServeConfig): Ticks {
  return config.latency.max * hopsOf(config.path === 'direct' ? 'direct' : 'balanced');
}

/** From a ping that is sent to its pong, at most. */
export function roundTripBound(config: ServeConfig): Ticks {
  return 2 * latencyBound(config) + config.answer.max;
}

/** How long a client that nothing happens to is watched. */
export function watchedFor(config: ServeConfig): Ticks {
  return 2 * config.readTimeout + config.balancerIdle;
}
