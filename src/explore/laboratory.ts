import type { Answers, Ask, News, Reply } from '../workbench/messages.ts';

/** How long a search that is no longer wanted may go on before its thread is ended: most are done sooner. */
const PATIENCE_MS = 120;

/** Why there is no answer: the ask was given up, for another one or by the user. */
export class GivenUp extends Error {}

interface Pending {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
  readonly tell: (news: News) => void;
}

/** A worker with the asks that it has not answered. */
class Bench {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  #asked = 0;

  constructor(make: () => Worker) {
    this.#worker = make();
    this.#worker.onmessage = ({ data }: MessageEvent<Reply>) => this.#hear(data);
    this.#worker.onerror = (event) => this.#failAll(new Error(event.message));
  }

  get isBusy(): boolean {
    return this.#pending.size > 0;
  }

  ask<A extends Ask>(ask: A, tell: (news: News) => void): Promise<Answers[A['kind']]> {
    const id = ++this.#asked;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, tell });
      this.#worker.postMessage({ id, ask });
    });
  }

  /** Ends the thread in the middle of whatever it does. */
  end(): void {
    this.#worker.terminate();
    this.#failAll(new GivenUp('given up'));
  }

  #hear(reply: Reply): void {
    const pending = this.#pending.get(reply.id);
    if (pending === undefined) return;
    if (reply.kind === 'news') {
      pending.tell(reply.news);
      return;
    }
    this.#pending.delete(reply.id);
    if (reply.kind === 'done') pending.resolve(reply.answer as never);
    else pending.reject(new Error(reply.message));
  }

  #failAll(error: Error): void {
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}

/**
 * The threads of the page: one for runs, which are short and answered in order, and one for each sort of search, of which
 * only the last one asked is of interest. A thread cannot be interrupted, only ended: so there is always a spare one.
 */
export class Laboratory {
  readonly #make: () => Worker;
  readonly #registryUrl: string;
  readonly #runs: Bench;
  readonly #searches = new Map<string, Bench>();
  readonly #wanted = new Map<string, number>();
  #spare: Bench;

  constructor(make: () => Worker, registryUrl: string) {
    this.#make = make;
    this.#registryUrl = registryUrl;
    this.#runs = new Bench(make);
    this.#spare = this.#opened();
  }

  open(): Promise<Answers['open']> {
    return this.#runs.ask({ kind: 'open', registryUrl: this.#registryUrl }, ignore);
  }

  run(ask: Extract<Ask, { readonly kind: 'run' }>): Promise<Answers['run']> {
    return this.#runs.ask(ask, ignore);
  }

  /** A search for the panel `whose`; one that it asked for before is given up. */
  async search<A extends Exclude<Ask, { readonly kind: 'open' | 'run' }>>(
    whose: string,
    ask: A,
    tell: (news: News) => void,
  ): Promise<Answers[A['kind']]> {
    const number = (this.#wanted.get(whose) ?? 0) + 1;
    this.#wanted.set(whose, number);
    if (this.#searches.get(whose)?.isBusy === true) {
      await new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
      if (this.#wanted.get(whose) !== number) throw new GivenUp('given up');
      if (this.#searches.get(whose)?.isBusy === true) this.#end(whose);
    }
    const answer = await this.#benchOf(whose).ask(ask, tell);
    if (this.#wanted.get(whose) !== number) throw new GivenUp('given up');
    return answer;
  }

  /** End the search of this panel, if there is one. */
  stop(whose: string): void {
    this.#wanted.set(whose, (this.#wanted.get(whose) ?? 0) + 1);
    if (this.#searches.get(whose)?.isBusy === true) this.#end(whose);
  }

  #end(whose: string): void {
    this.#searches.get(whose)?.end();
    this.#searches.delete(whose);
  }

  #benchOf(whose: string): Bench {
    const known = this.#searches.get(whose);
    if (known !== undefined) return known;
    const bench = this.#spare;
    this.#searches.set(whose, bench);
    this.#spare = this.#opened();
    return bench;
  }

  #opened(): Bench {
    const bench = new Bench(this.#make);
    // Whoever asks next hears of it, if this fails.
    bench.ask({ kind: 'open', registryUrl: this.#registryUrl }, ignore).catch(ignore);
    return bench;
  }
}

function ignore(): void {}
