import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { fixtures, halfopen, inFolder } from './command-line.ts';

const QUICK = '--workers 1 --runs 250 --seed 1';

describe('check', () => {
  test('as declared', async () => {
    expect(await halfopen(`check ${QUICK}`)).toMatchInlineSnapshot(`
      {
        "code": 0,
        "err": "",
        "out": "halfopen check, seed 1, 250 schedules a variant

      seeds
        ✓  violated  counter/both-read-first  nothing-lost  both adders read before either writes

      prove
        ✓  proved    counter/reference      nothing-lost  on pair: 21 states
        ✓  proved    counter/reference      deadlock      on pair: 21 states
        ✓  violated  counter/lock-free      nothing-lost  on pair: 21 states  both read before either writes
        ✓  violated  counter/drop-the-lock  nothing-lost  on pair: 21 states  remove mutex.lock() and unlock()
        ✓  proved    counter/reference      nothing-lost  on alone: 3 states
        ✓  proved    counter/lock-free      nothing-lost  on alone: 3 states

      exact times
           variant            on    span    least          greatest       explored
           counter/reference  pair  adding  1ms, attained  5ms, attained  21 states

      counter/reference  adds under a lock
        ✓  sampled   nothing-lost   250 schedules
           1 of 1 witness seen
           measured  adding  1ms..5ms  From a start to the next addition.

      counter/lock-free  adds without a lock
        ✓  violated  nothing-lost   at schedule 1  both read before either writes
           0 of 1 witness seen, 1 need not be
           measured  adding  1ms..5ms  From a start to the next addition.

      heartbeat/reference  waits with a deadline
        ✓  sampled   death-noticed  250 schedules
           1 of 1 witness seen

      heartbeat/no-deadline  waits for ever
        ✓  violated  death-noticed  at schedule 1  nothing ends the wait
           0 of 1 witness seen, 1 need not be

      mutants
           mutant                 killed by     kills  median  most  prove     edit
        ✓  counter/drop-the-lock  nothing-lost  20/20  1       2     pair: 21  remove mutex.lock() and unlock()

      as expected: 18 verdicts
      ",
      }
    `);
  });

  test('not as declared', async () => {
    expect(
      await halfopen(`check ${QUICK} --registry ${fixtures}/modules/not-as-declared.ts --model toy`),
    ).toMatchInlineSnapshot(`
      {
        "code": 1,
        "err": "",
        "out": "halfopen check, seed 1, 250 schedules a variant

      toy/reference  does bad
        ✗  violated  stays-good  at schedule 5  must hold: The toy stays good.
        ✓  sampled   no-worse    250 schedules
           1 of 1 witness seen

      toy/broken  does nothing
        ✗  sampled   stays-good  250 schedules  must be violated: the toy is broken
        ✗  sampled   no-worse    250 schedules  must be violated: the toy is broken
           1 of 1 witness seen

      violated  stays-good  toy/reference
        promised: The toy stays good.
        seen: is false in this state
        found at schedule 5, shrunk in 0 steps

        Decisions (1, everything else takes its default):
          acts #1  = yes

           time     who       what
        ◆   1ms     decision  acts #1 = yes
        ✗   1ms  ✗  actor     acts

        halfopen simulate --model toy --variant reference --property stays-good --seed 1 --registry FIXTURES/modules/not-as-declared.ts

      not as expected: 3 of 8 verdicts
      ",
      }
    `);
  });

  test('with no time at all', async () => {
    const { code, out } = await halfopen(`check ${QUICK} --time 0 --model counter --variant reference`);
    expect(code).toBe(3);
    expect(out).toMatchInlineSnapshot(`
      "halfopen check, seed 1, 250 schedules a variant

      prove
        ?  inconclusive  counter/reference  nothing-lost  on pair   time ran out
        ?  inconclusive  counter/reference  deadlock      on pair   time ran out
        ?  inconclusive  counter/reference  adding        on pair   time ran out
        ?  inconclusive  counter/reference  nothing-lost  on alone  time ran out

      counter/reference  adds under a lock
        ?  inconclusive  nothing-lost    time ran out after 0 schedules
           0 of 1 witness seen
        ?  not seen  waited  must be seen, was not in 0 schedules: Somebody found the lock taken.

      inconclusive: time ran out for 6 of 6 verdicts
      "
    `);
  });

  test('a part of it, with stories', async () => {
    const { code, out } = await halfopen(
      `check ${QUICK} --model heartbeat --variant no-deadline --property death-noticed --stories`,
    );
    expect(code).toBe(0);
    expect(out).toMatchInlineSnapshot(`
      "halfopen check, seed 1, 250 schedules a variant

      heartbeat/no-deadline  waits for ever
        ✓  violated  death-noticed  at schedule 1  nothing ends the wait

      violated  death-noticed  heartbeat/no-deadline
        promised: A dead client is given up in time.
        seen: "given up", due at most 46s after "dead", can never come: nothing can happen any more
        found at schedule 1, shrunk in 1 step

        Decisions (1, everything else takes its default):
          client dies #1  = 0  (fault)

           time       who            what
        ◆     0       decision       client dies #1 = 0
              0  ●    client         dead
        ✗   15s    ✗  death-noticed  is broken by now

        halfopen simulate --model heartbeat --variant no-deadline --property death-noticed --seed 1

      as expected: 1 verdict
      "
    `);
  });
});

