import { readFileSync } from 'node:fs';
import path from 'node:path';
import { exitCodeOf } from '../gate/outcome.ts';
import { OutcomeFormatError, parseShardOutcome } from '../gate/outcome-file.ts';
import { mergeShards, type ShardFile, ShardsError } from '../gate/shard.ts';
import type { Command } from './commands.ts';
import { InputError } from './input-error.ts';
import { reportersOf } from './options.ts';
import { checkStories, report } from './reporting.ts';

/** The outcomes of all shards, as the one outcome of a check that was not sharded. */
export async function merge(files: readonly string[], command: Command): Promise<number> {
  const { options, host } = command;
  const reporters = reportersOf(options);
  const outcome = merged(files.map((file) => readShard(file, host.cwd)));
  await report(outcome, reporters, host, checkStories(options), async () => {
    const { registryOf } = await import('./commands.ts');
    return (await registryOf(command)).registry;
  });
  return exitCodeOf(outcome);
}

function merged(files: readonly ShardFile[]) {
  try {
    return mergeShards(files);
  } catch (error) {
    if (error instanceof ShardsError) throw new InputError(error.expected, error.got, error.todo);
    throw error;
  }
}

/** Throws an InputError where the file is not there, or holds anything else. */
function readShard(file: string, cwd: string): ShardFile {
  let text: string;
  try {
    text = readFileSync(path.resolve(cwd, file), 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new InputError(
      'the file of a shard',
      `${code === 'ENOENT' ? 'no such file' : code}: ${file}`,
      'check the path',
    );
  }
  try {
    return { path: file, outcome: parseShardOutcome(text) };
  } catch (error) {
    if (!(error instanceof OutcomeFormatError)) throw error;
    const { where, expected, got } = error.complaint;
    throw new InputError(expected, got, 'halfopen check --shard i/n --reporter json > FILE', `${file}: ${where}`);
  }
}
