/** The composition: one runner, one tab that is open already, and what happens to the tab. */
import type { Sim } from '../../src/kernel/sim.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import type { Slot } from '../attach/slot.ts';
import type { SessionClass } from '../serve/session.ts';
import { type DashboardConfig, longestSuspension, reconnectBound, watchedFor } from './parameters.ts';
import { Runner } from './runner.ts';
import type { Tab } from './tab.ts';

/** What a variant is made of. */
export interface Design {
  readonly Tab: new (sim: Sim, config: DashboardConfig, runner: Runner) => Tab;
  readonly Session: SessionClass;
}

/** What state properties look at. */
export interface World {
  readonly slot: Slot;
  readonly tab: Tab;
}

export function buildWorld(sim: Sim, config: DashboardConfig, { Tab, Session }: Design): World {
  const runner = new Runner(sim.scope('runner'), config, Session);
  const tab = new Tab(sim.scope('tab'), config, runner);
  sim.spawn('slot watcher', () => tellOfRelease(sim, runner.slot), { daemon: true });
  tab.open();
  if (config.ends === 'story') sim.spawn('story', () => tell(sim, config), { daemon: true });
  return { slot: runner.slot, tab };
}

/** A suspended tab owes nothing more once its slot is free. Only the first release matters. */
function* tellOfRelease(sim: Sim, slot: Slot): Proc {
  yield* slot.released.wait();
  sim.emit('slot settled', { by: 'released' }, 'slot');
}

/** Long enough for a suspension at any moment of interest, and for the way back. */
function* tell(sim: Sim, config: DashboardConfig): Proc {
  yield* sim.sleep(watchedFor(config) + longestSuspension(config) + reconnectBound(config), 'watched');
  sim.finish();
}
