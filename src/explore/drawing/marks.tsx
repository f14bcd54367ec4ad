import type { JSX } from 'preact';
import type { Countdown, Lane, PromiseSpan, Stretch } from '../../timeline/model.ts';
import { HEIGHTS, hasBars, PROCESS_LINE, type Row } from './layout.ts';
import type { TimeScale } from './scale.ts';

/** What all marks are drawn with. */
export interface Pen {
  readonly scale: TimeScale;
  readonly width: number;
  readonly end: number;
  readonly text: (ticks: number) => string;
  /** Times at which the scale bends: a straight line in time has a corner there. */
  readonly bends: readonly number[];
}

/** Width of a character of the labels, about. */
const CHARACTER = 6.1;

/** What is seen of a stretch, in pixels; undefined where nothing is. */
function seen({ scale, width }: Pen, from: number, to: number): { x: number; w: number } | undefined {
  const [left, right] = [scale(from), scale(to)];
  if (right < -20 || left > width + 20) return undefined;
  const x = Math.max(left, -20);
  return { x, w: Math.max(Math.min(right, width + 20) - x, 1.5) };
}

function fitting(text: string, w: number): string {
  const room = Math.floor((w - 6) / CHARACTER);
  if (room >= text.length) return text;
  return room < 4 ? '' : `${text.slice(0, room - 1)}…`;
}

/** The bars and lines of a lane. */
export function LaneMarks({ row, pen }: { row: Row; pen: Pen }): JSX.Element {
  const { lane, top } = row;
  return (
    <g class={`lane ${lane.kind}`} transform={`translate(0,${top})`}>
      {marksOf(lane, heightOf(row), pen)}
    </g>
  );
}

/** Without the room for its events. */
function heightOf({ lane, height }: Row): number {
  const usual = HEIGHTS[lane.kind];
  return hasBars(lane) ? Math.min(height, usual) : height;
}

function marksOf(lane: Lane, height: number, pen: Pen): JSX.Element[] {
  switch (lane.kind) {
    case 'wire':
      return [<line key="wire" class="wire" x1={0} x2={pen.width} y1={8} y2={8} />];
    case 'promise':
      return lane.spans.flatMap((span, index) => promiseMarks(span, index, height, pen));
    case 'process':
      return lane.stretches.flatMap(({ from, to, how, text }, index) => {
        const place = seen(pen, from, to);
        if (place === undefined) return [];
        const y = height - PROCESS_LINE;
        return [
          <g
            key={index}
            class={how.replaceAll(' ', '-')}
            data-tip={`${lane.title} ${how}${text === '' || how === 'is ready' ? '' : `: ${text}`}, ${spanText(from, to, pen)}`}
          >
            <rect class="hit" x={place.x} y={0} width={place.w} height={height} />
            <rect class="bar" x={place.x} y={y - barOf(how) / 2} width={place.w} height={barOf(how)} rx={1} />
          </g>,
        ];
      });
    case 'mutex':
      return [
        ...lane.held.flatMap((held, index) =>
          bar(held, `held-${index}`, 'held', `${lane.title} is held by`, 2, 14, pen),
        ),
        ...lane.waits.flatMap((wait, index) =>
          bar(wait, `wait-${index}`, 'waiter', `waits for ${lane.title}:`, 17, 6, pen),
        ),
      ];
    case 'state':
      return lane.stretches.flatMap((stretch, index) =>
        bar(stretch, `${index}`, `state tone-${toneOf(stretch.text)}`, `${lane.title}:`, 2, height - 5, pen),
      );
    case 'level':
      return levelMarks(lane, height, pen);
    case 'deadline':
      return deadlineMarks(lane, height, pen);
  }
}

function barOf(how: string): number {
  if (how === 'waits for a lock') return 9;
  if (how === 'is frozen') return 9;
  return how === 'is ready' ? 6 : 3;
}

/** One of a few tones, always the same for the same text. */
export function toneOf(text: string): number {
  let hash = 7;
  for (const character of text) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 6007;
  return hash % 6;
}

function spanText(from: number, to: number, { text, end }: Pen): string {
  return `from ${text(from)} to ${to === end ? 'the end' : text(to)}, ${text(to - from)} long`;
}

