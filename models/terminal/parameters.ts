import type { Ticks } from '../../src/kernel/bounds.ts';
import { type Config, count, derivedDuration, duration, oneOf, range } from '../../src/model/parameters.ts';
import { DEATHS } from '../net/deaths.ts';
import { connectionParameters } from '../net/parameters.ts';

/** Constants of the modelled system, under their real values. Times are in microseconds inside the model. */
export const parameters = {
  interval: duration('15s', 'wsKeepaliveInterval: from one ping to the next'),
  pongWait: derivedDuration(
    '3 x interval',
    (c: { interval: Ticks }) => 3 * c.interval,
    'reference only: read deadline',
  ),
  writeDeadline: duration('20s', 'wsWriteDeadline: bound on every server write'),
  start: range('0..5s', 'how long it takes to start the shell'),
  ...connectionParameters,
  outputs: count(2, 'how often the shell writes a burst of output', 0),
  typing: count(2, 'how often the client types', 0),
  entry: oneOf(['any', 'succeeds'], 'whether the upgrade or the start of the shell can fail'),
  death: oneOf(['any', 'stays', ...DEATHS], 'in which way the client ends'),
  ends: oneOf(['story', 'never'], 'whether the run ends when the story has been told, or goes on for ever'),
} as const;

export type TerminalConfig = Config<typeof parameters>;

/** How long a client that nothing happens to is watched. */
export function watchedFor(config: TerminalConfig): Ticks {
  return 2 * config.pongWait + config.balancerIdle;
}
