// The tests that testModel makes of declarations which are not met: each fails, and tells why.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { expect, test } from 'vitest';

const folder = path.resolve(import.meta.dirname, '../fixtures/vitest');

interface Report {
  readonly testResults: readonly { readonly assertionResults: readonly Assertion[] }[];
}

interface Assertion {
  readonly ancestorTitles: readonly string[];
  readonly title: string;
  readonly status: string;
  readonly failureMessages: readonly string[];
}

test('what is not as declared fails, in the words of the gate', () => {
  const vitest = path.join(path.dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
  const env = { ...process.env, NO_COLOR: '1', HALFOPEN_SEED: '3', VITEST: undefined };
  const argv = [vitest, 'run', '--root', folder, '--reporter', 'json'];
  const { stdout, status } = spawnSync(process.execPath, argv, { encoding: 'utf8', env });
  expect(status).toBe(1);
  const results = (JSON.parse(stdout) as Report).testResults.flatMap((each) => each.assertionResults);
  const lines = results.map(({ ancestorTitles, title, status: how, failureMessages }) =>
    [`${how}: ${[...ancestorTitles, title].join(' > ')}`, ...failureMessages].join('\n').trimEnd(),
  );
  expect(lines.join('\n')).toMatchInlineSnapshot(`
    "failed: wrong, seed 3, 250 schedules > prove wrong/reference on stage > proves stays-good
    not as expected: must be proved: The toy stays good.

    violated  stays-good  wrong/reference
      promised: The toy stays good.
      seen: is false in this state
      found in 4 states, shrunk in 0 steps
      composition: stage

      Decisions (1, everything else takes its default):
        acts #1  = yes

         time     who       what
      ◆   1ms     decision  acts #1 = yes
      ✗   1ms  ✗  actor     acts

      halfopen prove --model wrong --composition stage --variant reference --property stays-good --registry toys.ts
    passed: wrong, seed 3, 250 schedules > prove wrong/reference on stage > nothing else is wrong
    failed: wrong, seed 3, 250 schedules > prove wrong/broken on stage > refutes no-worse
    not as expected: proved  no-worse  prove wrong/broken on stage: must be violated: Nothing worse happens.
    passed: wrong, seed 3, 250 schedules > prove wrong/broken on stage > nothing else is wrong
    skipped: wrong, seed 3, 250 schedules > prove wrong/reference on crowd > proves no-worse (left to full)
    passed: wrong, seed 3, 250 schedules > prove wrong/reference on crowd > nothing else is wrong
    failed: wrong, seed 3, 250 schedules > wrong/reference > keeps stays-good
    not as expected: must hold: The toy stays good.

    violated  stays-good  wrong/reference
      promised: The toy stays good.
      seen: is false in this state
      found at schedule 13, shrunk in 0 steps

      Decisions (1, everything else takes its default):
        acts #1  = yes

         time     who       what
      ◆   1ms     decision  acts #1 = yes
      ✗   1ms  ✗  actor     acts

      halfopen simulate --model wrong --variant reference --property stays-good --seed 3 --registry toys.ts
    passed: wrong, seed 3, 250 schedules > wrong/reference > keeps no-worse
    passed: wrong, seed 3, 250 schedules > wrong/reference > shows acted
    passed: wrong, seed 3, 250 schedules > wrong/reference > nothing else is wrong
    failed: wrong, seed 3, 250 schedules > wrong/broken > violates stays-good: the toy is broken
    not as expected: sampled  stays-good  wrong/broken: must be violated: the toy is broken
    passed: wrong, seed 3, 250 schedules > wrong/broken > keeps no-worse
    passed: wrong, seed 3, 250 schedules > wrong/broken > nothing else is wrong
    passed: wrong, seed 3, 250 schedules > wrong/panics > keeps stays-good
    passed: wrong, seed 3, 250 schedules > wrong/panics > keeps no-worse
    passed: wrong, seed 3, 250 schedules > wrong/panics > shows acted
    failed: wrong, seed 3, 250 schedules > wrong/panics > nothing else is wrong
    not as expected: must hold: The modelled program does not panic.

    violated  panic  wrong/panics
      promised: The modelled program does not panic.
      seen: the modelled program panics: the toy breaks
      found at schedule 9, shrunk in 0 steps

      Decisions (1, everything else takes its default):
        acts #1  = yes

         time     who       what
      ◆   1ms     decision  acts #1 = yes
          1ms  ●  actor     acts
      ✗   1ms  ✗  actor     panic  reason="the toy breaks"

      halfopen simulate --model wrong --variant panics --property panic --seed 3 --registry toys.ts
    failed: wrong, seed 3, 250 schedules > wrong/slip > is killed by stays-good: do a bad deed
    not as expected: sampled  stays-good  wrong/slip: must be killed in 19 of 20 campaigns, was in 0 of 2; nothing else was violated; the edit: do a bad deed
    passed: wrong, seed 3, 250 schedules > wrong/slip > nothing else is wrong
    skipped: wrong, seed 3, 250 schedules > wrong/heavy-slip > is killed by stays-good: do a bad deed (left to full)
    passed: wrong, seed 3, 250 schedules > wrong/heavy-slip > nothing else is wrong
    passed: wrong, seed 3, 250 schedules > declarations wrong > stays-good can be violated
    failed: wrong, seed 3, 250 schedules > declarations wrong > no-worse can be violated
    not as expected: sampled  no-worse  declarations wrong: nothing violates no-worse: add a variant or a mutant that does
    passed: wrong, seed 3, 250 schedules > declarations wrong > nothing else is wrong
    passed: right, seed 7, 250 schedules > right/reference > keeps stays-good
    passed: right, seed 7, 250 schedules > right/reference > keeps no-worse
    passed: right, seed 7, 250 schedules > right/reference > shows acted
    passed: right, seed 7, 250 schedules > right/reference > nothing else is wrong
    failed: right, seed 7, 250 schedules > declarations right > stays-good can be violated
    not as expected: sampled  stays-good  declarations right: nothing violates stays-good: add a variant or a mutant that does
    failed: right, seed 7, 250 schedules > declarations right > no-worse can be violated
    not as expected: sampled  no-worse  declarations right: nothing violates no-worse: add a variant or a mutant that does
    passed: right, seed 7, 250 schedules > declarations right > nothing else is wrong"
  `);
}, 120_000);
