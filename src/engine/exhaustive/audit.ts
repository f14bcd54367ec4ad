import { HiddenStateError } from '../../kernel/errors.ts';
import type { PropertySet } from '../../property/monitor.ts';
import type { Subject } from '../run.ts';
import { pathTo } from './concrete.ts';
import type { Step } from './explorer.ts';
import { guidedRun, type Standing } from './guided-run.ts';
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
  const standings: Standing[] = [];
  const one = guidedRun(subject, properties, first, (standing) => {
    standings.push(standing);
    const { next } = standing;
    const step = next[(Math.imul(salt + steps.length, 0x9e3779b1) >>> 8) % next.length];
    if (step === undefined || steps.length === STEPS_FOLLOWED) return undefined;
    steps.push(step);
    return step;
  });
  let followed = 0;
  const other = guidedRun(subject, properties, second, (standing) => {
    const difference = differenceOf(standings[followed], standing, followed === 0);
    if (difference !== undefined) throw new HiddenStateError(messageOf(subject, difference, steps.slice(0, followed)));
    return steps[followed++];
  });
  if (one.end.why !== other.end.why || followed !== standings.length) {
    const difference = `one run ends there (${one.end.why}), the other does not (${other.end.why})`;
    throw new HiddenStateError(messageOf(subject, difference, steps.slice(0, followed)));
  }
}

/** What differs in two runs; not what was said last where they have `justMet`, for they came by different steps. */
function differenceOf(one: Standing | undefined, other: Standing, justMet: boolean): string | undefined {
  if (one === undefined) return 'one run ends there, the other does not';
  const [mine, others] = [one, other].map(
    ({ next }) =>
      next
        .map((step) => step.name)
        .sort()
        .join(', ') || 'nothing',
  );
  if (mine !== others) return `in one run there can follow ${mine}, in the other ${others}`;
  return justMet || one.said === other.said ? undefined : `one run says "${one.said}", the other "${other.said}"`;
}

function messageOf(subject: Subject, difference: string, steps: readonly Step[]): string {
  const after = steps.length === 0 ? 'at once' : `after ${steps.map((step) => step.name).join(', ')}`;
  return (
    `${subject.model.name}/${subject.variant}: two states in which every object of the kernel holds the same come to ` +
    `different things, ${after}: ${difference}. Something that matters is kept outside the kernel: in a closure, a field`
  );
}
