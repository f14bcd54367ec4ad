import { type Composition, defineModel, type Variant } from '../../src/model/model.ts';
import type { Settings } from '../../src/model/parameters.ts';
import { mutants } from './mutants.ts';
import { parameters, type ServeConfig, watchedFor } from './parameters.ts';
import { properties } from './properties.ts';
import { Reference, ServeSession, type SessionClass } from './session.ts';
import { buildWorld, type World } from './world.ts';

// The finding; the change of the reference that removes it is in session.ts.
const OUTLIVES =
  'session-outlives-client: pings are sent, but nothing listens for the pong: the receive task waits until TCP gives up the first lost ping, after 924.6 s, and for ever where the kernel of a frozen client goes on acknowledging; a send times out only once the buffers are full';

const variants: Readonly<Record<string, Variant<SessionClass>>> = {
  'as-is': {
    about: 'The reference server: a ping at once and every 15 s; nobody listens for the pong.',
    design: ServeSession,
    expect: { kind: 'system', violates: { 'dead-client-freed': OUTLIVES, 'deaf-client-freed': OUTLIVES } },
    unreachable: { 'read-times-out': 'this variant sets no read deadline' },
  },
  reference: {
    about: 'The same with a read deadline of 3 x the interval that every frame sets anew.',
    design: Reference,
    expect: { kind: 'system', violates: {} },
    unreachable: { 'ended-by-tcp': 'the read deadline is quicker than TCP' },
  },
  ...mutants,
};

const SMALL: Settings = { outputs: '0', typing: '0', death: 'vanishes', rival: 'none', ends: 'never' };

const compositions: Readonly<Record<string, Composition>> = {
  direct: {
    about: 'One client that vanishes at any time; no balancer, no rival, no output.',
    settings: { ...SMALL, path: 'direct' },
    variants: {
      'as-is': { refutes: ['dead-client-freed'], measures: ['death-to-release'] },
      reference: {
        proves: ['dead-client-freed', 'live-client-spared', 'teardown-at-once', 'nothing-outlives-release'],
        measures: ['death-to-release'],
      },
    },
  },
};

export const serve = defineModel<typeof parameters, SessionClass, World>({
  name: 'serve',
  question: 'When does the reference server let go of a client that is gone, and what does it leave behind?',
  parameters,
  variants,
  build: buildWorld,
  properties,
  compositions,
  limits: (config: ServeConfig) => ({
    horizon: watchedFor(config) + config.giveUp.max + 4 * config.readTimeout,
  }),
});
