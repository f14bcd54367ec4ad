import { describe, expect, test } from 'vitest';
import { AttachHandler, type Design, type HandlerSetting } from '../../models/attach/handler.ts';
import { attach } from '../../models/attach/model.ts';
import { Shell } from '../../models/attach/shell.ts';
import { Slot } from '../../models/attach/slot.ts';
import { Reference } from '../../models/attach/variants.ts';
import { ping } from '../../models/net/websocket.ts';
import { Subject } from '../../src/engine/run.ts';
import { simulateBatch } from '../../src/engine/simulate.ts';
import type { Timer } from '../../src/kernel/timer.ts';
import type { Proc } from '../../src/kernel/waitable.ts';
import type { Variant } from '../../src/model/model.ts';
import { type Class, classesUpTo, hiddenParts, ownMethods } from './edits.ts';

/** In what a mutant differs from the variant that it is a mutant of: `Handler.ping`, `Slot.markConnected`, `pongWait=15s`. */
function differences(name: string): readonly string[] {
  const variant = attach.variants[name] as Variant<Design>;
  if (variant.expect.kind !== 'mutant') throw new Error(`${name} is no mutant`);
  const original = attach.variants[variant.expect.of] as Variant<Design>;
  const settings = Object.entries(variant.settings ?? {}).filter(([key, value]) => original.settings?.[key] !== value);
  return [
    ...classesUpTo(original.design.Handler, variant.design.Handler)
      .flatMap(ownMethods)
      .map((each) => `Handler.${each}`),
    ...classesUpTo(original.design.Slot, variant.design.Slot)
      .flatMap(ownMethods)
      .map((each) => `Slot.${each}`),
    ...classesUpTo(original.design.Shell, variant.design.Shell)
      .flatMap(ownMethods)
      .map((each) => `Shell.${each}`),
    ...settings.map(([key, value]) => `${key}=${value}`),
  ];
}

function originalOf(name: string): Design {
  const { expect: declared } = attach.variants[name] as Variant<Design>;
  if (declared.kind !== 'mutant') throw new Error(`${name} is no mutant`);
  return (attach.variants[declared.of] as Variant<Design>).design;
}

const MUTANTS = Object.keys(attach.variants).filter((name) => attach.variants[name]?.expect.kind === 'mutant');

