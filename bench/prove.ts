/**
 * How many states does `prove` look at, and how fast? Attach with 1, 2 and 3 bursts of output, where the client vanishes and
 * a write may block; Fischer's protocol for 3 to 7 processes, to set beside other checkers of timed automata.
 *
 * A search is made once, with nothing learned before; where it does not close within the limit, what it did is told.
 */
import { performance } from 'node:perf_hooks';
import { compositions } from '../models/attach/compositions.ts';
import { attach } from '../models/attach/model.ts';
import { prove } from '../src/engine/prove.ts';
import { Subject } from '../src/engine/run.ts';
import { between } from '../src/kernel/bounds.ts';
import { fischer } from '../test/timed/fischer.ts';

const MAX_STATES = 60_000;

/** The greatest length of a write, as in the examples of other checkers. */
const K = 10;

export interface Exploration {
  readonly name: string;
  readonly verdict: string;
  readonly states: number;
  readonly transitions: number;
  readonly seconds: number;
  /** Of the heap, in megabytes, when the search was over. */
  readonly megabytes: number;
}

export function explorations(): readonly Exploration[] {
  return [
    ...[1, 2, 3].map((outputs) => {
      const settings = { ...compositions['blocked-writer']?.settings, outputs: String(outputs) };
      return explore(`attach, ${outputs} of output`, new Subject(attach, 'reference', settings), 'dead-client-evicted');
    }),
    ...[3, 4, 5, 6, 7].map((processes) => {
      const subject = fischer({ processes, write: between(0, K), wait: between(K, Infinity, 'min'), madeOf: 'timers' });
      return explore(`Fischer, ${processes} processes`, subject, subject.promises[0] as string);
    }),
  ];
}

function explore(name: string, subject: Subject, property: string): Exploration {
  const begun = performance.now();
  const [proof] = prove(subject, [property], { maxStates: MAX_STATES });
  const seconds = (performance.now() - begun) / 1000;
  const { states = 0, transitions = 0 } = proof?.effort ?? {};
  const megabytes = process.memoryUsage().heapUsed / 2 ** 20;
  return { name, verdict: proof?.verdict ?? '', states, transitions, seconds, megabytes };
}

export function explorationsText(all: readonly Exploration[]): string {
  const columns = ['states', 'transitions', 'seconds', 'states/s', 'MB'];
  return [
    `prove, at most ${MAX_STATES} states a search`,
    '',
    ''.padEnd(26) + 'verdict'.padEnd(14) + columns.map((each) => each.padStart(12)).join(''),
    ...all.map(({ name, verdict, states, transitions, seconds, megabytes }) => {
      const cells = [states, transitions, seconds.toFixed(2), Math.round(states / seconds), Math.round(megabytes)];
      return name.padEnd(26) + verdict.padEnd(14) + cells.map((each) => String(each).padStart(12)).join('');
    }),
  ].join('\n');
}
