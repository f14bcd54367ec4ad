import { describe, expect, test } from 'vitest';
import { client } from '../../models/client/model.ts';
import { type Replayed, replay } from '../../src/engine/replay.ts';
import { type RecordedRun, Subject } from '../../src/engine/run.ts';
import type { TraceEvent } from '../../src/engine/trace.ts';
import { formatDuration } from '../../src/model/duration-text.ts';
import type { Settings } from '../../src/model/parameters.ts';
import type { Decided } from '../support/toy.ts';

/** The model's tick. */
const TICK_NS = 1000;
/** The client has its first session 2 ms after the start; what is decided about the story counts from there. */
const OUTPUT_AT_ONCE: Decided = { 'output written #1': '0' };

const time = (ticks: number): string => formatDuration(ticks, TICK_NS);

function play(variant: string, decided: Decided = {}, settings: Settings = {}): Replayed {
  const run = replay(new Subject(client, variant, settings), new Map(Object.entries(decided)));
  expect(run.stale).toEqual([]);
  return run;
}

/** Events as text, some of them if names are given. */
function story(run: RecordedRun, ...names: readonly string[]): string {
  return run.trace
    .filter(({ name }) => names.length === 0 || names.includes(name))
    .map(({ at, name, data }) => `${time(at)} ${name}${data === undefined ? '' : ` ${JSON.stringify(data)}`}`)
    .join('\n');
}

function find(run: RecordedRun, name: string): TraceEvent | undefined {
  return run.trace.find((event) => event.name === name);
}

/** When it happens for the first time, or `never`. */
function at(run: RecordedRun, name: string): string {
  const event = find(run, name);
  return event === undefined ? 'never' : time(event.at);
}

function dataOf(run: RecordedRun, name: string): readonly Readonly<Record<string, unknown>>[] {
  return run.trace
    .filter((event) => event.name === name)
    .map((event) => event.data as Readonly<Record<string, unknown>>);
}

function struck(after: string, kind = 'cut'): Decided {
  return { 'strike time #1': after, ...(kind === 'cut' ? {} : { 'kind of strike #1': kind }) };
}

function ends(after: string, kind = 'dies'): Decided {
  return { 'runner ends time #1': after, ...(kind === 'dies' ? {} : { 'kind of end #1': kind }) };
}

describe('a session', () => {
  test('of a silent process: the runner pings after 15 s, then each 15 s; the earlier client only answers', () => {
    const run = play('earlier-pong-deadline');
    expect(story(run)).toMatchInlineSnapshot(`
      "0 asks to attach {"connection":1,"toldGone":false}
      1ms slot taken {"connection":1}
      2ms attach answered {"connection":1,"answer":"101","before":""}
      15.002s hears {"frame":"ping"}
      30.002s hears {"frame":"ping"}
      45.002s hears {"frame":"ping"}
      60.002s hears {"frame":"ping"}
      75.002s hears {"frame":"ping"}
      90.002s hears {"frame":"ping"}"
    `);
    expect(run.end.why).toBe('finished');
  });

  test('the later client pings when the first frame comes, and each 15 s after that', () => {
    expect(story(play('later-serve', {}, { watchdog: '15s' }), 'hears', 'sends')).toMatchInlineSnapshot(`
      "2ms hears {"frame":"ping"}
      2ms sends {"frame":"ping"}
      4ms hears {"frame":"pong"}
      15.002s sends {"frame":"ping"}
      15.002s hears {"frame":"ping"}
      15.004s hears {"frame":"pong"}
      30.002s sends {"frame":"ping"}
      30.002s hears {"frame":"ping"}
      30.004s hears {"frame":"pong"}"
    `);
  });

  test('once a frame was seen, the next session begins with a ping', () => {
    const run = play('later-pong-deadline', { ...OUTPUT_AT_ONCE, ...struck('20s', 'reset') });
    expect(story(run, 'hears', 'sends', 'attach answered').split('\n').slice(0, 8).join('\n')).toMatchInlineSnapshot(`
      "2ms attach answered {"connection":1,"answer":"101","before":""}
      3ms hears {"frame":"stdout"}
      3ms sends {"frame":"ping"}
      5ms hears {"frame":"pong"}
      15.002s hears {"frame":"ping"}
      15.003s sends {"frame":"ping"}
      15.005s hears {"frame":"pong"}
      35.006s attach answered {"connection":3,"answer":"101","before":"101"}"
    `);
  });

  test('a pong may be late, and then it is for the latest ping: two pings are out, one pong comes', () => {
    const run = play('later-pong-deadline', { ...OUTPUT_AT_ONCE, 'runner session 1 pong due #1': '20s' });
    const upTo35s = { ...run, trace: run.trace.filter((event) => event.at < 35_000_000) };
    expect(story(upTo35s, 'sends', 'hears')).toMatchInlineSnapshot(`
      "3ms hears {"frame":"stdout"}
      3ms sends {"frame":"ping"}
      15.002s hears {"frame":"ping"}
      15.003s sends {"frame":"ping"}
      20.005s hears {"frame":"pong"}
      30.002s hears {"frame":"ping"}
      30.003s sends {"frame":"ping"}
      30.005s hears {"frame":"pong"}"
    `);
  });

  test('ends with the exit frame, which is reported at once', () => {
    expect(story(play('later-pong-deadline', { 'process exits #1': '5s' }))).toMatchInlineSnapshot(`
      "0 asks to attach {"connection":1,"toldGone":false}
      1ms slot taken {"connection":1}
      2ms attach answered {"connection":1,"answer":"101","before":""}
      5.002s process exits
      5.002s exit owed
      5.002s slot released {"connection":1}
      5.003s hears {"frame":"exit"}
      5.003s session over {"connection":1,"cause":"exit frame","heard":true,"healthy":false}
      5.003s exit settled {"how":"reported"}
      5.003s pump returns {"result":"exit","why":"frame","runnerLives":true,"ticksSlept":0,"answer":"101"}
      5.003s client empty"
    `);
  });

  test('goes on after an error frame', () => {
    const refused = { 'types 1st time #1': '5s', 'runner session 1 stdin write #1': 'fails' };
    const run = play('earlier-pong-deadline', refused);
    expect(story(run, 'input', 'sends', 'hears').split('\n').slice(0, 3).join('\n')).toMatchInlineSnapshot(`
      "5.002s input {"type":"stdin"}
      5.002s sends {"frame":"stdin"}
      5.004s hears {"frame":"error"}"
    `);
    expect(at(run, 'session over')).toBe('never');
  });
});

