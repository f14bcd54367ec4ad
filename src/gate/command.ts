import type { Settings } from '../model/parameters.ts';
import { DEFAULT_MAX_STATES, DEFAULT_RUNS } from './campaign.ts';
import { modelNamed } from './registry.ts';
import { compositionsOf, type Site, WHOLE_MODEL } from './site.ts';
import type { Campaign } from './unit.ts';

/** What a `simulate` command must name for it to find the same violation again. */
export interface Found {
  readonly model: string;
  readonly variant: string;
  readonly property: string;
  readonly settings: Settings;
  readonly seed: string | undefined;
  readonly atSchedule: number;
  readonly options: readonly string[];
}

/** The command that finds a violation again, and shrinks it to the same story. */
export function simulateCommand(found: Found): string {
  const words = ['--model', found.model, '--variant', found.variant, '--property', found.property];
  if (found.seed !== undefined) words.push('--seed', found.seed);
  for (const [name, text] of Object.entries(found.settings)) words.push('--set', `${name}=${text}`);
  if (found.atSchedule > DEFAULT_RUNS) words.push('--runs', String(found.atSchedule));
  return ['halfopen simulate', ...[...words, ...found.options].map(shellWord)].join(' ');
}

/** The command that explores a site again; `words` are what it is asked. */
export function proveCommand(
  { registry, maxStates, options }: Pick<Campaign, 'registry' | 'maxStates' | 'options'>,
  site: Site,
  words: readonly string[],
): string {
  const said = ['--model', site.model];
  // Where a model has compositions, none of them must be asked for.
  if (site.composition !== undefined) said.push('--composition', site.composition);
  else if (compositionsOf(modelNamed(registry, site.model)).length > 0) said.push('--composition', WHOLE_MODEL);
  said.push('--variant', site.variant, ...words);
  for (const [name, text] of Object.entries(site.settings)) said.push('--set', `${name}=${text}`);
  if (maxStates !== DEFAULT_MAX_STATES) said.push('--max-states', String(maxStates));
  return ['halfopen prove', ...[...said, ...options].map(shellWord)].join(' ');
}

/** The command that runs a kept schedule again. */
export function replayCommand(path: string, options: readonly string[]): string {
  return ['halfopen replay', ...[path, ...options].map(shellWord)].join(' ');
}

/** A word as a POSIX shell reads it back. */
function shellWord(word: string): string {
  return /^[\w@%+=:,./~-]+$/.test(word) && !word.startsWith('~') ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
