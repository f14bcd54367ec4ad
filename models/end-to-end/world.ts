/**
 * Question: do the parts keep their promises to each other, from the client to the reaper, for hours, whatever goes wrong?
 * Stands for: the whole of BoxLite's attach path: the SDK's pump, AWS's balancer, `boxlite-ws-proxy`, the runner's attach
 *   handler, the slot, the exec manager.
 * Modelled: each part is the one of its own model, with real connections (models/net) between them; a user who comes and
 *   goes; a second client that wants the slot; faults at every hop, again and again; the end of the process, by itself, at
 *   its limit, or because nobody came back.
 * Left out: what each part's own model leaves out; the runner's end; the dashboard (models/dashboard).
 * Time passes: where the parts say so. Hours of it cost little: an idle session is four pings a minute and two sweeps.
 *
 *     user ─▶ pump ─▶ balancer ─▶ proxy ─▶ attach handler ─▶ slot ◀─ reaper
 *              ▲          ▲          ▲           │                     │
 *              └───── faults, at every hop ──────┘        HUP, TERM, KILL ─▶ process
 */
import { loop, type Round } from '../../src/kernel/loop.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import { Promises } from '../client/promises.ts';
import type { LoadBalancer } from '../net/load-balancer.ts';
import type { ExecManager } from '../reaper/exec-manager.ts';
import type { ManagedExec } from '../reaper/managed-exec.ts';
import type { ReaperConfig } from '../reaper/parameters.ts';
import { Internet } from './connection.ts';
import { Nemesis } from './nemesis.ts';
import { type EndToEndConfig, evictedBound, forgottenBound } from './parameters.ts';
import type { HandlerClass, RunnerClass } from './runner.ts';
import { type PumpClass, User } from './user.ts';

/** What a variant is made of. */
export interface Design {
  readonly Pump: PumpClass;
  readonly Handler: HandlerClass;
  readonly Runner: RunnerClass;
  readonly Proxy: typeof LoadBalancer;
  readonly Exec: new (sim: Sim, config: ReaperConfig) => ManagedExec;
  readonly Manager: new (sim: Sim, config: ReaperConfig, exec: ManagedExec) => ExecManager;
}

/** What state properties look at. */
export interface World {
  readonly exec: ManagedExec;
  readonly promises: Promises;
}

export function buildWorld(sim: Sim, config: EndToEndConfig, design: Design): World {
  const promises = new Promises(sim.scope('promises'));
  const exec = new design.Exec(sim.scope('exec'), config);
  const manager = new design.Manager(sim.scope('reaper'), config, exec);
  const runner = new design.Runner(sim.scope('runner'), config, exec, design.Handler, promises);
  const internet = new Internet(sim, config, runner, design.Proxy);
  const common = { config, Pump: design.Pump, internet, runner };
  const user = new User({ ...common, sim: sim.scope('client'), promises });
  exec.start('new');
  sim.spawn('client', () => user.come(config.visit, config.away), { daemon: true });
  sim.spawn('output', () => loop(() => writeOutput(sim, config, runner)), { daemon: true });
  sim.spawn('exit', () => tellOfExit(exec, user, promises), { daemon: true });
  if (config.rival === 'any') {
    const rival = new User({ ...common, sim: sim.scope('rival'), promises: new Promises(sim.scope('rival promises')) });
    sim.spawn('rival', () => comeOnce(sim, config, rival), { daemon: true });
  }
  if (config.strikes === 'any') new Nemesis(sim.scope('strike'), config, user, runner, promises).begin();
  sim.spawn('story', () => tell(sim, config, user, manager), { daemon: true });
  return { exec, promises };
}

function* writeOutput(sim: Sim, config: EndToEndConfig, { shell }: InstanceType<RunnerClass>): Round {
  yield* sim.sleep(config.outputEvery);
  if (!shell.exited.fired) shell.print('stdout', 'line');
  return undefined;
}

function* tellOfExit(exec: ManagedExec, user: User, promises: Promises): Proc {
  yield* exec.process.exited.wait();
  if (user.isWorking && !user.isSuspended) promises.processExited();
}

function* comeOnce(sim: Sim, config: EndToEndConfig, rival: User): Proc {
  yield* sim.moment('rival comes').wait();
  yield* rival.visit(config.rivalStays);
}

/** The story ends when the process is gone, and all that was on its way has come to an end. */
function* tell(sim: Sim, config: EndToEndConfig, user: User, { dropped }: ExecManager): Proc {
  const worked = sim.deadline('worked', config.lasts);
  const got = yield* sim.select({ worked, dropped });
  worked.stop();
  user.retired.fire();
  if (got.case === 'worked') user.closing.fire();
  yield* dropped.wait();
  yield* sim.sleep(evictedBound(config) + forgottenBound(config) + config.writeDeadline + 1, 'end');
  sim.finish();
}
