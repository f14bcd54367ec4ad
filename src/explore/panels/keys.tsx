import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { WHOLE } from '../drawing/scale.ts';
import { movedBy, zoomedBy } from '../drawing/zoom-area.tsx';
import type { Store } from '../store.ts';
import { toBreak } from './stage.tsx';

interface Key {
  readonly keys: readonly string[];
  readonly about: string;
  readonly act: (store: Store) => void;
}

const KEYS: readonly Key[] = [
  { keys: ['ArrowRight', 'j'], about: 'one step on', act: (store) => store.step(1) },
  { keys: ['ArrowLeft', 'k'], about: 'one step back', act: (store) => store.step(-1) },
  { keys: ['b'], about: 'to where the promise breaks', act: toBreak },
  { keys: ['+', '='], about: 'closer', act: (store) => zoom(store, 2) },
  { keys: ['-'], about: 'further away', act: (store) => zoom(store, 0.5) },
  { keys: ['['], about: 'earlier', act: (store) => move(store, -0.3) },
  { keys: [']'], about: 'later', act: (store) => move(store, 0.3) },
  {
    keys: ['0'],
    about: 'the whole run',
    act: (store) => {
      store.view.value = WHOLE;
    },
  },
  {
    keys: ['s'],
    about: 'squeeze quiet time, or not',
    act: ({ layout }) => {
      layout.value = layout.value === 'squeezed' ? 'true' : 'squeezed';
    },
  },
  {
    keys: ['l'],
    about: 'every lane, or those that matter',
    act: ({ isEveryLane }) => {
      isEveryLane.value = !isEveryLane.value;
    },
  },
  {
    keys: ['d'],
    about: 'every decision, or those that are not as usual',
    act: ({ isEveryDecision }) => {
      isEveryDecision.value = !isEveryDecision.value;
    },
  },
  { keys: ['w'], about: 'show the worst case, while parameters change', act: (store) => store.followTo('greatest') },
  { keys: ['f'], about: 'try random schedules', act: (store) => void store.find() },
];

function zoom(store: Store, factor: number): void {
  store.view.value = zoomedBy(store.view.value, factor, store.stageWidth);
}

function move(store: Store, part: number): void {
  store.view.value = movedBy(store.view.value, part, store.stageWidth);
}

/** Listen to the keyboard, where nothing is typed. Gives back how to stop. */
export function keyboard(store: Store, onHelp: () => void): () => void {
  const press = (event: KeyboardEvent) => {
    const { target } = event;
    const isTyping = target instanceof Element && target.closest('input, select, textarea, dialog') !== null;
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === '?') onHelp();
    const found = KEYS.find(({ keys }) => keys.includes(event.key));
    if (found === undefined) return;
    event.preventDefault();
    found.act(store);
  };
  document.addEventListener('keydown', press);
  return () => document.removeEventListener('keydown', press);
}

/** What the keys do, and how to read the picture. */
export function Keys({ onClose }: { onClose: () => void }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} onClose={onClose} aria-label="keys and help">
      <h2>How to read it</h2>
      <p>
        One lane for each thing. Thin lines: a goroutine waits; thick ones: it waits for a lock. A lock shows who holds
        it, and below who waits. A deadline is a wedge that shrinks, and jumps up where it is armed anew. Frames run
        between the lanes of the network; a lost one is broken off. ◆ is a decision that is not as usual: drag its end,
        or the head of a frame, to decide otherwise. A red line is where a promise breaks.
      </p>
      <h2>Keys</h2>
      <table>
        <tbody>
          {KEYS.map(({ keys, about }) => (
            <tr key={about}>
              <td>
                {keys.map((key) => (
                  <kbd key={key}>{key.replace('ArrowRight', '→').replace('ArrowLeft', '←')}</kbd>
                ))}
              </td>
              <td>{about}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <button type="button" onClick={() => dialog.current?.close()}>
        close
      </button>
    </dialog>
  );
}
