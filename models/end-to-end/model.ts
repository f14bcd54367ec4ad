import { defineModel, type Variant } from '../../src/model/model.ts';
import type { Settings } from '../../src/model/parameters.ts';
import { NoPing, PingOnly, PongDeadline } from '../attach/variants.ts';
import { referenceSettings as clientSettings, EarlierPump } from '../client/variants.ts';
import { LoadBalancer } from '../net/load-balancer.ts';
import { ExecManager } from '../reaper/exec-manager.ts';
import { ManagedExec } from '../reaper/managed-exec.ts';
import { abandonedBound, retentionBound } from '../reaper/parameters.ts';
import { ReferenceManager } from '../reaper/variants.ts';
import type { Connection } from './connection.ts';
import { mutants, reference, referenceSettings } from './mutants.ts';
import { type EndToEndConfig, parameters } from './parameters.ts';
import { properties } from './properties.ts';
import { Runner } from './runner.ts';
import { buildWorld, type Design, type World } from './world.ts';

/** As it was, but for the handler. */
const earlier: Design = {
  Pump: EarlierPump<Connection>,
  Handler: PongDeadline,
  Runner,
  Proxy: LoadBalancer,
  Exec: ManagedExec,
  Manager: ExecManager,
};

// The findings, each of a part (see that part's model); what they do to the next part.
const NO_PINGS =
  'watchdog-without-pings (client): nobody pings, so the client leaves a silent session after 45 s, and the balancer cuts it after 60 s';
const KEPT_OPEN =
  'old-connection-kept-open (client): the client has left, but its connection stays open, so the runner holds the slot until something else ends it';
const NOT_MISSED =
  'proxy-acknowledges (proxy): nothing listens for the pong, so a dead session holds the slot until a box gives up, or for ever';
const LEFTOVER = 'leftover-outlives-budget (client): a dead session holds the slot for longer than the budget';
const GIVEN_UP =
  'leftover-outlives-budget (client): the client has given up what it is owed, and the reaper comes for the process';
const BLOCKED_BOX =
  'blocked-box-sees-no-end: a proxy that is blocked in a write to a hop that is gone does not see the end of the runner until TCP gives up';
const FIRST_FRAME =
  'first-frame-before-healing: 20 s are enough for a first ping that comes after 15 s, but not if a partition heals meanwhile that a session survives later; 40 s are';
const TYPES_ON =
  'typing-keeps-deaf-session: a client that hears nothing more but types arms its own timeout and the deadline of the runner, so neither misses the other for as long as the user types';
const KILLED =
  'killed-is-forgotten: the reaper drops what it has killed at once, so a client that comes back just then is told 404, and not how it ended';
const STAYS =
  'connect-has-no-timeout (client): an attach that is cut under way is waited for until TCP gives up; watchdog-rebuilt-by-input (client): what the user types keeps the watchdog away';

/** Finding `killed-is-forgotten`: what the reaper has killed is kept as long as what has ended by itself. */
class KeepsKilled extends ReferenceManager {
  protected override dropKilled(): void {}
}

/** Sessions of hours, for a day. */
const allDay: Settings = { ...referenceSettings, lasts: '23h', visit: '4h' };

const variants: Readonly<Record<string, Variant<Design>>> = {
  'no-ping': {
    about: 'Before #505: nothing is ever pinged.',
    heavy: true,
    design: { ...earlier, Handler: NoPing },
    expect: {
      kind: 'system',
      violates: {
        'healthy-session-spared': NO_PINGS,
        'idle-connection-kept': NO_PINGS,
        'dead-session-evicted': KEPT_OPEN,
        'session-back': KEPT_OPEN,
        'living-session-kept': LEFTOVER,
        'exit-reported': STAYS,
        'returning-not-reaped': GIVEN_UP,
        'path-forgotten': BLOCKED_BOX,
      },
    },
  },
  'ping-only': {
    about: '#505: the runner pings; nobody listens for the pong.',
    heavy: true,
    design: { ...earlier, Handler: PingOnly },
    expect: {
      kind: 'system',
      violates: {
        'dead-session-evicted': NOT_MISSED,
        'session-back': LEFTOVER,
        'living-session-kept': LEFTOVER,
        'exit-reported': STAYS,
        'returning-not-reaped': GIVEN_UP,
        'path-forgotten': BLOCKED_BOX,
      },
    },
  },
  'pong-deadline': {
    about: '#516, exactly as merged, with the client and the reaper of its time.',
    heavy: true,
    design: earlier,
    expect: {
      kind: 'system',
      violates: { 'session-back': STAYS, 'exit-reported': STAYS, 'dead-session-evicted': TYPES_ON },
    },
  },
  reference: {
    about: 'The references of all parts together.',
    heavy: true,
    design: reference,
    settings: referenceSettings,
    expect: { kind: 'system', violates: {} },
  },
  'reference-all-day': {
    about: 'The same for a day of work, in visits of hours.',
    heavy: true,
    design: reference,
    settings: allDay,
    expect: { kind: 'system', violates: { 'exit-reported': KILLED } },
  },
  'reference-keeps-killed': {
    about: 'The same with a reaper that leaves what it has killed to the retention.',
    heavy: true,
    design: { ...reference, Manager: KeepsKilled },
    settings: allDay,
    expect: { kind: 'system', violates: {} },
  },
  'reference-as-parts': {
    about: 'The same with the settings that are enough for the client alone.',
    heavy: true,
    design: reference,
    settings: clientSettings,
    expect: { kind: 'system', violates: { 'healthy-session-spared': FIRST_FRAME } },
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