function bar(
  { from, to, text }: Stretch,
  key: string,
  name: string,
  about: string,
  y: number,
  height: number,
  pen: Pen,
): JSX.Element[] {
  const place = seen(pen, from, to);
  if (place === undefined) return [];
  const label = height > 9 ? fitting(text, place.w) : '';
  return [
    <g key={key} class={name} data-tip={`${about} ${text}, ${spanText(from, to, pen)}`}>
      <rect x={place.x} y={y} width={place.w} height={height} rx={2} />
      {label === '' ? null : (
        <text x={place.x + 4} y={y + height / 2 + 3.5}>
          {label}
        </text>
      )}
    </g>,
  ];
}

/** What was allowed, and what came after that. */
function promiseMarks({ from, to, bound, text }: PromiseSpan, index: number, height: number, pen: Pen): JSX.Element[] {
  const end = to ?? pen.end;
  const limit = bound === undefined ? end : from + bound;
  const allowed = seen(pen, from, Math.min(end, limit));
  const late = end > limit ? seen(pen, limit, end) : undefined;
  const came = to === undefined ? 'has not come' : `came after ${pen.text(to - from)}`;
  const title = `${text}: began at ${pen.text(from)}, ${bound === undefined ? '' : `due within ${pen.text(bound)}, `}${came}`;
  const said = bound === undefined ? text : `at most ${pen.text(bound)}`;
  return [
    <g key={index} class="span" data-tip={title}>
      {allowed === undefined ? null : (
        <>
          <rect class="allowed" x={allowed.x} y={3} width={allowed.w} height={height - 8} rx={2} />
          <text x={allowed.x + 4} y={height / 2 + 3}>
            {fitting(said, allowed.w)}
          </text>
        </>
      )}
      {late === undefined ? null : (
        <>
          <rect class="late" x={late.x} y={3} width={late.w} height={height - 8} rx={2} />
          <text class="on-late" x={late.x + 4} y={height / 2 + 3}>
            {fitting(`overdue by ${pen.text(end - limit)}`, late.w)}
          </text>
        </>
      )}
    </g>,
  ];
}

function levelMarks(lane: Lane & { kind: 'level' }, height: number, pen: Pen): JSX.Element[] {
  const floor = height - 4;
  const y = (value: number) => floor - Math.min(1, value / lane.most) * (floor - 3);
  let path = '';
  const parts: JSX.Element[] = [];
  lane.points.forEach(({ at, value }, index) => {
    const to = lane.points[index + 1]?.at ?? pen.end;
    const place = seen(pen, at, to);
    if (place === undefined) return;
    path += `${path === '' ? 'M' : 'L'}${place.x},${floor}V${y(value)}H${place.x + place.w}V${floor}`;
    parts.push(
      <rect
        key={index}
        class="hit"
        x={place.x}
        y={0}
        width={place.w}
        height={height}
        data-tip={`${lane.title}: ${value} of ${lane.most}, ${spanText(at, to, pen)}`}
      ></rect>,
    );
  });
  return [
    <line key="most" class="most" x1={0} x2={pen.width} y1={3} y2={3} />,
    <path key="level" class="area" d={path} />,
    ...parts,
  ];
}

/** A bar that shrinks until it is armed anew, stopped, or fires. */
function deadlineMarks(lane: Lane & { kind: 'deadline' }, height: number, pen: Pen): JSX.Element[] {
  const floor = height - 4;
  const most = Math.max(...lane.runs.map(({ from, due }) => due - from), 1);
  const y = (run: Countdown, at: number) => floor - ((run.due - at) / most) * (floor - 3);
  return lane.runs.flatMap((run, index) => {
    const place = seen(pen, run.from, run.to);
    if (place === undefined) return [];
    const corners = pen.bends.filter((at) => at > run.from && at < run.to);
    const top = [run.from, ...corners, run.to].map((at) => `${pen.scale(at)},${y(run, at)}`);
    const [left, right] = [pen.scale(run.from), pen.scale(run.to)];
    const title = `${lane.title}: armed at ${pen.text(run.from)}, due at ${pen.text(run.due)}, ${run.ends}${run.ends === 'still runs' ? '' : ` at ${pen.text(run.to)}`}`;
    return [
      <g key={index} class={run.ends.replaceAll(' ', '-')} data-tip={title}>
        <path class="wedge" d={`M${left},${floor}L${top.join('L')}L${right},${floor}Z`} />
        {run.ends === 'fires' ? <path class="fires" d={`M${right},2V${floor}M${right - 4},2h8`} /> : null}
      </g>,
    ];
  });
}
