import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Outcome, Shard } from '../../src/gate/outcome.ts';
import { halfopen, inFolder } from './command-line.ts';

const QUICK = '--workers 1 --runs 250 --seed 1';

/** Runs all shards of a check, writes their outcomes into `cwd`, and names the files, the last one first. */
async function shards(check: string, of: number, cwd: string): Promise<string[]> {
  const files: string[] = [];
  for (let index = 1; index <= of; index++) {
    const file = `${index}.json`;
    const { out } = await halfopen(`${check} --shard ${index}/${of} --reporter json`, { cwd });
    writeFileSync(path.join(cwd, file), out);
    files.unshift(file);
  }
  return files;
}

describe('the shards of a check, put together, are the check', () => {
  test.each([
    ['as declared', `check ${QUICK}`, [1, 3, 20], 0],
    ['not as declared', `check ${QUICK} --registry FIXTURES/modules/not-as-declared.ts`, [2], 1],
    ['without time', `check ${QUICK} --time 0`, [3], 3],
    ['of one property', `check ${QUICK} --property nothing-lost`, [2], 0],
    ['of one model, in full', `check ${QUICK} --full --model counter`, [4], 0],
  ])('%s', (_name, check, numbers, code) =>
    inFolder(async (cwd) => {
      const whole = await halfopen(`${check} --reporter json`, { cwd });
      const inWords = await halfopen(`${check} --stories`, { cwd });
      expect([whole.code, inWords.code]).toEqual([code, code]);
      for (const of of numbers) {
        const files = (await shards(check, of, cwd)).join(' ');
        expect(await halfopen(`merge ${files} --reporter json`, { cwd })).toEqual(whole);
        expect(await halfopen(`merge ${files} --stories`, { cwd })).toEqual(inWords);
      }
    }),
  );
});

type ShardOutcome = Outcome & { readonly shard: Shard };

