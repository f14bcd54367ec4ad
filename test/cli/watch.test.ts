import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { changedBetween, importedBy, reachableFrom } from '../../src/cli/module-graph.ts';
import { affectedBy } from '../../src/cli/watching.ts';
import { fixtures } from './command-line.ts';

const root = path.resolve(import.meta.dirname, '../..');
const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'halfopen-watch-')));
const started: ChildProcess[] = [];
afterAll(() => {
  for (const each of started) each.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

/** A user's project: the models of the fixtures, each in a file of its own. */
function project(name: string): string {
  const place = path.join(folder, name);
  mkdirSync(place);
  writeFileSync(path.join(place, 'package.json'), '{ "type": "module" }');
  for (const part of ['counter.ts', 'heartbeat.ts', 'registry.ts', 'counter']) {
    cpSync(path.join(fixtures, part), path.join(place, part), { recursive: true });
  }
  for (const file of ['counter.ts', 'heartbeat.ts']) {
    edit(path.join(place, file), (text) => text.replaceAll('../../src/', `${root}/src/`));
  }
  return place;
}

function edit(file: string, change: (text: string) => string): void {
  const text = readFileSync(file, 'utf8');
  const changed = change(text);
  expect(changed).not.toBe(text);
  writeFileSync(file, changed);
}

/** A command that watches, and what it has printed since it was last asked. */
class Session {
  readonly #process: ChildProcess;
  #printed = '';
  #heard = () => {};

  constructor(cwd: string, command: string) {
    const argv = [
      '--import',
      path.join(root, 'node_modules/tsx/dist/esm/index.mjs'),
      path.join(root, 'bin/halfopen.ts'),
    ];
    this.#process = spawn(process.execPath, [...argv, ...command.split(' ')], {
      cwd,
      env: { ...process.env, VITEST: '' },
    });
    started.push(this.#process);
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#printed += text;
        this.#heard();
      });
    }
  }

  /** What it prints until it waits for the next change. */
  async run(): Promise<string> {
    while (!/took .*; watching \d+ files\n/.test(this.#printed)) {
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
    const printed = this.#printed;
    this.#printed = '';
    return printed;
  }

  /** Its exit code, once it has ended by itself, and what it has printed. */
  ended(): Promise<{ readonly code: number | null; readonly printed: string }> {
    return new Promise((resolve) => {
      this.#process.once('close', (code) => resolve({ code, printed: this.#printed }));
    });
  }

  /** Its exit code. */
  async interrupt(): Promise<number | null> {
    const ended = this.ended();
    this.#process.kill('SIGINT');
    return (await ended).code;
  }
}

test('a check is done again for the models that a change affects, until it is interrupted', async () => {
  const place = project('check');
  const session = new Session(place, 'check --watch --runs 250 --seed 1 --workers 1 --registry registry.ts');
  const verdicts = async () => {
    const lines = (await session.run()).split('\n');
    return lines.filter((line) => /^\S+: [\w, ]+$|^(counter|heartbeat)\/\S+ {2}|as expected/.test(line)).join('\n');
  };
  expect(await verdicts()).toMatchInlineSnapshot(`
    "counter/reference  adds under a lock
    counter/lock-free  adds without a lock
    heartbeat/reference  waits with a deadline
    heartbeat/no-deadline  waits for ever
    as expected: 18 verdicts"
  `);

  edit(path.join(place, 'heartbeat.ts'), (text) => text.replace("duration('45s'", "duration('1s'"));
  expect(await verdicts()).toMatchInlineSnapshot(`
    "heartbeat.ts: heartbeat
    heartbeat/reference  waits with a deadline
    heartbeat/no-deadline  waits for ever
    as expected: 5 verdicts"
  `);

  edit(path.join(place, 'counter/regressions/both-read-first.json'), (text) => text.replace('"violated"', '"sampled"'));
  expect(await verdicts()).toMatchInlineSnapshot(`
    "counter/regressions/both-read-first.json: counter
    counter/reference  adds under a lock
    counter/lock-free  adds without a lock
    not as expected: 1 of 13 verdicts"
  `);

  edit(path.join(place, 'registry.ts'), (text) => `${text}// the end\n`);
  expect(await verdicts()).toMatchInlineSnapshot(`
    "registry.ts: heartbeat, counter
    counter/reference  adds under a lock
    counter/lock-free  adds without a lock
    heartbeat/reference  waits with a deadline
    heartbeat/no-deadline  waits for ever
    not as expected: 1 of 18 verdicts"
  `);

  edit(path.join(place, 'counter.ts'), (text) => `${text}and a word too many\n`);
  expect(await session.run()).toMatch(/^\ncounter.ts: counter\nhalfopen: expected the registry .* to load, got/);

  edit(path.join(place, 'counter.ts'), (text) => text.replace('and a word too many\n', ''));
  expect(await verdicts()).toMatchInlineSnapshot(`
    "counter.ts: counter
    counter/reference  adds under a lock
    counter/lock-free  adds without a lock
    not as expected: 1 of 13 verdicts"
  `);
  expect(await session.interrupt()).toBe(1);
}, 120_000);

test('one property is proved again', async () => {
  const place = project('prove');
  const session = new Session(
    place,
    'prove --watch --model counter --variant lock-free --composition alone --registry registry.ts',
  );
  expect(await session.run()).toContain('as expected: 1 verdict, over all timings');
  edit(path.join(place, 'counter.ts'), (text) =>
    text.replace("settings: { processes: '1' }", "settings: { processes: '2' }"),
  );
  expect(await session.run()).toContain('not as expected: 1 of 1 verdict');
  expect(await session.interrupt()).toBe(1);
}, 60_000);

test('bad usage ends it at once', async () => {
  const session = new Session(project('usage'), 'check --watch --registry registry.ts --model gone');
  expect(await session.ended()).toEqual({
    code: 2,
    printed: 'halfopen: there is no model "gone"; there are: counter, heartbeat\n',
  });
}, 60_000);

describe('what a module is made of', () => {
  test('is found by reading it', () => {
    const place = project('graph');
    const names = (files: readonly string[]) => files.map((file) => path.relative(place, file));
    const registry = path.join(place, 'registry.ts');
    expect(names(importedBy(registry, readFileSync(registry, 'utf8')))).toEqual(['counter.ts', 'heartbeat.ts']);
    const text = [
      "import './counter.js';",
      "export { heartbeat } from './heartbeat.ts';",
      "const a = await import('./registry');",
      "import gone from './gone.ts';",
      "import { z } from 'zod';",
      `import '${root}/src/index.ts';`,
    ].join('\n');
    expect(names(importedBy(path.join(place, 'more.ts'), text)).slice(0, 3)).toEqual([
      'counter.ts',
      'heartbeat.ts',
      'registry.ts',
    ]);
    expect([...reachableFrom(registry).keys()]).toContain(path.join(root, 'src/kernel/sim.ts'));
  });

  test('decides which models are affected', () => {
    const place = project('affected');
    const homes = ['counter', 'heartbeat'].map((model) => ({
      model,
      file: path.join(place, `${model}.ts`),
      folder: path.join(place, model),
    }));
    const affected = (...files: string[]) => affectedBy(files, path.join(place, 'registry.ts'), homes).join(' ');
    expect(affected(path.join(place, 'counter.ts'))).toBe('counter');
    expect(affected(path.join(place, 'counter/regressions/both-read-first.json'))).toBe('counter');
    expect(affected(path.join(root, 'src/kernel/sim.ts'))).toBe('counter heartbeat');
    expect(affected(path.join(place, 'registry.ts'))).toBe('counter heartbeat');
    expect(affected(path.join(place, 'removed.ts'))).toBe('counter heartbeat');
    expect(affected(path.join(place, 'package.json'))).toBe('');
  });

  test('has changed where a file is other than it was, new, or gone', () => {
    const before = new Map([
      ['same', 'a'],
      ['other', 'a'],
      ['gone', 'a'],
    ]);
    const after = new Map([
      ['same', 'a'],
      ['other', 'b'],
      ['new', 'a'],
    ]);
    expect(changedBetween(before, after)).toEqual(['gone', 'new', 'other']);
  });
});
