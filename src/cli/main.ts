import { CommanderError } from 'commander';
import { DeclarationError } from '../gate/declaration-error.ts';
import { ModelError } from '../kernel/errors.ts';
import { UnknownNameError } from '../model/model.ts';
import { SettingError } from '../model/parameters.ts';
import { type Host, processHost } from './host.ts';
import { InputError } from './input-error.ts';
import { createProgram } from './program.ts';

const BAD_INPUT = 2;

/** What commands expect, by the name of the argument. */
const ARGUMENTS: Readonly<Record<string, string>> = {
  file: 'the files of shards',
  log: 'the file of a log',
  seed: 'the name or file of a seed',
};

/** Runs one command line, without the program's own name, and gives the exit code. Never throws. */
export async function main(
  argv: readonly string[],
  defaultRegistryUrl: string,
  host: Host = processHost(),
): Promise<number> {
  const finished = { code: 0, complaint: '' };
  const complain = (text: string) => {
    finished.complaint += text;
  };
  const exit = (code: number) => {
    finished.code = code;
  };
  const program = createProgram(defaultRegistryUrl, host, complain, exit, argv);
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return finished.code;
  } catch (error) {
    if (error instanceof CommanderError) return usage(error, finished.complaint, host);
    if (error instanceof ModelError) {
      host.err(`halfopen: expected a model without contradictions, got: ${error.message}, do: correct the model\n`);
      return BAD_INPUT;
    }
    if (isBadInput(error)) {
      host.err(`halfopen: ${error.message}\n`);
      return BAD_INPUT;
    }
    host.err(`halfopen: internal error, please report it: ${error instanceof Error ? error.stack : String(error)}\n`);
    return 1;
  }
}

function isBadInput(error: unknown): error is Error {
  return [InputError, UnknownNameError, SettingError, DeclarationError].some((kind) => error instanceof kind);
}

/** Help that was asked for has been printed, help for want of a command is the complaint; everything else that commander has to say is one line. */
function usage(error: CommanderError, complaint: string, host: Host): number {
  if (error.code === 'commander.helpDisplayed' || error.code === 'commander.version') return 0;
  if (error.code === 'commander.help') {
    host.err(complaint);
    return BAD_INPUT;
  }
  const message = error.message.replace(/^error: /, '').split('\n')[0] as string;
  const got = /'(.*)'/.exec(message)?.[1];
  const expected: Readonly<Record<string, string>> = {
    'commander.unknownCommand': `one of check, simulate, prove, sweep, suggest, conform, replay, merge, explore, list, got "${got}"`,
    'commander.unknownOption': `an option of this command, got "${got}"`,
    'commander.optionMissingArgument': `a value for ${got}, got none`,
    'commander.missingArgument': `${ARGUMENTS[got ?? ''] ?? 'an argument'}, got none`,
    'commander.excessArguments': `no more arguments, got more (${message.replace(/\.$/, '')})`,
  };
  host.err(`halfopen: expected ${expected[error.code] ?? `other usage, got: ${message}`}, do: halfopen --help\n`);
  return BAD_INPUT;
}
