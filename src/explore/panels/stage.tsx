import type { JSX } from 'preact';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { formatDuration } from '../../model/duration-text.ts';
import { instantsOf, WHOLE, wholeScale, zoomed } from '../drawing/scale.ts';
import { TimelineView } from '../drawing/timeline-view.tsx';
import { movedBy, ZoomArea, zoomedBy } from '../drawing/zoom-area.tsx';
import { measureSince, type Store, TIMELINE_MEASURE } from '../store.ts';

const LABELS_WIDTH = 232;
const RIGHT_MARGIN = 34;

/** The timeline, or two of them one above the other, and what moves them. */
export function Stage({ store }: { store: Store }): JSX.Element | null {
  const [ran, against, shown] = [store.ran.value, store.ranAgainst.value, store.shown.value];
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(900);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const look = () => setWidth(Math.max(300, element.clientWidth - LABELS_WIDTH - RIGHT_MARGIN));
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(() => measureSince(TIMELINE_MEASURE), [ran]);
  const timelines = useMemo(
    () => [ran, against].flatMap((each) => (each === undefined ? [] : [each.timeline])),
    [ran, against],
  );
  const instants = useMemo(() => instantsOf(timelines), [timelines]);
  const { value: layout } = store.layout;
  const whole = useMemo(() => wholeScale(instants, layout, width), [instants, layout, width]);
  const { value: view } = store.view;
  const scale = useMemo(() => zoomed(whole, view), [whole, view]);
  const onStep = useCallback((index: number) => store.goTo(index), [store]);
  const ignore = useCallback(() => undefined, []);
  useEffect(() => {
    store.stageWidth = width;
  }, [store, width]);
  const { value: isEveryLane } = store.isEveryLane;
  const { value: isEveryDecision } = store.isEveryDecision;
  const { value: cursor } = store.cursor;
  const common = { scale, instants, layout, width, left: LABELS_WIDTH, isEveryLane, isEveryDecision } as const;
  const drawnFor = [scale, instants, layout, width, isEveryLane, isEveryDecision];
  const title = shown?.variant ?? '';
  // Drawn anew only when something in the picture changes: there is a lot in it.
  const main = useMemo(() => {
    if (ran === undefined) return null;
    const decide = (name: string, ticks: number, isDone: boolean) =>
      store.decide(name, formatDuration(ticks, ran.timeline.tickNs), !isDone);
    return (
      <TimelineView
        {...common}
        title={title}
        timeline={ran.timeline}
        cursor={cursor}
        onStep={onStep}
        onDecide={decide}
      />
    );
  }, [ran, title, cursor, store, onStep, ...drawnFor]);
  const otherTitle = shown?.against ?? '';
  const other = useMemo(() => {
    if (against === undefined) return null;
    return (
      <TimelineView {...common} title={otherTitle} timeline={against.timeline} cursor={undefined} onStep={ignore} />
    );
  }, [against, otherTitle, ignore, ...drawnFor]);
  if (ran === undefined || shown === undefined) return null;
  return (
    <section class="stage" ref={box} aria-label="timelines">
      <Toolbar store={store} width={width} />
      <ZoomArea view={view} width={width} left={LABELS_WIDTH} onView={(next) => (store.view.value = next)}>
        {other}
        {main}
      </ZoomArea>
      <p class="faint">
        {ran.ended}; digest {ran.digest}; drag to move, Ctrl and the wheel to zoom, hover to read, click to go there
      </p>
    </section>
  );
}

function Toolbar({ store, width }: { store: Store; width: number }): JSX.Element {
  const { view, layout, isEveryLane, isEveryDecision } = store;
  const zoom = (factor: number) => {
    view.value = zoomedBy(view.value, factor, width);
  };
  return (
    <div class="toolbar" role="toolbar" aria-label="timeline">
      <button type="button" onClick={() => store.step(-1)} data-tip="one step back (←)">
        ‹ step
      </button>
      <button type="button" onClick={() => store.step(1)} data-tip="one step on (→)">
        step ›
      </button>
      <button
        type="button"
        onClick={() => toBreak(store)}
        disabled={breakStep(store) === undefined}
        data-tip="to where the promise breaks (b)"
      >
        ✗ break
      </button>
      <span class="gap" />
      <button type="button" onClick={() => zoom(2)} aria-label="zoom in" data-tip="closer (+)">
        +
      </button>
      <button type="button" onClick={() => zoom(0.5)} aria-label="zoom out" data-tip="further away (-)">
        −
      </button>
      <button type="button" onClick={() => (view.value = movedBy(view.value, -0.3, width))} aria-label="earlier">
        ◂
      </button>
      <button type="button" onClick={() => (view.value = movedBy(view.value, 0.3, width))} aria-label="later">
        ▸
      </button>
      <button type="button" onClick={() => (view.value = WHOLE)} data-tip="the whole run (0)">
        all of it
      </button>
      <span class="gap" />
      <Toggle
        text="squeeze quiet time"
        isOn={layout.value === 'squeezed'}
        tip="what happens in a millisecond can be seen beside what takes minutes (s)"
        onFlip={() => (layout.value = layout.value === 'squeezed' ? 'true' : 'squeezed')}
      />
      <Toggle
        text="every lane"
        isOn={isEveryLane.value}
        tip="also what hardly changes (l)"
        onFlip={() => (isEveryLane.value = !isEveryLane.value)}
      />
      <Toggle
        text="every decision"
        isOn={isEveryDecision.value}
        tip="also those that took their default: each can be decided otherwise (d)"
        onFlip={() => (isEveryDecision.value = !isEveryDecision.value)}
      />
    </div>
  );
}

function Toggle(props: { text: string; isOn: boolean; tip: string; onFlip: () => void }): JSX.Element {
  return (
    <button type="button" aria-pressed={props.isOn} data-tip={props.tip} onClick={props.onFlip}>
      {props.text}
    </button>
  );
}

/** The step that shows how the promise in focus breaks, or any. */
function breakStep(store: Store): number | undefined {
  const breaks = store.ran.value?.timeline.breaks ?? [];
  const ours = breaks.find(({ property }) => property === store.shown.value?.property) ?? breaks[0];
  return ours?.step;
}

export function toBreak(store: Store): void {
  const step = breakStep(store);
  if (step !== undefined) store.goTo(step);
}
