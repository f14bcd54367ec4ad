/** What the terminal handler promises, what must be seen, and what is measured. In plain English first. */
import { always, measure, never, type Property, sometimes, within } from '../../src/property/property.ts';
import { endsAreSeen } from '../net/ends.ts';
import { latencyBound, roundTripBound } from '../net/parameters.ts';
import type { TerminalConfig } from './parameters.ts';
import type { World } from './world.ts';

interface TerminalEvent {
  readonly attached: boolean;
  readonly condition: string;
  readonly err: string;
  readonly hops: number;
  readonly kind: string;
  readonly quiet: boolean;
  readonly shellRuns: boolean;
}

const when = (event: string, where: (data: TerminalEvent) => boolean) => ({ event, where });
const isDeaf = ({ kind }: TerminalEvent): boolean => kind === 'goes deaf';

export function properties(config: TerminalConfig): readonly Property<World>[] {
  return [...promises(config), ...witnesses(), ...measures()];
}

function promises(config: TerminalConfig): readonly Property<World>[] {
  const { interval, pongWait, start, balancerIdle, latency } = config;
  const isPromised = interval + roundTripBound(config) < pongWait && start.max < pongWait;
  return [
    within(
      'dead-client-shell-ended',
      'From the death of a client to the end of its terminal, shell and all: at most pongWait (3 x interval), as the change ' +
        'claims of attach sessions, plus the latency bound of the path, for a frame of its that was still in flight; or the ' +
        'start of the shell, if that is longer, for a frame that waited: nobody reads before.',
      pongWait + Math.max(latencyBound(config), start.max),
      { from: when('client dead', (data) => data.attached && !isDeaf(data)), to: 'terminal over' },
    ),
    within(
      'deaf-client-shell-ended',
      'A client that hears nothing more can still answer a ping that was on its way to it: at most pongWait plus a whole ' +
        'round trip; or the start of the shell, if that is longer.',
      pongWait + Math.max(roundTripBound(config), start.max),
      { from: when('client dead', (data) => data.attached && isDeaf(data)), to: 'terminal over' },
    ),
    within(
      'quiet-dead-client-cut-by-balancer',
      'Behind a balancer, the terminal of a dead client whose shell writes nothing more is over after at most the idle timeout ' +
        'of the balancer, one hop for the last frame that was in flight, and one for the reset; or the start of the shell, ' +
        'if that is longer.',
      Math.max(balancerIdle + 2 * latency.max, start.max),
      {
        from: when('client dead', (data) => data.attached && !isDeaf(data) && data.hops === 2 && data.quiet),
        to: 'quiet over',
      },
    ),
    within(
      'silence-ended',
      'From the last frame that re-armed the read deadline to the end of the terminal: at most pongWait, no allowance but the ' +
        'start of the shell, if that is longer.',
      Math.max(pongWait, start.max),
      { from: 'read deadline armed', to: 'terminal over', restart: true },
    ),
    always(
      'live-client-spared',
      'A client that is alive, polls, and answers each ping within the stated round trip keeps its shell. Promised where ' +
        `interval + 2 x path latency + answer < pongWait and start < pongWait. With these parameters it is ${isPromised ? '' : 'not '}promised.`,
      ({ client, shell }) => client.condition !== 'promised' || !shell.hasEnded,
    ),
    never(
      'idle-connection-kept',
      'The balancer never cuts a live client for idleness.',
      when('balancer cuts idle connection', ({ condition }) => condition === 'promised'),
    ),
    never(
      'writes-never-overlap',
      'No two data writes on one connection at once: gorilla panics then.',
      'writes overlap',
    ),
    never(
      'shell-not-orphaned',
      'No handler returns while its shell still runs.',
      when('terminal over', ({ shellRuns }) => shellRuns),
    ),
    within(
      'nothing-leaks',
      'When the terminal is over, no goroutine, ticker or held lock of it is left at that very instant.',
      0,
      { from: 'terminal over', to: 'terminal empty' },
    ),
  ];
}

function witnesses(): readonly Property<World>[] {
  return [
    ...endsAreSeen(),
    sometimes('upgrade-fails', 'An upgrade fails.', 'upgrade fails'),
    sometimes('start-fails', 'The shell does not start.', 'start fails'),
    sometimes('input-read', 'Input comes.', 'input'),
    sometimes('ping-answered', 'A ping is answered.', 'answers ping'),
    sometimes('ping-waits-for-mutex', 'A ping waits for the write mutex.', 'ping waits'),
    sometimes('ping-fails', 'A ping fails.', 'ping failed'),
    sometimes(
      'output-times-out',
      'Output is not accepted within the write deadline.',
      when('output fails', ({ err }) => err === 'i/o timeout'),
    ),
    sometimes(
      'ended-by-deadline',
      'The read deadline ends the terminal.',
      when('read fails', ({ err }) => err === 'i/o timeout'),
    ),
    sometimes(
      'ended-by-tcp',
      'TCP gives up, and the reader sees it.',
      when('read fails', ({ err }) => err === 'timed out'),
    ),
  ];
}

function measures(): readonly Property<World>[] {
  const to = 'terminal over';
  return [
    measure('death-to-end', 'From the death of a client to the end of its terminal.', {
      from: when('client dead', ({ attached }) => attached),
      to,
    }),
    measure('death-to-end-behind-balancer', 'The same through a layer-7 balancer.', {
      from: when('client dead', ({ attached, hops }) => attached && hops === 2),
      to,
    }),
  ];
}
