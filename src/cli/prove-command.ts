import { exitCodeOf, type Outcome } from '../gate/outcome.ts';
import { type ProveRequest, planProve } from '../gate/prove-plan.ts';
import { type Command, registryOf, registryOptions, tellSaved } from './commands.ts';
import { alone } from './crew.ts';
import { drive } from './drive.ts';
import { InputError } from './input-error.ts';
import { deadlineOf, maxStatesOf, type RawOptions, reportersOf, settingsOf } from './options.ts';
import { report } from './reporting.ts';
import { saveStories } from './seed-store.ts';
import { Watch } from './watch.ts';

/** Options of `prove` as typed. */
export interface ProveOptions extends Omit<RawOptions, 'property'> {
  readonly property?: readonly string[];
  readonly composition?: string;
  readonly measure?: readonly string[];
  readonly witness?: string;
}

/** All timings and orders of one variant at once, with the user's parameters. */
export async function prove(command: Omit<Command, 'options'> & { readonly options: ProveOptions }): Promise<number> {
  const { options, host } = command;
  const { property: _, ...others } = options;
  const reporters = reportersOf(others);
  const deadline = deadlineOf(others, host);
  const maxStates = maxStatesOf(others);
  const request = requestOf(options, settingsOf(others, host));
  const { registry } = await registryOf(command);
  const campaign = { registry, maxStates, options: registryOptions(options) };
  const units = planProve(campaign, request);
  const watch = new Watch(host, deadline);
  const findings = await drive(units, alone(registry, watch.look), {
    mayBegin: () => host.now() < deadline,
    progress: () => undefined,
  }).finally(() => watch.stop());
  const outcome: Outcome = { command: 'prove', maxStates, ...findings };
  const violations = outcome.stories.filter((story) => story.verdict === 'violated');
  const saved =
    options.save === undefined
      ? []
      : saveStories(violations, options.save, ({ message }) => `prove found it: ${message}`, host.cwd);
  await report(outcome, reporters, host, { stories: () => true, explain: true }, async () => registry);
  tellSaved(saved, campaign.options, host);
  return exitCodeOf(outcome);
}

function requestOf(options: ProveOptions, settings: ProveRequest['settings']): ProveRequest {
  const { model, variant, composition, property: properties } = options;
  const span = spanOf(options);
  const witness = witnessOf(options);
  return {
    settings,
    ...(model === undefined ? {} : { model }),
    ...(variant === undefined ? {} : { variant }),
    ...(composition === undefined ? {} : { composition }),
    ...(properties === undefined ? {} : { properties }),
    ...(span === undefined ? {} : { span }),
    ...(witness === undefined ? {} : { witness }),
  };
}

function spanOf({ measure }: ProveOptions): ProveRequest['span'] {
  const [from, to, ...more] = measure ?? [];
  if (more.length > 0) {
    const got = `${(measure ?? []).length} names`;
    throw new InputError('--measure to be a property or two events', got, "write it --measure 'from event' 'to event'");
  }
  return from === undefined || to === undefined ? from : { from, to };
}

function witnessOf({ witness, measure }: ProveOptions): ProveRequest['witness'] {
  if (witness === undefined) return undefined;
  if (witness !== 'least' && witness !== 'greatest')
    throw new InputError('--witness to be least or greatest', `"${witness}"`, 'pick one of them');
  if (measure === undefined) throw new InputError('--measure with --witness', 'none', 'name what is measured');
  return witness;
}
