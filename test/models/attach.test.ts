import { describe, expect, test } from 'vitest';
import type { Design, HandlerSetting } from '../../models/attach/handler.ts';
import { attach } from '../../models/attach/model.ts';
import { Shell } from '../../models/attach/shell.ts';
import { Slot } from '../../models/attach/slot.ts';
import { PongDeadline } from '../../models/attach/variants.ts';
import { DEATHS, type Death } from '../../models/net/deaths.ts';
import { WebSocketConn } from '../../models/net/websocket.ts';
import { FixedStrategy } from '../../src/engine/fixed-strategy.ts';
import { type Replayed, replay } from '../../src/engine/replay.ts';
import { type RecordedRun, record, Subject } from '../../src/engine/run.ts';
import { EMPTY_SCHEDULE } from '../../src/engine/schedule.ts';
import type { TraceEvent } from '../../src/engine/trace.ts';
import type { OptionName, Site } from '../../src/kernel/decision.ts';
import type { Sim } from '../../src/kernel/sim.ts';
import { formatDuration } from '../../src/model/duration-text.ts';
import type { Settings } from '../../src/model/parameters.ts';
import type { Decided } from '../support/toy.ts';

/** The model's tick. */
const TICK_NS = 1000;
const READ_DEADLINE = 'runner session 1 read deadline';
const TO_RUNNER = 'runner net 1 client 1→runner';
const GIVES_UP = 'runner net 1 runner socket to client 1 gives up';
/** Without a balancer, the client has the connection 2 ms after the start, and its handler has run for 1 ms. */
const DIRECT: Settings = { path: 'direct' };

const time = (ticks: number): string => formatDuration(ticks, TICK_NS);

function play(variant: string, settings: Settings, decided: Decided = {}): Replayed {
  const run = replay(new Subject(attach, variant, settings), new Map(Object.entries(decided)));
  expect(run.stale).toEqual([]);
  return run;
}

/** Events as text; who did it without the name of the first session. */
function story(events: readonly TraceEvent[]): string {
  return events
    .map(({ at, lane, name, data }) => {
      const said = data === undefined ? '' : ` ${JSON.stringify(data)}`;
      return `${time(at)} ${lane.replace('runner session 1 ', '')}: ${name}${said}`;
    })
    .join('\n');
}

function sessionOf(event: TraceEvent): unknown {
  return (event.data as Readonly<Record<string, unknown>> | undefined)?.session;
}

function find(run: RecordedRun, name: string, session?: number): TraceEvent | undefined {
  return run.trace.find((event) => event.name === name && (session === undefined || sessionOf(event) === session));
}

/** When the first session lets go of the slot; `Infinity`: not in this run. */
function releasedAt(run: RecordedRun): number {
  return find(run, 'slot released', 1)?.at ?? Infinity;
}

/** All until the first session is over. */
function firstSession(run: RecordedRun): readonly TraceEvent[] {
  return run.trace.filter((event) => event.at <= releasedAt(run));
}

function dies(after: string, kind: Death = 'vanishes'): Decided {
  return { 'client 1 end #1': after, ...(kind === 'vanishes' ? {} : { 'client 1 kind of end #1': kind }) };
}

/** What a handler is given, with each call that it makes told of; the parts themselves are the real ones. */
function announced<T extends object>(sim: Sim, name: string, part: T): T {
  return new Proxy(part, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function') return value;
      return (...given: readonly unknown[]) => {
        const shown = given.map((each) =>
          typeof each === 'number' ? each : (each as { type?: string } | undefined)?.type,
        );
        sim.emit(`${name}.${String(key)}(${shown.filter((each) => each !== undefined).join(', ')})`);
        const got: unknown = value.apply(target, given);
        return got instanceof WebSocketConn ? announced(sim, 'conn', got) : got;
      };
    },
  });
}

/** The calls of #516's handler in the first session, in order. */
function callsOf(decided: Decided): string {
  class Announced extends PongDeadline {
    constructor(setting: HandlerSetting) {
      const { sim } = setting;
      const slot = announced(sim, 'slot', setting.slot);
      const shell = announced(sim, 'shell', setting.shell);
      super({ ...setting, slot, shell, request: announced(sim, 'request', setting.request) });
    }
  }
  const design: Design = { Handler: Announced, Slot, Shell };
  const variants = {
    announced: { about: 'tells of its calls', design, expect: { kind: 'system', violates: {} } },
  } as const;
  const run = replay(new Subject({ ...attach, variants }, 'announced', DIRECT), new Map(Object.entries(decided)));
  const tells = (name: string) => /\(.*\)$/.test(name) || name.startsWith('waits for');
  const calls = run.trace.filter(({ lane, name }) => lane.includes('session 1') && tells(name));
  return story(calls).replaceAll(/^runner /gm, '');
}

