// Real `ws`, unmodified, under the simulator; and that it does what the models do.
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { attach } from '../../models/attach/model.ts';
import { wsHeartbeat } from '../../models/ws-heartbeat/model.ts';
import { hintsOf } from '../../src/engine/hints.ts';
import { measureExactly, prove } from '../../src/engine/prove.ts';
import { RandomStrategy } from '../../src/engine/random-strategy.ts';
import { replay } from '../../src/engine/replay.ts';
import { record, Subject } from '../../src/engine/run.ts';
import { type Schedule, scheduleOf } from '../../src/engine/schedule.ts';
import { simulateBatch } from '../../src/engine/simulate.ts';
import type { Settings } from '../../src/model/parameters.ts';
import { halfopen } from '../cli/command-line.ts';
import { realHeartbeat } from './arms.ts';
import { realAttach } from './attach-world.ts';

const LIMITS = { maxStates: 50_000 };
const SECOND = 1_000_000;

/** Without ties: who goes first at one instant is asked of processes, and those of the arms are called differently. */
function drawn(subject: Subject, seed: number): Schedule {
  const hints = hintsOf(subject);
  const { decisions } = record(subject, (clock) => new RandomStrategy(seed, clock, hints));
  return scheduleOf(decisions.filter(({ name }) => !name.startsWith('tie: ')));
}

const traceOf = (subject: Subject, schedule: Schedule) =>
  replay(subject, schedule).trace.map(
    ({ at, lane, name, data }) => `${at} ${lane} ${name} ${JSON.stringify(data) ?? ''}`,
  );

describe('the heartbeat of the README of ws', { timeout: 120_000 }, () => {
  const model = new Subject(wsHeartbeat, 'recipe');
  const real = new Subject(realHeartbeat, 'recipe');

  test('model and real code tell the same, on the same schedules', () => {
    let evictions = 0;
    for (let seed = 1; seed <= 150; seed++) {
      const schedule = drawn(model, seed);
      const trace = traceOf(real, schedule);
      expect(trace, `seed ${seed}`).toEqual(traceOf(model, schedule));
      if (trace.some((event) => event.includes('session over'))) evictions++;
    }
    expect(evictions).toBeGreaterThan(20);
  });

  test('a run of real code is a pure function of its schedule', () => {
    const schedule = drawn(model, 7);
    expect(replay(real, schedule).digest).toBe(replay(real, schedule).digest);
  });

  test('the greatest detection time, computed on the model and met by the real code', () => {
    const proved = new Subject(wsHeartbeat, 'recipe', { ends: 'never' });
    const { complete, least, greatest } = measureExactly(proved, 'detection', LIMITS);
    expect({ complete, least: least?.length, greatest: greatest?.length, attained: greatest?.attained }).toEqual({
      complete: true,
      least: 29.9 * SECOND,
      greatest: 60 * SECOND,
      attained: true,
    });
    const worst = greatest?.witness?.run.decisions.filter(({ name }) => !name.startsWith('tie: ')) ?? [];
    expect(replay(real, scheduleOf(worst)).measured.get('detection')).toEqual({
      least: 60 * SECOND,
      greatest: 60 * SECOND,
    });
    // Simulated without being told where to look, it comes as near as random schedules do, and never beyond.
    const { measured, firstViolations } = simulateBatch(real, 1, 1000);
    expect(firstViolations).toEqual({});
    expect(measured.detection).toMatchInlineSnapshot(`
      {
        "greatest": 59999000,
        "least": 29956477,
      }
    `);
  });

  test('the round trip at which a live client is evicted, to the microsecond, on both', () => {
    const at = (latency: string): Settings => ({ latency, death: 'never' });
    const onModel = (latency: string) =>
      prove(new Subject(wsHeartbeat, 'recipe', { ...at(latency), ends: 'never' }), ['live-client-spared'], LIMITS);
    const onCode = (latency: string) =>
      simulateBatch(new Subject(realHeartbeat, 'recipe', at(latency)), 1, 250).firstViolations;
    expect([onModel('14.999999s'), onModel('15s')].map(([proof]) => proof?.verdict)).toEqual(['proved', 'violated']);
    expect(onCode('14.999999s')).toEqual({});
    expect(Object.keys(onCode('15s'))).toEqual(['live-client-spared']);
  });

  test('the jitter at which a client gives up a live server, on both', () => {
    const at = (latency: string): Settings => ({ latency, death: 'never' });
    const onModel = (latency: string) =>
      prove(new Subject(wsHeartbeat, 'recipe', { ...at(latency), ends: 'never' }), ['live-server-kept'], LIMITS);
    const onCode = (latency: string) =>
      simulateBatch(new Subject(realHeartbeat, 'recipe', at(latency)), 1, 500).firstViolations;
    expect([onModel('1ms..1.000999s'), onModel('1ms..1.001s')].map(([proof]) => proof?.verdict)).toEqual([
      'proved',
      'violated',
    ]);
    expect(onCode('1ms..1.000999s')).toEqual({});
    expect(Object.keys(onCode('1ms..1.001s'))).toEqual(['live-server-kept']);
  });
});

