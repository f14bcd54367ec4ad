/** Schedules tried for each variant, unless the user says otherwise. */
export const DEFAULT_RUNS = 2000;

/** The same for `check --full`. */
export const FULL_RUNS = 20_000;

/** States after which an exhaustive search gives up, unless the user says otherwise. */
export const DEFAULT_MAX_STATES = 200_000;

/** The same for `check --full`. */
export const FULL_MAX_STATES = 1_000_000;

/** The same for each of the hundred or so questions of `suggest`. */
export const SUGGEST_MAX_STATES = 15_000;

/** For each mutant: how many campaigns are started against it, and in how many it must be caught. */
export const MUTANT_CAMPAIGNS = 20;
export const MUTANT_KILLS_LEAST = 19;

/** Schedules after which a campaign gives up on a mutant. */
export const MUTANT_RUNS_MAX = 2000;

/** The seed of one variant's campaign: a stable 32-bit hash (FNV-1a, mixed as MurmurHash3 does at its end). */
export function campaignSeed(seed: string, model: string, variant: string): number {
  let hash = 0x811c9dc5;
  const text = [seed, model, variant].join('\n');
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) | 0;
}

/** The seed text of a mutant's k-th campaign. The first is the plain one, which `simulate` uses too. */
export function nthSeed(seed: string, campaign: number): string {
  return campaign === 0 ? seed : `${seed}~${campaign}`;
}
