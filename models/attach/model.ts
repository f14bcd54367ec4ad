import { defineModel, type Variant } from '../../src/model/model.ts';
import type { Settings } from '../../src/model/parameters.ts';
import { compositions } from './compositions.ts';
import type { Design } from './handler.ts';
import { mutants } from './mutants.ts';
import { type AttachConfig, parameters } from './parameters.ts';
import { properties } from './properties.ts';
import { quietSettings } from './quiet.ts';
import { Slot } from './slot.ts';
import {
  NoPing,
  PingOnly,
  PongDeadline,
  Reference,
  ReferenceWithAutomaticPong,
  ReferenceWithLatePong,
} from './variants.ts';
import { buildWorld, type World, watchedFor } from './world.ts';

// The findings, each with the change of the reference that removes it; see variants.ts.
const EVICTION_WAITS_FOR_WRITER =
  'eviction-waits-for-writer: a write blocked on a full buffer holds the mutex for up to 20 s, and the teardown waits';
const STDIN_BLOCKS_READER =
  'stdin-blocks-reader: a reader inside WriteStdin sees neither pong nor deadline for as long as the process does not read';

const LATE_PONG_REARMS =
  'late-pong-rearms: a pong handled just after SetReadDeadline(now) re-arms it, and the teardown waits for another pongWait';

const UNREAD_DATA_RESETS =
  'unread-data-resets: a reader that was inside WriteStdin leaves pongs unread, so Close sends RST, which overtakes the exit frame in the balancer';

const AUTOMATIC_PONG =
  'automatic-pong-blocks-reader: gorilla answers pings on the reader, which waits up to 1 s for the lock, past its deadline';

const NO_DEADLINE =
  'nothing listens for the pong: the slot is held until TCP gives up, 924.6 s after the first lost ping';
const ONE_TRIP_TOO_LONG = 'interval + round trip = pongWait: the pong and the deadline are due at the same instant';

const RARE_TIE = 'needs a round trip of pongWait - interval; round-trip-at-limit shows it';
const NO_DEADLINE_TO_MEET = 'this variant sets no read deadline';

const NEVER_FULL = 'the buffers of this variant are larger than any output';

/** A direct path whose round trip leaves one interval of pongWait, and buffers that output cannot fill. */
function roundTrip(latencyMax: string): Settings {
  const buffers = { sendBuffer: '1000000', receiveBuffer: '1000000' };
  return { path: 'direct', latency: `1ms..${latencyMax}`, answer: '0', ...buffers };
}

