// Runs of every model, whole and as it is composed for proofs, against what an exhaustive search looks at.
import { Subject } from '../../src/engine/run.ts';
import { declaredSites, subjectAt } from '../../src/gate/site.ts';
import type { AnyModel } from '../../src/model/model.ts';
import { exploredOf, Follower, leavesExplorer, leavesGraph } from './inside.ts';
import { stepwise } from './stepwise.ts';

/** How much is looked at. */
export interface Sample {
  /** Of each model its variants, or only those that are systems; of each composition all that it names, or only the first. */
  readonly variants: 'all' | 'some';
  readonly runs: number;
  readonly stepsMost: number;
  /** Compositions with more states than this are gone through step by step only. */
  readonly maxStates: number;
  readonly seed: number;
}

/** One system, and what came of it. */
export interface Looked {
  readonly name: string;
  readonly steps: number;
  /** Whether all that can be reached was explored, and the runs went along it. */
  readonly explored: boolean;
  /** How a run left what is explored; none must. */
  readonly outside: readonly string[];
}

/** Each system of a model, one after the other. */
export function* inclusion(model: AnyModel, sample: Sample): Generator<Looked> {
  for (const [variant, { expect }] of Object.entries(model.variants)) {
    if (sample.variants === 'some' && expect.kind === 'mutant') continue;
    yield look(`${model.name}/${variant}`, new Subject(model, variant), sample, 0);
  }
  const known = new Set<string>();
  for (const site of declaredSites(model)) {
    const composition = site.composition as string;
    if (sample.variants === 'some' && known.has(composition)) continue;
    known.add(composition);
    const name = `${model.name}/${site.variant} on ${composition}`;
    yield look(name, subjectAt(model, site), sample, sample.maxStates);
  }
}

function look(name: string, subject: Subject, { runs, stepsMost, seed }: Sample, maxStates: number): Looked {
  const follower = new Follower(subject);
  const explored = maxStates === 0 ? undefined : exploredOf(subject, maxStates);
  const outside: string[] = [];
  let steps = 0;
  for (let run = 0; run < runs; run++) {
    const taken = stepwise(subject, seed + run, stepsMost);
    steps += taken.steps.length;
    const left = [leavesExplorer(follower, taken), explored === undefined ? undefined : leavesGraph(explored, taken)];
    for (const each of left) if (each !== undefined) outside.push(`run ${seed + run}: ${each}`);
  }
  return { name, steps, explored: explored !== undefined, outside };
}
