import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { rules, type SourceFile } from './house-rules.ts';

const root = path.resolve(import.meta.dirname, '..');

const folders = ['bin', 'src', 'models', 'node', 'test', 'bench', 'scripts', 'examples'];
const files = folders.flatMap(sourcesIn);

describe('the tree keeps the house rules', () => {
  test('there is something to read', () => {
    for (const folder of ['src/kernel/', 'models/', 'test/']) {
      expect(files.map((file) => file.path.startsWith(folder))).toContain(true);
    }
  });

  test('all of it is compiled and searched for what nobody uses', () => {
    const json = (file: string) => JSON.parse(readFileSync(path.join(root, file), 'utf8'));
    expect(json('tsconfig.json').include).toEqual([...folders, '*.ts']);
    // What is made for a browser has a program of its own.
    expect(json('tsconfig.json').exclude).toEqual(['src/explore']);
    const explore = readFileSync(path.join(root, 'tsconfig.explore.json'), 'utf8');
    expect(explore).toContain('"include": ["src/explore"],');
    expect(json('package.json').scripts.typecheck).toContain('tsc -p tsconfig.explore.json');
    expect(json('knip.json').project).toEqual([`{${folders.join(',')}}/**/*.{ts,tsx,mjs}`]);
  });

  test.each(Object.entries(rules))('%s', (_name, rule) => {
    expect(files.flatMap((file) => rule(file, files))).toEqual([]);
  });
});

