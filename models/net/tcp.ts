/**
 * Question: what does a TCP connection tell the program at each end, and when, if the path or the peer is gone?
 * Stands for: Linux TCP as Go's `net.Conn` shows it; one link a direction beneath it.
 * Modelled: FIFO delivery within latency bounds; each direction cut for ever, or until it heals; a middlebox that tracks
 *   the flow and can forget it (nat.ts); a finite send buffer, partial writes,
 *   acknowledgements by the peer's kernel, its finite receive buffer and zero window; a frozen peer program (its
 *   kernel goes on); FIN; RST; data after close answered by RST; giving up retransmission (`tcp_retries2`).
 *   TCP keepalive, where a program turns it on (keepalive.ts).
 * Left out: loss of single segments (retransmission repairs it: more latency, within the bounds or not); congestion; the
 *   wait for the first retransmission after a path has healed, which can be as long as the cut was: it counts to the cut;
 *   window probes, so a path that is cut while the peer's window is shut is never given up (dead peers live longer for
 *   that, never shorter).
 * Time passes: on the links (latency), and in the wait to give up. Everything else takes none.
 */
import type { Bounds } from '../../src/kernel/bounds.ts';
import type { Cell } from '../../src/kernel/cell.ts';
import type { Line } from '../../src/kernel/line.ts';
import type { Signal } from '../../src/kernel/signal.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Timer } from '../../src/kernel/timer.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import { TcpKeepalive, type TcpKeepaliveTimes } from './tcp-keepalive.ts';

/** What travels over a connection, as the programs at its ends see it: a message of so many bytes. */
export interface Frame {
  readonly type: string;
  readonly bytes: number;
  readonly [detail: string]: string | number | boolean;
}

export interface TcpSettings {
  /** One way, for each segment. */
  readonly latency: Bounds;
  /** Bytes that a kernel takes from its program before they are acknowledged. */
  readonly sendBuffer: number;
  /** Bytes that a kernel holds for a program that does not read. */
  readonly receiveBuffer: number;
  /** From the first unacknowledged byte until the kernel gives the connection up (Linux: 924.6 s at the earliest). */
  readonly giveUp: Bounds;
}

/** A piece of a frame; the last piece carries the frame. */
type Data = { readonly kind: 'data'; readonly bytes: number; readonly frame: Frame | null };
/** `bytes` accepted by the peer's kernel. A `shut` window says that it lives, but holds as much as it can. */
type Ack = { readonly kind: 'ack'; readonly bytes: number; readonly shut: boolean };
/** A `probe` is TCP keepalive's: it asks for an acknowledgement, and no program sees it. */
type Segment = Data | Ack | { readonly kind: 'fin' } | { readonly kind: 'rst' } | { readonly kind: 'probe' };

export type WriteResult = 'ok' | 'i/o timeout' | 'closed' | 'reset' | 'timed out';
export type ReadReadiness = 'data' | 'EOF' | Exclude<WriteResult, 'ok'>;

/** Who is told that a write blocks, for traces and properties. */
export interface Writer {
  writeBlocks(frame: Frame): void;
}

/** What sits on a connection, sees each segment go by, and says whether it may. */
export interface Middlebox {
  passes(): boolean;
}

/**
 * One direction of a path. Cutting it loses whatever is sent from then on; what is in flight still arrives. While it is
 * held, what is sent waits for it to heal: the kernel sends it again and again.
 */
export class Link {
  readonly name: string;
  readonly #latency: Bounds;
  readonly #line: Line<Segment>;
  /** Whether it is cut; or, where it is held, what waits for it to heal. */
  readonly #cut: Cell<boolean | readonly Segment[]>;

  constructor(sim: Sim, name: string, latency: Bounds, arrive: (segment: Segment) => void) {
    this.name = name;
    this.#latency = latency;
    this.#line = sim.line(name, arrive);
    this.#cut = sim.cell<boolean | readonly Segment[]>(`${name} cut`, false);
  }

