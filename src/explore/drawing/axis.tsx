import { axisTop } from 'd3-axis';
import { select } from 'd3-selection';
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { TimeScale } from './scale.ts';

interface AxisProps {
  readonly scale: TimeScale;
  readonly ticks: readonly number[];
  readonly width: number;
  readonly text: (ticks: number) => string;
}

const AXIS_HEIGHT = 24;

/** Virtual time, on top of the lanes. */
export function Axis({ scale, ticks, width, text }: AxisProps): JSX.Element {
  const group = useRef<SVGGElement>(null);
  useLayoutEffect(() => {
    if (group.current === null) return;
    const axis = axisTop<number>(scale)
      .tickValues([...ticks])
      .tickFormat((value) => text(value))
      .tickSizeOuter(0)
      .tickSize(5);
    select(group.current).call(axis);
  });
  return (
    <svg class="axis" width={width} height={AXIS_HEIGHT} aria-hidden="true">
      <g ref={group} transform={`translate(0,${AXIS_HEIGHT - 1})`} />
    </svg>
  );
}
