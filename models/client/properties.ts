/** What the client promises, what must be seen, and what is measured. In plain English first. */
import {
  always,
  type EventPattern,
  measure,
  never,
  type Property,
  sometimes,
  within,
} from '../../src/property/property.ts';
import {
  exitReportedBound,
  freeSlotBound,
  givenUpBound,
  healthySessionIsPromised,
  sessionBackBound,
  silenceBound,
} from './bounds.ts';
import { STRIKES } from './connection.ts';
import type { ClientConfig } from './parameters.ts';
import { NO_ANSWER } from './pump.ts';
import { ENDS } from './runner.ts';
import type { World } from './world.ts';

interface ClientEvent {
  readonly answer: string;
  readonly before: string;
  readonly cause: string;
  readonly frame: string;
  readonly healthy: boolean;
  readonly heard: boolean;
  readonly how: string;
  readonly kind: string;
  readonly nth: number;
  readonly result: string;
  readonly runnerLives: boolean;
  readonly ticks: number;
  readonly ticksLeft: number;
  readonly ticksSlept: number;
  readonly toldGone: boolean;
  readonly why: string;
}

const when = (event: string, where: (data: ClientEvent) => boolean): EventPattern => ({ event, where });
const runnerGone = when('runner ends', ({ kind }) => kind !== 'restarts');

function returnsLost(where: (data: ClientEvent) => boolean): EventPattern {
  return when('pump returns', (data) => data.result === 'lost' && where(data));
}

export function properties(config: ClientConfig): readonly Property<World>[] {
  return [...promises(config), ...witnesses(config), ...measures()];
}

function promises(config: ClientConfig): readonly Property<World>[] {
  const { reconnectBudget, backoffInitial, backoffMax } = config;
  const isPromised = healthySessionIsPromised(config);
  const backoff = (nth: number) => Math.min(backoffInitial * 2 ** (nth - 1), Math.max(backoffInitial, backoffMax));
  return [
    within(
      'session-back',
      'From a cut or reset of the connection, the runner living on, to the next session: at most pongWait and one latency ' +
        '(a frame that was in flight re-armed the read deadline; it may have waited for pasteTaken) plus the teardown until the slot is free, for an attach that ' +
        'comes just before that the way back of its 409, then backoffMax and a round trip; or, if that is longer, watchdog and one ' +
        'latency (likewise), or pongWait and two, until the client notices, then backoffInitial and two round trips, for ' +
        'probe and attach; or connectTimeout, for an attach that was cut under way, backoffMax and a round trip.',
      sessionBackBound(config),
      { from: 'session lost', to: 'session settled', restart: true },
    ),
    within(
      'silence-noticed',
      'When nothing more is sent to the client over the connection that it polls, since the path is cut, or the runner died ' +
        'or froze, it leaves that connection: after at most watchdog (or firstFrameTimeout, if that is longer), plus one ' +
        'latency for a frame that was in flight.',
      silenceBound(config),
      { from: 'silence begins', to: 'session over', key: 'connection' },
    ),
    within(
      'dead-runner-given-up',
      'A runner that died or froze is given up: at most the bound of silence-noticed, statusProbeTimeout, the whole ' +
        'reconnectBudget, connectTimeout for each attempt that fits into it, and statusProbeTimeout once more.',
      givenUpBound(config),
      { from: runnerGone, to: 'pump returns' },
    ),
    within(
      'exit-reported',
      'When the process ends, the runner living on and nothing else happening after that, its exit is reported: after at most ' +
        'the bound of silence-noticed and a round trip, for one that was struck before; or connectTimeout, backoffMax and a ' +
        'round trip; or, for an attach that was refused just before the slot is free, teardown, backoffMax and three latencies.',
      exitReportedBound(config),
      { from: 'exit owed', to: 'exit settled' },
    ),
    never(
      'healthy-session-spared',
      'A session that nothing has happened to goes on, however silent the process is. Promised where interval and the variation ' +
        `of one latency are less than watchdog and firstFrameTimeout. With these parameters it is ${isPromised ? '' : 'not '}promised.`,
      when('session over', ({ healthy }) => healthy),
    ),
    never(
      'living-session-kept',
      'The client never reports a session as lost while the runner lives and knows the process.',
      returnsLost(({ runnerLives }) => runnerLives),
    ),
    within(
      'leaving-frees-slot',
      'When the client leaves a connection over which the runner can still hear it, the slot is free after at most one latency ' +
        '(for the FIN), a paste that the reader is busy with, and the teardown.',
      freeSlotBound(config),
      { from: 'slot owed', to: 'slot settled' },
    ),
    never(
      'leftover-does-not-end-session',
      "The budget is never spent on waiting for the client's own dead session to let go of the slot.",
      returnsLost(({ why, answer }) => why === 'budget' && answer === '409'),
    ),
    never(
      'budget-whole-for-each-outage',
      'Before the client gives up, it has slept its whole budget since it last heard the runner.',
      returnsLost(({ why, ticksSlept }) => why === 'budget' && ticksSlept < reconnectBudget),
    ),
    never(
      'stops-after-404',
      'Once the runner has said that there is nothing to attach to, the client does not ask again.',
      when('asks to attach', ({ toldGone }) => toldGone),
    ),
    never(
      'sleeps-as-stated',
      'The n-th sleep after a disconnect is backoffInitial, doubled n - 1 times, at most backoffMax, at most what is left.',
      when('sleeps', (data) => data.ticks !== Math.min(backoff(data.nth), data.ticksLeft)),
    ),
    always(
      'one-connection',
      'The client holds one connection at most, and none when it has returned.',
      ({ pump }) => pump.openConnections <= (pump.done.fired ? 0 : 1),
    ),
    within('nothing-leaks', 'When the client returns, no task and no timer of it is left at that very instant.', 0, {
      from: 'pump returns',
      to: 'client empty',
    }),
  ];
}