const variants: Readonly<Record<string, Variant<Design>>> = {
  'no-ping': {
    about: 'Before #505: nothing is ever pinged.',
    design: { Handler: NoPing, Slot },
    expect: {
      kind: 'system',
      violates: {
        'dead-client-evicted': 'a blocked read, for ever: a half-open connection with nothing to send never notices',
        'dead-client-evicted-behind-balancer':
          'the balancer acknowledges for the dead client; only its idle timeout ends it',
        'deaf-client-evicted': 'a blocked read, for ever',
        'deaf-client-evicted-behind-balancer':
          'the balancer acknowledges for the deaf client; only its idle timeout ends it',
        'live-client-spared': 'an idle live session is cut by the balancer after 60 s',
        'exit-delivered': 'the idle cut destroys an exit frame that is on its way',
        'idle-connection-kept': 'an idle live session is cut by the balancer after 60 s',
        'nothing-leaks': STDIN_BLOCKS_READER,
      },
    },
    unreachable: {
      'ping-waits-for-mutex': 'this variant does not ping',
      'evicted-by-deadline': NO_DEADLINE_TO_MEET,
      'pong-meets-deadline': NO_DEADLINE_TO_MEET,
    },
  },
  'ping-only': {
    about: '#505: a ping every 15 s; nobody listens for the pong.',
    design: { Handler: PingOnly, Slot },
    expect: {
      kind: 'system',
      violates: {
        'dead-client-evicted': NO_DEADLINE,
        'dead-client-evicted-behind-balancer': NO_DEADLINE,
        'deaf-client-evicted': NO_DEADLINE,
        'deaf-client-evicted-behind-balancer': NO_DEADLINE,
        'nothing-leaks': STDIN_BLOCKS_READER,
      },
    },
    unreachable: { 'evicted-by-deadline': NO_DEADLINE_TO_MEET, 'pong-meets-deadline': NO_DEADLINE_TO_MEET },
  },
  'pong-deadline': {
    about: '#516, exactly as merged: pongs and data re-arm a read deadline of 3 x the interval.',
    design: { Handler: PongDeadline, Slot },
    expect: {
      kind: 'system',
      violates: {
        'dead-client-evicted': EVICTION_WAITS_FOR_WRITER,
        'dead-client-evicted-behind-balancer': EVICTION_WAITS_FOR_WRITER,
        'deaf-client-evicted': EVICTION_WAITS_FOR_WRITER,
        'deaf-client-evicted-behind-balancer': EVICTION_WAITS_FOR_WRITER,
        'silence-evicted': EVICTION_WAITS_FOR_WRITER,
        'live-client-spared': STDIN_BLOCKS_READER,
        'exit-delivered': UNREAD_DATA_RESETS,
        'nothing-leaks': `${LATE_PONG_REARMS}; ${STDIN_BLOCKS_READER}`,
      },
    },
    unreachable: { 'pong-meets-deadline': RARE_TIE },
  },
  reference: {
    about: '#516 with the smallest changes under which every property holds.',
    design: { Handler: Reference, Slot },
    expect: { kind: 'system', violates: {} },
    unreachable: { 'pong-meets-deadline': RARE_TIE },
  },
  'reference-late-pong': {
    about: 'The reference without its change for late-pong-rearms.',
    design: { Handler: ReferenceWithLatePong, Slot },
    expect: { kind: 'system', violates: { 'nothing-leaks': LATE_PONG_REARMS } },
    unreachable: { 'pong-meets-deadline': RARE_TIE },
  },
  'reference-automatic-pong': {
    about: 'The reference without its change for automatic-pong-blocks-reader.',
    design: { Handler: ReferenceWithAutomaticPong, Slot },
    expect: {
      kind: 'system',
      violates: { 'silence-evicted': AUTOMATIC_PONG, 'deaf-client-evicted': AUTOMATIC_PONG },
    },
    unreachable: { 'pong-meets-deadline': RARE_TIE },
  },
  'round-trip-below-limit': {
    about: 'The reference where interval + round trip is one tick less than pongWait: the last that is promised.',
    design: { Handler: Reference, Slot },
    settings: roundTrip('14.999999s'),
    expect: { kind: 'system', violates: {} },
    unreachable: {
      'ping-waits-for-mutex': NEVER_FULL,
      'write-blocks': NEVER_FULL,
      'exit-not-drained': NEVER_FULL,
      'pong-meets-deadline': 'the last pong that can come is one tick before the deadline: that is the point',
    },
  },
  'round-trip-at-limit': {
    about: 'The reference where interval + round trip = pongWait: a live client is evicted if the tie goes against it.',
    design: { Handler: Reference, Slot },
    settings: roundTrip('15s'),
    expect: {
      kind: 'system',
      violates: {
        'live-client-spared': ONE_TRIP_TOO_LONG,
        'exit-delivered': 'the live client that was evicted is not there any more when the process ends',
      },
    },
    unreachable: {
      'ping-waits-for-mutex': NEVER_FULL,
      'write-blocks': NEVER_FULL,
      'exit-not-drained': NEVER_FULL,
    },
  },
  ...mutants,
};

export const attach = defineModel<typeof parameters, Design, World>({
  name: 'attach',
  question: 'Is a dead client always evicted within three intervals, and a live one never, at every timing?',
  parameters,
  variants,
  compositions,
  advice: {
    composition: 'behind-balancer',
    period: 'interval',
    timeout: 'pongWait',
    multiples: [2, 3, 4],
    span: 'dead-client-evicted-behind-balancer',
    keeps: ['live-client-spared', 'idle-connection-kept'],
    given: { balancerIdle: 'may fall', 'latency.max': 'may rise' },
  },
  build: buildWorld,
  properties,
  limits: (config: AttachConfig) => ({
    horizon: watchedFor(config) + config.giveUp.max + 4 * config.pongWait,
  }),
  settingsFor: quietSettings,
});
