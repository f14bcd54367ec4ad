import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, type TestContext, test } from 'vitest';
import { pageWith } from '../../src/cli/page-files.ts';
import { type PageServer, servePage } from '../../src/cli/page-server.ts';
import { halfopen } from '../cli/command-line.ts';

const root = path.resolve(import.meta.dirname, '../..');
const registry = pathToFileURL(path.join(root, 'models/registry.ts')).href;

/** Where browsers usually are; the first one is for whoever has his elsewhere. */
const BROWSERS = [
  process.env.HALFOPEN_CHROMIUM ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
const executablePath = BROWSERS.find((file) => file !== '' && existsSync(file));

/** For a test, and for one step of it: a busy machine takes its time. */
const PATIENCE_MS = 180_000;
const STEP_MS = 30_000;
const WINDOW = { width: 1500, height: 1050 };

/** The page as a user has it, in a browser that is installed. */
describe('the workbench in a browser', () => {
  const pictures = mkdtempSync(path.join(os.tmpdir(), 'halfopen-explore-'));
  const complaints: string[] = [];
  let server: PageServer;
  let browser: Browser;

  beforeAll(async () => {
    if (executablePath === undefined) return;
    server = await servePage(0, pageWith(true, registry));
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    console.log(`pictures of the workbench: ${pictures}`);
  }, PATIENCE_MS);

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  async function open({ skip }: TestContext, hash = '', dark = false): Promise<Page> {
    if (executablePath === undefined) skip('no Chromium is installed: set HALFOPEN_CHROMIUM to one');
    const context = await browser.newContext({ viewport: WINDOW, colorScheme: dark ? 'dark' : 'light' });
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const page = await context.newPage();
    page.setDefaultTimeout(STEP_MS);
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(`${server.url}${hash}`);
    await page.getByTestId('this-run').waitFor();
    return page;
  }

  const thisRun = (page: Page) => page.getByTestId('this-run').locator('.word');
  const allTimings = (page: Page) => page.locator('[data-testid=all-timings][data-state=done] .word');
  const digest = async (page: Page) => /digest ([0-9a-f]{16})/.exec(await page.locator('.stage').innerText())?.[1];
  const picture = (page: Page, name: string) =>
    page.screenshot({ path: path.join(pictures, `${name}.png`), fullPage: true });

  test('the tour: the 16-minute slot, a live client that is evicted, a seed', {
    timeout: PATIENCE_MS,
  }, async (context) => {
    const page = await open(context);
    await eventually(() => thisRun(page).innerText()).toBe('violated at 939.601s');
    expect(await allTimings(page).innerText()).toBe('violated');
    expect(await page.getByTestId('worst').innerText()).toBe('955s');
    await picture(page, '1-slot-held-16-minutes');

    await page.getByLabel('variant', { exact: true }).selectOption('reference');
    await eventually(() => thisRun(page).innerText()).toBe('holds');
    await eventually(() => page.getByTestId('worst').innerText()).toBe('45.1s');

    await page.getByLabel('promise', { exact: true }).selectOption('live-client-spared');
    await page.getByLabel('client 1 end #1 happens').uncheck();
    await eventually(() => allTimings(page).innerText()).toBe('proved');
    const slider = page.getByRole('slider', { name: 'pongWait', exact: true });
    const field = page.getByRole('textbox', { name: 'pongWait' });
    await slider.focus();
    for (let presses = 0; presses < 60 && (await field.inputValue()) !== '15s'; presses++) {
      const before = await field.inputValue();
      await page.keyboard.press('ArrowLeft');
      await eventually(() => field.inputValue()).not.toBe(before);
    }
    await eventually(() => thisRun(page).innerText()).toBe('violated at 15.001s');
    await eventually(() => allTimings(page).innerText()).toBe('violated');

    await page.getByRole('button', { name: '✗ break' }).click();
    const here = page.locator('.story [aria-current=true]');
    const broken = await here.innerText();
    await page.getByRole('button', { name: '‹ step' }).click();
    await eventually(() => here.innerText()).not.toBe(broken);
    await picture(page, '2-live-client-evicted');

    const saving = page.waitForEvent('download');
    await page.getByLabel('why is it kept?').fill('a deadline of one interval');
    await page.getByRole('button', { name: 'save as seed' }).click();
    const saved = await (await saving).path();
    const kept = await digest(page);
    expect(JSON.parse(readFileSync(saved, 'utf8'))).toMatchObject({
      model: 'attach',
      variant: 'reference',
      property: 'live-client-spared',
      verdict: 'violated',
      why: 'a deadline of one interval',
      settings: { pongWait: '15s', death: 'vanishes' },
      digest: kept,
    });
    const replayed = await halfopen(`replay ${saved} --registry ${path.join(root, 'models/registry.ts')}`);
    expect(replayed.out.trimEnd().split('\n').at(-1)).toBe('as expected: 1 verdict');

    await page.getByRole('button', { name: 'copy link' }).click();
    const link = await page.evaluate<string>('navigator.clipboard.readText()');
    const again = await open(context, link.slice(server.url.length));
    expect([await thisRun(again).innerText(), await digest(again)]).toEqual(['violated at 15.001s', kept]);
    expect(complaints).toEqual([]);
  });

  test('other branches: drag a death, flip a tie, forget it; compare; open a seed', {
    timeout: PATIENCE_MS,
  }, async (context) => {
    const start = '#model=attach&variant=pong-deadline&on=silent-death&property=dead-client-evicted';
    const page = await open(context, `${start}&do.client+1+end+%231=20s`);
    const end = page.getByRole('textbox', { name: 'client 1 end #1' });
    await eventually(() => end.inputValue()).toBe('20s');
    const grip = page.locator('.grab[data-decision="client 1 end #1"]');
    const { x, y } = (await grip.boundingBox()) as { x: number; y: number };
    await page.mouse.move(x + 6, y + 6);
    await page.mouse.down();
    await page.mouse.move(x - 60, y + 6, { steps: 4 });
    await page.mouse.up();
    await eventually(() => end.inputValue()).not.toBe('20s');

    const before = await digest(page);
    await page.getByRole('button', { name: 'every decision' }).click();
    const tie = page.locator('.story li.decision', { hasText: 'tie: instead of' }).first();
    await tie.getByRole('button').click();
    const options = page.locator('.here select');
    await options.selectOption({ index: 1 });
    await eventually(() => page.locator('.decisions').innerText()).toContain('tie: instead of');
    expect(page.url()).toContain('do.tie');
    await page.getByRole('button', { name: 'all as usual' }).click();
    await eventually(() => digest(page)).not.toBe(before);

    await page.getByLabel('compare with', { exact: true }).selectOption('reference');
    await eventually(() => page.locator('.timeline').count()).toBe(2);
    await picture(page, '3-compared');

    const file = path.join(root, 'models/attach/regressions/pong-deadline--dead-client-evicted.json');
    await drop(page, 'kept.json', readFileSync(file, 'utf8'));
    await eventually(() => thisRun(page).innerText()).toMatch(/^violated at /);
    expect(await digest(page)).toBe(JSON.parse(readFileSync(file, 'utf8')).digest);
    await drop(page, 'wrong.json', '{ "format": 1, "model": "<b>no</b>" }');
    await eventually(() => page.getByRole('alert').first().innerText()).toContain('wrong.json: ');
    expect(complaints).toEqual([]);
  });

  test('the map of the safe region, in the dark; names that are none', { timeout: PATIENCE_MS }, async (context) => {
    const start = '#model=attach&variant=reference&on=silent-death&property=live-client-spared';
    const page = await open(context, `${start}&over=pongWait%3D15s..16s`, true);
    await page.getByRole('button', { name: 'draw the map' }).click();
    await eventually(() => page.locator('.map').innerText()).toContain('exact boundar');
    expect(await page.locator('.map-picture rect').count()).toBeGreaterThan(1);
    await picture(page, '4-map-in-the-dark');
    await page.locator('.map-picture rect.violated').first().click();
    await eventually(() => page.url()).toContain('set.pongWait=15s');
    // What it varies does not change it; what else is set does.
    const map = page.getByTestId('map');
    expect(await map.getAttribute('data-stale')).toBe('false');
    const boundary = () => page.locator('.map li').first().textContent();
    const before = await boundary();
    const latency = page.getByRole('textbox', { name: 'latency' });
    await latency.fill('1ms..200ms');
    await latency.press('Enter');
    await eventually(() => map.getAttribute('data-stale')).toBe('true');
    await eventually(() => map.getAttribute('data-stale')).toBe('false');
    expect(await boundary()).not.toBe(before);

    const background = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    const dark = await background();
    await page.getByLabel('colours', { exact: true }).selectOption('light');
    await eventually(background).not.toBe(dark);
    await page.reload();
    await page.getByTestId('this-run').waitFor();
    expect(await background()).not.toBe(dark);
    await picture(page, '5-light-in-the-dark');

    const field = page.getByRole('textbox', { name: 'pongWait' });
    await field.fill('<img src=x onerror=alert(1)>');
    await field.press('Enter');
    await eventually(() => page.getByRole('alert').first().innerText()).toContain('expected a duration such as 15s');
    expect(await page.locator('img').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test('how long it takes from a slider to the picture and to the proof (a benchmark, judged by nobody)', {
    timeout: PATIENCE_MS,
  }, async (context) => {
    const onePump = '&set.outputs=1&set.burst=line';
    const start = '#model=attach&variant=reference&on=silent-death&property=dead-client-evicted';
    for (const [what, more] of [
      ['no pump', ''],
      ['one pump', onePump],
    ] as const) {
      const page = await open(context, `${start}${more}&do.client+1+end+%231=20s`);
      await allTimings(page).first().waitFor();
      const slider = page.getByRole('slider', { name: 'interval', exact: true });
      await slider.focus();
      for (let presses = 0; presses < 4; presses++) {
        const measured = await page.evaluate(
          () => performance.getEntriesByName('parameter to exact worst case').length,
        );
        await page.keyboard.press('ArrowRight');
        await eventually(() =>
          page.evaluate(() => performance.getEntriesByName('parameter to exact worst case').length),
        ).toBeGreaterThan(measured);
      }
      const took = await page.evaluate(() =>
        ['parameter to timeline', 'parameter to exact worst case'].map((name) =>
          performance.getEntriesByName(name).map(({ duration }) => Math.round(duration)),
        ),
      );
      console.log(
        `attach/reference, ${what}: slider to timeline ${took[0]?.join(', ')} ms; to exact worst case ${took[1]?.join(', ')} ms`,
      );
    }
    expect(complaints).toEqual([]);
  });
});

/** What comes to be so, sooner or later. */
function eventually<T>(get: () => T) {
  return expect.poll(get, { timeout: STEP_MS });
}

/** As if somebody had dragged a file onto the page. */
async function drop(page: Page, name: string, text: string): Promise<void> {
  const file = `new File([${JSON.stringify(text)}], ${JSON.stringify(name)}, { type: 'application/json' })`;
  const data = await page.evaluateHandle(
    `(() => { const data = new DataTransfer(); data.items.add(${file}); return data; })()`,
  );
  await page.dispatchEvent('body', 'drop', { dataTransfer: data });
}
