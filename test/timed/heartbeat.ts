/**
 * Question: is a client that died noticed in time, and a live one never given up?
 * Source: folklore (a ping, a pong, a deadline that each pong sets anew); the smallest relative of models/attach.
 *
 * Modelled: a server that pings every interval and gives up when its deadline runs out; a client that answers each ping
 * at once until it dies, at any moment; a FIFO link either way, with room for one ping and one pong at a time: a round trip
 * is shorter than the interval.
 * Left out: everything else.
 * Time passes: between pings, on the links, in the deadline, until the client dies.
 *
 * Known: a live client is never given up exactly when timeout > interval + 2 latency (the greatest one): at the sum
 * itself the pong and the deadline are due at the same instant. A dead one is given up at least timeout - interval -
 * latency after its death, if it dies just before a ping comes, and at most latency + timeout after it, if it dies just after
 * it sent a pong.
 */
import type { Subject } from '../../src/engine/run.ts';
import type { Bounds, Ticks } from '../../src/kernel/bounds.ts';
import type { Line } from '../../src/kernel/line.ts';
import { BREAK, loop, type Round } from '../../src/kernel/loop.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Ticker } from '../../src/kernel/ticker.ts';
import type { Timer } from '../../src/kernel/timer.ts';
import { measure, never, sometimes, within } from '../../src/property/property.ts';
import { toy } from '../support/toy.ts';

interface HeartbeatOptions {
  readonly interval: Ticks;
  readonly timeout: Ticks;
  readonly latency: Bounds;
  /** What is promised instead of latency + timeout. */
  readonly bound?: Ticks;
}

class Heartbeat {
  readonly #sim: Sim;
  readonly #latency: Bounds;
  readonly #death: Timer;
  readonly #pings: Line<'ping'>;
  readonly #pongs: Line<'pong'>;
  readonly #ticker: Ticker;
  readonly #deadline: Timer;

  constructor(sim: Sim, { interval, timeout, latency }: HeartbeatOptions) {
    this.#sim = sim;
    this.#latency = latency;
    this.#death = sim.faultMoment('client dies');
    this.#death.onFire = () => sim.emit('dies', undefined, 'client');
    this.#pings = sim.line<'ping'>('server→client', () => this.#clientGotPing());
    this.#pongs = sim.line<'pong'>('client→server', () => this.#deadline.arm(timeout));
    this.#ticker = sim.ticker('ticker', interval);
    this.#deadline = sim.deadline('deadline', timeout);
    sim.spawn('server', () => loop(() => this.#serve()));
  }

  #clientGotPing(): void {
    if (!this.#death.expired) this.#pongs.send('pong', 'pong', this.#latency);
  }

  *#serve(): Round {
    const { case: what } = yield* this.#sim.select({ tick: this.#ticker, late: this.#deadline });
    if (what === 'late') {
      this.#sim.emit('gives up', { clientIsAlive: !this.#death.expired });
      this.#sim.finish();
      return BREAK;
    }
    this.#pings.send('ping', 'ping', this.#latency);
    return undefined;
  }
}

export function heartbeat(options: HeartbeatOptions): Subject {
  const { interval, timeout, latency } = options;
  const span = { from: 'dies', to: 'gives up' };
  return toy((sim: Sim) => void new Heartbeat(sim, options), {
    tickNs: 1000,
    properties: [
      within('dead-noticed', 'A dead client is given up in time.', options.bound ?? latency.max + timeout, span),
      never('live-spared', 'A live client is never given up.', {
        event: 'gives up',
        where: (data: { clientIsAlive: boolean }) => data.clientIsAlive,
      }),
      measure('death-to-end', 'From the death of the client until it is given up.', span),
      sometimes('gives-up', 'A client is given up.', 'gives up'),
    ],
    limits: { horizon: 2 * (interval + timeout) },
  });
}
