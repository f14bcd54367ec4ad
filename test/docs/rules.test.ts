import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parseRules } from '../conformance/log.ts';
import { LEFT_OUT } from '../models/left-out.ts';
import { complaintsAbout, RULES, type RuleTest, rulesPage, ruleTestsIn, type SeenRule } from './rules.ts';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

const tests = ['test/models', 'test/kernel'].flatMap((folder) =>
  readdirSync(path.join(root, folder))
    .filter((file) => file.endsWith('.test.ts'))
    .sort()
    .flatMap((file) => ruleTestsIn(`${folder}/${file}`, read(`${folder}/${file}`))),
);
const seen = parseRules(read('test/conformance/logs/rules.ndjson')).map(
  ({ rule, says, holds }): SeenRule => ({ rule: String(rule), says, holds }),
);

test('each rule is shown by a test, was seen on real sockets, and holds there', () => {
  expect(complaintsAbout(tests, seen)).toEqual([]);
});

test('the page of rules says which test shows each, and what was seen', async () => {
  await expect(rulesPage(tests, seen, LEFT_OUT)).toMatchFileSnapshot(path.join(root, 'docs/rules.md'));
});

test('a rule without a test is found out, and so is one that was not seen, that does not hold, or that is none', () => {
  const ofRule = (rule: string): RuleTest => ({ rule, file: 'a.test.ts', says: 'a' });
  const sawRule = (rule: string): SeenRule => ({ rule, says: 'b', holds: true });
  const all = Object.keys(RULES);
  expect(complaintsAbout(all.map(ofRule), all.map(sawRule))).toEqual([]);
  const without = all.filter((rule) => rule !== '7');
  expect(complaintsAbout(without.map(ofRule), all.map(sawRule))).toEqual(['rule 7: no test shows it']);
  expect(complaintsAbout(all.map(ofRule), without.map(sawRule))).toEqual(['rule 7: not seen on real sockets']);
  const broken = all.map((rule): SeenRule => ({ ...sawRule(rule), holds: rule !== '3' }));
  expect(complaintsAbout(all.map(ofRule), broken)).toEqual(['rule 3: does not hold on real sockets: b']);
  expect(complaintsAbout([...all, '20'].map(ofRule), all.map(sawRule))).toEqual(['rule 20: there is none']);
});

test('titles of tests are found, and nothing else', () => {
  const text = `
    describe('rule 1: of a group', () => {
      test('rule 2: shown', () => {});
      test("rule tcp: the kernel's", { timeout: 1 }, () => {});
      test.skip('rule 3: skipped', () => {});
      test('of rule 4: not at the start', () => {});
    });
    // test('rule 5: a comment')
    const title = 'rule 6: a text';
  `;
  expect(ruleTestsIn('a.test.ts', text)).toEqual([
    { rule: '2', file: 'a.test.ts', says: 'shown' },
    { rule: 'tcp', file: 'a.test.ts', says: "the kernel's" },
  ]);
});
