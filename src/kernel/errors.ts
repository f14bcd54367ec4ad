/** The named ways in which a model, not the modelled system's promise, can be wrong. Each is a verdict of a run. */
export type ModelErrorKind =
  | 'exception'
  | 'unlock-not-held'
  | 'send-on-closed'
  | 'close-of-closed'
  | 'bad-bounds'
  | 'blocked-outside-process'
  | 'duplicate-name'
  | 'deadlock'
  | 'zeno'
  | 'step-limit';

/** A bug in a model: ends the run with a verdict of its own, and never the tool. */
export class ModelError extends Error {
  readonly kind: ModelErrorKind;

  constructor(kind: ModelErrorKind, message: string) {
    super(message);
    this.name = 'ModelError';
    this.kind = kind;
  }
}

/** Bounds between which nothing lies. */
export class BoundsError extends RangeError {}

/** A model depends on something that the kernel does not see: no exhaustive answer about it can be believed. */
export class HiddenStateError extends Error {}

/** The model may do this, but the symbolic clock cannot follow it: an exhaustive search ends there, and proves nothing. */
export class UnfollowableError extends Error {}

/** A mistake of the tool itself, not of a model: never turned into a verdict. */
export class InternalError extends Error {
  constructor(message: string) {
    super(`internal error: ${message}`);
    this.name = 'InternalError';
  }
}

/**
 * Something turns out to matter that an exhaustive engine had left out of the states it knows: it has to begin again, and
 * will not leave it out any more. Never seen outside of the engine.
 */
export class LearnedLateError extends Error {
  override readonly name = 'LearnedLateError';
}