describe('the timeout', () => {
  /** Silence from 20 s after the first session on; the last frame came at 15.002 s, or there was none. */
  test.each<[about: string, variant: string, decided: Decided, at: string, cause: string]>([
    ['45 s after the last frame', 'earlier-pong-deadline', struck('20s'), '60.002s', 'timeout'],
    ['45 s without any frame, earlier', 'earlier-no-ping', {}, '45.002s', 'timeout'],
    ['10 s without any frame, later', 'later-pong-deadline', {}, '10.002s', 'timeout'],
    ['20 s without any frame, reference', 'reference', struck('0'), '20.002s', 'timeout'],
    ['a frame in flight counts', 'earlier-pong-deadline', { ...OUTPUT_AT_ONCE, ...struck('0') }, '45.003s', 'timeout'],
    [
      'input starts it anew, earlier',
      'earlier-pong-deadline',
      { ...struck('20s'), 'types 1st time #1': '50s' },
      '95.002s',
      'timeout',
    ],
    ['input does not, reference', 'reference', { ...struck('20s'), 'types 1st time #1': '50s' }, '60.004s', 'timeout'],
    ['each own ping starts it anew, later', 'later-serve', struck('20s'), '954.602s', 'read: timed out'],
    ['own pings do not, reference', 'reference', struck('20s'), '60.004s', 'timeout'],
    [
      'nobody looks at it while a paste is blocked, earlier',
      'earlier-pong-deadline',
      { ...struck('20s'), 'pastes time #1': '30s' },
      '954.602s',
      'send: closed',
    ],
    [
      'a blocked paste is watched, reference',
      'reference',
      { ...struck('20s'), 'pastes time #1': '30s' },
      '60.004s',
      'timeout',
    ],
  ])('%s', (_about, variant, decided, when, cause) => {
    const run = play(variant, decided);
    expect([at(run, 'session over'), find(run, 'session over')?.data]).toEqual([
      when,
      expect.objectContaining({ cause }),
    ]);
  });

  test('while a paste is blocked by a process that takes it late, only the reference reads on', () => {
    const decided = { 'output written #1': '0', 'pastes time #1': '14.999s', 'runner session 1 paste taken #1': '40s' };
    const settings = { pasteTaken: '0..40s' };
    const heard = (variant: string) => {
      const run = play(variant, decided, settings);
      const between = run.trace.filter((event) => event.at > 15_000_000 && event.at < 60_000_000);
      return story({ ...run, trace: between }, 'hears', 'session over');
    };
    expect(heard('earlier-pong-deadline')).toMatchInlineSnapshot(`
      "55.002s hears {"frame":"ping"}
      55.002s hears {"frame":"ping"}
      55.002s hears {"frame":"ping"}"
    `);
    expect(heard('reference')).toMatchInlineSnapshot(`
      "15.002s hears {"frame":"ping"}
      30.002s hears {"frame":"ping"}
      45.002s hears {"frame":"ping"}
      55.004s hears {"frame":"pong"}"
    `);
    expect(heard('send-watched-alone')).toMatchInlineSnapshot(
      `"45.005s session over {"connection":1,"cause":"send: i/o timeout","heard":true,"healthy":true}"`,
    );
  });

  test('a frozen runner is noticed after 45 s by the earlier client, and never by the later one', () => {
    const frozen = ends('20s', 'freezes');
    expect(at(play('earlier-pong-deadline', frozen), 'session over')).toBe('60.002s');
    const run = play('later-serve', frozen);
    expect([at(run, 'session over'), run.end.why, time(run.endedAt)]).toEqual(['never', 'horizon', '2720s']);
  });

  test('an end that is seen is quicker: reset, or the goodbye of a runner that gets no pongs', () => {
    const causes = (kind: string) => story(play('earlier-pong-deadline', struck('20s', kind)), 'session over');
    expect(causes('reset')).toMatchInlineSnapshot(
      `"20.002s session over {"connection":1,"cause":"read: reset","heard":true,"healthy":false}"`,
    );
    expect(causes('cut to runner')).toMatchInlineSnapshot(
      `"60.004s session over {"connection":1,"cause":"close 1001","heard":true,"healthy":false}"`,
    );
  });
});

