import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { fixtures, halfopen, inFolder } from './command-line.ts';

test('help', async () => {
  const { code, out, err } = await halfopen('--help');
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatchInlineSnapshot(`
    "Usage: halfopen [options] [command]

    Tries schedules of models of keepalive, half-open connections and single-attach sessions,
    and says which promises break, by which schedule.

    Options:
      -V, --version              print the version
      -h, --help                 display help for command

    Commands:
      check [options]            replay the kept schedules, prove what is declared, try every variant
                                 and mutant, compare with what the models declare
      simulate [options]         try random schedules of one variant (default: reference, or the first)
      prove [options]            explore all timings and orders of one variant at once, on each
                                 composition that declares it
      sweep [options]            prove one property over one or two parameters, and find exactly where
                                 the answer changes
      suggest [options]          choose periods and timeouts that are proved, given what cannot be
                                 chosen, with the slack of each
      conform [options] <log>    is this log a behaviour of that model? and plain checks on it, with or
                                 without a model
      replay [options] <seed>    run a kept schedule again and tell it step by step
      merge [options] <file...>  put the outcomes of all shards of one check together, as if it had been
                                 run in one piece
      explore [options] [seed]   see runs in lanes, change parameters, take other branches, prove: a
                                 page in a browser, all on this machine
      list [options]             show models, variants, parameters, properties and seeds

    Start here:
      halfopen list                              what there is to run
      halfopen simulate --model canary           one model, 2000 random schedules: see something break
      halfopen simulate --model M --set name=5s  the same with another parameter
      halfopen prove --model canary              one model, all timings and orders at once
      halfopen sweep --model M --over name=1s..9s --property P
                                                 where it holds, and the exact value from which it does not
      halfopen suggest --model M --within 60s    periods and timeouts that are proved
      halfopen explore                           see it in a browser: drag it, ask what if
      halfopen replay NAME                       a kept schedule, step by step
      halfopen check                             all of it, against what the models declare: for CI

    Verdicts:
      proved         holds for every timing inside the bounds and any length of run
      sampled        held in the schedules that were tried; no more is known
      violated       a schedule is known under which it breaks; its story is told
      inconclusive   no answer within the time, the states or the memory

    Exit codes:
      0  all as expected          2  bad usage or input
      1  not as expected          3  inconclusive: a limit was hit
    "
  `);
  expect((await halfopen('check --help')).out).toMatchInlineSnapshot(`
    "Usage: halfopen check [options]

    replay the kept schedules, prove what is declared, try every variant and mutant, compare with what
    the models declare

    Options:
      --model <name>            only this model
      --variant <name>          only this variant
      --property <name>         only this property
      --seed <text>             what all randomness comes from (default: HALFOPEN_SEED, the commit, or
                                1)
      --runs <n>                schedules for each variant (default: 2000)
      --time <duration>         begin nothing more after this long, such as 60s
      --workers <n>             threads; changes nothing but the time it takes (default: one for each
                                core)
      --reporter <name[=file]>  text, json, junit, github, markdown, mermaid, chrome, itf or html
                                (default: text); may be given again (default: [])
      --registry <file>         a module of your own that exports \`models\` or \`registry\`
      --max-states <n>          states after which a search gives up (default: 200000)
      --full                    for the night: what is heavy too, and by default 20000 schedules and
                                1000000 states
      --shard <i/n>             only the i-th of n parts of the work
      --stories                 tell all stories, not only those of unexpected verdicts
      --watch                   do it again for the models that are affected, whenever a file changes
                                that they are made of
      -h, --help                display help for command
    "
  `);
  expect(await halfopen('')).toEqual({ code: 2, out: '', err: out });
});

