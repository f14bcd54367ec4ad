import type { Kernel } from './kernel.ts';
import type { ContentReader, ContentWriter, Tracked } from './tracker.ts';

/** Plain data, as far as a cell or an event can hold it: no functions, no class instances, no cycles. */
export type Plain = null | undefined | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain };

/** A variable that processes share. All such state lives in kernel objects, so that the kernel can see, hash and restore it. */
class Variable<T> implements Tracked {
  readonly name: string;
  trackedAs = -1;
  /** The most that it can hold, where it is a level: for those who draw it. */
  readonly most: number | undefined;
  protected readonly kernel: Kernel;
  private value: T;

  constructor(kernel: Kernel, name: string, initial: T, most?: number) {
    this.kernel = kernel;
    this.name = name;
    this.most = most;
    this.value = initial;
  }

  get(): T {
    const { tracker } = this.kernel;
    return tracker === undefined ? this.value : tracker.told(this.value, this);
  }

  set(value: T): void {
    this.kernel.tracker?.hold(value);
    this.put(value);
  }

  protected put(value: T): void {
    if (this.kernel.effect(this)) this.value = value;
  }

  save(to: ContentWriter): void {
    to.value(this.value);
  }

  load(from: ContentReader): void {
    this.value = from.value() as T;
  }
}

/** A shared variable for plain data. */
export class Cell<T extends Plain> extends Variable<T> {}

/** A shared variable that names an object: the connection of now, say; undefined where there is none. */
export class Ref<T extends object> extends Variable<T | undefined> {
  override set(value: T | undefined): void {
    this.kernel.tracker?.holdOne(value);
    this.put(value);
  }
}
