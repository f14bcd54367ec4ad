import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import path from 'node:path';
import { expect, test } from 'vitest';
import { servePage } from '../../src/cli/page-server.ts';
import { opened } from '../../src/workbench/answer.ts';
import { shownIn } from '../../src/workbench/link.ts';
import { registry } from '../fixtures/registry.ts';
import { fixtures, halfopen, inFolder } from './command-line.ts';

const root = path.resolve(import.meta.dirname, '../..');
const seed = path.join(fixtures, 'counter/regressions/both-read-first.json');

test('a folder for any static host: the page, its threads and the models, and where it begins', {
  timeout: 120_000,
}, async () => {
  await inFolder(async (cwd) => {
    const built = await halfopen(`explore ${seed} --build site`, { cwd });
    expect(built).toMatchObject({ code: 0, err: '' });
    expect(built.out).toMatch(/^wrote site: serve it with any static server, and open index\.html#model=counter&/);
    const files = readdirSync(path.join(cwd, 'site'), { recursive: true, encoding: 'utf8' });
    expect(files).toEqual(expect.arrayContaining(['index.html', 'registry.js']));
    const page = readFileSync(path.join(cwd, 'site/index.html'), 'utf8');
    // Nothing is fetched from anywhere else.
    expect(page).not.toMatch(/(src|href)="(https?:)?\/\//);
    const module = await import(path.join(cwd, 'site/registry.js'));
    expect(opened(module.registry).models.map(({ name }) => name)).toEqual(
      opened(registry).models.map(({ name }) => name),
    );
    expect(await halfopen('explore --build site', { cwd })).toMatchObject({ code: 2 });
  });
});

test('the address says what was asked for', { timeout: 120_000 }, async () => {
  const { out } = await halfopen('explore --model counter --variant lock-free --port 0');
  const [, address = '', hash = ''] = /^(http:\/\/127\.0\.0\.1:\d+\/)(#.*)$/m.exec(out) ?? [];
  expect(address).not.toBe('');
  expect(shownIn(hash)).toMatchObject({ model: 'counter', variant: 'lock-free' });
});

test('bad usage is one line', async () => {
  await inFolder(async (cwd) => {
    mkdirSync(path.join(cwd, 'full'));
    writeFileSync(path.join(cwd, 'full/file'), '');
    const wrong = ['--port nine', '--model gone', '--model counter --variant gone', 'gone', '--build full'];
    const said = await Promise.all(wrong.map((options) => halfopen(`explore ${options}`, { cwd })));
    expect(said.map(({ code, out, err }) => `${code} ${out}${err.split(', got ')[1]}`)).toMatchInlineSnapshot(`
      [
        "2 "nine", do: write it such as --port 4516
      ",
        "2 "gone", do: pick one of them
      ",
        "2 "gone", do: halfopen list --model counter
      ",
        "2 "gone", do: halfopen list
      ",
        "2 one that is not empty: full, do: name another one
      ",
      ]
    `);
    expect(existsSync(path.join(cwd, 'full/index.html'))).toBe(false);
  });
});

test('the server is for this machine and for its own files', async () => {
  const server = await servePage(0, async () => [
    { path: 'index.html', content: 'page' },
    { path: 'a/b.js', content: 'script' },
  ]);
  const get = (file: string, host = '127.0.0.1') =>
    new Promise<string>((resolve, reject) => {
      request(`${server.url}${file}`, { headers: { host } }, (response) => {
        let body = '';
        response.on('data', (chunk) => {
          body += chunk;
        });
        response.on('end', () => resolve(`${response.statusCode} ${response.headers['content-type']} ${body.trim()}`));
      })
        .on('error', reject)
        .end();
    });
  try {
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    expect(await get('')).toBe('200 text/html; charset=utf-8 page');
    expect(await get('a/b.js')).toBe('200 text/javascript; charset=utf-8 script');
    expect(await get('../package.json')).toBe('404 text/plain no such file');
    expect(await get('', 'elsewhere.example')).toMatch(/^403 /);
  } finally {
    await server.close();
  }
});

test('a report for a browser: one file, and texts that would be markup are none', { timeout: 120_000 }, async () => {
  const { out } = await halfopen('simulate --model counter --variant lock-free --seed 1 --reporter html');
  expect(out).toMatch(/^<!doctype html>/);
  expect(out).not.toMatch(/(src|href)="(https?:)?\/\//);
  const data = /<script type="application\/json" id="data">([^<]*)<\/script>/.exec(out)?.[1] ?? '';
  const { runs } = JSON.parse(data);
  expect(runs[0].timeline.steps.length).toBeGreaterThan(2);
  expect(runs[0].timeline.breaks.length).toBeGreaterThan(0);
});

test('a seed can be written to replay', { timeout: 60_000 }, () => {
  const registryFile = path.join(fixtures, 'registry.ts');
  const argv = ['--import', 'tsx', 'bin/halfopen.ts', 'replay', '-', '--registry', registryFile];
  const ran = spawnSync(process.execPath, argv, { cwd: root, input: readFileSync(seed), encoding: 'utf8' });
  expect(ran.stdout.trimEnd().split('\n').at(-1)).toBe('as expected: 1 verdict');
  const nonsense = spawnSync(process.execPath, argv, { cwd: root, input: '{', encoding: 'utf8' });
  expect([nonsense.status, nonsense.stderr]).toEqual([2, expect.stringContaining('halfopen: -: expected JSON')]);
});