test('bad input is one line, exit code 2, and says what to do', async () => {
  await inFolder(async (cwd) => {
    const write = (name: string, text: string) => writeFileSync(path.join(cwd, name), text);
    write('broken.json', '{');
    write('number.json', '{"interval": 15}');
    write('list.json', '["15s"]');
    write('seed.json', '{"format": 3}');
    const lines = [
      'chekc',
      'check --fast',
      'check --runs',
      'check --set a=b',
      'check more',
      'replay',
      'check --model gone',
      'check --variant gone',
      'check --model counter --variant gone',
      'check --property gone',
      'check --model counter --property gone',
      'check --runs 0',
      'check --runs many',
      'check --workers -1',
      'check --time soon',
      'check --shard 3/2',
      'check --shard half',
      'check --reporter xml',
      'list --reporter junit',
      'simulate',
      'simulate --model gone',
      'simulate --model heartbeat --variant gone',
      'simulate --model heartbeat --property gone',
      'simulate --model heartbeat --set interval',
      'simulate --model heartbeat --set interval=15',
      'simulate --model heartbeat --set latency=5ms..1ms',
      'simulate --model heartbeat --set gone=15s',
      'simulate --model counter --set processes=0',
      'simulate --model heartbeat --params gone.json',
      'simulate --model heartbeat --params broken.json',
      'simulate --model heartbeat --params number.json',
      'simulate --model heartbeat --params list.json',
      'conform',
      'conform gone.ndjson',
      'replay gone',
      'replay gone.json',
      'replay broken.json',
      'replay seed.json',
      'list --registry gone.ts',
      `list --registry ${fixtures}/modules/throws.ts`,
      `list --registry ${fixtures}/modules/empty.ts`,
      `check --registry ${fixtures}/modules/contradiction.ts`,
    ];
    const seen: string[] = [];
    for (const line of lines) {
      const { code, out, err } = await halfopen(line, { cwd });
      expect([line, code, out, err.split('\n').length]).toEqual([line, 2, '', 2]);
      seen.push(`$ halfopen ${line}\n${err}`.replaceAll(fixtures, 'FIXTURES'));
    }
    expect(seen.join('')).toMatchInlineSnapshot(`
      "$ halfopen chekc
      halfopen: expected one of check, simulate, prove, sweep, suggest, conform, replay, merge, explore, list, got "chekc", do: halfopen --help
      $ halfopen check --fast
      halfopen: expected an option of this command, got "--fast", do: halfopen --help
      $ halfopen check --runs
      halfopen: expected a value for --runs <n>, got none, do: halfopen --help
      $ halfopen check --set a=b
      halfopen: expected an option of this command, got "--set", do: halfopen --help
      $ halfopen check more
      halfopen: expected no more arguments, got more (too many arguments for 'check'. Expected 0 arguments but got 1), do: halfopen --help
      $ halfopen replay
      halfopen: expected the name or file of a seed, got none, do: halfopen --help
      $ halfopen check --model gone
      halfopen: there is no model "gone"; there are: counter, heartbeat
      $ halfopen check --variant gone
      halfopen: no model has a variant "gone"; there are: counter/reference, counter/lock-free, counter/drop-the-lock, heartbeat/reference, heartbeat/no-deadline
      $ halfopen check --model counter --variant gone
      halfopen: model counter has no variant "gone"; it has: reference, lock-free, drop-the-lock
      $ halfopen check --property gone
      halfopen: no model has a property "gone"; there are: nothing-lost, waited, death-noticed, deadline-passes
      $ halfopen check --model counter --property gone
      halfopen: model counter has no property "gone"; there are: nothing-lost, waited
      $ halfopen check --runs 0
      halfopen: expected a whole number >= 1 for --runs, got "0", do: write it such as --runs 2000
      $ halfopen check --runs many
      halfopen: expected a whole number >= 1 for --runs, got "many", do: write it such as --runs 2000
      $ halfopen check --workers -1
      halfopen: expected a whole number >= 1 for --workers, got "-1", do: write it such as --workers 2
      $ halfopen check --time soon
      halfopen: expected a duration in whole milliseconds for --time, got "soon", do: write it such as --time 60s
      $ halfopen check --shard 3/2
      halfopen: expected --shard to be i/n with 1 <= i <= n, got "3/2", do: write it such as --shard 1/4
      $ halfopen check --shard half
      halfopen: expected --shard to be i/n with 1 <= i <= n, got "half", do: write it such as --shard 1/4
      $ halfopen check --reporter xml
      halfopen: expected --reporter to be one of text, json, junit, github, markdown, mermaid, chrome, itf, html, got "xml", do: pick one of them
      $ halfopen list --reporter junit
      halfopen: expected --reporter to be one of text, json, got "junit", do: pick one of them
      $ halfopen simulate
      halfopen: expected --model, got none, do: --model with one of counter, heartbeat
      $ halfopen simulate --model gone
      halfopen: there is no model "gone"; there are: counter, heartbeat
      $ halfopen simulate --model heartbeat --variant gone
      halfopen: model heartbeat has no variant "gone"; it has: reference, no-deadline
      $ halfopen simulate --model heartbeat --property gone
      halfopen: model heartbeat has no property "gone"; there are: death-noticed, deadline-passes
      $ halfopen simulate --model heartbeat --set interval
      halfopen: expected --set to be name=value, got "interval", do: write it such as --set interval=15s
      $ halfopen simulate --model heartbeat --set interval=15
      halfopen: parameter interval (between two beats): expected a duration such as 15s, 200ms or 1m30s (units: ns, us, ms, s, m, h), got "15"
      $ halfopen simulate --model heartbeat --set latency=5ms..1ms
      halfopen: parameter latency (how long a beat takes): expected bounds with the smaller end first, got "5ms..1ms"
      $ halfopen simulate --model heartbeat --set gone=15s
      halfopen: unknown parameter "gone"; this model has: interval, patience, latency
      $ halfopen simulate --model counter --set processes=0
      halfopen: parameter processes (processes that add): expected a whole number >= 1, got "0"
      $ halfopen simulate --model heartbeat --params gone.json
      halfopen: expected --params to name a file, got no such file: gone.json, do: check the path
      $ halfopen simulate --model heartbeat --params broken.json
      halfopen: expected broken.json to hold texts by parameter, such as {"interval": "15s"}, got something that is not JSON, do: correct the file
      $ halfopen simulate --model heartbeat --params number.json
      halfopen: expected number.json to hold texts by parameter, such as {"interval": "15s"}, got 15 for "interval", do: write each value as a text, with its unit
      $ halfopen simulate --model heartbeat --params list.json
      halfopen: expected list.json to hold texts by parameter, such as {"interval": "15s"}, got ["15s"], do: write each value as a text, with its unit
      $ halfopen conform
      halfopen: expected the file of a log, got none, do: halfopen --help
      $ halfopen conform gone.ndjson
      halfopen: expected a log, got no such file: gone.ndjson, do: check the path
      $ halfopen replay gone
      halfopen: expected the name of a seed (there are: lost-update) or a file, got "gone", do: halfopen list
      $ halfopen replay gone.json
      halfopen: expected a file with a seed, got no such file: gone.json, do: halfopen list
      $ halfopen replay broken.json
      halfopen: broken.json: expected JSON, got something else, do: restore it, or write a new one with halfopen simulate --save DIR
      $ halfopen replay seed.json
      halfopen: seed.json: at format: expected 1 or 2, got 3, do: restore it, or write a new one with halfopen simulate --save DIR
      $ halfopen list --registry gone.ts
      halfopen: expected --registry to name a module, got no such file: gone.ts, do: check the path
      $ halfopen list --registry FIXTURES/modules/throws.ts
      halfopen: expected the registry file://FIXTURES/modules/throws.ts to load, got "this module is broken", do: correct that module
      $ halfopen list --registry FIXTURES/modules/empty.ts
      halfopen: expected the registry file://FIXTURES/modules/empty.ts to export \`registry\` or \`models\`, got exports: nothing, do: export const models = [yourModel]
      $ halfopen check --registry FIXTURES/modules/contradiction.ts
      halfopen: expected violates of toy/reference to name one of stays-good, no-worse, deadlock, zeno, step-limit, exception, unlock-not-held, send-on-closed, close-of-closed, bad-bounds, blocked-outside-process, duplicate-name, panic, nondeterminism, hidden-state; got "gone"; correct the model
      "
    `);
  });
});

test('a seed that no command line could repeat', async () => {
  const { code, err } = await halfopen('check', { env: { HALFOPEN_SEED: 'two words' } });
  expect([code, err]).toMatchInlineSnapshot(`
    [
      2,
      "halfopen: expected a seed without blanks, got "two words", do: write it such as --seed 1
    ",
    ]
  `);
});