describe('the calls of #516, statement by statement', () => {
  test('a client that vanishes after its first pong: 1001, Close, unsubscribe, MarkDisconnected', () => {
    expect(callsOf(dies('20s'))).toMatchInlineSnapshot(`
      "1ms handler: request.lookUp()
      1ms handler: slot.markConnected(1)
      1ms handler: request.upgrade()
      1ms handler: conn.setReadLimit(1048576)
      1ms handler: conn.setReadDeadline(45000000)
      1ms handler: conn.setPongHandler()
      1ms handler: shell.subscribe(1)
      1ms reader: conn.readMessage()
      15.001s keepalive: conn.writeControl(ping)
      15.003s reader: conn.setReadDeadline(45000000)
      30.001s keepalive: conn.writeControl(ping)
      45.001s keepalive: conn.writeControl(ping)
      60.001s keepalive: conn.writeControl(ping)
      60.003s handler: conn.expireReadDeadline()
      60.003s handler: conn.writeControl(close)
      60.003s handler: conn.close()
      60.003s handler: shell.unsubscribe()
      60.003s handler: slot.markDisconnected(1)"
    `);
  });

  test('a process that ends with output on its way: unsubscribe, drain, exit frame, 1000; then no 1001', () => {
    expect(
      callsOf({ 'shell exits #1': '5s', 'shell stdout written #1': '5s', 'shell stdout burst #1': 'line' }),
    ).toMatchInlineSnapshot(`
      "1ms handler: request.lookUp()
      1ms handler: slot.markConnected(1)
      1ms handler: request.upgrade()
      1ms handler: conn.setReadLimit(1048576)
      1ms handler: conn.setReadDeadline(45000000)
      1ms handler: conn.setPongHandler()
      1ms handler: shell.subscribe(1)
      1ms reader: conn.readMessage()
      5s stdout pump: conn.setWriteDeadline(20000000)
      5s stdout pump: conn.writeMessage(stdout)
      5s handler: shell.unsubscribe()
      5s handler: conn.setWriteDeadline(20000000)
      5s handler: conn.writeMessage(exit)
      5s handler: conn.writeControl(close)
      5s handler: conn.expireReadDeadline()
      5s handler: conn.close()
      5s handler: shell.unsubscribe()
      5s handler: slot.markDisconnected(1)"
    `);
  });

  test('data re-arms before it is handled, inline; refused input makes an error frame and goes on', () => {
    const typed = { 'client 1 types 1st time #1': '5s', 'shell stdin write #1': 'fails', ...dies('6s', 'exits') };
    expect(callsOf(typed)).toMatchInlineSnapshot(`
      "1ms handler: request.lookUp()
      1ms handler: slot.markConnected(1)
      1ms handler: request.upgrade()
      1ms handler: conn.setReadLimit(1048576)
      1ms handler: conn.setReadDeadline(45000000)
      1ms handler: conn.setPongHandler()
      1ms handler: shell.subscribe(1)
      1ms reader: conn.readMessage()
      5.002s reader: conn.setReadDeadline(45000000)
      5.002s reader: shell.writeStdin(64)
      5.002s reader: conn.setWriteDeadline(20000000)
      5.002s reader: conn.writeMessage(error)
      5.002s reader: conn.readMessage()
      6.002s handler: conn.expireReadDeadline()
      6.002s handler: conn.writeControl(close)
      6.002s handler: conn.close()
      6.002s handler: shell.unsubscribe()
      6.002s handler: slot.markDisconnected(1)"
    `);
  });

  test('the deadline of a data write is set when the mutex is held', () => {
    const decided = {
      'shell stdout written #1': '5s',
      'shell stderr written #1': '5s',
      'shell stderr burst #1': 'line',
    };
    expect(callsOf({ ...decided, ...dies('4.9s') }).replaceAll(/^(?!5s|25s).*\n/gm, '')).toMatchInlineSnapshot(`
      "5s stdout pump: conn.setWriteDeadline(20000000)
      5s stdout pump: conn.writeMessage(stdout)
      5s stdout pump: conn.setWriteDeadline(20000000)
      5s stdout pump: conn.writeMessage(stdout)
      5s stdout pump: conn.setWriteDeadline(20000000)
      5s stdout pump: conn.writeMessage(stdout)
      5s stdout pump: conn.setWriteDeadline(20000000)
      5s stdout pump: conn.writeMessage(stdout)
      5s stdout pump: conn.setWriteDeadline(20000000)
      5s stdout pump: conn.writeMessage(stdout)
      5s stderr pump: waits for runner session 1 writeMu {"heldBy":"runner session 1 stdout pump"}
      25s stderr pump: conn.setWriteDeadline(20000000)
      25s stderr pump: conn.writeMessage(stderr)
      25s handler: conn.expireReadDeadline()
      25s keepalive: conn.writeControl(ping)
      25s handler: conn.writeControl(close)
      25s handler: conn.close()
      25s handler: shell.unsubscribe()
      25s handler: slot.markDisconnected(1)"
    `);
  });

  test('a reader that was busy when the session was cancelled does not read again', () => {
    const decided = {
      'shell stops reading stdin #1': '4s',
      'client 1 types 1st time #1': '5s',
      'shell stdout written #1': '6s',
      'shell reads stdin again #1': '30s',
    };
    expect(
      callsOf({ ...decided, ...dies('5.5s', 'goes deaf') }).replaceAll(/^.* stdout pump.*\n/gm, ''),
    ).toMatchInlineSnapshot(`
      "1ms handler: request.lookUp()
      1ms handler: slot.markConnected(1)
      1ms handler: request.upgrade()
      1ms handler: conn.setReadLimit(1048576)
      1ms handler: conn.setReadDeadline(45000000)
      1ms handler: conn.setPongHandler()
      1ms handler: shell.subscribe(1)
      1ms reader: conn.readMessage()
      5.002s reader: conn.setReadDeadline(45000000)
      5.002s reader: shell.writeStdin(64)
      26s keepalive: conn.writeControl(ping)
      26s handler: conn.expireReadDeadline()
      34s handler: conn.writeControl(close)
      34s handler: conn.close()
      34s handler: shell.unsubscribe()
      34s handler: slot.markDisconnected(1)"
    `);
  });

  test('refused requests stop where they are refused', () => {
    expect(callsOf({ 'runner session 1 lookup #1': 'gone' })).toMatchInlineSnapshot(`
      "1ms handler: request.lookUp()
      1ms handler: request.refuse(404)"
    `);
    expect(callsOf({ 'runner session 1 upgrade #1': 'fails' })).toMatchInlineSnapshot(`
      "1ms handler: request.lookUp()
      1ms handler: slot.markConnected(1)
      1ms handler: request.upgrade()
      1ms handler: slot.markDisconnected(1)
      1ms handler: request.refuse(500)"
    `);
  });
});

