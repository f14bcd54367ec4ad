// Logs on the command line: what is malformed, and checks without a model.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { halfopen, inFolder } from './command-line.ts';

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
