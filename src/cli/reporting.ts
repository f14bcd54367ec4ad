import { writeFileSync } from 'node:fs';
import path from 'node:path';
import colours from 'yoctocolors';
import type { Outcome } from '../gate/outcome.ts';
import type { Registry } from '../gate/registry.ts';
import { chromeTraceReport } from '../report/chrome-trace.ts';
import { githubReport } from '../report/github.ts';
import { itfReport } from '../report/itf.ts';
import { jsonReport } from '../report/json.ts';
import { junitReport } from '../report/junit.ts';
import { markdownReport } from '../report/markdown.ts';
import { mermaidReport } from '../report/mermaid.ts';
import { type Paint, PLAIN } from '../report/paint.ts';
import { type TextOptions, textReport } from '../report/text.ts';
import type { Host } from './host.ts';
import { InputError } from './input-error.ts';
import type { Reporter, ReportTo } from './options.ts';

export function paintOf(host: Host): Paint {
  if (!host.colour) return PLAIN;
  const { green, red, yellow, bold, dim } = colours;
  return { good: green, bad: red, open: yellow, strong: bold, faint: dim };
}

/** What `check` tells: what was not expected to break, or all that did. */
export function checkStories({ stories: all }: { readonly stories?: boolean }): Omit<TextOptions, 'paint' | 'width'> {
  return {
    stories: (story) => all === true || (!story.expected && story.verdict === 'violated'),
    explain: false,
  };
}

/**
 * Writes the report in each form that was asked for. The models are needed where runs are drawn, which is where the
 * engines are loaded. Throws an InputError where a file cannot be written.
 */
export async function report(
  outcome: Outcome,
  reporters: readonly ReportTo[],
  host: Host,
  options: Omit<TextOptions, 'paint' | 'width'>,
  models: () => Promise<Registry>,
): Promise<void> {
  const textIn = (
    look: Pick<TextOptions, 'paint' | 'width'>,
  ): Readonly<Record<Reporter, () => string | Promise<string>>> => ({
    text: () => textReport(outcome, { ...options, ...look }),
    json: () => jsonReport(outcome),
    junit: () => junitReport(outcome),
    github: () => githubReport(outcome),
    markdown: () => markdownReport(outcome),
    mermaid: () => mermaidReport(outcome),
    chrome: () => chromeTraceReport(outcome),
    itf: () => itfReport(outcome),
    html: async () => {
      const { htmlOf } = await import('./html-reporting.ts');
      return htmlOf(await models(), outcome, options);
    },
  });
  const { columns: width } = host;
  const terminal = { paint: paintOf(host), ...(width === undefined ? {} : { width }) };
  for (const { reporter, file } of reporters) {
    if (file === undefined) host.out(await textIn(terminal)[reporter]());
    else write(file, reporter, await textIn({ paint: PLAIN })[reporter](), host);
  }
}

/** Markdown goes below what there is, as the summary of a job that other steps write to; the others replace it. */
function write(file: string, reporter: Reporter, text: string, host: Host): void {
  try {
    writeFileSync(path.resolve(host.cwd, file), text, { flag: reporter === 'markdown' ? 'a' : 'w' });
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    throw new InputError(`a file that can be written for --reporter ${reporter}`, `${code}: ${file}`, 'check the path');
  }
}
