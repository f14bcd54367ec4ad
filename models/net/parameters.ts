/** The constants of a connection and of the client at its far end, and the bounds that follow from them. */
import type { Ticks } from '../../src/kernel/bounds.ts';
import { type Config, count, duration, oneOf, range } from '../../src/model/parameters.ts';
import { hopsOf } from './path.ts';

/** Microseconds in a millisecond: the models' tick is a microsecond. */
export const MILLISECOND = 1000;

export const connectionParameters = {
  latency: range('1ms..100ms', 'one way, over one hop, for each segment'),
  answer: range('0..100ms', 'from a ping at the client to its pong'),
  stall: range('1s..2m', 'how long a client that stalls stands still'),
  path: oneOf(['any', 'direct', 'balanced'], 'whether a layer-7 balancer is in the path; any: the schedule decides'),
  balancerIdle: duration('60s', "the balancer's idle timeout"),
  giveUp: range('924.6s..940s', 'TCP gives up retransmitting (tcp_retries2 = 15)'),
  sendBuffer: count(16_384, 'bytes of a kernel send buffer', 1),
  receiveBuffer: count(16_384, 'bytes of a kernel receive buffer', 1),
  chunk: count(4_096, 'bytes of one chunk of output', 1),
} as const;

type ConnectionConfig = Config<typeof connectionParameters>;

/** The most that a path of so many hops can delay a frame. */
export function latencyBoundOver({ latency }: Pick<ConnectionConfig, 'latency'>, hops: number): Ticks {
  return latency.max * hops;
}

/** The same for the longest path that the parameters allow. */
export function latencyBound(config: Pick<ConnectionConfig, 'latency' | 'path'>): Ticks {
  return latencyBoundOver(config, hopsOf(config.path === 'direct' ? 'direct' : 'balanced'));
}

/** From a ping that is sent to its pong, at most. */
export function roundTripBound(config: Pick<ConnectionConfig, 'latency' | 'path' | 'answer'>): Ticks {
  return 2 * latencyBound(config) + config.answer.max;
}
