import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

/** Seconds from the start of the process to its end, as its user waits for it. */
export interface ColdStart {
  readonly command: string;
  readonly median: number;
  readonly least: number;
  /** What the project asks for. */
  readonly wanted: number;
}

const TIMES = 9;

const program = fileURLToPath(new URL('../bin/halfopen.js', import.meta.url));
const seed = path.resolve('models/attach/regressions/pong-deadline--dead-client-evicted.json');

/** The compiled program, started anew each time; beside it Node alone, below which nothing can come. */
export function coldStarts(): readonly ColdStart[] {
  return [
    coldStart('node, nothing else', ['-e', '0'], 0),
    coldStart('halfopen --version', [program, '--version'], 0.2),
    coldStart('halfopen replay FILE', [program, 'replay', seed], 0.6),
  ];
}

function coldStart(command: string, argv: readonly string[], wanted: number): ColdStart {
  const seconds = Array.from({ length: TIMES }, () => {
    const before = performance.now();
    const { status, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${command}: exit code ${status}: ${stderr}`);
    return (performance.now() - before) / 1e3;
  }).sort((a, b) => a - b);
  return { command, median: seconds[TIMES >> 1] as number, least: seconds[0] as number, wanted };
}

export function coldStartsText(all: readonly ColdStart[]): string {
  const rows = all.map(({ command, median, least, wanted }) => {
    const limit = wanted === 0 ? '' : `   wanted: below ${wanted} s`;
    return `${command.padEnd(34)}${median.toFixed(3).padStart(8)} s${least.toFixed(3).padStart(8)} s${limit}`;
  });
  return [`cold start, ${TIMES} times: median, least`, '', ...rows].join('\n');
}
