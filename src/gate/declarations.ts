import { provableOf } from '../engine/prove.ts';
import { Subject } from '../engine/run.ts';
import type { AnyModel, Provable } from '../model/model.ts';
import { SettingError } from '../model/parameters.ts';
import { DeclarationError } from './declaration-error.ts';
import { FAILURE_KINDS } from './failure-kinds.ts';
import { compositionsOf, type Site, subjectAt, WHOLE_MODEL } from './site.ts';
import { declaredViolations } from './unit.ts';

/** Every name that a model's declarations use must be there. Throws a DeclarationError. */
export function checkDeclarations(model: AnyModel): void {
  for (const name of Object.keys(model.variants)) checkVariant(model, name);
  for (const [name, { variants }] of compositionsOf(model)) {
    if (name === WHOLE_MODEL) fail(`a composition of ${model.name} to have another name`, name);
    for (const [variant, provable] of Object.entries(variants)) {
      const whose = `composition ${name} of ${model.name}`;
      if (!Object.hasOwn(model.variants, variant)) failToName(whose, variant, Object.keys(model.variants));
      checkProvable(model, { model: model.name, variant, composition: name, settings: {} }, provable);
    }
  }
  checkAdvice(model);
}

function checkAdvice(model: AnyModel): void {
  const { advice, name } = model;
  if (advice === undefined) return;
  const check = (field: string, got: string, known: readonly string[]) => {
    if (!known.includes(got)) failToName(`${field} in the advice of ${name}`, got, known);
  };
  const { composition, period, timeout, span, keeps, given } = advice;
  check(
    'composition',
    composition,
    compositionsOf(model).map(([each]) => each),
  );
  for (const parameter of [period, timeout, ...Object.keys(given).map((each) => each.replace(/\.max$/, ''))]) {
    check('a length', parameter, Object.keys(model.parameters));
  }
  for (const variant of Object.keys(model.variants)) {
    const subject = subjectAt(model, { model: name, variant, composition, settings: {} });
    check('span', span, measurableOf(subject));
    for (const promise of keeps) check('keeps', promise, provableOf(subject));
  }
}

/** The names of what has an exact least and greatest length. */
export function measurableOf(subject: Subject): readonly string[] {
  return subject.properties.all.filter(({ kind }) => kind === 'within' || kind === 'measure').map(({ name }) => name);
}

function fail(expected: string, got: string): never {
  throw new DeclarationError(`expected ${expected}; got "${got}"; correct the model`);
}

function failToName(field: string, got: string, known: readonly string[]): never {
  fail(`${field} to name one of ${known.join(', ') || 'nothing'}`, got);
}

function checkVariant(model: AnyModel, name: string): void {
  const { expect, unreachable } = model.variants[name] as AnyModel['variants'][string];
  const whose = `${model.name}/${name}`;
  const subject = new Subject(model, name);
  const breakable = [...subject.promises, ...FAILURE_KINDS];
  for (const property of Object.keys(declaredViolations(expect))) {
    const field = expect.kind === 'mutant' ? 'killedBy' : 'violates';
    if (!breakable.includes(property)) failToName(`${field} of ${whose}`, property, breakable);
  }
  const witnesses = subject.properties.all.filter((each) => each.kind === 'sometimes').map((each) => each.name);
  for (const witness of Object.keys(unreachable ?? {})) {
    if (!witnesses.includes(witness)) failToName(`unreachable of ${whose}`, witness, witnesses);
  }
  const known = Object.keys(model.variants);
  if (expect.kind === 'mutant' && !known.includes(expect.of)) failToName(`of of ${whose}`, expect.of, known);
}

/** Properties may depend on what a composition sets. */
function checkProvable(model: AnyModel, site: Site, { proves = [], refutes = [], measures = [] }: Provable): void {
  const whose = `composition ${site.composition} of ${model.name}/${site.variant}`;
  const subject = subjectOfSite(model, site, whose);
  const check = (field: string, names: readonly string[], known: readonly string[]) => {
    const unknown = names.find((name) => !known.includes(name));
    if (unknown !== undefined) failToName(`${field} in ${whose}`, unknown, known);
  };
  check('proves', proves, provableOf(subject));
  check('refutes', refutes, provableOf(subject));
  check('measures', measures, measurableOf(subject));
  const both = proves.find((name) => refutes.includes(name));
  if (both !== undefined) fail(`${whose} to prove or to refute a property, not both`, both);
}

function subjectOfSite(model: AnyModel, site: Site, whose: string): Subject {
  try {
    return subjectAt(model, site);
  } catch (error) {
    if (!(error instanceof SettingError)) throw error;
    throw new DeclarationError(`${whose}: ${error.message}; correct the model`);
  }
}
