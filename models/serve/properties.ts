/** What the reference server promises, what must be seen, and what is measured. In plain English first. */
import { always, measure, never, type Property, sometimes, within } from '../../src/property/property.ts';
import { endsAreSeen } from '../net/ends.ts';
import { latencyBound, roundTripBound } from '../net/parameters.ts';
import type { ServeConfig } from './parameters.ts';
import type { World } from './world.ts';

interface ServeEvent {
  readonly attached: boolean;
  readonly condition: string;
  readonly holdsSlot: boolean;
  readonly how: string;
  readonly kind: string;
  readonly result: string;
  readonly session: number;
}

const when = (event: string, where: (data: ServeEvent) => boolean) => ({ event, where });
const isDeaf = ({ kind }: ServeEvent): boolean => kind === 'goes deaf';
const key = 'session';

export function properties(config: ServeConfig): readonly Property<World>[] {
  return [...promises(config), ...witnesses(), ...measures()];
}

function promises(config: ServeConfig): readonly Property<World>[] {
  const { interval, readTimeout, sendTimeout } = config;
  const isPromised = interval + roundTripBound(config) < readTimeout && roundTripBound(config) < sendTimeout;
  return [
    within(
      'dead-client-freed',
      'From the death of a client to the release of its slot: at most readTimeout (3 x interval, as #516 claims of the ' +
        'runner), plus the latency bound of the path, for a frame of its that was still in flight.',
      readTimeout + latencyBound(config),
      { from: when('client dead', (data) => data.attached && !isDeaf(data)), to: 'slot released', key },
    ),
    within(
      'deaf-client-freed',
      'A client that hears nothing more can still answer a ping that was on its way to it: at most readTimeout plus a ' +
        'whole round trip.',
      readTimeout + roundTripBound(config),
      { from: when('client dead', (data) => data.attached && isDeaf(data)), to: 'slot released', key },
    ),
    always(
      'live-client-spared',
      'A client that is alive, polls, and answers each ping within the stated round trip keeps its session. Promised where ' +
        'interval + round trip < readTimeout and the round trip < sendTimeout. With these parameters it is ' +
        `${isPromised ? '' : 'not '}promised.`,
      ({ first, slot }) => first.condition !== 'promised' || slot.isHeldBy(1),
    ),
    never(
      'idle-connection-kept',
      'The balancer never cuts a live client for idleness.',
      when('balancer cuts idle connection', ({ condition }) => condition === 'promised'),
    ),
    within(
      'first-frame-at-once',
      'A client is sent its first frame, a ping or output, at the very instant of its attach: no first-frame timeout can fire.',
      0,
      { from: 'slot taken', to: 'send over', key },
    ),
    within(
      'send-bounded',
      'A send that blocks is over, one way or the other, after at most sendTimeout.',
      sendTimeout,
      {
        from: 'send blocks',
        to: 'send settled',
        key,
      },
    ),
    within('teardown-at-once', 'When one task finishes, the slot is freed at that very instant.', 0, {
      from: 'task finishes',
      to: 'slot released',
      key,
    }),
    within(
      'nothing-outlives-release',
      'When the slot is released, nothing of the session is left at that very instant.',
      0,
      {
        from: 'slot released',
        to: 'session empty',
        key,
      },
    ),
    never(
      'slot-not-lost',
      'No session is over while it still holds the slot.',
      when('attach over', ({ holdsSlot }) => holdsSlot),
    ),
  ];
}

function witnesses(): readonly Property<World>[] {
  return [
    ...endsAreSeen(),
    sometimes('second-attach-refused', 'A second attach gets 409.', 'attach refused'),
    sometimes(
      'second-attach-succeeds',
      'A later attach succeeds.',
      when('slot taken', ({ session }) => session > 1),
    ),
    sometimes('ping-answered', 'A ping is answered.', 'answers ping'),
    sometimes('send-blocks', 'A send waits for room in the send buffer.', 'send blocks'),
    sometimes(
      'send-times-out',
      'A send is not accepted within sendTimeout.',
      when('send over', ({ result }) => result === 'i/o timeout'),
    ),
    sometimes(
      'read-times-out',
      'The read deadline ends the session.',
      when('receive ends', ({ how }) => how === 'i/o timeout'),
    ),
    sometimes(
      'ended-by-tcp',
      'TCP gives up.',
      when('receive ends', ({ how }) => how === 'timed out'),
    ),
  ];
}

function measures(): readonly Property<World>[] {
  return [
    measure('death-to-release', 'From the death of a client to the release of its slot.', {
      from: when('client dead', ({ attached }) => attached),
      to: 'slot released',
      key,
    }),
  ];
}