describe('the probe', () => {
  const firstThree = (variant: string, decided: Decided) =>
    story(play(variant, decided), 'session over', 'probed', 'sleeps', 'pump returns').split('\n').slice(0, 3);

  test('running: sleep and ask', () => {
    expect(firstThree('later-serve', struck('20s', 'reset'))).toMatchInlineSnapshot(`
      [
        "20.002s session over {"connection":1,"cause":"read: reset","heard":true,"healthy":false}",
        "20.004s probed {"answer":"running"}",
        "20.004s sleeps {"nth":1,"ticks":15000000,"ticksLeft":270000000}",
      ]
    `);
  });

  test('ended: the exit is reported', () => {
    const decided = { ...struck('20s', 'cut'), 'process exits #1': '30s' };
    expect(firstThree('earlier-pong-deadline', decided)).toMatchInlineSnapshot(`
      [
        "60.002s session over {"connection":1,"cause":"timeout","heard":true,"healthy":false}",
        "60.004s probed {"answer":"ended"}",
        "60.004s pump returns {"result":"exit","why":"probe","runnerLives":true,"ticksSlept":0,"answer":"101"}",
      ]
    `);
  });

  test('404: the later client asks once more and gives up, the earlier one sleeps', () => {
    expect(firstThree('later-serve', ends('20s', 'restarts'))).toMatchInlineSnapshot(`
      [
        "20.003s session over {"connection":1,"cause":"read: reset","heard":true,"healthy":false}",
        "20.005s probed {"answer":"404"}",
        "20.007s probed {"answer":"404"}",
      ]
    `);
    expect(firstThree('earlier-pong-deadline', ends('20s', 'restarts'))).toMatchInlineSnapshot(`
      [
        "20.003s session over {"connection":1,"cause":"read: reset","heard":true,"healthy":false}",
        "20.005s probed {"answer":"404"}",
        "20.005s sleeps {"nth":1,"ticks":15000000,"ticksLeft":270000000}",
      ]
    `);
  });

  test('500, or no answer within 5 s: sleep and ask', () => {
    expect(
      firstThree('later-serve', { ...struck('20s', 'reset'), 'runner status #1': 'fails' }),
    ).toMatchInlineSnapshot(`
      [
        "20.002s session over {"connection":1,"cause":"read: reset","heard":true,"healthy":false}",
        "20.004s probed {"answer":"500"}",
        "20.004s sleeps {"nth":1,"ticks":15000000,"ticksLeft":270000000}",
      ]
    `);
    expect(firstThree('earlier-pong-deadline', ends('20s'))).toMatchInlineSnapshot(`
      [
        "60.002s session over {"connection":1,"cause":"timeout","heard":true,"healthy":false}",
        "65.002s probed {"answer":"no answer"}",
        "65.002s sleeps {"nth":1,"ticks":15000000,"ticksLeft":270000000}",
      ]
    `);
  });
});

