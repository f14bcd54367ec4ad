/** Wrong edits of what is in the path, or of what keeps a connection through it. */
import type { Variant } from '../../src/model/model.ts';
import { heavy, mutantsOf } from '../../src/model/mutant.ts';
import { Shell } from '../attach/shell.ts';
import { Slot } from '../attach/slot.ts';
import { NoPing, Reference } from '../attach/variants.ts';
import { tickerNotStopped } from '../net/keepalive-edits.ts';
import { LoadBalancer } from '../net/load-balancer.ts';
import { AnsweringProxy, MessageProxy } from './boxes.ts';
import type { Design } from './network.ts';

export const reference: Design = {
  Handler: Reference,
  Slot,
  Shell,
  Proxy: LoadBalancer,
  tcpKeepalive: false,
  deadlines: 'monotonic',
};

const mutant = mutantsOf('reference', (change: Partial<Design>): Design => ({ ...reference, ...change }));

export const mutants: Readonly<Record<string, Variant<Design>>> = {
  'proxy-answers-pings': mutant(
    'dead-client-evicted',
    'the proxy terminates WebSocket and answers pings itself',
    { Proxy: AnsweringProxy },
    { proxy: 'there' },
  ),
  'proxy-drops-control-frames': mutant(
    'live-client-spared',
    'the proxy terminates WebSocket and passes on messages only',
    { Proxy: MessageProxy },
    { proxy: 'there' },
  ),
  'tcp-keepalive-for-balancer': mutant(
    'idle-connection-kept',
    'TCP keepalive, each 15 s, instead of pings and deadline',
    { Handler: NoPing, tcpKeepalive: true },
  ),
  'ping-equals-balancer-idle': mutant(
    'idle-connection-kept',
    'interval = idle timeout of an ALB',
    {},
    { interval: '60s' },
  ),
  'deadline-on-wall-clock': mutant('live-client-spared', 'the read deadline is a time of the wall clock', {
    deadlines: 'wall clock',
  }),
  'timer-leak': mutant('nothing-leaks', 'no ticker.Stop()', { Handler: tickerNotStopped(Reference) }),
  'pong-wait-below-partition': heavy(mutant('live-client-spared', 'pongWait = 2 x interval', {}, { pongWait: '30s' })),
};
