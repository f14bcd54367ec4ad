import colours from 'yoctocolors';
import type { Outcome } from '../gate/outcome.ts';
import { githubReport } from '../report/github.ts';
import { jsonReport } from '../report/json.ts';
import { junitReport } from '../report/junit.ts';
import { type Paint, PLAIN } from '../report/paint.ts';
import { type TextOptions, textReport } from '../report/text.ts';
import type { Host } from './host.ts';
import type { Reporter } from './options.ts';

export function paintOf(host: Host): Paint {
  if (!host.colour) return PLAIN;
  const { green, red, yellow, bold, dim } = colours;
  return { good: green, bad: red, open: yellow, strong: bold, faint: dim };
}

/** What `check` tells: what was not expected to break, or all that did. */
export function checkStories({ stories: all }: { readonly stories?: boolean }): Omit<TextOptions, 'paint'> {
  return {
    stories: (story) => all === true || (!story.expected && story.verdict === 'violated'),
    explain: false,
  };
}

/** Writes the report in the form that was asked for. */
export function report(outcome: Outcome, reporter: Reporter, host: Host, options: Omit<TextOptions, 'paint'>): void {
  const reporters: Readonly<Record<Reporter, () => string>> = {
    text: () => textReport(outcome, { ...options, paint: paintOf(host) }),
    json: () => jsonReport(outcome),
    junit: () => junitReport(outcome),
    github: () => githubReport(outcome),
  };
  host.out(reporters[reporter]());
}
