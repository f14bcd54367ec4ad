import type { Ticks } from '../../src/kernel/bounds.ts';
import { type Config, count, derivedDuration, duration, oneOf, range } from '../../src/model/parameters.ts';
import { DEATHS } from '../net/deaths.ts';
import { connectionParameters, roundTripBound } from '../net/parameters.ts';

/** What a text frame can ask for. The first is the default of the decision. */
export const ASKS = ['resize', 'signal', 'stdin_eof', 'nonsense'] as const;

/** Constants of the modelled system, under their real values. Times are in microseconds inside the model. */
export const parameters = {
  interval: duration('15s', 'wsKeepaliveInterval: from one ping to the next'),
  pongWait: derivedDuration('3 x interval', (c: { interval: Ticks }) => 3 * c.interval, 'read deadline after a frame'),
  lateTick: range('0', 'how late the scheduler or a garbage collection makes a tick of the ping ticker'),
  writeDeadline: duration('20s', 'wsWriteDeadline: bound on every server write'),
  drainBound: duration('2s', 'how long a clean exit waits for the pumps'),
  ...connectionParameters,
  retry: duration('15s', "the reconnecting client's first backoff; doubles"),
  retryMax: duration('30s', "the reconnecting client's longest backoff"),
  readLimit: count(1_048_576, 'bytes of the largest frame that is accepted', 1),
  backlog: count(262_144, 'bytes of earlier output kept per stream, and replayed on every attach', 0),
  signalTime: range('0..10s', 'how long it takes to signal the process'),
  subscriberBuffer: count(256, 'output chunks kept per subscriber and stream', 1),
  stdinQueue: count(16, 'reference only: input frames kept for a process that does not read', 1),
  outputs: count(3, 'how often the process writes a burst of output', 0),
  burst: oneOf(['any', 'flood', 'line', 'screen'], 'how much a burst of output is'),
  exits: oneOf(['any', 'never'], 'whether the process ends at some time'),
  lastWords: oneOf(['any', 'none', 'line', 'flood'], 'what it writes at its end; any: nothing if it is silent before'),
  stdin: oneOf(['any', 'read'], 'whether the process stops reading its input at some time'),
  typing: count(2, 'how often the client types', 0),
  texts: count(2, 'how often the client sends a text frame', 0),
  asks: oneOf(['any', ...ASKS], 'what a text frame asks for'),
  inputBurst: count(0, 'how many chunks the client sends in one go at some time', 0),
  excess: oneOf(['any', 'never'], 'whether the client sends a frame over the limit at some time'),
  reading: oneOf(
    ['any', 'at once', 'slowly'],
    'how the client reads; any: at once, and maybe slowly from some time on',
  ),
  readPause: range('1s..19s', 'how long a client that reads slowly waits after each segment'),
  clientPings: oneOf(['any', 'never'], 'whether the client pings at some time'),
  entry: oneOf(['any', 'succeeds'], 'whether a lookup or an upgrade can fail'),
  death: oneOf(['any', ...DEATHS, 'stays'], 'in which way the client ends, if it does'),
  rival: oneOf(
    ['any', 'none', 'at will'],
    'whether a second client wants the slot; at will: at some time, whatever becomes of the first one',
  ),
  attempts: count(1_000, 'how often the second client asks for the slot', 1),
  ends: oneOf(['story', 'never'], 'whether the run ends when the story has been told, or goes on for ever'),
} as const;

export type AttachConfig = Config<typeof parameters>;

/** How many writes a ping can wait for: both pumps', an error frame's, an answer's to the client's own ping, and for room. */
export const PING_WAITS_MOST = 5;

/**
 * The condition under which a live client is promised to be spared. First, the next pong arrives before the deadline
 * that the last one set. Pings leave one interval apart, or later by a late tick, so pongs arrive at most that and the
 * variation of one round trip apart; the first one comes one interval and a whole round trip after the deadline was first
 * set. Equality is not enough: pong and deadline would be due at one instant, and either may go first. Second, output that
 * fills the send buffer is acknowledged before the write deadline, which would otherwise end the session; and a ping,
 * which then waits for others' writes and for room, is sent early enough. That does not matter where the buffer is larger
 * than `outputMost`, all bytes that a process can write before its end: then no write waits (small frames aside).
 */
export function liveClientIsPromised(config: AttachConfig, outputMost: number): boolean {
  const roundTrip = roundTripBound(config);
  const write = Math.ceil(config.chunk / config.sendBuffer) * roundTrip;
  const writesMayWait = outputMost >= config.sendBuffer;
  const pingWaits = writesMayWait ? PING_WAITS_MOST * write : 0;
  return (
    config.interval + config.lateTick.max + pingWaits + roundTrip < config.pongWait &&
    (!writesMayWait || write < config.writeDeadline)
  );
}
