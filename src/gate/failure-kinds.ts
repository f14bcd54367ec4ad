import type { ModelErrorKind } from '../kernel/errors.ts';

/** What each way in which any model can fail, whatever it promises, means. The last two are the engines' to say. */
const FAILURES: Readonly<Record<ModelErrorKind | 'panic' | 'nondeterminism' | 'hidden-state', string>> = {
  deadlock: 'Something can always happen as long as a process waits.',
  zeno: 'Time passes: no endless loop at one instant.',
  'step-limit': 'A run comes to its end within the limit of steps.',
  exception: "The model's own code throws nothing.",
  'unlock-not-held': 'A lock is only unlocked by the process that holds it.',
  'send-on-closed': 'Nothing is sent on a closed channel.',
  'close-of-closed': 'No channel is closed twice.',
  'bad-bounds': 'Every length of time is one that the clock can hold.',
  'blocked-outside-process': 'Only processes block.',
  'duplicate-name': 'No two processes share a name.',
  panic: 'The modelled program does not panic.',
  nondeterminism: 'The same schedule gives the same run.',
  'hidden-state': 'All that a model remembers is kept by the kernel.',
};

export const FAILURE_KINDS: readonly string[] = Object.keys(FAILURES);

/** What it says, as a sentence, if `name` is one of these kinds. */
export function failureSays(name: string): string | undefined {
  return Object.hasOwn(FAILURES, name) ? FAILURES[name as keyof typeof FAILURES] : undefined;
}
