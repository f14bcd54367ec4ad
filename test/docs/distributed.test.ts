// docs/distributed.md is what it says: its manifests have the shape that their readers want, and its commands, run by a
// shell as they stand there on a registry of toys, give what one machine gives.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { halfopen, type Ran } from '../cli/command-line.ts';
import { fencesOf } from './page.ts';

const root = path.resolve(import.meta.dirname, '../..');
const page = readFileSync(path.join(root, 'docs/distributed.md'), 'utf8');

/** The blocks of a language, as they stand in the page. */
function blocks(language: string): string[] {
  return fencesOf(page)
    .filter((fence) => fence.language === language)
    .map(({ lines }) => lines.join('\n'));
}

/** All documents of a block. A duplicate key, a bad indent or a tab is an error. */
function documents<T>(yaml: string): T[] {
  const parsed = parseAllDocuments(yaml, { strict: true, uniqueKeys: true });
  if (!Array.isArray(parsed)) throw new Error('no document');
  for (const { errors, warnings } of parsed) expect([...errors, ...warnings]).toEqual([]);
  return parsed.map((each) => each.toJS() as T);
}

interface Step {
  readonly run?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly jobs: Readonly<
    Record<
      'shard' | 'merge',
      { readonly needs?: string; readonly strategy?: Strategy; readonly steps: readonly Step[] }
    >
  >;
}

interface Strategy {
  readonly 'fail-fast': boolean;
  readonly matrix: { readonly shard: readonly number[] };
}

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly completionMode?: string;
    readonly completions?: number;
    readonly parallelism?: number;
    readonly template: { readonly spec: PodSpec };
  };
}

interface PodSpec {
  readonly restartPolicy: string;
  readonly containers: readonly [Container];
  readonly volumes: readonly {
    readonly name: string;
    readonly persistentVolumeClaim: { readonly claimName: string };
  }[];
}

interface Container {
  readonly name: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value: string }[];
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
}

const [workflowYaml = '', checkYaml = '', mergeYaml = ''] = blocks('yaml');
const [workflow] = documents<Workflow>(workflowYaml) as [Workflow];
const [claim, checkJob] = documents<Manifest>(checkYaml) as [Manifest, Manifest];
const [mergeJob] = documents<Manifest>(mergeYaml) as [Manifest];

/** Stands for the program in scripts: says what it was asked, a word a line, and ends as it is told to. */
const STAND_IN = `#!/bin/sh
[ "$1 $2 $3 $4" = "run --silent halfopen --" ] || exit 99
shift 4
printf '%s\\n' "$@"
exit "\${ENDS_WITH:-0}"
`;

/** A shell in a folder of its own: it runs the scripts of the page, and this process what they ask of the program. */
class Shell {
  readonly folder = mkdtempSync(path.join(os.tmpdir(), 'halfopen-shards-'));
  readonly #written = new Set<string>();

  constructor() {
    mkdirSync(path.join(this.folder, 'bin'));
    mkdirSync(path.join(this.folder, 'shards'));
    writeFileSync(path.join(this.folder, 'bin/npm'), STAND_IN);
    chmodSync(path.join(this.folder, 'bin/npm'), 0o755);
  }