describe('simulate', () => {
  test('what breaks, with a parameter set', async () => {
    const ran = await halfopen(
      `simulate ${QUICK} --model heartbeat --variant no-deadline --set interval=5s --set latency=20ms`,
    );
    expect(ran.code).toBe(1);
    expect(ran.err).toBe('');
    expect(ran.out).toMatchInlineSnapshot(`
      "halfopen simulate, seed 1, 250 schedules a variant

      heartbeat/no-deadline  waits for ever
        ✗  violated  death-noticed  at schedule 1  A dead client is given up in time.
           0 of 1 witness seen, 1 need not be

      violated  death-noticed  heartbeat/no-deadline
        promised: A dead client is given up in time.
        seen: "given up", due at most 46s after "dead", can never come: nothing can happen any more
        found at schedule 1, shrunk in 1 step
        set: interval=5s latency=20ms

        Decisions (1, everything else takes its default):
          client dies #1  = 0  (fault)

           time       who            what
        ◆     0       decision       client dies #1 = 0
              0  ●    client         dead
        ✗    5s    ✗  death-noticed  is broken by now

        halfopen simulate --model heartbeat --variant no-deadline --property death-noticed --seed 1 --set interval=5s --set latency=20ms

      violated: 1 of 1 property
      "
    `);
  });

  test('what breaks is what the model declares, or not; under settings of the user nothing is declared', async () => {
    const rows = async (command: string) => {
      const { out } = await halfopen(`simulate ${QUICK} ${command}`);
      return out.split('\n').filter((line) => /^ {2}[✓✗?] {2}\w/.test(line));
    };
    const commands = [
      '--model heartbeat --variant no-deadline',
      '--model heartbeat --variant no-deadline --set interval=5s',
      '--model heartbeat --variant reference --set latency=1ms..2s',
      '--model counter --variant lock-free --set processes=1',
      '--model counter --variant drop-the-lock',
      '--model counter --variant drop-the-lock --set processes=3',
      '--model counter --variant reference --set processes=3 --time 0',
    ];
    const shown = await Promise.all(commands.map(async (command) => [command, ...(await rows(command))]));
    expect(shown.flat().join('\n')).toMatchInlineSnapshot(`
      "--model heartbeat --variant no-deadline
        ✓  violated  death-noticed  at schedule 1  (as the model expects)  nothing ends the wait
      --model heartbeat --variant no-deadline --set interval=5s
        ✗  violated  death-noticed  at schedule 1  A dead client is given up in time.
      --model heartbeat --variant reference --set latency=1ms..2s
        ✗  violated  death-noticed  at schedule 1  A dead client is given up in time.
      --model counter --variant lock-free --set processes=1
        ✓  sampled  nothing-lost  250 schedules  The counter is what was added.
      --model counter --variant drop-the-lock
        ✓  violated  nothing-lost  at schedule 1  (as the model expects)  remove mutex.lock() and unlock()
        ✗  not seen  waited  must be seen, was not in 250 schedules: Somebody found the lock taken.
      --model counter --variant drop-the-lock --set processes=3
        ✗  violated  nothing-lost  at schedule 1  The counter is what was added.
        ✗  not seen  waited  must be seen, was not in 250 schedules: Somebody found the lock taken.
      --model counter --variant reference --set processes=3 --time 0
        ?  inconclusive  nothing-lost    time ran out after 0 schedules
        ?  not seen  waited  must be seen, was not in 0 schedules: Somebody found the lock taken."
    `);
  });

  test('what holds', async () => {
    expect(await halfopen(`simulate ${QUICK} --model counter`)).toMatchInlineSnapshot(`
      {
        "code": 0,
        "err": "",
        "out": "halfopen simulate, seed 1, 250 schedules a variant

      counter/reference  adds under a lock
        ✓  sampled  nothing-lost  250 schedules  The counter is what was added.
           1 of 1 witness seen
           measured  adding  1ms..5ms  From a start to the next addition.

      sampled: nothing is violated; no more than these schedules is known
      ",
      }
    `);
  });

  test('parameters from a file', () =>
    inFolder(async (cwd) => {
      writeFileSync(path.join(cwd, 'params.json'), '{"processes": "3"}');
      const { code, out } = await halfopen(
        `simulate ${QUICK} --model counter --variant lock-free --params params.json`,
        { cwd },
      );
      expect(code).toBe(1);
      expect(out).toContain('set: processes=3');
      const { out: fewer } = await halfopen(
        `simulate ${QUICK} --model counter --variant lock-free --params params.json --set processes=1`,
        { cwd },
      );
      expect(fewer).toContain('nothing is violated');
    }));

  test('its command finds the same story again', async () => {
    const first = await halfopen(`simulate ${QUICK} --model heartbeat --variant no-deadline`);
    const command = /halfopen (simulate .*)\n/.exec(first.out)?.[1] as string;
    expect(command).toBe('simulate --model heartbeat --variant no-deadline --property death-noticed --seed 1');
    const again = await halfopen(`${command} --workers 1 --runs 250`);
    const story = (out: string) => out.slice(out.indexOf('\nviolated'));
    expect(story(again.out)).toBe(story(first.out));
  });
});

