/**
 * A program of the real host inside a simulated run: JavaScript that calls `setTimeout`, unmodified. Modelled: its timers,
 * which are timers of the simulation; the ticks and promises that its code leaves, which are run before its step is over.
 * Left out: `node:timers` and `node:timers/promises` that are imported (a global that is called is found when it is
 * called, an import is not); files, real sockets, threads: what waits for the real host never comes.
 */
import type { Duration } from '../src/kernel/bounds.ts';
import { between } from '../src/kernel/bounds.ts';
import type { Sim } from '../src/kernel/sim.ts';
import type { Timer } from '../src/kernel/timer.ts';

/** Ticks of the simulation in a millisecond: a microsecond each. */
const TICKS_PER_MS = 1000;
/** What the host does with lengths that it cannot hold. */
const LONGEST_MS = 2 ** 31 - 1;

const REPLACED = [
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'setImmediate',
  'clearImmediate',
] as const;
type Globals = Record<(typeof REPLACED)[number], unknown>;
type Callback = (...values: unknown[]) => void;

/** What `setTimeout` gives; the parts of Node's that programs use. */
class Handle {
  readonly #timer: Timer;
  readonly #ticks: Duration;

  constructor(timer: Timer, ticks: Duration) {
    this.#timer = timer;
    this.#ticks = ticks;
  }

  refresh(): this {
    this.#timer.arm(this.#ticks);
    return this;
  }

  close(): this {
    this.#timer.stop();
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return true;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** Several can be in one run; each has timers of its own, and none is entered while another one's code runs. */
export class HostProgram {
  readonly #sim: Sim;
  readonly #lateMs: number;
  readonly #timers = new Set<Timer>();
  readonly #globals: Globals;
  #isDead = false;

  /** `lateMs`: how late its timers may be. Their names, in decisions, begin with the name of `sim`. */
  constructor(sim: Sim, lateMs = 0) {
    this.#sim = sim;
    this.#lateMs = lateMs;
    const clear = (handle: unknown) => {
      if (handle instanceof Handle) handle.close();
    };
    this.#globals = {
      setTimeout: (callback: Callback, ms?: number, ...values: unknown[]) => this.#timeout(callback, ms, values),
      setInterval: (callback: Callback, ms?: number, ...values: unknown[]) => this.#interval(callback, ms, values),
      setImmediate: (callback: Callback, ...values: unknown[]) =>
        this.#arm('setImmediate', 0, () => callback(...values)),
      clearTimeout: clear,
      clearInterval: clear,
      clearImmediate: clear,
    };
    runTicks();
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** Let code of the program run, with all that it leaves for "next tick". A dead one does nothing. */
  run(code: () => void): void {
    if (this.#isDead) return;
    const host = globalThis as unknown as Globals;
    const before: Partial<Globals> = {};
    for (const name of REPLACED) {
      before[name] = host[name];
      host[name] = this.#globals[name];
    }
    try {
      code();
      runTicks();
    } finally {
      Object.assign(host, before);
    }
  }

  /** It is gone, as after a power cut: no code of it runs any more. */
  kill(): void {
    this.#isDead = true;
    for (const timer of this.#timers) timer.stop();
  }

  #timeout(callback: Callback, ms: number | undefined, values: readonly unknown[]): Handle {
    const length = lengthOf(ms);
    return this.#arm(`setTimeout ${length}ms`, this.#ticks(length), () => callback(...values));
  }

  #interval(callback: Callback, ms: number | undefined, values: readonly unknown[]): Handle {
    const length = lengthOf(ms);
    const handle: Handle = this.#arm(`setInterval ${length}ms`, this.#ticks(length), () => {
      handle.refresh();
      callback(...values);
    });
    return handle;
  }

  #ticks(ms: number): Duration {
    return this.#lateMs === 0 ? ms * TICKS_PER_MS : between(ms * TICKS_PER_MS, (ms + this.#lateMs) * TICKS_PER_MS);
  }

  #arm(name: string, ticks: Duration, fire: () => void): Handle {
    const timer = this.#sim.time(name, () => this.run(fire));
    this.#timers.add(timer);
    timer.arm(ticks);
    return new Handle(timer, ticks);
  }
}

/** As the host does. */
function lengthOf(ms = 1): number {
  return ms >= 1 && ms <= LONGEST_MS ? Math.trunc(ms) : 1;
}

/**
 * What Node itself does between two timers: the queue of `process.nextTick`, then promises, until both are empty. Promises
 * are run only where no promise is being run already: a test that needs them begins its runs in a `setImmediate`.
 */
function runTicks(): void {
  const { _tickCallback } = process as unknown as { readonly _tickCallback?: () => void };
  if (_tickCallback === undefined) throw new Error('this version of Node has no process._tickCallback');
  _tickCallback();
}
