import { expect, test } from 'vitest';
import { htmlReport } from '../../src/report/html.ts';

test('whatever a model is called, it ends no element and begins none', () => {
  const nasty = '</script><script>alert(1)</script><!-- & "';
  const report = { title: nasty, rows: [], runs: [{ story: { property: nasty } }] };
  const assets = { script: "const a = '</script>'; const b = '<!--';", style: 'a::after { content: "</style>" }' };
  const html = htmlReport(report as never, nasty, assets);
  expect(html.match(/<script/g)?.length).toBe(2);
  expect(html.match(/<\/script/g)?.length).toBe(2);
  expect(html.match(/<\/style/g)?.length).toBe(1);
  expect(html).not.toContain('<!--');
  const data = /id="data">([\s\S]*?)<\/script>/.exec(html)?.[1] ?? '';
  expect(JSON.parse(data)).toEqual(report);
});
