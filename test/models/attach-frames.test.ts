// What a client sends and gets apart from pings and pongs: text frames, input over the limit, the backlog, lost chunks, and
// what becomes of a client that reads slowly.
import { describe, expect, test } from 'vitest';
import { attach } from '../../models/attach/model.ts';
import { liveClientIsPromised } from '../../models/attach/parameters.ts';
import type { Settings } from '../../src/model/parameters.ts';
import { configure } from '../../src/model/parameters.ts';
import type { Decided } from '../support/toy.ts';
import { broken, play } from './of-variants.ts';

const DIRECT: Settings = { path: 'direct' };

/** The events of these names in the first 100 s, without who else there is. */
function events(variant: string, decided: Decided, names: readonly string[], settings: Settings = DIRECT): string {
  return play(attach, variant, decided, settings)
    .trace.filter(({ at, name }) => at <= 100_000_000 && names.includes(name))
    .map(({ at, lane, name, data }) => `${at / 1e6}s ${lane}: ${name} ${JSON.stringify(data ?? {})}`)
    .join('\n');
}

function text(asks: string, at: string): Decided {
  return { 'client 1 1st text time #1': at, 'client 1 1st text asks #1': asks };
}

describe('text frames', () => {
  const names = ['sends', 'read deadline armed', 'error frame', 'frame written', 'fails'];
  const first = (decided: Decided, settings?: Settings) =>
    events('pong-deadline', decided, names, { ...DIRECT, interval: '200s', pongWait: '600s', ...settings });

  test.for(['resize', 'signal', 'stdin_eof'])('%s re-arms the deadline, and is answered by nothing', (asks) => {
    expect(first(text(asks, '5s')).replace(/^.*by":"start.*\n/, '')).toBe(
      '5.001s client 1: sends {"what":"1st text"}\n' +
        '5.002s runner session 1 reader: read deadline armed {"session":1,"by":"data"}',
    );
  });

  test('nonsense re-arms too, and is answered by an error frame; the session goes on', () => {
    expect(first(text('nonsense', '5s'))).toMatchInlineSnapshot(`
      "0.001s runner session 1 handler: read deadline armed {"session":1,"by":"start"}
      5.001s client 1: sends {"what":"1st text"}
      5.002s runner session 1 reader: read deadline armed {"session":1,"by":"data"}
      5.002s runner session 1 reader: error frame {"why":"bad input"}
      5.002s runner session 1 reader: frame written {"frame":"error"}"
    `);
  });

  test('input after stdin_eof is refused, and the session goes on', () => {
    const decided = { ...text('stdin_eof', '5s'), 'client 1 types 1st time #1': '6s' };
    expect(first(decided)).toMatchInlineSnapshot(`
      "0.001s runner session 1 handler: read deadline armed {"session":1,"by":"start"}
      5.001s client 1: sends {"what":"1st text"}
      5.002s runner session 1 reader: read deadline armed {"session":1,"by":"data"}
      6.002s runner session 1 reader: read deadline armed {"session":1,"by":"data"}
      6.002s runner session 1 reader: error frame {"why":"stdin closed"}
      6.002s runner session 1 reader: frame written {"frame":"error"}"
    `);
  });

  test('#516 reads nothing while a signal is on its way: what comes meanwhile re-arms late', () => {
    const decided = { ...text('signal', '5s'), 'shell signal sent #1': '10s', 'client 1 types 1st time #1': '6s' };
    expect(first(decided)).toMatchInlineSnapshot(`
      "0.001s runner session 1 handler: read deadline armed {"session":1,"by":"start"}
      5.001s client 1: sends {"what":"1st text"}
      5.002s runner session 1 reader: read deadline armed {"session":1,"by":"data"}
      15.002s runner session 1 reader: read deadline armed {"session":1,"by":"data"}"
    `);
  });

  test('the reference reads on', () => {
    const decided = { ...text('signal', '5s'), 'shell signal sent #1': '10s', 'client 1 types 1st time #1': '6s' };
    const settings = { ...DIRECT, interval: '200s', pongWait: '600s' };
    expect(events('reference', decided, names, settings)).toMatchInlineSnapshot(`
      "0.001s runner session 1 handler: read deadline armed {"session":1,"by":"start"}
      5.001s client 1: sends {"what":"1st text"}
      5.002s runner session 1 reader: read deadline armed {"session":1,"by":"data"}
      6.002s runner session 1 reader: read deadline armed {"session":1,"by":"data"}"
    `);
  });
});

describe('a frame over the limit', () => {
  test('is answered by 1009, and the session ends; the process gets nothing of it', () => {
    const decided = { 'client 1 frame over the limit time #1': '5s' };
    const names = ['input over the limit', 'fails', 'sees the end', 'slot released'];
    expect(events('pong-deadline', decided, names, { ...DIRECT, rival: 'none' })).toMatchInlineSnapshot(`
      "5.13s runner session 1 reader: fails {"session":1,"cause":"read: read limit exceeded"}
      5.13s slot: slot released {"session":1,"byHolder":true}
      5.131s client 1: sees the end {"how":"close 1009","session":1,"condition":"offends","processExited":false,"gotExit":false}"
    `);
  });

  test('one of just the limit is taken', () => {
    const settings = { ...DIRECT, readLimit: '64' };
    const run = play(attach, 'pong-deadline', { 'client 1 types 1st time #1': '5s' }, settings);
    expect(run.trace.filter(({ name }) => name === 'fails')).toEqual([]);
  });
});

