import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { parseSeedFile } from '../../gate/seed-file.ts';
import { shownOf } from '../../workbench/choices.ts';
import { seedCommand, seedFileName, seedOf, seedText } from '../../workbench/seed.ts';
import type { Store } from '../store.ts';

/** Keep what is shown: as a regression seed, as a command, as a link. And the other way: drop a seed on the page. */
export function Share({ store }: { store: Store }): JSX.Element | null {
  const [why, setWhy] = useState('');
  useEffect(() => dropZone(store), [store]);
  const [shown, ran] = [store.shown.value, store.ran.value];
  if (shown === undefined || ran === undefined) return null;
  const seed = () => seedOf(shown, ran, why);
  return (
    <section class="panel share" aria-label="keep and share">
      <h2>keep it</h2>
      <label>
        why is it kept?
        <input class="wide" value={why} onInput={(event) => setWhy(event.currentTarget.value)} />
      </label>
      <p class="row">
        <button
          type="button"
          onClick={() => {
            const kept = seed();
            download(seedFileName(kept), seedText(kept));
            store.said.value = `saved ${seedFileName(kept)}: put it into the model's folder regressions, and the gate replays it`;
          }}
        >
          save as seed
        </button>
        <button type="button" onClick={() => void copy(store, seedCommand(seed()), 'the command')}>
          copy as command
        </button>
        <button type="button" onClick={() => void copy(store, location.href, 'the link')}>
          copy link
        </button>
        <label class="button">
          open a seed
          <input
            type="file"
            accept=".json"
            onChange={(event) => void openFile(store, event.currentTarget.files?.[0])}
          />
        </label>
      </p>
      <p class="faint">or drop a seed file anywhere on this page</p>
    </section>
  );
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

async function copy(store: Store, text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    store.said.value = `copied ${what}`;
  } catch {
    store.problem.value = `this browser does not let ${what} be copied from here: serve the page from 127.0.0.1 or over https`;
  }
}

/** A seed file that is dropped anywhere is opened. Gives back how to stop. */
function dropZone(store: Store): () => void {
  const over = (event: DragEvent) => {
    event.preventDefault();
    document.body.classList.add('dropping');
  };
  const leave = () => document.body.classList.remove('dropping');
  const drop = (event: DragEvent) => {
    event.preventDefault();
    leave();
    void openFile(store, event.dataTransfer?.files[0]);
  };
  document.addEventListener('dragover', over);
  document.addEventListener('dragleave', leave);
  document.addEventListener('drop', drop);
  return () => {
    document.removeEventListener('dragover', over);
    document.removeEventListener('dragleave', leave);
    document.removeEventListener('drop', drop);
  };
}

async function openFile(store: Store, file: File | undefined): Promise<void> {
  const { value: opened } = store.opened;
  if (file === undefined || opened === undefined) return;
  try {
    const seed = parseSeedFile(await file.text());
    store.openSeed(shownOf(opened, seed), seed.digest);
    store.said.value = `opened ${file.name}: ${seed.why}`;
  } catch (error) {
    store.problem.value = `${file.name}: ${error instanceof Error ? error.message : String(error)}`;
  }
}
