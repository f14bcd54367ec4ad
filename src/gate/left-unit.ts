import { Subject } from '../engine/run.ts';
import { type AnyModel, variantOf } from '../model/model.ts';
import { NOTHING_FOUND } from './outcome.ts';
import type { Target } from './tasks.ts';
import { declaredViolations, namesOf, type Unit, type Work } from './unit.ts';

/** A variant that is declared as heavy: what its random schedules would show is left to `check --full`. */
export function leftUnit(model: AnyModel, target: Target): Unit {
  const unit = `${target.model}/${target.variant}`;
  const left = sampledOf(model, target.variant).map(
    (property) => ({ unit, ...namesOf(target), kind: 'sample', property }) as const,
  );
  return {
    name: unit,
    *work(): Work {
      yield [];
      return { ...NOTHING_FOUND, left };
    },
  };
}

/** All that random schedules of a variant give a verdict on. */
function sampledOf(model: AnyModel, variant: string): readonly string[] {
  const { expect, unreachable = {} } = variantOf(model, variant);
  const declared = Object.keys(declaredViolations(expect));
  if (expect.kind === 'mutant') return declared;
  const { promises, properties } = new Subject(model, variant);
  const witnesses = properties.all.filter(({ kind }) => kind === 'sometimes').map(({ name }) => name);
  return [...new Set([...promises, ...declared]), ...witnesses.filter((name) => !Object.hasOwn(unreachable, name))];
}
