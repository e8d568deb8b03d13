import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { chromium, type Browser, type Page } from 'playwright-core';

import { describeWith } from '../../../test-support/describe-with.ts';
import {
  cleanReport,
  hostileReport,
  inconclusiveReport,
  reportWith,
  sampleFinding,
  tenFindings,
} from '../formats/test-support/sample-report.ts';
import type { Report } from '../report.ts';
import { htmlReport } from './page.ts';

test('a page without findings is small and contains no address', () => {
  const page = htmlReport(cleanReport);
  expect(page.length).toBeLessThan(1_000_000);
  expect(page).not.toMatch(/(src|href)="(https?:|\/\/)/);
});

test('all findings are in the page without its scripts', () => {
  const page = htmlReport(tenFindings).replace(/<script>[^]*<\/script>/, '');
  for (const { id } of tenFindings.findings) expect(page).toContain(`id="${id}"`);
});

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => existsSync(path));
const tool =
  executablePath === undefined
    ? { name: 'Chromium', missing: 'there is none in /usr/bin' }
    : { name: 'Chromium', missing: undefined };
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Text that runs code if a page does not escape it. */
const payloads = [
  '</script><script>window.planted = 1</script>',
  '<img src=x onerror="window.planted = 1">',
  '</template><svg onload="window.planted = 1">',
  '<!--<script>',
  'javascript:window.planted=1',
];

const manyFindings = reportWith(
  Array.from({ length: 5000 }, (_, index) => sampleFinding(index, { received: `status ${index}` })),
);
const planted = reportWith(
  payloads.map((text, index) =>
    sampleFinding(index, { received: text, title: text, documented: text, curl: text, operation: text }),
  ),
);

describeWith(tool, () => {
  const folder = mkdtempSync(join(tmpdir(), 'mch-test-page-'));
  let browser: Browser;
  beforeAll(async () => {
    // The processes of a browser would delay load tests that run at the same time.
    const wrapper = join(folder, 'chromium');
    writeFileSync(wrapper, `#!/bin/sh\nexec nice -n 10 ${executablePath} "$@"\n`, { mode: 0o755 });
    browser = await chromium.launch({ executablePath: wrapper, args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  interface Opened {
    readonly page: Page;
    readonly requests: readonly string[];
    readonly problems: readonly string[];
  }

  async function open(report: Report, options: Parameters<Browser['newContext']>[0] = {}): Promise<Opened> {
    const file = join(folder, 'report.html');
    writeFileSync(file, htmlReport(report));
    const page = await (await browser.newContext(options)).newPage();
    const requests: string[] = [];
    const problems: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    page.on('console', (message) => problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(pathToFileURL(file).href);
    return { page, requests, problems };
  }

  test.each([
    ['without findings', cleanReport, 'light'],
    ['with findings', tenFindings, 'light'],
    ['in the dark', tenFindings, 'dark'],
    ['inconclusive', inconclusiveReport, 'light'],
    ['with control characters', hostileReport, 'light'],
  ] as const)('a page %s is accessible and requests nothing', async (_, report, colorScheme) => {
    const { page, requests, problems } = await open(report, { colorScheme, bypassCSP: true });
    await page.evaluate(axe);
    const violations = await page.evaluate<string[]>('axe.run().then((r) => r.violations.map((v) => v.id))');
    expect({ violations, problems, requests: requests.length }).toEqual({
      violations: [],
      problems: [],
      requests: 1,
    });
  });

  test.each([false, true])(
    'texts of the target run no code (bypassing the policy: %s)',
    async (bypassCSP) => {
      const { page, requests, problems } = await open(planted, { bypassCSP });
      expect(await page.evaluate('window.planted')).toBeUndefined();
      expect({ problems, requests: requests.length }).toEqual({ problems: [], requests: 1 });
      const text = await page.locator('main').innerText();
      for (const payload of payloads) expect(text).toContain(payload);
    },
  );

  test('fits a phone', async () => {
    const { page } = await open(tenFindings, { viewport: { width: 390, height: 800 } });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  });

  test('packed findings open, and search hides others', async () => {
    const { page } = await open(manyFindings);
    await page.evaluate("location.hash = '#00000fa0'");
    await page.locator('[id="00000fa0"] pre').first().waitFor();
    await page.locator('#search').fill('4000');
    expect(await page.locator('#shown').innerText()).toBe('1 of 5000 findings');
  });
});
