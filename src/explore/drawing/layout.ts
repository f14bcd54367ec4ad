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

const HEIGHTS: Readonly<Record<LaneKind, number>> = {
  promise: 24,
  wire: 54,
  process: 20,
  mutex: 26,
  level: 30,
  state: 20,
  deadline: 28,
};

const HEAD = 18;
const BELOW_GROUP = 6;
/** Room for the last wire: no arrow leaves it downwards. */
const LAST_WIRE = 26;

/** What is shown, from top to bottom. */
export function rowsOf({ groups, lanes }: Timeline, isAll: boolean): Rows {
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
      const height = isLastWire ? LAST_WIRE : HEIGHTS[lane.kind];
      rows.push({ lane, top, height });
      top += height;
    });
    top += BELOW_GROUP;
    heads.push({ name: group.name, top: start, height: top - start });
  }
  return { rows, heads, height: top, rowOf: new Map(rows.map((row) => [row.lane.id, row])) };
}
