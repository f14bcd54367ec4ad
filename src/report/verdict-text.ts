import type { Row } from '../gate/outcome.ts';
import type { Verdict } from '../property/verdict.ts';
import type { Paint } from './paint.ts';
import type { TableCell } from './table.ts';

type Painted = Extract<TableCell, object>;

/** The verdict's word in the colour of what it means here: as expected, or not, or no answer yet. */
export function verdictPaint(verdict: Verdict, ok: boolean, paint: Paint): Painted['paint'] {
  if (verdict === 'inconclusive') return paint.open;
  return ok ? paint.good : paint.bad;
}

export function verdictCell(row: Row, paint: Paint): Painted {
  return { text: row.verdict, paint: verdictPaint(row.verdict, row.ok, paint) };
}

/** What stands before each row: as expected, not, or no answer yet. */
export function markCell(row: Row, paint: Paint): Painted {
  if (row.ok) return { text: '✓', paint: paint.good };
  return row.unfinished === true ? { text: '?', paint: paint.open } : { text: '✗', paint: paint.bad };
}

/** `1 schedule`, `2 schedules`. */
export function counted(count: number, thing: string, things = `${thing}s`): string {
  return `${count} ${count === 1 ? thing : things}`;
}
