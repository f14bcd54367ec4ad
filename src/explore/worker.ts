import type { Registry } from '../gate/registry.ts';
import type { AnyModel } from '../model/model.ts';
import { answer, opened } from '../workbench/answer.ts';
import type { Ask, News, Reply } from '../workbench/messages.ts';

/** What a worker's thread offers of all that a page has. */
interface WorkerThread {
  onmessage: ((event: { readonly data: { readonly id: number; readonly ask: Ask } }) => void) | null;
  postMessage(reply: Reply): void;
}

/** News that come faster than this are dropped. */
const BETWEEN_NEWS_MS = 80;

/** One thread that answers the page, one ask after the other. It imports the models itself: they are code. */
class Desk {
  readonly #thread: WorkerThread;
  #registry: Promise<Registry> | undefined;
  #toldAt = 0;

  constructor(thread: WorkerThread) {
    this.#thread = thread;
    thread.onmessage = ({ data }) => void this.#take(data.id, data.ask);
  }

  async #take(id: number, ask: Ask): Promise<void> {
    try {
      if (ask.kind === 'open') this.#registry = registryAt(ask.registryUrl);
      const registry = await this.#registry;
      if (registry === undefined) throw new Error('no models are open');
      this.#toldAt = performance.now();
      const done = ask.kind === 'open' ? opened(registry) : answer(registry, ask, (news) => this.#tell(id, news));
      this.#thread.postMessage({ id, kind: 'done', answer: done });
    } catch (error) {
      this.#thread.postMessage({ id, kind: 'failed', message: error instanceof Error ? error.message : String(error) });
    }
  }

  #tell(id: number, news: News): void {
    const now = performance.now();
    if (now - this.#toldAt < BETWEEN_NEWS_MS) return;
    this.#toldAt = now;
    this.#thread.postMessage({ id, kind: 'news', news });
  }
}

async function registryAt(url: string): Promise<Registry> {
  const module: { readonly registry?: Registry; readonly models?: readonly AnyModel[] } = await import(
    /* @vite-ignore */ url
  );
  if (module.registry !== undefined) return module.registry;
  const folder = { href: new URL('./', url).href };
  return { entries: (module.models ?? []).map((model) => ({ model, folder })) };
}

new Desk(globalThis as unknown as WorkerThread);
