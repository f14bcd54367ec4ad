import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { Slot } from '../../models/attach/slot.ts';
import { Client } from '../../models/reaper/client.ts';
import { ManagedExec } from '../../models/reaper/managed-exec.ts';
import { reaper } from '../../models/reaper/model.ts';
import { abandonedBound, limitBound, type ReaperConfig, retentionBound } from '../../models/reaper/parameters.ts';
import { ReferenceExec, ReferenceManager } from '../../models/reaper/variants.ts';
import type { Design } from '../../models/reaper/world.ts';
import { FixedStrategy } from '../../src/engine/fixed-strategy.ts';
import { type Replayed, replay } from '../../src/engine/replay.ts';
import { type RecordedRun, record, Subject } from '../../src/engine/run.ts';
import { EMPTY_SCHEDULE } from '../../src/engine/schedule.ts';
import { simulateBatch } from '../../src/engine/simulate.ts';
import type { TraceEvent } from '../../src/engine/trace.ts';
import { parseSeedFile } from '../../src/gate/seed-file.ts';
import type { OptionName, Site } from '../../src/kernel/decision.ts';
import { formatDuration } from '../../src/model/duration-text.ts';
import type { Variant } from '../../src/model/model.ts';
import type { Settings } from '../../src/model/parameters.ts';
import type { Decided } from '../support/toy.ts';
import { classesUpTo, hiddenParts, ownMethods } from './edits.ts';

/** The model's tick. */
const TICK_NS = 1000;

const time = (ticks: number): string => formatDuration(ticks, TICK_NS);

function play(variant: string, decided: Decided = {}, settings: Settings = {}): Replayed {
  const run = replay(new Subject(reaper, variant, settings), new Map(Object.entries(decided)));
  expect(run.stale).toEqual([]);
  return run;
}

/** Events as text, without who: the reaper, mostly. */
function story(events: readonly TraceEvent[]): string {
  return events
    .map(({ at, name, data }) => `${time(at)} ${name}${data === undefined ? '' : ` ${JSON.stringify(data)}`}`)
    .join('\n');
}

/** What the reaper does, and what becomes of the process and its entry. */
function reaped(variant: string, decided: Decided = {}, settings: Settings = {}): string {
  const names = ['signal sent', 'signal failed', 'doomed', 'process ends', 'entry dropped'];
  const { trace } = play(variant, decided, settings);
  return trace
    .filter(({ name }) => names.includes(name))
    .map(({ at, name, data }) => `${time(at)} ${name}: ${Object.values(data as object).join(', ')}`)
    .join('\n');
}

function told(run: RecordedRun, name: string): readonly unknown[] {
  return run.trace.filter((event) => event.name === name).map(({ data }) => data);
}

/** When each signal was sent. */
function sent(run: RecordedRun): readonly string[] {
  return run.trace.flatMap(({ at, name, data }) =>
    name === 'signal sent' ? `${time(at)} ${(data as { signal: string }).signal}` : [],
  );
}

/** What each attach was answered. */
function answers(run: RecordedRun): readonly unknown[] {
  return told(run, 'attach answered').map((data) => (data as { status: number }).status);
}

/** Every delay and choice its default; what is due at the same instant goes in any order. */
class RandomOrders extends FixedStrategy {
  #state: number;

  constructor(seed: number) {
    super(EMPTY_SCHEDULE, TICK_NS);
    this.#state = seed;
  }

  override order(_site: Site, count: number, _optionName: OptionName): number {
    this.#state = (Math.imul(this.#state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (this.#state >>> 8) % count;
  }
}

