/**
 * Question: what do the two programs at the ends of a connection see when the path between them, or one of them, is gone?
 * Stands for: a TCP connection with a WebSocket on top, as the client's reads and writes show it.
 * Modelled: FIFO delivery within the latency; each direction cut for ever; FIN and RST; a machine that is gone; giving
 *   up (`tcp_retries2`, or `tcp_syn_retries` for a connection that never came to be) once something is not acknowledged;
 *   a paste, which is more than all buffers on the way hold: its write ends when the other program has read it.
 * Left out, against models/net/tcp.ts, to keep this small: bytes and buffers, since of all that is sent here only a
 *   paste can fill one; acknowledgements as segments: what arrives is acknowledged at once, if the way back is not cut
 *   (an acknowledgement that is lost in flight would make a dead path be noticed earlier, never later); the handshake
 *   (the first frame stands for the request and all before it); a balancer.
 * Time passes: on the lines (latency), and in the wait to give up. Everything else takes none.
 */
import type { Cell } from '../../src/kernel/cell.ts';
import type { Channel, Received } from '../../src/kernel/channel.ts';
import type { Latch } from '../../src/kernel/latch.ts';
import type { Line } from '../../src/kernel/line.ts';
import type { Signal } from '../../src/kernel/signal.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Timer } from '../../src/kernel/timer.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import type { Frame } from '../net/tcp.ts';
import { type Err, pong } from '../net/websocket.ts';
import type { ClientConfig } from './parameters.ts';

/** What is asked in the first frame of a connection. */
export type Request = 'attach' | 'status';

/** What a pump asks of its end of a connection, whatever is beneath. */
export interface PumpSocket {
  /** What has arrived and was not read; the last frame is an `end`, with how it ended. */
  readonly inbox: Channel<Frame>;
  /** It can be written to again. */
  readonly unblocked: Signal;
  readonly isBlocked: boolean;
  /** Whether what is put reaches nobody any more. */
  readonly isCut: boolean;
  put(frame: Frame): Err;
  write(frame: Frame): Proc<Err>;
  close(): void;
}

export interface PumpConnection {
  readonly number: number;
  /** Something has happened to the path: what follows is not the programs' fault. */
  readonly isStruck: boolean;
  readonly client: PumpSocket;
}

/** How a connection can be struck. The first is the default of the decision. */
export const STRIKES = ['cut', 'cut to client', 'cut to runner', 'reset'] as const;
export type Strike = (typeof STRIKES)[number];

/** A frame of any sort; how many bytes it has does not matter here. */
export function frame(type: string, detail: Readonly<Record<string, string | number>> = {}): Frame {
  return { type, bytes: 0, ...detail };
}

/** What was received; an inbox is never closed, but if it were, that would be the end. */
export function frameIn(got: Received<Frame>): Frame {
  return got.ok ? got.value : frame('end', { how: 'EOF' });
}

/** One end of a connection: what its program reads and writes, and what its kernel does by itself. */
export class Socket implements PumpSocket {
  /** What has arrived and was not read; the last frame is an `end`, with how it ended. */
  readonly inbox: Channel<Frame>;
  /** Nothing can be written any more: closed here or there, reset, or given up. */
  readonly ended: Latch;
  /** It can be written to again. */
  readonly unblocked: Signal;
  readonly #sim: Sim;
  readonly #config: ClientConfig;
  readonly #line: Line<Frame>;
  readonly #cut: Cell<boolean>;
  readonly #givesUp: Timer;
  readonly #blocked: Cell<boolean>;

  constructor(sim: Sim, name: string, config: ClientConfig, deliver: (frame: Frame) => void) {
    this.#sim = sim;
    this.#config = config;
    this.inbox = sim.channel<Frame>(`${name} inbox`, Infinity);
    this.ended = sim.latch(`${name} ended`);
    this.#line = sim.line<Frame>(name, deliver);
    this.#cut = sim.cell(`${name} cut`, false);
    this.#givesUp = sim.time(`${name} gives up`, () => this.#end('timed out'));
    this.#blocked = sim.cell(`${name} blocked`, false);
    this.unblocked = sim.signal(`${name} unblocked`);
  }

  get isCut(): boolean {
    return this.#cut.get();
  }

  // ---- for the program ----

  /** Hand a frame to the kernel. It is gone at once, but a paste blocks the connection: nothing may be put then. */
  put(frame: Frame): Err {
    if (this.ended.fired) return 'closed';
    if (frame.type === 'paste') this.#blocked.set(true);
    if (this.#cut.get()) {
      this.#line.lose(frame.type);
      this.unacknowledged(frame);
    } else this.#line.send(frame, frame.type, this.#config.latency);
    return undefined;
  }

