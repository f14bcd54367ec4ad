/**
 * Parts of the model that are small enough for every timing to be explored: the same handler and the same network, with
 * less around them. Each is the smallest that holds all that matters for what is proved on it; which finding or mutant
 * needs which part is what the refuted ones show.
 */
import type { Composition } from '../../src/model/model.ts';
import type { Settings } from '../../src/model/parameters.ts';

/** One client on a direct path, a process that is silent and lives, and nobody else. */
const core: Settings = {
  ends: 'never',
  entry: 'succeeds',
  clientPings: 'never',
  rival: 'none',
  outputs: '0',
  exits: 'never',
  stdin: 'read',
  typing: '0',
  texts: '0',
  excess: 'never',
  reading: 'at once',
  backlog: '0',
  path: 'direct',
};

/** The same on a path on which a write takes nearly as long as it may, and a client that stays. */
const slow: Settings = { ...core, latency: '1ms..2s', sendBuffer: '4096', writeDeadline: '5s', death: 'stays' };

/** A chunk, and a client that takes 19 s for each segment. */
const slowReader: Settings = {
  ...core,
  outputs: '1',
  burst: 'line',
  sendBuffer: '2048',
  receiveBuffer: '2048',
  reading: 'slowly',
  readPause: '19s',
  death: 'stays',
};

/** What a session owes whoever else there is. */
const slotKept = ['slot-exclusive', 'release-by-holder', 'slot-not-lost', 'free-slot-granted'] as const;
const ends = ['nothing-leaks', 'nothing-outlives-release'] as const;

