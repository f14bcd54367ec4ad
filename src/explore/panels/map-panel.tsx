import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Over } from '../../gate/sweep-axis.ts';
import type { SweepOutcome, SweptRow } from '../../gate/sweep-outcome.ts';
import type { ParameterFacts } from '../../workbench/messages.ts';
import type { Search, Store } from '../store.ts';
import { Pick } from './pick.tsx';

const PLANE = { left: 58, top: 8, width: 330, height: 220 };
const STEPS = 8;
/** A map is drawn anew when nothing has been changed for so long. */
const REST_MS = 400;

/** Where the promise holds, over two parameters: the safe region. */
export function MapPanel({ store }: { store: Store }): JSX.Element | null {
  const [model, shown, ran] = [store.model.value, store.shown.value, store.ran.value];
  const [axes, setAxes] = useState<readonly Over[] | undefined>(undefined);
  const [isLive, setLive] = useState(true);
  if (model === undefined || shown === undefined || ran === undefined) return null;
  const swept = model.parameters.filter(({ kind }) => kind !== 'word');
  if (swept.length === 0) return null;
  const over = axes ?? shown.over ?? usualAxes(swept, ran.values);
  const { value: map } = store.map;
  const key = store.mapKey(over);
  const change = (index: number, changes: Partial<Over>) =>
    setAxes(over.map((each, place) => (place === index ? { ...each, ...changes } : each)));
  return (
    <section class="panel map" aria-label="map of the safe region">
      <h2>where it holds</h2>
      {over.map((axis, index) => (
        <div class="axis-fields" key={`${index}`}>
          <Pick
            label={index === 0 ? 'along' : 'across'}
            value={axis.name}
            options={swept.map(({ name }) => [name, name])}
            onPick={(name) => change(index, axisFor(swept, ran.values, name))}
          />
          <label>
            from
            <input
              class="text"
              value={axis.from}
              onChange={(event) => change(index, { from: event.currentTarget.value })}
            />
          </label>
          <label>
            to
            <input
              class="text"
              value={axis.to}
              onChange={(event) => change(index, { to: event.currentTarget.value })}
            />
          </label>
        </div>
      ))}
      <p class="row">
        {map.state === 'working' ? (
          <>
            <span class="word">proving, {map.news.points ?? 0} points so far</span>
            <progress aria-label="map" />
            <button type="button" onClick={() => store.stop('map')}>
              stop
            </button>
          </>
        ) : (
          <button type="button" onClick={() => void store.drawMap(over, STEPS)}>
            draw the map
          </button>
        )}
      </p>
      {map.state === 'failed' ? (
        <p class="problem" role="alert">
          {map.message}
        </p>
      ) : null}
      <Drawn store={store} map={map} over={over} wanted={key} isLive={isLive} setLive={setLive} />
    </section>
  );
}

interface DrawnProps {
  readonly store: Store;
  readonly map: Search<SweepOutcome>;
  readonly over: readonly Over[];
  /** What the map hangs on, as it is now. */
  readonly wanted: string;
  readonly isLive: boolean;
  readonly setLive: (isLive: boolean) => void;
}

/** The map; while another one is on its way, the one before, and faint. Once there is one, it follows what is changed. */
function Drawn({ store, map, over, wanted, isLive, setLive }: DrawnProps): JSX.Element | null {
  const kept = useRef<{ readonly outcome: SweepOutcome; readonly key: string } | undefined>(undefined);
  if (map.state === 'done') kept.current = { outcome: map.answer, key: map.key };
  const { outcome, key } = kept.current ?? {};
  const isStale = key !== wanted;
  const isToFollow = isLive && outcome !== undefined && isStale && map.state !== 'stopped' && map.state !== 'failed';
  // What is drawn, and over what, is all in `wanted`.
  useEffect(() => {
    if (!isToFollow) return undefined;
    const timer = setTimeout(() => void store.drawMap(over, STEPS), REST_MS);
    return () => clearTimeout(timer);
  }, [store, wanted, isToFollow]);
  if (outcome === undefined) return null;
  return (
    <div class={isStale ? 'stale' : ''} data-testid="map" data-stale={isStale}>
      <label class="row">
        <input type="checkbox" checked={isLive} onChange={(event) => setLive(event.currentTarget.checked)} />
        draw it anew when something is changed
      </label>
      {isStale ? <p class="faint">This one is of what was set before.</p> : null}
      <Picture store={store} outcome={outcome} />
    </div>
  );
}

function usualAxes(swept: readonly ParameterFacts[], values: Readonly<Record<string, string>>): readonly Over[] {
  const lengths = swept.filter(({ kind }) => kind === 'duration');
  const [first, second] = lengths.length >= 2 ? lengths : swept;
  return [first, second].flatMap((facts) => (facts === undefined ? [] : [axisFor(swept, values, facts.name)]));
}

