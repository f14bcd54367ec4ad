/** What a command may touch of the process that it runs in. */
export interface Host {
  /** The report, and nothing else. */
  readonly out: (text: string) => void;
  /** What is wrong, and how far it is. */
  readonly err: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Whether what `out` writes goes to a person who can see colours. */
  readonly colour: boolean;
  /** Columns of the terminal that `out` writes to, if it is one. */
  readonly columns?: number;
  /** Whether somebody watches `err`: then progress is shown there. */
  readonly watched: boolean;
  /** The wall clock, in milliseconds. */
  readonly now: () => number;
  /** What the process takes, in bytes. */
  readonly memoryInUse: () => number;
  /** When the user has had enough (Ctrl+C). */
  readonly interrupted: () => Promise<void>;
}

export function processHost(): Host {
  const { stdout, stderr, env } = process;
  stdout.on('error', leaveIfNobodyReads);
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    env,
    cwd: process.cwd(),
    colour: stdout.isTTY === true && (env.NO_COLOR ?? '') === '',
    ...(stdout.isTTY === true ? { columns: stdout.columns } : {}),
    watched: stderr.isTTY === true,
    now: () => Date.now(),
    memoryInUse: () => process.memoryUsage.rss(),
    interrupted: () =>
      new Promise((resolve) => {
        for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
      }),
  };
}

/** A reader such as `head` that has seen enough is no error. */
function leaveIfNobodyReads(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
}
