import { defineModel, type Variant } from '../../src/model/model.ts';
import { Connection } from './connection.ts';
import { mutants } from './mutants.ts';
import { attemptsWithinBudget, type ClientConfig, parameters } from './parameters.ts';
import { properties } from './properties.ts';
import { NoPingSession, PingOnlySession, ServeSession, Session } from './session.ts';
import { EarlierPump, LaterPump, ReferencePump, referenceSettings, slowInputSettings } from './variants.ts';
import { buildWorld, type Design, type World, watchedFor } from './world.ts';

// The findings, each with the change of the reference that removes it, if it is the client's; see variants.ts.
const REBUILT_BY_TICK =
  'watchdog-rebuilt-by-own-tick: each pass of the select makes the timeout anew, and a ping of its own each 15 s makes a pass, so the watchdog of 45 s never fires: TCP gives a dead path up after 924.6 s, a frozen runner never';
const REBUILT_BY_INPUT =
  'watchdog-rebuilt-by-input: each pass of the select makes the timeout anew, and what the user types makes a pass';
const SEND_NOT_WATCHED =
  'send-not-watched: a send that blocks on full buffers is awaited inside the select, and nobody looks at the timeout: TCP gives a dead path up after 924.6 s, a frozen runner never';
const FIRST_FRAME =
  'first-frame-before-first-ping: #516 pings after 15 s for the first time, and a process that has written nothing yet gives no frame within 10 s';
const KEPT_OPEN =
  'old-connection-kept-open: the client has left, but its connection stays open, so the runner holds the slot until its own deadline, or for ever';
const NOT_REFILLED = 'budget-never-refilled: what an earlier outage has cost is missing in the next one';
const ATTACH_404 = 'not-found-attach-retried: an attach that gets 404 counts as any failure, until the budget is spent';
const PROBE_404 = 'not-found-probe-retried: a probe that gets 404 counts as no answer, until the budget is spent';
const CONNECT =
  'connect-has-no-timeout: the budget is of sleeps only; a dead host costs 127 s more for each attempt, a frozen runner answers none and is waited for for ever';
const LEFTOVER =
  'leftover-outlives-budget: this runner has no read deadline and holds a dead session until TCP gives up, 924.6 s at least; the budget is 270 s';
const NO_PINGS = 'watchdog-without-pings: nobody pings, so a silent process is taken for a dead runner after 45 s';

const STAYS_TYPED = `${REBUILT_BY_INPUT}; ${SEND_NOT_WATCHED}`;

const NO_OWN_PINGS = 'this version does not ping';
const NO_DEADLINE = 'this runner sets no read deadline';
const PROBE_IS_DEAF = 'this version takes the 404 of a probe for no answer';
const INPUT_IS_SHORT = 'input keeps the watchdog away for less than the 924.6 s of TCP';
const WATCHED = 'the watchdog is quicker than TCP';

