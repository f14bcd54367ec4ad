import { defineModel, type Variant } from '../../src/model/model.ts';
import type { Settings } from '../../src/model/parameters.ts';
import { endsAreSeen } from '../net/ends.ts';
import { compositions } from './compositions.ts';
import type { Design } from './handler.ts';
import { mutants } from './mutants.ts';
import { type AttachConfig, parameters } from './parameters.ts';
import { properties } from './properties.ts';
import { quietSettings } from './quiet.ts';
import { Shell } from './shell.ts';
import { Slot } from './slot.ts';
import {
  NoPing,
  PingOnly,
  PongDeadline,
  Reference,
  ReferenceWithAutomaticPong,
  ReferenceWithLatePong,
  slowPath,
  slowUpload,
  smallLimits,
} from './variants.ts';
import { buildWorld, type World, watchedFor } from './world.ts';

// The findings, each with the change of the reference that removes it; see variants.ts.
const EVICTION_WAITS_FOR_WRITER =
  'eviction-waits-for-writer: a write blocked on a full buffer holds the mutex for up to 20 s, and the teardown waits';
const STDIN_BLOCKS_READER =
  'stdin-blocks-reader: a reader inside WriteStdin sees neither pong nor deadline for as long as the process does not read';

const SIGNAL_BLOCKS_READER =
  'signal-blocks-reader: a signal takes up to 10 s, and the frames behind it re-arm when they are read, not when they come';
const BACKLOG_OUTLASTS_WRITE_DEADLINE =
  'backlog-outlasts-write-deadline: the backlog is one frame of up to 256 KiB with one write deadline, on each attach again';
const TEARDOWN_QUEUES =
  'teardown-queues-behind-writers: a client that takes a frame now and then keeps each writer for up to 20 s, and the teardown waits for one after another: both pumps, a ping, an error frame of the reader';
const EXIT_WAITS_FOR_WRITERS =
  'exit-waits-for-writers: the close frame of an exit that is not drained waits for the mutex, behind one writer after another';
const CANCEL_COUNTS_AS_DRAINED =
  'cancel-counts-as-drained: a reader that fails during the drain makes the pumps stop, the handler takes that for drained, and the exit frame follows output that was never sent';

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

const BELOW_LIMITS = 'needs more output than there is; small-limits shows it';
const NEVER_ENDS = 'the process lives on here';

/** What the output of a process does not reach. */
const belowLimits = { 'chunk-lost': BELOW_LIMITS, 'oldest-output-dropped': BELOW_LIMITS };

const STAYS = 'the client stays here';
const onSlowPath = {
  ...belowLimits,
  ...Object.fromEntries(endsAreSeen().map(({ name }) => [name, STAYS])),
  'evicted-by-deadline': STAYS,
  'over-limit-refused': STAYS,
  'reads-slowly': STAYS,
  'clean-exit': NEVER_ENDS,
  'exit-not-drained': NEVER_ENDS,
  'stdin-blocks': 'the process takes all input at once here',
};

const NO_OUTPUT = 'the process is silent here';
const withoutOutput = {
  'write-blocks': NO_OUTPUT,
  'ping-waits-for-mutex': NO_OUTPUT,
  'stderr-written': NO_OUTPUT,
  'backlog-replayed': NO_OUTPUT,
};

const NEVER_FULL = 'the buffers of this variant are larger than any output';

/** A direct path whose round trip leaves one interval of pongWait, and buffers that output cannot fill. */
function roundTrip(latencyMax: string): Settings {
  const buffers = { sendBuffer: '1000000', receiveBuffer: '1000000' };
  return { path: 'direct', latency: `1ms..${latencyMax}`, answer: '0', ...buffers };
}

