import { Command as Program } from 'commander';
import { DEFAULT_MAX_STATES, DEFAULT_RUNS, FULL_MAX_STATES, FULL_RUNS, SUGGEST_MAX_STATES } from '../gate/campaign.ts';
import type { Command } from './commands.ts';
import type { ConformOptions } from './conform-command.ts';
import type { ExploreOptions } from './explore-command.ts';
import type { Host } from './host.ts';
import type { RawOptions } from './options.ts';
import { packageVersion } from './package-version.ts';
import type { ProveOptions } from './prove-command.ts';
import type { SuggestOptions } from './suggest-command.ts';
import type { SweepOptions } from './sweep-command.ts';

const ABOUT = `Tries schedules of models of keepalive, half-open connections and single-attach sessions,
and says which promises break, by which schedule.`;

const EPILOGUE = `
Start here:
  halfopen list                              what there is to run
  halfopen simulate --model canary           one model, ${DEFAULT_RUNS} random schedules: see something break
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
  1  not as expected          3  inconclusive: a limit was hit`;

const MAX_STATES = `states after which a search gives up (default: ${DEFAULT_MAX_STATES})`;
const WATCH = 'do it again for the models that are affected, whenever a file changes that they are made of';
const STORIES = 'tell all stories, not only those of unexpected verdicts';
const REGISTRY = 'a module of your own that exports `models` or `registry`';

/**
 * The command line: which commands and options there are, and what they are for. What commander itself has to say
 * about wrong usage goes to `complain`; `argv` is what it is told to do once more. What does the work is loaded when it is called: asking for help loads no engine.
 */
