import type { Ticks } from '../../src/kernel/bounds.ts';
import { type Config, count, derivedDuration, duration, oneOf } from '../../src/model/parameters.ts';
import { DEATHS } from '../net/deaths.ts';
import { connectionParameters, roundTripBound } from '../net/parameters.ts';

/** Constants of the modelled system, under their real values. Times are in microseconds inside the model. */
export const parameters = {
  interval: duration('15s', 'wsKeepaliveInterval: from one ping to the next'),
  pongWait: derivedDuration('3 x interval', (c: { interval: Ticks }) => 3 * c.interval, 'read deadline after a frame'),
  writeDeadline: duration('20s', 'wsWriteDeadline: bound on every server write'),
  drainBound: duration('2s', 'how long a clean exit waits for the pumps'),
  ...connectionParameters,
  retry: duration('15s', "the reconnecting client's first backoff; doubles"),
  retryMax: duration('30s', "the reconnecting client's longest backoff"),
  subscriberBuffer: count(256, 'output chunks kept per subscriber and stream', 1),
  stdinQueue: count(16, 'reference only: input frames kept for a process that does not read', 1),
  outputs: count(3, 'how often the process writes a burst of output', 0),
  burst: oneOf(['any', 'flood', 'line', 'screen'], 'how much a burst of output is'),
  exits: oneOf(['any', 'never'], 'whether the process ends at some time'),
  stdin: oneOf(['any', 'read'], 'whether the process stops reading its input at some time'),
  typing: count(2, 'how often the client types', 0),
  clientPings: oneOf(['any', 'never'], 'whether the client pings at some time'),
  entry: oneOf(['any', 'succeeds'], 'whether a lookup or an upgrade can fail'),
  death: oneOf(['any', ...DEATHS], 'in which way the client ends'),
  rival: oneOf(
    ['any', 'none', 'at will'],
    'whether a second client wants the slot; at will: at some time, whatever becomes of the first one',
  ),
  attempts: count(1_000, 'how often the second client asks for the slot', 1),
  ends: oneOf(['story', 'never'], 'whether the run ends when the story has been told, or goes on for ever'),
} as const;

export type AttachConfig = Config<typeof parameters>;

/**
 * The condition under which a live client is promised to be spared. First, the next pong arrives before the deadline
 * that the last one set. Pings leave one interval apart, so pongs arrive at most one interval and the variation of one round
 * trip apart; the first one comes one interval and a whole round trip after the deadline was first set. Equality is not
 * enough: pong and deadline would be due at one instant, and either may go first. Second, output that fills the send
 * buffer is acknowledged before the write deadline, which would otherwise end the session. That does not matter where
 * the buffer is larger than `outputMost`, all bytes that a process can write before its end: then no write waits (small
 * frames aside).
 */
export function liveClientIsPromised(config: AttachConfig, outputMost: number): boolean {
  const roundTrip = roundTripBound(config);
  const writesMayWait = outputMost >= config.sendBuffer;
  return config.interval + roundTrip < config.pongWait && (!writesMayWait || roundTrip < config.writeDeadline);
}
