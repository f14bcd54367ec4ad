import type { TrialAnswer } from './conform.ts';
import type { Broken } from './log-checks.ts';

/** What one log came to. Plain data. */
export interface ConformOutcome {
  readonly command: 'conform';
  readonly log: string;
  /** The model and variant that it is held against, where it is. */
  readonly against?: string;
  readonly errorNs: number;
  readonly trials: readonly TrialAnswer[];
  /** How many checks were asked. */
  readonly checks: number;
  readonly broken: readonly Broken[];
  /** Malformed lines that were left out. */
  readonly skipped: number;
}

/** 0 a behaviour of the model, and no check is broken; 1 not so; 3 not known. */
export function conformExitCode({ trials, broken }: ConformOutcome): number {
  if (broken.length > 0 || trials.some(({ verdict }) => verdict === 'refused')) return 1;
  return trials.some(({ verdict }) => verdict === 'inconclusive') ? 3 : 0;
}
