/** What is promised through proxies and balancers, what must be seen, and what is measured. In plain English first. */
import {
  always,
  measure,
  never,
  type Property,
  sometimes,
  sometimesExactly,
  within,
} from '../../src/property/property.ts';
import { nothingLeaks } from '../attach/properties.ts';
import { DISTRESSES } from '../net/distresses.ts';
import { endsAreSeen } from '../net/ends.ts';
import { CLOCK_STEPS } from '../net/wall-clock.ts';
import {
  disturbance,
  inFlight,
  KEEPABLE,
  liveClientIsPromised,
  type ProxyConfig,
  pingsKeep,
  roundTrip,
} from './parameters.ts';
import type { World } from './world.ts';

interface Told {
  readonly attached: boolean;
  readonly by: string;
  readonly cause: string;
  readonly condition: string;
  readonly distress?: string;
  readonly hops: number;
  readonly how: string;
  readonly kind: string;
  readonly layer: number;
  readonly product: string;
  readonly proxy: boolean;
}

const when = (event: string, where: (told: Told) => boolean) => ({ event, where });
const died = (where: (told: Told) => boolean) => when('client dead', (told) => told.attached && where(told));
const isDeaf = ({ kind }: Told) => kind === 'goes deaf';
/** One that is forgotten has been in no distress before. */
const wasWell = ({ distress, kind }: Told) => distress === undefined || kind === 'is forgotten';

/** A flow that somebody is attached over. */
const FORGOTTEN = when('cut at its limit', ({ attached, layer }) => attached && layer === 4);

const RELEASED = { to: 'slot released', key: 'session' } as const;

export function properties(config: ProxyConfig): readonly Property<World>[] {
  return [...promises(config), ...witnesses(config), ...measures()];
}

function promises(config: ProxyConfig): readonly Property<World>[] {
  const { pongWait } = config;
  const products = config.product === 'any' ? KEEPABLE : [config.product];
  const keeps = products.every((product) => pingsKeep(config, product));
  return [
    within(
      'dead-client-evicted',
      'However many proxies acknowledge for it: from the death of a client, or from the moment from which a NAT drops its ' +
        'frames, to the release of its slot, at most pongWait plus the latency bound of the path, for a frame that was in flight.',
      pongWait + inFlight(config),
      { from: died((told) => !isDeaf(told) && wasWell(told)), ...RELEASED },
    ),
    within(
      'deaf-client-evicted',
      'A client that hears nothing more can still answer a ping that was on its way to it: at most pongWait plus a round trip.',
      pongWait + roundTrip(config),
      { from: died((told) => isDeaf(told) && wasWell(told)), ...RELEASED },
    ),
    within(
      'distressed-client-evicted',
      'One that was in distress before it died: the same, plus what a partition or slow reading can delay a pong.',
      pongWait + roundTrip(config) + disturbance(config),
      { from: died((told) => !wasWell(told)), ...RELEASED },
    ),
    within(
      'silent-drop-noticed',
      'When a box that tracks the flow forgets it for idleness, the slot is free after at most pongWait and the latency of the path.',
      pongWait + inFlight(config),
      { from: FORGOTTEN, ...RELEASED },
    ),
    always(
      'live-client-spared',
      'A client that is alive, polls, and answers keeps its session, through a partition that heals, late ticks, slow reading, ' +
        'and steps of the wall clock. Promised where interval + late tick + round trip (six where there is output) + the longest ' +
        'partition, or the longest time to read all output slowly, < pongWait, and, where there is output, round trip and the ' +
        'longest of those < writeDeadline; equality is not enough. With ' +
        `these parameters it is ${liveClientIsPromised(config) ? '' : 'not '}promised.`,
      ({ client, slot, shell }) =>
        client.session === undefined ||
        client.condition !== 'promised' ||
        shell.exited.fired ||
        slot.isHeldBy(client.session),
    ),
    never(
      'idle-connection-kept',
      'No box in the path cuts the connection of a live client. Promised where interval + late tick + the variation of the ' +
        `latency < the time of the product, and data starts that anew. With these parameters it is ${keeps ? '' : 'not '}promised.`,
      when('cut at its limit', ({ attached, condition }) => attached && condition === 'promised'),
    ),
    nothingLeaks(config),
  ];
}

function witnesses(config: ProxyConfig): readonly Property<World>[] {
  return [
    ...endsAreSeen(),
    ...DISTRESSES.map((kind) =>
      sometimes(
        `client-${kind.replaceAll(' ', '-')}`,
        `To a client that lives: ${kind}.`,
        when('distressed', (told) => told.kind === kind),
      ),
    ),
    sometimes('partition-healed', 'A partition heals.', 'heals'),
    ...CLOCK_STEPS.map((how) =>
      sometimes(
        `clock-steps-${how}`,
        `The wall clock steps ${how}.`,
        when('clock steps', (told) => told.how === how),
      ),
    ),
    ...[1, 2, 3].map((hops) =>
      sometimes(
        `hops-${hops}`,
        `The path has so many TCP connections: ${hops}.`,
        when('set up', (told) => told.hops === hops),
      ),
    ),
    sometimes('ping-answered', 'A ping is answered.', 'answers ping'),
    sometimesExactly('tick-late', 'The first ping is as late as can be.', config.interval + config.lateTick.max, {
      from: when('read deadline armed', ({ by }) => by === 'start'),
      to: 'ping sent',
    }),
    sometimes(
      'evicted-by-deadline',
      'The read deadline evicts.',
      when('fails', ({ cause }) => cause === 'read: i/o timeout'),
    ),
  ];
}

function measures(): readonly Property<World>[] {
  return [
    measure('death-to-release', 'From the death of a client to the release of its slot.', {
      from: died(() => true),
      ...RELEASED,
    }),
    measure('drop-to-release', 'From the moment from which an idle flow is dropped to the release of the slot.', {
      from: FORGOTTEN,
      ...RELEASED,
    }),
  ];
}
