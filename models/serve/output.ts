/** What the process of a session writes, in bursts at any time. What the session has no room for is lost. */
import type { Ref } from '../../src/kernel/cell.ts';
import type { Channel } from '../../src/kernel/channel.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Proc } from '../../src/kernel/waitable.ts';

/** How much a burst of output is: a line, a screenful, or more than all buffers on the way to a client hold. */
const BURSTS = { line: 1, screen: 4, flood: 24 } as const;

/** Chunks that wait for a session, at most. */
const SUBSCRIBER_CHUNKS = 24;

export class Output {
  readonly #sim: Sim;
  /** Who gets it, if anybody does. */
  readonly #subscriber: Ref<Channel<'chunk'>>;

  constructor(sim: Sim, bursts: number) {
    this.#sim = sim;
    this.#subscriber = sim.ref('subscriber');
    for (const time of ['1st', '2nd'].slice(0, bursts)) {
      sim.spawn(`writes ${time}`, () => this.#writeAtSomeTime(`written ${time}`), { daemon: true });
    }
  }

  subscribe(session: number): Channel<'chunk'> {
    const subscriber = this.#sim.channel<'chunk'>(`for ${session}`, SUBSCRIBER_CHUNKS);
    this.#subscriber.set(subscriber);
    return subscriber;
  }

  *#writeAtSomeTime(when: string): Proc {
    yield* this.#sim.moment(when).wait();
    const burst = this.#sim.choose('burst', ['flood', 'line', 'screen']);
    this.#sim.emit('output', { burst }, 'process');
    const subscriber = this.#subscriber.get();
    if (subscriber === undefined) return;
    for (let i = 0; i < BURSTS[burst]; i++) subscriber.trySend('chunk');
  }
}
