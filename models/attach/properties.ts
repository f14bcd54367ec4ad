/** What the attach handler promises, what must be seen, and what is measured. In plain English first. */
import {
  always,
  measure,
  never,
  type Property,
  type SpanOf,
  sometimes,
  sometimesExactly,
  within,
} from '../../src/property/property.ts';
import { endsAreSeen } from '../net/ends.ts';
import { latencyBoundOver } from '../net/parameters.ts';
import { type AttachConfig, liveClientIsPromised } from './parameters.ts';
import { OUTPUT_CHUNKS_MOST } from './shell.ts';
import type { World } from './world.ts';

interface OnSession {
  readonly session: number;
  readonly hops: number;
  readonly attached: boolean;
  readonly condition: string;
  readonly kind: string;
  readonly status: number;
  readonly cause: string;
  readonly slow: boolean;
  readonly waiting: number;
  readonly missing: number;
  readonly [other: string]: unknown;
}

const when = (event: string, where: (data: OnSession) => boolean) => ({ event, where });

export function properties(config: AttachConfig): readonly Property<World>[] {
  return [...promises(config), ...witnesses(config), ...measures()];
}

export function nothingLeaks({ writeDeadline }: Pick<AttachConfig, 'writeDeadline'>): Property {
  return within(
    'nothing-leaks',
    'Once a session ends, no goroutine, ticker or held lock of it is left after at most one write deadline.',
    writeDeadline,
    { from: 'session ends', to: 'session empty', key: 'session' },
  );
}

function promises(config: AttachConfig): readonly Property<World>[] {
  const inFlight = (hops: number) => latencyBoundOver(config, hops);
  const lastAnswer = (hops: number) => 2 * inFlight(hops) + config.answer.max;
  const silent = (hops: number) => evicted(hops, (data) => data.kind !== 'goes deaf');
  // One that reads slowly has pings before it that it has not read: it may answer them long after it went deaf.
  const deaf = (hops: number) => evicted(hops, (data) => data.kind === 'goes deaf' && data.slow !== true);
  const isPromised = liveClientIsPromised(config, OUTPUT_CHUNKS_MOST * config.chunk);
  return [
    within(
      'dead-client-evicted',
      'From the death of a client to the release of its slot: at most pongWait (3 x interval), plus the latency bound of ' +
        'one hop, for a frame of its that was still in flight and re-armed the deadline on arrival.',
      config.pongWait + inFlight(1),
      silent(1),
    ),
    within(
      'dead-client-evicted-behind-balancer',
      'The same through a layer-7 balancer, where a frame in flight has two hops to go.',
      config.pongWait + inFlight(2),
      silent(2),
    ),
    within(
      'deaf-client-evicted',
      'A client that hears nothing more can still answer a ping that was on its way to it: at most pongWait plus a whole ' +
        'round trip (two latencies and an answer).',
      config.pongWait + lastAnswer(1),
      deaf(1),
    ),
    within(
      'deaf-client-evicted-behind-balancer',
      'The same through a layer-7 balancer: a round trip over two hops.',
      config.pongWait + lastAnswer(2),
      deaf(2),
    ),
    within(
      'silence-evicted',
      'From the last frame that re-armed the read deadline to the release of the slot: at most pongWait, no allowance.',
      config.pongWait,
      { from: 'read deadline armed', to: 'slot released', key: 'session', restart: true },
    ),
    within('failed-ping-evicts', 'A ping that fails says that the client is gone: its slot is released at once.', 0, {
      from: 'ping failed',
      to: 'slot released',
    }),
    never(
      'writes-never-overlap',
      'No two data writes on one connection at once: gorilla panics then.',
      'writes overlap',
    ),
    always(
      'live-client-spared',
      'A client that is alive, polls, and answers each ping within the stated round trip keeps its session until the ' +
        'process ends. Promised where interval + round trip (2 x path latency + answer) < pongWait, six round trips where a write may ' +
        `wait, and one < writeDeadline; equality is not enough. With these parameters it is ${isPromised ? '' : 'not '}promised.`,
      ({ first, shell, slot }) =>
        first.session === undefined ||
        first.condition !== 'promised' ||
        shell.exited.fired ||
        slot.isHeldBy(first.session),
    ),
    always('slot-exclusive', 'At most one session holds the slot.', ({ slot }) => slot.holders.get().length <= 1),
    never(
      'release-by-holder',
      'The slot is released by the session that holds it, and once.',
      when('slot released', (data) => data.byHolder === false),
    ),
    never(
      'slot-not-lost',
      'No handler returns while its session still holds the slot.',
      when('handler returns', (data) => data.holdsSlot === true),
    ),
    never(
      'free-slot-granted',
      'Nobody is refused a free slot: after an eviction the next attach succeeds.',
      when('attach refused', (data) => data.holders === 0),
    ),
    within(
      'next-client-let-in',
      'A client that wants the slot of one that has died, and asks again and again, gets it: after at most the bound of ' +
        'deaf-client-evicted, an answer on its way back, retryMax, and a request.',
      config.pongWait + lastAnswer(2) + config.retryMax + 2 * inFlight(2),
      { from: when('client dead', (data) => data.attached && data.slow !== true), to: 'slot taken' },
    ),
    never(
      'idle-connection-kept',
      'The balancer never cuts a live client for idleness.',
      when('balancer cuts idle connection', (data) => data.condition === 'promised'),
    ),
    nothingLeaks(config),
    within(
      'nothing-outlives-release',
      'When the slot is released, nothing of the session is left at that very instant.',
      0,
      { from: 'slot released', to: 'session empty', key: 'session' },
    ),
    within(
      'exit-releases-slot',
      'From the start of a clean exit to the release of the slot: at most drainBound and one write deadline.',
      config.drainBound + config.writeDeadline,
      { from: 'clean exit', to: 'slot released', key: 'session' },
    ),
    never(
      'chunk-lost-only-when-full',
      'A chunk of output is lost only where subscriberBuffer chunks wait for the same subscriber already.',
      when('chunk lost', (data) => data.waiting < config.subscriberBuffer),
    ),
    never(
      'output-complete',
      'Who gets the exit frame has got all output before it: the backlog, and each chunk since that was not lost.',
      when('gets exit frame', (data) => data?.missing > 0),
    ),
    never('read-limit-kept', 'No frame over the limit reaches the process.', 'input over the limit'),
    never(
      'exit-delivered',
      'When the process ends with a live client, and its output drains in time, the client gets the exit frame before the end.',
      when(
        'sees the end',
        (data) =>
          data.condition === 'promised' &&
          data.processExited === true &&
          data.gotExit === false &&
          data.how !== 'close 1011',
      ),
    ),
  ];
}