describe('a process that nobody attaches to', () => {
  // Ticks and waits are multiples of 30 s, and "more than" is strict: each wait takes a tick more than it says.
  test('SIGHUP, SIGTERM and SIGKILL, each a tick after its time; the last one drops the entry', () => {
    expect(story(play('as-merged').trace)).toMatchInlineSnapshot(`
      "0 process starts {"age":"new"}
      0 abandoned
      330s escalates {"signal":"HUP","graceLeft":"none"}
      330s signal sent {"signal":"HUP"}
      330.001s signal arrives {"signal":"HUP","attached":false,"young":true}
      390s escalates {"signal":"TERM","graceLeft":"none"}
      390s signal sent {"signal":"TERM"}
      390.001s signal arrives {"signal":"TERM","attached":false,"young":true}
      450s escalates {"signal":"KILL","graceLeft":"none"}
      450s doomed {"why":"TERM was not enough"}
      450s signal sent {"signal":"KILL"}
      450.001s signal arrives {"signal":"KILL","attached":false,"young":true}
      450.001s process ends {"by":"KILL"}
      450.001s no longer abandoned {"by":"end"}
      450.001s entry dropped {"why":"killed","endedBy":"KILL","tooEarly":false}"
    `);
  });

  test('SIGHUP is enough: it is kept for the retention, counted from the sweep that sees it ended', () => {
    expect(reaped('as-merged', { 'process on HUP #1': 'heeds' })).toMatchInlineSnapshot(`
      "330s signal sent: HUP
      330.001s process ends: HUP
      690s entry dropped: retention, HUP, false"
    `);
  });

  test('one that needs its time to end gets the next signal all the same', () => {
    const slow = { 'process on HUP #1': 'heeds', 'process shutdown #1': '40s' };
    expect(reaped('as-merged', { ...slow, 'reaper cleanupLoop scheduling #12': '1ms' })).toMatchInlineSnapshot(`
      "330s signal sent: HUP
      360.001s signal sent: TERM
      370.001s process ends: HUP
      720s entry dropped: retention, HUP, false"
    `);
  });

  test('the grace runs from the start of the process, in any phase of the ticks', () => {
    const first = (phase: string) => sent(play('as-merged', { 'story phase of the ticks #1': phase }))[0];
    const phases = ['0', '1us', '15s', '29.999999s', '30s'];
    expect(phases.map(first)).toEqual(['330s HUP', '330s HUP', '330s HUP', '330s HUP', '360s HUP']);
  });
});

describe('comparisons are strict', () => {
  /** When SIGHUP is sent, for many orders of what is due at the same instant. */
  const hups = (reconnectGrace: string): ReadonlySet<string> => {
    const subject = new Subject(reaper, 'as-merged', { reconnectGrace, age: 'new' });
    const seen = new Set<string>();
    for (let seed = 1; seed <= 60; seed++) {
      const strategy = new RandomOrders(seed);
      seen.add(sent(record(subject, () => strategy))[0] as string);
    }
    return seen;
  };

  test('a grace that ends with a tick is not exceeded by it, in any order', () => {
    expect(hups('5m')).toEqual(new Set(['330s HUP']));
  });

  test('one that ends a microsecond before may count or not: the width of the model', () => {
    expect(hups('4m59.999999s')).toEqual(new Set(['300s HUP', '330s HUP']));
  });

  test('one that ends two microseconds before is exceeded, in any order', () => {
    expect(hups('4m59.999998s')).toEqual(new Set(['300s HUP']));
  });

  // shutdownGrace = cleanupTick: which of the two comes first is a matter of microseconds.
  test('whether SIGTERM comes after one tick or two is decided by how late two sweeps run', () => {
    const term = (decided: Decided) => sent(play('as-merged', decided))[1];
    expect(term({})).toBe('390s TERM');
    expect(term({ 'reaper cleanupLoop scheduling #12': '1us' })).toBe('360.000001s TERM');
    expect(term({ 'reaper cleanupLoop scheduling #11': '1ms', 'reaper cleanupLoop scheduling #12': '1ms' })).toBe(
      '390s TERM',
    );
  });

  test('the limit of the lifetime, and the retention', () => {
    const old = { 'age #1': 'old' };
    expect(sent(play('as-merged', old))).toEqual(['390s KILL']);
    expect(sent(play('as-merged', old, { remaining: '359.999998s' }))).toEqual(['360s KILL']);
    const dropped = (retention: string) => {
      const { trace } = play('as-merged', { 'process ends #1': '0' }, { retention });
      return time(trace.find(({ name }) => name === 'entry dropped')?.at ?? Number.NaN);
    };
    expect([dropped('5m'), dropped('299.999998s')]).toEqual(['360s', '330s']);
  });
});

