/** The composition: one client, the path to the runner, one terminal handler and its shell. */
import { BREAK, loop, type Round } from '../../src/kernel/loop.ts';
import type { Signal } from '../../src/kernel/signal.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import { latencyBound, MILLISECOND } from '../net/parameters.ts';
import { connectPath, hopsOf, type PathKind } from '../net/path.ts';
import { Peer } from '../net/peer.ts';
import { WebSocketConn } from '../net/websocket.ts';
import type { HandlerClass, TerminalHandler } from './handler.ts';
import { type TerminalConfig, watchedFor } from './parameters.ts';
import { TerminalShell } from './shell.ts';

/** What state properties look at. */
export interface World {
  readonly client: Peer;
  readonly shell: TerminalShell;
}

export function buildWorld(sim: Sim, config: TerminalConfig, Handler: HandlerClass): World {
  const kind = config.path === 'any' ? sim.choose('path', ['direct', 'balanced']) : config.path;
  const shell = new TerminalShell(sim.scope('shell'), config);
  const terminal = sim.scope('terminal');
  const client: Peer = new Peer(sim.scope('client'), config, {
    atDeath: (end) => ({ kind: end, hops: hopsOf(kind), attached: handler.isOpen, quiet: handler.isQuiet }),
  });
  const over = sim.signal('terminal over');
  const handler: TerminalHandler = new Handler({
    sim: terminal,
    config,
    shell,
    upgrade: () => upgrade(sim, config, kind, client),
  });
  terminal.spawn('handler', () => serve(handler, over), { daemon: true });
  terminal.whenEmpty(() => sim.emit('terminal empty', undefined, 'terminal'));
  if (config.ends === 'story') sim.spawn('story', () => tell(sim, config, client, handler, over), { daemon: true });
  return { client, shell };
}

function upgrade(sim: Sim, config: TerminalConfig, kind: PathKind, client: Peer): WebSocketConn | undefined {
  if (config.entry === 'any' && sim.chooseFault('upgrade', ['succeeds', 'fails']) === 'fails') {
    sim.emit('upgrade fails');
    return undefined;
  }
  const { latency, sendBuffer, receiveBuffer, giveUp, balancerIdle } = config;
  const net = sim.scope('net');
  const path = connectPath(net, client.name, {
    tcp: { latency, sendBuffer, receiveBuffer, giveUp },
    kind,
    balancerIdle,
    onIdleCut: () => net.emit('balancer cuts idle connection', { condition: client.condition }, 'balancer'),
  });
  client.connected(path);
  const scope = sim.scope('terminal');
  return scope.object(new WebSocketConn(scope, path.runnerSocket, MILLISECOND));
}

function* serve(handler: TerminalHandler, over: Signal): Proc {
  yield* handler.handleWebSocketTerminal();
  over.broadcast();
}

/** The story ends when the terminal of a dead client is over; or, if nothing happens to the client, after a while. */
function* tell(sim: Sim, config: TerminalConfig, client: Peer, handler: TerminalHandler, over: Signal): Proc {
  yield* sim.sleep(watchedFor(config), 'watched');
  if (client.isGone) yield* loop(() => untilOver(handler, over));
  yield* sim.sleep(latencyBound(config) + 1, 'end');
  sim.finish();
}

function* untilOver(handler: TerminalHandler, over: Signal): Round {
  if (!handler.isOpen) return BREAK;
  yield* over.wait();
  return undefined;
}
