import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { fixtures, inFolder } from './command-line.ts';

const root = path.resolve(import.meta.dirname, '../..');
const tsx = path.join(path.dirname(createRequire(import.meta.url).resolve('tsx/package.json')), 'dist/cli.mjs');

/** The program itself, as a user starts it. */
function program(...argv: string[]) {
  const ran = spawnSync(process.execPath, [tsx, path.join(root, 'bin/halfopen.ts'), ...argv], {
    cwd: os.tmpdir(),
    encoding: 'utf8',
  });
  return { code: ran.status, out: ran.stdout, err: ran.stderr };
}

test('a report has the same bytes for any number of workers and any order of models', async () => {
  await inFolder(async (folder) => {
    // Without a package.json beside it it is CommonJS, with copies of its own of all that it imports: no matter either.
    const reversed = path.join(folder, 'reversed.ts');
    writeFileSync(
      reversed,
      `import { registry as given } from ${JSON.stringify(path.join(fixtures, 'registry.ts'))};\n` +
        'export const registry = { entries: given.entries.toReversed() };\n',
    );
    const check = (registry: string, workers: string) =>
      program(
        'check',
        '--registry',
        registry,
        '--workers',
        workers,
        '--reporter',
        'json',
        '--runs',
        '250',
        '--seed',
        '1',
      );
    const alone = check(path.join(fixtures, 'registry.ts'), '1');
    expect([alone.code, alone.err]).toEqual([0, '']);
    expect(alone.out.length).toBeGreaterThan(5000);
    expect(check(path.join(fixtures, 'registry.ts'), '2')).toEqual(alone);
    const other = check(reversed, '2');
    expect({ ...other, out: other.out.replaceAll(reversed, path.join(fixtures, 'registry.ts')) }).toEqual(alone);
  });
}, 180_000);

test('exit codes reach the shell', () => {
  expect(
    program(
      'simulate',
      '--registry',
      path.join(fixtures, 'registry.ts'),
      '--model',
      'counter',
      '--variant',
      'lock-free',
      '--runs',
      '10',
    ).code,
  ).toBe(1);
  expect(program('check', '--model', 'gone', '--registry', path.join(fixtures, 'registry.ts')).code).toBe(2);
}, 180_000);
