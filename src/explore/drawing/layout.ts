import type { Lane, LaneKind, Timeline } from '../../timeline/model.ts';

/** Where a lane stands, in pixels from the top. */
export interface Row {
  readonly lane: Lane;
  readonly top: number;
  readonly height: number;
}

export interface Rows {
  readonly rows: readonly Row[];
  readonly heads: readonly { readonly name: string; readonly top: number; readonly height: number }[];
  readonly height: number;
  readonly rowOf: ReadonlyMap<string, Row>;
}

/** How far above the bottom of its row a process is drawn: what it tells is written above that. */
export const PROCESS_LINE = 8;

export const HEIGHTS: Readonly<Record<LaneKind, number>> = {
  promise: 24,
  wire: 54,
  process: 24,
  mutex: 26,
  level: 30,
  state: 20,
  deadline: 28,
};

const HEAD = 18;
const BELOW_GROUP = 6;
/** Room for the last wire: no arrow leaves it downwards. */
const LAST_WIRE = 26;

/** Room for events below what fills its lane. */
export const FOR_EVENTS = 16;

export function hasBars({ kind }: Lane): boolean {
  return kind === 'state' || kind === 'mutex' || kind === 'promise';
}

/** What is shown, from top to bottom. */
export function rowsOf({ groups, lanes, steps }: Timeline, isAll: boolean): Rows {
  const tellers = new Set(steps.flatMap(({ kind, lane }) => (kind === 'event' ? lane : [])));
  const rows: Row[] = [];
  const heads: Rows['heads'][number][] = [];
  let top = 0;
  for (const group of groups) {
    const shown = lanes.slice(group.from, group.to).filter(({ isMain }) => isMain || isAll);
    if (shown.length === 0) continue;
    const start = top;
    top += HEAD;
    shown.forEach((lane, index) => {
      const isLastWire = lane.kind === 'wire' && shown[index + 1]?.kind !== 'wire';
      const own = isLastWire ? LAST_WIRE : HEIGHTS[lane.kind];
      const height = hasBars(lane) && tellers.has(lane.id) ? own + FOR_EVENTS : own;
      rows.push({ lane, top, height });
      top += height;
    });
    top += BELOW_GROUP;
    heads.push({ name: group.name, top: start, height: top - start });
  }
  return { rows, heads, height: top, rowOf: new Map(rows.map((row) => [row.lane.id, row])) };
}
