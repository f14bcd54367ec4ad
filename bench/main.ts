/**
 * How fast is simulate, and what does the simulation cost on top of the fake timers beneath it? And how fast is prove?
 * And how long does the program take to start? And how fast is a real log held against a model?
 * And how much faster than time does real code run under the simulator?
 *
 *     npm run bench [-- --json]
 *
 * Measured: `simulate` on the attach model as a batch of the gate runs it, next to bare loops that let as many timers
 * fire and do nothing else. The bare loop that the ratio is about makes one clock for each run as a user of
 * @sinonjs/fake-timers makes it (`FakeTimers.createClock()`), keeps as many timers pending as the model does on
 * average, and drives it with `clock.next()`; each callback arms the next timer. Two more loops say where the rest
 * goes: one makes each clock on the lean host that ours is on, one uses a single clock for all runs.
 * Ours saves on both: its runs take turns on one clock, and it sets one fake timer for each instant, not for each timer.
 *
 * Rounds of ours and of the bare loops alternate in one process, after warm-up rounds of both, and the medians over the
 * rounds are reported. CPU time, which counts every thread of the process, is what to compare on a busy machine.
 */
import { attach } from '../models/attach/model.ts';
import { type ColdStart, coldStarts, coldStartsText } from './cold-start.ts';
import { type HeldLog, heldLogs, heldLogsText } from './conform.ts';
import { type Measurement, measure } from './measure.ts';
import { type Exploration, explorations, explorationsText } from './prove.ts';
import { type RealSessions, realSessions, realSessionsText } from './real-ws.ts';

const VARIANTS = ['reference', 'pong-deadline', 'ping-only'] as const;
const ROUNDS = 15;
/** So many rounds pass until V8 has compiled what it wants to: after 10 it is still at it, beside us, which CPU time counts. */
const WARM_UPS = 30;

/** What the project asks for: the bare loop's time is at least this part of ours. */
const RATIO_MIN = 0.4;

interface Report {
  readonly simulate: readonly Measurement[];
  readonly prove: readonly Exploration[];
  readonly coldStart: readonly ColdStart[];
  readonly conform: readonly HeldLog[];
  readonly realWs: RealSessions;
}

// Real code may only be run where no promise is being run, as while a module is loaded.
setImmediate(() => {
  const report = {
    simulate: VARIANTS.map((variant) => measure(attach, variant, ROUNDS, WARM_UPS)),
    prove: explorations(),
    coldStart: coldStarts(),
    conform: heldLogs(),
    realWs: realSessions(),
  };
  console.log(process.argv.includes('--json') ? JSON.stringify(report, null, 2) : text(report));
});

function text({ simulate: all, prove, coldStart, conform, realWs }: Report): string {
  const rows = [
    ['', ...all.map(({ variant }) => variant)],
    ['schedules per second', ...all.map((each) => whole(each.schedulesPerSecond))],
    ['timer firings per second', ...all.map((each) => whole(each.firingsPerSecond))],
    ['simulated time per wall time', ...all.map((each) => `${whole(each.simulatedPerSecond)} x`)],
    ['firings per run, timers pending', ...all.map((each) => `${whole(each.firingsPerRun)}, ${each.pending}`)],
    ['bare time / our time: CPU, wall', ...all.map(({ ratios }) => pair(ratios.userClock))],
    ['  bare on our lean host', ...all.map(({ ratios }) => pair(ratios.leanClock))],
    ['  bare, one clock for all runs', ...all.map(({ ratios }) => pair(ratios.oneClock))],
  ];
  const table = rows.map(
    ([label = '', ...cells]) => label.padEnd(34) + cells.map((cell) => cell.padStart(16)).join(''),
  );
  return [
    `attach, ${ROUNDS} rounds of ${(all[0]?.runs ?? 0) / ROUNDS} schedules each, after ${WARM_UPS} to warm up; medians`,
    '',
    ...table,
    '',
    'bare: FakeTimers.createClock() for each run, as many firings, each re-arms one timer, driven by clock.next()',
    `wanted: bare time / our time of at least ${RATIO_MIN}`,
    '',
    explorationsText(prove),
    '',
    coldStartsText(coldStart),
    '',
    heldLogsText(conform),
    '',
    realSessionsText(realWs),
  ].join('\n');
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

function pair({ cpu, wall }: { readonly cpu: number; readonly wall: number }): string {
  return `${cpu.toFixed(2)}, ${wall.toFixed(2)}`;
}
