import type { Outcome } from '../gate/outcome.ts';
import type { Registry } from '../gate/registry.ts';
import { htmlReport } from '../report/html.ts';
import { PLAIN } from '../report/paint.ts';
import { type TextOptions, textReport } from '../report/text.ts';
import { drawnReport } from '../workbench/told-run.ts';
import { reportAssets } from './page-files.ts';

/** The report for a browser. Runs each story that is told again, to draw what happens inside. */
export async function htmlOf(
  models: Registry,
  outcome: Outcome,
  options: Pick<TextOptions, 'stories' | 'explain'>,
): Promise<string> {
  const plain = textReport(outcome, { ...options, paint: PLAIN });
  return htmlReport(drawnReport(models, outcome, options.stories), plain, await reportAssets());
}
