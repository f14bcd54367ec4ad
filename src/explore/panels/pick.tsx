import type { JSX } from 'preact';

interface PickProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly tip?: string;
  readonly onPick: (value: string) => void;
}

/** One of some names. */
export function Pick({ label, value, options, tip, onPick }: PickProps): JSX.Element {
  return (
    <label class="pick" data-tip={tip}>
      <span>{label}</span>
      <select aria-label={label} value={value} onChange={(event) => onPick(event.currentTarget.value)}>
        {options.map(([each, text]) => (
          <option key={each} value={each}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
