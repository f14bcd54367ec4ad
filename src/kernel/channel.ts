import { ModelError } from './errors.ts';
import type { Kernel } from './kernel.ts';
import type { Process } from './process.ts';
import { type Proc, Waitable } from './waitable.ts';

/** What a receive gives: a value, or the news that the channel is closed and drained (Go's `v, ok := <-ch`). */
export type Received<T> = { readonly ok: true; readonly value: T } | { readonly ok: false };

const CLOSED: Received<never> = { ok: false };

/** A Go channel: FIFO, `capacity` values buffered (0: each send waits for its receiver; may be `Infinity`). */
export class Channel<T> {
  readonly name: string;
  readonly capacity: number;
  /** The receiving end: `yield* ch.receive.wait()`, or a case of a `select`. */
  readonly receive: ReceiveEnd<T>;
  readonly #kernel: Kernel;
  readonly #buffer: T[] = [];
  readonly #senders: Sending<T>[] = [];
  #closed = false;

  constructor(kernel: Kernel, name: string, capacity: number) {
    this.#kernel = kernel;
    this.name = name;
    this.capacity = capacity;
    this.receive = new ReceiveEnd(kernel, this);
  }

  get length(): number {
    return this.#buffer.length;
  }

  get closed(): boolean {
    return this.#closed;
  }

  get canReceive(): boolean {
    return this.#buffer.length > 0 || this.#closed || this.#senders.length > 0;
  }

  get canSend(): boolean {
    return this.#closed || this.receive.hasWaiters || this.#buffer.length < this.capacity;
  }

  /** A send as a case of a `select`. */
  sending(value: T): Sending<T> {
    return new Sending(this.#kernel, this, value);
  }

  send(value: T): Proc {
    return this.sending(value).wait();
  }

  /** Send without waiting; false if that is not possible now (Go's `select` with a `default`). */
  trySend(value: T): boolean {
    if (!this.canSend) return false;
    this.push(value);
    return true;
  }

  /** Closing twice or sending afterwards is a bug in the model, as it is a panic in Go. */
  close(): void {
    if (this.#closed) throw new ModelError('close-of-closed', `channel ${this.name} is closed twice`);
    this.#closed = true;
    this.receive.deliverToAll(CLOSED);
    if (this.#senders.length > 0)
      throw new ModelError('send-on-closed', `channel ${this.name} is closed under a sender`);
  }

  /** @internal used by the two ends; only when `canSend` */
  push(value: T): void {
    if (this.#closed) throw new ModelError('send-on-closed', `send on the closed channel ${this.name}`);
    if (!this.receive.deliver({ ok: true, value })) this.#buffer.push(value);
  }

  /** @internal used by the two ends; only when `canReceive` */
  pull(): Received<T> {
    const sender = this.#senders[0];
    if (this.#buffer.length > 0) {
      const value = this.#buffer.shift() as T;
      if (sender !== undefined) this.#buffer.push(sender.complete());
      return { ok: true, value };
    }
    return sender === undefined ? CLOSED : { ok: true, value: sender.complete() };
  }

  /** @internal */
  enlistSender(sender: Sending<T>): void {
    this.#senders.push(sender);
  }

  /** @internal */
  delistSender(sender: Sending<T>): void {
    const index = this.#senders.indexOf(sender);
    if (index >= 0) this.#senders.splice(index, 1);
  }
}

class ReceiveEnd<T> extends Waitable<Received<T>> {
  readonly #channel: Channel<T>;

  constructor(kernel: Kernel, channel: Channel<T>) {
    super(kernel, `receive from ${channel.name}`);
    this.#channel = channel;
  }

  isReady(): boolean {
    return this.#channel.canReceive;
  }

  take(): Received<T> {
    return this.#channel.pull();
  }

  deliver(received: Received<T>): boolean {
    return this.wakeFirst(received) !== undefined;
  }

  deliverToAll(received: Received<T>): void {
    this.wakeAll(received);
  }
}

class Sending<T> extends Waitable<void> {
  readonly #channel: Channel<T>;
  readonly #value: T;

  constructor(kernel: Kernel, channel: Channel<T>, value: T) {
    super(kernel, `send to ${channel.name}`);
    this.#channel = channel;
    this.#value = value;
  }

  isReady(): boolean {
    return this.#channel.canSend;
  }

  take(): void {
    this.#channel.push(this.#value);
  }

  override enlist(process: Process): void {
    super.enlist(process);
    this.#channel.enlistSender(this);
  }

  override delist(process: Process): void {
    super.delist(process);
    this.#channel.delistSender(this);
  }

  complete(): T {
    this.wakeFirst(undefined);
    return this.#value;
  }
}
