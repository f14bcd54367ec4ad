/**
 * The shell that a terminal handler starts for its client, and for nobody else. Modelled: a start that takes its time or
 * fails, output in bursts at any time, the end by the handler. Left out: an end of its own, and input that it does not
 * read (models/attach has both); what the bytes are. What does not fit into its pipe is not written.
 */
import type { Cell } from '../../src/kernel/cell.ts';
import type { Channel } from '../../src/kernel/channel.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import type { TerminalConfig } from './parameters.ts';

/** How much a burst of output is: a line, a screenful, or more than all buffers on the way to a client hold. */
const BURSTS = { line: 1, screen: 4, flood: 24 } as const;

/** Chunks that wait for the handler, at most. */
const PIPE_CHUNKS = 24;

export class TerminalShell {
  readonly output: Channel<'chunk'>;
  readonly #sim: Sim;
  readonly #config: TerminalConfig;
  readonly #state: Cell<'not started' | 'running' | 'ended'>;

  constructor(sim: Sim, config: TerminalConfig) {
    this.#sim = sim;
    this.#config = config;
    this.output = sim.channel<'chunk'>('output', PIPE_CHUNKS);
    this.#state = sim.cell<'not started' | 'running' | 'ended'>('state', 'not started');
    for (const time of ['1st', '2nd'].slice(0, config.outputs)) {
      sim.spawn(`writes ${time}`, () => this.#writeAtSomeTime(`written ${time}`), { daemon: true });
    }
  }

  get isRunning(): boolean {
    return this.#state.get() === 'running';
  }

  get hasEnded(): boolean {
    return this.#state.get() === 'ended';
  }

  /** False if that fails. */
  *start(): Proc<boolean> {
    yield* this.#sim.sleep(this.#config.start, 'start');
    if (this.#config.entry === 'any' && this.#sim.chooseFault('start', ['succeeds', 'fails']) === 'fails') {
      this.#sim.emit('start fails', undefined, 'shell');
      return false;
    }
    this.#state.set('running');
    this.#sim.emit('shell starts', undefined, 'shell');
    return true;
  }

  /** SIGHUP: it ends at once. Harmless where it did not start. */
  end(): void {
    if (!this.isRunning) return;
    this.#state.set('ended');
    this.#sim.emit('shell ends', undefined, 'shell');
  }

  *#writeAtSomeTime(when: string): Proc {
    yield* this.#sim.moment(when).wait();
    if (!this.isRunning) return;
    const burst = this.#sim.choose('burst', ['flood', 'line', 'screen']);
    this.#sim.emit('output', { burst }, 'shell');
    this.#sim.emit('quiet over', { by: 'output' }, 'shell');
    for (let i = 0; i < BURSTS[burst]; i++) this.output.trySend('chunk');
  }
}