describe('MarkConnected', () => {
  test('is refused while somebody is attached, and granted after the release', () => {
    const run = play('as-merged', {
      'client 1 attaches #1': '10s',
      'client 1 leaves #1': '40s',
      'client 2 attaches #1': '20s',
    });
    expect(answers(run)).toEqual([101, 409]);
    const later = play('as-merged', {
      'client 1 attaches #1': '10s',
      'client 1 leaves #1': '40s',
      'client 2 attaches #1': '50s',
    });
    expect(answers(later)).toEqual([101, 101]);
  });

  test('is refused while a signal is on its way, and granted once it has arrived', () => {
    const slow = { 'reaper cleanupLoop HUP #1': '10s' };
    const during = play('as-merged', { ...slow, 'client 1 attaches #1': '335s' });
    expect(told(during, 'attach refused')).toMatchInlineSnapshot(`
      [
        {
          "escalating": true,
          "holders": 0,
          "hup": true,
          "inHand": true,
          "session": 1,
        },
      ]
    `);
    const after = play('as-merged', { ...slow, 'client 1 attaches #1': '341s' });
    expect(told(after, 'slot taken')).toMatchInlineSnapshot(`
      [
        {
          "hup": true,
          "session": 1,
        },
      ]
    `);
  });

  test('is refused once a signal has failed, though the process lives', () => {
    const run = play('as-merged', {
      'process HUP #1': 'fails',
      'process KILL #1': 'fails',
      'client 1 attaches #1': '335s',
    });
    expect(told(run, 'attach refused')).toMatchInlineSnapshot(`
      [
        {
          "doomed": true,
          "holders": 0,
          "session": 1,
        },
      ]
    `);
    expect(sent(run)).toEqual(['330s HUP', '330.001s KILL', '360s KILL']);
  });

  test('is refused while the last signal is on its way, and after it there is nothing to look up', () => {
    const slow = { 'reaper cleanupLoop KILL #1': '10s' };
    const run = play('as-merged', { ...slow, 'client 1 attaches #1': '455s', 'client 2 attaches #1': '461s' });
    expect(answers(run)).toEqual([409, 404]);
  });

  test('is refused by an entry that was dropped after the look-up', () => {
    const run = play('as-merged', {
      'process ends #1': '10s',
      'client 1 attaches #1': '6m',
      'tie: instead of client 1 sleep #1': 'reaper cleanupLoop sleep',
      'tie: instead of client 1 sleep #2': 'reaper cleanupLoop sleep',
    });
    expect(told(run, 'attach refused')).toMatchInlineSnapshot(`
      [
        {
          "doomed": true,
          "dropped": true,
          "ended": true,
          "holders": 0,
          "session": 1,
        },
      ]
    `);
  });

  test('stops the clock, and clears what was signalled: after the next release all begins anew', () => {
    const run = play('as-merged', { 'client 1 attaches #1': '6m40s', 'client 1 leaves #1': '1m' });
    expect(sent(run)).toMatchInlineSnapshot(`
      [
        "330s HUP",
        "390s TERM",
        "780s HUP",
        "840s TERM",
        "900s KILL",
      ]
    `);
  });

  test('a session of a whole day: 2880 sweeps do nothing', () => {
    const day = { age: 'new', watched: '25h' };
    const run = play('as-merged', { 'client 1 attaches #1': '0' }, day);
    expect(sent(run)).toEqual(['86430s KILL']);
    expect(told(run, 'signal arrives')).toEqual([{ signal: 'KILL', attached: true, young: false }]);
  });

  test('what attach and reaper call a slot is one class', () => {
    expect(classesUpTo(Slot, ManagedExec)).toEqual([ManagedExec]);
  });
});

describe('MarkDisconnected', () => {
  test('starts the grace: the release counts, not the start', () => {
    const run = play('as-merged', { 'client 1 attaches #1': '100s', 'client 1 leaves #1': '100s' });
    expect(sent(run)[0]).toBe('510s HUP');
  });

  test('a failed upgrade is a release too', () => {
    const run = play('as-merged', { 'client 1 attaches #1': '100s', 'client 1 upgrade #1': 'fails' });
    expect(answers(run)).toEqual([500]);
    expect(sent(run)[0]).toBe('420s HUP');
  });

  test('after the end of the process it only releases', () => {
    const run = play('as-merged', {
      'client 1 attaches #1': '0',
      'process ends #1': '10s',
      'client 1 teardown #1': '42s',
    });
    expect(story(run.trace.filter(({ at }) => at >= 10_000_000))).toMatchInlineSnapshot(`
      "10s process ends {"by":"itself"}
      52s slot released {"session":1,"byHolder":true}
      52s handler returns {"session":1,"holdsSlot":false}
      360s entry dropped {"why":"retention","endedBy":"itself","tooEarly":false}"
    `);
  });
});

