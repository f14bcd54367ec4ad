// docs/vitest.md in a project of its own: its files are written, its commands are run, what they print is compared.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { commandsOf, fencesOf, wordsOf } from './page.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** A command of the guide, what the guide says that it prints, and what it does print. */
export interface Shown {
  readonly command: string;
  readonly promised: string;
  readonly printed: string;
}

/** Follows the guide in `folder`, in which halfopen is installed and vitest is linked. */
export function followGuide(folder: string): Shown[] {
  const fences = fencesOf(readFileSync(path.join(root, 'docs/vitest.md'), 'utf8'));
  copyFileSync(path.join(root, 'examples/lease.ts'), path.join(folder, 'lease.ts'));
  for (const { above, lines } of fences) {
    const file = /^<!-- file: (\S+) -->$/.exec(above)?.[1];
    if (file !== undefined) writeFileSync(path.join(folder, file), `${lines.join('\n')}\n`);
  }
  linkVitest(folder);
  return fences
    .filter(({ language }) => language === 'console')
    .flatMap(commandsOf)
    .map(({ command, printed }) => ({
      command,
      promised: printed.join('\n'),
      printed: run(folder, command.replace(/^npx vitest/, `${process.execPath} node_modules/vitest/vitest.mjs`)),
    }));
}

function linkVitest(folder: string): void {
  const link = path.join(folder, 'node_modules/vitest');
  if (!existsSync(link)) symlinkSync(path.join(root, 'node_modules/vitest'), link);
}

/** What it prints, without colours, and without how long it took. */
function run(folder: string, command: string): string {
  const [program = '', ...argv] = wordsOf(command);
  const env = { ...process.env, NO_COLOR: '1', HALFOPEN_SEED: '', VITEST: undefined, CI: '1' };
  const { stdout, stderr } = spawnSync(program, argv, { cwd: folder, encoding: 'utf8', env });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: how a terminal is told its colours
  return `${stdout}${stderr}`.replaceAll(/\u001b\[[0-9;]*m/g, '').replaceAll(/ +\d+ms$/gm, '');
}
