/** Between which times of a log something lies, in ticks since its clock began; the ends may be infinite. */
export interface LogSpan {
  readonly least: number;
  readonly greatest: number;
}

export function hull(one: LogSpan, other: LogSpan): LogSpan {
  return { least: Math.min(one.least, other.least), greatest: Math.max(one.greatest, other.greatest) };
}