describe('now is taken once a sweep', () => {
  const busy = { 'reaper cleanupLoop others #11': '9s' };

  test('a grace that ends while the sweep is busy with others is not over for it', () => {
    const grace = { reconnectGrace: '5m35s' };
    expect(sent(play('as-merged', busy, grace))[0]).toBe('360s HUP');
  });

  test('an attach while the sweep is busy is seen', () => {
    const run = play('as-merged', { ...busy, 'client 1 attaches #1': '335s', 'client 1 leaves #1': '10s' });
    expect(sent(run)[0]).toBe('660s HUP');
  });

  test('a release while the sweep is busy lies in its future', () => {
    const run = play('as-merged', { ...busy, 'client 1 attaches #1': '329s', 'client 1 leaves #1': '5s' });
    expect(sent(run)[0]).toBe('660s HUP');
  });

  test('SIGHUP stamps it, so the next wait counts from before the signal; the reference counts from its arrival', () => {
    const late = { ...busy, 'reaper cleanupLoop HUP #1': '10s', 'reaper cleanupLoop scheduling #12': '1ms' };
    expect(sent(play('as-merged', late)).slice(0, 2)).toEqual(['339s HUP', '360.001s TERM']);
    expect(sent(play('reference', late)).slice(0, 2)).toEqual(['339s HUP', '390s TERM']);
  });

  test('the end is stamped with it, even where it came later; the reference stamps the time of seeing it', () => {
    const ends = { 'process ends #1': '95s', 'reaper cleanupLoop others #3': '9s' };
    const late = { ...ends, 'reaper cleanupLoop scheduling #13': '1ms' };
    expect(reaped('as-merged', late)).toMatchInlineSnapshot(`
      "95s process ends: itself
      390.001s entry dropped: retention, itself, true"
    `);
    expect(reaped('reference', late)).toMatchInlineSnapshot(`
      "95s process ends: itself
      420s entry dropped: retention, itself, false"
    `);
  });
});

describe('signals that fail', () => {
  test('SIGHUP: SIGKILL follows in the same sweep', () => {
    expect(reaped('as-merged', { 'process HUP #1': 'fails' })).toMatchInlineSnapshot(`
      "330s signal sent: HUP
      330.001s signal failed: HUP, not delivered
      330.001s doomed: HUP failed
      330.001s signal sent: KILL
      330.002s process ends: KILL
      330.002s entry dropped: killed, KILL, false"
    `);
  });

  test('SIGTERM too', () => {
    expect(reaped('as-merged', { 'process TERM #1': 'fails' })).toMatchInlineSnapshot(`
      "330s signal sent: HUP
      390s signal sent: TERM
      390.001s signal failed: TERM, not delivered
      390.001s doomed: TERM failed
      390.001s signal sent: KILL
      390.002s process ends: KILL
      390.002s entry dropped: killed, KILL, false"
    `);
  });

  test('SIGKILL is sent again by each sweep', () => {
    const settings = { killFailures: '2' };
    const fails = { 'process KILL #1': 'fails', 'process KILL #2': 'fails' };
    expect(reaped('as-merged', fails, settings)).toMatchInlineSnapshot(`
      "330s signal sent: HUP
      390s signal sent: TERM
      450s doomed: TERM was not enough
      450s signal sent: KILL
      450.001s signal failed: KILL, not delivered
      480s signal sent: KILL
      480.001s signal failed: KILL, not delivered
      510s signal sent: KILL
      510.001s process ends: KILL
      510.001s entry dropped: killed, KILL, false"
    `);
  });
});