describe('entry', () => {
  test('a process that is not there is a 404, and nothing was taken', () => {
    const run = play('pong-deadline', DIRECT, { 'runner session 1 lookup #1': 'gone' });
    expect(story(run.trace)).toMatchInlineSnapshot(`
      "1ms handler: handler returns {"session":1,"holdsSlot":false}
      1ms runner: session empty {"session":1}
      2ms client 1: attach answered {"status":404}"
    `);
  });

  test('a slot that is taken is a 409, before any upgrade', () => {
    const decided = { 'client 2 comes early #1': '10s', 'runner session 2 upgrade #1': 'fails' };
    const run = replay(new Subject(attach, 'pong-deadline', DIRECT), new Map(Object.entries(decided)));
    expect(run.stale).toEqual([{ decision: 'runner session 2 upgrade #1', why: 'was never asked' }]);
    const upTo = run.trace.findIndex((event) => event.lane === 'client 2') + 1;
    expect(story(run.trace.slice(0, upTo))).toMatchInlineSnapshot(`
      "1ms slot: slot taken {"session":1}
      1ms handler: read deadline armed {"session":1,"by":"start"}
      2ms client 1: attach answered {"status":101}
      10.001s slot: attach refused {"session":2,"holders":1}
      10.001s runner session 2 handler: handler returns {"session":2,"holdsSlot":false}
      10.001s runner: session empty {"session":2}
      10.002s client 2: attach answered {"status":409}"
    `);
  });

  test('a failed upgrade releases the slot before the client hears of it', () => {
    const run = play('pong-deadline', DIRECT, { 'runner session 1 upgrade #1': 'fails' });
    expect(story(run.trace.filter((event) => event.at <= 2000))).toMatchInlineSnapshot(`
      "1ms slot: slot taken {"session":1}
      1ms slot: slot released {"session":1,"byHolder":true}
      1ms handler: handler returns {"session":1,"holdsSlot":false}
      1ms runner: session empty {"session":1}
      2ms client 1: attach answered {"status":500}"
    `);
  });
});

