import type { JSX } from 'preact';
import type { Arrow } from '../../timeline/model.ts';
import type { Rows } from './layout.ts';
import { type Pen, toneOf } from './marks.tsx';

/** How far down a wire's row its line lies. */
export const WIRE_Y = 8;

/** A lost frame goes this part of the way. */
const LOST_WAY = 0.52;

/** Room that a label takes, about. */
const CHARACTER = 5.6;

interface ArrowsProps {
  readonly arrows: readonly Arrow[];
  readonly rows: Rows;
  readonly pen: Pen;
  /** Called where a frame's arrival is taken hold of: its time is for the schedule to decide. */
  readonly onGrab?: ((arrow: Arrow, event: PointerEvent) => void) | undefined;
}

/** Frames between lanes. */
export function Arrows({ arrows, rows, pen, onGrab }: ArrowsProps): JSX.Element {
  const labelEnds = new Map<string, number>();
  return (
    <g class="arrows">
      {arrows.map((arrow, index) => {
        const [from, to] = [rows.rowOf.get(arrow.from), rows.rowOf.get(arrow.to)];
        if (from === undefined || to === undefined) return null;
        const x1 = pen.scale(arrow.sent);
        const x2 = pen.scale(Math.min(arrow.due ?? arrow.sent, pen.end));
        if (x2 < -30 || x1 > pen.width + 30) return null;
        const [y1, y2] = [from.top + WIRE_Y, to.top + WIRE_Y];
        const way = `${arrow.from} ${arrow.to}`;
        const isFree = x1 > (labelEnds.get(way) ?? -Infinity);
        if (isFree) labelEnds.set(way, x1 + arrow.label.length * CHARACTER + 10);
        const drawn = { arrow, x1, y1, x2, y2, label: isFree ? arrow.label : '' };
        return arrow.fate === 'is lost' ? (
          <Lost key={index} {...drawn} pen={pen} />
        ) : (
          <Whole key={index} {...drawn} pen={pen} onGrab={onGrab} />
        );
      })}
    </g>
  );
}

interface Drawn {
  readonly arrow: Arrow;
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  readonly label: string;
  readonly pen: Pen;
}

function Whole({ arrow, x1, y1, x2, y2, label, pen, onGrab }: Drawn & Pick<ArrowsProps, 'onGrab'>): JSX.Element {
  const { label: name, sent, due = sent, fate, decision } = arrow;
  const canGrab = decision !== undefined && onGrab !== undefined;
  const angle = Math.atan2(y2 - y1, x2 - x1);
  const head = [-0.45, 0.45].map((turn) => `L${x2 - 7 * Math.cos(angle + turn)},${y2 - 7 * Math.sin(angle + turn)}`);
  const title = `${name}: sent at ${pen.text(sent)}, ${fate === 'arrives' ? 'arrives' : 'would arrive'} at ${pen.text(due)}, ${pen.text(due - sent)} on its way${canGrab ? ' (drag it)' : ''}`;
  return (
    <g class={`arrow tone-${toneOf(name)}${fate === 'arrives' ? '' : ' under-way'}`} data-tip={title}>
      <line class="hit" x1={x1} y1={y1} x2={x2} y2={y2} />
      <line class="shaft" x1={x1} y1={y1} x2={x2} y2={y2} />
      <path class="head" d={`M${x2},${y2}${head[0]}M${x2},${y2}${head[1]}`} />
      <Label text={label} x={x1} y={y1} isDown={y2 > y1} />
      {canGrab ? (
        <circle class="grab" cx={x2} cy={y2} r={6} onPointerDown={(event) => onGrab(arrow, event as PointerEvent)} />
      ) : null}
    </g>
  );
}

/** Broken off on its way. */
function Lost({ arrow, x1, y1, y2, label, pen }: Drawn): JSX.Element {
  const [x, y] = [x1 + 10, y1 + (y2 - y1) * LOST_WAY];
  return (
    <g
      class={`arrow lost tone-${toneOf(arrow.label)}`}
      data-tip={`${arrow.label}: sent at ${pen.text(arrow.sent)}, lost on its way`}
    >
      <line class="hit" x1={x1} y1={y1} x2={x} y2={y} />
      <line class="shaft" x1={x1} y1={y1} x2={x} y2={y} />
      <path class="broken" d={`M${x - 4},${y - 4}l8,8m0,-8l-8,8`} />
      <Label text={label} x={x1} y={y1} isDown={y2 > y1} />
    </g>
  );
}

function Label({ text, x, y, isDown }: { text: string; x: number; y: number; isDown: boolean }): JSX.Element | null {
  if (text === '') return null;
  return (
    <text class="label" x={x + 5} y={isDown ? y + 15 : y - 7}>
      {text}
    </text>
  );
}