test('what is not one whole is refused in one line, which says what to do', () =>
  inFolder(async (cwd) => {
    await shards(`check ${QUICK} --model counter`, 3, cwd);
    const second = JSON.parse(readFileSync(path.join(cwd, '2.json'), 'utf8')) as ShardOutcome;
    const write = (name: string, content: unknown) =>
      writeFileSync(path.join(cwd, name), typeof content === 'string' ? content : JSON.stringify(content));
    const written = (name: string, outcome: object, shard: object = {}) => {
      write(name, { ...second, ...outcome, shard: { ...second.shard, ...shard } });
      return `merge 1.json ${name} 3.json`;
    };
    const [row] = second.rows;
    const whole = await halfopen(`check ${QUICK} --model counter --reporter json`, { cwd });
    write('whole.json', whole.out);
    written('many.json', {}, { of: 999_999 });
    write('cut.json', whole.out.slice(0, 500));
    write('empty.json', '');
    const lines = [
      'merge',
      'merge gone.json',
      'merge .',
      'merge cut.json',
      'merge empty.json',
      'merge whole.json',
      'merge 1.json 3.json',
      'merge 2.json',
      'merge many.json',
      'merge 1.json 2.json 3.json 2.json',
      'merge 1.json 2.json 3.json --reporter xml',
      written('seed.json', { seed: '2' }),
      written('strange-seed.json', { seed: 'two\nlines' }),
      written('runs.json', { runs: 2000 }),
      written('full.json', { full: true }),
      written('version.json', {}, { version: '0.0.0' }),
      written('commit.json', {}, { commit: 'abc' }),
      written('of.json', {}, { of: 4 }),
      written('most.json', {}, { of: 1_000_000 }),
      written('states.json', {}, { maxStates: 5 }),
      written('property.json', {}, { property: 'nothing-lost' }),
      written('planned.json', {}, { planned: 11 }),
      written('units.json', {}, { units: second.shard.units.slice(1) }),
      written('twice.json', {}, { units: second.shard.units.map(() => second.shard.units[0]) }),
      written('stray.json', { rows: [...second.rows, { ...row, unit: 'another' }] }),
      written('command.json', { command: 'simulate' }),
      written('format.json', { format: 2 }),
      written('verdict.json', { rows: [{ ...row, verdict: 'maybe' }] }),
      written('rows.json', { rows: 'none' }),
      written('index.json', {}, { index: 0 }),
      written('beyond.json', {}, { index: 4 }),
    ];
    const seen: string[] = [];
    for (const line of lines) {
      const { code, out, err } = await halfopen(line, { cwd });
      expect([line, code, out, err.split('\n').length]).toEqual([line, 2, '', 2]);
      seen.push(`$ halfopen ${line}\n${err}`);
    }
    expect(seen.join('')).toMatchInlineSnapshot(`
      "$ halfopen merge
      halfopen: expected the files of shards, got none, do: halfopen --help
      $ halfopen merge gone.json
      halfopen: expected the file of a shard, got no such file: gone.json, do: check the path
      $ halfopen merge .
      halfopen: expected the file of a shard, got EISDIR: ., do: check the path
      $ halfopen merge cut.json
      halfopen: cut.json: expected JSON, got something else, do: halfopen check --shard i/n --reporter json > FILE
      $ halfopen merge empty.json
      halfopen: empty.json: expected JSON, got nothing, do: halfopen check --shard i/n --reporter json > FILE
      $ halfopen merge whole.json
      halfopen: whole.json: at shard: expected an object, got nothing, do: halfopen check --shard i/n --reporter json > FILE
      $ halfopen merge 1.json 3.json
      halfopen: expected all shards from 1/3 to 3/3, got all but 2/3, do: add them
      $ halfopen merge 2.json
      halfopen: expected all shards from 1/3 to 3/3, got all but 1/3, 3/3, do: add them
      $ halfopen merge many.json
      halfopen: expected all shards from 1/999999 to 999999/999999, got all but 1/999999, 3/999999, 4/999999, 5/999999, 6/999999, 7/999999, 8/999999, 9/999999 and 999990 more, do: add them
      $ halfopen merge 1.json 2.json 3.json 2.json
      halfopen: expected each shard once, got 2/3 in 2.json and in 2.json, do: name one of them
      $ halfopen merge 1.json 2.json 3.json --reporter xml
      halfopen: expected --reporter to be one of text, json, junit, github, markdown, mermaid, chrome, itf, html, got "xml", do: pick one of them
      $ halfopen merge 1.json seed.json 3.json
      halfopen: expected shards with the same seed, got 1 in 1.json and 2 in seed.json, do: run all shards with one seed
      $ halfopen merge 1.json strange-seed.json 3.json
      halfopen: expected shards with the same seed, got 1 in 1.json and "two\\nlines" in strange-seed.json, do: run all shards with one seed
      $ halfopen merge 1.json runs.json 3.json
      halfopen: expected shards with the same number of schedules, got 250 in 1.json and 2000 in runs.json, do: run all shards with one number of schedules
      $ halfopen merge 1.json full.json 3.json
      halfopen: expected shards with the same choice of --full, got false in 1.json and true in full.json, do: run all shards with one choice of --full
      $ halfopen merge 1.json version.json 3.json
      halfopen: expected shards with the same version of halfopen, got 0.1.0 in 1.json and 0.0.0 in version.json, do: run all shards with one version of halfopen
      $ halfopen merge 1.json commit.json 3.json
      halfopen: expected shards with the same commit, got none in 1.json and abc in commit.json, do: run all shards with one commit
      $ halfopen merge 1.json of.json 3.json
      halfopen: expected shards with the same number of shards, got 3 in 1.json and 4 in of.json, do: run all shards with one number of shards
      $ halfopen merge 1.json most.json 3.json
      halfopen: most.json: at shard["of"]: expected a whole number in its range, got 1000000, do: halfopen check --shard i/n --reporter json > FILE
      $ halfopen merge 1.json states.json 3.json
      halfopen: expected shards with the same --max-states, got 200000 in 1.json and 5 in states.json, do: run all shards with one --max-states
      $ halfopen merge 1.json property.json 3.json
      halfopen: expected shards with the same --property, got none in 1.json and nothing-lost in property.json, do: run all shards with one --property
      $ halfopen merge 1.json planned.json 3.json
      halfopen: expected shards with the same number of units of work, got 10 in 1.json and 11 in planned.json, do: run all shards with one number of units of work
      $ halfopen merge 1.json units.json 3.json
      halfopen: expected units.json to name 3 units, got 2, do: run that shard again
      $ halfopen merge 1.json twice.json 3.json
      halfopen: expected twice.json to name each unit once, got "prove counter/reference on pair" twice, do: run that shard again
      $ halfopen merge 1.json stray.json 3.json
      halfopen: expected stray.json to hold what its own units found, got something of "another", do: run that shard again
      $ halfopen merge 1.json command.json 3.json
      halfopen: command.json: at command: expected "check", got "simulate", do: halfopen check --shard i/n --reporter json > FILE
      $ halfopen merge 1.json format.json 3.json
      halfopen: format.json: at format: expected 1, got 2, do: halfopen check --shard i/n --reporter json > FILE
      $ halfopen merge 1.json verdict.json 3.json
      halfopen: verdict.json: at rows[0]["verdict"]: expected "proved" or "sampled" or "violated" or "inconclusive", got "maybe", do: halfopen check --shard i/n --reporter json > FILE
      $ halfopen merge 1.json rows.json 3.json
      halfopen: rows.json: at rows: expected an array, got "none", do: halfopen check --shard i/n --reporter json > FILE
      $ halfopen merge 1.json index.json 3.json
      halfopen: index.json: at shard["index"]: expected a whole number in its range, got 0, do: halfopen check --shard i/n --reporter json > FILE
      $ halfopen merge 1.json beyond.json 3.json
      halfopen: expected beyond.json to be one of 3 shards, got 4/3, do: run that shard again
      "
    `);
  }));

test('where the commit is known, shards say it', () =>
  inFolder(async (cwd) => {
    const commitIn = async (env: Record<string, string>) => {
      const { out } = await halfopen(`check ${QUICK} --time 0 --shard 1/2 --reporter json`, { cwd, env });
      return (JSON.parse(out) as ShardOutcome).shard.commit;
    };
    expect(await commitIn({ GITHUB_SHA: 'abc' })).toBe('abc');
    expect(await commitIn({ CI_COMMIT_SHA: 'def' })).toBe('def');
    expect(await commitIn({})).toBe(undefined);
  }));
