import { type ScaleLinear, scaleLinear } from 'd3-scale';
import type { Timeline } from '../../timeline/model.ts';

/** From ticks to pixels. */
export type TimeScale = ScaleLinear<number, number>;

/** How time is laid out: as it is, or with quiet stretches squeezed, so that what happens in a millisecond can be seen too. */
export type Layout = 'squeezed' | 'true';

/** What zooming and panning has made of the scale. */
export interface View {
  readonly k: number;
  readonly x: number;
}

/** Room left and right of the run, so that what happens at its ends is seen whole. */
const EDGE = 8;

export const WHOLE: View = { k: 1, x: 0 };

/** A gap of so many ticks takes this much room, against that of other gaps. */
function roomFor(gap: number): number {
  return 0.6 + Math.log2(1 + gap / 1000) ** 1.5 / 12;
}

/** All times at which anything happens. */
export function instantsOf(timelines: readonly Timeline[]): readonly number[] {
  const instants = new Set<number>([0]);
  for (const { end, steps, arrows, breaks, lanes } of timelines) {
    instants.add(end);
    for (const { at } of [...steps, ...breaks]) instants.add(at);
    for (const { sent, due } of arrows) instants.add(sent).add(Math.min(due ?? sent, end));
    for (const lane of lanes)
      if (lane.kind === 'deadline') for (const { from, to } of lane.runs) instants.add(from).add(to);
  }
  return [...instants].sort((a, b) => a - b);
}

/** The scale of the whole, `width` pixels wide. */
export function wholeScale(instants: readonly number[], layout: Layout, width: number): TimeScale {
  const end = Math.max(instants.at(-1) ?? 1, 1);
  if (layout === 'true')
    return scaleLinear()
      .domain([0, end])
      .range([EDGE, width - EDGE]);
  let room = 0;
  const rooms = instants.map((at, index) => {
    if (index > 0) room += roomFor(at - (instants[index - 1] as number));
    return room;
  });
  if (room === 0)
    return scaleLinear()
      .domain([0, end])
      .range([EDGE, width - EDGE]);
  return scaleLinear()
    .domain([...instants])
    .range(rooms.map((each) => EDGE + (each / room) * (width - 2 * EDGE)));
}

export function zoomed(scale: TimeScale, { k, x }: View): TimeScale {
  return scale.copy().range(scale.range().map((each) => k * each + x));
}

/** Where ticks of the axis stand: at round times; where time is squeezed, at times at which something happens. */
export function axisTicks(scale: TimeScale, instants: readonly number[], layout: Layout, width: number): number[] {
  const count = Math.max(2, Math.floor(width / 90));
  if (layout === 'true') {
    const [from, to] = [scale.invert(0), scale.invert(width)];
    return scaleLinear().domain([from, to]).ticks(count);
  }
  const ticks: number[] = [];
  let last = -Infinity;
  for (const at of instants) {
    const x = scale(at);
    if (x < -1 || x > width + 1 || x - last < 78) continue;
    ticks.push(at);
    last = x;
  }
  return ticks;
}