describe('each rule bites', () => {
  const planted: Record<keyof typeof rules, [path: string, text: string][]> = {
    importDirection: [
      ['src/kernel/sim.ts', "import { Zone } from '../clock/zone.ts';"],
      ['src/kernel/sim.ts', "import fc from 'fast-check';"],
      ['src/kernel/sim.ts', "import type { Handler } from '../../models/attach/handler.ts';"],
      ['src/clock/zone.ts', "export * from '../engine/prove.ts';"],
      ['src/property/within.ts', "const zone = import('../clock/zone.ts');"],
      ['src/engine/prove.ts', "import { text } from '../report/text.ts';"],
      ['src/engine/prove.ts', "import { readFileSync } from 'node:fs';"],
      ['src/engine/simulate.ts', "import type { Row } from '../gate/outcome.ts';"],
      ['src/engine/simulate.ts', "import type { Timeline } from '../timeline/model.ts';"],
      ['src/timeline/lanes.ts', "import type { Shown } from '../workbench/link.ts';"],
      ['src/timeline/lanes.ts', "import { attach } from '../../models/attach/model.ts';"],
      ['src/workbench/answer.ts', "import { Store } from '../explore/store.ts';"],
      ['src/explore/page.tsx', "import { readFileSync } from 'node:fs';"],
      ['src/explore/worker.ts', "import { registry } from '../../models/registry.ts';"],
      ['src/cli/explore-command.ts', "import { Store } from '../explore/store.ts';"],
      ['models/attach/model.ts', "import { Store } from '../../src/explore/store.ts';"],
      ['src/gate/plan.ts', "import type { Paint } from '../report/paint.ts';"],
      ['src/report/text.ts', "import { prove } from '../engine/prove.ts';"],
      ['src/report/text.ts', "import type { Options } from '../cli/main.ts';"],
      ['src/cli/check.ts', "import { registry } from '../../models/registry.ts';"],
      ['src/cli/check.ts', "import { run } from '../../bench/main.ts';"],
      ['src/index.ts', "export { main } from './cli/main.ts';"],
      ['src/cli/check.ts', "import { testModel } from '../vitest/model-tests.ts';"],
      ['models/net/link.ts', "import { testModel } from '../../src/vitest/model-tests.ts';"],
      ['src/helper/list.ts', 'export const empty = [];'],
      ['models/net/link.ts', "import { main } from '../../src/cli/main.ts';"],
      ['models/net/link.ts', "type Stats = import('node:fs').Stats;"],
      ['models/net/link.ts', "import { z } from 'zod';"],
    ],
    modelsTakeWhatIsExported: [
      ['models/net/link.ts', "import { Kernel } from '../../src/kernel/kernel.ts';"],
      ['models/net/link.ts', "import type { Yielded as Proc } from '../../src/kernel/waitable.ts';"],
      ['models/registry.ts', "import { type Sim, type Kernel } from '../src/kernel/sim.ts';"],
    ],
    noHiddenState: [
      ['models/net/link.ts', 'class Link { #cut = false; cut() { this.#cut = true; } }'],
      ['models/net/link.ts', 'class Link { sent = 0; *send() { this.sent++; } }'],
      ['models/net/link.ts', '/** When it is cut. */ class Link { sent = 0; close() { this.sent = 1; } }'],
      ['models/attach/handler.ts', "if (mutex.isReady()) sim.emit('free');"],
    ],
    noHostRandomness: [
      ['src/kernel/sim.ts', 'const die = Math.random();'],
      ['src/engine/simulate.ts', "const die = Math['random']();"],
      ['models/net/link.ts', 'const { random } = Math;'],
    ],
    noAsync: [
      ['src/kernel/sim.ts', 'async function f() {}'],
      ['src/engine/prove.ts', 'const f = async () => {};'],
      ['models/net/link.ts', 'export const done = await 1;'],
      ['src/workbench/answer.ts', 'async function f() {}'],
      ['models/net/link.ts', 'export {};\nfor await (const a of []) a;'],
    ],
    noModuleState: [
      ['src/kernel/sim.ts', 'let next = 0;'],
      ['models/net/link.ts', 'export var count = 0;'],
    ],
    noSkippedTests: ['only', 'skip', 'todo', 'skipIf', 'runIf'].flatMap((name): [string, string][] => [
      ['test/a.test.ts', `test.${name}('a', () => {});`],
      ['test/a.test.ts', `describe.concurrent['${name}']('a', () => {});`],
      ['test/a.test.ts', `it.each([1]).${name}('a', () => {});`],
    ]),
    noDroppedGenerators: [
      ...[
        'mutex.lock();',
        'this.writeMu.lock();',
        'channel.send(1);',
        'channel.receive.wait();',
        'latch?.wait();',
        'sim.sleep(5);',
        "sim.sleep(between(1, 2), 'works');",
        'sim.yield();',
        'sim.select({ latch });',
        'select(kernel, { latch });',
        'loop(() => round());',
        'void mutex.lock();',
        'yield mutex.lock();',
        'const got = yield channel.receive.wait();',
        '(mutex.lock());',
        'if (latch.fired) mutex.lock();',
        'latch.fired && mutex.lock();',
        'latch.fired ? mutex.lock() : mutex.unlock();',
        'mutex.unlock(), sim.sleep(5);',
        'mutex.lock() as never;',
        'timer.onFire = () => mutex.lock();',
        'timer.onFire = () => void mutex.lock();',
        'timer.onFire = () => { mutex.lock(); };',
        "sim.line('a→b', (n) => channel.send(n));",
        'sim.whenEmpty(() => channel.send(1));',
        'all.forEach((each) => each.lock());',
        'socket.write(frame);',
        'conn.readMessage();',
        'client.attach();',
      ].map((statement): [string, string] => ['models/net/planted.ts', `function* planted() { ${statement} }`]),
      ...[
        '*#read(): Proc {} *run(): Proc { this.#read(); }',
        '*read(): Proc {} *run(): Proc { this.read(); }',
        '*readOne() { yield* a.wait(); } *run(): Proc { this.readOne(); }',
        'readOne(): Proc { return this.mutex.lock(); } *run(): Proc { this.readOne(); }',
        '#read: () => Proc<string>; *run(): Proc { this.#read(); }',
        '#read = (): Proc => this.mutex.lock(); *run(): Proc { this.#read(); }',
        'override *teardown(): Proc { super.teardown(); }',
        'abstract read(frame: Frame, by?: Timer): Proc; *run(): Proc { this.read(frame); }',
      ].map((body): [string, string] => ['models/net/planted.ts', `abstract class Planted extends Base { ${body} }`]),
      ['models/net/planted.ts', 'function* step(): Round {}\nfunction* run(): Proc { step(); }'],
      ['models/net/planted.ts', 'const step = function* () {};\nfunction* run(): Proc { step(); }'],
      ['models/net/planted.ts', 'interface Door { open(): Proc; }\nfunction* run(door: Door): Proc { door.open(); }'],
      ['test/models/planted.test.ts', 'function* run() { write(sim, a, "x", 1); }'],
      ['test/models/planted.test.ts', "play((sim) => { sim.spawn('a', function* () { mutex.lock(); }); });"],
      ['test/kernel/planted.test.ts', "play((sim) => { sim.spawn('a', function* () { sim.sleep(1); }); });"],
    ],
    noLongFiles: [
      ['src/kernel/sim.ts', 'const a = 1;\n'.repeat(451)],
      ['models/net/link.ts', 'const a = 1;\n'.repeat(451)],
    ],
    noUtilities: [
      ['src/kernel/utils.ts', ''],
      ['src/utils/zone.ts', ''],
      ['models/net/string-util.ts', ''],
    ],
  };

  test.each(Object.entries(rules))('%s', (name, rule) => {
    const bad = planted[name];
    if (bad === undefined) throw new Error(`plant a bad file for ${name}`);
    for (const [file, text] of bad) expect(rule({ path: file, text }, files), `${file}: ${text}`).toHaveLength(1);
  });

  test('and lets go what it should', () => {
    const innocent: SourceFile[] = [
      {
        path: 'src/kernel/sim.ts',
        text: "import { at } from './line.ts';\n// Math.random, await, node:fs\nconst m = Math.max(1);",
      },
      {
        path: 'src/clock/fake-timers-clock.ts',
        text: "import '@sinonjs/fake-timers';\nimport type { Clock } from '../kernel/sim.ts';",
      },
      { path: 'src/report/text.ts', text: "import type { Verdict } from '../property/verdict.ts';" },
      {
        path: 'src/cli/check.ts',
        text: "import 'node:fs';\nimport '../engine/prove.ts';\nconst f = async () => Math.random();",
      },
      { path: 'src/kernel/sim.ts', text: 'const a = 1;\n'.repeat(450) },
      {
        path: 'models/net/link.ts',
        text: "import '../../src/kernel/sim.ts';\nimport 'halfopen';\nimport { AttachHandler } from '../attach/handler.ts';",
      },
      {
        path: 'models/net/planted.ts',
        text: [
          'class Planted { #go(body: () => Proc): void {} *#step(): Round {} send(n: number, to: string): void {}',
          '  *run(): Proc {',
          "    line.send(1, 'ping', 5); mutex.unlock(); latch.fire(); channel.trySend(1); this.send(1, 'x');",
          '    yield* mutex.lock(); const got = yield* channel.receive.wait(); yield* loop(() => this.#step());',
          "    sim.spawn('a', () => mutex.lock()); sim.spawn('b', () => loop(() => this.#step()));",
          '    this.#go(() => this.#step()); timer.onFire = () => latch.fire(); worker.select(1, 2, 3);',
          "    sim.line('a→b', (n) => void channel.trySend(n)); if ((yield* this.#step()) === BREAK) return;",
          '    return yield* this.#step();',
          '  }',
          '  lock(): Proc { return this.mutex.lock(); } read = () => mutex.lock(); step = this.lock(); }',
        ].join('\n'),
      },
      { path: 'src/cli/worker.ts', text: 'parent.send(1);' },
      { path: 'test/a.test.ts', text: "import '../models/net/link.ts';\ntest('skip', () => { list.skip(1); });" },
    ];
    expect(innocent.flatMap((file) => Object.values(rules).flatMap((rule) => rule(file, files)))).toEqual([]);
  });
});

