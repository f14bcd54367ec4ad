import { type JSX, render } from 'preact';
import { useCallback, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Row } from '../gate/outcome.ts';
import { formatDuration } from '../model/duration-text.ts';
import type { DrawnReport, ToldRun } from '../workbench/told-run.ts';
import { instantsOf, type Layout, WHOLE, wholeScale, zoomed } from './drawing/scale.ts';
import { TimelineView } from './drawing/timeline-view.tsx';
import { Tip } from './drawing/tip.tsx';
import { movedBy, ZoomArea, zoomedBy } from './drawing/zoom-area.tsx';
import './style.css';

const LABELS_WIDTH = 232;
const RIGHT_MARGIN = 34;

/** A report that stands alone: verdicts, and each story with its timeline. */
function Report({ title, rows, runs }: DrawnReport): JSX.Element {
  return (
    <div class="report">
      <h1>{title}</h1>
      <Verdicts rows={rows} />
      {runs.map((run, index) => (
        <Told key={`${run.story.unit} ${run.story.property}`} run={run} id={`run-${index}`} />
      ))}
      <Tip />
    </div>
  );
}

function Verdicts({ rows }: { rows: readonly Row[] }): JSX.Element {
  return (
    <section class="panel">
      <table class="verdicts">
        <thead>
          <tr>
            {['', 'verdict', 'property', 'of', 'detail'].map((name) => (
              <th key={name}>{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ unit, kind, property, verdict, ok, detail }) => (
            <tr key={`${unit} ${kind} ${property}`} class={ok ? 'good' : 'bad'}>
              <td>{ok ? '✓' : '✗'}</td>
              <td>{verdict}</td>
              <td>{property}</td>
              <td>{unit}</td>
              <td>{detail}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Told({ run, id }: { run: ToldRun; id: string }): JSX.Element {
  const { story } = run;
  const settings = Object.entries(story.settings);
  return (
    <section class="panel told" id={id}>
      <h2>
        {story.verdict} {story.property} {story.model}/{story.variant}
      </h2>
      <p class="says">{story.says}</p>
      <p class={`answer ${story.verdict === 'violated' ? 'bad' : 'good'}`}>{story.message}</p>
      <details>
        <summary>{story.decisions.length} decisions, everything else takes its default</summary>
        <ul>
          {story.decisions.map(({ name, value, fault }) => (
            <li key={name}>
              {name} = {value} {fault ? '(fault)' : ''}
            </li>
          ))}
        </ul>
      </details>
      {settings.length === 0 ? null : (
        <p class="faint">set: {settings.map(([name, text]) => `${name}=${text}`).join(' ')}</p>
      )}
      <Player run={run} />
      <pre class="command">{story.command}</pre>
    </section>
  );
}

/** The timeline, with what moves it. */
function Player({ run: { story, timeline } }: { run: ToldRun }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(900);
  const [view, setView] = useState(WHOLE);
  const [layout, setLayout] = useState<Layout>('squeezed');
  const [isEveryLane, setEveryLane] = useState(false);
  const [cursor, setCursor] = useState<number | undefined>(undefined);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const look = () => setWidth(Math.max(300, element.clientWidth - LABELS_WIDTH - RIGHT_MARGIN));
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const instants = useMemo(() => instantsOf([timeline]), [timeline]);
  const whole = useMemo(() => wholeScale(instants, layout, width), [instants, layout, width]);
  const scale = useMemo(() => zoomed(whole, view), [whole, view]);
  const onStep = useCallback((index: number) => setCursor(index), []);
  const here = cursor === undefined ? undefined : timeline.steps[cursor];
  return (
    <div class="stage" ref={box}>
      <div class="toolbar" role="toolbar" aria-label={`timeline of ${story.property}`}>
        <button type="button" onClick={() => setView(zoomedBy(view, 2, width))} aria-label="zoom in">
          +
        </button>
        <button type="button" onClick={() => setView(zoomedBy(view, 0.5, width))} aria-label="zoom out">
          −
        </button>
        <button type="button" onClick={() => setView(movedBy(view, -0.3, width))} aria-label="earlier">
          ◂
        </button>
        <button type="button" onClick={() => setView(movedBy(view, 0.3, width))} aria-label="later">
          ▸
        </button>
        <button type="button" onClick={() => setView(WHOLE)}>
          all of it
        </button>
        <button
          type="button"
          aria-pressed={layout === 'squeezed'}
          onClick={() => setLayout(layout === 'squeezed' ? 'true' : 'squeezed')}
        >
          squeeze quiet time
        </button>
        <button type="button" aria-pressed={isEveryLane} onClick={() => setEveryLane(!isEveryLane)}>
          every lane
        </button>
        <span class="faint" aria-live="polite">
          {here === undefined
            ? ''
            : `${formatDuration(here.at, timeline.tickNs)}  ${here.name} ${here.kind === 'event' ? here.data : `= ${here.value}`}`}
        </span>
      </div>
      <ZoomArea view={view} width={width} left={LABELS_WIDTH} onView={setView}>
        <TimelineView
          title={story.variant}
          timeline={timeline}
          scale={scale}
          instants={instants}
          layout={layout}
          width={width}
          left={LABELS_WIDTH}
          isEveryLane={isEveryLane}
          isEveryDecision={false}
          cursor={cursor}
          onStep={onStep}
        />
      </ZoomArea>
    </div>
  );
}

const data = document.getElementById('data')?.textContent ?? '';
render(<Report {...(JSON.parse(data) as DrawnReport)} />, document.getElementById('report') as HTMLElement);
