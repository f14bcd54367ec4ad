import type { AnyModel } from '../model/model.ts';
import { NOTHING_FOUND, type Row } from './outcome.ts';
import { declaredViolations, type Unit, type Work } from './unit.ts';

/**
 * Each promise of a model can break: a variant or a mutant declares that it breaks it. Whether that is so, their own
 * units show.
 */
export function declarationUnit(model: AnyModel, promises: readonly string[]): Unit {
  const unit = `declarations ${model.name}`;
  const declared = new Set(
    Object.values(model.variants).flatMap(({ expect }) => Object.keys(declaredViolations(expect))),
  );
  const rows = promises.map((property): Row => {
    const basics = {
      unit,
      kind: 'declaration',
      model: model.name,
      variant: '',
      property,
      expected: 'violated',
      schedules: 0,
    } as const;
    if (declared.has(property))
      return { ...basics, verdict: 'violated', ok: true, detail: 'a variant or a mutant violates it' };
    const detail = `nothing violates ${property}: add a variant or a mutant that does`;
    return { ...basics, verdict: 'sampled', ok: false, detail };
  });
  return statement(unit, rows);
}

/** Fails a gate that has nothing to show that it can fail. */
export function missingCanaryUnit(): Unit {
  const names = { unit: 'canary', model: 'canary', variant: '', property: '' };
  const detail =
    'expected a model named canary with a variant that is violated: nothing else shows that the gate can fail';
  const basics = { ...names, kind: 'declaration', expected: 'violated', schedules: 0, detail } as const;
  return statement('canary', [{ ...basics, verdict: 'sampled', ok: false }]);
}

/** A unit that is known without any task. */
function statement(name: string, rows: readonly Row[]): Unit {
  return {
    name,
    *work(): Work {
      yield [];
      return { ...NOTHING_FOUND, rows };
    },
  };
}
