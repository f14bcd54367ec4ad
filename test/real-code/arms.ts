/** Real `ws`, unmodified, at both ends of the world of models/ws-heartbeat. */
import { createServer, type Server } from 'node:http';
import type { WebSocketServer } from 'ws';
import { heartbeatWith } from '../../models/ws-heartbeat/model.ts';
import type { HeartbeatConfig } from '../../models/ws-heartbeat/parameters.ts';
import type { Arm, ClientSide, ServerSide, Tell } from '../../models/ws-heartbeat/world.ts';
import { HostProgram, nameWebSocketBytes, SimulatedSocket, type TcpSocket } from '../../node/index.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import { connect, serve, serveDeaf, watch } from './recipe.ts';

const TICKS_PER_MS = 1000;

type Serve = (server: Server, intervalMs: number) => WebSocketServer;

class RealServer implements ServerSide {
  readonly #sim: Sim;
  readonly #config: HeartbeatConfig;
  readonly #tell: Tell;
  readonly #serve: Serve;
  readonly #program: HostProgram;
  readonly #http = createServer();

  constructor(sim: Sim, config: HeartbeatConfig, tell: Tell, serveWith: Serve) {
    this.#sim = sim;
    this.#config = config;
    this.#tell = tell;
    this.#serve = serveWith;
    this.#program = new HostProgram(sim);
  }

  start(): void {
    this.#program.run(() => {
      const wss = this.#serve(this.#http, this.#config.interval / TICKS_PER_MS);
      wss.on('connection', (ws) => {
        this.#tell.connection();
        ws.on('close', () => this.#tell.sessionOver());
      });
    });
  }

  accept(tcp: TcpSocket): void {
    const socket = new SimulatedSocket(this.#sim, 'socket', tcp, this.#program, nameWebSocketBytes);
    this.#program.run(() => void this.#http.emit('connection', socket));
  }
}

class RealClient implements ClientSide {
  readonly #sim: Sim;
  readonly #config: HeartbeatConfig;
  readonly #tell: Tell;
  readonly #program: HostProgram;

  constructor(sim: Sim, config: HeartbeatConfig, tell: Tell) {
    this.#sim = sim;
    this.#config = config;
    this.#tell = tell;
    this.#program = new HostProgram(sim);
  }

  connect(tcp: TcpSocket): void {
    const socket = new SimulatedSocket(this.#sim, 'socket', tcp, this.#program, nameWebSocketBytes);
    this.#program.run(() => {
      const client = connect(socket);
      watch(client, this.#config.patience / TICKS_PER_MS);
      client.on('open', () => this.#tell.opened());
      client.on('close', () => this.#tell.clientOver());
    });
  }

  vanish(): void {
    this.#program.kill();
  }
}

function armWith(serveWith: Serve): Arm {
  return {
    server: (sim, config, tell) => new RealServer(sim, config, tell, serveWith),
    client: (sim, config, tell) => new RealClient(sim, config, tell),
  };
}

/** The same test body as models/ws-heartbeat, over real code. */
export const realHeartbeat = heartbeatWith('ws-heartbeat-real', {
  recipe: {
    about: 'The heartbeat of the README of ws, run as it is.',
    design: armWith(serve),
    expect: { kind: 'system', violates: {} },
  },
  'pong-ignored': {
    about: 'The same without its listener for pongs.',
    design: armWith(serveDeaf),
    expect: { kind: 'mutant', of: 'recipe', edit: "delete: ws.on('pong', heartbeat)", killedBy: 'live-client-spared' },
  },
});
