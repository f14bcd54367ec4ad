import { describe, expect, test } from 'vitest';
import {
  exitReportedBound,
  freeSlotBound,
  givenUpBound,
  healthySessionIsPromised,
  sessionBackBound,
  silenceBound,
} from '../../models/client/bounds.ts';
import { attemptsWithinBudget, type ClientConfig, parameters } from '../../models/client/parameters.ts';
import { formatDuration } from '../../src/model/duration-text.ts';
import { configure, type Settings } from '../../src/model/parameters.ts';

/** The model's tick. */
const TICK_NS = 1000;

function config(settings: Settings = {}): ClientConfig {
  return configure(parameters, TICK_NS, { firstFrameTimeout: '20s', ...settings });
}

const time = (ticks: number): string => formatDuration(ticks, TICK_NS);

describe('the bounds follow the parameters, term by term', () => {
  const bounds = (settings: Settings) => {
    const set = config(settings);
    const all = [sessionBackBound, silenceBound, givenUpBound, exitReportedBound, freeSlotBound];
    return all.map((bound) => time(bound(set))).join(' ');
  };

  test.each<[about: string, settings: Settings, bounds: string]>([
    [
      'by default: 45 + 30 + 4 x 0.1; 45 + 0.1; that + 5 + 270 + 10 x 10 + 5; 45 + 3 x 0.1',
      {},
      '75.4s 45.1s 425.1s 45.3s 100ms',
    ],
    ['latency 1 s', { latency: '1s' }, '79s 46s 426s 48s 1s'],
    ['read deadline 100 s', { pongWait: '100s' }, '130.4s 45.1s 425.1s 45.3s 100ms'],
    ['teardown up to 20 s', { teardown: '0..20s' }, '95.4s 45.1s 425.1s 50.3s 20.1s'],
    ['a paste taken within 40 s', { pasteTaken: '0..40s' }, '115.4s 45.1s 425.1s 45.3s 40.1s'],
    ['watchdog 100 s: noticed, probed, 15 s', { watchdog: '100s' }, '115.5s 100.1s 480.1s 100.3s 100ms'],
    ['first frame within 100 s', { firstFrameTimeout: '100s' }, '115.5s 100.1s 480.1s 100.3s 100ms'],
    [
      'backoff 100 s from the start',
      { backoffInitial: '100s', backoffMax: '100s' },
      '145.6s 45.1s 355.1s 110.2s 100ms',
    ],
    ['backoff up to 60 s', { backoffMax: '60s' }, '105.4s 45.1s 385.1s 70.2s 100ms'],
    ['attach within 60 s', { connectTimeout: '60s' }, '90.2s 45.1s 925.1s 90.2s 100ms'],
    ['probe within 20 s', { statusProbeTimeout: '20s' }, '75.4s 45.1s 455.1s 45.3s 100ms'],
    ['budget 60 s', { reconnectBudget: '60s' }, '75.4s 45.1s 145.1s 45.3s 100ms'],
    ['told by the runner, over a slow path', { backoffInitial: '30s', latency: '20s' }, '195s 65s 435s 105s 20s'],
  ])('%s', (_about, settings, expected) => {
    expect(bounds(settings)).toBe(expected);
  });
});

describe('how often the client asks before its budget is spent', () => {
  test.each<[settings: Settings, attempts: number]>([
    [{}, 10],
    [{ reconnectBudget: '0' }, 0],
    [{ reconnectBudget: '15s' }, 1],
    [{ reconnectBudget: '15.000001s' }, 2],
    [{ backoffMax: '15s' }, 18],
    [{ backoffMax: '10s' }, 27],
    [{ backoffInitial: '0' }, Infinity],
  ])('%j: %d', (settings, attempts) => {
    expect(attemptsWithinBudget(config(settings))).toBe(attempts);
  });
});

describe('a healthy session is promised', () => {
  test.each<[about: string, settings: Settings, promised: boolean]>([
    ['by default', {}, true],
    ['not with the first timeout of the later client', { firstFrameTimeout: '10s' }, false],
    ['a first timeout one tick longer than interval and variation', { firstFrameTimeout: '15.099001s' }, true],
    ['not one that is met', { firstFrameTimeout: '15.099s' }, false],
    ['nor a watchdog that is met', { watchdog: '15.099s' }, false],
    ['a fixed latency costs nothing', { watchdog: '15.000001s', latency: '10s' }, true],
  ])('%s', (_about, settings, promised) => {
    expect(healthySessionIsPromised(config(settings))).toBe(promised);
  });
});