describe('a live client', () => {
  test('6 of 6 pings are answered, one each 15 s, the first 15 s after the start; each pong re-arms', () => {
    const run = play('pong-deadline', { ...DIRECT, balancerIdle: '5s' });
    expect(story(run.trace)).toMatchInlineSnapshot(`
      "1ms slot: slot taken {"session":1}
      1ms handler: read deadline armed {"session":1,"by":"start"}
      2ms client 1: attach answered {"status":101}
      15.001s keepalive: ping sent
      15.002s client 1: answers ping
      15.003s runner: arrives {"session":1,"frame":"pong"}
      15.003s reader: read deadline armed {"session":1,"by":"pong"}
      30.001s keepalive: ping sent
      30.002s client 1: answers ping
      30.003s runner: arrives {"session":1,"frame":"pong"}
      30.003s reader: read deadline armed {"session":1,"by":"pong"}
      45.001s keepalive: ping sent
      45.002s client 1: answers ping
      45.003s runner: arrives {"session":1,"frame":"pong"}
      45.003s reader: read deadline armed {"session":1,"by":"pong"}
      60.001s keepalive: ping sent
      60.002s client 1: answers ping
      60.003s runner: arrives {"session":1,"frame":"pong"}
      60.003s reader: read deadline armed {"session":1,"by":"pong"}
      75.001s keepalive: ping sent
      75.002s client 1: answers ping
      75.003s runner: arrives {"session":1,"frame":"pong"}
      75.003s reader: read deadline armed {"session":1,"by":"pong"}
      90.001s keepalive: ping sent
      90.002s client 1: answers ping
      90.003s runner: arrives {"session":1,"frame":"pong"}
      90.003s reader: read deadline armed {"session":1,"by":"pong"}"
    `);
    expect(run.end.why).toBe('finished');
  });

  test('the same at the 50 ms of the test of #516', () => {
    const run = play('pong-deadline', { ...DIRECT, interval: '50ms', latency: '10us..1ms', balancerIdle: '10ms' });
    const pings = run.trace.filter((event) => event.name === 'ping sent').map((event) => time(event.at));
    const pongs = run.trace.filter((event) => event.name === 'arrives').map((event) => time(event.at));
    expect(pings).toEqual(['50.01ms', '100.01ms', '150.01ms', '200.01ms', '250.01ms', '300.01ms']);
    expect(pongs).toEqual(['50.03ms', '100.03ms', '150.03ms', '200.03ms', '250.03ms', '300.03ms']);
    expect(find(run, 'slot released')).toBeUndefined();
  });

  describe('is promised its session where interval + 2 x latency + answer < pongWait', () => {
    /** With this pongWait, each pong arrives 45 s after the start: 15 s, and two latencies of 15 s. */
    const settings = (pongWait: string): Settings => ({ ...DIRECT, latency: '15s', answer: '0', pongWait });

    /** Whether it is evicted before the story is over, for many orders of what is due at the same instant. */
    const fates = (pongWait: string): ReadonlySet<string> => {
      const subject = new Subject(attach, 'pong-deadline', settings(pongWait));
      const seen = new Set<string>();
      for (let seed = 1; seed <= 60; seed++) {
        const strategy = new RandomOrders(seed);
        const at = releasedAt(record(subject, () => strategy));
        seen.add(at === Infinity ? 'spared' : `evicted at ${time(at)}`);
      }
      return seen;
    };

    test('at equality pong and deadline are due at the same instant: spared if the pong goes first', () => {
      const run = play('pong-deadline', settings('45s'), {
        [`tie: instead of ${READ_DEADLINE} #1`]: `${TO_RUNNER} ack`,
        [`tie: instead of ${READ_DEADLINE} #2`]: `${TO_RUNNER} pong`,
      });
      expect(releasedAt(run)).toBe(Infinity);
    });

    test('and evicted if the deadline does', () => {
      const run = play('pong-deadline', settings('45s'));
      expect(story(run.trace.filter((event) => event.at === 60_000_000))).toMatchInlineSnapshot(`
        "60s reader: fails {"session":1,"cause":"read: i/o timeout"}
        60s handler: session ends {"session":1}
        60s handler: close frame {"code":1001}
        60s slot: slot released {"session":1,"byHolder":true}
        60s handler: handler returns {"session":1,"holdsSlot":false}
        60s runner: session empty {"session":1}
        60s runner: arrives {"session":1,"frame":"pong"}
        60s client 1: answers ping"
      `);
    });

    test('one tick less of the left side, and it is spared in every order', () => {
      expect(fates('45.000001s')).toEqual(new Set(['spared']));
    });

    test('at equality, both', () => {
      expect(fates('45s')).toEqual(new Set(['spared', 'evicted at 60s']));
    });

    test('one tick more, and it is evicted in every order', () => {
      expect(fates('44.999999s')).toEqual(new Set(['evicted at 59.999999s']));
    });
  });
});

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

