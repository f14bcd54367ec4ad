import type { JSX } from 'preact';

/** A line that says what is wrong; nothing where nothing is. */
export function SafeText({ kind, text }: { kind: 'problem'; text: string | undefined }): JSX.Element | null {
  return text === undefined ? null : (
    <p class={kind} role="alert">
      {text}
    </p>
  );
}
