/** Wrong edits between the parts: most leave each part right by itself, but it does not fit the next one any more. */
import type { Sim } from '../../src/kernel/sim.ts';
import type { Variant } from '../../src/model/model.ts';
import { heavy, mutantsOf } from '../../src/model/mutant.ts';
import type { Settings } from '../../src/model/parameters.ts';
import { ReleaseForgotten } from '../attach/mutants.ts';
import { PingOnly, Reference } from '../attach/variants.ts';
import { ReferencePump } from '../client/variants.ts';
import { tickerNotStopped } from '../net/keepalive-edits.ts';
import { LoadBalancer, type TimeLimit } from '../net/load-balancer.ts';
import type { TcpSocket } from '../net/tcp.ts';
import { AnsweringProxy } from '../proxy/boxes.ts';
import { ReferenceExec, ReferenceManager } from '../reaper/variants.ts';
import type { Connection } from './connection.ts';
import { Runner } from './runner.ts';
import type { Design } from './world.ts';

/**
 * Finding `first-frame-before-healing`: the reference of models/client waits 20 s for the first frame, which is enough for
 * a runner that pings after 15 s, and too little if a partition heals meanwhile that any later frame would survive.
 */
export const referenceSettings: Settings = { firstFrameTimeout: '40s' };

export const reference: Design = {
  Pump: ReferencePump<Connection>,
  Handler: Reference,
  Runner,
  Proxy: LoadBalancer,
  Exec: ReferenceExec,
  Manager: ReferenceManager,
};

class HandlersNotTold extends Runner {
  protected override tellHandlers(): void {}
}

/** It counts what each connection carries, until its program ends. */
class CountingProxy extends LoadBalancer {
  constructor(sim: Sim, near: TcpSocket, far: TcpSocket, limit: TimeLimit | undefined, name = 'proxy') {
    super(sim, near, far, limit, name);
    const shutdown = sim.signal(`${name} shutdown`);
    sim.spawn(`${name} counter`, () => shutdown.wait(), { daemon: true });
  }
}

class ReleaseNotStamped extends ReferenceExec {
  protected override stampDisconnect(): void {}
}

class NewestWins extends ReferenceExec {
  protected override isFree(): boolean {
    return true;
  }
}

/** The reaper looks at the time of the last disconnect only, and an attach does not clear it. */
class DisconnectTimeOnly extends ReferenceExec {
  protected override clearDisconnect(): void {}

  protected override mayEscalate(): boolean {
    return !this.reapingKill.get() && !this.escalating.get() && !this.isDisconnectZero;
  }
}

const mutant = mutantsOf(
  'reference',
  (change: Partial<Design>): Design => ({ ...reference, ...change }),
  referenceSettings,
);

export const mutants: Readonly<Record<string, Variant<Design>>> = {
  'pongs-not-missed': heavy(
    mutant('session-back', 'the runner of #505 with the reference of the client', {
      Handler: PingOnly,
    }),
  ),
  'pong-wait-above-budget': heavy(
    mutant('living-session-kept', 'pongWait is longer than the budget of the client', {}, { pongWait: '6m' }),
  ),
  'proxy-answers-pings': heavy(
    mutant('dead-session-evicted', 'the proxy terminates WebSocket and answers pings itself', {
      Proxy: AnsweringProxy,
    }),
  ),
  'proxy-counts-for-ever': mutant('path-forgotten', 'the proxy keeps a goroutine for each connection', {
    Proxy: CountingProxy,
  }),
  'idle-timeout-below-interval': heavy(
    mutant(
      'idle-connection-kept',
      'the idle timeout of the balancer is shorter than both ping intervals',
      {},
      { balancerIdle: '14s' },
    ),
  ),
  'watchdog-below-partition': heavy(
    mutant('healthy-session-spared', 'the watchdog is shorter than interval and partition', {}, { watchdog: '16s' }),
  ),
  'grace-below-return': heavy(
    mutant(
      'returning-not-reaped',
      'the reconnect grace is shorter than the way back of the client',
      {},
      { reconnectGrace: '5s' },
    ),
  ),
  'exit-not-passed-on': mutant('exit-reported', 'the handlers are not told of the end of the process', {
    Runner: HandlersNotTold,
  }),
  'release-forgotten': mutant('slot-not-lost', 'the teardown does not release', { Handler: ReleaseForgotten }),
  'timer-leak': mutant('nothing-leaks', 'no ticker.Stop()', { Handler: tickerNotStopped(Reference) }),
  'release-not-stamped': mutant('abandoned-reaped', 'the release does not start the reconnect grace', {
    Exec: ReleaseNotStamped,
  }),
  'disconnect-time-only': mutant(
    'attached-not-signalled',
    'the reaper looks at the last disconnect only, which an attach does not clear',
    { Exec: DisconnectTimeOnly },
  ),
  'newest-wins': mutant('slot-exclusive', 'MarkConnected always grants', { Exec: NewestWins }),
};
