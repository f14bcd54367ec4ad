import { ModelError } from './errors.ts';
import type { Kernel } from './kernel.ts';
import type { Process } from './process.ts';
import type { ContentReader, ContentWriter, Tracked } from './tracker.ts';
import { type Proc, Waitable } from './waitable.ts';

/** What a receive gives: a value, or the news that the channel is closed and drained (Go's `v, ok := <-ch`). */
export type Received<T> = { readonly ok: true; readonly value: T } | { readonly ok: false };

const CLOSED: Received<never> = { ok: false };

/** A Go channel: FIFO, `capacity` values buffered (0: each send waits for its receiver; may be `Infinity`). */
export class Channel<T> implements Tracked {
  readonly name: string;
  trackedAs = -1;
  readonly capacity: number;
  /** The receiving end: `yield* ch.receive.wait()`, or a case of a `select`. */
  readonly receive: ReceiveEnd<T>;
  readonly #kernel: Kernel;
  #buffer: T[] = [];
  #senders: Sending<T>[] = [];
  #closed = false;

  constructor(kernel: Kernel, name: string, capacity: number) {
    this.#kernel = kernel;
    this.name = name;
    this.capacity = capacity;
    this.receive = new ReceiveEnd(kernel, this);
    kernel.tracker?.adopt(this.receive);
  }

  get length(): number {
    return this.#told(this.#buffer.length);
  }

  get closed(): boolean {
    return this.#told(this.#closed);
  }

  get canReceive(): boolean {
    return this.#told(this.isReceivable());
  }

  get canSend(): boolean {
    return this.#told(this.isSendable());
  }

  /** @internal `canReceive`, unlogged */
  isReceivable(): boolean {
    this.#kernel.tracker?.touch(this, 'reads');
    return this.#buffer.length > 0 || this.#closed || this.#senders.length > 0;
  }

  /** @internal `canSend`, unlogged */
  isSendable(): boolean {
    this.#kernel.tracker?.touch(this, 'reads');
    this.#kernel.tracker?.touch(this.receive, 'reads');
    return this.#closed || this.receive.hasWaiters || this.#buffer.length < this.capacity;
  }

  /** A send as a case of a `select`. */
  sending(value: T): Sending<T> {
    const known = this.#kernel.tracker?.recall();
    this.#kernel.tracker?.hold(value);
    return known === undefined ? this.#kernel.made(new Sending(this.#kernel, this, value)) : (known as Sending<T>);
  }

  send(value: T): Proc {
    return this.sending(value).wait();
  }

  /** Send without waiting; false if that is not possible now (Go's `select` with a `default`). */
  trySend(value: T): boolean {
    const { tracker } = this.#kernel;
    tracker?.hold(value);
    if (tracker?.replaying === true) return tracker.told(true);
    tracker?.touch(this);
    const can = this.isSendable();
    if (can) this.push(value);
    return this.#told(can);
  }

  /** Closing twice or sending afterwards is a bug in the model, as it is a panic in Go. */
  close(): void {
    if (!this.#kernel.effect(this)) return;
    if (this.#closed) throw new ModelError('close-of-closed', `channel ${this.name} is closed twice`);
    this.#closed = true;
    this.receive.deliverToAll(CLOSED);
    if (this.#senders.length > 0)
      throw new ModelError('send-on-closed', `channel ${this.name} is closed under a sender`);
  }

  /** @internal used by the two ends; only when `canSend` */
  push(value: T): void {
    if (this.#closed) throw new ModelError('send-on-closed', `send on the closed channel ${this.name}`);
    this.#kernel.tracker?.touch(this);
    if (!this.receive.deliver({ ok: true, value })) this.#buffer.push(value);
  }

  /** @internal used by the two ends; only when `canReceive` */
  pull(): Received<T> {
    this.#kernel.tracker?.touch(this);
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
    this.#kernel.tracker?.touch(this);
    this.#senders.push(sender);
  }

  /** @internal */
  delistSender(sender: Sending<T>): void {
    this.#kernel.tracker?.touch(this);
    const index = this.#senders.indexOf(sender);
    if (index >= 0) this.#senders.splice(index, 1);
  }

  save(to: ContentWriter): void {
    to.flag(this.#closed);
    to.objects(this.#senders);
    to.number(this.#buffer.length);
    for (const value of this.#buffer) to.value(value);
  }

  load(from: ContentReader): void {
    this.#closed = from.flag();
    this.#senders = from.objects() as unknown as Sending<T>[];
    this.#buffer = Array.from({ length: from.number() }, () => from.value() as T);
  }

  #told<V>(value: V): V {
    const { tracker } = this.#kernel;
    return tracker === undefined ? value : tracker.told(value, this);
  }
}

class ReceiveEnd<T> extends Waitable<Received<T>> {
  readonly #channel: Channel<T>;

  constructor(kernel: Kernel, channel: Channel<T>) {
    super(kernel, `receive from ${channel.name}`);
    this.#channel = channel;
  }

  isReady(): boolean {
    return this.#channel.isReceivable();
  }

  take(): Received<T> {
    return this.#channel.pull();
  }

  /** Also where nobody waits: what comes of it hangs on that. */
  deliver(received: Received<T>): boolean {
    this.kernel.tracker?.touch(this, 'reads');
    return this.wakeFirst(received) !== undefined;
  }

  deliverToAll(received: Received<T>): void {
    this.kernel.tracker?.touch(this, 'reads');
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
    return this.#channel.isSendable();
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
