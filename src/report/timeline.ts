import type { TimelineRow } from '../gate/outcome.ts';
import { dataText } from '../model/data-text.ts';

/** A row as it is, or what stands for many rows that say the same again and again. */
export type Folded =
  | { readonly row: TimelineRow }
  | { readonly rows: number; readonly times: number; readonly until: string };

/** A block that repeats is at most this long, and is folded from this many times in a row. */
const BLOCK_MAX = 12;
const TIMES_LEAST = 3;

/** Nobody reads more decisions than this one by one. */
export const DECISIONS_READ_MOST = 60;

/**
 * Rows with long repetitive stretches folded: of a block of rows that comes again at least twice more, the first is
 * kept. Blocks are the same when who, what and the data are; times, and numbers in the data, may differ. So may
 * numbers in who it happened to (`session 7`), but not in all of a block: three clients that do the same are three.
 */
export function fold(rows: readonly TimelineRow[]): Folded[] {
  const isLong = rows.filter(({ mark }) => mark === 'decision').length > DECISIONS_READ_MOST;
  const keys = rows.map((row, index) => keyOf(row, index, isLong));
  const folded: Folded[] = [];
  for (let start = 0; start < rows.length; ) {
    const { length, times } = longestRepeat(rows, keys, start);
    for (const row of rows.slice(start, start + length)) folded.push({ row });
    if (times > 1) {
      const last = rows[start + length * times - 1] as TimelineRow;
      folded.push({ rows: length, times: times - 1, until: last.at });
    }
    start += length * times;
  }
  return folded;
}

/** The block at `start` whose repeats cover the most rows; one row, once, if nothing repeats often enough. */
function longestRepeat(
  rows: readonly TimelineRow[],
  keys: readonly string[],
  start: number,
): { length: number; times: number } {
  let best = { length: 1, times: 1 };
  for (let length = 1; length <= BLOCK_MAX; length++) {
    let times = 1;
    while (isSameBlock(rows, keys, start, start + times * length, length)) times++;
    if (times >= TIMES_LEAST && length * times > best.length * best.times) best = { length, times };
  }
  return best;
}

function isSameBlock(
  rows: readonly TimelineRow[],
  keys: readonly string[],
  one: number,
  other: number,
  length: number,
): boolean {
  let anchored = false;
  for (let i = 0; i < length; i++) {
    if (keys[one + i] !== keys[other + i]) return false;
    anchored ||= rows[one + i]?.lane === rows[other + i]?.lane;
  }
  return anchored;
}

/** What two rows must share to be the same for a reader. A break is never one of many; a decision is where there are too many. */
function keyOf(row: TimelineRow, index: number, foldsDecisions: boolean): string {
  if (row.mark === 'decision' && foldsDecisions) return row.what.replaceAll(/#\d+/g, '#');
  if (row.mark !== 'event') return String(index);
  const data = JSON.stringify(row.data, (_key, value) => (typeof value === 'number' ? '#' : value)) ?? '';
  return [row.lane.replaceAll(/\d+/g, '#'), row.what, data].join('\n');
}

/** What happened, with its data: `sees the end  how=EOF session=1`. */
export function rowText({ what, data }: Pick<TimelineRow, 'what' | 'data'>): string {
  return [what, dataText(data)].filter((text) => text !== '').join('  ');
}
