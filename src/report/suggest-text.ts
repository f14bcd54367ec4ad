import type { ProvedUntil, Slack, SuggestOutcome } from '../gate/suggest-outcome.ts';
import type { Paint } from './paint.ts';
import { endText, statesText } from './proof-text.ts';
import { type TableCell, table } from './table.ts';

/** What may be chosen, the room that each choice leaves, and how to prove it again. */
export function suggestText(outcome: SuggestOutcome, paint: Paint): string {
  const { model, variant, composition, span, says, within, settings, suggestions } = outcome;
  const set = Object.entries(settings).map(([name, text]) => `${name}=${text}`);
  const lines = [
    `halfopen suggest, at most ${statesText(outcome.maxStates)} a question`,
    '',
    `${paint.strong(`${span} within ${within}`)}  ${model}/${variant} on ${composition}`,
    `  ${says}`,
    `  and proved with it: ${outcome.keeps.join(', ')}`,
    ...(set.length === 0 ? [] : [`  set: ${set.join(', ')}`]),
    '',
    ...choices(outcome, paint),
    '',
    ...suggestions.map(({ command }) => `  ${command}`),
    ...(suggestions.length === 0 ? [] : ['']),
    ...undecidedNote(outcome, paint),
    total(outcome, paint),
  ];
  return `${lines.join('\n')}\n`;
}

function choices({ period, timeout, suggestions, refusals }: SuggestOutcome, paint: Paint): string[] {
  const slackNames = suggestions[0]?.slack.map(({ name, which }) => `${name} ${which} to`) ?? [];
  const head = ['', period, timeout, 'worst case', 'left', ...slackNames, `${period} up to`];
  const rows = suggestions.map((suggestion): TableCell[] => [
    { text: '✓', paint: paint.good },
    suggestion.period,
    `${suggestion.timeout} (${suggestion.multiple} x)`,
    endText(suggestion.worst),
    suggestion.left,
    ...suggestion.slack.map(slackText),
    untilText(suggestion.longest),
  ]);
  const none = refusals.map(({ multiple, why, isOpen }): TableCell[] => [
    isOpen ? { text: '?', paint: paint.open } : { text: '✗', paint: paint.bad },
    `none with ${timeout} = ${multiple} x ${period}: ${why}`,
  ]);
  const shown = rows.length === 0 ? [] : table([head.map((text) => ({ text, paint: paint.faint })), ...rows], 2);
  return [...shown, ...table(none, 2)];
}

function slackText(slack: Slack): string {
  const { given, until, undecided, isFurthest } = slack;
  if (isFurthest) return `${until} and on`;
  return until === given && undecided === undefined ? 'not at all' : untilText(slack);
}

/** What is not decided is not said to be safe. */
function untilText({ until, undecided }: ProvedUntil): string {
  return undecided === undefined ? until : `${until}; ${undecided} is not decided`;
}

function undecidedNote({ suggestions, maxStates }: SuggestOutcome, paint: Paint): string[] {
  const edges = suggestions.flatMap(({ longest, slack }) => [longest, ...slack]);
  if (edges.every(({ undecided }) => undecided === undefined)) return [];
  return [
    paint.open(`not decided: no answer within ${statesText(maxStates)} or the time; it may be safe or not`),
    `  --max-states ${10 * maxStates} looks further`,
    '',
  ];
}

function total({ suggestions, refusals }: SuggestOutcome, paint: Paint): string {
  if (suggestions.length > 0) {
    return `${paint.good('proved')}: ${suggestions.length === 1 ? 'this choice' : `each of these ${suggestions.length} choices`}, over all timings`;
  }
  if (refusals.some(({ isOpen }) => isOpen)) return `${paint.open('inconclusive')}: no answer within the limits`;
  return `${paint.bad('none')}: nothing can be proved that short; ask for longer, or for less of what is given`;
}
