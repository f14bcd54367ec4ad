import type { Subject } from '../engine/run.ts';
import type { MutantSummary } from './outcome.ts';
import { refutersOf } from './site.ts';
import type { Task, TaskResult } from './tasks.ts';
import type { Campaign } from './unit.ts';

/** What an exhaustive search for one property on a composition came to; nothing where there was no time for it. */
export function refutation(composition: string, result: TaskResult | undefined): MutantSummary['proofs'] {
  const proof = result?.kind === 'prove' ? result.proofs[0] : undefined;
  if (proof === undefined) return [];
  return [{ composition, verdict: proof.verdict, states: proof.effort.states }];
}

/** In words, where it refutes the property. */
export function refutedText({ composition, states }: MutantSummary['proofs'][number]): string {
  return `refuted on ${composition} in ${states} ${states === 1 ? 'state' : 'states'}`;
}

/** Which of `properties` compositions of the variant refute, and how, where they are declared to; heavy ones come last. */
export function* showRefuted(
  campaign: Campaign,
  { model, variant }: Subject,
  properties: readonly string[],
): Generator<readonly Task[], ReadonlyMap<string, string>, readonly (TaskResult | undefined)[]> {
  const refuters = properties.flatMap((property) =>
    refutersOf(model, variant, property, campaign.maxStates).map((refuter) => ({ property, ...refuter })),
  );
  const shown = new Map<string, string>();
  for (const isHeavy of [false, true]) {
    const wave = refuters.filter(({ property, heavy }) => heavy === isHeavy && !shown.has(property));
    const results = wave.length === 0 ? [] : yield wave.map(({ task }) => task);
    wave.forEach(({ property, composition }, index) => {
      const [proof] = refutation(composition, results[index]);
      if (proof?.verdict === 'violated' && !shown.has(property)) shown.set(property, refutedText(proof));
    });
  }
  return shown;
}