  /** The exit code of the script, and what the program prints where nothing takes it. */
  async run(script: string, env: Readonly<Record<string, string>> = {}): Promise<Ran> {
    const inFolder = script.replaceAll(' /shards/', ` ${this.folder}/shards/`);
    const { status, stdout, stderr } = spawnSync('sh', ['-e', '-c', inFolder], {
      cwd: this.folder,
      encoding: 'utf8',
      env: { PATH: `${this.folder}/bin:${process.env.PATH}`, ...env },
    });
    if (status !== 0 || stderr !== '') return { code: status ?? -1, out: stdout, err: stderr };
    for (const file of this.files()) {
      if (this.#written.has(file)) continue;
      this.#written.add(file);
      const asked = readFileSync(path.join(this.folder, file), 'utf8');
      writeFileSync(path.join(this.folder, file), (await this.#program(asked, env)).out);
    }
    return stdout === '' ? { code: status, out: '', err: '' } : this.#program(stdout, env);
  }

  #program(asked: string, env: Readonly<Record<string, string>>): Promise<Ran> {
    const words = asked.trim().split('\n');
    const quick = words[0] === 'check' ? ' --runs 250 --workers 1' : '';
    const { folder: cwd } = this;
    return halfopen(`${words.join(' ')}${quick}`, { cwd, env });
  }

  /** All that was written. */
  files(): string[] {
    const names = readdirSync(this.folder, { recursive: true, encoding: 'utf8' });
    return names.filter((name) => name.endsWith('.json')).sort();
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

const shells: Shell[] = [];
afterAll(() => {
  for (const shell of shells) shell.remove();
});

function newShell(): Shell {
  const shell = new Shell();
  shells.push(shell);
  return shell;
}

/** What one machine says. */
function whole(options: string, env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  return halfopen(`check --runs 250 --workers 1 ${options}`, { env });
}

describe('the commands for two machines', () => {
  test('give what one gives', async () => {
    const [script = ''] = blocks('sh');
    expect(await newShell().run(script)).toEqual(await whole('--seed 1'));
  });
});

describe('the workflow for GitHub Actions', () => {
  const { shard, merge } = workflow.jobs;
  const commandOf = ({ steps }: { readonly steps: readonly Step[] }, program: string) =>
    steps.flatMap(({ run }) => (run?.includes(`halfopen -- ${program}`) === true ? [run] : []));
  const artifact = ({ steps }: { readonly steps: readonly Step[] }, action: string) =>
    steps.find(({ uses }) => uses?.startsWith(`actions/${action}-artifact@`) === true)?.with;

  test('has a job for each part, and one that waits for all of them', () => {
    expect(Object.keys(workflow.on)).toEqual(['push', 'pull_request', 'schedule']);
    expect(shard.strategy?.['fail-fast']).toBe(false);
    expect(merge.needs).toBe('shard');
    expect(artifact(shard, 'upload')).toMatchObject({ name: `shard-$${'{{ matrix.shard }}'}`, path: 'shards/' });
    expect(artifact(merge, 'download')).toEqual({ pattern: 'shard-*', path: 'shards', 'merge-multiple': true });
  });

  test.each(['', '--full'])('does all of the work %s', async (full) => {
    const shell = newShell();
    const [check = ''] = commandOf(shard, 'check');
    for (const index of shard.strategy?.matrix.shard ?? []) {
      const ran = await shell.run(check.replaceAll(/\$\{\{ matrix\.shard \}\}/g, String(index)), {
        FULL: full,
        GITHUB_SHA: 'abc',
      });
      expect(ran).toEqual({ code: 0, out: '', err: '' });
    }
    expect(shell.files()).toEqual([1, 2, 3, 4].map((index) => `shards/${index}.json`));
    const [report = ''] = commandOf(merge, 'merge');
    const ran = await shell.run(report, { GITHUB_STEP_SUMMARY: 'summary.md' });
    expect(ran).toEqual(await whole(`${full} --seed abc --reporter github`));
    const written = (file: string) => readFileSync(path.join(shell.folder, file), 'utf8');
    expect(written('halfopen.xml')).toContain('<testsuites name="halfopen check"');
    expect(written('summary.md')).toContain('as expected');
  });
});

describe('the manifests for Kubernetes', () => {
  const containerOf = (job: Manifest) => job.spec.template.spec.containers[0];
  const scriptOf = (job: Manifest) => containerOf(job).args[0] as string;

  test('have the shape of an Indexed Job, and of one after it', () => {
    expect([claim, checkJob, mergeJob].map(({ apiVersion, kind }) => [apiVersion, kind])).toEqual([
      ['v1', 'PersistentVolumeClaim'],
      ['batch/v1', 'Job'],
      ['batch/v1', 'Job'],
    ]);
    const { completionMode, completions, parallelism } = checkJob.spec;
    expect([completionMode, parallelism]).toEqual(['Indexed', completions]);
    expect(containerOf(checkJob).env?.find(({ name }) => name === 'SHARDS')?.value).toBe(String(completions));
    for (const job of [checkJob, mergeJob]) {
      const { restartPolicy, volumes } = job.spec.template.spec;
      expect(restartPolicy).toBe('Never');
      expect(containerOf(job).command).toEqual(['sh', '-c']);
      expect(containerOf(job).volumeMounts).toEqual([{ name: 'shards', mountPath: '/shards' }]);
      expect(volumes.map((each) => each.persistentVolumeClaim.claimName)).toEqual([claim.metadata.name]);
    }
    const kubectl = blocks('sh').at(-1) ?? '';
    for (const job of [checkJob, mergeJob]) expect(kubectl).toContain(`job/${job.metadata.name}`);
  });

  test('do all of the work', async () => {
    const shell = newShell();
    const env = Object.fromEntries((containerOf(checkJob).env ?? []).map(({ name, value }) => [name, value]));
    for (let index = 0; index < (checkJob.spec.completions ?? 0); index++) {
      const ran = await shell.run(scriptOf(checkJob), { ...env, JOB_COMPLETION_INDEX: String(index) });
      expect(ran).toEqual({ code: 0, out: '', err: '' });
    }
    expect(shell.files()).toEqual(Array.from({ length: 8 }, (_, index) => `shards/${index}.json`));
    expect(await shell.run(scriptOf(mergeJob))).toEqual(await whole('--full --seed tonight'));
  });
});

test('a part that could not be run ends its job, one with a verdict that is not as expected does not', async () => {
  const check = workflow.jobs.shard.steps.find(({ run }) => run?.includes('-- check') === true)?.run ?? '';
  const scripts = [
    check.replaceAll(/\$\{\{ matrix\.shard \}\}/g, '1'),
    checkJob.spec.template.spec.containers[0].args[0],
  ];
  for (const script of scripts) {
    const env = { SHARDS: '8', JOB_COMPLETION_INDEX: '0', FULL: '', HALFOPEN_SEED: '1' };
    const codes = await Promise.all(
      ['0', '1', '2', '3'].map(
        async (end) => (await newShell().run(script as string, { ...env, ENDS_WITH: end })).code,
      ),
    );
    expect(codes).toEqual([0, 0, 1, 0]);
  }
});
