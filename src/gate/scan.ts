import { BATCH_SIZE, type BatchResult, batchSeed } from '../engine/simulate.ts';
import type { Measured } from '../property/monitor.ts';
import { campaignSeed } from './campaign.ts';
import type { Target, Task } from './tasks.ts';

export type ScanTask = Task & { readonly kind: 'scan' };

/** All batches of one campaign against one variant. */
export function scanTasks(target: Target, seed: string, runs: number): readonly ScanTask[] {
  const campaign = campaignSeed(seed, target.model, target.variant);
  return Array.from({ length: Math.ceil(runs / BATCH_SIZE) }, (_, batch) => ({
    kind: 'scan',
    target,
    seed: batchSeed(campaign, batch),
    runs: Math.min(BATCH_SIZE, runs - batch * BATCH_SIZE),
  }));
}

/** The first schedule that violates a property. */
export interface First {
  readonly batch: number;
  /** Counted from 1 over all batches. */
  readonly atSchedule: number;
}

/** What the batches of a campaign showed together; those for which there was no time are undefined. */
export class Scan {
  readonly schedules: number;
  readonly unfinished: boolean;
  readonly firstViolations: ReadonlyMap<string, First>;
  readonly seen: ReadonlySet<string>;
  readonly #batches: readonly (BatchResult | undefined)[];

  constructor(batches: readonly (BatchResult | undefined)[]) {
    const first = new Map<string, First>();
    batches.forEach((result, batch) => {
      for (const [property, run] of Object.entries(result?.firstViolations ?? {})) {
        if (!first.has(property)) first.set(property, { batch, atSchedule: batch * BATCH_SIZE + run });
      }
    });
    this.#batches = batches;
    this.firstViolations = first;
    this.schedules = batches.reduce((sum, batch) => sum + (batch?.runs ?? 0), 0);
    this.unfinished = batches.includes(undefined);
    this.seen = new Set(batches.flatMap((batch) => batch?.seen ?? []));
  }

  measured(name: string): Measured | undefined {
    const spans = this.#batches.flatMap((batch) => batch?.measured[name] ?? []);
    if (spans.length === 0) return undefined;
    return {
      least: Math.min(...spans.map((span) => span.least)),
      greatest: Math.max(...spans.map((span) => span.greatest)),
    };
  }
}