describe('a process that ends by itself', () => {
  test('is kept and can be attached to; then there is nothing to look up', () => {
    const run = play('as-merged', {
      'process ends #1': '10s',
      'client 1 attaches #1': '300s',
      'client 2 attaches #1': '361s',
    });
    expect(told(run, 'slot taken')).toEqual([{ session: 1, ended: true }]);
    expect(answers(run)).toEqual([101, 404]);
    expect(told(run, 'entry dropped')).toEqual([{ why: 'retention', endedBy: 'itself', tooEarly: false }]);
  });

  test('that comes before the limit of its lifetime: it is not killed', () => {
    const run = play('as-merged', { 'age #1': 'old', 'process ends #1': '389s' });
    expect(sent(run)).toEqual([]);
  });

  test('handleMu: the runner does not know of it before the signal on its way has come back', () => {
    const run = play('reference', { 'process ends #1': '331s', 'reaper cleanupLoop HUP #1': '10s' });
    const waits = run.trace.filter(({ name }) => name === 'waits for handleMu' || name === 'signal failed');
    expect(story(waits)).toMatchInlineSnapshot(`
      "331s waits for handleMu {"heldBy":"reaper cleanupLoop"}
      340s signal failed {"signal":"HUP","err":"no such process"}"
    `);
  });

  const inTheMiddle = { 'process ends #1': '330.5s', 'reaper cleanupLoop HUP #1': '1s' };

  test('while it is signalled: its entry is dropped at once; the reference keeps it', () => {
    expect(reaped('as-merged', inTheMiddle)).toMatchInlineSnapshot(`
      "330s signal sent: HUP
      330.5s process ends: itself
      331s signal failed: HUP, no such process
      331s doomed: HUP failed
      331s entry dropped: closed, itself, true"
    `);
    expect(reaped('reference', inTheMiddle)).toMatchInlineSnapshot(`
      "330s signal sent: HUP
      330.5s process ends: itself
      331s signal failed: HUP, no such process
      331s doomed: HUP failed
      690s entry dropped: retention, itself, false"
    `);
  });

  test('and the kill finds nobody either: it is kept, but refused as doomed; the reference lets in', () => {
    const late = {
      'process ends #1': '330.95s',
      'reaper cleanupLoop HUP #1': '1s',
      'wait for the end notice #1': '100ms',
      'client 1 attaches #1': '400s',
    };
    expect(reaped('as-merged', late)).toMatchInlineSnapshot(`
      "330s signal sent: HUP
      330.95s process ends: itself
      331s signal failed: HUP, no such process
      331s doomed: HUP failed
      331s signal sent: KILL
      331.001s signal failed: KILL, no such process
      690s entry dropped: retention, itself, false"
    `);
    expect(answers(play('as-merged', late))).toEqual([409]);
    expect(answers(play('reference', late))).toEqual([101]);
  });
});

describe('the bounds are those of the terms, and are attained', () => {
  const config = new Subject(reaper, 'reference').config as ReaperConfig;
  const keptSchedule = (name: string): Decided => {
    const file = path.resolve(import.meta.dirname, '../../models/reaper/regressions', `${name}.json`);
    return parseSeedFile(readFileSync(file, 'utf8')).schedule;
  };

  test.each<[name: string, bound: (config: ReaperConfig) => number, terms: readonly string[], seed: string]>([
    [
      'abandoned-reaped',
      abandonedBound,
      // grace, strictness, a tick; two waits of two ticks; scheduling, others, a kill; a tick for the kill that failed
      ['5m', '1us', '30s', '60s', '60s', '1ms', '9s', '10s', '30s'],
      'reference--abandoned-worst-case',
    ],
    // strictness, a tick; scheduling, others, a kill; a tick for the kill that failed
    ['limit-enforced', limitBound, ['1us', '30s', '1ms', '9s', '10s', '30s'], 'reference--limit-worst-case'],
    // notice, a tick; eleven ticks of retention; scheduling, others
    ['finished-dropped', retentionBound, ['100ms', '30s', '330s', '1ms', '9s'], 'reference--retention-worst-case'],
  ])('%s', (name, bound, terms, seed) => {
    const ticks = terms.map((term) => reaper.parameters.retention.parse(term, TICK_NS));
    expect(bound(config)).toBe(ticks.reduce((sum, each) => sum + each));
    const worst = play('reference', keptSchedule(seed));
    expect(worst.violations).toEqual([]);
    expect(worst.measured.get(name)?.greatest).toBe(bound(config));
    expect(brokenWithOneTickLess(name, keptSchedule(seed))).toContain('comes only after');
  });

  /** What the property says of this schedule where its bound is one tick less. */
  function brokenWithOneTickLess(name: string, decided: Decided): string {
    const tighter = {
      ...reaper,
      properties: (given: ReaperConfig) =>
        reaper
          .properties(given)
          .map((each) => (each.name === name && each.kind === 'within' ? { ...each, bound: each.bound - 1 } : each)),
    };
    const { violations } = replay(new Subject(tighter, 'reference'), new Map(Object.entries(decided)));
    return violations.map(({ message }) => message).join('\n');
  }

  test.each<Settings>([
    { others: '0..1m' },
    { cleanupTick: '7s', shutdownGrace: '50s' },
    { signalTime: '1ms..25s', killFailures: '3' },
    { scheduling: '0..20s' },
    { others: '0', scheduling: '0', shutdownGrace: '10s' },
    { shutdownGrace: '5s', reconnectGrace: '1m', retention: '20s' },
  ])('and hold for the reference with %o', (settings) => {
    const { runs, firstViolations } = simulateBatch(new Subject(reaper, 'reference', settings), 30, 250);
    expect({ runs, firstViolations }).toEqual({ runs: 250, firstViolations: {} });
  });
});

