// README.md is what it says: every command prints what stands below it, every name is one. After a change that is meant:
//   npx vitest run test/docs -u
// and, for the numbers of the kill table:
//   npx tsx bin/halfopen.ts check --seed 1 --reporter json > /tmp/check.json
//   HALFOPEN_KILLS=/tmp/check.json npx vitest run test/docs -u
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lease } from '../../examples/lease.ts';
import { attach } from '../../models/attach/model.ts';
import { registry } from '../../models/registry.ts';
import { createProgram } from '../../src/cli/program.ts';
import { Subject } from '../../src/engine/run.ts';
import { FAILURE_KINDS } from '../../src/gate/failure-kinds.ts';
import type { Outcome } from '../../src/gate/outcome.ts';
import { parseSeedFile } from '../../src/gate/seed-file.ts';
import type { AnyModel } from '../../src/model/model.ts';
import { Clone } from './clone.ts';
import { complaints, type Facts } from './complaints.ts';
import { findingsOf } from './findings.ts';
import { withMutantTable } from './mutant-table.ts';
import { commandsOf, fencesOf } from './page.ts';
import { rerun } from './rerun.ts';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const readme = read('README.md');
const models: readonly AnyModel[] = registry.entries.map(({ model }) => model);
const clone = new Clone();
afterAll(() => clone.remove());