describe('the process ends', () => {
  test('drained: exit frame, then close 1000, and the client gets both', () => {
    const run = play('pong-deadline', DIRECT, { 'shell exits #1': '5s', 'shell stdout written #1': '5s' });
    expect(story(run.trace.filter((event) => event.at < 6_000_000))).toMatchInlineSnapshot(`
      "1ms slot: slot taken {"session":1}
      1ms handler: read deadline armed {"session":1,"by":"start"}
      2ms client 1: attach answered {"status":101}
      5s shell: output {"stream":"stdout","burst":"flood","chunks":24}
      5s stdout pump: frame written {"frame":"stdout"}
      5s stdout pump: frame written {"frame":"stdout"}
      5s stdout pump: frame written {"frame":"stdout"}
      5s stdout pump: frame written {"frame":"stdout"}
      5s stdout pump: write blocks {"frame":"stdout","why":"send buffer full"}
      5s shell: process exits
      5s handler: clean exit {"session":1}
      5.002s stdout pump: frame written {"frame":"stdout"}
      5.002s stdout pump: write blocks {"frame":"stdout","why":"send buffer full"}
      5.002s stdout pump: frame written {"frame":"stdout"}
      5.002s stdout pump: write blocks {"frame":"stdout","why":"send buffer full"}
      5.002s stdout pump: frame written {"frame":"stdout"}
      5.002s stdout pump: write blocks {"frame":"stdout","why":"send buffer full"}
      5.002s stdout pump: frame written {"frame":"stdout"}
      5.002s stdout pump: write blocks {"frame":"stdout","why":"send buffer full"}
      5.004s stdout pump: frame written {"frame":"stdout"}
      5.004s stdout pump: write blocks {"frame":"stdout","why":"send buffer full"}
      5.004s stdout pump: frame written {"frame":"stdout"}
      5.004s stdout pump: write blocks {"frame":"stdout","why":"send buffer full"}
      5.004s stdout pump: frame written {"frame":"stdout"}
      5.004s stdout pump: write blocks {"frame":"stdout","why":"send buffer full"}
      5.004s stdout pump: frame written {"frame":"stdout"}
      5.004s stdout pump: write blocks {"frame":"stdout","why":"send buffer full"}
      5.006s stdout pump: frame written {"frame":"stdout"}
      5.006s stdout pump: write blocks {"frame":"stdout","why":"send buffer full"}
      5.006s stdout pump: frame written {"frame":"stdout"}
      5.006s stdout pump: write blocks {"frame":"stdout","why":"send buffer full"}
      5.006s stdout pump: frame written {"frame":"stdout"}
      5.006s stdout pump: write blocks {"frame":"stdout","why":"send buffer full"}
      5.006s stdout pump: frame written {"frame":"stdout"}
      5.006s stdout pump: write blocks {"frame":"stdout","why":"send buffer full"}
      5.008s stdout pump: frame written {"frame":"stdout"}
      5.008s stdout pump: write blocks {"frame":"stdout","why":"send buffer full"}
      5.008s stdout pump: frame written {"frame":"stdout"}
      5.008s stdout pump: write blocks {"frame":"stdout","why":"send buffer full"}
      5.008s stdout pump: frame written {"frame":"stdout"}
      5.008s stdout pump: write blocks {"frame":"stdout","why":"send buffer full"}
      5.008s stdout pump: frame written {"frame":"stdout"}
      5.008s stdout pump: write blocks {"frame":"stdout","why":"send buffer full"}
      5.01s stdout pump: frame written {"frame":"stdout"}
      5.01s stdout pump: write blocks {"frame":"stdout","why":"send buffer full"}
      5.01s stdout pump: frame written {"frame":"stdout"}
      5.01s stdout pump: write blocks {"frame":"stdout","why":"send buffer full"}
      5.01s stdout pump: frame written {"frame":"stdout"}
      5.01s stdout pump: write blocks {"frame":"stdout","why":"send buffer full"}
      5.01s stdout pump: frame written {"frame":"stdout"}
      5.01s handler: write blocks {"frame":"exit","why":"send buffer full"}
      5.012s handler: frame written {"frame":"exit"}
      5.012s handler: close frame {"code":1000}
      5.012s handler: session ends {"session":1}
      5.012s slot: slot released {"session":1,"byHolder":true}
      5.012s handler: handler returns {"session":1,"holdsSlot":false}
      5.012s runner: session empty {"session":1}
      5.013s client 1: gets exit frame
      5.013s client 1: sees the end {"how":"close 1000","session":1,"condition":"promised","processExited":true,"gotExit":true}
      5.014s runner: arrives {"session":1,"frame":"close"}"
    `);
  });

  test('not drained after 2 s: close 1011, and no exit frame', () => {
    const slow = { ...DIRECT, latency: '500ms' };
    const run = play('pong-deadline', slow, { 'shell stdout written #1': '10s', 'shell exits #1': '10.1s' });
    const names = ['process exits', 'clean exit', 'not drained', 'close frame', 'slot released', 'sees the end'];
    expect(story(run.trace.filter((event) => names.includes(event.name)).slice(0, 6))).toMatchInlineSnapshot(`
      "10.1s shell: process exits
      10.1s handler: clean exit {"session":1}
      12.1s handler: not drained {"session":1}
      13s handler: close frame {"code":1011}
      13s slot: slot released {"session":1,"byHolder":true}
      13.5s client 1: sees the end {"how":"close 1011","session":1,"condition":"promised","processExited":true,"gotExit":false}"
    `);
    const written = firstSession(run).filter((event) => event.name === 'frame written');
    expect(new Set(written.map((event) => JSON.stringify(event.data)))).toEqual(new Set(['{"frame":"stdout"}']));
  });

  test('both at once, the end and a failed reader: either is handled', () => {
    const both = { ...dies('5s', 'exits'), 'shell exits #1': '5.002s' };
    const firstly = (decided: Decided) => {
      const run = play('pong-deadline', DIRECT, decided);
      return run.trace.find((event) => event.name === 'clean exit' || event.name === 'session ends')?.name;
    };
    expect(firstly(both)).toBe('clean exit');
    expect(firstly({ ...both, 'tie: instead of shell exits #1': `${TO_RUNNER} fin` })).toBe('session ends');
  });
});

