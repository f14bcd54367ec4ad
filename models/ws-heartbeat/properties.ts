import { measure, never, type Property, sometimes, within } from '../../src/property/property.ts';
import type { HeartbeatConfig } from './parameters.ts';
import type { World } from './world.ts';

const DETECTION = { from: 'client dead', to: 'session over' } as const;

export function properties({ interval }: HeartbeatConfig): readonly Property<World>[] {
  return [
    within(
      'dead-client-evicted',
      'From the death of a client to the end of its session: at most two intervals.',
      2 * interval,
      DETECTION,
    ),
    never('live-client-spared', 'The server never ends the session of a client that lives.', {
      event: 'session over',
      where: (data: { client: string }) => data.client === 'lives',
    }),
    never('live-server-kept', 'A client never gives up a server that sweeps and is reached.', {
      event: 'client over',
      where: (data: { gaveUp: boolean }) => data.gaveUp,
    }),
    measure('detection', 'From the death of a client to the end of its session.', DETECTION),
    sometimes('evicted', 'The session of a client comes to its end.', 'session over'),
  ];
}
