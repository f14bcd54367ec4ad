import type { JSX } from 'preact';
import type { Exact, PromiseFacts } from '../../workbench/messages.ts';
import type { Follow, Search, Store } from '../store.ts';

const PATIENCE_MS = 1000;

/** The promise in focus: what this run says of it, and what all timings do. */
export function VerdictPanel({ store }: { store: Store }): JSX.Element | null {
  const [shown, ran] = [store.shown.value, store.ran.value];
  if (shown === undefined || ran === undefined) return null;
  const focus = ran.promises.find(({ name }) => name === shown.property);
  return (
    <section class="panel verdict" aria-label="verdict">
      <h2>{shown.property}</h2>
      <p class="says">{focus?.says ?? 'Nothing like this is promised with these parameters.'}</p>
      <ThisRun focus={focus} />
      <AllTimings store={store} />
      <Others store={store} promises={ran.promises} property={shown.property} />
    </section>
  );
}

function ThisRun({ focus }: { focus: PromiseFacts | undefined }): JSX.Element | null {
  if (focus === undefined) return null;
  const { broken, measured, kind } = focus;
  const took = measured === undefined ? '' : measured[0] === measured[1] ? measured[0] : measured.join(' to ');
  return (
    <div
      class={`answer ${broken !== undefined ? 'bad' : kind === 'measure' ? 'plain' : 'good'}`}
      data-testid="this-run"
    >
      <h3>in this run</h3>
      <p class="word">
        {broken !== undefined ? `violated at ${broken.at}` : kind === 'measure' ? 'measured' : 'holds'}
      </p>
      <p>{broken?.message ?? (took === '' ? '' : `took ${took}`)}</p>
    </div>
  );
}

function AllTimings({ store }: { store: Store }): JSX.Element {
  const { value: exact } = store.exact;
  return (
    <div class={`answer ${toneOf(exact)}`} data-testid="all-timings" data-state={exact.state} aria-live="polite">
      <h3>over all timings and orders</h3>
      <Body store={store} exact={exact} />
    </div>
  );
}

function toneOf(exact: Search<Exact>): string {
  if (exact.state !== 'done') return 'plain';
  return { proved: 'good', violated: 'bad', inconclusive: 'open' }[exact.answer.verdict];
}

function Body({ store, exact }: { store: Store; exact: Search<Exact> }): JSX.Element {
  const prove = (
    <button type="button" onClick={() => store.prove()}>
      prove it
    </button>
  );
  switch (exact.state) {
    case 'none': {
      const hasParts = (store.model.value?.compositions.length ?? 0) > 0;
      return (
        <>
          <p>{hasParts ? 'Not asked of the whole model: pick a part of it, or' : 'Not asked: it may take long.'}</p>
          <p class="row">
            {prove}
            <FindButton store={store} />
          </p>
        </>
      );
    }
    case 'working': {
      const states = exact.news.states ?? 0;
      const isLong = performance.now() - exact.since > PATIENCE_MS;
      return (
        <p class="row">
          <span class="word">proving …</span> {isLong ? `${states.toLocaleString('en')} states so far` : ''}
          {isLong ? <progress aria-label="proof" /> : null}
          <button type="button" onClick={() => store.stop('exact')}>
            stop
          </button>
        </p>
      );
    }
    case 'stopped':
      return <p class="row">stopped, so there is no answer {prove}</p>;
    case 'failed':
      return <p role="alert">{exact.message}</p>;
    case 'done':
      return <Answered store={store} answer={exact.answer} />;
  }
}

function Answered({ store, answer }: { store: Store; answer: Exact }): JSX.Element {
  const { verdict, least, greatest, states, stopped, shows } = answer;
  const buttons: readonly (readonly [Follow, string, boolean])[] = [
    ['greatest', 'show the worst case', shows.greatest !== undefined],
    ['least', 'show the best case', shows.least !== undefined],
    ['breaks', 'show how it breaks', shows.breaks !== undefined && shows.greatest === undefined],
  ];
  return (
    <>
      <p class="word">{verdict}</p>
      {greatest === undefined || least === undefined ? null : (
        <p class="ends">
          worst case <b data-testid="worst">{greatest.length}</b>
          {attainedText(greatest)}
          <br />
          best case <b>{least.length}</b>
          {attainedText(least)}
        </p>
      )}
      {stopped === undefined ? null : <p>{stopped}</p>}
      <p class="row">
        {buttons
          .filter(([, , isThere]) => isThere)
          .map(([follow, text]) => (
            <button
              key={follow}
              type="button"
              aria-pressed={store.follow.value === follow}
              data-tip="and keep showing it while parameters change"
              onClick={() => store.followTo(store.follow.value === follow ? 'mine' : follow)}
            >
              {text}
            </button>
          ))}
        {verdict === 'inconclusive' ? <FindButton store={store} /> : null}
      </p>
      <p class="faint">{states.toLocaleString('en')} states</p>
    </>
  );
}

function attainedText({ length, attained }: { length: string; attained: boolean }): string {
  if (length === 'no end') return '';
  return attained ? ', attained' : ', never quite';
}

/** Random schedules, until one breaks the promise. */
function FindButton({ store }: { store: Store }): JSX.Element {
  const { value: finding } = store.finding;
  return finding.state === 'working' ? (
    <button type="button" onClick={() => store.stop('find')}>
      {finding.news.schedules ?? 0} schedules tried, stop
    </button>
  ) : (
    <button
      type="button"
      onClick={() => void store.find()}
      data-tip="up to 2000 random schedules; what is found is made small"
    >
      try random schedules
    </button>
  );
}

function Others({
  store,
  promises,
  property,
}: {
  store: Store;
  promises: readonly PromiseFacts[];
  property: string;
}): JSX.Element {
  const judged = promises.filter(({ kind }) => kind !== 'measure');
  const broken = judged.filter((each) => each.broken !== undefined);
  return (
    <details open={broken.some(({ name }) => name !== property)}>
      <summary>
        {broken.length === 0
          ? `all ${judged.length} promises hold in this run`
          : `${broken.length} of ${judged.length} promises break in this run`}
      </summary>
      <ul class="promises">
        {judged.map(({ name, says, broken: how }) => (
          <li key={name} class={how === undefined ? 'good' : 'bad'}>
            <button
              type="button"
              class="quiet promise"
              aria-current={name === property}
              data-tip={how === undefined ? says : `${says}\n${how.message}`}
              onClick={() => store.pick({ property: name })}
            >
              {how === undefined ? '✓' : '✗'} {name}
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}