const variants: Readonly<Record<string, Variant<Design>>> = {
  'earlier-no-ping': {
    about: 'The earlier client, and a runner of before #505: nobody pings.',
    design: { Pump: EarlierPump, Session: NoPingSession, Connection },
    expect: {
      kind: 'system',
      violates: {
        'session-back': LEFTOVER,
        'silence-noticed': STAYS_TYPED,
        'dead-runner-given-up': CONNECT,
        'exit-reported': STAYS_TYPED,
        'healthy-session-spared': NO_PINGS,
        'living-session-kept': `${NO_PINGS}; ${KEPT_OPEN}`,
        'leftover-does-not-end-session': `${NO_PINGS}; ${KEPT_OPEN}`,
        'leaving-frees-slot': KEPT_OPEN,
        'budget-whole-for-each-outage': NOT_REFILLED,
        'stops-after-404': PROBE_404,
      },
    },
    unreachable: {
      evicted: NO_DEADLINE,
      'connection-given-up': INPUT_IS_SHORT,
      'runner-pings': 'this runner does not ping',
      'own-ping-answered': NO_OWN_PINGS,
      'lost-by-gone': PROBE_IS_DEAF,
    },
  },
  'earlier-ping-only': {
    about: 'The earlier client, and a runner of #505: it pings, and holds a dead session until TCP gives up.',
    design: { Pump: EarlierPump, Session: PingOnlySession, Connection },
    expect: {
      kind: 'system',
      violates: {
        'session-back': LEFTOVER,
        'silence-noticed': STAYS_TYPED,
        'dead-runner-given-up': CONNECT,
        'exit-reported': STAYS_TYPED,
        'living-session-kept': LEFTOVER,
        'leftover-does-not-end-session': LEFTOVER,
        'leaving-frees-slot': KEPT_OPEN,
        'budget-whole-for-each-outage': NOT_REFILLED,
        'stops-after-404': PROBE_404,
      },
    },
    unreachable: { evicted: NO_DEADLINE, 'own-ping-answered': NO_OWN_PINGS, 'lost-by-gone': PROBE_IS_DEAF },
  },
  'earlier-pong-deadline': {
    about: 'The earlier client, and a runner of #516: it evicts a dead session after 45 s.',
    design: { Pump: EarlierPump, Session, Connection },
    expect: {
      kind: 'system',
      violates: {
        'session-back': STAYS_TYPED,
        'silence-noticed': STAYS_TYPED,
        'dead-runner-given-up': CONNECT,
        'exit-reported': STAYS_TYPED,
        'budget-whole-for-each-outage': NOT_REFILLED,
        'stops-after-404': PROBE_404,
      },
    },
    unreachable: {
      'connection-given-up': INPUT_IS_SHORT,
      'own-ping-answered': NO_OWN_PINGS,
      'attach-409':
        'whatever re-arms the deadline of the runner re-arms the timeout of the client too, and then it sleeps 15 s',
      'attach-409-then-101': 'the same',
      'lost-by-gone': PROBE_IS_DEAF,
    },
  },
  'later-pong-deadline': {
    about: 'The later client, and a runner of #516.',
    design: { Pump: LaterPump, Session, Connection },
    expect: {
      kind: 'system',
      violates: {
        'session-back': REBUILT_BY_TICK,
        'silence-noticed': REBUILT_BY_TICK,
        'dead-runner-given-up': `${REBUILT_BY_TICK}; ${CONNECT}`,
        'exit-reported': REBUILT_BY_TICK,
        'healthy-session-spared': FIRST_FRAME,
        'living-session-kept': FIRST_FRAME,
        'leftover-does-not-end-session': `${FIRST_FRAME}; ${KEPT_OPEN}`,
        'leaving-frees-slot': KEPT_OPEN,
        'budget-whole-for-each-outage': NOT_REFILLED,
        'stops-after-404': ATTACH_404,
      },
    },
    unreachable: { 'watchdog-fires': REBUILT_BY_TICK },
  },
  'later-serve': {
    about:
      'The later client, and the reference server (`serve`): it pings at once, and holds a dead session as #505 does.',
    design: { Pump: LaterPump, Session: ServeSession, Connection },
    expect: {
      kind: 'system',
      violates: {
        'session-back': REBUILT_BY_TICK,
        'silence-noticed': REBUILT_BY_TICK,
        'dead-runner-given-up': `${REBUILT_BY_TICK}; ${CONNECT}`,
        'exit-reported': REBUILT_BY_TICK,
        'living-session-kept': LEFTOVER,
        'leftover-does-not-end-session': LEFTOVER,
        'leaving-frees-slot': KEPT_OPEN,
        'budget-whole-for-each-outage': NOT_REFILLED,
        'stops-after-404': ATTACH_404,
      },
    },
    unreachable: {
      'first-frame-timeout': 'the first ping comes with the attach',
      'watchdog-fires': REBUILT_BY_TICK,
      evicted: NO_DEADLINE,
    },
  },
  reference: {
    about: 'The later client with the smallest changes under which every property holds, and a runner of #516.',
    design: { Pump: ReferencePump, Session, Connection },
    settings: referenceSettings,
    expect: { kind: 'system', violates: {} },
    unreachable: { 'connection-given-up': WATCHED },
  },
  'reference-slow-input': {
    about: 'The reference, a runner of #516, and a process that takes its input late.',
    design: { Pump: ReferencePump, Session, Connection },
    settings: slowInputSettings,
    expect: { kind: 'system', violates: {} },
    unreachable: { 'connection-given-up': WATCHED },
  },
  'reference-ping-only': {
    about: 'The reference, and a runner of #505: what a client alone cannot repair.',
    design: { Pump: ReferencePump, Session: PingOnlySession, Connection },
    settings: referenceSettings,
    expect: {
      kind: 'system',
      violates: {
        'session-back': LEFTOVER,
        'living-session-kept': LEFTOVER,
        'leftover-does-not-end-session': LEFTOVER,
      },
    },
    unreachable: { evicted: NO_DEADLINE },
  },
  ...mutants,
};

export const client = defineModel<typeof parameters, Design, World>({
  name: 'client',
  question: 'Does a client get its session back after any cut, notice a dead runner, and leave a healthy one alone?',
  parameters,
  variants,
  build: buildWorld,
  properties,
  limits: (config: ClientConfig) => ({ horizon: horizonOf(config) }),
});

/** Long enough for TCP to give a connection up, and for all attempts after that. */
function horizonOf(config: ClientConfig): number {
  const { giveUp, synGiveUp, reconnectBudget } = config;
  const attempts = Math.min(attemptsWithinBudget(config), ATTEMPTS_MOST);
  return 2 * watchedFor(config) + giveUp.max + reconnectBudget + attempts * synGiveUp.max;
}

const ATTEMPTS_MOST = 100;
