import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { halfopen, inFolder } from './command-line.ts';

const COMMAND = 'simulate --model counter --variant lock-free --seed 1';

test('several reporters in one run: one is printed, the others go to files', async () => {
  await inFolder(async (cwd) => {
    const read = (name: string) => readFileSync(path.join(cwd, name), 'utf8');
    writeFileSync(path.join(cwd, 'old.xml'), 'of another run');
    writeFileSync(path.join(cwd, 'summary.md'), 'of another step\n');
    const files = [
      'junit=old.xml',
      'markdown=summary.md',
      'mermaid=a=b.mmd',
      'chrome=trace.json',
      'itf=trace.itf.json',
    ];
    const asked = files.map((file) => `--reporter ${file}`).join(' ');
    const plain = await halfopen(COMMAND, { cwd });
    expect(await halfopen(`${COMMAND} ${asked}`, { cwd })).toEqual(plain);
    expect(read('old.xml')).toMatch(/^<\?xml/);
    expect(read('summary.md')).toMatch(/^of another step\n## halfopen simulate: 1 of \d+ verdicts violated/);
    expect(read('a=b.mmd')).toMatch(/^```mermaid/);
    expect(JSON.parse(read('trace.json')).traceEvents).not.toEqual([]);
    expect(JSON.parse(read('trace.itf.json')).states).not.toEqual([]);
    const json = await halfopen(`${COMMAND} --reporter json --reporter text=report.txt`, { cwd });
    expect(JSON.parse(json.out).command).toBe('simulate');
    expect(read('report.txt')).toBe(plain.out);
  });
});

test('what cannot be written to, and what would be printed twice', async () => {
  await inFolder(async (cwd) => {
    const refused = ['--reporter junit=gone/x.xml', '--reporter junit=', '--reporter json --reporter github'];
    const said = await Promise.all(refused.map((options) => halfopen(`${COMMAND} ${options}`, { cwd })));
    expect(said.map(({ code, err }) => `${code} ${err}`)).toMatchInlineSnapshot(`
      [
        "2 halfopen: expected a file that can be written for --reporter junit, got ENOENT: gone/x.xml, do: check the path
      ",
        "2 halfopen: expected --reporter to be a name or name=file, got "junit=", do: name the file
      ",
        "2 halfopen: expected one --reporter that prints, got json and github, do: give the others a file: --reporter github=FILE
      ",
      ]
    `);
  });
});