describe('reconnecting', () => {
  test('sleeps 15 s, then 30 s each, until 270 s are slept; then the status is asked for once more', () => {
    const run = play('reference', ends('20s'));
    const sleeps = dataOf(run, 'sleeps').map(
      ({ ticks, ticksLeft }) => `${time(ticks as number)} of ${time(ticksLeft as number)}`,
    );
    expect(sleeps).toMatchInlineSnapshot(`
      [
        "15s of 270s",
        "30s of 255s",
        "30s of 225s",
        "30s of 195s",
        "30s of 165s",
        "30s of 135s",
        "30s of 105s",
        "30s of 75s",
        "30s of 45s",
        "15s of 15s",
      ]
    `);
    expect(story(run, 'pump returns', 'client empty')).toMatchInlineSnapshot(`
      "440.004s pump returns {"result":"lost","why":"budget","runnerLives":false,"ticksSlept":270000000,"answer":"no answer"}
      440.004s client empty"
    `);
    expect(dataOf(run, 'probed')).toEqual([{ answer: 'no answer' }, { answer: 'no answer' }]);
  });

  test('an attach to a dead host costs 127 s, to a frozen program all time there is; in the reference 10 s', () => {
    const asked = (variant: string, kind: string) =>
      story(play(variant, ends('20s', kind)), 'asks to attach', 'attach answered')
        .split('\n')
        .slice(2, 4);
    expect(asked('earlier-pong-deadline', 'dies')).toMatchInlineSnapshot(`
      [
        "80.002s asks to attach {"connection":3,"toldGone":false}",
        "207.003s attach answered {"connection":3,"answer":"no answer","before":"101"}",
      ]
    `);
    expect(asked('earlier-pong-deadline', 'freezes')).toMatchInlineSnapshot(`
      [
        "80.002s asks to attach {"connection":3,"toldGone":false}",
      ]
    `);
    expect(asked('reference', 'freezes')).toMatchInlineSnapshot(`
      [
        "80.004s asks to attach {"connection":3,"toldGone":false}",
        "90.004s attach answered {"connection":3,"answer":"no answer","before":"101"}",
      ]
    `);
  });

  test('the old connection stays open and unpolled: no pongs, a 409, and an eviction before the next attach', () => {
    const run = play('later-pong-deadline');
    expect(story({ ...run, trace: run.trace.slice(0, 14) })).toMatchInlineSnapshot(`
      "0 asks to attach {"connection":1,"toldGone":false}
      1ms slot taken {"connection":1}
      2ms attach answered {"connection":1,"answer":"101","before":""}
      10.002s session over {"connection":1,"cause":"timeout","heard":false,"healthy":true}
      10.002s slot owed {"connection":1}
      10.004s probed {"answer":"running"}
      10.004s sleeps {"nth":1,"ticks":15000000,"ticksLeft":270000000}
      25.004s asks to attach {"connection":3,"toldGone":false}
      25.006s attach answered {"connection":3,"answer":"409","before":"101"}
      25.006s sleeps {"nth":2,"ticks":30000000,"ticksLeft":255000000}
      45.001s slot released {"connection":1}
      45.001s slot settled {"how":"released"}
      55.006s asks to attach {"connection":4,"toldGone":false}
      55.007s slot taken {"connection":4}"
    `);
  });

  test('in the reference it is closed when it is left, and the runner hears that', () => {
    const decided = { ...OUTPUT_AT_ONCE, ...struck('1s', 'cut to client'), 'types 1st time #1': '30s' };
    const slot = ['session over', 'slot owed', 'slot released', 'slot settled'];
    expect(story(play('reference', decided), ...slot)).toMatchInlineSnapshot(`
      "45.005s session over {"connection":1,"cause":"timeout","heard":true,"healthy":false}
      45.005s slot owed {"connection":1}
      45.006s slot released {"connection":1}
      45.006s slot settled {"how":"released"}"
    `);
    expect(story(play('old-connection-kept-open', decided), ...slot)).toMatchInlineSnapshot(`
      "45.005s session over {"connection":1,"cause":"timeout","heard":true,"healthy":false}
      45.005s slot owed {"connection":1}
      75.003s slot released {"connection":1}
      75.003s slot settled {"how":"released"}"
    `);
  });

  test('after a disconnect the backoff starts at 15 s again, and the budget goes on', () => {
    const decided = { ...struck('1s', 'reset'), 'another strike time #1': '60s', 'kind of another strike #1': 'reset' };
    const sleeps = (variant: string) =>
      dataOf(play(variant, { ...OUTPUT_AT_ONCE, ...decided, 'runner attach #1': 'fails' }), 'sleeps').map(
        ({ nth, ticks, ticksLeft }) => `${nth}: ${time(ticks as number)} of ${time(ticksLeft as number)}`,
      );
    expect(sleeps('later-pong-deadline')).toEqual(['1: 15s of 270s', '2: 30s of 255s', '1: 15s of 225s']);
    expect(sleeps('reference')).toEqual(['1: 15s of 270s', '2: 30s of 255s', '1: 15s of 270s']);
  });

  test('404 to an attach: any failure; in the reference the end', () => {
    const decided = { ...struck('20s', 'reset'), ...ends('30s', 'restarts') };
    const asked = (variant: string) => dataOf(play(variant, decided), 'asks to attach').length;
    expect([asked('later-serve'), asked('reference')]).toEqual([11, 2]);
  });

  test('a process that ended meanwhile is attached to, and its exit frame comes', () => {
    const decided = { ...struck('20s', 'reset'), 'process exits #1': '30s' };
    expect(story(play('later-serve', decided), 'probed', 'attach answered', 'pump returns')).toMatchInlineSnapshot(`
      "2ms attach answered {"connection":1,"answer":"101","before":""}
      20.004s probed {"answer":"running"}
      35.006s attach answered {"connection":3,"answer":"101","before":"101"}
      35.006s pump returns {"result":"exit","why":"frame","runnerLives":true,"ticksSlept":0,"answer":"101"}"
    `);
  });
});

