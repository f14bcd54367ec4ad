/**
 * Question: what do a proxy and a load balancer in the path hide from a runner and its client, and what do they cut?
 * Stands for: BoxLite's attach path: a client, AWS's balancer or another product, `boxlite-ws-proxy`, the runner.
 * Modelled: the attach handler of models/attach as it is, with its slot; one client that ends in each way of the fault
 *   catalogue, or gets into distress and lives on; up to three TCP connections with near acknowledgements; the idle
 *   timeouts of the listed products, those that reset and those that drop silently; proxies that pipe bytes, and ones that
 *   terminate WebSocket; a step of the wall clock; late ticks.
 * Left out: a second client, and the ends of the process (models/attach has both); what the proxy checks before it pipes.
 * Time passes: where a goroutine blocks, on the network, and in the products' times.
 *
 *     client ──── alb, nginx, envoy, gcp: two TCP connections ────┐
 *       └── nlb, azure, nat: one, that goes through ──────────────┴──▶ proxy ──▶ runner
 */
import type { Ticks } from '../../src/kernel/bounds.ts';
import { BREAK, loop, type Round } from '../../src/kernel/loop.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import { Client } from '../attach/client.ts';
import type { Shell } from '../attach/shell.ts';
import type { Slot } from '../attach/slot.ts';
import { CLOCK_STEPS } from '../net/wall-clock.ts';
import { type Design, ProxiedRunner } from './network.ts';
import { distressOf, inFlight, type ProxyConfig, watchedFor } from './parameters.ts';

/** What state properties look at. */
export interface World {
  readonly slot: Slot;
  readonly client: Client;
  readonly shell: Shell;
}

export function buildWorld(sim: Sim, config: ProxyConfig, design: Design): World {
  const slot = new design.Slot(sim.scope('slot'));
  const shell = new design.Shell(sim.scope('shell'), config);
  const runner = new ProxiedRunner(sim.scope('runner'), config, design, slot, shell);
  const client = new Client(sim.scope('client'), config, runner, true, distressOf(config));
  sim.emit('set up', { ...runner.setup, hops: runner.hops });
  sim.spawn('client', () => client.attach(), { daemon: true });
  if (config.clock === 'steps') sim.spawn('clock', () => stepClock(sim, runner), { daemon: true });
  const watched = watchedFor(config, runner.setup.product);
  if (config.ends === 'story') sim.spawn('story', () => tell(sim, config, watched, client, slot), { daemon: true });
  return { slot, client, shell };
}

function* stepClock(sim: Sim, runner: ProxiedRunner): Proc {
  yield* sim.faultMoment('step').wait();
  const how = sim.chooseFault('kind of step', CLOCK_STEPS);
  sim.emit('clock steps', { how }, 'wall clock');
  runner.clockSteps(how);
}

/** The story ends when the slot of a dead client is free; or, if nothing happens to the client, after a while. */
function* tell(sim: Sim, config: ProxyConfig, watched: Ticks, client: Client, slot: Slot): Proc {
  yield* sim.sleep(watched, 'watched');
  if (client.condition === 'dead') yield* loop(() => untilFree(slot));
  yield* sim.sleep(inFlight(config) + 1, 'end');
  sim.finish();
}

function* untilFree(slot: Slot): Round {
  if (!slot.isHeld) return BREAK;
  yield* slot.released.wait();
  return undefined;
}
