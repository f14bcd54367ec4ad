import { ModelError } from './errors.ts';
import type { Kernel } from './kernel.ts';
import type { Process } from './process.ts';
import type { Sim } from './sim.ts';
import type { ContentReader, ContentWriter } from './tracker.ts';
import { type Proc, Waitable } from './waitable.ts';

/**
 * Go's `sync.Mutex` under contention: first come, first served (Go's starvation mode, entered after a waiter has
 * waited for 1 ms). Unlike Go's it must be unlocked by the process that locked it. As a `select` case it is a lock
 * attempt that can be given up.
 */
export class Mutex extends Waitable<void> {
  #owner: Process | undefined;
  readonly #sim: Sim;

  constructor(kernel: Kernel, sim: Sim, name: string) {
    super(kernel, name);
    this.#sim = sim;
  }

  get owner(): Process | undefined {
    const { tracker } = this.kernel;
    return tracker === undefined ? this.#owner : tracker.told(this.#owner, this);
  }

  get locked(): boolean {
    return this.owner !== undefined;
  }

  isReady(): boolean {
    return this.#owner === undefined;
  }

  take(): void {
    this.#setOwner(this.kernel.running());
  }

  lock(): Proc {
    return this.wait();
  }

  override enlist(process: Process): void {
    super.enlist(process);
    this.kernel.note(process.name, `waits for ${this.name}`, { heldBy: this.#owner?.name });
  }

  /** Hands the lock to the process that has waited longest, which then becomes ready. */
  unlock(): void {
    if (!this.kernel.effect(this)) return;
    const process = this.kernel.running();
    if (this.#owner !== process) {
      const holder = this.#owner === undefined ? 'nobody holds it' : `${this.#owner.name} holds it`;
      throw new ModelError('unlock-not-held', `${process.name} unlocks ${this.name}, but ${holder}`);
    }
    this.#setOwner(undefined);
    const next = this.wakeFirst(undefined);
    if (next !== undefined) this.#setOwner(next);
  }

  override save(to: ContentWriter): void {
    super.save(to);
    to.object(this.#owner);
  }

  override load(from: ContentReader): void {
    super.load(from);
    this.#owner = from.object() as Process | undefined;
  }

  #setOwner(owner: Process | undefined): void {
    this.kernel.tracker?.touch(this);
    if (this.#owner !== undefined) this.#sim.lockReleased();
    if (owner !== undefined) this.#sim.lockTaken();
    this.#owner = owner;
  }
}
