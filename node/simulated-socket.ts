/**
 * One end of a simulated TCP connection (models/net/tcp.ts) as the stream that Node's programs know: what `net.Socket` is
 * to them. Modelled: writes that wait while the send buffer is full; reads that stop while the program does not want
 * more, until the receive buffer is full; FIN, RST, and giving up as the errors that Node shows. Left out: half-closed
 * connections (`end` closes both directions once all is written), addresses, and `setTimeout` of the socket.
 */
import { Duplex } from 'node:stream';
import type { TcpSocket } from '../models/net/tcp.ts';
import type { Channel } from '../src/kernel/channel.ts';
import { BREAK, loop, type Round } from '../src/kernel/loop.ts';
import type { Signal } from '../src/kernel/signal.ts';
import type { Sim } from '../src/kernel/sim.ts';
import type { HostProgram } from './host-program.ts';

/** The errors of the host, by what the simulated kernel says. */
const CODES: Readonly<Record<string, string>> = { reset: 'ECONNRESET', 'timed out': 'ETIMEDOUT', closed: 'EPIPE' };

interface Written {
  readonly bytes: Buffer;
  readonly done: (error?: Error | null) => void;
}

/** Says what bytes are, in one word: for the names of decisions, and for people. */
export type NameBytes = (bytes: Buffer) => string;

export class SimulatedSocket extends Duplex {
  readonly remoteAddress = '192.0.2.1';
  readonly #tcp: TcpSocket;
  readonly #program: HostProgram;
  readonly #nameBytes: NameBytes;
  readonly #outgoing: Channel<Written>;
  readonly #wanted: Signal;
  #wantsMore = true;

  /** `name` is the socket's among the processes of `sim`. */
  constructor(sim: Sim, name: string, tcp: TcpSocket, program: HostProgram, nameBytes: NameBytes) {
    super({ allowHalfOpen: false });
    this.#tcp = tcp;
    this.#program = program;
    this.#nameBytes = nameBytes;
    this.#outgoing = sim.channel<Written>(`${name} outgoing`, Infinity);
    this.#wanted = sim.signal(`${name} wanted`);
    sim.spawn(`${name} sends`, () => loop(() => this.#send()), { daemon: true });
    sim.spawn(`${name} receives`, () => loop(() => this.#receive()), { daemon: true });
  }

  // ---- what programs ask of a net.Socket ----

  setTimeout(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  destroySoon(): void {
    this.end(() => this.destroy());
  }

  // ---- the stream ----

  override _write(bytes: Buffer, _encoding: string, done: Written['done']): void {
    this.#outgoing.trySend({ bytes, done });
  }

  override _writev(chunks: readonly { readonly chunk: Buffer }[], done: Written['done']): void {
    this.#outgoing.trySend({ bytes: Buffer.concat(chunks.map(({ chunk }) => chunk)), done });
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#tcp.close();
    done();
  }

  override _read(): void {
    this.#wantsMore = true;
    this.#wanted.broadcast();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#tcp.close();
    this.#wanted.broadcast();
    done(error);
  }

  // ---- the wire ----

  *#send(): Round {
    const got = yield* this.#outgoing.receive.wait();
    if (!got.ok) return BREAK;
    const { bytes, done } = got.value;
    const result = yield* this.#tcp.write({
      type: this.#nameBytes(bytes),
      bytes: bytes.length,
      content: bytes.toString('latin1'),
    });
    this.#program.run(() => done(result === 'ok' ? null : errorOf('write', result)));
    return result === 'ok' ? undefined : BREAK;
  }

  *#receive(): Round {
    const ready = yield* this.#tcp.waitReadable();
    if (ready === 'data') {
      if (!this.#wantsMore && !this.destroyed) {
        yield* this.#wanted.wait();
        return undefined;
      }
      const frames = this.#tcp.readFrames(1);
      this.#program.run(() => {
        for (const { content } of frames) this.#wantsMore = this.push(Buffer.from(String(content), 'latin1'));
      });
      return undefined;
    }
    this.#program.run(() => {
      if (ready === 'EOF' || ready === 'closed') this.push(null);
      else this.destroy(errorOf('read', ready));
    });
    return BREAK;
  }
}

function errorOf(call: 'read' | 'write', result: string): Error {
  const code = CODES[result] ?? 'EIO';
  return Object.assign(new Error(`${call} ${code}`), { code, syscall: call });
}
