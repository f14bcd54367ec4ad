import { Command as Program } from 'commander';
import { DEFAULT_RUNS } from '../gate/campaign.ts';
import { DEFAULT_MAX_STATES } from '../gate/site.ts';
import { type Command, check, list, replay, simulate } from './commands.ts';
import type { Host } from './host.ts';
import type { RawOptions } from './options.ts';
import { type ProveOptions, prove } from './prove-command.ts';
import { type SuggestOptions, suggest } from './suggest-command.ts';
import { type SweepOptions, sweep } from './sweep-command.ts';

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
const REGISTRY = 'a module of your own that exports `models` or `registry`';

/**
 * The command line: which commands and options there are, and what they are for. What commander itself has to say
 * about wrong usage goes to `complain`.
 */
export function createProgram(
  defaultRegistryUrl: string,
  host: Host,
  complain: (text: string) => void,
  exit: (code: number) => void,
): Program {
  const program = new Program('halfopen')
    .description(ABOUT)
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

  addCampaignOptions(program.command('check'))
    .description(
      'replay the kept schedules, prove what is declared, try every variant and mutant, compare with what the models declare',
    )
    .option('--max-states <n>', MAX_STATES)
    .option('--shard <i/n>', 'only the i-th of n parts of the work')
    .option('--stories', 'tell all stories, not only those of unexpected verdicts')
    .action(async (options: RawOptions) => exit(await check(command(options))));

  addSettingOptions(addCampaignOptions(program.command('simulate')))
    .description('try random schedules of one variant (default: reference, or the first)')
    .action(async (options: RawOptions) => exit(await simulate(command(options))));

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
    .action(async (options: ProveOptions) => exit(await prove({ options, host, defaultRegistryUrl })));

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
    .action(async (options: SweepOptions) => exit(await sweep({ options, host, defaultRegistryUrl })));

  addSetOptions(program.command('suggest'))
    .description('choose periods and timeouts that are proved, given what cannot be chosen, with the slack of each')
    .option('--model <name>', 'the model; may be left out where there is only one')
    .option('--variant <name>', 'the variant (default: reference, or the first)')
    .option('--within <duration>', 'how long it may take at most until a death is noticed, such as 60s')
    .option('--max-states <n>', MAX_STATES)
    .option('--time <duration>', 'end every search after this long, such as 30s')
    .option('--reporter <name>', 'text or json (default: text)', again, [])
    .option('--registry <file>', REGISTRY)
    .action(async (options: SuggestOptions) => exit(await suggest({ options, host, defaultRegistryUrl })));

  addCommonOptions(program.command('replay').argument('<seed>', 'a seed by name, or the path of its file'))
    .description('run a kept schedule again and tell it step by step')
    .option('--update', 'rewrite the file after a change of the model, if its verdict still comes out')
    .action(async (seed: string, options: RawOptions) => exit(await replay(seed, command(options))));

  addCommonOptions(program.command('list'))
    .description('show models, variants, parameters, properties and seeds')
    .option('--model <name>', 'only this model')
    .action(async (options: RawOptions) => exit(await list(command(options))));

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
  return program
    .option(
      '--reporter <name[=file]>',
      'text, json, junit, github, markdown, mermaid, chrome or itf (default: text); may be given again',
      again,
      [],
    )
    .option('--registry <file>', REGISTRY);
}
