import { HiddenStateError } from '../../kernel/errors.ts';
import type { PropertySet } from '../../property/monitor.ts';
import type { Subject } from '../run.ts';
import { pathTo } from './concrete.ts';
import type { Step } from './explorer.ts';
import { type GuidedRun, guidedRun } from './guided-run.ts';
import type { Node } from './passed.ts';

/** Two states that the search took for one. */
export interface Merge {
  readonly node: Node;
  readonly into: Node;
}

/** How many steps two merged states are followed. */
const STEPS_FOLLOWED = 12;

/**
 * Whether what the search merged is one state indeed. Both paths are run from the build in fresh models, with nothing restored
 * and nothing remembered, and then go on in the same way, whatever the times: at each step the same must be possible, and the
 * same must happen. What a model keeps where the kernel does not see it shows as a difference. Throws a HiddenStateError.
 */
export function audit(subject: Subject, properties: PropertySet, merges: readonly Merge[]): void {
  for (const [index, { node, into }] of merges.entries()) {
    if (!node.ended) compare(subject, properties, pathTo(node), pathTo(into), index);
  }
}

function compare(
  subject: Subject,
  properties: PropertySet,
  first: readonly Step[],
  second: readonly Step[],
  salt: number,
): void {
  const steps: Step[] = [];
  for (let count = 0; count <= STEPS_FOLLOWED; count++) {
    const one = guidedRun(subject, properties, [...first, ...steps]);
    const other = guidedRun(subject, properties, [...second, ...steps]);
    const difference = differenceOf(one, other, count === 0);
    if (difference !== undefined) throw new HiddenStateError(messageOf(subject, difference, steps));
    const next = one.next[(Math.imul(salt + count, 0x9e3779b1) >>> 8) % one.next.length];
    if (next === undefined || one.end.why !== 'finished') return;
    steps.push(next);
  }
}

/** What differs at the end of two runs; not what was said last where they have `justMet`, for they came by different steps. */
function differenceOf(one: GuidedRun, other: GuidedRun, justMet: boolean): string | undefined {
  if (one.end.why !== other.end.why)
    return `one run ends there (${one.end.why}), the other does not (${other.end.why})`;
  const [mine, others] = [one, other].map(
    ({ next }) =>
      next
        .map((step) => step.name)
        .sort()
        .join(', ') || 'nothing',
  );
  if (mine !== others) return `in one run there can follow ${mine}, in the other ${others}`;
  const [says, saysOther] = [one, other].map(saidLast);
  return justMet || says === saysOther ? undefined : `one run says "${says}", the other "${saysOther}"`;
}

function saidLast({ events, steps }: GuidedRun): string {
  return events
    .filter((event) => event.step === steps - 1)
    .map(({ text }) => text)
    .join('; ');
}

function messageOf(subject: Subject, difference: string, steps: readonly Step[]): string {
  const after = steps.length === 0 ? 'at once' : `after ${steps.map((step) => step.name).join(', ')}`;
  return (
    `${subject.model.name}/${subject.variant}: two states in which every object of the kernel holds the same come to ` +
    `different things, ${after}: ${difference}. Something that matters is kept outside the kernel: in a closure, a field`
  );
}
