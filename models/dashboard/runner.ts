/**
 * The runner's side: the slot, and one session at a time. Stands for: the attach handler of models/attach in the smallest form
 * that shows what a tab can tell apart, which models/serve has: two tasks, the first to finish ends the session. Here the first
 * ping comes after one interval, and the process writes nothing.
 */
import type { Cell } from '../../src/kernel/cell.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import { Slot } from '../attach/slot.ts';
import { type TcpSocket, tcpConnection } from '../net/tcp.ts';
import { Reference, ServeSession, type SessionClass } from '../serve/session.ts';
import type { DashboardConfig } from './parameters.ts';

/** #505: pings, and nothing that listens for the answer. */
export class PingOnlySession extends ServeSession {
  protected override armFirstPing(): void {
    this.pingDue.arm(this.config.interval);
  }
}

/** #516: a read deadline of 3 x the interval. */
export class PongDeadlineSession extends Reference {
  protected override armFirstPing(): void {
    this.pingDue.arm(this.config.interval);
  }
}

export class Runner {
  readonly slot: Slot;
  readonly #sim: Sim;
  readonly #config: DashboardConfig;
  readonly #Session: SessionClass;
  readonly #sessions: Cell<number>;

  constructor(sim: Sim, config: DashboardConfig, Session: SessionClass) {
    this.#sim = sim;
    this.#config = config;
    this.#Session = Session;
    this.slot = new Slot(sim.scope('slot'));
    this.#sessions = sim.cell('sessions', 0);
  }

  /** The tab's end of a new connection, or undefined where the slot is not free. */
  attach(): TcpSocket | undefined {
    const session = this.#sessions.get() + 1;
    if (!this.slot.markConnected(session)) return undefined;
    this.#sessions.set(session);
    const { latency, giveUp, buffer } = this.#config;
    const net = this.#sim.scope(`net ${session}`);
    const tcp = { latency, giveUp, sendBuffer: buffer, receiveBuffer: buffer };
    const { a, b } = tcpConnection(net, 'tab', 'runner', tcp);
    const scope = this.#sim.scope(`session ${session}`);
    const served = scope.object(
      new this.#Session({
        sim: scope,
        config: this.#config,
        slot: this.slot,
        session,
        socket: b,
        output: scope.channel<'chunk'>('output', 1),
      }),
    );
    scope.spawn('attach', () => served.serve(), { daemon: true });
    scope.whenEmpty(() => this.#sim.emit('session empty', { session }, 'runner'));
    return a;
  }
}