const variants: Readonly<Record<string, Variant<Design>>> = {
  'no-ping': {
    about: 'Before #505: nothing is ever pinged.',
    design: { Handler: NoPing, Slot, Shell },
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
        'next-client-let-in': 'the dead session keeps the slot',
        'nothing-leaks': `${STDIN_BLOCKS_READER}; ${TEARDOWN_QUEUES}`,
        'exit-releases-slot': EXIT_WAITS_FOR_WRITERS,
      },
    },
    unreachable: {
      'ping-waits-for-mutex': 'this variant does not ping',
      'evicted-by-deadline': NO_DEADLINE_TO_MEET,
      'pong-meets-deadline': NO_DEADLINE_TO_MEET,
      ...belowLimits,
    },
  },
  'ping-only': {
    about: '#505: a ping every 15 s; nobody listens for the pong.',
    design: { Handler: PingOnly, Slot, Shell },
    expect: {
      kind: 'system',
      violates: {
        'dead-client-evicted': NO_DEADLINE,
        'dead-client-evicted-behind-balancer': NO_DEADLINE,
        'deaf-client-evicted': NO_DEADLINE,
        'deaf-client-evicted-behind-balancer': NO_DEADLINE,
        'next-client-let-in': NO_DEADLINE,
        'failed-ping-evicts': STDIN_BLOCKS_READER,
        'nothing-leaks': `${STDIN_BLOCKS_READER}; ${TEARDOWN_QUEUES}`,
        'exit-releases-slot': EXIT_WAITS_FOR_WRITERS,
      },
    },
    unreachable: {
      'evicted-by-deadline': NO_DEADLINE_TO_MEET,
      'pong-meets-deadline': NO_DEADLINE_TO_MEET,
      ...belowLimits,
    },
  },
  'pong-deadline': {
    about: '#516, exactly as merged: pongs and data re-arm a read deadline of 3 x the interval.',
    design: { Handler: PongDeadline, Slot, Shell },
    expect: {
      kind: 'system',
      violates: {
        'dead-client-evicted': `${EVICTION_WAITS_FOR_WRITER}; ${SIGNAL_BLOCKS_READER}`,
        'dead-client-evicted-behind-balancer': EVICTION_WAITS_FOR_WRITER,
        'deaf-client-evicted': EVICTION_WAITS_FOR_WRITER,
        'deaf-client-evicted-behind-balancer': EVICTION_WAITS_FOR_WRITER,
        'silence-evicted': EVICTION_WAITS_FOR_WRITER,
        'next-client-let-in': EVICTION_WAITS_FOR_WRITER,
        'failed-ping-evicts': STDIN_BLOCKS_READER,
        'live-client-spared': STDIN_BLOCKS_READER,
        'exit-delivered': UNREAD_DATA_RESETS,
        'output-complete': CANCEL_COUNTS_AS_DRAINED,
        'nothing-leaks': `${LATE_PONG_REARMS}; ${STDIN_BLOCKS_READER}; ${TEARDOWN_QUEUES}`,
        'exit-releases-slot': `${EXIT_WAITS_FOR_WRITERS}; ${LATE_PONG_REARMS}`,
      },
    },
    unreachable: { 'pong-meets-deadline': RARE_TIE, ...belowLimits },
  },
  'pong-deadline-slow-path': {
    about: '#516 on a path on which a write takes nearly as long as it may.',
    design: { Handler: PongDeadline, Slot, Shell },
    settings: slowPath,
    expect: { kind: 'system', violates: { 'live-client-spared': BACKLOG_OUTLASTS_WRITE_DEADLINE } },
    unreachable: { 'pong-meets-deadline': RARE_TIE, ...onSlowPath },
  },
  reference: {
    about: '#516 with the smallest changes under which every property holds.',
    design: { Handler: Reference, Slot, Shell },
    expect: { kind: 'system', violates: {} },
    unreachable: { 'pong-meets-deadline': RARE_TIE, ...belowLimits },
  },
  'reference-slow-path': {
    about: 'The reference on a path on which a write takes nearly as long as it may.',
    design: { Handler: Reference, Slot, Shell },
    settings: slowPath,
    expect: { kind: 'system', violates: {} },
    unreachable: { 'pong-meets-deadline': RARE_TIE, ...onSlowPath },
  },
  'reference-slow-upload': {
    about: 'The reference on the same path, with a client whose pongs are stuck behind what it sends.',
    design: { Handler: Reference, Slot, Shell },
    settings: slowUpload,
    expect: { kind: 'system', violates: {} },
    unreachable: { 'pong-meets-deadline': RARE_TIE, ...onSlowPath, ...withoutOutput },
  },
  'small-limits': {
    about:
      'The reference with limits so small that they are met, a client that reads slowly, and a flood of last words.',
    design: { Handler: Reference, Slot, Shell },
    settings: smallLimits,
    expect: { kind: 'system', violates: {} },
    unreachable: { 'pong-meets-deadline': RARE_TIE, 'reads-slowly': 'it does so from the start' },
  },
  'reference-late-pong': {
    about: 'The reference without its change for late-pong-rearms.',
    design: { Handler: ReferenceWithLatePong, Slot, Shell },
    expect: {
      kind: 'system',
      violates: { 'nothing-leaks': LATE_PONG_REARMS, 'exit-releases-slot': LATE_PONG_REARMS },
    },
    unreachable: { 'pong-meets-deadline': RARE_TIE, ...belowLimits },
  },
  'reference-automatic-pong': {
    about: 'The reference without its change for automatic-pong-blocks-reader.',
    design: { Handler: ReferenceWithAutomaticPong, Slot, Shell },
    expect: {
      kind: 'system',
      violates: { 'silence-evicted': AUTOMATIC_PONG, 'deaf-client-evicted': AUTOMATIC_PONG },
    },
    unreachable: { 'pong-meets-deadline': RARE_TIE, ...belowLimits },
  },
  'round-trip-below-limit': {
    about: 'The reference where interval + round trip is one tick less than pongWait: the last that is promised.',
    design: { Handler: Reference, Slot, Shell },
    settings: roundTrip('14.999999s'),
    expect: { kind: 'system', violates: {} },
    unreachable: {
      'ping-waits-for-mutex': NEVER_FULL,
      'write-blocks': NEVER_FULL,
      'exit-not-drained': NEVER_FULL,
      ...belowLimits,
      'pong-meets-deadline': 'the last pong that can come is one tick before the deadline: that is the point',
    },
  },
  'round-trip-at-limit': {
    about: 'The reference where interval + round trip = pongWait: a live client is evicted if the tie goes against it.',
    design: { Handler: Reference, Slot, Shell },
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
      ...belowLimits,
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
