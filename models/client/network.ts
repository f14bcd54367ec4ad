/** Where connections come from. */
import type { Cell } from '../../src/kernel/cell.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import { type Connection, frame, type Host, type Request } from './connection.ts';
import type { ClientConfig } from './parameters.ts';

export type ConnectionClass = new (sim: Sim, number: number, config: ClientConfig, host: Host) => Connection;

export class Network {
  readonly #sim: Sim;
  readonly #config: ClientConfig;
  readonly #host: Host;
  readonly #Connection: ConnectionClass;
  readonly #count: Cell<number>;

  constructor(sim: Sim, config: ClientConfig, host: Host, connectionClass: ConnectionClass) {
    this.#sim = sim;
    this.#config = config;
    this.#host = host;
    this.#Connection = connectionClass;
    this.#count = sim.cell('connections', 0);
  }

  connect(request: Request): Connection {
    const number = this.#count.get() + 1;
    this.#count.set(number);
    const scope = this.#sim.scope(`${request} ${number}`);
    const connection = scope.object(new this.#Connection(scope, number, this.#config, this.#host));
    connection.client.put(frame(request));
    return connection;
  }
}
