import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { main } from '../../src/cli/main.ts';

export const fixtures = path.resolve(import.meta.dirname, '../fixtures');

/** Stands for the fixtures' folder, both in what is printed and in a command line. */
const FIXTURES = 'FIXTURES';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

interface Around {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly watched?: boolean;
  /** Milliseconds that pass between two looks at the clock; none unless set. */
  readonly pace?: number;
  readonly memoryInUse?: number;
}

/** Runs a command line in this process, on the registry of the fixtures, away from any repository. */
export async function halfopen(argv: string, around: Around = {}): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  let now = 0;
  const host = {
    out: (text: string) => void out.push(text),
    err: (text: string) => void err.push(text),
    env: around.env ?? {},
    cwd: around.cwd ?? os.tmpdir(),
    colour: false,
    watched: around.watched ?? false,
    now: () => (now += around.pace ?? 0),
    memoryInUse: () => around.memoryInUse ?? 0,
    onInterrupt: (stop: () => void) => stop(),
  };
  const registry = pathToFileURL(path.join(fixtures, 'registry.ts')).href;
  const code = await main(
    wordsOf(argv).map((word) => word.replace(FIXTURES, fixtures)),
    registry,
    host,
  );
  // What is printed must not depend on where the repository lies.
  const anywhere = (texts: readonly string[]) => texts.join('').replaceAll(fixtures, FIXTURES);
  return { code, out: anywhere(out), err: anywhere(err) };
}

/** The words of a command line; blanks between single quotes are part of one. */
function wordsOf(argv: string): string[] {
  return [...argv.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? (bare as string));
}

/** A folder that is gone when `use` is done. */
export async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'halfopen-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
