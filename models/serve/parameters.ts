import type { Ticks } from '../../src/kernel/bounds.ts';
import { type Config, count, derivedDuration, duration, oneOf } from '../../src/model/parameters.ts';
import { DEATHS } from '../net/deaths.ts';
import { connectionParameters } from '../net/parameters.ts';

/** Constants of the modelled system, under their real values. Times are in microseconds inside the model. */
export const parameters = {
  interval: duration('15s', 'from one ping to the next; the first one is due at once'),
  readTimeout: derivedDuration(
    '3 x interval',
    (c: { interval: Ticks }) => 3 * c.interval,
    'reference only: read deadline',
  ),
  sendTimeout: duration('20s', 'bound on every send'),
  ...connectionParameters,
  retry: duration('15s', 'from a refused attach to the next one'),
  outputs: count(2, 'how often the process writes a burst of output', 0),
  typing: count(2, 'how often the client types', 0),
  death: oneOf(['any', 'stays', ...DEATHS], 'in which way the client ends'),
  rival: oneOf(['any', 'none'], 'whether a second client wants the slot'),
  ends: oneOf(['story', 'never'], 'whether the run ends when the story has been told, or goes on for ever'),
} as const;

export type ServeConfig = Config<typeof parameters>;

/** How long a client that nothing happens to is watched. */
export function watchedFor(config: ServeConfig): Ticks {
  return 2 * config.readTimeout + config.balancerIdle;
}
