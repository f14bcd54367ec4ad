/**
 * Question: what becomes of a terminal in a browser tab that is throttled, suspended, or older than its signed URL?
 * Stands for: the dashboard's terminal and VNC tabs, and the browser beneath them.
 * Modelled: a browser that answers pings by itself and cannot send any; a page whose timers are throttled (they fire late,
 *   once a minute) or, like the browser, suspended (nothing runs; it may resume); a signed URL that is good for an attach
 *   while it lives; the attach after the end of a connection.
 * Left out: input and output; a machine whose kernel is suspended too, which TCP gives up after 924.6 s at the earliest
 *   (here the kernel goes on and acknowledges); what a page does after it has reset its terminal itself; other ends of the connection (models/attach has them).
 * Where the sources are silent, this is assumed: a page that sees the end of its connection attaches again after `retry`;
 *   409 makes it wait and ask again, 403 (the URL is too old) makes it give up.
 * Time passes: in the page's timers, in the answer to a ping, and on the network.
 *
 *     attached ──end seen──▶ waits ──▶ attaches ──101──▶ attached
 *                              ▲          ├─409──▶ waits
 *                              └──────────┘ └─403──▶ given up
 */
import { between } from '../../src/kernel/bounds.ts';
import type { Cell, Ref } from '../../src/kernel/cell.ts';
import { BREAK, loop, type Round } from '../../src/kernel/loop.ts';
import type { Program } from '../../src/kernel/program.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Timer } from '../../src/kernel/timer.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import type { Frame, ReadReadiness, TcpSocket } from '../net/tcp.ts';
import { pong } from '../net/websocket.ts';
import { type DashboardConfig, FATES } from './parameters.ts';
import type { Runner } from './runner.ts';

/** `awake` and `throttled` until it is suspended for the first time: from then on it may be evicted. */
export type Condition = 'awake' | 'throttled' | 'suspended' | 'resumed';

export class Tab {
  protected readonly sim: Sim;
  protected readonly config: DashboardConfig;
  readonly #runner: Runner;
  readonly #program: Program;
  readonly #condition: Cell<Condition>;
  readonly #socket: Ref<TcpSocket>;
  readonly #urlExpiry: Timer;
  /** For the properties only: from here on the next attach comes too late for the URL that the page has. */
  readonly #lastCall: Timer;

  constructor(sim: Sim, config: DashboardConfig, runner: Runner) {
    this.sim = sim;
    this.config = config;
    this.#runner = runner;
    this.#program = sim.program();
    this.#condition = sim.cell<Condition>('condition', 'awake');
    this.#socket = sim.ref('socket');
    this.#urlExpiry = sim.time('url expiry');
    this.#lastCall = sim.time('last call');
  }

  get condition(): Condition {
    return this.#condition.get();
  }

  /** The page is loaded: its URL was signed just now, and its terminal is attached. */
  open(): void {
    const { urlLife, retry, latency } = this.config;
    this.#urlExpiry.arm(urlLife);
    this.#lastCall.arm(Math.max(0, urlLife - retry - latency.max - 1));
    this.#attached(this.#runner.attach());
    this.#program.spawn('page', () => loop(() => this.#stayAttached()), { daemon: true });
    this.#program.spawn('expiry', () => this.#watchUrl(), { daemon: true });
    this.sim.spawn('fate', () => this.#meetFate(), { daemon: true });
  }

  #attached(socket: TcpSocket | undefined): void {
    this.#socket.set(socket);
  }

  // ---- browser and page ----

  /** What the browser does while there is a connection, and the page when there is none. */
  *#stayAttached(): Round {
    const end = yield* loop(() => this.#read(this.#socket.get() as TcpSocket));
    return end === 'closed' ? BREAK : yield* this.afterEnd();
  }