describe('output', () => {
  const early = { 'shell stdout written #1': '0', 'shell stdout burst #1': 'screen' };

  test('older than the attach comes first, in one frame', () => {
    const decided = { ...early, 'shell stdout written #2': '1s', 'shell stdout burst #2': 'line' };
    const names = ['output', 'backlog', 'frame written'];
    expect(events('pong-deadline', decided, names, { ...DIRECT, rival: 'none' })).toMatchInlineSnapshot(`
      "0s shell: output {"stream":"stdout","burst":"screen","chunks":4}
      0.001s shell: backlog {"session":1,"stream":"stdout","bytes":16384}
      0.001s runner session 1 stdout pump: frame written {"frame":"stdout"}
      1s shell: output {"stream":"stdout","burst":"line","chunks":1}
      1s runner session 1 stdout pump: frame written {"frame":"stdout"}"
    `);
  });

  test('the reference sends it in pieces', () => {
    const names = ['backlog', 'frame written'];
    expect(events('reference', early, names, { ...DIRECT, rival: 'none' })).toMatchInlineSnapshot(`
      "0.001s shell: backlog {"session":1,"stream":"stdout","bytes":16384}
      0.001s runner session 1 stdout pump: frame written {"frame":"stdout"}
      0.001s runner session 1 stdout pump: frame written {"frame":"stdout"}
      0.001s runner session 1 stdout pump: frame written {"frame":"stdout"}
      0.001s runner session 1 stdout pump: frame written {"frame":"stdout"}"
    `);
  });

  test('only the last bytes are kept, and each attach gets them again', () => {
    const decided = { ...early, 'client 1 end #1': '1s', 'client 1 kind of end #1': 'exits' };
    const names = ['oldest output dropped', 'backlog'];
    expect(events('pong-deadline', decided, names, { ...DIRECT, backlog: '10000' })).toMatchInlineSnapshot(`
      "0s shell: oldest output dropped {"stream":"stdout"}
      0.001s shell: backlog {"session":1,"stream":"stdout","bytes":10000}
      16.002s shell: backlog {"session":2,"stream":"stdout","bytes":10000}"
    `);
  });

  test('a chunk is lost where the subscriber is full, and nowhere else', () => {
    const decided = { 'shell stdout written #1': '5s', 'client 1 end #1': '4s', 'client 1 kind of end #1': 'freezes' };
    const settings = { ...DIRECT, subscriberBuffer: '20', rival: 'none' };
    expect(events('pong-deadline', decided, ['chunk lost'], settings)).toMatchInlineSnapshot(`
      "5s shell: chunk lost {"stream":"stdout","waiting":20}
      5s shell: chunk lost {"stream":"stdout","waiting":20}
      5s shell: chunk lost {"stream":"stdout","waiting":20}"
    `);
    expect(events('pong-deadline', decided, ['chunk lost'], { ...settings, subscriberBuffer: '24' })).toBe('');
  });
});

describe('a client that reads a segment each 19 s', () => {
  const pauses = Object.fromEntries([1, 2, 3, 4, 5, 6].map((n) => [`client 1 reader read pause #${n}`, '19s']));
  const floods = { 'client 1 slow #1': '1s', 'shell stdout written #1': '2s', 'shell stderr written #1': '2s' };
  const names = ['process exits', 'not drained', 'fails', 'close frame', 'slot released'];
  const settings = { ...DIRECT, rival: 'none' };

  test('#516 lets one writer after another through before it has closed', () => {
    const decided = { ...floods, 'shell exits #1': '30s', ...pauses };
    expect(events('pong-deadline', decided, names, settings)).toMatchInlineSnapshot(`
      "30s shell: process exits {}
      32s runner session 1 handler: not drained {"session":1}
      45.001s runner session 1 reader: fails {"session":1,"cause":"read: i/o timeout"}
      78.002s runner session 1 handler: close frame {"code":1011}
      78.002s runner session 1 stdout pump: fails {"session":1,"cause":"stdout write: close sent"}
      78.002s slot: slot released {"session":1,"byHolder":true}"
    `);
  });

  test('the reference has closed after the drain and one write deadline, or when the read deadline passes', () => {
    const { 'client 1 reader read pause #5': _5, 'client 1 reader read pause #6': _6, ...four } = pauses;
    const decided = { ...floods, 'shell exits #1': '20s', ...four };
    expect(events('reference', decided, names, settings)).toMatchInlineSnapshot(`
      "20s shell: process exits {}
      22s runner session 1 handler: not drained {"session":1}
      42s runner session 1 reader: fails {"session":1,"cause":"read: closed"}
      42s runner session 1 stderr pump: fails {"session":1,"cause":"stderr write: closed"}
      42s runner session 1 handler: close frame {"code":1011,"err":"closed"}
      42s slot: slot released {"session":1,"byHolder":true}
      42s runner session 1 stdout pump: fails {"session":1,"cause":"stdout write: closed"}"
    `);
  });
});

describe('what is promised where writes may wait', () => {
  const promised = (settings: Settings) =>
    liveClientIsPromised(configure(attach.parameters, 1000, { ...DIRECT, answer: '0', ...settings }), 1_000_000);

  test('a ping that waits for four writers and for room, and its answer: six round trips', () => {
    const latency = (max: string) => ({ latency: `1ms..${max}` });
    expect(promised(latency('2.499999s'))).toBe(true);
    expect(promised(latency('2.5s'))).toBe(false);
    expect(promised({ ...latency('2.5s'), sendBuffer: '1000001' })).toBe(true);
  });

  test('one write that is acknowledged in time', () => {
    expect(promised({ latency: '1ms..2s', writeDeadline: '4s' })).toBe(false);
    expect(promised({ latency: '1ms..2s', writeDeadline: '4.000001s' })).toBe(true);
  });

  test('the reference spares it in the worst of orders that was found', () => {
    expect(broken(play(attach, 'reference-slow-path', {}))).toEqual([]);
  });
});