describe('a dead client', () => {
  test('the test of #516: interval 50 ms, pings are swallowed: MarkDisconnected after exactly 150 ms, within 1.5 s', () => {
    const settings = { ...DIRECT, interval: '50ms', latency: '10us..1ms', answer: '0..1ms' };
    for (const kind of ['goes mute', 'freezes', 'goes deaf', 'vanishes'] as const) {
      const run = play('pong-deadline', settings, dies('0', kind));
      const [taken, released] = [find(run, 'slot taken')?.at ?? Number.NaN, releasedAt(run)];
      expect([kind, time(released - taken)]).toEqual([kind, '150ms']);
      expect(released - taken).toBeLessThanOrEqual(1_500_000);
    }
  });

  test('it comes back: 409 until the slot is released, then it is let in', () => {
    const run = play('reference', DIRECT, { ...dies('20s'), 'client 2 comes early #1': '30s' });
    const names = ['client dead', 'slot taken', 'attach refused', 'attach answered', 'slot released'];
    expect(story(run.trace.filter((event) => names.includes(event.name)))).toMatchInlineSnapshot(`
      "1ms slot: slot taken {"session":1}
      2ms client 1: attach answered {"status":101}
      20.001s client 1: client dead {"session":1,"kind":"vanishes","hops":1,"attached":true}
      35.002s slot: attach refused {"session":2,"holders":1}
      35.003s client 2: attach answered {"status":409}
      50.004s slot: attach refused {"session":3,"holders":1}
      50.005s client 2: attach answered {"status":409}
      60.003s slot: slot released {"session":1,"byHolder":true}
      80.006s slot: slot taken {"session":4}
      80.007s client 2: attach answered {"status":101}
      95.008s slot: slot released {"session":4,"byHolder":true}"
    `);
  });

  /** From the end at 20 s after the connection was made to the release of the slot, by kind. */
  const evictions = (variant: string, path: string) =>
    Object.fromEntries(
      DEATHS.map((kind) => {
        const run = play(variant, { path }, dies('20s', kind));
        const end = run.trace.find((event) => ['client dead', 'stalls', 'leaves'].includes(event.name));
        const released = releasedAt(run);
        return [kind, released === Infinity ? 'never' : time(released - (end?.at ?? Number.NaN))];
      }),
    );

  // The last pong came at 15.003 s, so a silent client is evicted at 60.003 s; the client's end is at 20.001 s.
  test('each kind of end, and when the reference releases the slot', () => {
    expect(evictions('reference', 'direct')).toMatchInlineSnapshot(`
      {
        "exits": "1ms",
        "exits, FIN swallowed": "1ms",
        "freezes": "40.002s",
        "goes deaf": "40.002s",
        "goes mute": "40.002s",
        "is reset": "1ms",
        "says goodbye": "1ms",
        "stalls": "never",
        "vanishes": "40.002s",
      }
    `);
    expect(evictions('reference', 'balanced')).toMatchInlineSnapshot(`
      {
        "exits": "2ms",
        "exits, FIN swallowed": "40.004s",
        "freezes": "40.004s",
        "goes deaf": "40.004s",
        "goes mute": "40.004s",
        "is reset": "2ms",
        "says goodbye": "2ms",
        "stalls": "never",
        "vanishes": "40.004s",
      }
    `);
  });

  test('ping-only holds the slot of a silent client for more than 900 s, of a frozen one for ever', () => {
    expect(evictions('ping-only', 'direct')).toMatchInlineSnapshot(`
      {
        "exits": "1ms",
        "exits, FIN swallowed": "1ms",
        "freezes": "never",
        "goes deaf": "934.6s",
        "goes mute": "934.6s",
        "is reset": "1ms",
        "says goodbye": "1ms",
        "stalls": "never",
        "vanishes": "934.6s",
      }
    `);
    expect(evictions('ping-only', 'balanced')).toMatchInlineSnapshot(`
      {
        "exits": "2ms",
        "exits, FIN swallowed": "never",
        "freezes": "never",
        "goes deaf": "934.602s",
        "goes mute": "934.602s",
        "is reset": "2ms",
        "says goodbye": "2ms",
        "stalls": "never",
        "vanishes": "934.602s",
      }
    `);
    const run = play('ping-only', DIRECT, dies('20s'));
    // The first ping that is lost goes out at 30.001 s; 924.6 s later the kernel gives up.
    expect(time(releasedAt(run))).toBe('954.601s');
    expect(time(releasedAt(play('ping-only', DIRECT, { ...dies('20s'), [`${GIVES_UP} #2`]: '940s' })))).toBe(
      '970.001s',
    );
  });

  test('no-ping never notices, but for what tears the connection down', () => {
    expect(evictions('no-ping', 'direct')).toMatchInlineSnapshot(`
      {
        "exits": "1ms",
        "exits, FIN swallowed": "1ms",
        "freezes": "never",
        "goes deaf": "never",
        "goes mute": "never",
        "is reset": "1ms",
        "says goodbye": "1ms",
        "stalls": "never",
        "vanishes": "never",
      }
    `);
    expect(evictions('no-ping', 'balanced')).toMatchInlineSnapshot(`
      {
        "exits": "2ms",
        "exits, FIN swallowed": "40.001s",
        "freezes": "40.001s",
        "goes deaf": "40.001s",
        "goes mute": "40.001s",
        "is reset": "2ms",
        "says goodbye": "2ms",
        "stalls": "40.001s",
        "vanishes": "40.001s",
      }
    `);
  });

  describe('output floods a dead client in the instant before its deadline', () => {
    /** Dies as soon as its first pong is on its way; the flood fills the send buffer 45 s after that pong arrived. */
    const flood = { ...dies('15.001001s'), 'shell stdout written #1': '60.003s' };
    const spans = (run: RecordedRun) => {
      const pong = run.trace.findLast((event) => event.name === 'read deadline armed' && sessionOf(event) === 1);
      const [from, dead] = [pong?.at ?? Number.NaN, find(run, 'client dead')?.at ?? Number.NaN];
      const released = releasedAt(run);
      return { sinceLastFrame: time(released - from), sinceDeath: time(released - dead) };
    };

    test('#516: the write holds the mutex for its 20 s, the teardown waits, and the slot is free after 65 s', () => {
      const run = play('pong-deadline', DIRECT, flood);
      expect(spans(run)).toEqual({ sinceLastFrame: '65s', sinceDeath: '65.000999s' });
      expect(run.violations.map((violation) => violation.property)).toEqual([
        'dead-client-evicted',
        'silence-evicted',
        'next-client-let-in',
      ]);
      expect(
        story(firstSession(run).filter((event) => event.at >= 60_000_000 && event.lane !== 'slot')),
      ).toMatchInlineSnapshot(`
        "60.001s keepalive: ping sent
        60.003s shell: output {"stream":"stdout","burst":"flood","chunks":24}
        60.003s stdout pump: frame written {"frame":"stdout"}
        60.003s stdout pump: frame written {"frame":"stdout"}
        60.003s stdout pump: frame written {"frame":"stdout"}
        60.003s stdout pump: write blocks {"frame":"stdout","why":"send buffer full"}
        60.003s reader: fails {"session":1,"cause":"read: i/o timeout"}
        60.003s handler: session ends {"session":1}
        60.003s handler: waits for runner session 1 writeMu {"heldBy":"runner session 1 stdout pump"}
        75.007001s runner session 4 handler: handler returns {"session":4,"holdsSlot":false}
        75.007001s runner: session empty {"session":4}
        75.008001s client 2: attach answered {"status":409}
        80.003s stdout pump: write failed {"frame":"stdout","err":"i/o timeout"}
        80.003s stdout pump: fails {"session":1,"cause":"stdout write: i/o timeout"}
        80.003s handler: close frame {"code":1001,"err":"i/o timeout"}
        80.003s handler: handler returns {"session":1,"holdsSlot":false}
        80.003s runner: session empty {"session":1}"
      `);
    });

    test('#516: the handler waits for a ping that waits for the mutex, and that ping fails without a word', () => {
      const run = play('pong-deadline', DIRECT, { ...flood, 'shell stdout written #1': '60s' });
      expect(
        story(firstSession(run).filter(({ at, lane }) => at >= 60_000_000 && lane.includes('session 1'))),
      ).toMatchInlineSnapshot(`
        "60s stdout pump: frame written {"frame":"stdout"}
        60s stdout pump: frame written {"frame":"stdout"}
        60s stdout pump: frame written {"frame":"stdout"}
        60s stdout pump: write blocks {"frame":"stdout","why":"send buffer full"}
        60.001s keepalive: ping waits {"for":"runner session 1 stdout pump"}
        60.001s keepalive: waits for runner session 1 writeMu {"heldBy":"runner session 1 stdout pump"}
        60.003s reader: fails {"session":1,"cause":"read: i/o timeout"}
        60.003s handler: session ends {"session":1}
        80s stdout pump: write failed {"frame":"stdout","err":"i/o timeout"}
        80s stdout pump: fails {"session":1,"cause":"stdout write: i/o timeout"}
        80s keepalive: ping failed {"err":"i/o timeout"}
        80s handler: close frame {"code":1001,"err":"i/o timeout"}
        80s handler: handler returns {"session":1,"holdsSlot":false}"
      `);
    });

    test('the reference: closing the connection wakes the writer, and the slot is free after 45 s', () => {
      const run = play('reference', DIRECT, flood);
      expect(spans(run)).toEqual({ sinceLastFrame: '45s', sinceDeath: '45.000999s' });
      expect(run.violations).toEqual([]);
    });
  });
});

