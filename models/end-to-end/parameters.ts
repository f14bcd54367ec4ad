import { type Bounds, between, type Ticks } from '../../src/kernel/bounds.ts';
import { type Config, duration, oneOf, range } from '../../src/model/parameters.ts';
import { parameters as attachParameters } from '../attach/parameters.ts';
import { exitReportedBound, sessionBackBound } from '../client/bounds.ts';
import { parameters as clientParameters } from '../client/parameters.ts';
import { latencyBoundOver } from '../net/parameters.ts';
import { parameters as reaperParameters } from '../reaper/parameters.ts';

/** Client, balancer, proxy, runner: three TCP connections. */
const HOPS = 3;

/** Constants of the modelled system, under their real values. Times are in microseconds inside the model. */
export const parameters = {
  ...clientParameters,
  ...reaperParameters,
  ...attachParameters,
  teardown: range('0', "from the end of a session to the release of its slot; a client's bounds allow for it"),
  lasts: duration('20m', 'how long the user works: after that nobody comes back, and the process is reaped'),
  visit: duration('8m', 'how long the user stays attached'),
  away: range('30s..12m', 'from leaving to coming back; a process that is alone for more than 5 min is reaped'),
  typingEvery: duration('3m', 'how often the user types'),
  outputEvery: duration('4m', 'how often the process writes a line'),
  partition: range('1s..19s', 'how long a cut lasts that heals, or a box hangs'),
  suspension: range('1s..10m', 'how long a suspended client stands still'),
  calm: duration('6m', 'from one fault to the earliest next one'),
  rivalStays: range('1s..2m', 'how long a second client stays, if it gets the slot'),
  strikes: oneOf(['any', 'never'], 'whether anything goes wrong on the way'),
  outputs: { ...attachParameters.outputs, default: '0' },
  exits: { ...attachParameters.exits, default: 'never' },
  stdin: { ...attachParameters.stdin, default: 'read' },
} as const;

export type EndToEndConfig = Config<typeof parameters>;

/** The most that the path can delay a frame. */
function inFlight(config: EndToEndConfig): Ticks {
  return latencyBoundOver(config, HOPS);
}

function roundTrip(config: EndToEndConfig): Ticks {
  return 2 * inFlight(config);
}

/** From the end of a client or of its path to the release of its slot: a ping that was on its way may be answered. */
export function evictedBound(config: EndToEndConfig): Ticks {
  return config.pongWait + roundTrip(config);
}

/** The client's bound, for a path of three connections. */
export function backBound(config: EndToEndConfig): Ticks {
  return sessionBackBound({ ...config, latency: acrossThePath(config) });
}

function acrossThePath({ latency }: EndToEndConfig): Bounds {
  return between(HOPS * latency.min, HOPS * latency.max);
}

/** From the moment at which both ends of a path are closed until nothing of it is left: a box may not have heard of it. */
export function forgottenBound(config: EndToEndConfig): Ticks {
  return config.balancerIdle + roundTrip(config) + config.partition.max;
}

/** The client's bound, the runner's own delay, and a write to a client that is slow to take it. */
export function exitBound(config: EndToEndConfig): Ticks {
  const reported = exitReportedBound({ ...config, latency: acrossThePath(config) });
  return reported + config.notice.max + config.signalTime.max + config.drainBound + config.writeDeadline;
}
