import { select } from 'd3-selection';
import { type ZoomBehavior, zoom, zoomIdentity } from 'd3-zoom';
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { View } from './scale.ts';

interface ZoomAreaProps {
  readonly view: View;
  /** Width of what is zoomed, without the labels to its left. */
  readonly width: number;
  readonly left: number;
  readonly onView: (view: View) => void;
  readonly children: ComponentChildren;
}

const CLOSEST = 2_000_000;

/** Drag to move, Ctrl or ⌘ and the wheel to zoom, the wheel sideways to move; the plain wheel scrolls the page. */
export function ZoomArea({ view, width, left, onView, children }: ZoomAreaProps): JSX.Element {
  const area = useRef<HTMLDivElement>(null);
  const behaviour = useRef<ZoomBehavior<HTMLDivElement, unknown>>(undefined);
  const told = useRef(onView);
  told.current = onView;
  useEffect(() => {
    const element = area.current;
    if (element === null) return;
    const extent: [[number, number], [number, number]] = [
      [0, 0],
      [width, 1],
    ];
    behaviour.current = zoom<HTMLDivElement, unknown>()
      .scaleExtent([1, CLOSEST])
      .extent(extent)
      .translateExtent(extent)
      .filter(mayZoom)
      .on('zoom', ({ transform, sourceEvent }: { transform: View; sourceEvent: Event | null }) => {
        if (sourceEvent !== null) told.current({ k: transform.k, x: transform.x });
      });
    select(element).call(behaviour.current).on('dblclick.zoom', null);
    const pan = (event: WheelEvent) => {
      const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
      if (event.ctrlKey || event.metaKey || Math.abs(sideways) < 1) return;
      event.preventDefault();
      const { k, x } = (element as unknown as { __zoom: View }).__zoom;
      told.current({ k, x: Math.min(0, Math.max(width - width * k, x - sideways)) });
    };
    element.addEventListener('wheel', pan, { passive: false });
    return () => element.removeEventListener('wheel', pan);
  }, [width]);
  useEffect(() => {
    if (area.current === null || behaviour.current === undefined) return;
    const { k, x } = (area.current as unknown as { __zoom: View }).__zoom;
    if (k === view.k && x === view.x) return;
    select(area.current).call(behaviour.current.transform, zoomIdentity.translate(view.x, 0).scale(view.k));
  }, [view, width]);
  return (
    <div class="zoom-area" ref={area} style={{ '--left': `${left}px` }}>
      {children}
    </div>
  );
}

function mayZoom(event: Event): boolean {
  if (event.target instanceof Element && event.target.closest('.grab, button, .lane-label') !== null) return false;
  if (event instanceof WheelEvent) return event.ctrlKey || event.metaKey;
  return event instanceof MouseEvent ? event.button === 0 : true;
}

/** Closer or further away, about the middle of what is seen. */
export function zoomedBy(view: View, factor: number, width: number, about = width / 2): View {
  const k = Math.min(CLOSEST, Math.max(1, view.k * factor));
  return clamped({ k, x: about - ((about - view.x) * k) / view.k }, width);
}

export function movedBy(view: View, part: number, width: number): View {
  return clamped({ k: view.k, x: view.x - part * width }, width);
}

function clamped({ k, x }: View, width: number): View {
  return { k, x: Math.min(0, Math.max(width - width * k, x)) };
}