describe('the 20 s of a write begin when the mutex is held', () => {
  /** A chunk fills the send buffer and is acknowledged 18 s later, so two that follow each other take 36 s. */
  const slow = { ...DIRECT, latency: '9s', answer: '0', chunk: '16384', pongWait: '300s' };
  const writes = (settings: Settings, decided: Decided) => {
    const run = play('pong-deadline', settings, { 'shell stdout written #1': '23.5s', ...decided });
    const events = run.trace.filter(({ at, lane }) => at >= 24_000_000 && at < 60_000_000 && /session 1/.test(lane));
    return story(events.filter(({ name }) => !name.startsWith('write blocks')));
  };

  test('a ping that waited 17.5 s for the mutex has all of them', () => {
    expect(writes(slow, {})).toMatchInlineSnapshot(`
      "24s keepalive: ping waits {"for":"runner session 1 stdout pump"}
      24s keepalive: waits for runner session 1 writeMu {"heldBy":"runner session 1 stdout pump"}
      41.5s stdout pump: frame written {"frame":"stdout"}
      41.5s stdout pump: waits for runner session 1 writeMu {"heldBy":"runner session 1 keepalive"}
      59.5s keepalive: ping sent
      59.5s keepalive: ping waits {"for":"runner session 1 stdout pump"}
      59.5s keepalive: waits for runner session 1 writeMu {"heldBy":"runner session 1 stdout pump"}"
    `);
  });

  test('so has a data write', () => {
    const decided = { 'shell stderr written #1': '24s', 'shell stderr burst #1': 'line' };
    expect(writes({ ...slow, interval: '100s' }, decided)).toMatchInlineSnapshot(`
      "24s stderr pump: waits for runner session 1 writeMu {"heldBy":"runner session 1 stdout pump"}
      41.5s stdout pump: frame written {"frame":"stdout"}
      41.5s stdout pump: waits for runner session 1 writeMu {"heldBy":"runner session 1 stderr pump"}
      59.5s stderr pump: frame written {"frame":"stderr"}"
    `);
  });

  test('so has a close frame', () => {
    expect(writes({ ...slow, interval: '100s' }, { 'shell exits #1': '23.6s' })).toMatchInlineSnapshot(`
      "25.6s handler: not drained {"session":1}
      25.6s handler: waits for runner session 1 writeMu {"heldBy":"runner session 1 stdout pump"}
      41.5s stdout pump: frame written {"frame":"stdout"}
      41.5s stdout pump: waits for runner session 1 writeMu {"heldBy":"runner session 1 handler"}
      59.5s handler: close frame {"code":1011}
      59.5s handler: session ends {"session":1}
      59.5s stdout pump: write failed {"frame":"stdout","err":"close sent"}
      59.5s stdout pump: fails {"session":1,"cause":"stdout write: close sent"}
      59.5s handler: handler returns {"session":1,"holdsSlot":false}"
    `);
  });
});

