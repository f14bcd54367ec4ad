import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { followGuide } from './docs/guide.ts';

const root = path.resolve(import.meta.dirname, '..');
const folder = mkdtempSync(path.join(os.tmpdir(), 'halfopen-pack-'));
const user = path.join(folder, 'user');

function run(cwd: string, command: string, ...argv: string[]) {
  const ran = spawnSync(command, argv, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, npm_config_loglevel: 'error' },
  });
  return { code: ran.status, out: ran.stdout, err: ran.stderr };
}

const MODEL = `
import { always, count, defineModel, type Sim } from 'halfopen';

const model = defineModel({
  name: 'mine',
  question: 'Can a model of somebody else be run?',
  parameters: { most: count(1, 'the most that is allowed') },
  variants: { reference: { about: 'may count to two', design: 2, expect: { kind: 'system', violates: {} } } },
  build(sim: Sim, _config, to: number) {
    const value = sim.cell<number>('value', 0);
    sim.spawn('counter', function* () {
      yield* sim.sleep(1);
      if (sim.choose('counts', ['no', 'yes']) === 'yes') value.set(to);
    });
    return { value };
  },
  properties: (config) => [
    always<{ value: { get(): number } }>('low', 'The value is low.', (world) => world.value.get() <= config.most),
  ],
});

export const models = [model];
`;

/** A program that says something after half a minute; a virtual one, or the test would be as long. */
const REAL = `
import { defineModel, never } from 'halfopen';
import { HostProgram } from 'halfopen/node';

export const models = [defineModel({
  name: 'mine',
  question: 'Is a timer of Node one of the run?',
  parameters: {},
  variants: { reference: { about: 'says it', design: 0, expect: { kind: 'system', violates: {} } } },
  build(sim) {
    new HostProgram(sim.scope('program')).run(() => setTimeout(() => sim.emit('said'), 30_000));
    return {};
  },
  properties: () => [never('silent', 'It says nothing.', 'said')],
})];
`;

/** The package as somebody else gets it: packed, installed in an empty folder, without this repository. */
describe('the packed package', () => {
  beforeAll(() => {
    mkdirSync(user);
    const packed = run(root, 'npm', 'pack', '--pack-destination', folder);
    if (packed.code !== 0) throw new Error(`npm pack: ${packed.out}${packed.err}`);
    const [tarball] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
    writeFileSync(path.join(user, 'package.json'), '{ "name": "user", "private": true, "type": "module" }');
    const installed = run(
      user,
      'npm',
      'install',
      '--prefer-offline',
      '--no-audit',
      '--no-fund',
      path.join(folder, tarball as string),
    );
    if (installed.code !== 0) throw new Error(`npm install: ${installed.out}${installed.err}`);
  }, 240_000);

  afterAll(() => rmSync(folder, { recursive: true }));

  test('holds what runs, and nothing else', () => {
    const files = readdirSync(path.join(user, 'node_modules/halfopen'));
    expect(files.filter((name) => name !== 'README.md').sort()).toEqual(['LICENSE', 'dist', 'package.json']);
    expect(readdirSync(path.join(user, 'node_modules/halfopen/dist')).sort()).toEqual([
      'bin',
      'explore',
      'models',
      'node',
      'report',
      'src',
    ]);
  });

  test('runs its own models, with workers', () => {
    const checked = run(user, 'npx', 'halfopen', 'check', '--model', 'canary', '--seed', '1', '--workers', '2');
    expect(checked).toMatchObject({ code: 0, err: '' });
    expect(checked.out).toContain('as expected');
  }, 180_000);

  test('brings the workbench built, and what reports need of it: no bundler is installed', () => {
    expect(readdirSync(path.join(user, 'node_modules'))).not.toContain('vite');
    const built = run(user, 'npx', 'halfopen', 'explore', '--build', 'site');
    expect(built).toMatchObject({ code: 0, err: '' });
    expect(readdirSync(path.join(user, 'site')).sort()).toEqual(['assets', 'index.html', 'registry.js']);
    const report = run(user, 'npx', 'halfopen', 'replay', 'eviction-waits-for-writer', '--reporter', 'html');
    expect(report).toMatchObject({ code: 0, err: '' });
    expect(report.out).toMatch(/^<!doctype html>/);
    writeFileSync(path.join(user, 'own.js'), 'export const models = [];');
    const own = run(user, 'npx', 'halfopen', 'explore', '--registry', 'own.js', '--build', 'own');
    expect(own.code).toBe(2);
    expect(own.err).toContain(
      'expected vite, to bundle models for a browser, got none, do: npm install --save-dev vite',
    );
  }, 180_000);

  test("compiles and runs a user's own model", () => {
    writeFileSync(path.join(user, 'mine.ts'), MODEL);
    const typescript = path.dirname(createRequire(import.meta.url).resolve('typescript/package.json'));
    const options = ['--strict', '--module', 'NodeNext', '--target', 'ES2023', '--types', ''];
    const compiled = run(user, process.execPath, path.join(typescript, 'bin/tsc'), ...options, 'mine.ts');
    expect(compiled).toEqual({ code: 0, out: '', err: '' });
    const simulated = run(
      user,
      'npx',
      'halfopen',
      'simulate',
      '--registry',
      'mine.js',
      '--seed',
      '1',
      '--workers',
      '2',
    );
    expect(simulated.code).toBe(1);
    expect(simulated.out).toContain('violated  low  mine/reference');
  }, 180_000);

  test('puts real Node code of a user under the simulator', () => {
    writeFileSync(path.join(user, 'real.js'), REAL);
    const simulated = run(user, 'npx', 'halfopen', 'simulate', '--registry', 'real.js', '--seed', '1', '--runs', '20');
    expect(simulated).toMatchObject({ code: 1, err: '' });
    expect(simulated.out).toContain('violated  silent  mine/reference');
    expect(simulated.out).toContain('30s');
  }, 180_000);

  test("tests a user's own model in vitest, as docs/vitest.md says", () => {
    const shown = followGuide(user);
    expect(shown.map(({ command }) => command.split(' ')[0])).toEqual(['npx', 'sed', 'npx']);
    for (const { promised, printed } of shown) expect(printed).toContain(promised);
    expect(shown[0]?.printed).toContain('13 passed (13)');
    expect(shown[2]?.printed).toContain('1 failed | 12 skipped (13)');
  }, 180_000);
});
