import type { JSX } from 'preact';
import type { Step, Timeline } from '../../timeline/model.ts';
import { WIRE_Y } from './arrows.tsx';
import { FOR_EVENTS, HEIGHTS, hasBars, PROCESS_LINE, type Row, type Rows } from './layout.ts';
import type { Pen } from './marks.tsx';

export type Decided = Step & { readonly kind: 'decision' };

export interface StepsProps {
  readonly timeline: Timeline;
  readonly rows: Rows;
  readonly pen: Pen;
  /** The step at which the reader stands. */
  readonly cursor: number | undefined;
  /** Whether decisions that took their default are shown too. */
  readonly isEveryDecision: boolean;
  /** Called where the end of a delay is taken hold of. */
  readonly onGrab?: ((decision: Decided, event: PointerEvent) => void) | undefined;
}

/** Events that lie closer together than this are drawn as one. */
const CLOSE = 5;
const CHARACTER = 5.9;

/** How far down a row its steps lie. */
function middleOf({ lane, height }: Row): number {
  if (lane.kind === 'wire') return WIRE_Y;
  if (lane.kind === 'process') return height - PROCESS_LINE;
  return hasBars(lane) && height > HEIGHTS[lane.kind] ? height - FOR_EVENTS / 2 : height / 2;
}

interface Cluster {
  readonly x: number;
  readonly y: number;
  /** How far below it its name is written, so that no line goes through it. */
  readonly textAt: number;
  readonly indexes: readonly number[];
  /** Where the next one on the lane begins. */
  readonly room: number;
}

/** Events of each lane, those at one place together. */
function clustersOf({ timeline, rows, pen }: StepsProps): readonly Cluster[] {
  const byLane = new Map<string, { x: number; indexes: number[] }[]>();
  timeline.steps.forEach((step, index) => {
    if (step.kind !== 'event') return;
    const x = pen.scale(step.at);
    if (x < -200 || x > pen.width + 20) return;
    const known = byLane.get(step.lane);
    const last = known?.at(-1);
    if (last !== undefined && x - last.x < CLOSE) last.indexes.push(index);
    else if (known === undefined) byLane.set(step.lane, [{ x, indexes: [index] }]);
    else known.push({ x, indexes: [index] });
  });
  return [...byLane].flatMap(([lane, found]) => {
    const row = rows.rowOf.get(lane);
    if (row === undefined) return [];
    const y = row.top + middleOf(row);
    const textAt = row.lane.kind === 'process' ? -4 : row.lane.kind === 'wire' ? 13 : 3.5;
    return found.map(({ x, indexes }, index) => ({
      x,
      y,
      textAt,
      indexes,
      room: (found[index + 1]?.x ?? pen.width) - x,
    }));
  });
}

/** Events as dots with their names where there is room, decisions as diamonds. */
export function Steps(props: StepsProps): JSX.Element {
  const { timeline, rows, pen, cursor } = props;
  return (
    <g class="steps">
      {clustersOf(props).map(({ x, y, textAt, indexes, room }) => {
        const first = indexes[0] as number;
        const names = indexes.map((index) => timeline.steps[index]?.name);
        const label = names[0] === undefined ? '' : names.length === 1 ? names[0] : `${names[0]} +${names.length - 1}`;
        const isBroken = timeline.breaks.some(({ step }) => step !== undefined && indexes.includes(step));
        const isHere = cursor !== undefined && indexes.includes(cursor);
        return (
          <g
            key={first}
            class={`event${isBroken ? ' breaks' : ''}${isHere ? ' here' : ''}`}
            data-step={first}
            data-tip={indexes.map((index) => eventText(timeline, index, pen)).join('\n')}
          >
            <circle class="hit" cx={x} cy={y} r={9} />
            <circle class="dot" cx={x} cy={y} r={isBroken ? 5 : 3.5} />
            {room > label.length * CHARACTER + 14 ? (
              <text x={x + 6} y={y + textAt}>
                {label}
              </text>
            ) : null}
          </g>
        );
      })}
      {timeline.steps.map((step, index) => {
        const row = rows.rowOf.get(step.lane);
        if (step.kind !== 'decision' || row === undefined || (step.isDefault && !props.isEveryDecision)) return null;
        return <Diamond key={step.name} index={index} step={step} y={row.top + middleOf(row)} {...props} />;
      })}
    </g>
  );
}

function eventText({ steps }: Timeline, index: number, pen: Pen): string {
  const step = steps[index];
  if (step?.kind !== 'event') return '';
  const data = step.data === '' ? '' : `  ${step.data}`;
  return `${pen.text(step.at)}  ${step.who}: ${step.name}${data}  (click: go there)`;
}

function Diamond({
  index,
  step,
  y,
  pen,
  cursor,
  onGrab,
}: StepsProps & { readonly index: number; readonly step: Decided; readonly y: number }): JSX.Element | null {
  const x = pen.scale(step.at);
  const ends = step.ticks === undefined ? undefined : pen.scale(step.at + step.ticks);
  if (x > pen.width + 20 || Math.max(x, ends ?? x) < -20) return null;
  const sort = step.fault ? ' fault' : '';
  const state = step.isDefault ? ' usual' : '';
  const here = cursor === index ? ' here' : '';
  const canGrab = step.decision === 'delay' && ends !== undefined && onGrab !== undefined;
  return (
    <g
      class={`decision${sort}${state}${here}`}
      data-step={index}
      data-tip={`${pen.text(step.at)}  ${step.name} = ${step.value}${step.isDefault ? ' (the default)' : ''}${step.fault ? ' (fault)' : ''}${canGrab ? '; drag its end' : ''}`}
    >
      {ends === undefined || ends - x < 2 ? null : <line class="reach" x1={x} x2={ends} y1={y} y2={y} />}
      <path class="diamond" d={`M${x},${y - 6}l6,6l-6,6l-6,-6z`} />
      {canGrab ? (
        <circle
          class="grab"
          data-decision={step.name}
          cx={ends}
          cy={y}
          r={6}
          onPointerDown={(event) => onGrab(step, event as PointerEvent)}
        />
      ) : null}
    </g>
  );
}
