/** The port of the attach handler in a world whose decisions are called as those of models/attach, so that a schedule fits both. */
import { createServer } from 'node:http';
import { parameters as attachParameters } from '../../models/attach/parameters.ts';
import { HostProgram, nameWebSocketBytes, SimulatedSocket, tcpConnection } from '../../node/index.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import { defineModel } from '../../src/model/model.ts';
import type { Config } from '../../src/model/parameters.ts';
import { measure, never, sometimes, within } from '../../src/property/property.ts';
import { AttachPort, PoliteAttachPort } from './attach-port.ts';
import { connect } from './recipe.ts';

const TICKS_PER_MS = 1000;

const { interval, pongWait, latency, giveUp, sendBuffer, receiveBuffer } = attachParameters;
const parameters = { interval, pongWait, latency, giveUp, sendBuffer, receiveBuffer } as const;
type PortConfig = Config<typeof parameters>;

interface World {
  readonly isDead: { get(): boolean };
}

function build(sim: Sim, config: PortConfig, Port: typeof AttachPort): World {
  const isDead = sim.cell<boolean>('client 1 dead', false);
  const runner = new HostProgram(sim.scope('runner'));
  const client = new HostProgram(sim.scope('client 1'));
  const net = tcpConnection(sim.scope('runner net 1'), 'client 1', 'runner', config);
  net.b.observe(({ type }) => {
    if (type === 'pong') sim.emit('arrives', { frame: type }, 'runner');
  });
  const http = createServer();
  const milliseconds = { intervalMs: config.interval / TICKS_PER_MS, pongWaitMs: config.pongWait / TICKS_PER_MS };
  const isAttached = sim.latch('attached');
  runner.run(() => {
    const port = new Port(milliseconds, (name, data) => {
      if (name === 'slot taken') isAttached.fire();
      sim.emit(name, name === 'slot released' ? { clientDead: isDead.get() } : data, 'runner');
    });
    port.serve(http);
    http.emit('connection', new SimulatedSocket(sim, 'runner socket', net.b, runner, nameWebSocketBytes));
  });
  client.run(() => {
    const ws = connect(new SimulatedSocket(sim, 'client 1 socket', net.a, client, nameWebSocketBytes));
    ws.on('error', () => undefined);
  });
  sim.spawn('client 1 fate', () => meetFate(), { daemon: true });
  sim.spawn('story', () => tell(), { daemon: true });
  return { isDead };

  function* meetFate(): Proc {
    yield* isAttached.wait();
    yield* sim.faultMoment('client 1 end').wait();
    isDead.set(true);
    net.aToB.cut();
    net.bToA.cut();
    client.kill();
    sim.emit('client dead', undefined, 'client 1');
  }

  function* tell(): Proc {
    yield* sim.sleep(6 * config.pongWait, 'watched');
    sim.finish();
  }
}

const DETECTION = { from: 'client dead', to: 'slot released' } as const;

export const realAttach = defineModel<typeof parameters, typeof AttachPort, World>({
  name: 'attach-real',
  question: 'Does the port of the attach handler to ws evict a dead client in time, and a live one never?',
  parameters,
  variants: {
    'pong-deadline': {
      about: 'The loop of the attach handler, ported to ws and run as it is.',
      design: AttachPort,
      expect: { kind: 'system', violates: {} },
    },
    'graceful-close-of-dead': {
      about: 'The same with close() in the place of terminate().',
      design: PoliteAttachPort,
      expect: {
        kind: 'mutant',
        of: 'pong-deadline',
        edit: 'ws.terminate() becomes ws.close(1001)',
        killedBy: 'dead-client-evicted',
      },
    },
  },
  build,
  properties: (config) => [
    within(
      'dead-client-evicted',
      'From the death of a client to the release of its slot: at most pongWait, plus the latency of a pong in flight.',
      config.pongWait + config.latency.max,
      DETECTION,
    ),
    never('live-client-spared', 'A live client keeps its slot.', {
      event: 'slot released',
      where: (data: { clientDead: boolean }) => !data.clientDead,
    }),
    measure('detection', 'From the death of a client to the release of its slot.', DETECTION),
    sometimes('evicted', 'A slot is released.', 'slot released'),
  ],
});
