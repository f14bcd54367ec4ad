import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { formatDuration } from '../../model/duration-text.ts';
import type { ParameterFacts } from '../../workbench/messages.ts';
import { nearestStop, stopsAround, ticksOf } from '../../workbench/scales.ts';
import type { Store } from '../store.ts';

/** All that can be set, with its unit. Each change runs again at once. */
export function Parameters({ store }: { store: Store }): JSX.Element | null {
  const [model, shown, ran] = [store.model.value, store.shown.value, store.ran.value];
  if (model === undefined || shown === undefined || ran === undefined) return null;
  const part = model.compositions.find(({ name }) => name === shown.composition)?.settings ?? {};
  const times = model.parameters.filter(({ kind }) => kind === 'duration' || kind === 'range');
  const counts = model.parameters.filter(({ kind }) => kind === 'count');
  const words = model.parameters.filter(({ kind }) => kind === 'word');
  const field = (facts: ParameterFacts) => (
    <Field
      key={facts.name}
      store={store}
      facts={facts}
      value={ran.values[facts.name] ?? ''}
      typed={shown.settings[facts.name]}
      fixed={part[facts.name]}
      tickNs={model.tickNs}
    />
  );
  const isChanged = Object.keys(shown.settings).length > 0;
  return (
    <section class="panel parameters" aria-label="parameters">
      <h2>
        parameters
        {isChanged ? (
          <button type="button" class="quiet" onClick={() => store.change({ settings: {} })}>
            reset all
          </button>
        ) : null}
      </h2>
      {times.map(field)}
      {words.length === 0 ? null : (
        <details open={words.some(({ name }) => Object.hasOwn(shown.settings, name))}>
          <summary>what can happen, and to whom</summary>
          {words.map(field)}
        </details>
      )}
      {counts.length === 0 ? null : (
        <details open={counts.some(({ name }) => Object.hasOwn(shown.settings, name))}>
          <summary>sizes and counts</summary>
          {counts.map(field)}
        </details>
      )}
    </section>
  );
}

interface FieldProps {
  readonly store: Store;
  readonly facts: ParameterFacts;
  /** What the run had. */
  readonly value: string;
  /** What the user has set. */
  readonly typed: string | undefined;
  /** What the part of the model sets. */
  readonly fixed: string | undefined;
  readonly tickNs: number;
}

function Field(props: FieldProps): JSX.Element {
  const { store, facts, value, typed, fixed } = props;
  const { name, about, rule, expects } = facts;
  const from =
    typed !== undefined ? '' : fixed !== undefined ? 'set by the part' : rule === undefined ? '' : `= ${rule}`;
  const id = `parameter-${name}`;
  return (
    <div class={`field${typed === undefined ? '' : ' changed'}`} data-tip={`${name}: ${about}\n(${expects})`}>
      <label for={id}>{name}</label>
      <span class="from">{from}</span>
      {facts.kind === 'word' ? (
        <Words {...props} id={id} />
      ) : (
        <input
          id={id}
          class="text"
          value={typed ?? value}
          spellcheck={false}
          onChange={(event) => store.set(name, event.currentTarget.value.trim() || undefined)}
        />
      )}
      <button
        type="button"
        class="quiet reset"
        hidden={typed === undefined}
        aria-label={`reset ${name}`}
        onClick={() => store.set(name, undefined)}
      >
        ×
      </button>
      {facts.kind === 'duration' ? <DurationSlider {...props} /> : null}
      {facts.kind === 'range' ? <RangeSliders {...props} /> : null}
      {facts.kind === 'count' ? <CountSlider {...props} /> : null}
    </div>
  );
}

/** A switch where there are two, else a list. */
function Words({ store, facts, value, id }: FieldProps & { readonly id: string }): JSX.Element {
  const options = facts.options ?? [];
  if (options.length !== 2)
    return (
      <select id={id} value={value} onChange={(event) => store.set(facts.name, event.currentTarget.value)}>
        {options.map((each) => (
          <option key={each}>{each}</option>
        ))}
      </select>
    );
  const [on, off] = options as readonly [string, string];
  return (
    <span class="switch">
      <input
        id={id}
        type="checkbox"
        role="switch"
        checked={value === on}
        aria-checked={value === on}
        onChange={(event) => store.set(facts.name, event.currentTarget.checked ? on : off)}
      />
      <span>{value}</span>
    </span>
  );
}