  send(segment: Segment): void {
    const cut = this.#cut.get();
    if (cut === false) this.#line.send(segment, labelOf(segment), this.#latency);
    else {
      this.lose(segment);
      // Nobody sends a RST or a probe a second time.
      if (cut !== true && segment.kind !== 'rst' && segment.kind !== 'probe') this.#cut.set([...cut, segment]);
    }
  }

  /** Sent, and dropped on the way: nobody sees that but who watches the run. */
  protected lose(segment: Segment): void {
    this.#line.lose(labelOf(segment));
  }

  cut(): void {
    this.#cut.set(true);
  }

  /** Cut until it heals. One that is cut for ever stays so. */
  hold(): void {
    if (this.#cut.get() === false) this.#cut.set(NOTHING);
  }

  /** What has waited is sent, in its order. Harmless where it is not held. */
  heal(): void {
    const waiting = this.#cut.get();
    if (typeof waiting === 'boolean') return;
    this.#cut.set(false);
    for (const segment of waiting) this.send(segment);
  }

  /** The kernel has given the connection up: it sends nothing a second time any more. */
  forget(): void {
    if (typeof this.#cut.get() !== 'boolean') this.#cut.set(NOTHING);
  }
}

/** A link that begins at a middlebox. */
class GatedLink extends Link {
  readonly #gate: Middlebox;

  constructor(sim: Sim, name: string, { latency }: TcpSettings, gate: Middlebox, arrive: (segment: Segment) => void) {
    super(sim, name, latency, arrive);
    this.#gate = gate;
  }

  override send(segment: Segment): void {
    if (this.#gate.passes()) super.send(segment);
    else this.lose(segment);
  }
}

function labelOf(segment: Segment): string {
  if (segment.kind !== 'data') return segment.kind;
  return segment.frame === null ? 'part' : segment.frame.type;
}

/** One end of a connection: a kernel's socket, with what the program above it can do. */
export class TcpSocket {
  readonly name: string;
  readonly #sim: Sim;
  readonly #settings: TcpSettings;
  readonly #unacknowledged: Cell<number>;
  readonly #received: Cell<readonly Data[]>;
  /** Sent by the peer, but not accepted: it lies in the peer's send buffer, for our receive buffer is full. */
  readonly #refused: Cell<readonly Data[]>;
  readonly #state: Cell<'open' | 'closed' | 'reset' | 'timed out'>;
  readonly #peerFin: Cell<boolean>;
  readonly #readable: Signal;
  readonly #writable: Signal;
  readonly #giveUp: Timer;
  #out: Link | undefined;
  #onArrival: ((frame: Frame) => void) | undefined;
  #keepalive: TcpKeepalive | undefined;

  constructor(sim: Sim, name: string, settings: TcpSettings) {
    this.name = name;
    this.#sim = sim;
    this.#settings = settings;
    this.#unacknowledged = sim.cell(`${name} unacknowledged`, 0, settings.sendBuffer);
    this.#received = sim.cell<readonly Data[]>(`${name} received`, NOTHING);
    this.#refused = sim.cell<readonly Data[]>(`${name} refused`, NOTHING);
    this.#state = sim.cell<'open' | 'closed' | 'reset' | 'timed out'>(`${name} state`, 'open');
    this.#peerFin = sim.cell(`${name} peer's FIN`, false);
    this.#readable = sim.signal(`${name} readable`);
    this.#writable = sim.signal(`${name} writable`);
    this.#giveUp = sim.time(`${name} gives up`, () => this.#fail('timed out'));
  }

  /** Only when the connection is made. */
  connect(out: Link): void {
    this.#out = out;
  }

  /** Only when the connection is made: who is told of each frame that comes in, for traces and properties. */
  observe(onArrival: (frame: Frame) => void): void {
    this.#onArrival = onArrival;
  }

  /** Only when the connection is made: Go's `SetKeepAlive`. */
  keepAlive(times: TcpKeepaliveTimes): void {
    const probed = {
      probe: () => {
        if (this.#unacknowledged.get() > 0) return false;
        this.#out?.send({ kind: 'probe' });
        return true;
      },
      giveUp: () => this.#fail('timed out'),
    };
    this.#keepalive = this.#sim.object(new TcpKeepalive(this.#sim, this.name, times, probed));
  }

  get isOpen(): boolean {
    return this.#state.get() === 'open';
  }

  // ---- for the program ----

  /**
   * Go's `conn.Write` under an absolute write deadline, if there is one. Blocks while the send buffer is full.
   * `writer` is told when it does.
   */
  *write(frame: Frame, deadline?: Timer, writer?: Writer): Proc<WriteResult> {
    if (this.#state.get() !== 'closed' && deadline?.expired === true) return 'i/o timeout';
    let left = frame.bytes;
    for (;;) {
      const state = this.#state.get();
      if (state !== 'open') return state;
      const taken = Math.min(left, this.#settings.sendBuffer - this.#unacknowledged.get());
      if (taken > 0) {
        left -= taken;
        this.#send({ kind: 'data', bytes: taken, frame: left === 0 ? frame : null });
      }
      if (left === 0) return 'ok';
      writer?.writeBlocks(frame);
      const woken = yield* this.#until(this.#writable, deadline);
      if (woken.case === 'passed') return 'i/o timeout';
    }
  }

  /** A write that does not block: all of the frame, if there is room for it. */
  tryWrite(frame: Frame): boolean {
    if (!this.isOpen || this.#settings.sendBuffer - this.#unacknowledged.get() < frame.bytes) return false;
    this.#send({ kind: 'data', bytes: frame.bytes, frame });
    return true;
  }

  /** Wait until a read would not block. An expired deadline beats data that waits already (Go's poller looks at it first). */
  *waitReadable(deadline?: Timer): Proc<ReadReadiness> {
    if (this.#state.get() !== 'closed' && deadline?.expired === true) return 'i/o timeout';
    for (;;) {
      const state = this.#state.get();
      if (state === 'closed') return 'closed';
      if (this.#received.get().length > 0) return 'data';
      if (state !== 'open') return state;
      if (this.#peerFin.get() && this.#refused.get().length === 0) return 'EOF';
      const woken = yield* this.#until(this.#readable, deadline);
      if (woken.case === 'passed') return 'i/o timeout';
    }
  }

  /** Go's `conn.Read` into `most` bytes, after `waitReadable`: at least one segment, and the frames that it completes. */
  readFrames(most: number): readonly Frame[] {
    const waiting = this.#received.get();
    let count = 0;
    for (let bytes = 0; count < waiting.length; count++) {
      bytes += (waiting[count] as Data).bytes;
      if (bytes > most && count > 0) break;
    }
    this.#received.set(count === waiting.length ? NOTHING : waiting.slice(count));
    this.#acceptRefused();
    const frames: Frame[] = [];
    for (let i = 0; i < count; i++) {
      const { frame } = waiting[i] as Data;
      if (frame !== null) frames.push(frame);
    }
    return frames;
  }

  /** Go's `conn.Close()`: wakes whoever is blocked. With unread data Linux sends RST instead of FIN. */
  close(): void {
    const unread = this.#received.get().length > 0 || this.#refused.get().length > 0;
    if (this.isOpen) this.#out?.send({ kind: unread ? 'rst' : 'fin' });
    if (this.#state.get() !== 'closed') this.#stop('closed');
  }

  /** Destroy the socket as `ss -K` does: RST to the peer, an error to the program. */
  reset(): void {
    if (!this.isOpen) return;
    this.#out?.send({ kind: 'rst' });
    this.#stop('reset');
  }

  // ---- for the network ----

  arrive(segment: Segment): void {
    if (segment.kind === 'data' && segment.frame !== null) this.#onArrival?.(segment.frame);
    if (this.isOpen) this.#keepalive?.heard();
    if (segment.kind === 'rst') this.#fail('reset');
    else if (this.isOpen) this.#take(segment);
    else if (segment.kind === 'data' || segment.kind === 'probe') this.#out?.send({ kind: 'rst' });
  }

  #take(segment: Exclude<Segment, { kind: 'rst' }>): void {
    switch (segment.kind) {
      case 'ack':
        this.#acknowledged(segment);
        break;
      case 'probe':
        this.#out?.send({ kind: 'ack', bytes: 0, shut: this.#refused.get().length > 0 });
        break;
      case 'fin':
        this.#peerFin.set(true);
        this.#readable.broadcast();
        break;
      case 'data':
        this.#refused.set(append(this.#refused.get(), segment));
        if (!this.#acceptRefused()) this.#out?.send({ kind: 'ack', bytes: 0, shut: true });
    }
  }

  #send(data: Data): void {
    this.#unacknowledged.set(this.#unacknowledged.get() + data.bytes);
    if (!this.#giveUp.pending) this.#giveUp.arm(this.#settings.giveUp);
    this.#out?.send(data);
  }

  #acknowledged({ bytes, shut }: Ack): void {
    const left = this.#unacknowledged.get() - bytes;
    this.#unacknowledged.set(left);
    if (shut || left === 0) this.#giveUp.stop();
    else this.#giveUp.arm(this.#settings.giveUp);
    if (bytes > 0) this.#writable.broadcast();
  }

  /** Take what the peer still holds, as far as there is room. Whether anything was taken. */
  #acceptRefused(): boolean {
    let accepted = 0;
    for (;;) {
      const refused = this.#refused.get();
      const next = refused[0];
      const held = this.#received.get();
      if (next === undefined || !this.#hasRoom(held, next.bytes)) break;
      this.#refused.set(refused.length === 1 ? NOTHING : refused.slice(1));
      this.#received.set(append(held, next));
      accepted += next.bytes;
    }
    if (accepted === 0) return false;
    this.#out?.send({ kind: 'ack', bytes: accepted, shut: this.#refused.get().length > 0 });
    this.#readable.broadcast();
    return true;
  }

  #hasRoom(held: readonly Data[], bytes: number): boolean {
    let used = 0;
    for (const data of held) used += data.bytes;
    return used === 0 || used + bytes <= this.#settings.receiveBuffer;
  }

  #fail(state: 'reset' | 'timed out'): void {
    if (this.isOpen) this.#stop(state);
  }

  #stop(state: 'closed' | 'reset' | 'timed out'): void {
    this.#state.set(state);
    this.#refused.set(NOTHING);
    this.#giveUp.stop();
    this.#keepalive?.stop();
    if (state !== 'closed') this.#out?.forget();
    this.#readable.broadcast();
    this.#writable.broadcast();
  }

  /** Block until `signal`, or until the deadline, if there is one, has passed. */
  #until(signal: Signal, deadline: Timer | undefined): Proc<{ readonly case: 'signal' | 'passed' }> {
    return deadline === undefined ? this.#sim.select({ signal }) : this.#sim.select({ signal, passed: deadline });
  }
}

const NOTHING: readonly never[] = [];

function append(list: readonly Data[], data: Data): readonly Data[] {
  return list.length === 0 ? [data] : [...list, data];
}

/** A connection between two places, `a` and `b`, made already. */
export interface TcpConnection {
  readonly a: TcpSocket;
  readonly b: TcpSocket;
  readonly aToB: Link;
  readonly bToA: Link;
}

/** `gate`, if there is one, sits right before `b`. */
export function tcpConnection(sim: Sim, a: string, b: string, settings: TcpSettings, gate?: Middlebox): TcpConnection {
  const socketA = sim.object(new TcpSocket(sim, `${a} socket to ${b}`, settings));
  const socketB = sim.object(new TcpSocket(sim, `${b} socket to ${a}`, settings));
  const aToB = new Link(sim, `${a}→${b}`, settings.latency, (segment) => {
    if (gate === undefined || gate.passes()) socketB.arrive(segment);
  });
  const reachA = (segment: Segment) => socketA.arrive(segment);
  const bToA =
    gate === undefined
      ? new Link(sim, `${b}→${a}`, settings.latency, reachA)
      : new GatedLink(sim, `${b}→${a}`, settings, gate, reachA);
  socketA.connect(aToB);
  socketB.connect(bToA);
  return { a: socketA, b: socketB, aToB, bToA };
}