export const compositions: Readonly<Record<string, Composition>> = {
  'any-end': {
    about:
      'One client on a direct path that ends in any of nine ways, or stalls, at any moment; no output and no input.',
    settings: core,
    variants: {
      reference: {
        proves: [
          'dead-client-evicted',
          'deaf-client-evicted',
          'silence-evicted',
          'writes-never-overlap',
          'live-client-spared',
          ...slotKept,
          ...ends,
        ],
        measures: ['dead-client-evicted', 'deaf-client-evicted', 'silence-evicted', 'end-to-empty'],
        heavy: 'measures',
      },
      'no-initial-deadline': { refutes: ['dead-client-evicted'] },
      'own-write-rearms': { refutes: ['dead-client-evicted'] },
      'release-forgotten': { refutes: ['slot-not-lost'] },
      'timer-leak': { refutes: ['nothing-outlives-release'] },
      'keepalive-ignores-cancel': { refutes: ['dead-client-evicted'] },
      'timeout-not-above-period': { refutes: ['live-client-spared'] },
    },
  },
  'silent-death': {
    about: 'The same, where the client can only vanish.',
    settings: { ...core, death: 'vanishes' },
    variants: {
      'pong-deadline': {
        proves: ['dead-client-evicted', 'silence-evicted', 'live-client-spared', ...slotKept],
        measures: ['dead-client-evicted'],
      },
      'ping-only': { refutes: ['dead-client-evicted'] },
      'no-ping': { refutes: ['dead-client-evicted'] },
      'round-trip-below-limit': { proves: ['live-client-spared'] },
      'round-trip-at-limit': { refutes: ['live-client-spared'] },
      'pong-does-not-rearm': { refutes: ['live-client-spared'] },
    },
  },
  'blocked-writer': {
    about:
      'A burst of four chunks against a send buffer of one, and a client that vanishes: writes block and hold the mutex.',
    settings: { ...core, outputs: '1', burst: 'line', sendBuffer: '2048', death: 'vanishes' },
    variants: {
      reference: { proves: ['dead-client-evicted', 'writes-never-overlap', 'nothing-leaks'] },
      'pong-deadline': {
        refutes: ['dead-client-evicted', 'silence-evicted'],
        measures: ['dead-client-evicted'],
        heavy: 'measures',
      },
      'no-write-mutex': { refutes: ['writes-never-overlap'] },
      'graceful-close-of-dead': { refutes: ['silence-evicted'] },
      'unlock-forgotten-on-error': { refutes: ['nothing-leaks'] },
      'sticky-timeout-is-transient': { refutes: ['nothing-leaks'] },
    },
  },
  'full-buffer': {
    about: 'The same, where the burst just fills the buffer: only a ping blocks.',
    settings: { ...core, outputs: '1', burst: 'line', sendBuffer: '4096', death: 'vanishes' },
    variants: {
      reference: { proves: ['failed-ping-evicts'], heavy: true },
      'ping-error-ignored': { refutes: ['failed-ping-evicts'] },
    },
  },
  'two-writers': {
    about: 'The same with a chunk on each of two streams, so that two goroutines write.',
    settings: { ...core, outputs: '2', burst: 'line', sendBuffer: '2048', death: 'vanishes' },
    variants: {
      'pumps-without-mutex': { refutes: ['writes-never-overlap'] },
    },
  },
  'client-pings': {
    about: 'A write blocks, and the client pings at some time, which the handler must answer.',
    settings: { ...core, clientPings: 'any', outputs: '1', burst: 'line', sendBuffer: '2048', death: 'goes deaf' },
    variants: {
      'reference-automatic-pong': { refutes: ['silence-evicted'] },
    },
  },
  'entry-fails': {
    about: 'The lookup or the upgrade may fail; the client vanishes.',
    settings: { ...core, entry: 'any', death: 'vanishes' },
    variants: {
      reference: { proves: ['slot-not-lost', 'nothing-leaks'] },
      'slot-leak-on-upgrade-failure': { refutes: ['slot-not-lost'] },
    },
  },
  'unread-input': {
    about: 'The client types once, the process may stop reading its input, and the client vanishes.',
    settings: { ...core, typing: '1', stdin: 'any', death: 'vanishes' },
    variants: {
      'pong-deadline': { refutes: ['dead-client-evicted'] },
      'stdin-inline': { refutes: ['silence-evicted'] },
    },
  },
  'behind-balancer': {
    about: 'A layer-7 balancer in the path, which acknowledges for the client, and a client that vanishes.',
    settings: { ...core, path: 'balanced', death: 'vanishes' },
    variants: {
      reference: {
        proves: ['dead-client-evicted-behind-balancer', 'idle-connection-kept', 'live-client-spared', 'nothing-leaks'],
        measures: ['dead-client-evicted-behind-balancer'],
      },
      'ping-only': { refutes: ['dead-client-evicted-behind-balancer'] },
      'no-ping': { refutes: ['idle-connection-kept', 'live-client-spared'] },
      'ping-equals-balancer-idle': { refutes: ['idle-connection-kept'] },
      'tcp-keepalive-for-balancer': { refutes: ['idle-connection-kept'] },
    },
  },
  'process-ends': {
    about: 'The process ends at any moment; its client vanishes at any moment, or stays.',
    settings: { ...core, exits: 'any', death: 'vanishes' },
    variants: {
      reference: { proves: ['exit-delivered', 'nothing-leaks'] },
      'exit-frame-after-close': { refutes: ['exit-delivered'] },
      'evicted-reader-not-woken': { refutes: ['nothing-leaks'] },
      'reference-late-pong': {
        refutes: ['nothing-leaks', 'exit-releases-slot'],
        measures: ['end-to-empty'],
        heavy: 'measures',
      },
      'stale-timer-hits-successor': { refutes: ['release-by-holder'] },
    },
  },
  'two-clients': {
    about: 'A second client wants the slot, at any moment and again when it is refused; the first one vanishes.',
    settings: { ...core, rival: 'any', attempts: '2', death: 'vanishes' },
    variants: {
      reference: { proves: [...slotKept] },
      'release-deferred-too-early': { refutes: ['release-by-holder'] },
      'release-keeps-connected': { refutes: ['free-slot-granted'] },
      'takeover-without-identity': { refutes: ['release-by-holder'] },
      'newest-wins': { refutes: ['slot-exclusive'] },
    },
  },
  'signal-and-input': {
    about: 'The client asks for a signal, which takes up to 10 s, and types once, and vanishes.',
    settings: { ...core, texts: '1', asks: 'signal', typing: '1', death: 'vanishes' },
    heavy: true,
    variants: {
      'pong-deadline': { refutes: ['dead-client-evicted'] },
      'text-inline': { refutes: ['dead-client-evicted'] },
    },
  },
  nonsense: {
    about: 'The client sends a text frame that nobody understands.',
    settings: { ...core, texts: '1', asks: 'nonsense', death: 'vanishes' },
    variants: {
      reference: { proves: ['live-client-spared'] },
      'bad-input-is-fatal': { refutes: ['live-client-spared'] },
    },
  },
  'over-limit': {
    about: 'The client sends a frame over the limit, which is 64 bytes here.',
    settings: { ...core, excess: 'any', readLimit: '64', death: 'vanishes' },
    variants: {
      reference: { proves: ['read-limit-kept', 'nothing-leaks'] },
      'no-read-limit': { refutes: ['read-limit-kept'] },
    },
  },
  backlog: {
    about: 'A chunk that may be older than the attach, and a process that ends.',
    settings: { ...core, outputs: '1', burst: 'line', backlog: '4096', exits: 'any', death: 'vanishes' },
    variants: { 'backlog-not-replayed': { refutes: ['output-complete'] } },
  },
  'full-subscriber': {
    about: 'Four chunks for a subscriber whose buffer holds two.',
    settings: { ...core, outputs: '1', burst: 'screen', subscriberBuffer: '2', death: 'vanishes' },
    variants: { 'unbuffered-subscriber': { refutes: ['chunk-lost-only-when-full'] } },
  },
  'slow-writes': {
    about: 'A slow path, and a chunk on each of two streams, each a little more than the buffer.',
    settings: { ...slow, outputs: '2', burst: 'line', chunk: '4100' },
    variants: {
      'deadline-before-lock': { refutes: ['live-client-spared'] },
      'mutex-timeout-is-fatal': { refutes: ['live-client-spared'] },
    },
  },
  'slow-backlog': {
    about: 'A slow path, and four chunks that may be older than the attach.',
    settings: { ...slow, outputs: '1', burst: 'screen', backlog: '16384' },
    variants: {
      'pong-deadline-slow-path': { refutes: ['live-client-spared'] },
      'reference-slow-path': { proves: ['live-client-spared'], heavy: true },
      'backlog-in-one-frame': { refutes: ['live-client-spared'] },
    },
  },
  'slow-upload': {
    about: 'A slower path, and four frames of the client, each of which fills its send buffer.',
    settings: { ...core, latency: '1ms..10s', sendBuffer: '4096', inputBurst: '4', death: 'stays' },
    variants: {
      'only-pong-rearms': { refutes: ['live-client-spared'] },
      'only-binary-rearms': { refutes: ['live-client-spared'] },
    },
  },
  'slow-reader': {
    about: 'A chunk that fills the buffers twice, and a client that takes 19 s for each segment.',
    settings: slowReader,
    variants: { 'pong-deadline': { refutes: ['nothing-leaks'] } },
  },
  'slow-reader-exit': {
    about: 'The same, and a process whose last words fill the buffers twice.',
    settings: { ...slowReader, outputs: '0', exits: 'any', lastWords: 'line', chunk: '8192' },
    variants: {
      'pong-deadline': { refutes: ['exit-releases-slot'] },
      'drain-unbounded': { refutes: ['exit-releases-slot'] },
      'exit-not-bounded': { refutes: ['exit-releases-slot'] },
    },
  },
};
