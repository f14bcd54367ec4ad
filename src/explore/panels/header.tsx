import type { JSX } from 'preact';
import type { Store } from '../store.ts';
import { Pick } from './pick.tsx';
import { ThemePick } from './theme.tsx';

const WHOLE = 'the whole model';
const NOTHING = 'nothing';

/** What is looked at: model, variant, part, promise; and what it is compared with. */
export function Header({ store, onHelp }: { store: Store; onHelp: () => void }): JSX.Element | null {
  const { value: shown } = store.shown;
  const { value: model } = store.model;
  const { value: ran } = store.ran;
  if (shown === undefined || model === undefined || ran === undefined) return null;
  const models = store.opened.value?.models ?? [];
  const variant = model.variants.find(({ name }) => name === shown.variant);
  const part = model.compositions.find(({ name }) => name === shown.composition);
  const promises = ran.promises.filter(({ kind, broken }) => kind !== 'failure' || broken !== undefined);
  const isKnown = promises.some(({ name }) => name === shown.property);
  return (
    <header>
      <h1>
        half<b>open</b> explore
      </h1>
      <Pick
        label="model"
        value={shown.model}
        tip={model.question}
        options={models.map(({ name }) => [name, name])}
        onPick={(name) =>
          store.pick({
            model: name,
            variant: '',
            property: '',
            composition: '',
            settings: {},
            schedule: {},
            scale: undefined,
          })
        }
      />
      <Pick
        label="variant"
        value={shown.variant}
        tip={variant?.about ?? ''}
        options={model.variants.map(({ name, expect }) => [name, expect.kind === 'mutant' ? `${name} (mutant)` : name])}
        onPick={(name) => store.pick({ variant: name })}
      />
      {model.compositions.length === 0 ? null : (
        <Pick
          label="part"
          value={shown.composition ?? ''}
          tip={part?.about ?? 'All of the model: too much for a proof, as a rule.'}
          options={[['', WHOLE], ...model.compositions.map(({ name }) => [name, name] as const)]}
          onPick={(name) => pickPart(store, name)}
        />
      )}
      <Pick
        label="promise"
        value={shown.property}
        tip={promises.find(({ name }) => name === shown.property)?.says ?? ''}
        options={[
          ...(isKnown ? [] : [[shown.property, shown.property] as const]),
          ...promises.map(({ name, kind }) => [name, kind === 'measure' ? `${name} (measured)` : name] as const),
        ]}
        onPick={(name) => store.pick({ property: name })}
      />
      <Pick
        label="compare with"
        value={shown.against ?? ''}
        tip="a second variant, on the same schedule, above this one"
        options={[['', NOTHING], ...model.variants.map(({ name }) => [name, name] as const)]}
        onPick={(name) => compare(store, name)}
      />
      <ThemePick />
      <button type="button" class="quiet" onClick={onHelp} aria-label="keys and help">
        ?
      </button>
    </header>
  );
}

function pickPart(store: Store, name: string): void {
  const { composition: _, ...others } = store.shown.value ?? {};
  if (name !== '') store.pick({ composition: name });
  else store.replace(others);
}

function compare(store: Store, name: string): void {
  const { against: _, ...others } = store.shown.value ?? {};
  if (name === '') store.replace(others);
  else store.change({ against: name });
}