describe('the linter denies the host to the simulation', () => {
  const reaches = ['Date.now()', 'new Date(0)', 'performance.now()', 'setTimeout(go)', 'setInterval(go)'].concat([
    'setImmediate(go)',
    'queueMicrotask(go)',
    'Promise.resolve()',
    'process.pid',
    'globalThis.name',
    'crypto.randomUUID()',
  ]);

  const pureFolders = [
    'src/kernel',
    'src/clock',
    'src/property',
    'src/model',
    'src/engine',
    'src/gate',
    'src/report',
    'models',
  ];

  test('everywhere but in src/cli', () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'halfopen-'));
    try {
      cpSync(path.join(root, 'biome.json'), path.join(folder, 'biome.json'));
      for (const place of [...pureFolders, 'src/cli']) {
        mkdirSync(path.join(folder, place, 'deep'), { recursive: true });
        const lines = reaches.map((expression, index) => `export const reach${index} = ${expression};\n`);
        writeFileSync(path.join(folder, place, 'deep', 'planted.ts'), lines.join(''));
      }
      expect(restrictedGlobalsIn(folder)).toEqual(
        Object.fromEntries(
          pureFolders.map((place) => [`${place}/deep/planted.ts`, reaches.map((_, index) => index + 1)]),
        ),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

/** The lines that Biome's noRestrictedGlobals complains about, by file. */
function restrictedGlobalsIn(folder: string): Record<string, number[]> {
  const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');
  const only = [
    '--only=style/noRestrictedGlobals',
    '--vcs-enabled=false',
    '--max-diagnostics=none',
    '--reporter=github',
  ];
  const linted = spawnSync(process.execPath, [biome, 'lint', ...only, '.'], { cwd: folder, encoding: 'utf8' });
  const found: Record<string, number[]> = {};
  for (const [, file = '', line] of linted.stdout.matchAll(/noRestrictedGlobals,file=([^,]+),line=(\d+)/g)) {
    const relative = path.isAbsolute(file) ? path.relative(folder, file) : file;
    found[relative] = [...(found[relative] ?? []), Number(line)].sort((a, b) => a - b);
  }
  return found;
}

function sourcesIn(folder: string): SourceFile[] {
  const from = path.join(root, folder);
  if (!existsSync(from)) return [];
  return readdirSync(from, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => ({
      path: path.posix.join(folder, name.replaceAll(path.sep, '/')),
      text: readFileSync(path.join(from, name), 'utf8'),
    }));
}