interface SliderProps {
  readonly label: string;
  readonly value: number;
  readonly usual: number;
  readonly tickNs: number;
  readonly onSlide: (ticks: number, isMoving: boolean) => void;
}

/** Lengths of two digits on a logarithmic scale. */
export function Slider({ label, value, usual, tickNs, onSlide }: SliderProps): JSX.Element {
  const stops = useMemo(() => stopsAround(usual, tickNs), [usual, tickNs]);
  const slide = (event: { readonly currentTarget: HTMLInputElement }, isMoving: boolean) =>
    onSlide(stops[Number(event.currentTarget.value)] as number, isMoving);
  return (
    <input
      type="range"
      aria-label={label}
      aria-valuetext={formatDuration(value, tickNs)}
      min={0}
      max={stops.length - 1}
      value={nearestStop(stops, value)}
      onInput={(event) => slide(event, true)}
    />
  );
}

/**
 * What the user has set, where it can be read, also while the run still has another value: a slider that waited for the
 * run would stand still under quick keys.
 */
function latest<T>(typed: string | undefined, value: string, read: (text: string) => T | undefined): T | undefined {
  return (typed === undefined ? undefined : read(typed)) ?? read(value);
}

function DurationSlider({ store, facts, value, typed, tickNs }: FieldProps): JSX.Element {
  return (
    <Slider
      label={facts.name}
      value={latest(typed, value, (text) => ticksOf(text, tickNs)) ?? 0}
      usual={ticksOf(facts.usual, tickNs) ?? 0}
      tickNs={tickNs}
      onSlide={(ticks, isMoving) => store.set(facts.name, formatDuration(ticks, tickNs), isMoving)}
    />
  );
}

/** Two sliders; neither goes past the other. */
function RangeSliders({ store, facts, value, typed, tickNs }: FieldProps): JSX.Element {
  const ends = (text: string): readonly [number, number] | undefined => {
    const [from = '', to = from] = text.split('..');
    const [min, max] = [ticksOf(from, tickNs), to === 'inf' ? Infinity : ticksOf(to, tickNs)];
    return min === undefined || max === undefined ? undefined : [min, max];
  };
  const [min, max] = latest(typed, value, ends) ?? [0, 0];
  const [usualMin, usualMax] = ends(facts.usual) ?? [0, 0];
  const usual = Math.max(usualMax === Infinity ? usualMin : usualMax, 1);
  const set = (low: number, high: number, isMoving: boolean) =>
    store.set(
      facts.name,
      `${formatDuration(low, tickNs)}..${high === Infinity ? 'inf' : formatDuration(high, tickNs)}`,
      isMoving,
    );
  return (
    <>
      <Slider
        label={`${facts.name} least`}
        value={min}
        usual={usual}
        tickNs={tickNs}
        onSlide={(ticks, isMoving) => set(Math.min(ticks, max), max, isMoving)}
      />
      <Slider
        label={`${facts.name} greatest`}
        value={Math.min(max, usual * 1000)}
        usual={usual}
        tickNs={tickNs}
        onSlide={(ticks, isMoving) => set(min, Math.max(ticks, min), isMoving)}
      />
    </>
  );
}

function CountSlider({ store, facts, value, typed }: FieldProps): JSX.Element {
  const count = latest(typed, value, (text) => (/^\d+$/.test(text) ? Number(text) : undefined)) ?? 0;
  const most = Math.max(4, 2 * Number(facts.usual), count);
  return (
    <input
      type="range"
      aria-label={facts.name}
      min={0}
      max={most}
      step={most > 1000 ? 2 ** Math.floor(Math.log2(most / 64)) : 1}
      value={count}
      onInput={(event) => store.set(facts.name, event.currentTarget.value, true)}
    />
  );
}
