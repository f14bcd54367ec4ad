import { describe, expect, test } from 'vitest';
import { between } from '../../src/kernel/bounds.ts';
import {
  configure,
  count,
  derivedDuration,
  describeConfig,
  duration,
  oneOf,
  type Parameter,
  range,
  SettingError,
  type Settings,
} from '../../src/model/parameters.ts';

const PARAMETERS = {
  pingPeriod: duration('15s', 'time between pings'),
  latency: range('1ms..100ms', 'one way'),
  pongWait: derivedDuration<{ pingPeriod: number }>(
    '3 × pingPeriod',
    (others) => 3 * others.pingPeriod,
    'silence allowed',
  ),
  clients: count(2, 'clients', 1),
  policy: oneOf(['reject', 'replace'], 'what a second attach gets'),
};

const config = (...layers: Settings[]) => configure(PARAMETERS, 1_000_000, ...layers);

describe('parameters', () => {
  test('have defaults, some of which follow from the others', () => {
    expect(config()).toEqual({
      pingPeriod: 15_000,
      latency: between(1, 100),
      pongWait: 45_000,
      clients: 2,
      policy: 'reject',
    });
  });

  test('a derived one follows what was set, unless it is set itself', () => {
    expect(config({ pingPeriod: '10s' }).pongWait).toBe(30_000);
    expect(config({ pingPeriod: '10s', pongWait: '1m' }).pongWait).toBe(60_000);
  });

  test('later layers win, one by one', () => {
    const { pingPeriod, clients, policy } = config(
      { pingPeriod: '1s', clients: '5' },
      { pingPeriod: '2s' },
      { policy: 'replace' },
    );
    expect({ pingPeriod, clients, policy }).toEqual({ pingPeriod: 2000, clients: 5, policy: 'replace' });
  });

  test.each<[settings: Settings, message: string]>([
    [
      { pongwait: '1s' },
      'unknown parameter "pongwait"; this model has: pingPeriod, latency, pongWait, clients, policy',
    ],
    [
      { toString: '1s' },
      'unknown parameter "toString"; this model has: pingPeriod, latency, pongWait, clients, policy',
    ],
    [
      { pingPeriod: '15' },
      'parameter pingPeriod (time between pings): expected a duration such as 15s, 200ms or 1m30s ' +
        '(units: ns, us, ms, s, m, h), got "15"',
    ],
    [
      { pingPeriod: '15us' },
      'parameter pingPeriod (time between pings): expected a whole number of ticks of 1000000ns, got "15us"',
    ],
    [
      { latency: '5ms..1ms' },
      'parameter latency (one way): expected bounds with the smaller end first, got "5ms..1ms"',
    ],
    [{ clients: '0' }, 'parameter clients (clients): expected a whole number >= 1, got "0"'],
    [{ clients: '1.5' }, 'parameter clients (clients): expected a whole number >= 1, got "1.5"'],
    [{ clients: '1e3' }, 'parameter clients (clients): expected a whole number >= 1, got "1e3"'],
    [{ clients: '' }, 'parameter clients (clients): expected a whole number >= 1, got ""'],
    [
      { clients: '99999999999999999999' },
      'parameter clients (clients): expected a whole number >= 1, got "99999999999999999999"',
    ],
    [{ policy: 'queue' }, 'parameter policy (what a second attach gets): expected one of reject, replace, got "queue"'],
  ])('%o is refused', (settings, message) => {
    expect(() => config(settings)).toThrow(new SettingError(message));
  });

  test('a wrong setting in an earlier layer is not hidden by a right one in a later', () => {
    expect(() => config({ nonsense: '1' }, { clients: '3' })).toThrow(SettingError);
  });

  test('know which of their values are lengths of time: counts and words are none', () => {
    const values = config({ latency: '0..inf', clients: '45000' });
    const lengths = (name: keyof typeof PARAMETERS) => (PARAMETERS[name] as Parameter<unknown>).lengths(values[name]);
    expect(Object.fromEntries(Object.keys(PARAMETERS).map((name) => [name, lengths(name as 'policy')]))).toEqual({
      pingPeriod: [15_000],
      latency: [0, Infinity],
      pongWait: [45_000],
      clients: [],
      policy: [],
    });
  });

  test('are told as text that gives the same values again', () => {
    const values = config({ latency: '0..inf', clients: '7' });
    const texts = describeConfig(PARAMETERS, values, 1_000_000);
    expect(texts).toEqual({ pingPeriod: '15s', latency: '0..inf', pongWait: '45s', clients: '7', policy: 'reject' });
    expect(config(texts)).toEqual(values);
  });
});
