// Logs on the command line: what is malformed, checks without a model, a model; and logs that do not fit into memory.
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { halfopen, inFolder } from './command-line.ts';

const root = path.resolve(import.meta.dirname, '../..');
const HEADER = '{"halfopen":"log","version":1,"unit":"ms","error":1}';
const LOG = [
  HEADER,
  '{"trial":1,"until":90}',
  '{"at":1,"name":"taken","data":{"session":1}}',
  '{"at":50,"name":"dead","data":{"session":1}}',
  '{"at":60,"name":"taken","data":{"session":2}}',
  '{"at":80,"name":"released","data":{"session":1}}',
];

function conform(lines: readonly string[], argv: string) {
  return inFolder(async (folder) => {
    const file = path.join(folder, 'log');
    writeFileSync(file, `${lines.join('\n')}\n`);
    const ran = await halfopen(`conform ${file} ${argv}`);
    return { ...ran, out: ran.out.replaceAll(file, 'LOG'), err: ran.err.replaceAll(file, 'LOG') };
  });
}

describe('conform, without a model', () => {
  test('checks that hold, and checks that are broken', async () => {
    expect(await conform(LOG, "--within 'dead -> released: 30ms by session' --never panic")).toMatchInlineSnapshot(`
      {
        "code": 0,
        "err": "",
        "out": "halfopen conform LOG

        holds  all 2 checks

      holds: 2 checks
      ",
      }
    `);
    expect(
      await conform(LOG, "--within 'dead -> released: 20ms by session' --exclusive 'taken -> released' --never dead"),
    ).toMatchInlineSnapshot(`
      {
        "code": 1,
        "err": "",
        "out": "halfopen conform LOG

        broken  trial 1, line 4  never dead: "dead"
        broken  trial 1, line 5  taken -> released: "taken" while another one has it since line 3
        broken  trial 1, line 6  dead -> released: 20ms by session: "released" comes 30ms after "dead" in line 4

      broken: 3 times a check
      ",
      }
    `);
  });

  test('a malformed line is fatal, with its number; or skipped, and counted', async () => {
    const lines = [...LOG.slice(0, 3), '{"at":', ...LOG.slice(3)];
    expect(await conform(lines, '--never panic')).toMatchInlineSnapshot(`
      {
        "code": 2,
        "err": "halfopen: LOG:4: expected one JSON object, got {"at":, do: correct it, or --skip-malformed
      ",
        "out": "",
      }
    `);
    expect(await conform(lines, '--never panic --skip-malformed')).toMatchInlineSnapshot(`
      {
        "code": 0,
        "err": "halfopen: LOG:4: skipped: expected one JSON object, got {"at":
      ",
        "out": "halfopen conform LOG

        holds  all 1 checks
        1 malformed lines were skipped

      holds: 1 check
      ",
      }
    `);
  });

  test('bad usage is one line', async () => {
    expect((await conform(LOG, '')).err).toMatchInlineSnapshot(`
      "halfopen: expected a model or a check, got neither, do: --model NAME, or --within, --never, --exclusive
      "
    `);
    expect((await conform(LOG, '--within nonsense')).err).toMatchInlineSnapshot(`
      "halfopen: expected another check, got --within to be such as 'client dead -> slot released: 45s by session', got "nonsense", do: halfopen conform --help
      "
    `);
    expect((await conform(LOG.slice(1), '--never panic')).err).toMatchInlineSnapshot(`
      "halfopen: LOG:1: expected a header with another "halfopen" (expected "log"), got nothing, do: correct it, or --skip-malformed
      "
    `);
    expect((await conform(LOG, '--never panic --error soon')).err).toMatchInlineSnapshot(`
      "halfopen: expected a duration for --error, got "soon", do: write it such as --error 5ms
      "
    `);
  });
});

describe('conform, against a model', { timeout: 60_000 }, () => {
  const recorded = readFileSync(path.join(root, 'test/conformance/logs/pong-deadline--is-reset.ndjson'), 'utf8');
  const second = recorded.indexOf('{"trial"', recorded.indexOf('{"trial"') + 1);
  const lines = recorded.slice(0, second).trimEnd().split('\n');
  const against = `--registry ${path.join(root, 'models/registry.ts')} --set latency=1us..5ms`;

  test('0: it is a behaviour of the model', async () => {
    const { code, out, err } = await conform(lines, against);
    expect({ code, err, last: out.trimEnd().split('\n').at(-1) }).toEqual({
      code: 0,
      err: '',
      last: 'conforms: 1 trial',
    });
  });

  test('1: it is none; as data, too', async () => {
    const { code, out } = await conform(lines, `${against} --variant ping-only --reporter json`);
    const { format, against: what, trials } = JSON.parse(out);
    expect({ code, format, what }).toEqual({ code: 1, format: 1, what: 'attach/ping-only' });
    expect(trials).toMatchObject([{ verdict: 'refused', refusal: { event: { name: 'read deadline armed' } } }]);
  });

  test('3: nobody knows, for it would take too many states, or too long', async () => {
    const states = await conform(lines, `${against} --max-states 1`);
    expect([states.code, states.out.trimEnd().split('\n').at(-1)]).toMatchInlineSnapshot(`
      [
        3,
        "inconclusive: no answer within the limits for 1 of 1 trial",
      ]
    `);
    expect(states.out).toContain('more than 1 states between two events');
    const file = path.join(root, 'test/conformance/logs/pong-deadline--is-reset.ndjson');
    const late = await halfopen(`conform ${file} ${against} --time 1s`, { pace: 2000 });
    expect(late.code).toBe(3);
    expect(late.out).toContain('more than 1s');
  });

  test('1 though not all is known: what is refused is refused', async () => {
    const { code } = await conform(lines, `${against} --max-states 1 --never 'slot taken'`);
    expect(code).toBe(1);
  });
});

test('a log that is larger than the memory is read as a stream', { timeout: 120_000 }, async () => {
  await inFolder(async (folder) => {
    const file = path.join(folder, 'large');
    const log = openSync(file, 'w');
    const note = 'n'.repeat(2000);
    writeSync(log, `${HEADER}\n`);
    for (let session = 1; session <= 20_000; session++) {
      const line = (at: number, name: string) => JSON.stringify({ at, name, data: { session, note } });
      writeSync(log, `${line(10 * session, 'taken')}\n${line(10 * session + 5, 'released')}\n`);
    }
    closeSync(log);
    const memory = '--max-old-space-size=48';
    const argv = ['conform', file, '--exclusive', 'taken -> released by session', '--within', 'taken -> released: 7ms'];
    const ran = spawnSync(process.execPath, [memory, '--import', 'tsx', 'bin/halfopen.ts', ...argv], {
      cwd: root,
      encoding: 'utf8',
    });
    expect([ran.status, ran.stderr]).toEqual([0, '']);
    expect(ran.stdout.trimEnd().split('\n').at(-1)).toBe('holds: 2 checks');
    // As much in one piece is more than there is.
    const piece = `const { readFileSync } = require('node:fs'); readFileSync(${JSON.stringify(file)}, 'utf8').split('').length`;
    expect(spawnSync(process.execPath, [memory, '-e', piece]).status).not.toBe(0);
  });
});