describe('findings', () => {
  const folder = path.resolve(import.meta.dirname, '../../models/reaper/regressions');
  const seeds = readdirSync(folder).map((file) => parseSeedFile(readFileSync(path.join(folder, file), 'utf8')));

  test('each has a kept schedule, under which the reference holds', () => {
    const findings = seeds.filter(({ variant, verdict }) => variant === 'as-merged' && verdict === 'violated');
    expect(findings.map(({ property }) => property).sort()).toEqual([
      'finished-attachable',
      'finished-kept',
      'finished-kept',
      'shutdown-grace-given',
    ]);
    for (const { schedule, property } of findings) {
      const fixed = replay(new Subject(reaper, 'reference'), new Map(Object.entries(schedule)));
      expect([property, fixed.violations]).toEqual([property, []]);
    }
  });
});

const MUTANTS = Object.entries(reaper.variants).flatMap(
  ([
    name,
    {
      expect: { kind },
    },
  ]) => (kind === 'mutant' ? name : []),
);

describe('a mutant is one edit', () => {
  const parts = { Exec: ReferenceExec, Manager: ReferenceManager, Client } as const;

  const differences = (name: string): readonly string[] => {
    const { design } = reaper.variants[name] as Variant<Design>;
    return (['Exec', 'Manager', 'Client'] as const).flatMap((part) => {
      const classes = classesUpTo(parts[part], design[part]);
      expect(classes.flatMap(hiddenParts)).toEqual([]);
      const methods = classes.flatMap(ownMethods);
      // It overrides: the method is there in the original, so what the original calls is what was edited.
      for (const method of methods) expect(method in parts[part].prototype).toBe(true);
      return methods.map((method) => `${part}.${method}`);
    });
  };

  test('all of them, and in what each differs from the reference', () => {
    expect(Object.fromEntries(MUTANTS.map((name) => [name, differences(name).join(', ')]))).toMatchInlineSnapshot(`
      {
        "always-granted": "Exec.isFree",
        "closed-is-dropped": "Manager.dropClosed",
        "connected-stays-set": "Exec.free",
        "decides-then-locks": "Exec.claim",
        "disconnect-not-stamped": "Exec.markDisconnected",
        "doom-not-checked": "Exec.refusesAll",
        "doom-outlives-end": "Exec.refusesAll",
        "drop-does-not-refuse": "Exec.refuseFromNowOn",
        "end-restamped": "Manager.evaluateEnded",
        "escalating-not-checked": "Exec.isFree",
        "escalation-not-finished": "Exec.finishEscalation",
        "failed-kill-drops": "Manager.onKillFailed",
        "failed-signal-does-not-doom": "Exec.escalationFailedMarkDoomed",
        "flags-not-cleared": "Exec.clearSignaled",
        "handle-stays-locked": "Manager.escalate",
        "kill-not-claimed": "Exec.claimToKill",
        "kill-not-retried": "Manager.isKillPending",
        "limit-from-attach": "Exec.take",
        "limit-spares-attached": "Manager.isTooOld",
        "no-retention": "Manager.isRetentionOver",
        "not-strict": "Exec.moreThan",
        "refused-releases": "Client.markConnected",
        "signals-attached": "Exec.mayEscalate",
        "slot-leak-on-upgrade-failure": "Client.releaseAfterFailedUpgrade",
        "stamped-before-signal": "Exec.restampDisconnect",
        "start-not-stamped": "Exec.startReapClock",
        "takeover-without-identity": "Exec.markConnected",
      }
    `);
  });
});

