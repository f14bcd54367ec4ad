import './no-eval.ts';
import { render } from 'preact';
import { Laboratory } from './laboratory.ts';
import { App } from './panels/app.tsx';
import { Store } from './store.ts';
import './style.css';

const registryUrl = new URL('registry.js', document.baseURI).href;
const makeWorker = () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
const store = new Store(new Laboratory(makeWorker, registryUrl));

render(<App store={store} />, document.getElementById('page') as HTMLElement);
void store.open();