export function createProgram(
  defaultRegistryUrl: string,
  host: Host,
  complain: (text: string) => void,
  exit: (code: number) => void,
  argv: readonly string[] = [],
): Program {
  const program = new Program('halfopen')
    .description(ABOUT)
    .version(packageVersion(), '-V, --version', 'print the version')
    .exitOverride()
    .configureOutput({
      writeOut: host.out,
      writeErr: complain,
      getOutHelpWidth: () => 100,
      getErrHelpWidth: () => 100,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .helpCommand(false)
    .addHelpText('after', EPILOGUE);
  const command = (options: RawOptions): Command => ({ options, host, defaultRegistryUrl });
  const watch = async ({ model, registry }: Pick<RawOptions, 'model' | 'registry'>) => {
    const { keepWatching } = await import('./watching.ts');
    return keepWatching({ argv: argv.filter((word) => word !== '--watch'), model, registry, host, defaultRegistryUrl });
  };

  addCampaignOptions(program.command('check'))
    .description(
      'replay the kept schedules, prove what is declared, try every variant and mutant, compare with what the models declare',
    )
    .option('--max-states <n>', MAX_STATES)
    .option(
      '--full',
      `for the night: what is heavy too, and by default ${FULL_RUNS} schedules and ${FULL_MAX_STATES} states`,
    )
    .option('--shard <i/n>', 'only the i-th of n parts of the work')
    .option('--stories', STORIES)
    .option('--watch', WATCH)
    .action(async (options: RawOptions) => {
      if (options.watch === true) return exit(await watch(options));
      const { check } = await import('./commands.ts');
      return exit(await check(command(options)));
    });

  addSettingOptions(addCampaignOptions(program.command('simulate')))
    .description('try random schedules of one variant (default: reference, or the first)')
    .option('--watch', WATCH)
    .action(async (options: RawOptions) => {
      if (options.watch === true) return exit(await watch(options));
      const { simulate } = await import('./commands.ts');
      return exit(await simulate(command(options)));
    });

  addSettingOptions(addCommonOptions(program.command('prove')))
    .description('explore all timings and orders of one variant at once, on each composition that declares it')
    .option('--model <name>', 'the model; may be left out where there is only one')
    .option('--composition <name>', 'only on this composition; none for the model as it is')
    .option('--variant <name>', 'the variant (default: reference, or the first)')
    .option('--property <name...>', 'these properties (default: what the composition declares, or all promises)')
    .option('--measure <names...>', 'the exact ends of a span: a property, or what lies between two events')
    .option('--witness <end>', 'with --measure: tell the run that is so long, least or greatest')
    .option('--max-states <n>', MAX_STATES)
    .option('--time <duration>', 'end every search after this long, such as 30s')
    .option('--watch', WATCH)
    .action(async (options: ProveOptions) => {
      if (options.watch === true) return exit(await watch(options));
      const { prove } = await import('./prove-command.ts');
      return exit(await prove({ options, host, defaultRegistryUrl }));
    });

  addSetOptions(program.command('sweep'))
    .description('prove one property over one or two parameters, and find exactly where the answer changes')
    .option('--model <name>', 'the model; may be left out where there is only one')
    .option('--variant <name>', 'the variant (default: reference, or the first)')
    .option('--composition <name>', 'on this composition; none for the model as it is')
    .option('--property <name>', 'the property')
    .option(
      '--over <name=from..to>',
      'vary a length, a count, or the upper end of a range; given again, for some values of a second one',
      again,
      [],
    )
    .option('--steps <n>', 'steps in which each is varied before boundaries are looked for (default: 10)')
    .option('--max-states <n>', MAX_STATES)
    .option('--time <duration>', 'end every search after this long, such as 30s')
    .option('--reporter <name>', 'text, json, csv or svg (default: text)', again, [])
    .option('--registry <file>', REGISTRY)
    .action(async (options: SweepOptions) => {
      const { sweep } = await import('./sweep-command.ts');
      exit(await sweep({ options, host, defaultRegistryUrl }));
    });

  addSetOptions(program.command('suggest'))
    .description('choose periods and timeouts that are proved, given what cannot be chosen, with the slack of each')
    .option('--model <name>', 'the model; may be left out where there is only one')
    .option('--variant <name>', 'the variant (default: reference, or the first)')
    .option('--within <duration>', 'how long it may take at most until a death is noticed, such as 60s')
    .option('--max-states <n>', `states after which a question is given up (default: ${SUGGEST_MAX_STATES})`)
    .option('--time <duration>', 'end every search after this long, such as 30s')
    .option('--reporter <name>', 'text or json (default: text)', again, [])
    .option('--registry <file>', REGISTRY)
    .action(async (options: SuggestOptions) => {
      const { suggest } = await import('./suggest-command.ts');
      exit(await suggest({ options, host, defaultRegistryUrl }));
    });

  addSetOptions(program.command('conform').argument('<log>', 'a log of a real program: NDJSON, see docs/conform.md'))
    .description('is this log a behaviour of that model? and plain checks on it, with or without a model')
    .option('--model <name>', 'the model (default: what the log says)')
    .option('--variant <name>', 'the variant (default: what the log says)')
    .option('--error <duration>', 'how far a time may be off (default: what the log says)')
    .option('--observe <names...>', 'events that the program tells whenever they happen (default: what the log says)')
    .option('--uncompared <fields...>', 'fields of the data that are not compared')
    .option('--once <names...>', 'events that it tells once where the model says them several times in a row')
    .option('--within <checks...>', "check: 'client dead -> slot released: 45s by session'")
    .option('--never <names...>', 'check: this event does not come')
    .option('--exclusive <checks...>', "check: 'slot taken -> slot released by session'")
    .option('--skip-malformed', 'leave out lines that are not as they should be, and say so')
    .option('--max-states <n>', 'states between two events after which a search gives up')
    .option('--time <duration>', 'end the search after this long, such as 30s')
    .option('--reporter <name>', 'text or json (default: text)', again, [])
    .option('--registry <file>', REGISTRY)
    .action(async (log: string, options: ConformOptions) => {
      const { conform } = await import('./conform-command.ts');
      exit(await conform(log, { options, host, defaultRegistryUrl }));
    });

  addCommonOptions(
    program
      .command('replay')
      .argument('<seed>', 'a seed by name, the path of its file, or - for one that is written to it'),
  )
    .description('run a kept schedule again and tell it step by step')
    .option('--update', 'rewrite the file after a change of the model, if its verdict still comes out')
    .action(async (seed: string, options: RawOptions) => {
      const { replay } = await import('./commands.ts');
      exit(await replay(seed, command(options)));
    });

  addCommonOptions(program.command('merge').argument('<file...>', 'what each shard wrote with --reporter json'))
    .description('put the outcomes of all shards of one check together, as if it had been run in one piece')
    .option('--stories', STORIES)
    .action(async (files: string[], options: RawOptions) => {
      const { merge } = await import('./merge-command.ts');
      exit(await merge(files, command(options)));
    });

  addSetOptions(program.command('explore').argument('[seed]', 'a seed by name, or the path of its file'))
    .description(
      'see runs in lanes, change parameters, take other branches, prove: a page in a browser, all on this machine',
    )
    .option('--model <name>', 'begin with this model')
    .option('--variant <name>', 'begin with this variant')
    .option('--composition <name>', 'begin with this part of the model')
    .option('--property <name>', 'begin with this promise')
    .option('--port <n>', 'on 127.0.0.1, and nowhere else; 0 for any that is free (default: 4516)')
    .option('--build <dir>', 'write the page into a new folder instead, for any static host')
    .option('--registry <file>', `${REGISTRY}; bundling it takes Vite`)
    .addHelpText('after', '\nA tour of it: docs/explore-tour.md in the repository')
    .action(async (seed: string | undefined, options: ExploreOptions) => {
      const { explore } = await import('./explore-command.ts');
      exit(await explore(seed, { options, host, defaultRegistryUrl }));
    });

  addCommonOptions(program.command('list'))
    .description('show models, variants, parameters, properties and seeds')
    .option('--model <name>', 'only this model')
    .action(async (options: RawOptions) => {
      const { list } = await import('./commands.ts');
      exit(await list(command(options)));
    });

  return program;
}

/** For an option that may be given again. */
function again(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}

function addCampaignOptions(program: Program): Program {
  return addCommonOptions(
    program
      .option('--model <name>', 'only this model')
      .option('--variant <name>', 'only this variant')
      .option('--property <name>', 'only this property')
      .option('--seed <text>', 'what all randomness comes from (default: HALFOPEN_SEED, the commit, or 1)')
      .option('--runs <n>', `schedules for each variant (default: ${DEFAULT_RUNS})`)
      .option('--time <duration>', 'begin nothing more after this long, such as 60s')
      .option('--workers <n>', 'threads; changes nothing but the time it takes (default: one for each core)'),
  );
}

function addSettingOptions(program: Program): Program {
  return addSetOptions(program).option(
    '--save <dir>',
    'write a seed file for each violation found; nothing is overwritten',
  );
}

function addSetOptions(program: Program): Program {
  return program
    .option('--set <name=value>', 'set a parameter; may be given again', again, [])
    .option('--params <file>', 'set parameters from a JSON file: {"interval": "15s"}');
}

function addCommonOptions(program: Program): Program {
  return addReporters(program).option('--registry <file>', REGISTRY);
}

function addReporters(program: Program): Program {
  return program.option(
    '--reporter <name[=file]>',
    'text, json, junit, github, markdown, mermaid, chrome, itf or html (default: text); may be given again',
    again,
    [],
  );
}