describe('each promise breaks', () => {
  const schedules: Readonly<Record<string, Decided>> = {
    'always-granted': { 'client 1 attaches #1': '0', 'client 2 attaches #1': '0' },
    'takeover-without-identity': {
      'client 1 attaches #1': '0',
      'client 2 attaches #1': '0',
      'client 1 leaves #1': '0',
    },
    'refused-releases': { 'client 1 attaches #1': '0', 'client 2 attaches #1': '0' },
    'slot-leak-on-upgrade-failure': { 'client 2 attaches #1': '0', 'client 2 upgrade #1': 'fails' },
    'connected-stays-set': {
      'process ends #1': '0',
      'client 1 attaches #1': '0',
      'client 2 attaches #1': '300s',
    },
    'disconnect-not-stamped': { 'client 2 attaches #1': '0', 'client 2 upgrade #1': 'fails' },
    'start-not-stamped': {},
    'flags-not-cleared': { 'client 2 attaches #1': '360s', 'client 2 upgrade #1': 'fails' },
    'signals-attached': { 'client 2 attaches #1': '0' },
    'decides-then-locks': { 'client 2 attaches #1': '335s', 'reaper cleanupLoop HUP #1': '10s' },
    'escalating-not-checked': { 'client 2 attaches #1': '335s', 'reaper cleanupLoop HUP #1': '10s' },
    'doom-not-checked': {
      'client 2 attaches #1': '335s',
      'process HUP #1': 'fails',
      'reaper cleanupLoop KILL #1': '10s',
    },
    'kill-not-claimed': {},
    'failed-signal-does-not-doom': { 'process HUP #1': 'fails' },
    'escalation-not-finished': {},
    'not-strict': {
      'tie: instead of to reconnect #1': 'reaper ticker',
      'tie: instead of to reconnect #2': 'reaper cleanupLoop sleep',
    },
    'stamped-before-signal': { 'reaper cleanupLoop HUP #1': '10s', 'reaper cleanupLoop scheduling #12': '1ms' },
    'limit-from-attach': { 'age #1': 'old' },
    'limit-spares-attached': { 'age #1': 'old' },
    'kill-not-retried': { 'process KILL #1': 'fails' },
    'handle-stays-locked': { 'process HUP #1': 'fails' },
    'failed-kill-drops': { 'process KILL #1': 'fails' },
    'no-retention': { 'process ends #1': '0' },
    'end-restamped': { 'process ends #1': '0' },
    'closed-is-dropped': { 'process ends #1': '330.5s', 'reaper cleanupLoop HUP #1': '1s' },
    'doom-outlives-end': { 'process ends #1': '330.001s', 'client 1 attaches #1': '600s' },
    'drop-does-not-refuse': { 'process ends #1': '0' },
  };

  test('there is a schedule for each mutant', () => {
    expect(Object.keys(schedules)).toEqual(MUTANTS);
  });

  test.for(MUTANTS)('%s, and under the same schedule the reference holds', (name) => {
    const schedule = new Map(Object.entries(schedules[name] as Decided));
    const { expect: declared } = reaper.variants[name] as Variant<Design>;
    const broken = replay(new Subject(reaper, name), schedule);
    expect(broken.violations.map(({ property }) => property)).toContain(
      declared.kind === 'mutant' ? declared.killedBy : '',
    );
    expect(replay(new Subject(reaper, 'reference'), schedule).violations).toEqual([]);
  });
});

// Two edits that are no mutants: an attached process is guarded twice, by `Connected` and by the zero time, and each guard
// is enough without the other. That both together are needed, the mutant signals-attached shows.
describe('one of the two guards of an attached process', () => {
  class ConnectedNotChecked extends ReferenceExec {
    protected override mayEscalate(): boolean {
      return !this.reapingKill.get() && !this.escalating.get() && !this.isDisconnectZero;
    }
  }

  class TimeNotCleared extends ReferenceExec {
    protected override clearDisconnect(): void {}
  }

  test.each([
    ['connected is not checked', ConnectedNotChecked],
    ['the time is not cleared', TimeNotCleared],
  ])('is enough: %s, and nothing breaks', (_edit, Exec) => {
    const design: Design = { Exec, Manager: ReferenceManager, Client };
    const variant: Variant<Design> = { about: '', design, expect: { kind: 'system', violates: {} } };
    const subject = new Subject({ ...reaper, variants: { variant } }, 'variant');
    const { runs, firstViolations, seen } = simulateBatch(subject, 516, 400);
    expect({ runs, firstViolations }).toEqual({ runs: 400, firstViolations: {} });
    expect(seen).toContain('second-attach-refused');
  });
});
