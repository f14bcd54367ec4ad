import type { TrialAnswer, WhenText } from '../gate/conform.ts';
import type { ConformOutcome } from '../gate/conform-outcome.ts';
import type { Plain } from '../kernel/cell.ts';
import type { Paint } from './paint.ts';
import { table } from './table.ts';
import { rowText } from './timeline.ts';

/** Alternatives and explained events that are shown. */
const SHOWN_MOST = 12;

/** What holding a log against a model, and asking it checks, came to. */
export function conformText(outcome: ConformOutcome, paint: Paint): string {
  const { log, against, trials, broken, checks, skipped } = outcome;
  const lines = [`halfopen conform ${log}${against === undefined ? '' : ` against ${against}`}`, ''];
  for (const trial of trials) lines.push(...trialLines(trial, paint));
  for (const { check, trial, line, message } of broken)
    lines.push(
      `  ${paint.bad('broken')}  trial ${trial}${line === undefined ? '' : `, line ${line}`}  ${check}: ${message}`,
    );
  if (checks > 0 && broken.length === 0) lines.push(`  ${paint.good('holds')}  all ${checks} checks`);
  if (skipped > 0) lines.push(`  ${skipped} malformed lines were skipped`);
  return `${[...lines, '', totalOf(outcome, paint)].join('\n')}\n`;
}

function trialLines(answer: TrialAnswer, paint: Paint): string[] {
  const { trial, verdict, events, states, stopped, refusal } = answer;
  const colour = { conforms: paint.good, refused: paint.bad, inconclusive: paint.open }[verdict];
  const head = `  ${colour(verdict)}  trial ${trial}  ${events} events, ${states} states`;
  if (stopped !== undefined) return [`${head}: ${stopped}`];
  if (refusal === undefined) return [head];
  const { event, until, mayBe, explained } = refusal;
  const what =
    event === undefined
      ? `nothing more until ${until}`
      : `line ${event.line}, at ${event.at}: ${sayingText(event.lane, event.name, event.data)}`;
  const rows = explained
    .slice(-SHOWN_MOST)
    .map(({ event: told, when }) => [
      told.at,
      `model ${whenText(when)}`,
      told.lane,
      rowText({ what: told.name, data: told.data }),
    ]);
  const others = mayBe
    .slice(0, SHOWN_MOST)
    .map(({ lane, name, data, when }) => [whenText(when), sayingText(lane, name, data as never)]);
  const more = mayBe.length > SHOWN_MOST ? [`      … and ${mayBe.length - SHOWN_MOST} more`] : [];
  return [
    head,
    '',
    `    cannot be explained: ${what}`,
    '',
    others.length === 0
      ? '    the model would have said nothing more'
      : '    the model would have allowed, instead or before:',
    ...table(others, 6),
    ...more,
    '',
    rows.length === 0
      ? '    none of the events before it is explained so'
      : '    explained up to there, the last events:',
    ...table(rows, 6, [0]),
    '',
  ];
}

function sayingText(lane: string, what: string, data: Plain): string {
  return [lane, rowText({ what, data })].filter((text) => text !== '').join('  ');
}

function whenText({ least = '0', greatest }: WhenText): string {
  return greatest === undefined ? `from ${least} on` : `${least}..${greatest}`;
}

function totalOf({ trials, broken, checks }: ConformOutcome, paint: Paint): string {
  const of = (verdict: TrialAnswer['verdict']) => trials.filter((each) => each.verdict === verdict).length;
  const all = trials.length === 1 ? '1 trial' : `${trials.length} trials`;
  if (of('refused') > 0) return `${paint.bad('refused')}: ${of('refused')} of ${all}`;
  if (broken.length > 0)
    return `${paint.bad('broken')}: ${broken.length === 1 ? 'a check' : `${broken.length} times a check`}`;
  if (of('inconclusive') > 0)
    return `${paint.open('inconclusive')}: no answer within the limits for ${of('inconclusive')} of ${all}`;
  if (trials.length === 0) return `${paint.good('holds')}: ${checks === 1 ? '1 check' : `${checks} checks`}`;
  return `${paint.good('conforms')}: ${all}`;
}
