import { defineModel, type Variant } from '../../src/model/model.ts';
import { NoPing, PingOnly, PongDeadline } from '../attach/variants.ts';
import { EarlierPump, referenceSettings } from '../client/variants.ts';
import { LoadBalancer } from '../net/load-balancer.ts';
import { ExecManager } from '../reaper/exec-manager.ts';
import { ManagedExec } from '../reaper/managed-exec.ts';
import { abandonedBound, retentionBound } from '../reaper/parameters.ts';
import type { Connection } from './connection.ts';
import { mutants, reference } from './mutants.ts';
import { type EndToEndConfig, parameters } from './parameters.ts';
import { properties } from './properties.ts';
import { buildWorld, type Design, type World } from './world.ts';

/** As it was, but for the handler. */
const earlier: Design = {
  Pump: EarlierPump<Connection>,
  Handler: PongDeadline,
  Proxy: LoadBalancer,
  Exec: ManagedExec,
  Manager: ExecManager,
};

const variants: Readonly<Record<string, Variant<Design>>> = {
  'no-ping': {
    about: 'Before #505: nothing is ever pinged.',
    design: { ...earlier, Handler: NoPing },
    expect: { kind: 'system', violates: {} },
  },
  'ping-only': {
    about: '#505: the runner pings; nobody listens for the pong.',
    design: { ...earlier, Handler: PingOnly },
    expect: { kind: 'system', violates: {} },
  },
  'pong-deadline': {
    about: '#516, exactly as merged, with the client and the reaper of its time.',
    design: earlier,
    expect: { kind: 'system', violates: {} },
  },
  reference: {
    about: 'The references of all parts together.',
    design: reference,
    settings: referenceSettings,
    expect: { kind: 'system', violates: {} },
  },
  ...mutants,
};

/** More than any story goes on whose sessions all end; of one that never ends enough is seen by then. */
function horizonOf(config: EndToEndConfig): number {
  return config.lasts + 2 * config.giveUp.max + abandonedBound(config) + retentionBound(config);
}

export const endToEnd = defineModel<typeof parameters, Design, World>({
  name: 'end-to-end',
  question:
    'Do the parts keep their promises to each other, from the client to the reaper, for hours, whatever goes wrong?',
  parameters,
  variants,
  build: buildWorld,
  properties,
  limits: (config: EndToEndConfig) => ({ horizon: horizonOf(config), steps: 1_000_000_000 }),
});