describe('a seed from its finding to its end', () => {
  const save = `simulate ${QUICK} --model counter --variant lock-free --save seeds`;
  const file = 'seeds/lock-free-nothing-lost.json';

  test('is saved, replayed, found stale, and refreshed', () =>
    inFolder(async (cwd) => {
      const saved = await halfopen(save, { cwd });
      expect([saved.code, saved.err]).toMatchInlineSnapshot(`
        [
          1,
          "saved seeds/lock-free-nothing-lost.json: say in it why it is kept, and replay it with halfopen replay seeds/lock-free-nothing-lost.json
        ",
        ]
      `);
      expect(readdirSync(path.join(cwd, 'seeds'))).toEqual(['lock-free-nothing-lost.json']);
      const written = readFileSync(path.join(cwd, file), 'utf8');
      expect(written).toMatchInlineSnapshot(`
        "{
          "format": 1,
          "model": "counter",
          "variant": "lock-free",
          "property": "nothing-lost",
          "verdict": "violated",
          "why": "simulate with seed 1 found it at schedule 1: is false in this state",
          "settings": {},
          "schedule": {},
          "digest": "3f677c8b85980f22",
          "measured": {
            "adding": ["1ms", "1ms"]
          }
        }
        "
      `);

      const replayed = await halfopen(`replay ${file}`, { cwd });
      expect(replayed).toMatchInlineSnapshot(`
        {
          "code": 0,
          "err": "",
          "out": "seeds
          ✓  violated  counter/lock-free-nothing-lost  nothing-lost  simulate with seed 1 found it at schedule 1: is false in t…

        violated  nothing-lost  counter/lock-free
          promised: The counter is what was added.
          seen: is false in this state

          Decisions: none, everything takes its default

             time       who      what
                0  ●    adder 1  starts
                0  │ ●  adder 2  starts
              1ms  ● │  adder 1  added  value=1
          ✗   1ms    ✗  adder 2  added  value=1

          halfopen replay seeds/lock-free-nothing-lost.json

        as expected: 1 verdict
        ",
        }
      `);

      const stale = { ...JSON.parse(written), schedule: { 'adder 3 work #1': '2ms' }, digest: '0000000000000000' };
      writeFileSync(path.join(cwd, file), JSON.stringify(stale));
      const refused = await halfopen(`replay ${file}`, { cwd });
      expect([refused.code, refused.out.slice(0, refused.out.indexOf('\n\n'))]).toMatchInlineSnapshot(`
        [
          1,
          "seeds
          ✗  violated  counter/lock-free-nothing-lost  nothing-lost
               stale decision "adder 3 work #1": was never asked; the trace has changed: expected digest 0000000000000000, got 3f677c8b85980f22; if that is meant, refresh it: halfopen replay seeds/lock-free-nothing-lost.json --update",
        ]
      `);

      const updated = await halfopen(`replay ${file} --update`, { cwd });
      expect([updated.code, updated.err]).toEqual([0, `updated ${file}\n`]);
      expect(readFileSync(path.join(cwd, file), 'utf8')).toBe(written);
    }));

  test('is saved with the command that replays it, whatever the registry', () =>
    inFolder(async (cwd) => {
      const registry = 'FIXTURES/modules/not-as-declared.ts';
      const { err } = await halfopen(`simulate ${QUICK} --model toy --registry ${registry} --save seeds`, { cwd });
      const command = /replay it with halfopen (.*)\n$/.exec(err)?.[1] as string;
      expect(command).toBe(`replay seeds/reference-stays-good.json --registry ${registry}`);
      expect(await halfopen(command, { cwd })).toMatchObject({ code: 0, err: '' });
    }));

  test('is never overwritten by another', () =>
    inFolder(async (cwd) => {
      mkdirSync(path.join(cwd, 'seeds'));
      writeFileSync(path.join(cwd, file), 'precious');
      expect(await halfopen(save, { cwd })).toMatchInlineSnapshot(`
        {
          "code": 2,
          "err": "halfopen: expected --save to write new files only, got one that exists: seeds/lock-free-nothing-lost.json, do: remove it, or save elsewhere
        ",
          "out": "",
        }
      `);
      expect(readFileSync(path.join(cwd, file), 'utf8')).toBe('precious');
    }));

  test('is not refreshed to say something else', () =>
    inFolder(async (cwd) => {
      await halfopen(save, { cwd });
      const changed = readFileSync(path.join(cwd, file), 'utf8').replace('"violated"', '"sampled"');
      writeFileSync(path.join(cwd, file), changed);
      expect(await halfopen(`replay ${file} --update`, { cwd })).toMatchInlineSnapshot(`
        {
          "code": 1,
          "err": "halfopen: seeds/lock-free-nothing-lost.json is left as it is: expected nothing-lost to hold, got: violated; find a new one: halfopen simulate --model counter --variant lock-free --property nothing-lost
        ",
          "out": "",
        }
      `);
      expect(readFileSync(path.join(cwd, file), 'utf8')).toBe(changed);
    }));

  test('is not written where nothing is violated', () =>
    inFolder(async (cwd) => {
      await halfopen(`simulate ${QUICK} --model counter --save seeds`, { cwd });
      expect(existsSync(path.join(cwd, 'seeds'))).toBe(false);
    }));

  test('can be replayed by its name or by that of its file', async () => {
    const byName = await halfopen('replay lost-update');
    expect(byName.code).toBe(0);
    expect((await halfopen('replay both-read-first')).out).toBe(byName.out);
  });
});

