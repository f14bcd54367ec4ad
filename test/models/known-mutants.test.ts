// The known ways to get keepalive wrong, each of which somebody shipped: a model has each of them, under its name, as a
// system or as a mutant, and declares a violation of the kind for which it is known. That the declared violation comes
// out, the gate shows. The kinds: evict, a dead client is evicted in time; spare, a live one is not; crash, writes that
// overlap; clean, nothing is left at the end; regain, who comes back gets the slot.
import { describe, expect, test } from 'vitest';
import { registry } from '../../models/registry.ts';
import { Subject } from '../../src/engine/run.ts';
import { sortedModels } from '../../src/gate/registry.ts';
import type { AnyModel } from '../../src/model/model.ts';

type Kind = 'evict' | 'spare' | 'crash' | 'clean' | 'regain';

const KNOWN: Readonly<Record<string, readonly Kind[]>> = {
  'no-ping': ['evict', 'spare'],
  'ping-only': ['evict', 'regain'],
  'ping-error-ignored': ['evict'],
  'pong-does-not-rearm': ['spare'],
  'no-initial-deadline': ['evict'],
  'only-pong-rearms': ['spare'],
  'own-write-rearms': ['evict'],
  'no-write-mutex': ['crash'],
  'ping-waits-unbounded': ['evict'],
  'mutex-timeout-is-fatal': ['spare'],
  'sticky-timeout-is-transient': ['clean'],
  'deadline-before-lock': ['spare'],
  'graceful-close-of-dead': ['evict', 'regain'],
  'evicted-reader-not-woken': ['clean'],
  'timer-leak': ['clean'],
  'stale-timer-hits-successor': ['spare', 'regain'],
  'slot-leak-on-upgrade-failure': ['regain'],
  'takeover-without-identity': ['regain'],
  'ping-equals-balancer-idle': ['spare'],
  'tcp-keepalive-for-balancer': ['spare'],
  'timeout-not-above-period': ['spare'],
  'watchdog-rebuilt-by-own-tick': ['evict'],
  'watchdog-polled-on-input': ['evict'],
  'one-pong-per-ping': ['spare'],
  'proxy-answers-pings': ['evict'],
  'throttled-client-timers': ['spare'],
};

/** By kind: the promises that are broken by a design that gets this wrong, of whatever model. */
const PROMISES: Readonly<Record<Kind, readonly string[]>> = {
  evict: [
    'dead-client-evicted',
    'deaf-client-evicted',
    'silence-evicted',
    'failed-ping-evicts',
    'dead-client-shell-ended',
    'silence-ended',
    'silence-noticed',
  ],
  spare: ['live-client-spared', 'idle-connection-kept', 'healthy-session-spared', 'throttled-tab-kept'],
  crash: ['writes-never-overlap'],
  clean: ['nothing-leaks', 'nothing-outlives-release'],
  regain: ['next-client-let-in', 'slot-not-lost', 'release-by-holder', 'session-back'],
};

/** What the variants of that name declare to break: `attach: dead-client-evicted`. */
function declared(models: readonly AnyModel[], name: string, kind: Kind): readonly string[] {
  return models.flatMap(({ name: model, variants }) => {
    const variant = variants[name]?.expect;
    if (variant === undefined) return [];
    const broken = variant.kind === 'mutant' ? [variant.killedBy] : Object.keys(variant.violates);
    return broken.filter((property) => PROMISES[kind].includes(property)).map((property) => `${model}: ${property}`);
  });
}

/** The promises of a model of which some variant or mutant declares that it breaks them. */
function brokenIn({ variants }: AnyModel): ReadonlySet<string> {
  return new Set(
    Object.values(variants).flatMap(({ expect: variant }) =>
      variant.kind === 'mutant' ? [variant.killedBy] : Object.keys(variant.violates),
    ),
  );
}

const models = sortedModels(registry);

describe('each known way to get it wrong is caught', () => {
  for (const [name, kinds] of Object.entries(KNOWN)) {
    test.for(kinds)(`${name} (%s)`, (kind) => {
      expect(declared(models, name, kind)).not.toEqual([]);
    });
  }

  test('all of them, each once', () => {
    expect(Object.keys(KNOWN)).toHaveLength(26);
  });

  test('each promise that counts is one of some model', () => {
    const all = new Set(models.flatMap((model) => [...brokenIn(model)]));
    expect(
      Object.values(PROMISES)
        .flat()
        .filter((promise) => !all.has(promise)),
    ).toEqual([]);
  });

  test('one that no model has is missed, and one that is caught for something else as well', () => {
    expect(declared(models, 'no-such-mistake', 'evict')).toEqual([]);
    expect(declared(models, 'no-write-mutex', 'spare')).toEqual([]);
  });
});

describe('no promise that nothing can violate', () => {
  const promisesOf = (model: AnyModel) =>
    new Set(Object.keys(model.variants).flatMap((variant) => new Subject(model, variant).promises));

  test.for(models.map((model) => [model.name, model] as const))('%s', ([, model]) => {
    const broken = brokenIn(model);
    expect([...promisesOf(model)].filter((promise) => !broken.has(promise))).toEqual([]);
  });
});