describe('the README', () => {
  let again = '';
  beforeAll(async () => {
    again = await rerun(readme, clone, read);
  }, 600_000);

  test('shows what its commands print, files as they are, and all mutants', async () => {
    const { HALFOPEN_KILLS: kills } = process.env;
    const outcome = kills === undefined ? undefined : (JSON.parse(readFileSync(kills, 'utf8')) as Outcome);
    await expect(withMutantTable(again, models, outcome?.mutants)).toMatchFileSnapshot(path.join(root, 'README.md'));
  });

  test('has commands to show', () => {
    expect(printedBelow(readme, /^halfopen /)).toHaveLength(17);
  });

  /** What the prose makes of them. */
  test.each<[command: RegExp, shows: RegExp]>([
    [/ping-only .*--seed 1$/, /comes only after 939\.6s\n[\s\S]*the same 6 rows 29 more times/],
    [/ping-only .*--seed 1$/, /^ {4}client 1 end #1 {2}= 0 {2}\(fault\)$/m],
    [/replay late-pong-rearms/, /comes only after 45s/],
    [/latency=1ms\.\.16s/, /✗ {2}violated {2}live-client-spared/],
    [/giveUp=30s/, /= freezes/],
    [/pongWait=40s/, /\.\.(39|40)\.?\d*s/],
    [/our-constants/, /^sampled: nothing is violated/],
    [/--property silence-evicted --runs 250 --seed 1 \| head/, /✗ {2}violated {2}silence-evicted/],
    [/replay seeds\/\S+ \| head/, /✗ {2}violated .*\n.*the trace has changed: .* refresh it: .* --update/],
    [/--update/, /^updated seeds/],
    [/check --registry/, /as expected: 9 verdicts/],
    [/armed-by-beat/, /can never come/],
    [/patience=10s/, /^violated/],
    [/^halfopen prove .*silent-death/, /✓ {2}proved .* dead-client-evicted[\s\S]*worst case 45\.1s, attained/],
    [/^halfopen prove .*blocked-writer/, /worst case 65\.1s, attained/],
    [/^halfopen sweep/, /latency\.max = 15s is not safe: proved up to 14\.999999s, violated from 15s on/],
    [/lease-api/, /^reference: \{\}\narmed-by-beat: .*60\.05s[\s\S]*again: true$/],
  ])('%s shows %s', (command, shows) => {
    const printed = printedBelow(readme, command);
    expect(printed.length).toBeGreaterThan(0);
    for (const text of printed) expect(text).toMatch(shows);
  });

  test.each(Object.entries(complaints))('%s', (_name, complain) => {
    expect(complain(readme, facts())).toEqual([]);
  });

  test('tells every finding, and what it cost', () => {
    for (const { name } of findingsOf(attach)) expect(readme).toContain(`| \`${name}\` |`);
    const measured = (name: string) => parseSeedFile(read(`models/attach/regressions/${name}.json`)).measured;
    expect(measured('pong-deadline--dead-client-evicted')?.['death-to-release']).toEqual(['65.098999s', '65.098999s']);
    expect(measured('pong-deadline--nothing-leaks')?.['end-to-empty']?.[1]).toBe('45s');
    expect(measured('reference-automatic-pong--deaf-client-evicted')?.['death-to-release']?.[1]).toBe('46s');
    expect(measured('pong-deadline--teardown-queues')?.['end-to-empty']?.[1]).toBe('52.001s');
    expect(measured('pong-deadline--exit-releases-slot')?.['exit-to-release']?.[1]).toBe('48.002s');
    expect(measured('pong-deadline--signal-blocks-reader')?.['death-to-release']?.[1]).toBe('54.999s');
  });

  test('has only mutants that are killed', () => {
    const rows = readme.split('\n').filter((line) => /^\| [\w-]+ \| `[\w-]+` \| .* \| `[\w-]+` \|/.test(line));
    const mutants = models.flatMap((model) => Object.values(model.variants)).filter((v) => v.expect.kind === 'mutant');
    expect(rows).toHaveLength(mutants.length);
    // By random schedules in nearly all campaigns, or exhaustively in so many states.
    const killed = / \| ((19|20)\/20 \| \d+ \| \d+ \| (\d+|-)|\d+\/\d+ \| (\d+|-) \| (\d+|-) \| \d+) \|$/;
    for (const row of rows) expect(row).toMatch(killed);
  });

  test('has code that compiles', () => {
    const config = { extends: './tsconfig.json', include: ['examples'] };
    writeFileSync(path.join(clone.folder, 'tsconfig.examples.json'), JSON.stringify(config));
    const typescript = path.dirname(createRequire(import.meta.url).resolve('typescript/package.json'));
    const argv = [path.join(typescript, 'bin/tsc'), '-p', 'tsconfig.examples.json'];
    const compiled = spawnSync(process.execPath, argv, { cwd: clone.folder, encoding: 'utf8' });
    expect([compiled.status, compiled.stdout]).toEqual([0, '']);
  });
});

describe('a false page is found out', () => {
  const block = (...lines: string[]) => ['```console', ...lines, '```', ''].join('\n');
  const honest = block(
    '$ halfopen simulate --model canary --seed 1 --runs 250 | tail -n 1',
    'violated: 1 of 1 property',
  );

  test('an honest one passes', async () => {
    expect(await rerun(honest, clone, read)).toBe(honest);
  });

  test.each([
    ['another output', honest.replace('1 of 1', '0 of 1')],
    ['a line too few', honest.replace('violated: 1 of 1 property\n', '')],
    ['a line too many', honest.replace('property\n', 'property\nand more\n')],
    ['an outdated file', '<!-- file: examples/lease.ts -->\n```ts\nexport const models = [];\n```\n'],
  ])('%s', async (_name, page) => {
    expect(await rerun(page, clone, read)).not.toBe(page);
  });

  test.each([
    ['a command that is not ours', block('$ rm -rf models')],
    ['a filter that is not ours', block('$ halfopen list | sh')],
    ['bad usage', block('$ halfopen simulate --model nobody')],
    ['output without a command', block('violated')],
    ['a block of nothing', '```\n$ halfopen list\n```\n'],
    ['a block without end', '```console\n$ halfopen list\n'],
  ])('%s', async (_name, page) => {
    await expect(rerun(page, clone, read)).rejects.toThrow();
  });

  const shard = `$${'{{ matrix.shard }}'}`;
  const planted: Record<keyof typeof complaints, string[]> = {
    files: ['see [that](models/attach/nobody.ts)', 'see `models/nobody.ts`', block('$ halfopen replay nobody.json')],
    anchors: ['# One\nsee [two](#two)'],
    names: ['`no-such-variant`', '`sim.noSuchCall()`', '`class NoSuchClass`', '`Reference.noSuchMethod`'],
    usage: [
      block('$ halfopen verify'),
      block('$ halfopen list --shard 1/2'),
      '`halfopen simulate --set nobody=1`',
      '```yaml\n- run: npm run check -- --nobody\n```',
    ],
    mentionedOptions: ['`--nobody`'],
    npm: [block('$ npm ci', 'added 1 package'), '`npm run nobody`', block('$ npm ci && npm run nobody')],
    workflow: [
      `\`\`\`yaml\nshard: [1, 2]\nrun: npm run check -- --shard ${shard}/3\n\`\`\``,
      `\`\`\`yaml\nshard: [1]\n   run: npm run check -- --shard ${shard}/1\n\`\`\``,
      `\`\`\`yaml\nshard: [1]\nname: a: b\nrun: npm run check -- --shard ${shard}/1\n\`\`\``,
      '```yaml\nname: halfopen\n```',
    ],
  };

  test.each(Object.entries(complaints))('%s', (name, complain) => {
    for (const page of planted[name] ?? []) expect(complain(page, facts()), page).toHaveLength(1);
    expect(planted[name]).not.toHaveLength(0);
  });

  test('a mutant that nobody ran', () => {
    const page = '<!-- mutants: x -->\n| mutant |\n|---|\n<!-- /mutants -->';
    expect(withMutantTable(page, [lease])).toContain(
      '| `patience-is-interval` | patience = interval | `live-worker-spared` | not run yet |',
    );
  });
});

/** What is shown below the commands that match. */
function printedBelow(page: string, command: RegExp): string[] {
  const commands = fencesOf(page)
    .filter(({ language }) => language === 'console')
    .flatMap(commandsOf);
  return commands.filter((each) => command.test(each.command)).map(({ printed }) => printed.join('\n'));
}

function propertiesOf(model: AnyModel): string[] {
  return Object.keys(model.variants).flatMap((variant) =>
    new Subject(model, variant).properties.all.map(({ name }) => name),
  );
}

/** The findings, by the names with which the reasons of declared violations begin. */
function findings(): string[] {
  const reasons = models.flatMap((model) =>
    Object.values(model.variants).flatMap(({ expect }) =>
      expect.kind === 'system' ? Object.values(expect.violates) : [],
    ),
  );
  return [...new Set(reasons.flatMap((reason) => reason.match(/\b[a-z]+(?:-[a-z]+)+(?=: )/g) ?? []))];
}

function facts(): Facts {
  const all = [...models, lease as AnyModel];
  const seeds = readdirSync(path.join(root, 'models/attach/regressions')).map((name) => name.replace(/\.json$/, ''));
  const manifest = JSON.parse(read('package.json'));
  const nothing = () => undefined;
  const host = {
    out: nothing,
    err: nothing,
    env: {},
    cwd: root,
    colour: false,
    watched: false,
    now: () => 0,
    memoryInUse: () => 0,
  };
  const program = createProgram('', host, nothing, nothing);
  const sources = ['src', 'models', 'examples']
    .flatMap((folder) =>
      readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
        path.join(folder, name),
      ),
    )
    .filter((file) => file.endsWith('.ts'))
    .map(read)
    .join('\n');
  return {
    names: new Set([
      ...all.flatMap((model) => Object.keys(model.variants)),
      ...all.flatMap((model) => propertiesOf(model)),
      ...findings(),
      ...FAILURE_KINDS,
      ...seeds,
      ...Object.keys(manifest.dependencies),
    ]),
    options: new Map(
      program.commands.map((command) => [command.name(), command.options.flatMap(({ long }) => long ?? [])]),
    ),
    parameters: new Set(all.flatMap((model) => Object.keys(model.parameters))),
    scripts: new Set(Object.keys(manifest.scripts)),
    exists: (file) => existsSync(path.join(root, file)),
    inSources: (word) => new RegExp(`\\b${word}\\b`).test(sources),
  };
}
