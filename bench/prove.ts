/**
 * How many states does `prove` look at, how fast, and in how much memory? Attach with 1, 2 and 3 bursts of output, where the
 * client vanishes and a write may block; Fischer's protocol, its processes made of timers as in the automaton for 3 to 7
 * of them, and of processes of the kernel for 3 to 5; a heartbeat with one ping and one pong in flight. The last two are there
 * to be set beside other checkers of timed automata: TChecker closes Fischer at 3 458 and 11 951 states for 6 and 7
 * processes, and the heartbeat at 25.
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
import { heartbeat } from '../test/timed/heartbeat.ts';

const MAX_STATES = 60_000;

/** The greatest length of a write, as in the examples of other checkers. */
const K = 10;

/** A ping every 15 s, a patience of 45 s, at most 100 ms on either link; a tick is a microsecond. */
const HEARTBEAT = { interval: 15_000_000, timeout: 45_000_000, latency: between(1000, 100_000) };

export interface Exploration {
  readonly name: string;
  readonly verdict: string;
  readonly states: number;
  readonly transitions: number;
  readonly seconds: number;
  /** The most of the heap that was in use, in megabytes. */
  readonly megabytes: number;
}

export function explorations(): readonly Exploration[] {
  return [
    ...[1, 2, 3].map((outputs) => {
      const settings = { ...compositions['blocked-writer']?.settings, outputs: String(outputs) };
      return explore(`attach, ${outputs} of output`, new Subject(attach, 'reference', settings), 'dead-client-evicted');
    }),
    ...[3, 4, 5, 6, 7].map((processes) => fischerOf(processes, 'timers')),
    ...[3, 4, 5].map((processes) => fischerOf(processes, 'processes')),
    explore('heartbeat', heartbeat(HEARTBEAT), 'live-spared'),
  ];
}

function fischerOf(processes: number, madeOf: 'processes' | 'timers'): Exploration {
  const subject = fischer({ processes, write: between(0, K), wait: between(K, Infinity, 'min'), madeOf });
  return explore(`Fischer, ${processes} ${madeOf}`, subject, subject.promises[0] as string);
}

function explore(name: string, subject: Subject, property: string): Exploration {
  let most = 0;
  const look = () => {
    most = Math.max(most, process.memoryUsage().heapUsed);
    return undefined;
  };
  const begun = performance.now();
  const [proof] = prove(subject, [property], { maxStates: MAX_STATES, stop: look });
  const seconds = (performance.now() - begun) / 1000;
  look();
  const { states = 0, transitions = 0 } = proof?.effort ?? {};
  return { name, verdict: proof?.verdict ?? '', states, transitions, seconds, megabytes: most / 2 ** 20 };
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
