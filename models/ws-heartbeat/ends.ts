/**
 * Both ends of the README's heartbeat, statement by statement. `isAlive` is set by the connection and by each pong; a sweep
 * terminates whoever has not been alive since the last one, and pings all others. The client waits for each ping for the
 * interval and a second more. `ws` answers pings on its own.
 */
import type { Cell, Ref } from '../../src/kernel/cell.ts';
import { BREAK, loop, type Round } from '../../src/kernel/loop.ts';
import type { Program } from '../../src/kernel/program.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Ticker } from '../../src/kernel/ticker.ts';
import type { Timer } from '../../src/kernel/timer.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import type { TcpSocket } from '../net/tcp.ts';
import type { HeartbeatConfig } from './parameters.ts';
import type { Arm, ClientSide, ServerSide, Tell } from './world.ts';

const REQUEST = { type: 'request', bytes: 256 } as const;
const RESPONSE = { type: 'response', bytes: 129 } as const;
const PING = { type: 'ping', bytes: 2 } as const;
const PONG = { type: 'pong', bytes: 6 } as const;

type Connection = 'none' | 'open' | 'over';

class RecipeServer implements ServerSide {
  readonly #sim: Sim;
  readonly #config: HeartbeatConfig;
  readonly #tell: Tell;
  readonly #isAlive: Cell<boolean>;
  readonly #connection: Cell<Connection>;
  readonly #socket: Ref<TcpSocket>;

  constructor(sim: Sim, config: HeartbeatConfig, tell: Tell) {
    this.#sim = sim;
    this.#config = config;
    this.#tell = tell;
    this.#isAlive = sim.cell('isAlive', false);
    this.#connection = sim.cell<Connection>('connection', 'none');
    this.#socket = sim.ref('socket');
  }

  start(): void {
    this.#sim.spawn('sweeps', () => this.#sweep(), { daemon: true });
  }

  accept(socket: TcpSocket): void {
    this.#socket.set(socket);
    this.#sim.spawn('receives', () => loop(() => this.#read()), { daemon: true });
  }

  *#sweep(): Proc {
    const interval = this.#sim.ticker('sweep', this.#config.interval);
    yield* loop(() => this.#sweepOnce(interval));
  }

  *#sweepOnce(interval: Ticker): Round {
    yield* interval.wait();
    if (this.#connection.get() !== 'open') return undefined;
    if (!this.#isAlive.get()) {
      this.onSilence();
      return undefined;
    }
    this.#isAlive.set(false);
    yield* this.#connected.write(PING);
    return undefined;
  }

  *#read(): Round {
    const ready = yield* this.#connected.waitReadable();
    if (ready !== 'data') {
      this.#terminate();
      return BREAK;
    }
    for (const { type } of this.#connected.readFrames(Infinity)) {
      if (type === 'pong') this.onPong();
      if (type === 'request') yield* this.#upgrade();
    }
    return undefined;
  }

  *#upgrade(): Proc {
    yield* this.#connected.write(RESPONSE);
    this.#connection.set('open');
    this.#isAlive.set(true);
    this.#tell.connection();
  }

  protected onPong(): void {
    this.#isAlive.set(true);
  }

  protected onSilence(): void {
    this.#terminate();
  }

  get #connected(): TcpSocket {
    return this.#socket.get() as TcpSocket;
  }

  #terminate(): void {
    this.#connected.close();
    if (this.#connection.get() !== 'open') return;
    this.#connection.set('over');
    this.#tell.sessionOver();
  }
}

/** A wrong edit: nobody listens for the pong. */
class DeafServer extends RecipeServer {
  protected override onPong(): void {}
}

/** A wrong edit: who is silent is only left out of the sweep. */
class PatientServer extends RecipeServer {
  protected override onSilence(): void {}
}

class RecipeClient implements ClientSide {
  readonly #config: HeartbeatConfig;
  readonly #tell: Tell;
  readonly #program: Program;
  readonly #connection: Cell<Connection>;
  readonly #socket: Ref<TcpSocket>;
  readonly #pingTimeout: Timer;

  constructor(sim: Sim, config: HeartbeatConfig, tell: Tell) {
    this.#config = config;
    this.#tell = tell;
    this.#program = sim.program();
    this.#connection = sim.cell<Connection>('connection', 'none');
    this.#socket = sim.ref('socket');
    this.#pingTimeout = sim.time('pingTimeout', () => this.#terminate());
  }

  connect(socket: TcpSocket): void {
    this.#socket.set(socket);
    this.#program.spawn('requests', () => this.#connected.write(REQUEST), { daemon: true });
    this.#program.spawn('receives', () => loop(() => this.#read()), { daemon: true });
  }

  vanish(): void {
    this.#pingTimeout.stop();
    this.#program.kill();
  }

  *#read(): Round {
    const ready = yield* this.#connected.waitReadable();
    if (ready !== 'data') {
      this.#terminate();
      return BREAK;
    }
    for (const { type } of this.#connected.readFrames(Infinity)) {
      if (type === 'response') {
        this.#connection.set('open');
        this.#tell.opened();
      }
      this.#pingTimeout.arm(this.#config.patience);
      if (type === 'ping') yield* this.#connected.write(PONG);
    }
    return undefined;
  }

  get #connected(): TcpSocket {
    return this.#socket.get() as TcpSocket;
  }

  #terminate(): void {
    this.#pingTimeout.stop();
    this.#connected.close();
    if (this.#connection.get() !== 'open') return;
    this.#connection.set('over');
    this.#tell.clientOver();
  }
}

function armOf(Server: new (...of: ConstructorParameters<typeof RecipeServer>) => ServerSide): Arm {
  return {
    server: (sim, config, tell) => new Server(sim, config, tell),
    client: (sim, config, tell) => new RecipeClient(sim, config, tell),
  };
}

export const recipe: Arm = armOf(RecipeServer);
export const deaf: Arm = armOf(DeafServer);
export const patient: Arm = armOf(PatientServer);
