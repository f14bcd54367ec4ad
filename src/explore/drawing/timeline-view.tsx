import type { JSX } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { formatDuration } from '../../model/duration-text.ts';
import type { Arrow, Timeline } from '../../timeline/model.ts';
import { roundTicks, shortDuration } from '../../workbench/scales.ts';
import { Arrows } from './arrows.tsx';
import { Axis } from './axis.tsx';
import { type Row, rowsOf } from './layout.ts';
import { LaneMarks, type Pen } from './marks.tsx';
import { axisTicks, type Layout, type TimeScale } from './scale.ts';
import { type Decided, Steps } from './steps.tsx';

export interface TimelineViewProps {
  readonly title: string;
  readonly timeline: Timeline;
  /** Zoomed already. */
  readonly scale: TimeScale;
  readonly instants: readonly number[];
  readonly layout: Layout;
  readonly width: number;
  readonly left: number;
  readonly isEveryLane: boolean;
  readonly isEveryDecision: boolean;
  readonly cursor: number | undefined;
  readonly onStep: (index: number) => void;
  /** Decide otherwise; missing where nothing can be run. `isDone` when the hand lets go. */
  readonly onDecide?: (name: string, ticks: number, isDone: boolean) => void;
}

/** A run in lanes. */
export function TimelineView(props: TimelineViewProps): JSX.Element {
  const { title, timeline, scale, instants, layout, width, left, isEveryLane, cursor, onStep } = props;
  const rows = useMemo(() => rowsOf(timeline, isEveryLane), [timeline, isEveryLane]);
  const pen: Pen = useMemo(
    () => ({
      scale,
      width,
      end: timeline.end,
      text: (ticks) => formatDuration(ticks, timeline.tickNs),
      bends: layout === 'squeezed' ? instants : [],
    }),
    [scale, width, timeline, layout, instants],
  );
  const ticks = useMemo(() => axisTicks(scale, instants, layout, width), [scale, instants, layout, width]);
  const grab = (name: string, from: number, least: number, greatest: number, event: PointerEvent) => {
    if (props.onDecide !== undefined) dragDelay(props.onDecide, scale, name, { from, least, greatest }, event);
  };
  const grabDecision = (decision: Decided, event: PointerEvent) =>
    grab(decision.name, decision.at, decision.least ?? 0, decision.greatest ?? Infinity, event);
  const grabArrow = (arrow: Arrow, event: PointerEvent) => {
    const decision = timeline.steps.find((step): step is Decided => step.name === arrow.decision);
    if (decision !== undefined) grabDecision(decision, event);
  };
  const canDecide = props.onDecide !== undefined;
  const plot = useRef<SVGSVGElement>(null);
  useEffect(() => {
    const click = ({ target }: MouseEvent) => {
      const step = target instanceof Element ? target.closest('[data-step]')?.getAttribute('data-step') : undefined;
      if (step !== undefined && step !== null) onStep(Number(step));
    };
    plot.current?.addEventListener('click', click);
    return () => plot.current?.removeEventListener('click', click);
  }, [onStep]);
  const at = cursor === undefined ? undefined : timeline.steps[cursor]?.at;
  return (
    <section class="timeline" aria-label={`timeline of ${title}`}>
      <div class="timeline-head">
        <h3 style={{ width: `${left}px` }}>{title}</h3>
        <Axis scale={scale} ticks={ticks} width={width} text={(each) => labelOf(each, ticks, timeline.tickNs)} />
      </div>
      <div class="timeline-body" style={{ height: `${rows.height}px` }}>
        <Labels rows={rows.rows} heads={rows.heads} left={left} />
        <svg
          ref={plot}
          class="plot"
          width={width}
          height={rows.height}
          role="img"
          aria-label={summaryOf(timeline, title)}
        >
          {rows.heads.map(({ name, top, height }) => (
            <rect key={name} class="group-back" x={0} y={top} width={width} height={height - 4} />
          ))}
          <Grid ticks={ticks} scale={scale} height={rows.height} />
          {rows.rows.map((row) => (
            <LaneMarks key={row.lane.id} row={row} pen={pen} />
          ))}
          <Breaks timeline={timeline} pen={pen} height={rows.height} />
          <Arrows arrows={timeline.arrows} rows={rows} pen={pen} {...(canDecide ? { onGrab: grabArrow } : {})} />
          {at === undefined ? null : <line class="cursor" x1={scale(at)} x2={scale(at)} y1={0} y2={rows.height} />}
          <Steps
            timeline={timeline}
            rows={rows}
            pen={pen}
            cursor={cursor}
            isEveryDecision={props.isEveryDecision}
            {...(canDecide ? { onGrab: grabDecision } : {})}
          />
        </svg>
      </div>
    </section>
  );
}

