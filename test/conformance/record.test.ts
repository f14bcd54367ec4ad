// Builds the real twin and runs a little of it, where Go and gorilla/websocket are installed; elsewhere it must say so.
// It runs on a real clock, which a busy machine disturbs, so only who asks for it gets it: npm run test:live.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { violatedBy } from './judge.ts';
import { parseLog, parseMeasures, parseRules } from './log.ts';

const script = path.join(import.meta.dirname, 'gorilla/record.sh');
const folder = mkdtempSync(path.join(os.tmpdir(), 'halfopen-gorilla-'));

/** What it ends with where something that it needs is not installed, and says which. */
const SKIPPED = 77;

function record(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const ran = spawnSync(script, argv, { encoding: 'utf8', env: { ...process.env, ...env } });
  return { code: ran.status, out: ran.stdout, err: ran.stderr };
}

/** False where nobody asked for a real clock, or where there is no Go: then that is what was said. */
function recorded(...argv: readonly string[]): boolean {
  if (process.env.HALFOPEN_LIVE === undefined) {
    console.warn('not run on a real clock: npm run test:live');
    return false;
  }
  const ran = record(['-out', folder, ...argv]);
  if (ran.code === SKIPPED) {
    expect(ran.err).toMatch(/^skipped: there is no .+; on Debian: apt-get install .+\n$/);
    console.warn(ran.err.trimEnd());
    return false;
  }
  expect(ran).toMatchObject({ code: 0, err: '' });
  return true;
}

const readText = (name: string) => readFileSync(path.join(folder, name), 'utf8');

describe('the real twin', () => {
  afterAll(() => rmSync(folder, { recursive: true }));

  test('evicts a mute client, live', { timeout: 300_000 }, () => {
    if (!recorded('-only', 'pong-deadline--goes-mute', '-trials', '2', '-keep', '2')) return;
    expect(readdirSync(folder).sort()).toEqual(['measured.ndjson', 'pong-deadline--goes-mute.ndjson']);
    const { header, trials } = parseLog(readText('pong-deadline--goes-mute.ndjson'));
    expect(trials.map((trial) => violatedBy(header, trial))).toEqual([[], []]);
    expect(parseMeasures(readText('measured.ndjson'))).toMatchObject([
      { variant: 'pong-deadline', story: 'goes mute', trials: 2, released: 2, causes: { 'read: i/o timeout': 2 } },
    ]);
  });

  test('shows the rules again, live', { timeout: 300_000 }, () => {
    if (!recorded('-rules')) return;
    expect(parseRules(readText('rules.ndjson')).filter(({ holds }) => !holds)).toEqual([]);
  });

  test('says what is missing', () => {
    expect(record([], { HALFOPEN_GOPATH: folder })).toMatchObject({
      code: SKIPPED,
      err: expect.stringMatching(/^skipped: there is no /),
    });
  });
});