describe('time has no scale', () => {
  /** The same model with every length of time divided. */
  const scaled = (by: number, base: Readonly<Record<string, readonly number[]>>): Settings =>
    Object.fromEntries(
      Object.entries(base).map(([name, lengths]) => [name, lengths.map((ticks) => time(ticks / by)).join('..')]),
    );
  const REAL = {
    interval: [15_000_000],
    writeDeadline: [20_000_000],
    drainBound: [2_000_000],
    latency: [1000, 100_000],
    answer: [0, 100_000],
    balancerIdle: [60_000_000],
    giveUp: [924_600_000, 940_000_000],
    retry: [15_000_000],
    retryMax: [30_000_000],
  };
  // A 300th of 20 s, 2 s, 1 ms, 100 ms and 940 s is no whole number of microseconds.
  const FOR_300 = {
    ...REAL,
    writeDeadline: [21_000_000],
    drainBound: [3_000_000],
    latency: [3000, 90_000],
    answer: [0, 90_000],
    giveUp: [924_600_000, 939_900_000],
  };

  const SCHEDULES: Readonly<Record<string, Readonly<Record<string, number | string>>>> = {
    'a client that vanishes under a flood': {
      'client 1 end #1': 15_000_000 + 3000,
      'shell stdout written #1': 59_985_000,
      'client 2 comes early #1': 30_000_000,
    },
    'a process that ends': { 'shell stderr written #1': 12_000_000, 'shell exits #1': 30_000_000 },
    'a client that types, pings and freezes': {
      'client 1 types 1st time #1': 6_000_000,
      'client 1 pings time #1': 9_000_000,
      'client 1 end #1': 24_000_000,
      'client 1 kind of end #1': 'freezes',
    },
  };

  test.for([
    { by: 250, base: REAL },
    { by: 300, base: FOR_300 },
  ])('all durations divided by $by: the same events, at times divided by $by', ({ by, base }) => {
    for (const variant of ['ping-only', 'pong-deadline', 'reference']) {
      for (const [name, schedule] of Object.entries(SCHEDULES)) {
        const run = (divisor: number) => {
          const decided = Object.entries(schedule).map(([decision, value]) => [
            decision,
            typeof value === 'number' ? value / divisor : value,
          ]);
          return play(variant, { path: 'direct', ...scaled(divisor, base) }, Object.fromEntries(decided));
        };
        const large = run(1);
        const small = run(by);
        expect(large.trace.length, `${variant}, ${name}`).toBeGreaterThan(20);
        expect(
          small.trace.map((event) => ({ ...event, at: event.at * by })),
          `${variant}, ${name}`,
        ).toEqual(large.trace);
      }
    }
  });
});
