import type { Outcome } from '../gate/outcome.ts';

/** The outcome itself, for machines: the same bytes for the same question, whoever ran it. */
export function jsonReport(outcome: Outcome): string {
  return jsonOf(outcome);
}

/** Any outcome, with the version of its format. */
export function jsonOf(outcome: object): string {
  return `${JSON.stringify({ format: 1, ...outcome }, undefined, 2)}\n`;
}
