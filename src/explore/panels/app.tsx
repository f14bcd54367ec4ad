import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Tip } from '../drawing/tip.tsx';
import type { Store } from '../store.ts';
import { Decisions } from './decisions.tsx';
import { Header } from './header.tsx';
import { Keys, keyboard } from './keys.tsx';
import { MapPanel } from './map-panel.tsx';
import { Parameters } from './parameters.tsx';
import { SafeText } from './safe-text.tsx';
import { Share } from './share.tsx';
import { Stage } from './stage.tsx';
import { Story } from './story.tsx';
import { VerdictPanel } from './verdict-panel.tsx';

/** The page. */
export function App({ store }: { store: Store }): JSX.Element {
  const [isHelp, setHelp] = useState(false);
  useEffect(() => keyboard(store, () => setHelp((is) => !is)), [store]);
  const { value: shown } = store.shown;
  if (shown === undefined || store.ran.value === undefined)
    return <p class="loading">{store.problem.value ?? 'loading the models …'}</p>;
  return (
    <>
      <Header store={store} onHelp={() => setHelp(true)} />
      <div class="columns">
        <aside class="side" aria-label="what is asked">
          <VerdictPanel store={store} />
          <Parameters store={store} />
          <Decisions store={store} />
        </aside>
        <main>
          <SafeText kind="problem" text={store.problem.value} />
          <Stage store={store} />
          <div class="below">
            <Story store={store} />
            <div class="beside">
              <Share store={store} />
              <MapPanel store={store} />
            </div>
          </div>
        </main>
      </div>
      <p class="said" role="status">
        {store.said.value}
      </p>
      {isHelp ? <Keys onClose={() => setHelp(false)} /> : null}
      <Tip />
    </>
  );
}
