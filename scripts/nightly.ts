// The heavier half of the gate, for the night: years of every model (or of those that --model names), then `check --full`.
//
//     npm run nightly -- --years 10 --model end-to-end
//
// It runs what is compiled: from source, tsx wraps every function to keep its name, which costs half of the speed.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { registry } from '../models/registry.ts';
import { seedOf } from '../src/cli/options.ts';
import { UnknownNameError } from '../src/model/model.ts';
import { nightly, nightlyOf, UsageError } from './nightly-run.ts';

const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const root = process.cwd();

function took() {
  const { user, system } = process.cpuUsage();
  return { wall: performance.now(), cpu: (user + system) / 1000 };
}

function checkFull(seed: string, workers: number): number {
  const program = path.join(root, 'bin/halfopen.ts');
  const argv = ['--import', 'tsx', program, 'check', '--full', '--seed', seed, '--workers', String(workers)];
  return spawnSync(process.execPath, argv, { stdio: 'inherit' }).status ?? 1;
}

try {
  const asked = nightlyOf(process.argv.slice(2), seedOf({}, { env: process.env, cwd: root }));
  const registryUrl = new URL(`../models/registry.${extension}`, import.meta.url).href;
  const endured = await nightly(asked, registry, registryUrl, {
    out: (text) => process.stdout.write(text),
    progress: (line) => process.stderr.write(`${line}\n`),
    took,
  });
  const checked = asked.check ? checkFull(asked.seed, asked.workers) : 0;
  process.exitCode = endured === 1 ? 1 : checked;
} catch (error) {
  if (!(error instanceof UsageError || error instanceof UnknownNameError)) throw error;
  process.stderr.write(`nightly: ${error.message}\n`);
  process.exitCode = 2;
}
