import { SUGGEST_MAX_STATES } from '../gate/campaign.ts';
import { suggestExitCode } from '../gate/suggest-outcome.ts';
import { planSuggest } from '../gate/suggest-plan.ts';
import { suggest as suggestWork } from '../gate/suggest-unit.ts';
import { jsonOf } from '../report/json.ts';
import { suggestText } from '../report/suggest-text.ts';
import { type Command, registryOf, registryOptions } from './commands.ts';
import { alone } from './crew.ts';
import { driveOne } from './drive.ts';
import { deadlineOf, maxStatesOf, type RawOptions, reporterAmong, settingsOf } from './options.ts';
import { paintOf } from './reporting.ts';
import { Watch } from './watch.ts';

/** Options of `suggest` as typed. */
export interface SuggestOptions extends RawOptions {
  readonly within?: string;
}

/** Periods and timeouts that are proved, given what cannot be chosen. */
export async function suggest(
  command: Omit<Command, 'options'> & { readonly options: SuggestOptions },
): Promise<number> {
  const { options, host } = command;
  const reporter = reporterAmong(options, ['text', 'json']);
  const deadline = deadlineOf(options, host);
  const settings = settingsOf(options, host);
  const maxStates = options.maxStates === undefined ? SUGGEST_MAX_STATES : maxStatesOf(options);
  const { registry } = await registryOf(command);
  const { model, variant, within } = options;
  const asked = planSuggest(
    { registry, maxStates, options: registryOptions(options) },
    {
      settings,
      ...(model === undefined ? {} : { model }),
      ...(variant === undefined ? {} : { variant }),
      ...(within === undefined ? {} : { within }),
    },
  );
  let searches = 0;
  const watch = new Watch(host, deadline, () => `suggest: search ${searches + 1}`);
  const outcome = await driveOne(suggestWork(asked), alone(registry, watch.look), {
    mayBegin: () => host.now() < deadline,
    progress: (done) => {
      searches = done;
    },
  }).finally(() => watch.stop());
  host.out(reporter === 'json' ? jsonOf(outcome) : suggestText(outcome, paintOf(host)));
  return suggestExitCode(outcome);
}