  /** A paste fills all buffers on the way until the program at the other end has read it. */
  get isBlocked(): boolean {
    return this.#blocked.get();
  }

  /** Any frame, and then as long as the connection is blocked, under a deadline if there is one. */
  *write(frame: Frame, deadline?: Timer): Proc<Err> {
    const err = this.put(frame);
    if (err !== undefined || !this.isBlocked) return err;
    this.#sim.emit('send blocks', { frame: frame.type });
    const wakers = { unblocked: this.unblocked, ended: this.ended };
    const got = yield* deadline === undefined
      ? this.#sim.select(wakers)
      : this.#sim.select({ ...wakers, passed: deadline });
    if (got.case === 'unblocked') return undefined;
    return got.case === 'ended' ? 'closed' : 'i/o timeout';
  }

  close(): void {
    if (this.ended.fired) return;
    this.put(frame('end', { how: 'EOF' }));
    this.#finish();
  }

  // ---- for the network ----

  /** Lose what is sent from now on; what is in flight still arrives. */
  cut(): void {
    this.#cut.set(true);
  }

  reset(): void {
    if (this.ended.fired) return;
    this.put(frame('end', { how: 'reset' }));
    this.#end('reset');
  }

  arrive(frame: Frame): void {
    if (this.ended.fired) return;
    if (frame.type === 'end') this.#finish();
    this.inbox.trySend(frame);
  }

  /** The kernel sends it again and again, until it gives up. */
  unacknowledged(frame: Frame): void {
    if (this.ended.fired || this.#givesUp.pending) return;
    this.#givesUp.arm(
      frame.type === 'attach' || frame.type === 'status' ? this.#config.synGiveUp : this.#config.giveUp,
    );
  }

  /** The kernel at the other end has room again, and said so. */
  unblock(): void {
    this.#blocked.set(false);
    this.unblocked.broadcast();
  }

  #end(how: string): void {
    this.#finish();
    this.inbox.trySend(frame('end', { how }));
  }

  #finish(): void {
    this.#givesUp.stop();
    this.ended.fire();
  }
}

/** The machine at the far end, as far as its kernel and its listener matter. */
export interface Host {
  /** Whether its kernel takes what arrives. */
  readonly isUp: boolean;
  /** Whether its program will ever read that. */
  readonly isRunning: boolean;
  accept(connection: Connection, request: Request): void;
}

export class Connection implements PumpConnection {
  /** Counted from 1. */
  readonly number: number;
  readonly client: Socket;
  readonly runner: Socket;
  /** Something has happened to the path: what follows is not the programs' fault. */
  readonly #struck: Cell<boolean>;
  readonly #host: Host;

  constructor(sim: Sim, number: number, config: ClientConfig, host: Host) {
    this.number = number;
    this.#host = host;
    this.#struck = sim.cell('struck', false);
    this.client = new Socket(sim, 'client→runner', config, (frame) => this.reachRunner(frame));
    this.runner = new Socket(sim, 'runner→client', config, (frame) => this.#reachClient(frame));
  }

  get isStruck(): boolean {
    return this.#struck.get();
  }

  /** The runner's program has read a paste. */
  pasteRead(): void {
    if (!this.runner.isCut) this.client.unblock();
  }

  strike(kind: Strike): void {
    this.#struck.set(true);
    if (kind === 'reset') {
      this.client.reset();
      this.runner.reset();
      return;
    }
    if (kind !== 'cut to client') this.client.cut();
    if (kind !== 'cut to runner') this.runner.cut();
  }

  protected reachRunner(frame: Frame): void {
    const { isUp, isRunning } = this.#host;
    if (!isUp || this.runner.isCut) this.client.unacknowledged(frame);
    if (!isRunning) return;
    if (frame.type === 'attach' || frame.type === 'status') this.#host.accept(this, frame.type);
    else this.runner.arrive(frame);
  }

  #reachClient(frame: Frame): void {
    if (this.client.isCut) this.runner.unacknowledged(frame);
    this.client.arrive(frame);
  }
}

/** A proxy before the runner that answers the client's pings itself. */
export class ConnectionThroughProxy extends Connection {
  protected override reachRunner(frame: Frame): void {
    if (frame.type === 'ping') this.runner.put(pong());
    else super.reachRunner(frame);
  }
}