/** The upgrade, which is no part of the model's connection, takes the first acknowledgement each way; the request is a segment. */
function forCode(schedule: Schedule): Schedule {
  const fitting = [...schedule].filter(([name]) => !name.startsWith('client 1 re') && !name.startsWith('tie: '));
  return new Map(
    fitting.map(([name, value]) => [
      name.replace(/ack latency #(\d+)$/, (_, count: string) => `ack latency #${Number(count) + 1}`),
      value,
    ]),
  );
}

/** Whether the client dies in the instant of something else: who goes first is a tie, and those are called differently. */
function meetsAnother(trace: readonly string[]): boolean {
  const at = trace.find((event) => event.endsWith(' client dead'))?.split(' ')[0];
  return at !== undefined && trace.filter((event) => event.startsWith(`${at} `)).length > 1;
}

describe('the port of the attach handler', { timeout: 120_000 }, () => {
  const told = ['slot taken', 'read deadline armed', 'ping sent', 'client dead', 'slot released'];
  const model = new Subject(attach, 'pong-deadline', {
    ...attach.compositions?.['silent-death']?.settings,
    answer: '0',
    ends: 'story',
  });
  const real = new Subject(realAttach, 'pong-deadline');
  const traceOfLoop = (subject: Subject, schedule: Schedule) =>
    replay(subject, schedule)
      .trace.filter(({ name }) => told.includes(name))
      .map(({ at, name }) => `${at} ${name}`);

  test('tells what the model tells, on the same schedules, as long as there is a session', () => {
    let evictions = 0;
    for (let seed = 1; seed <= 100; seed++) {
      // In the model the request is no segment: it takes its time before there is a connection.
      const schedule = new Map([...drawn(model, seed)].filter(([name]) => !name.startsWith('client 1 re')));
      const ofModel = traceOfLoop(model, schedule);
      if (meetsAnother(ofModel)) continue;
      const ofCode = traceOfLoop(real, forCode(schedule)).slice(0, ofModel.length);
      expect(ofCode, `seed ${seed}`).toEqual(ofModel.slice(0, ofCode.length));
      if (ofModel.some((event) => event.includes('slot released'))) evictions++;
    }
    expect(evictions).toBeGreaterThan(20);
  });

  test('evicts a dead client exactly as late as the model can', () => {
    const subject = new Subject(attach, 'pong-deadline', { ...model.settings, ends: 'never' });
    const { complete, greatest } = measureExactly(subject, 'dead-client-evicted', LIMITS);
    expect({ complete, length: greatest?.length, attained: greatest?.attained }).toEqual({
      complete: true,
      length: 45.1 * SECOND,
      attained: true,
    });
    // One tick behind the pong, which is a tie in the model's worst case.
    const worst: Schedule = new Map([
      ['client 1 end #1', '15.001001s'],
      ['runner net 1 client 1→runner pong latency #1', '100ms'],
    ]);
    expect(replay(real, worst).measured.get('detection')?.greatest).toBe(45.1 * SECOND - 1);
    const { firstViolations } = simulateBatch(real, 1, 500);
    expect(firstViolations).toEqual({});
  });
});

describe('a planted fault in real code', { timeout: 120_000 }, () => {
  const registry = path.join(import.meta.dirname, 'registry.ts');

  test('is found, shrunk, and replayed by its seed', async () => {
    const argv = `simulate --registry ${registry} --model attach-real --variant graceful-close-of-dead --property dead-client-evicted --seed 1 --runs 200 --workers 1`;
    const ran = await halfopen(argv);
    expect(ran.out.replaceAll(registry, 'REGISTRY')).toMatchInlineSnapshot(`
      "halfopen simulate, seed 1, 200 schedules a variant

      attach-real/graceful-close-of-dead  The same with close() in the place of terminate().
        ✓  violated  dead-client-evicted  at schedule 1  (as the model expects)  ws.terminate() becomes ws.close(1001)
           measured  detection  59.999999s..75.09958s  From the death of a client to the release of its slot.

      violated  dead-client-evicted  attach-real/graceful-close-of-dead
        promised: From the death of a client to the release of its slot: at most pongWait, plus the latency of a pong in flight.
        seen: "slot released", due at most 45.1s after "client dead", comes only after 75s
        found at schedule 1, shrunk in 6 steps

        Decisions (1, everything else takes its default):
          client 1 end #1  = 0  (fault)

              time       who       what
               1ms  ●    runner    slot taken
               1ms  ●    runner    read deadline armed  by=start
        ◆      1ms  │    decision  client 1 end #1 = 0
               1ms  │ ●  client 1  client dead
           15.001s  ●    runner    ping sent
                    ┊    …         the same row 3 more times, until 60.001s
        ✗  75.001s  ✗    runner    slot released  clientDead=true

        halfopen simulate --model attach-real --variant graceful-close-of-dead --property dead-client-evicted --seed 1 --registry REGISTRY

      violated: 1 of 1 property
      "
    `);
  });
});
