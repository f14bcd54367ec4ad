import { describe, expect, test } from 'vitest';
import { Connection } from '../../models/client/connection.ts';
import { client } from '../../models/client/model.ts';
import { AttachPump } from '../../models/client/pump.ts';
import { EarlierPump, LaterPump, ReferencePump } from '../../models/client/variants.ts';
import type { Design } from '../../models/client/world.ts';
import { replay } from '../../src/engine/replay.ts';
import { Subject } from '../../src/engine/run.ts';
import type { Variant } from '../../src/model/model.ts';
import type { Decided } from '../support/toy.ts';

type Class = abstract new (...given: never[]) => object;

/** The methods that a class has of its own, and those of its parents up to `top`, exclusive. */
function methodsUpTo(top: Class, from: Class): readonly string[] {
  if (from === top) return [];
  const parent = Object.getPrototypeOf(from) as Class;
  const own = Object.getOwnPropertyNames(from.prototype).filter((name) => name !== 'constructor');
  return [...own, ...methodsUpTo(top, parent)];
}

/** What reflection does not show: fields, the constructor, private methods. */
function hiddenParts(of: Class): readonly string[] {
  const parts = of.toString().matchAll(/^\s*(#?\w+(?: = .*)?;$|constructor\(|\*?#\w+\()/gm);
  return [...parts].map((part) => part[1] as string);
}

function variantOf(name: string): Variant<Design> {
  return client.variants[name] as Variant<Design>;
}

/** In what a mutant differs from the variant that it is a mutant of: `finish`, `watchdog=15s`. */
function differences(name: string): readonly string[] {
  const variant = variantOf(name);
  if (variant.expect.kind !== 'mutant') throw new Error(`${name} is no mutant`);
  const original = variantOf(variant.expect.of);
  const settings = Object.entries(variant.settings ?? {}).filter(([key, value]) => original.settings?.[key] !== value);
  return [
    ...methodsUpTo(original.design.Pump, variant.design.Pump),
    ...methodsUpTo(Connection, variant.design.Connection).map((each) => `Connection.${each}`),
    ...settings.map(([key, value]) => `${key}=${value}`),
  ];
}

const MUTANTS = Object.keys(client.variants).filter((name) => variantOf(name).expect.kind === 'mutant');
/** It must remember something, so it is no single edit. */
const REMEMBERS = 'one-pong-per-ping';

describe('a mutant is one edit', () => {
  test('all of them, and in what each differs from its original', () => {
    expect(Object.fromEntries(MUTANTS.map((name) => [name, differences(name).join(', ')]))).toMatchInlineSnapshot(`
      {
        "backoff-not-capped": "raiseBackoff",
        "backoff-not-raised": "raiseBackoff",
        "backoff-not-restarted": "restartBackoff",
        "budget-below-hold": "reconnectBudget=15s",
        "budget-never-refilled": "refillBudget",
        "budget-not-spent": "spend",
        "conflict-is-final": "attachFailed",
        "connect-has-no-timeout": "awaitUpgrade",
        "connection-not-closed": "drop",
        "ended-ignored": "judge",
        "error-frame-is-fatal": "onErrorFrame",
        "first-frame-before-first-ping": "firstFrameTimeout=10s",
        "graceful-close-of-dead": "disconnected",
        "no-initial-timeout": "beginSession",
        "not-found-attach-retried": "attachFailed",
        "not-found-probe-retried": "judge",
        "old-connection-kept-open": "disconnected",
        "one-pong-per-ping": "beginSession, send, onFrame",
        "only-data-counts": "onFrame",
        "own-write-arms-timeout": "send",
        "ping-waits-unbounded": "nextEvent",
        "pings-not-answered": "answerPing",
        "probe-not-bounded": "awaitStatus",
        "proxy-answers-pings": "Connection.reachRunner",
        "send-not-watched": "send",
        "send-watched-alone": "send",
        "server-error-is-final": "attachFailed",
        "stale-timer-hits-successor": "beginSession",
        "timer-leak": "stopTimers",
        "unavailable-is-gone": "judge",
        "watchdog-not-above-period": "watchdog=15s",
        "watchdog-polled-on-input": "nextEvent",
        "watchdog-rebuilt-by-input": "send",
        "watchdog-rebuilt-by-own-tick": "beginPass",
      }
    `);
  });

  test.for(MUTANTS.filter((name) => name !== REMEMBERS))('%s: one method that is there, or one parameter', (name) => {
    const found = differences(name);
    expect(found).toHaveLength(1);
    const { Pump, Connection: path } = variantOf(name).design;
    expect([
      ...hiddenParts(Pump === ReferencePump ? Object : Pump),
      ...hiddenParts(path === Connection ? Object : path),
    ]).toEqual([]);
    const method = (found[0] as string).replace('Connection.', '');
    if (!method.includes('=')) expect(method in ReferencePump.prototype || method in Connection.prototype).toBe(true);
  });

  test(`${REMEMBERS} is more than that`, () => {
    expect(hiddenParts(variantOf(REMEMBERS).design.Pump)).toEqual(['#owed;', 'constructor(']);
  });
});

test('the versions differ in what the facts say, and in nothing else', () => {
  expect(methodsUpTo(AttachPump, LaterPump)).toEqual([]);
  expect(methodsUpTo(AttachPump, EarlierPump)).toEqual(['armTimeout', 'startOwnPing', 'judge']);
});

/** For each change of the reference a schedule that it is there for. */
const CHANGES: readonly [mutant: string, decided: Decided][] = [
  ['watchdog-rebuilt-by-own-tick', { 'output written #1': '0', 'strike time #1': '20s' }],
  ['watchdog-rebuilt-by-input', { 'strike time #1': '20s', 'types 1st time #1': '40s' }],
  ['first-frame-before-first-ping', {}],
  ['send-not-watched', { 'strike time #1': '20s', 'pastes time #1': '20s' }],
  [
    'old-connection-kept-open',
    { 'strike time #1': '20s', 'kind of strike #1': 'cut to client', 'types 1st time #1': '50s' },
  ],
  ['budget-never-refilled', { 'strike time #1': '20s', 'kind of strike #1': 'reset', 'runner ends time #1': '60s' }],
  [
    'not-found-attach-retried',
    {
      'strike time #1': '20s',
      'kind of strike #1': 'reset',
      'runner ends time #1': '30s',
      'kind of end #1': 'restarts',
    },
  ],
  ['connect-has-no-timeout', { 'runner ends time #1': '20s' }],
];

describe('each change of the reference is needed', () => {
  const violated = (variant: string, decided: Decided) => {
    const run = replay(new Subject(client, variant), new Map(Object.entries(decided)));
    expect(run.stale).toEqual([]);
    return run.violations.map(({ property }) => property);
  };

  test.for(CHANGES)('%s', ([mutant, decided]) => {
    const { expect: expectation } = variantOf(mutant);
    const killedBy = expectation.kind === 'mutant' ? expectation.killedBy : 'nothing';
    expect(violated('reference', decided)).toEqual([]);
    expect(violated(mutant, decided)).toContain(killedBy);
  });

  test('and there are no others', () => {
    const named = CHANGES.map(([mutant]) => mutant);
    const watchdog = ['beginPass', 'beginSession', 'onFrame'];
    const others = ['refillBudget', 'send', 'nextEvent', 'disconnected', 'attachFailed', 'awaitUpgrade'];
    expect(methodsUpTo(AttachPump, ReferencePump)).toEqual([...watchdog, ...others]);
    expect(named.map((name) => differences(name)[0])).toEqual([
      'beginPass',
      'send',
      'firstFrameTimeout=10s',
      'send',
      'disconnected',
      'refillBudget',
      'attachFailed',
      'awaitUpgrade',
    ]);
  });
});
