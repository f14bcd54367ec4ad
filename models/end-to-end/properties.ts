/** What the parts promise each other, what must be seen, and what is measured. In plain English first. */
import { always, measure, never, type Property, sometimes, within } from '../../src/property/property.ts';
import { nothingLeaks } from '../attach/properties.ts';
import { properties as reaperProperties } from '../reaper/properties.ts';
import { FAULTS } from './nemesis.ts';
import { backBound, type EndToEndConfig, evictedBound, exitBound, forgottenBound } from './parameters.ts';
import type { World } from './world.ts';

interface Told {
  readonly answer: string;
  readonly by: string;
  readonly cause: string;
  readonly healthy: boolean;
  readonly how: string;
  readonly isLive: boolean;
  readonly kind: string;
  readonly result: string;
  readonly why: string;
}

const when = (event: string, where: (told: Told) => boolean) => ({ event, where });

/** Those of the reaper's promises that clients and handlers could break. */
const OF_THE_REAPER: readonly string[] = [
  'abandoned-reaped',
  'attached-not-signalled',
  'slot-exclusive',
  'slot-not-lost',
];

export function properties(config: EndToEndConfig): readonly Property<World>[] {
  const reaper = reaperProperties(config).filter(({ name }) => OF_THE_REAPER.includes(name));
  return [...promises(config), ...reaper, ...witnesses(), ...measures()];
}

function promises(config: EndToEndConfig): readonly Property<World>[] {
  return [
    within(
      'session-back',
      'After any single cut or reset at any hop, a box that hangs or restarts, or a suspension that cost the slot, the client ' +
        'has its session back after at most the bound of models/client for a path of three connections. It is owed nothing more ' +
        'when the user leaves, the process ends, somebody else has the slot, or something else goes wrong.',
      backBound(config),
      { from: 'session lost', to: 'session settled', restart: true },
    ),
    never(
      'healthy-session-spared',
      'A session on whose path nothing has happened, or only what heals in time, goes on.',
      when('session over', ({ healthy }) => healthy),
    ),
    never(
      'living-session-kept',
      'The client never spends its whole budget while the runner lives.',
      when('pump returns', ({ result, why }) => result === 'lost' && why === 'budget'),
    ),
    within(
      'exit-reported',
      'When the process ends, and nothing else happens after that, a client that still works reports its exit: after at most ' +
        'the bound of models/client for this path, plus how late the runner hears of it, and its drain.',
      exitBound(config),
      { from: 'exit owed', to: 'exit settled' },
    ),
    within(
      'dead-session-evicted',
      'From the end of a client, or from the fault that its connection does not survive, to the release of its slot: at most ' +
        'pongWait and a round trip.',
      evictedBound(config),
      { from: 'session dead', to: 'slot released', key: 'session' },
    ),
    never(
      'idle-connection-kept',
      'The balancer never cuts a connection that both ends hold and nothing has happened to.',
      when('balancer cuts idle connection', ({ isLive }) => isLive),
    ),
    always(
      'returning-not-reaped',
      'While a client is owed its session back, the reaper is not at work on its process, before the limit of its lifetime.',
      ({ exec, promises: owed }) => !owed.owesSession || !exec.inHand.get() || !exec.graces.isYoung,
    ),
    nothingLeaks(config),
    within(
      'path-forgotten',
      'When both ends of a path are closed, nothing of it is left in the boxes after at most the idle timeout of the balancer, a ' +
        'round trip, and the longest partition that heals.',
      forgottenBound(config),
      { from: 'both ends closed', to: 'path empty', key: 'connection' },
    ),
  ];
}

function witnesses(): readonly Property<World>[] {
  return [
    ...FAULTS.map((kind) =>
      sometimes(
        `strike-${kind.replaceAll(' ', '-').toLowerCase()}`,
        `On the way: ${kind}.`,
        when('struck', (told) => told.kind === kind),
      ),
    ),
    ...['own leftover', 'another client'].map((by) =>
      sometimes(
        `refused-by-${by.replaceAll(' ', '-')}`,
        `A client is refused the slot: ${by} has it.`,
        when('refused', (told) => told.by === by),
      ),
    ),
    sometimes(
      'session-back-seen',
      'A client has its session back.',
      when('session settled', ({ how }) => how === 'attached'),
    ),
    sometimes('hup-sent', 'A process that nobody came back to is signalled.', 'signal arrives'),
    sometimes(
      'exit-by-frame',
      'A client learns of the end of the process by the exit frame.',
      when('pump returns', ({ result, why }) => result === 'exit' && why === 'frame'),
    ),
    sometimes('path-forgotten-seen', 'Nothing of a path is left.', 'path empty'),
  ];
}

function measures(): readonly Property<World>[] {
  return [
    measure('lost-to-back', 'From a fault that costs the session to the next session.', {
      from: 'session lost',
      to: when('session settled', ({ how }) => how === 'attached'),
      restart: true,
    }),
    measure('dead-to-free', 'From the end of a client or of its path to the release of its slot.', {
      from: 'session dead',
      to: 'slot released',
      key: 'session',
    }),
    measure('abandoned-to-end', 'From the last release to the end of the process, or to the next attach.', {
      from: 'abandoned',
      to: 'no longer abandoned',
    }),
    measure('closed-to-forgotten', 'From the end of both ends of a path until nothing of it is left.', {
      from: 'both ends closed',
      to: 'path empty',
      key: 'connection',
    }),
  ];
}