/** Short, and exact where two of them would be the same. */
function labelOf(tick: number, ticks: readonly number[], tickNs: number): string {
  const short = shortDuration(tick, tickNs);
  const isAmbiguous = ticks.some((other) => other !== tick && shortDuration(other, tickNs) === short);
  return isAmbiguous ? formatDuration(tick, tickNs) : short;
}

function summaryOf({ steps, breaks, end, tickNs }: Timeline, title: string): string {
  const broken = breaks.map(({ property, at }) => `${property} breaks at ${formatDuration(at, tickNs)}`).join(', ');
  const events = steps.filter(({ kind }) => kind === 'event').length;
  return `${title}: ${events} events in ${formatDuration(end, tickNs)}; ${broken || 'nothing breaks'}`;
}

/** Follow the hand until it lets go; the length is what is under it, cut to what the eye can tell apart. */
function dragDelay(
  decide: NonNullable<TimelineViewProps['onDecide']>,
  scale: TimeScale,
  name: string,
  { from, least, greatest }: { readonly from: number; readonly least: number; readonly greatest: number },
  event: PointerEvent,
): void {
  event.preventDefault();
  event.stopPropagation();
  const origin = scale(from);
  const start = event.clientX;
  const grabbed = scale(from) + ((event.target as SVGCircleElement).cx.baseVal.value - origin);
  const ticksAt = (pointer: PointerEvent) => {
    const x = grabbed + pointer.clientX - start;
    const ticks = scale.invert(x) - from;
    const rounded = roundTicks(ticks, scale.invert(x + 1) - scale.invert(x));
    return Math.min(greatest, Math.max(least, rounded));
  };
  const move = (pointer: PointerEvent) => decide(name, ticksAt(pointer), false);
  const end = (pointer: PointerEvent) => {
    window.removeEventListener('pointermove', move);
    window.removeEventListener('pointerup', end);
    if (pointer.clientX !== start) decide(name, ticksAt(pointer), true);
  };
  window.addEventListener('pointermove', move);
  window.addEventListener('pointerup', end);
}

function Labels({
  rows,
  heads,
  left,
}: {
  rows: readonly Row[];
  heads: readonly { name: string; top: number }[];
  left: number;
}): JSX.Element {
  return (
    <div class="labels" style={{ width: `${left}px` }}>
      {heads.map(({ name, top }) => (
        <div key={`head ${name}`} class="group-label" style={{ top: `${top}px` }}>
          {name}
        </div>
      ))}
      {rows.map(({ lane, top, height }) => (
        <div
          key={lane.id}
          class={`lane-label ${lane.kind}`}
          style={{ top: `${top}px`, height: `${lane.kind === 'wire' ? 18 : height}px` }}
          title={`${lane.id} (${lane.kind})`}
        >
          {lane.title}
        </div>
      ))}
    </div>
  );
}

function Grid({ ticks, scale, height }: { ticks: readonly number[]; scale: TimeScale; height: number }): JSX.Element {
  return (
    <g class="grid">
      {ticks.map((tick) => (
        <line key={tick} x1={scale(tick)} x2={scale(tick)} y1={0} y2={height} />
      ))}
    </g>
  );
}

/** Where promises break: a line through all lanes. */
function Breaks({ timeline, pen, height }: { timeline: Timeline; pen: Pen; height: number }): JSX.Element {
  return (
    <g class="break-lines">
      {timeline.breaks.map(({ property, message, at }) => (
        <g key={property} data-tip={`${property} breaks at ${pen.text(at)}: ${message}`}>
          <line class="hit" x1={pen.scale(at)} x2={pen.scale(at)} y1={0} y2={height} />
          <line class="break" x1={pen.scale(at)} x2={pen.scale(at)} y1={0} y2={height} />
        </g>
      ))}
    </g>
  );
}
