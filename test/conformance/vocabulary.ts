/** The words of the attach model: who tells something, and which events with which fields. Learnt from its own runs. */
import { attach } from '../../models/attach/model.ts';
import { hintsOf } from '../../src/engine/hints.ts';
import { RandomStrategy } from '../../src/engine/random-strategy.ts';
import { record, Subject } from '../../src/engine/run.ts';
import type { Log, LogEvent } from './log.ts';

type Told = Pick<LogEvent, 'lane' | 'name'> & { readonly data?: unknown };

/** All that these variants are heard to say, in so many random runs each. */
export function vocabularyOf(variants: readonly string[], runs: number): ReadonlySet<string> {
  const words = new Set<string>();
  for (const variant of variants) {
    const subject = new Subject(attach, variant);
    const hints = hintsOf(subject);
    for (let seed = 1; seed <= runs; seed++) {
      for (const event of record(subject, (clock) => new RandomStrategy(seed, clock, hints)).trace) {
        for (const word of wordsOf(event)) words.add(word);
      }
    }
  }
  return words;
}

/** What of a log the model would never say. */
export function strangersIn(log: Log, vocabulary: ReadonlySet<string>): readonly string[] {
  const words = new Set(log.trials.flatMap((trial) => trial.events.flatMap(wordsOf)));
  return [...words].filter((word) => !vocabulary.has(word));
}

/** An event without its values: `slot released (byHolder, session)`, and its lane without numbers. */
function wordsOf({ lane, name, data }: Told): readonly string[] {
  const fields = Object.keys(data ?? {}).sort();
  return [lane.replaceAll(/\d+/g, '#'), `${name} (${fields.join(', ')})`];
}