  /** Comes to how the connection ended: `closed` by the page itself. */
  *#read(socket: TcpSocket): Round<Exclude<ReadReadiness, 'data'>> {
    const ready = yield* socket.waitReadable();
    if (ready === 'closed') return ready;
    if (ready !== 'data') {
      socket.close();
      const inTime = !this.#lastCall.expired;
      this.sim.emit('sees the end', { how: ready, condition: this.condition, inTime }, 'tab');
      return ready;
    }
    for (const frame of socket.readFrames(Infinity)) if (frame.type === 'ping') yield* this.#answer(socket);
    return undefined;
  }

  *#answer(socket: TcpSocket): Proc {
    yield* this.beforePong();
    const answer: Frame = pong();
    yield* socket.write(answer);
    this.sim.emit('answers ping', { condition: this.condition }, 'tab');
  }

  /** The browser answers by itself: the page's timers do not matter. */
  protected *beforePong(): Proc {
    yield* this.sim.sleep(this.config.answer, 'answer');
  }

  /** A wait of the page. */
  protected *pageWait(length: number, label: string): Proc {
    const late = this.condition === 'throttled' ? this.config.throttle : 0;
    yield* this.sim.sleep(between(length, length + late), label);
  }

  /** Comes to nothing when the page is attached again, to `BREAK` when it has given up. */
  protected *afterEnd(): Round {
    const status = yield* loop(() => this.#attachOnce());
    if (status === 101) return undefined;
    this.sim.emit('gives up', { status }, 'tab');
    return BREAK;
  }

  *#attachOnce(): Round<101 | 403> {
    yield* this.pageWait(this.config.retry, 'retry');
    yield* this.beforeAttach();
    yield* this.sim.sleep(this.config.latency, 'request');
    const isTooOld = this.#urlExpiry.expired;
    const socket = isTooOld ? undefined : this.#runner.attach();
    yield* this.sim.sleep(this.config.latency, 'response');
    const status = isTooOld ? 403 : socket === undefined ? 409 : 101;
    this.sim.emit('attach answered', { status }, 'tab');
    if (status === 409) return undefined;
    this.#attached(socket);
    return status;
  }

  /** Nothing: the page uses the URL that it was loaded with. */
  protected *beforeAttach(): Proc {}

  protected *fetchUrl(): Proc {
    const { latency } = this.config;
    yield* this.sim.sleep(between(2 * latency.min, 2 * latency.max), 'fetch');
    this.#urlExpiry.arm(this.config.urlLife);
  }

  // ---- the signed URL ----

  *#watchUrl(): Proc {
    yield* this.pageWait(this.config.urlLife, 'expiry');
    this.onUrlExpired();
  }

  /** Since #516: nothing. The URL is for the attach; the connection outlives it. */
  protected onUrlExpired(): void {}

  protected reset(): void {
    this.sim.emit('resets its terminal', { condition: this.condition }, 'tab');
    this.#socket.get()?.close();
  }

  // ---- what happens to it ----

  *#meetFate(): Proc {
    yield* this.sim.faultMoment('time').wait();
    const { fate } = this.config;
    const kind = fate === 'any' ? this.sim.chooseFault('kind', FATES) : fate;
    if (kind === 'is throttled') {
      this.#condition.set('throttled');
      this.sim.emit('throttled', undefined, 'tab');
      return;
    }
    this.#condition.set('suspended');
    this.#program.freeze();
    this.sim.emit('suspended', { attached: this.#runner.slot.isHeld }, 'tab');
    const { suspension, longSuspension } = this.config;
    yield* this.sim.sleep(kind === 'is suspended' ? suspension : longSuspension, 'suspension');
    this.#condition.set('resumed');
    this.#program.thaw();
    this.sim.emit('resumes', { attached: this.#runner.slot.isHeld }, 'tab');
    this.sim.emit('slot settled', { by: 'resumed' }, 'tab');
  }
}

/** Before #516: a page whose URL expires resets its terminal, live or not. */
export class ResettingTab extends Tab {
  protected override onUrlExpired(): void {
    this.reset();
  }
}

/** Finding `url-outlived`: the URL is as old as the page; a page that comes back fetches a fresh one first. */
export class ReferenceTab extends Tab {
  protected override *beforeAttach(): Proc {
    yield* this.fetchUrl();
  }
}
