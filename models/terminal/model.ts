import { type Composition, defineModel, type Variant } from '../../src/model/model.ts';
import type { Settings } from '../../src/model/parameters.ts';
import { type HandlerClass, TerminalHandler } from './handler.ts';
import { mutants } from './mutants.ts';
import { parameters, type TerminalConfig, watchedFor } from './parameters.ts';
import { properties } from './properties.ts';
import { NoKeepalive, Reference } from './variants.ts';
import { buildWorld, type World } from './world.ts';

// The findings; the change of the reference that removes them is in variants.ts.
const OUTLIVES =
  'terminal-outlives-client: nothing listens for the pong; a dead path is given up after 924.6 s, a frozen client is never noticed';
const NEVER_NOTICES = 'a blocked read, for ever; behind a balancer its idle timeout ends it, after 60 s';
const PINGS_DEFEAT_IDLE_TIMEOUT =
  'pings-defeat-idle-timeout: the pings that keep live terminals keep the dead too: the idle timeout that ended them after 60 s starts anew with each';

const NO_DEADLINE = 'this variant sets no read deadline';
const NO_PINGS = 'this variant does not ping';
const NO_DATA_BUT_OUTPUT = 'needs a second output that meets a path that is gone, and no balancer';

const variants: Readonly<Record<string, Variant<HandlerClass>>> = {
  'no-keepalive': {
    about: 'Before #516: nothing is ever pinged.',
    design: NoKeepalive,
    expect: {
      kind: 'system',
      violates: {
        'dead-client-shell-ended': NEVER_NOTICES,
        'deaf-client-shell-ended': NEVER_NOTICES,
        'live-client-spared': 'an idle live terminal is cut by the balancer after 60 s',
        'idle-connection-kept': 'an idle live terminal is cut by the balancer after 60 s',
      },
    },
    unreachable: {
      'ping-answered': NO_PINGS,
      'ping-waits-for-mutex': NO_PINGS,
      'ping-fails': NO_PINGS,
      'ended-by-deadline': NO_DEADLINE,
      'ended-by-tcp': NO_DATA_BUT_OUTPUT,
    },
  },
  keepalive: {
    about: '#516: a ping every 15 s; a failed one ends the keepalive goroutine only, and nobody listens for the pong.',
    design: TerminalHandler,
    expect: {
      kind: 'system',
      violates: {
        'dead-client-shell-ended': OUTLIVES,
        'deaf-client-shell-ended': OUTLIVES,
        'quiet-dead-client-cut-by-balancer': PINGS_DEFEAT_IDLE_TIMEOUT,
      },
    },
    unreachable: { 'ended-by-deadline': NO_DEADLINE },
  },
  reference: {
    about: '#516 with a read deadline of 3 x the interval that pongs and data re-arm.',
    design: Reference,
    expect: { kind: 'system', violates: {} },
    unreachable: { 'ended-by-tcp': 'the read deadline is quicker than TCP' },
  },
  ...mutants,
};

const SMALL: Settings = { outputs: '0', death: 'vanishes', ends: 'never' };

const compositions: Readonly<Record<string, Composition>> = {
  direct: {
    about: 'One client that vanishes at any time, and types once; no balancer, no output.',
    settings: { ...SMALL, path: 'direct', typing: '1' },
    variants: {
      'no-keepalive': { refutes: ['dead-client-shell-ended'] },
      keepalive: { refutes: ['dead-client-shell-ended'] },
      reference: {
        proves: ['dead-client-shell-ended', 'silence-ended', 'live-client-spared', 'nothing-leaks'],
        measures: ['death-to-end'],
      },
    },
  },
  balanced: {
    about: 'The same behind a balancer; nothing is typed, and nothing fails at the start.',
    settings: { ...SMALL, path: 'balanced', typing: '0', entry: 'succeeds' },
    variants: {
      'no-keepalive': { proves: ['quiet-dead-client-cut-by-balancer'], refutes: ['idle-connection-kept'] },
      keepalive: { proves: ['idle-connection-kept'], refutes: ['quiet-dead-client-cut-by-balancer'] },
      reference: {
        proves: ['dead-client-shell-ended', 'quiet-dead-client-cut-by-balancer', 'idle-connection-kept'],
        measures: ['death-to-end-behind-balancer'],
      },
    },
  },
};

export const terminal = defineModel<typeof parameters, HandlerClass, World>({
  name: 'terminal',
  question: 'What happens to the shell of a terminal when its client dies?',
  parameters,
  variants,
  build: buildWorld,
  properties,
  compositions,
  limits: (config: TerminalConfig) => ({
    horizon: watchedFor(config) + config.giveUp.max + 4 * config.pongWait,
  }),
});
