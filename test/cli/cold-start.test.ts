// What a command loads before it does anything: the modules that are reached by static imports alone. It is what a cold
// start costs, and unlike a time it is the same on every machine.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync } from 'oxc-parser';
import { describe, expect, test } from 'vitest';
import { halfopen } from './command-line.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** The specifiers that a module imports when it is loaded. */
function importsOf(file: string, text = readFileSync(path.join(root, file), 'utf8')): string[] {
  return parseSync(file, text).program.body.flatMap((statement) => {
    const isImport = statement.type === 'ImportDeclaration' && statement.importKind !== 'type';
    const isExport =
      (statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportAllDeclaration') &&
      statement.exportKind !== 'type';
    return (isImport || isExport) && statement.source ? [statement.source.value] : [];
  });
}

/** Packages and our own modules that are loaded with `entry`. */
function loadedWith(entry: string): { readonly packages: readonly string[]; readonly modules: readonly string[] } {
  const [packages, modules, waiting] = [new Set<string>(), new Set<string>(), [entry]];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (modules.has(file)) continue;
    modules.add(file);
    for (const specifier of importsOf(file)) {
      if (specifier.startsWith('.')) waiting.push(path.posix.join(path.posix.dirname(file), specifier));
      else if (!specifier.startsWith('node:')) packages.add(specifier);
    }
  }
  return { packages: [...packages].sort(), modules: [...modules].sort() };
}

describe('a cold start loads', () => {
  test('to say the version or help: how to read a command line, and no engine', () => {
    const { packages, modules } = loadedWith('bin/halfopen.ts');
    expect(packages).toEqual(['commander']);
    const folders = modules.map((file) => path.dirname(file));
    expect(folders).not.toContain('src/engine');
    expect(folders).not.toContain('src/report');
    expect(modules.filter((file) => file.startsWith('models/'))).toEqual([]);
  });

  test('to replay: what runs one schedule, and no threads', () => {
    const { packages } = loadedWith('src/cli/commands.ts');
    expect(packages).not.toContain('tinypool');
    expect(packages).not.toContain('commander');
  });

  test('to put shards together: no engine', () => {
    const { packages, modules } = loadedWith('src/cli/merge-command.ts');
    expect(packages).toEqual(['yoctocolors', 'zod']);
    expect(modules.map((file) => path.dirname(file))).not.toContain('src/engine');
  });
});

test('what would be loaded is found out', () => {
  expect(importsOf('a.ts', "import fc from 'fast-check';\nexport { z } from 'zod';\nexport * from './b.ts';")).toEqual([
    'fast-check',
    'zod',
    './b.ts',
  ]);
  expect(importsOf('a.ts', "import { type Zone } from './zone.ts';")).toEqual(['./zone.ts']);
  expect(importsOf('a.ts', "import type { z } from 'zod';\nawait import('tinypool');\nexport const a = 1;")).toEqual(
    [],
  );
  expect(loadedWith('src/gate/seed-file.ts').packages).toEqual(['zod']);
});

test('the version is that of the package', async () => {
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  for (const option of ['--version', '-V'])
    expect(await halfopen(option)).toEqual({ code: 0, out: `${version}\n`, err: '' });
});
