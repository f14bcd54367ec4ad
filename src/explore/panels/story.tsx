import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { formatDuration } from '../../model/duration-text.ts';
import { stateAt } from '../../timeline/state-at.ts';
import type { Decided } from '../drawing/steps.tsx';
import type { Store } from '../store.ts';
import { Decision } from './decisions.tsx';

/** Rows that are shown about the one at which the reader stands. */
const AROUND = 150;

/** The run as a list of steps, and what holds at the step at which the reader stands. */
export function Story({ store }: { store: Store }): JSX.Element | null {
  const { value: ran } = store.ran;
  const { value: cursor } = store.cursor;
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    const row = list.current?.querySelector<HTMLElement>('[aria-current="true"]');
    if (row === null || row === undefined || list.current === null) return;
    list.current.scrollTop = row.offsetTop - list.current.clientHeight / 2;
  }, [cursor, ran]);
  if (ran === undefined) return null;
  const { steps, breaks, tickNs } = ran.timeline;
  const rows = steps
    .map((step, index) => ({ step, index }))
    .filter(({ step }) => step.kind === 'event' || !step.isDefault || store.isEveryDecision.value);
  const here = Math.max(
    0,
    rows.findIndex(({ index }) => index >= (cursor ?? 0)),
  );
  const shown = rows.slice(Math.max(0, here - AROUND), here + AROUND);
  const at = cursor === undefined ? undefined : steps[cursor];
  return (
    <section class="panel story" aria-label="story">
      <h2>story</h2>
      <div class="story-columns">
        <ol ref={list}>
          {shown.map(({ step, index }) => (
            <li
              key={index}
              class={`${step.kind}${breaks.some((each) => each.step === index) ? ' bad' : ''}`}
              aria-current={index === cursor}
            >
              <button type="button" class="quiet step-row" onClick={() => store.goTo(index)}>
                <span class="time">{formatDuration(step.at, tickNs)}</span>
                <span class="mark">{step.kind === 'decision' ? '◆' : ''}</span>
                <span class="who">{step.kind === 'decision' ? '' : step.who}</span>
                <span class="what">
                  {step.kind === 'event' ? `${step.name} ${step.data}` : `${step.name} = ${step.value}`}
                </span>
              </button>
            </li>
          ))}
        </ol>
        <div class="here" aria-live="polite">
          {at === undefined ? (
            <p class="faint">Step through the run with ← and →, or click on anything: what holds there is said here.</p>
          ) : (
            <>
              <h3>at {formatDuration(at.at, tickNs)}</h3>
              {at.kind === 'decision' ? <Decision store={store} step={at as Decided} /> : null}
              <dl>
                {stateAt(ran.timeline, at.at).map(({ title, says, stress }) => (
                  <div key={title} class={stress ? 'stress' : ''}>
                    <dt>{title}</dt>
                    <dd>{says}</dd>
                  </div>
                ))}
              </dl>
            </>
          )}
        </div>
      </div>
    </section>
  );
}