describe('the runner', () => {
  /** When it lets go of a session that was cut at 20 s, the last pong having come at 15.003 s. */
  test.each([
    ['earlier-no-ping', 'never'],
    ['earlier-ping-only', '954.601s'],
    ['earlier-pong-deadline', '60.003s'],
    ['later-serve', '954.601s'],
  ])('%s: the slot is free at %s', (variant, free) => {
    expect(at(play(variant, struck('20s'), { reconnectBudget: '2000s' }), 'slot released')).toBe(free);
  });

  test('its teardown can take longer', () => {
    const decided = { ...struck('20s'), 'runner session 1 teardown #1': '20s' };
    expect(at(play('earlier-pong-deadline', decided, { teardown: '0..20s' }), 'slot released')).toBe('80.003s');
  });

  test('a paste that is taken at the instant of a ping is not forgotten, whichever goes first', () => {
    const busy = { 'pastes time #1': '10s', 'runner session 1 paste taken #1': '4.998s', 'types 1st time #1': '12s' };
    const sent = (tie: Decided) => story(play('reference', { ...busy, ...tie }, { pasteTaken: '0..40s' }), 'sends');
    const byDefault = sent({});
    expect(byDefault.split('\n').slice(0, 2).join('\n')).toMatchInlineSnapshot(`
      "10.002s sends {"frame":"paste"}
      15.001s sends {"frame":"stdin"}"
    `);
    expect(sent({ 'tie: instead of runner session 1 #1': 'runner session 1 paste taken' })).toBe(byDefault);
  });

  test('replays output to a new session', () => {
    const run = play('earlier-pong-deadline', { ...OUTPUT_AT_ONCE, ...struck('1s', 'reset') });
    expect(dataOf(run, 'hears').filter(({ frame }) => frame === 'stdout')).toHaveLength(2);
  });
});

describe('what can be struck', () => {
  test.each([
    ['a connection that was left, not', '65s', 1],
    ['one that is asked for', '75.005s', 2],
    ['one that is polled', '80s', 2],
  ])('%s', (_about, second, strikes) => {
    // Left at 60.004 s; asked for again from 75.006 s to 75.008 s, and polled from then on.
    const decided = { ...struck('20s'), 'another strike time #1': second };
    expect(dataOf(play('reference', decided), 'struck')).toHaveLength(strikes);
  });

  test('an attach that is struck before it is granted ends after 10 s in the reference, and its slot is held meanwhile', () => {
    const run = play('reference', { ...struck('20s'), 'another strike time #1': '75.0045s' });
    expect(story(run, 'struck', 'attach answered', 'session lost', 'session settled')).toMatchInlineSnapshot(`
      "2ms attach answered {"connection":1,"answer":"101","before":""}
      20.002s struck {"connection":1,"kind":"cut"}
      20.002s session lost {"kind":"cut"}
      75.0065s struck {"connection":3,"kind":"cut"}
      75.0065s session lost {"kind":"cut"}
      85.006s attach answered {"connection":3,"answer":"no answer","before":"101"}
      115.008s attach answered {"connection":4,"answer":"409","before":"no answer"}
      145.01s attach answered {"connection":5,"answer":"101","before":"409"}
      145.01s session settled {"how":"attached"}"
    `);
  });
});
