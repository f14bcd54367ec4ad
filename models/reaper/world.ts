/**
 * The composition: one process, the reaper, whose ticks have any phase, and two clients, each of which comes at most once.
 * The story of a new process begins with its start; that of an old one late in a long session, with a client and with little of
 * its lifetime left: no sweep before did anything.
 */

import { between } from '../../src/kernel/bounds.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import type { Client } from './client.ts';
import type { ExecManager } from './exec-manager.ts';
import type { ManagedExec } from './managed-exec.ts';
import type { ReaperConfig } from './parameters.ts';

/** What a variant is made of. */
export interface Design {
  readonly Exec: new (sim: Sim, config: ReaperConfig) => ManagedExec;
  readonly Manager: new (sim: Sim, config: ReaperConfig, exec: ManagedExec) => ExecManager;
  readonly Client: new (sim: Sim, config: ReaperConfig, exec: ManagedExec, session: number) => Client;
}

/** What state properties look at. */
export interface World {
  readonly exec: ManagedExec;
}

export function buildWorld(sim: Sim, config: ReaperConfig, design: Design): World {
  const exec = new design.Exec(sim, config);
  const manager = new design.Manager(sim.scope('reaper'), config, exec);
  const first = new design.Client(sim.scope('client 1'), config, exec, 1);
  const second = new design.Client(sim.scope('client 2'), config, exec, 2);
  sim.spawn('story', () => tell(sim, config, exec, manager, first, second), { daemon: true });
  return { exec };
}

function* tell(
  sim: Sim,
  config: ReaperConfig,
  exec: ManagedExec,
  manager: ExecManager,
  first: Client,
  second: Client,
): Proc {
  const age = config.age === 'any' ? sim.choose('age', ['new', 'old']) : config.age;
  yield* sim.sleep(between(0, config.cleanupTick), 'phase of the ticks');
  exec.start(age);
  sim.spawn('client 1', () => (age === 'new' ? first.attachAtSomeTime() : first.attach()), { daemon: true });
  sim.spawn('client 2', () => second.attachAtSomeTime(), { daemon: true });

  const watched = sim.deadline('watched', config.watched);
  const got = yield* sim.select({ dropped: manager.dropped, watched });
  watched.stop();
  const isOwedNothing = exec.isHeld && !exec.process.exited.fired;
  if (got.case === 'watched' && !isOwedNothing) yield* manager.dropped.wait();
  yield* sim.sleep(config.cleanupTick, 'end');
  sim.finish();
}
