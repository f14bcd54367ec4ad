/**
 * The composition: one process with its slot, a first client that lives or dies in some way, and a second client that
 * wants the slot: at any time, and in any case some time after the first one is gone.
 */

import type { Latch } from '../../src/kernel/latch.ts';
import { BREAK, loop, type Round } from '../../src/kernel/loop.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import { latencyBound } from '../net/parameters.ts';
import { Client } from './client.ts';
import type { Design } from './handler.ts';
import { Runner } from './network.ts';
import type { AttachConfig } from './parameters.ts';
import type { Shell } from './shell.ts';
import type { Slot } from './slot.ts';

/** What state properties look at. */
export interface World {
  readonly slot: Slot;
  readonly shell: Shell;
  readonly first: Client;
}

/** How long a first client that nothing happens to is watched. */
export function watchedFor(config: AttachConfig): number {
  return 2 * config.pongWait + config.balancerIdle;
}

export function buildWorld(sim: Sim, config: AttachConfig, design: Design): World {
  const slot = new design.Slot(sim.scope('slot'));
  const shell = new design.Shell(sim.scope('shell'), config);
  const runner = new Runner(sim.scope('runner'), config, design, slot, shell);
  const first = new Client(sim.scope('client 1'), config, runner, true);
  const served = sim.latch('client 2 served');
  sim.spawn('client 1', () => first.attach(), { daemon: true });
  if (config.rival !== 'none') {
    const second = new Client(sim.scope('client 2'), config, runner, false);
    sim.spawn('client 2', () => beSecond(sim, config, first, second, slot, served), { daemon: true });
  }
  if (config.ends === 'story') sim.spawn('story', () => tell(sim, config, first, slot, served), { daemon: true });
  return { slot, shell, first };
}

function* beSecond(sim: Sim, config: AttachConfig, first: Client, second: Client, slot: Slot, served: Latch): Proc {
  if (config.rival === 'at will') yield* sim.moment('client 2 comes').wait();
  else yield* untilItComes(sim, config, first, slot);
  yield* second.attachUntilGranted();
  if (second.session !== undefined) {
    yield* sim.sleep(config.interval, 'stay');
    yield* second.leave();
    yield* loop(() => untilFree(slot));
  }
  served.fire();
}

/** Early if the schedule says so; else when the first client has gone, after the reconnect's backoff. */
function* untilItComes(sim: Sim, config: AttachConfig, first: Client, slot: Slot): Proc {
  const early = sim.moment('client 2 comes early');
  const gone = sim.spawn('client 1 gone', () => loop(() => untilGone(sim, first, slot)), { daemon: true }).ended;
  const got = yield* sim.select({ early, gone });
  if (got.case === 'gone') yield* sim.sleep(config.retry, 'backoff');
}

function* untilGone(sim: Sim, client: Client, slot: Slot): Round {
  if (client.isGone) return BREAK;
  const got = yield* sim.select({ changed: client.changed, released: slot.released });
  return got.case === 'released' ? BREAK : undefined;
}

function* untilFree(slot: Slot): Round {
  if (!slot.isHeld) return BREAK;
  yield* slot.released.wait();
  return undefined;
}

/** The story ends when the second client has been served; or, if nothing happens to the first one, after a while. */
function* tell(sim: Sim, config: AttachConfig, first: Client, slot: Slot, served: Latch): Proc {
  const watched = sim.deadline('watched', watchedFor(config));
  const got = yield* sim.select({ watched, served });
  if (got.case === 'watched' && first.condition === 'dead') {
    yield* loop(() => untilFree(slot));
    yield* served.wait();
  }
  yield* sim.sleep(latencyBound(config) + 1, 'end');
  sim.finish();
}
