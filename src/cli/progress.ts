import yoctoSpinner from 'yocto-spinner';

/** What takes less than this long shows no progress line. */
const PATIENCE_MS = 1000;

/** A line on a watched terminal that says how far a command is; nothing anywhere else. */
export class Progress {
  readonly #title: string;
  readonly #watched: boolean;
  readonly #startedAt = Date.now();
  #spinner: ReturnType<typeof yoctoSpinner> | undefined;

  constructor(title: string, watched: boolean) {
    this.#title = title;
    this.#watched = watched;
  }

  update(done: number, known: number): void {
    if (!this.#watched || Date.now() - this.#startedAt < PATIENCE_MS) return;
    const text = `${this.#title}: ${done} of ${known} tasks`;
    this.#spinner ??= yoctoSpinner({ stream: process.stderr }).start();
    this.#spinner.text = text;
  }

  stop(): void {
    this.#spinner?.stop();
  }

  get tookSeconds(): string {
    return ((Date.now() - this.#startedAt) / 1000).toFixed(1);
  }
}
