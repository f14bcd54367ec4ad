import type { DrawnReport } from '../workbench/told-run.ts';

/** What a page needs to draw timelines, bundled. */
export interface ReportAssets {
  readonly script: string;
  readonly style: string;
}

/**
 * One file that stands alone: data, script and style are in it, nothing is fetched. `plain` is shown where no script may
 * run.
 */
export function htmlReport(report: DrawnReport, plain: string, { script, style }: ReportAssets): string {
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${escaped(report.title)}</title>`,
    `<style>${style.replace(/<(?=\/style)/gi, '\\3c ')}</style>`,
    '</head>',
    '<body>',
    '<div id="report"></div>',
    `<noscript><pre>${escaped(plain)}</pre></noscript>`,
    `<script type="application/json" id="data">${jsonInScript(report)}</script>`,
    `<script>${script.replace(/<(?=\/script|!--)/gi, '\\x3c')}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

/** JSON in which no text can end the element that it stands in. */
function jsonInScript(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

function escaped(text: string): string {
  const names: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": '#39' };
  return text.replace(/[&<>"']/g, (sign) => `&${names[sign]};`);
}
