import { type Config, count, duration, oneOf, range } from '../../src/model/parameters.ts';

/** Constants of the recipe, under their real values; and of the path. */
export const parameters = {
  interval: duration('30s', 'from one sweep of the server to the next'),
  patience: duration('31s', 'how long the client waits for the next ping: interval + 1 s'),
  latency: range('1ms..100ms', 'one way, for each segment'),
  connects: range('0..30s', 'when the client connects, from the start of the server'),
  giveUp: range('924.6s..940s', 'TCP gives up retransmitting (tcp_retries2 = 15)'),
  sendBuffer: count(16_384, 'bytes of a kernel send buffer', 1),
  receiveBuffer: count(16_384, 'bytes of a kernel receive buffer', 1),
  death: oneOf(['any', 'never'], 'whether the client vanishes at some time'),
  ends: oneOf(['story', 'never'], 'whether the run ends after a while, or goes on for ever'),
} as const;

export type HeartbeatConfig = Config<typeof parameters>;

/** How long a client to which nothing happens is watched. */
export function watchedFor({ interval }: HeartbeatConfig): number {
  return 5 * interval;
}