/** From a third of its value to three times as much. */
function axisFor(swept: readonly ParameterFacts[], values: Readonly<Record<string, string>>, name: string): Over {
  const facts = swept.find((each) => each.name === name);
  const value = values[name] ?? facts?.usual ?? '1s';
  const [least = value, most = least] = value.split('..');
  const [, digits = '1', unit = ''] = /^([\d.]+)(.*)$/.exec(facts?.kind === 'range' ? most : value) ?? [];
  const times = (factor: number) => `${Math.max(1, Math.round(Number(digits) * factor))}${unit}`;
  return facts?.kind === 'range' ? { name, from: least, to: times(3) } : { name, from: times(1 / 3), to: times(3) };
}

/** A bar for each value across; where it begins and ends is exact. */
function Picture({ store, outcome }: { store: Store; outcome: SweepOutcome }): JSX.Element {
  const { along, across, rows, property } = outcome;
  const picture = useRef<SVGSVGElement>(null);
  useEffect(() => {
    const click = ({ target }: MouseEvent) => {
      const settings = target instanceof Element ? target.getAttribute('data-settings') : null;
      if (settings !== null) store.setAll(JSON.parse(settings));
    };
    picture.current?.addEventListener('click', click);
    return () => picture.current?.removeEventListener('click', click);
  }, [store]);
  const { left, top, width, height } = PLANE;
  const x = (value: number) => left + (width * (value - along.from.value)) / (along.to.value - along.from.value);
  const rowHeight = height / rows.length;
  const boundaries = rows.flatMap(({ at, boundaries: found }) =>
    found.map(({ tie, first, last }) => ({ at, tie, first, last })),
  );
  return (
    <>
      <svg
        ref={picture}
        class="map-picture"
        viewBox={`0 0 ${left + width + 20} ${top + height + 36}`}
        role="img"
        aria-label={`where ${property} holds`}
      >
        {rows.map((row, index) => (
          <Bars
            key={row.at?.text ?? index}
            {...{ store, outcome, row, x }}
            y={top + height - (index + 1) * rowHeight}
            height={rowHeight}
          />
        ))}
        <text class="map-label" x={left} y={top + height + 14}>
          {along.from.text}
        </text>
        <text class="map-label middle" x={left + width / 2} y={top + height + 28}>
          {along.name}
        </text>
        <text class="map-label end" x={left + width} y={top + height + 14}>
          {along.to.text}
        </text>
        {rows.map(({ at }, index) => (
          <text
            key={at?.text ?? ''}
            class="map-label end"
            x={left - 5}
            y={top + height - (index + 0.5) * rowHeight + 4}
          >
            {at?.text ?? ''}
          </text>
        ))}
      </svg>
      <p class="faint">
        {across === undefined ? '' : `${across.name} upwards. `}green: proved, red: violated, yellow: no answer. Click
        on it to set both.
      </p>
      {boundaries.length === 0 ? null : (
        <details>
          <summary>{boundaries.length === 1 ? '1 exact boundary' : `${boundaries.length} exact boundaries`}</summary>
          <ul>
            {boundaries.map(({ at, tie, first, last }) => (
              <li key={`${at?.text} ${first.text}`}>
                {at === undefined ? '' : `${across?.name} = ${at.text}: `}
                {`between ${last.text} and ${first.text}`}
                {tie === undefined ? '' : `; ${tie.text} is ${tie.verdict === 'proved' ? 'safe' : 'not safe'}`}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

interface BarsProps {
  readonly store: Store;
  readonly outcome: SweepOutcome;
  readonly row: SweptRow;
  readonly x: (value: number) => number;
  readonly y: number;
  readonly height: number;
}

function Bars({ store, outcome, row, x, y, height }: BarsProps): JSX.Element {
  const { along, across } = outcome;
  return (
    <>
      {row.stretches.map(({ from, to, verdict, why }, index) => {
        const next = row.stretches[index + 1];
        const width = Math.max(x(next?.from.value ?? to.value) - x(from.value), 1.5);
        const where = row.at === undefined ? '' : `${across?.name} = ${row.at.text}, `;
        return (
          <rect
            key={from.text}
            class={verdict}
            x={x(from.value)}
            y={y + 1}
            width={width}
            height={height - 2}
            data-tip={`${where}${along.name} = ${from.text}..${to.text}: ${verdict}${why === undefined ? '' : `, ${why}`}`}
            data-settings={JSON.stringify({
              ...settingOf(store, along.name, from.text),
              ...(row.at === undefined || across === undefined ? {} : settingOf(store, across.name, row.at.text)),
            })}
          />
        );
      })}
    </>
  );
}

/** A value of an axis as a setting: of a range, it is the upper end. */
function settingOf(store: Store, axis: string, text: string): Readonly<Record<string, string>> {
  if (!axis.endsWith('.max')) return { [axis]: text };
  const name = axis.slice(0, -'.max'.length);
  const [least = '0'] = (store.ran.value?.values[name] ?? '0').split('..');
  return { [name]: `${least}..${text}` };
}