describe('a mutant is one edit', () => {
  test('all of them, and in what each differs from its original', () => {
    expect(Object.fromEntries(MUTANTS.map((name) => [name, differences(name).join(', ')]))).toMatchInlineSnapshot(`
      {
        "backlog-in-one-frame": "Handler.writeChunk",
        "backlog-not-replayed": "Shell.replay",
        "bad-input-is-fatal": "Handler.onBadInput",
        "deadline-before-lock": "Handler.writeData",
        "drain-unbounded": "Handler.drain",
        "evicted-reader-not-woken": "Handler.stopReader",
        "exit-frame-after-close": "Handler.cleanExit",
        "exit-not-bounded": "Handler.boundExit",
        "graceful-close-of-dead": "Handler.fail",
        "keepalive-ignores-cancel": "Handler.nextKeepaliveEvent",
        "mutex-timeout-is-fatal": "Handler.ping",
        "newest-wins": "Slot.markConnected",
        "no-initial-deadline": "Handler.setInitialReadDeadline",
        "no-read-limit": "Handler.limitReads",
        "no-write-mutex": "Handler.ping",
        "only-binary-rearms": "Handler.onDataFrame",
        "only-pong-rearms": "Handler.onDataFrame",
        "own-write-rearms": "Handler.ping",
        "ping-equals-balancer-idle": "interval=60s",
        "ping-error-ignored": "Handler.onPingError",
        "pong-does-not-rearm": "Handler.onPong",
        "pumps-without-mutex": "Handler.writeData",
        "release-deferred-too-early": "Handler.markConnected",
        "release-forgotten": "Handler.teardown",
        "release-keeps-connected": "Slot.free",
        "slot-leak-on-upgrade-failure": "Handler.releaseAfterFailedUpgrade",
        "stale-timer-hits-successor": "Handler.boundExit",
        "stdin-inline": "Handler.handleData",
        "sticky-timeout-is-transient": "Handler.runKeepalive",
        "takeover-without-identity": "Slot.markConnected",
        "tcp-keepalive-for-balancer": "Handler.runKeepalive",
        "text-inline": "Handler.handleData",
        "timeout-not-above-period": "pongWait=15s",
        "timer-leak": "Handler.stopTicker",
        "unbuffered-subscriber": "Shell.chunksBuffered",
        "unlock-forgotten-on-error": "Handler.writeData",
      }
    `);
  });

  test.for(MUTANTS)('%s overrides exactly one method, or sets one parameter', (name) => {
    const found = differences(name);
    expect(found).toHaveLength(1);
    const [part, method] = (found[0] as string).split('.') as [string, string | undefined];
    if (method === undefined) return;
    // It overrides: the method is there in the original, so what the original calls is what was edited.
    const parts: Readonly<Record<string, Class>> = { Handler: originalOf(name).Handler, Slot, Shell };
    expect(method in (parts[part] as Class).prototype).toBe(true);
  });

  test.for(MUTANTS)('%s has no fields, constructor or private methods of its own', (name) => {
    const { Handler, Slot: SlotClass, Shell: ShellClass } = (attach.variants[name] as Variant<Design>).design;
    const classes = [
      ...classesUpTo(originalOf(name).Handler, Handler),
      ...classesUpTo(Slot, SlotClass),
      ...classesUpTo(Shell, ShellClass),
    ];
    expect(classes.flatMap(hiddenParts)).toEqual([]);
  });

  test('what is not one edit is seen as such', () => {
    class Twice extends Reference {
      protected override onPong(): void {}
      protected override onDataFrame(): void {}
    }
    class Hidden extends Reference {
      #late = false;
      #lateness(): boolean {
        return this.#late;
      }
      protected override onPong(): void {
        this.#late = !this.#lateness();
      }
    }
    class Made extends Reference {
      constructor(setting: HandlerSetting) {
        super(setting);
        this.ctx.cancel();
      }
    }
    expect(classesUpTo(Reference, Twice).flatMap(ownMethods)).toEqual(['onPong', 'onDataFrame']);
    expect(hiddenParts(Hidden)).toEqual(['#late = false;', '#lateness(']);
    expect(hiddenParts(Made)).toEqual(['constructor(']);
    expect(() => classesUpTo(Reference, AttachHandler)).toThrow('is not derived from');
  });
});

// Dropping writeMu around a ping that goes through WriteControl would be no mutant: gorilla's own lock is held per
// frame, and control frames may be written beside anything (rule 6), so no property tells it from the original. It is a
// bug only where the ping goes the data path, WriteMessage, as those did who met the panic; so that is what
// `no-write-mutex` does. The second test shows that the schedules of the first one would have found an overlap.
describe('a ping without the mutex', () => {
  const RUNS = 400;
  const SEED = 505;

  class ControlPingWithoutMutex extends Reference {
    protected override *ping(): Proc<string | undefined> {
      const deadline: Timer = this.sim.deadline('ping deadline', this.config.writeDeadline);
      const err = yield* this.conn.writeControl(ping(), deadline);
      this.sim.emit('ping sent');
      return err;
    }
  }

  const batch = (Handler: Design['Handler']) => {
    const variant: Variant<Design> = {
      about: '',
      design: { Handler, Slot, Shell },
      expect: { kind: 'system', violates: {} },
    };
    const subject = new Subject({ ...attach, variants: { variant } }, 'variant', { path: 'direct' });
    return simulateBatch(subject, SEED, RUNS);
  };

  test('through WriteControl is harmless: writes never overlap, and nothing else breaks', () => {
    const { runs, firstViolations, seen } = batch(ControlPingWithoutMutex);
    expect({ runs, firstViolations }).toEqual({ runs: RUNS, firstViolations: {} });
    expect(seen).toContain('write-blocks');
  });

  test('through WriteMessage it panics, in the same number of schedules', () => {
    const { Handler } = (attach.variants['no-write-mutex'] as Variant<Design>).design;
    const { firstViolations } = batch(Handler);
    expect(Object.keys(firstViolations)).toEqual(expect.arrayContaining(['writes-never-overlap', 'panic']));
  });
});
