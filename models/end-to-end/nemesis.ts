/**
 * What goes wrong on the way and at the client, again and again: at any moment, at any hop, one thing at a time, with calm
 * in between, in which the client is promised to come back.
 */
import { loop, type Round } from '../../src/kernel/loop.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import type { Promises } from '../client/promises.ts';
import type { LoadBalancer } from '../net/load-balancer.ts';
import type { TcpConnection } from '../net/tcp.ts';
import { type Connection, isSurvived, STRIKES, type Strike } from './connection.ts';
import type { EndToEndConfig } from './parameters.ts';
import type { Runner } from './runner.ts';
import type { User } from './user.ts';

const HOPS = ['client to balancer', 'balancer to proxy', 'proxy to runner'] as const;
export const FAULTS = [...STRIKES, 'client suspended'] as const;

export class Nemesis {
  readonly #sim: Sim;
  readonly #config: EndToEndConfig;
  readonly #user: User;
  readonly #runner: Runner;
  readonly #promises: Promises;

  constructor(sim: Sim, config: EndToEndConfig, user: User, runner: Runner, promises: Promises) {
    this.#sim = sim;
    this.#config = config;
    this.#user = user;
    this.#runner = runner;
    this.#promises = promises;
  }

  begin(): void {
    this.#sim.spawn('strikes', () => loop(() => this.#strikeOnce()), { daemon: true });
  }

  *#strikeOnce(): Round {
    yield* this.#sim.faultMoment('time').wait();
    const { struckNext } = this.#user;
    if (struckNext !== undefined) yield* this.#strike(struckNext);
    yield* this.#sim.sleep(this.#config.calm);
    return undefined;
  }

  *#strike(connection: Connection): Proc {
    const kind = this.#sim.chooseFault('kind', FAULTS);
    if (kind === 'client suspended') return yield* this.#suspend(connection);
    const place = kind === 'FIN swallowed' ? 0 : HOPS.indexOf(this.#sim.choose('hop', HOPS));
    const { hops, boxes } = connection.route;
    const hop = hops[place] as TcpConnection;
    const box = boxes[Math.min(place, boxes.length - 1)] as LoadBalancer;
    connection.strike(kind, hop, box);
    this.#sim.emit('struck', { connection: connection.number, kind, hop: HOPS[place] }, 'path');
    this.#tell(connection, kind);
    if (!isSurvived(kind) || kind === 'FIN swallowed') return;
    yield* this.#sim.sleep(this.#config.partition, 'partition');
    connection.heal(hop, box);
  }

  #tell(connection: Connection, kind: Strike): void {
    if (isSurvived(kind) || this.#runner.exited.fired) this.#promises.excuse(kind);
    else this.#promises.sessionLost(kind);
    if (!isSurvived(kind) && this.#runner.isHeldBy(connection)) {
      this.#sim.emit('session dead', { session: connection.number, why: kind }, 'path');
    }
  }

  /** Its kernel goes on. When it runs again it is owed its session, if it has lost it. */
  *#suspend(connection: Connection): Proc {
    connection.excuse();
    this.#promises.excuse('suspended');
    this.#user.freeze();
    this.#sim.emit('struck', { connection: connection.number, kind: 'client suspended' }, 'client');
    yield* this.#sim.sleep(this.#config.suspension, 'suspension');
    this.#user.thaw();
    this.#sim.emit('resumes', undefined, 'client');
    if (!this.#user.isWorking) return;
    if (this.#runner.exited.fired) this.#promises.processExited();
    else if (this.#user.inUse === connection && !this.#runner.isHeldBy(connection))
      this.#promises.sessionLost('resumed');
  }
}
