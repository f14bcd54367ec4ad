import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { main } from '../../src/cli/main.ts';
import { wordsOf } from './page.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** What a user's clone holds, as far as the commands of a page touch it. */
const PARTS = ['bin', 'src', 'models', 'examples', 'package.json', 'tsconfig.json'];

/** A copy of this repository in which the commands of a page run, one after the other. */
export class Clone {
  readonly #home = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'halfopen-docs-')));
  #folder = path.join(this.#home, '0');
  #edits = 0;

  constructor() {
    for (const part of PARTS) cpSync(path.join(root, part), path.join(this.#folder, part), { recursive: true });
    symlinkSync(path.join(root, 'node_modules'), path.join(this.#folder, 'node_modules'));
  }

  get folder(): string {
    return this.#folder;
  }

  remove(): void {
    rmSync(this.#home, { recursive: true });
  }

  /** What a terminal shows after `commandLine`. Throws for a command that pages have no business with. */
  async run(commandLine: string): Promise<string> {
    const [command = '', ...filters] = commandLine.split(' | ');
    const words = wordsOf(command);
    const { out, err } = await this.#runWords(words, commandLine);
    if (filters.length === 0) return out + err;
    let text = out;
    for (const filter of filters) {
      const [program = '', ...argv] = wordsOf(filter);
      if (!['head', 'tail', 'grep'].includes(program)) throw new Error(`no filter for a page: ${filter}`);
      text = this.#spawn(program, argv, text).out;
    }
    return err + text;
  }

  async #runWords(words: readonly string[], commandLine: string): Promise<{ out: string; err: string }> {
    const [program = '', ...argv] = words;
    if (program === 'halfopen') return this.#halfopen(argv);
    if (program === 'cat') return this.#spawn(program, argv);
    if (program === 'sed' || program === 'mv') {
      const edited = this.#spawn(program, argv);
      this.#moveOn();
      return edited;
    }
    if (program === 'npx' && argv[0] === 'tsx')
      return this.#spawn(process.execPath, ['--import', 'tsx', ...argv.slice(1)]);
    throw new Error(`no command for a page: ${commandLine}`);
  }

  /** In this process, which is faster; with one thread, which changes nothing but the time it takes. */
  async #halfopen(argv: readonly string[]): Promise<{ out: string; err: string }> {
    const shown = { out: '', err: '' };
    const host = {
      out: (text: string) => {
        shown.out += text;
      },
      err: (text: string) => {
        shown.err += text;
      },
      env: {},
      cwd: this.#folder,
      colour: false,
      watched: false,
      now: () => 0,
      memoryInUse: () => 0,
      interrupted: async () => undefined,
    };
    const workers = argv[0] === 'check' || argv[0] === 'simulate' ? ['--workers', '1'] : [];
    const registry = pathToFileURL(path.join(this.#folder, 'models/registry.ts')).href;
    const code = await main([...argv, ...workers], registry, host);
    if (code === 2 || shown.err.includes('internal error')) throw new Error(`halfopen ${argv.join(' ')}: ${shown.err}`);
    return shown;
  }

  #spawn(program: string, argv: readonly string[], input = ''): { out: string; err: string } {
    const ran = spawnSync(program, argv, { cwd: this.#folder, encoding: 'utf8', input });
    if (ran.error !== undefined) throw ran.error;
    if (ran.status !== 0) throw new Error(`${[program, ...argv].join(' ')}: exit code ${ran.status}: ${ran.stderr}`);
    return { out: ran.stdout, err: ran.stderr };
  }

  /** A module is loaded once, so edited ones must have a new place. */
  #moveOn(): void {
    this.#edits++;
    const next = path.join(this.#home, String(this.#edits));
    cpSync(this.#folder, next, { recursive: true, verbatimSymlinks: true });
    this.#folder = next;
  }
}