function witnesses({ backoffMax }: ClientConfig): readonly Property<World>[] {
  return [
    ...STRIKES.map((kind) =>
      sometimes(
        `connection-${kind.replaceAll(' ', '-')}`,
        `A connection is struck: ${kind}.`,
        when('struck', (d) => d.kind === kind),
      ),
    ),
    ...ENDS.map((kind) =>
      sometimes(
        `runner-${kind}`,
        `The runner ${kind}.`,
        when('runner ends', (d) => d.kind === kind),
      ),
    ),
    sometimes(
      'first-frame-timeout',
      'No frame comes at all, and the client leaves.',
      when('session over', (d) => d.cause === 'timeout' && !d.heard),
    ),
    sometimes(
      'watchdog-fires',
      'Frames came, then none for so long that the client leaves.',
      when('session over', (d) => d.cause === 'timeout' && d.heard),
    ),
    sometimes(
      'evicted',
      'The runner says goodbye to a client that still listens.',
      when('session over', (d) => d.cause === 'close 1001'),
    ),
    sometimes(
      'connection-given-up',
      'The kernel gives a connection up, and the client reads that.',
      when('session over', (d) => d.cause === 'read: timed out'),
    ),
    sometimes(
      'send-fails',
      'A send fails.',
      when('session over', (d) => d.cause.startsWith('send: ')),
    ),
    sometimes('send-blocks', 'A paste waits for the runner to read it.', 'send blocks'),
    sometimes(
      'input-sent',
      'What the user types is sent.',
      when('sends', (d) => d.frame === 'stdin'),
    ),
    sometimes(
      'output-heard',
      'Output comes.',
      when('hears', (d) => d.frame === 'stdout'),
    ),
    sometimes(
      'error-heard',
      'An error frame comes.',
      when('hears', (d) => d.frame === 'error'),
    ),
    sometimes(
      'runner-pings',
      'A ping of the runner comes.',
      when('hears', (d) => d.frame === 'ping'),
    ),
    sometimes(
      'own-ping-answered',
      "A pong to the client's own ping comes.",
      when('hears', (d) => d.frame === 'pong'),
    ),
    ...['running', 'ended', '404', '500', NO_ANSWER].map((answer) =>
      sometimes(
        `probe-${answer.replaceAll(' ', '-')}`,
        `A status probe comes to: ${answer}.`,
        when('probed', (d) => d.answer === answer),
      ),
    ),
    ...['101', '404', '409', '500', NO_ANSWER].map((answer) =>
      sometimes(
        `attach-${answer.replaceAll(' ', '-')}`,
        `A later attach comes to: ${answer}.`,
        when('attach answered', (d) => d.answer === answer && d.before !== ''),
      ),
    ),
    sometimes(
      'attach-409-then-101',
      'An attach is refused, and the next one succeeds.',
      when('attach answered', (d) => d.before === '409' && d.answer === '101'),
    ),
    sometimes(
      'backoff-capped',
      'The backoff has reached its end, and is slept again.',
      when('sleeps', (d) => d.nth > 2 && d.ticks === backoffMax),
    ),
    ...['frame', 'probe'].map((why) =>
      sometimes(
        `exit-by-${why}`,
        `The exit of the process is known by a ${why}.`,
        when('pump returns', (d) => d.result === 'exit' && d.why === why),
      ),
    ),
    ...['gone', 'budget'].map((why) =>
      sometimes(
        `lost-by-${why}`,
        `The client gives up: ${why}.`,
        returnsLost((d) => d.why === why),
      ),
    ),
  ];
}

function measures(): readonly Property<World>[] {
  return [
    measure('lost-to-back', 'From the latest cut or reset of a connection to the next session.', {
      from: 'session lost',
      to: when('session settled', ({ how }) => how === 'attached'),
      restart: true,
    }),
    measure('silence-to-noticed', 'From the moment from which nothing is sent to the client until it leaves.', {
      from: 'silence begins',
      to: 'session over',
      key: 'connection',
    }),
    measure('gone-to-given-up', 'From the death or the freezing of the runner until the client returns.', {
      from: runnerGone,
      to: 'pump returns',
    }),
    measure('left-to-free', 'From leaving a connection over which the runner hears the client to the free slot.', {
      from: 'slot owed',
      to: when('slot settled', ({ how }) => how === 'released'),
    }),
    measure('exit-to-reported', 'From the end of the process until its exit is reported.', {
      from: 'exit owed',
      to: when('exit settled', ({ how }) => how === 'reported'),
    }),
  ];
}
