import type { Plain } from '../kernel/cell.ts';
import type { Limits } from '../kernel/kernel.ts';
import type { Sim } from '../kernel/sim.ts';
import type { Property } from '../property/property.ts';
import type { Advice } from './advice.ts';
import { type Config, configure, type Parameters, type Settings } from './parameters.ts';

/** A microsecond: small enough for strict bounds to leave room between two whole milliseconds. */
export const DEFAULT_TICK_NS = 1000;

/** What a variant of a model is there for, and what the gate expects of it. */
export type Expectation =
  /** A system: `violates` names each property that it breaks and why; all others must hold. */
  | { readonly kind: 'system'; readonly violates: Readonly<Record<string, string>> }
  /** A wrong edit of the variant `of`: must be caught by the property `killedBy`. */
  | { readonly kind: 'mutant'; readonly of: string; readonly edit: string; readonly killedBy: string };

export interface Variant<D> {
  /** One sentence: what this variant is. */
  readonly about: string;
  /** What the model's code takes to build this variant: the class or the functions in which variants differ. */
  readonly design: D;
  /** Parameters that this variant sets, where a user does not. */
  readonly settings?: Settings;
  readonly expect: Expectation;
  /** Witnesses (`sometimes`) that need not be reached here, with the reason. */
  readonly unreachable?: Readonly<Record<string, string>>;
  /** Its random schedules are too much work for every change: left to `check --full`. */
  readonly heavy?: true;
}

/** A part of a model that is small enough to be explored exhaustively: the same code, with less around it. */
export interface Composition {
  /** One sentence: what is in it, and what is left out. */
  readonly about: string;
  /** Parameters that leave the rest out; they go over a variant's own. */
  readonly settings: Settings;
  /** By variant: what is proved of it, and what is refuted, on this composition. */
  readonly variants: Readonly<Record<string, Provable>>;
  /** Too much work for every change: left to `check --full`. */
  readonly heavy?: true;
}

/** What is expected of one variant on one composition. */
export interface Provable {
  readonly proves?: readonly string[];
  readonly refutes?: readonly string[];
  /** Spans whose exact ends are printed. */
  readonly measures?: readonly string[];
  /** Too much work for every change: all of it, or only what is measured, is left to `check --full`. */
  readonly heavy?: true | 'measures';
}

/** A model: what can be set, how it is built, what must hold, in which variants. */
export interface Model<P extends Parameters = Parameters, D = unknown, W = unknown> {
  readonly name: string;
  /** The question that it answers, in one sentence. */
  readonly question: string;
  /** Nanoseconds in one tick; a microsecond unless set. */
  readonly tickNs?: number;
  readonly parameters: P;
  readonly variants: Readonly<Record<string, Variant<D>>>;
  /** Make the kernel objects and spawn the processes. What it returns is what state properties look at. */
  build(sim: Sim, config: Config<P>, design: D): W;
  /** What must hold, must be seen, or is measured. Bounds may depend on the parameters. */
  properties(config: Config<P>): readonly Property<W>[];
  /** What `prove` is applied to, by name. */
  readonly compositions?: Readonly<Record<string, Composition>>;
  /** What `suggest` may choose. */
  readonly advice?: Advice;
  /** Where a run is stopped; may depend on the parameters. */
  limits?(config: Config<P>): Partial<Limits>;
  /**
   * Settings under which the model can still do all that it does while it tells these events and, of `names`, no others:
   * what would show in an event that never comes is left out. Only makes it faster to hold a log against the model.
   */
  settingsFor?(told: readonly ToldEvent[], names: ReadonlySet<string>): Settings;
}

/** Something that was told, by a program or by a model. */
export interface ToldEvent {
  readonly lane?: string;
  readonly name: string;
  readonly data?: Plain;
}

// biome-ignore lint/suspicious/noExplicitAny: a model of any parameters, design and world
export type AnyModel = Model<any, any, any>;

/** Checks nothing at run time; lets the compiler infer and check the parts against each other. */
export function defineModel<const P extends Parameters, D, W>(model: Model<P, D, W>): Model<P, D, W> {
  return model;
}

export function tickOf(model: AnyModel): number {
  return model.tickNs ?? DEFAULT_TICK_NS;
}

/** A name that is not among those that there are. The message is one line for the user. */
export class UnknownNameError extends Error {}

export function variantOf(model: AnyModel, name: string): Variant<unknown> {
  const variant = Object.hasOwn(model.variants, name) ? model.variants[name] : undefined;
  if (variant === undefined) {
    const known = Object.keys(model.variants).join(', ');
    throw new UnknownNameError(`model ${model.name} has no variant "${name}"; it has: ${known}`);
  }
  return variant;
}

/** The parameters of one variant with the user's settings on top. Throws a SettingError. */
export function configOf(model: AnyModel, variant: string, settings: Settings): Config<Parameters> {
  return configure(model.parameters, tickOf(model), variantOf(model, variant).settings ?? {}, settings);
}