/** From the death of an attached client on a path of so many hops to the release of its slot. */
function evicted(hops: number, where: (data: OnSession) => boolean): SpanOf {
  const from = when('client dead', (data) => data.hops === hops && data.attached && where(data));
  return { from, to: 'slot released', key: 'session' };
}

function witnesses(config: AttachConfig): readonly Property<World>[] {
  return [
    sometimes('ping-waits-for-mutex', 'A ping waits for the write mutex.', 'ping waits'),
    sometimes('write-blocks', 'A write blocks on a full send buffer.', 'write blocks'),
    sometimes(
      'second-attach-refused',
      'A second attach gets 409.',
      when('attach answered', (d) => d.status === 409),
    ),
    sometimes(
      'second-attach-succeeds',
      'A later attach succeeds.',
      when('slot taken', (d) => d.session > 1),
    ),
    sometimes(
      'attach-not-found',
      'An attach gets 404.',
      when('attach answered', (d) => d.status === 404),
    ),
    sometimes(
      'upgrade-fails',
      'An upgrade fails.',
      when('attach answered', (d) => d.status === 500),
    ),
    ...endsAreSeen(),
    sometimes(
      'evicted-by-deadline',
      'The read deadline evicts.',
      when('fails', (d) => d.cause === 'read: i/o timeout'),
    ),
    sometimes(
      'clean-exit',
      'The process ends and the output drains.',
      when('close frame', (d) => d.code === 1000),
    ),
    sometimes('exit-not-drained', 'The process ends and the output does not drain in time.', 'not drained'),
    sometimes(
      'going-away',
      'The teardown sends 1001.',
      when('close frame', (d) => d.code === 1001),
    ),
    sometimes(
      'stderr-written',
      'The second pump writes.',
      when('frame written', (d) => d.frame === 'stderr'),
    ),
    sometimes(
      'text-frame',
      'A text frame re-arms the read deadline, or would.',
      when('arrives', (d) => d.frame === 'text'),
    ),
    sometimes(
      'nonsense-refused',
      'A text frame that nobody understands is answered by an error frame.',
      when('error frame', (d) => d.why === 'bad input'),
    ),
    sometimes(
      'input-after-eof',
      'Input after stdin_eof is refused.',
      when('error frame', (d) => d.why === 'stdin closed'),
    ),
    sometimes(
      'over-limit-refused',
      'A frame over the limit is answered by 1009.',
      when('sees the end', (d) => d.how === 'close 1009'),
    ),
    sometimes('reads-slowly', 'A client reads slowly from some time on.', 'reads slowly'),
    sometimes('backlog-replayed', 'A client gets output that is older than its attach.', 'backlog'),
    sometimes('oldest-output-dropped', 'There is more output than the backlog holds.', 'oldest output dropped'),
    sometimes('chunk-lost', 'A full subscriber loses a chunk.', 'chunk lost'),
    sometimes('stdin-blocks', 'The process does not read its input.', 'stdin blocks'),
    sometimes('error-frame', 'Input is refused, and an error frame is written.', 'error frame'),
    sometimesExactly(
      'pong-meets-deadline',
      'A pong and the read deadline are due at the same instant.',
      config.pongWait,
      {
        from: 'read deadline armed',
        to: when('arrives', (d) => d.frame === 'pong'),
        key: 'session',
        restart: true,
      },
    ),
  ];
}

function measures(): readonly Property<World>[] {
  const key = 'session';
  return [
    measure('death-to-release', 'From the death of a client to the release of its slot.', {
      from: 'client dead',
      to: 'slot released',
      key,
    }),
    measure('slot-held', 'How long a session holds the slot.', { from: 'slot taken', to: 'slot released', key }),
    measure('exit-to-release', 'From the start of a clean exit to the release of the slot.', {
      from: 'clean exit',
      to: 'slot released',
      key,
    }),
    measure('end-to-empty', 'From the end of a session until nothing of it is left.', {
      from: 'session ends',
      to: 'session empty',
      key,
    }),
  ];
}
