/** The rules of gorilla/websocket, Go and TCP that the models stand on: which test shows each, and what real sockets did. */
import { parseSync } from 'oxc-parser';

/** By number, as tests and recordings name them. */
export const RULES: Readonly<Record<string, string>> = {
  1: 'The write lock is a token, FIFO, held for one frame. `WriteControl` gives up at its deadline, a data write never.',
  2: '`WriteControl` has one deadline for the lock and the socket. Missed at the lock nothing has changed; at the socket it is sticky.',
  3: 'The first write error is stored and returned by all later writes, even after `Close`.',
  4: '`SetWriteDeadline` is a point in time, looked at when a frame is written: waiting for the lock uses it up.',
  5: 'After a close frame nothing can be written.',
  6: 'Two data writers at once panic; control frames may be written beside anything.',
  7: 'A message is one frame, however large; control frames go between frames.',
  8: 'A write that succeeds is in the send buffer, and says nothing of the peer.',
  9: 'Handlers run inside read calls, on the goroutine that reads.',
  10: '`SetReadDeadline` acts on the pending read, whoever calls it; the last call counts.',
  11: 'An expired read deadline comes before data in the kernel, but not before data in the read buffer.',
  12: 'A read deadline that passes while nobody reads does nothing.',
  13: 'A read error is sticky; a new deadline does not help.',
  14: 'The error of a handler is the error of the read.',
  15: 'Any pong counts: none belongs to a ping.',
  16: 'The default ping handler answers on the reading goroutine, within a second, or drops the pong.',
  17: '`Close` takes no lock, sends no frame, and wakes the blocked reader and writer.',
  18: 'FIN ends the read, RST fails both directions, silence does nothing.',
  19: 'A ticker keeps one tick; a mutex is FIFO for those that wait; `select` takes any ready case.',
  tcp: 'Unread data at a close, and data after it, is answered by a reset; what had arrived before can be read.',
};

/** A test that shows a rule, in the model or the kernel. */
export interface RuleTest {
  readonly rule: string;
  readonly file: string;
  readonly says: string;
}

/** What real sockets were seen to do. */
export interface SeenRule {
  readonly rule: string;
  readonly says: string;
  readonly holds: boolean;
}

const TAG = /^rule (\d+|tcp): (.+)$/s;

/** The tests in a file whose titles begin with the number of a rule. Those that are skipped show nothing. */
export function ruleTestsIn(file: string, text: string): readonly RuleTest[] {
  const found: RuleTest[] = [];
  const look = (node: unknown): void => {
    if (Array.isArray(node)) for (const each of node) look(each);
    if (typeof node !== 'object' || node === null || Array.isArray(node)) return;
    const { type, callee, arguments: given } = node as Node;
    if (type === 'CallExpression' && callee?.type === 'Identifier' && callee.name === 'test') {
      const [title] = given ?? [];
      const [, rule, says] = TAG.exec(typeof title?.value === 'string' ? title.value : '') ?? [];
      if (rule !== undefined && says !== undefined) found.push({ rule, file, says });
    }
    for (const value of Object.values(node)) look(value);
  };
  look(parseSync(file, text).program.body);
  return found;
}

interface Node {
  readonly type?: string;
  readonly callee?: { readonly type: string; readonly name?: string };
  readonly arguments?: readonly { readonly value?: unknown }[];
}

/** What is wrong: a rule that no test shows, that was not seen, or does not hold; a tag that is no rule. */
export function complaintsAbout(tests: readonly RuleTest[], seen: readonly SeenRule[]): readonly string[] {
  const rules = Object.keys(RULES);
  return [
    ...rules
      .filter((rule) => !tests.some((each) => each.rule === rule))
      .map((rule) => `rule ${rule}: no test shows it`),
    ...rules
      .filter((rule) => !seen.some((each) => each.rule === rule))
      .map((rule) => `rule ${rule}: not seen on real sockets`),
    ...seen
      .filter(({ holds }) => !holds)
      .map(({ rule, says }) => `rule ${rule}: does not hold on real sockets: ${says}`),
    ...[...tests, ...seen].filter(({ rule }) => !rules.includes(rule)).map(({ rule }) => `rule ${rule}: there is none`),
  ];
}

/** What of a rule is not modelled, and why that is safe. */
interface LeftOut {
  readonly rule: number;
  readonly what: string;
  readonly why: string;
}

export function rulesPage(tests: readonly RuleTest[], seen: readonly SeenRule[], leftOut: readonly LeftOut[]): string {
  const rows = Object.entries(RULES).map(([rule, says]) => {
    const shown = tests.filter((each) => each.rule === rule).map((each) => `[${cell(each.says)}](../${each.file})`);
    const real = seen.filter((each) => each.rule === rule).map((each) => cell(each.says));
    const left = leftOut
      .filter((each) => String(each.rule) === rule)
      .map(({ what, why }) => `${cell(what)} (${cell(why)})`);
    return `| ${[rule, cell(says), shown.join('<br>'), real.join('<br>'), left.join('<br>')].join(' | ')} |`;
  });
  return [
    '# The rules that the models stand on',
    '',
    'What gorilla/websocket 1.5, Go and the TCP of Linux do, as far as the models need it. Each rule is shown by a test of the',
    'model (of the kernel, for rule 19), and was seen on real sockets by the program in',
    '[test/conformance/gorilla](../test/conformance/gorilla/README.md), whose recording is',
    '[rules.ndjson](../test/conformance/logs/rules.ndjson). This page is made of both: a rule without either fails a test.',
    '',
    '| rule | says | shown in the model | seen on real sockets | not modelled, and why that is safe |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
