/** The bounds of what is promised, term by term, from the parameters. */
import type { Ticks } from '../../src/kernel/bounds.ts';
import { attemptsWithinBudget, type ClientConfig } from './parameters.ts';

/** Until the client leaves a connection on which nothing comes any more: the longer timeout, and a frame in flight. */
export function silenceBound({ watchdog, firstFrameTimeout, latency }: ClientConfig): Ticks {
  return Math.max(watchdog, firstFrameTimeout) + latency.max;
}

/**
 * Until the client has a session again after a cut. The longest of four stories. First: it asks all the while, the
 * runner holds the dead session until its read deadline, which a frame in flight re-armed, or one that waited behind a
 * paste, and the attach that is refused just before is followed by the longest sleep. Second: it asks only after its own timeout. Third: only the way to the
 * runner is cut; the client hears pings until the runner evicts it and says so. Fourth: an attach is cut while it is
 * under way, and must end before the next one.
 */
export function sessionBackBound(config: ClientConfig): Ticks {
  const { pongWait, teardown, pasteTaken, backoffInitial, backoffMax, connectTimeout, latency } = config;
  const oneWay = latency.max;
  const roundTrip = 2 * oneWay;
  const evicted = oneWay + pasteTaken.max + pongWait;
  const refusedJustBefore = evicted + teardown.max + oneWay + backoffMax + roundTrip;
  const probeAndAttach = roundTrip + backoffInitial + roundTrip;
  const noticed = silenceBound(config) + probeAndAttach;
  const told = evicted + oneWay + probeAndAttach;
  const attachLost = connectTimeout + backoffMax + roundTrip;
  return Math.max(refusedJustBefore, noticed, told, attachLost);
}

/** From leaving a connection until the slot is free: the FIN, which may wait behind a paste, and the teardown. */
export function freeSlotBound({ latency, pasteTaken, teardown }: ClientConfig): Ticks {
  return latency.max + pasteTaken.max + teardown.max;
}

/** Until the client returns after the runner died or froze: it must notice, ask, spend its budget on asking, ask again. */
export function givenUpBound(config: ClientConfig): Ticks {
  const { reconnectBudget, connectTimeout, statusProbeTimeout } = config;
  const attempts = attemptsWithinBudget(config) * connectTimeout;
  return silenceBound(config) + statusProbeTimeout + reconnectBudget + attempts + statusProbeTimeout;
}

/**
 * Until an exit is reported. The longest of three stories. The connection was cut just before, so the client must notice
 * and ask; or it was cut while an attach was under way, which must end before the next one; or an attach was refused just
 * before the session that the exit ended let go of the slot.
 */
export function exitReportedBound(config: ClientConfig): Ticks {
  const { teardown, backoffMax, connectTimeout, latency } = config;
  const roundTrip = 2 * latency.max;
  const noticed = silenceBound(config) + roundTrip;
  const attachLost = connectTimeout + backoffMax + roundTrip;
  const refusedJustBefore = teardown.max + latency.max + backoffMax + roundTrip;
  return Math.max(noticed, attachLost, refusedJustBefore);
}

/**
 * The condition under which a healthy session is promised to go on: the runner's next ping, the first one too, comes
 * before the timeout that the last frame started. Pings leave one interval apart and arrive at most the variation of one
 * latency further apart. Equality is not enough: ping and timeout would be due at the same instant. That the runner
 * gets its pongs in time needs less, for the client answers at once.
 */
export function healthySessionIsPromised({ interval, latency, watchdog, firstFrameTimeout }: ClientConfig): boolean {
  return interval + latency.max - latency.min < Math.min(watchdog, firstFrameTimeout);
}