test('list', async () => {
  expect(await halfopen('list', { cwd: fixtures })).toMatchInlineSnapshot(`
    {
      "code": 0,
      "err": "",
      "out": "counter
      Does a counter lose what two processes add at once?
      variants
        reference      adds under a lock
        lock-free      adds without a lock
                       violates nothing-lost
        drop-the-lock  the lock is forgotten
                       mutant, killed by nothing-lost
      parameters
        processes=2  processes that add
      properties
        nothing-lost  always     The counter is what was added.
        waited        sometimes  Somebody found the lock taken.
        adding        measure    From a start to the next addition.
      compositions
        pair   two who add
               reference: proves nothing-lost, deadlock; measures adding
               lock-free: refutes nothing-lost
               drop-the-lock: refutes nothing-lost
        alone  one who adds
               reference: proves nothing-lost
               lock-free: proves nothing-lost
      seeds
        lost-update  lock-free  nothing-lost  both adders read before either writes

    heartbeat
      Is a client that died noticed in time?
      variants
        reference    waits with a deadline
        no-deadline  waits for ever
                     violates death-noticed
      parameters
        interval=15s        between two beats
        patience=45s        what the server waits for the next beat
        latency=1ms..100ms  how long a beat takes
      properties
        death-noticed    within     A dead client is given up in time.
        deadline-passes  sometimes  The server gives up.
    ",
    }
  `);
  const json = JSON.parse((await halfopen('list --reporter json --model counter', { cwd: fixtures })).out);
  expect(json.models.map((model: { name: string }) => model.name)).toEqual(['counter']);
});

describe('the seed comes from', () => {
  const heading = async (env: Record<string, string>, option = '') => {
    const { out } = await halfopen(`check --workers 1 --runs 1 --time 0 --model counter ${option}`, { env });
    return /seed (\S+),/.exec(out)?.[1];
  };

  test('the option, the environment, the commit, or is 1', async () => {
    const env = { HALFOPEN_SEED: 'mine', GITHUB_SHA: 'abc', CI_COMMIT_SHA: 'def' };
    expect(await heading(env, '--seed 7')).toBe('7');
    expect(await heading(env)).toBe('mine');
    expect(await heading({ ...env, HALFOPEN_SEED: '' })).toBe('abc');
    expect(await heading({ CI_COMMIT_SHA: 'def' })).toBe('def');
    expect(await heading({})).toBe('1');
  });
});
