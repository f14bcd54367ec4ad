import { type SweepOutcome, sweepExitCode } from '../gate/sweep-outcome.ts';
import { planSweep, type SweepRequest } from '../gate/sweep-plan.ts';
import { sweep as sweepWork } from '../gate/sweep-unit.ts';
import { jsonOf } from '../report/json.ts';
import type { Paint } from '../report/paint.ts';
import { sweepCsv } from '../report/sweep-csv.ts';
import { sweepSvg } from '../report/sweep-svg.ts';
import { sweepText } from '../report/sweep-text.ts';
import { type Command, registryOf, registryOptions } from './commands.ts';
import { alone } from './crew.ts';
import { driveOne } from './drive.ts';
import { InputError } from './input-error.ts';
import { deadlineOf, maxStatesOf, type RawOptions, reporterAmong, settingsOf, stepsOf } from './options.ts';
import { paintOf } from './reporting.ts';
import { Watch } from './watch.ts';

/** Options of `sweep` as typed. */
export interface SweepOptions extends RawOptions {
  readonly composition?: string;
  readonly over?: readonly string[];
  readonly steps?: string;
}

const REPORTERS = ['text', 'json', 'csv', 'svg'] as const;

/** Where a property holds, over one or two parameters. */
export async function sweep(command: Omit<Command, 'options'> & { readonly options: SweepOptions }): Promise<number> {
  const { options, host } = command;
  const reporter = reporterAmong(options, REPORTERS);
  const deadline = deadlineOf(options, host);
  const request = requestOf(options, settingsOf(options, host));
  const maxStates = maxStatesOf(options);
  const { registry } = await registryOf(command);
  const asked = planSweep({ registry, maxStates, options: registryOptions(options) }, request);
  let points = 0;
  const watch = new Watch(host, deadline, () => `sweep: point ${points + 1}`);
  const outcome = await driveOne(sweepWork(asked), alone(registry, watch.look), {
    mayBegin: () => host.now() < deadline,
    progress: (done) => {
      points = done;
    },
  }).finally(() => watch.stop());
  host.out(textOf(outcome, reporter, paintOf(host)));
  return sweepExitCode(outcome);
}

function textOf(outcome: SweepOutcome, reporter: (typeof REPORTERS)[number], paint: Paint): string {
  switch (reporter) {
    case 'text':
      return sweepText(outcome, paint);
    case 'json':
      return jsonOf(outcome);
    case 'csv':
      return sweepCsv(outcome);
    case 'svg':
      return sweepSvg(outcome);
  }
}

function requestOf(options: SweepOptions, settings: SweepRequest['settings']): SweepRequest {
  const { model, variant, composition, property } = options;
  return {
    settings,
    over: (options.over ?? []).map(overOf),
    steps: stepsOf(options),
    ...(model === undefined ? {} : { model }),
    ...(variant === undefined ? {} : { variant }),
    ...(composition === undefined ? {} : { composition }),
    ...(property === undefined ? {} : { property }),
  };
}

function overOf(text: string): SweepRequest['over'][number] {
  const [, name, from, to] = /^([^=]+)=(.+?)\.\.(.+)$/.exec(text) ?? [];
  if (name !== undefined && from !== undefined && to !== undefined) return { name, from, to };
  throw new InputError('--over to be name=from..to', `"${text}"`, 'write it such as --over interval=5s..30s');
}
