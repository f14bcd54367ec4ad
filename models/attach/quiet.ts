/** What may be left out of the model when a log is held against it: what would show in an event that the log does not tell. */
import type { ToldEvent } from '../../src/model/model.ts';
import type { Settings } from '../../src/model/parameters.ts';

/** What is left out where no event of this name is told. */
const UNLESS_TOLD: Readonly<Record<string, Settings>> = {
  types: { typing: '0' },
  pings: { clientPings: 'never' },
  sends: { texts: '0', inputBurst: '0', excess: 'never' },
  'reads slowly': { reading: 'at once' },
  output: { outputs: '0' },
  'process exits': { exits: 'never' },
  'stops reading stdin': { stdin: 'read' },
};

/** Answers to an attach that only a failed lookup or upgrade gives. */
const FAILED_ENTRIES = [404, 500];

/** Whoever writes a log goes on; it is the story of the model that would end. `names`: what is told whenever it happens. */
export function quietSettings(told: readonly ToldEvent[], names: ReadonlySet<string>): Settings {
  const settings: Record<string, string> = { ends: 'never' };
  const isNever = (name: string) => names.has(name) && !told.some((event) => event.name === name);
  for (const [name, quiet] of Object.entries(UNLESS_TOLD)) if (isNever(name)) Object.assign(settings, quiet);
  // Why a second client comes when it does, a log does not say.
  const isAlone = names.has('slot taken') && names.has('attach refused') && told.every(isOfFirst);
  settings.rival = isAlone ? 'none' : 'at will';
  if (names.has('attach answered') && !told.some(isFailedEntry)) settings.entry = 'succeeds';
  return { ...settings, ...deathOf(told, names) };
}

function isOfFirst({ lane, data }: ToldEvent): boolean {
  const { session = 1 } = (data ?? {}) as { readonly session?: number };
  return session === 1 && lane !== 'client 2';
}

function isFailedEntry({ name, data }: ToldEvent): boolean {
  const { status } = (data ?? {}) as { readonly status?: number };
  return name === 'attach answered' && (status === undefined || FAILED_ENTRIES.includes(status));
}

/** The first client ends once at most, in a way that is told. */
function deathOf(told: readonly ToldEvent[], names: ReadonlySet<string>): Settings {
  if (!['client dead', 'stalls', 'leaves'].every((name) => names.has(name))) return {};
  const dead = told.find(({ name }) => name === 'client dead');
  const { kind } = (dead?.data ?? {}) as { readonly kind?: string };
  if (dead !== undefined) return kind === undefined ? {} : { death: kind };
  if (told.some(({ name }) => name === 'stalls')) return { death: 'stalls' };
  return told.some(({ name, lane }) => name === 'leaves' && lane !== 'client 2') ? { death: 'says goodbye' } : {};
}
