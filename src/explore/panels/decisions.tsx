import type { JSX } from 'preact';
import { formatDuration } from '../../model/duration-text.ts';
import { ticksOf } from '../../workbench/scales.ts';
import type { Decided } from '../drawing/steps.tsx';
import type { Store } from '../store.ts';
import { Slider } from './parameters.tsx';

/** When nothing else says when something strikes: this long after it could. */
const STRIKES_AFTER = '1s';
/** About what a slider for the moment of something is laid out, in nanoseconds. */
const USUAL_MOMENT_NS = 30e9;

/** Faults and other moments that this run knows, as switches. */
export function Decisions({ store }: { store: Store }): JSX.Element | null {
  const [ran, shown] = [store.ran.value, store.shown.value];
  if (ran === undefined || shown === undefined) return null;
  const decided = ran.timeline.steps.filter((step): step is Decided => step.kind === 'decision');
  const isMoment = (step: Decided) => step.decision === 'delay' && step.greatest === undefined;
  const faults = decided.filter((step) => step.fault);
  const moments = decided.filter((step) => !step.fault && isMoment(step));
  const others = decided.filter((step) => !step.isDefault && !step.fault && !isMoment(step));
  const stale = ran.stale;
  const isChanged = Object.keys(shown.schedule).length > 0;
  return (
    <section class="panel decisions" aria-label="faults and other decisions">
      <h2>
        faults
        {isChanged ? (
          <button type="button" class="quiet" onClick={() => store.change({ schedule: {}, scale: undefined })}>
            all as usual
          </button>
        ) : null}
      </h2>
      {faults.length === 0 ? <p class="faint">none can strike with these parameters</p> : null}
      {faults.map((step) => (
        <Decision key={step.name} store={store} step={step} />
      ))}
      {moments.length === 0 ? null : <h3>what somebody may do</h3>}
      {moments.map((step) => (
        <Decision key={step.name} store={store} step={step} />
      ))}
      {others.length === 0 ? null : <h3>not as usual</h3>}
      {others.map((step) => (
        <Decision key={step.name} store={store} step={step} />
      ))}
      {stale.length === 0 ? null : (
        <details class="stale">
          <summary>{stale.length} decided, but not asked or not possible here</summary>
          <ul>
            {stale.map(({ decision, why }) => (
              <li key={decision}>
                {decision}: {why}{' '}
                <button type="button" class="quiet" onClick={() => store.decide(decision, undefined)}>
                  forget
                </button>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

/** One decision, and how to decide otherwise. */
export function Decision({ store, step }: { store: Store; step: Decided }): JSX.Element {
  const { name, value, isDefault, fault } = step;
  const text = name.replace(/ #1$/, '');
  return (
    <div
      class={`decision-field${isDefault ? '' : ' changed'}${fault ? ' fault' : ''}`}
      data-testid={`decision ${name}`}
    >
      <span class="name" data-tip={`${name}, asked at ${formatDuration(step.at, tickOf(store))}`}>
        {text}
      </span>
      {step.decision === 'delay' ? (
        <Delay store={store} step={step} />
      ) : (
        <select
          aria-label={name}
          value={value}
          onChange={(event) => decideOption(store, step, event.currentTarget.value)}
        >
          {(step.options ?? [value]).map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      )}
    </div>
  );
}

function tickOf(store: Store): number {
  return store.ran.value?.timeline.tickNs ?? store.model.value?.tickNs ?? 1000;
}

function decideOption(store: Store, { name, options }: Decided, value: string): void {
  store.decide(name, value === options?.[0] ? undefined : value);
}

/** A length; one without an end is switched on and off. */
function Delay({ store, step }: { store: Store; step: Decided }): JSX.Element {
  const { name, value, ticks, least = 0, greatest } = step;
  const tickNs = tickOf(store);
  const decide = (to: number, isMoving: boolean) => {
    const inside = Math.min(greatest ?? Infinity, Math.max(least, to));
    store.decide(
      name,
      inside === least && greatest !== undefined ? undefined : formatDuration(inside, tickNs),
      isMoving,
    );
  };
  return (
    <>
      {greatest === undefined ? (
        <input
          type="checkbox"
          role="switch"
          aria-label={`${name} happens`}
          checked={ticks !== undefined}
          aria-checked={ticks !== undefined}
          onChange={(event) => store.decide(name, event.currentTarget.checked ? STRIKES_AFTER : undefined)}
        />
      ) : null}
      <input
        class="text"
        aria-label={name}
        value={value}
        spellcheck={false}
        onChange={(event) => {
          const typed = ticksOf(event.currentTarget.value.trim(), tickNs);
          if (typed !== undefined) decide(typed, false);
          else store.decide(name, undefined);
        }}
      />
      {ticks === undefined ? null : greatest === undefined ? (
        <Slider
          label={`${name} moment`}
          value={ticks}
          usual={USUAL_MOMENT_NS / tickNs}
          tickNs={tickNs}
          onSlide={decide}
        />
      ) : (
        <input
          type="range"
          aria-label={`${name} length`}
          aria-valuetext={value}
          min={least}
          max={greatest}
          step={Math.max(1, Math.floor((greatest - least) / 1000))}
          value={ticks}
          onInput={(event) => decide(Number(event.currentTarget.value), true)}
        />
      )}
    </>
  );
}
