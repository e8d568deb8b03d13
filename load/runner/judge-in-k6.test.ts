import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, test } from '@jest/globals';

import { judgeCases } from '../../core/judge/judge.cases.ts';
import { describeWith } from '../../test-support/describe-with.ts';
import { k6ForTests } from '../../test-support/tools.ts';

const k6 = await k6ForTests(process.env);
const folder = mkdtempSync(join(tmpdir(), 'mch-judge-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const core = join(import.meta.dirname, '..', '..', 'core');

const script = `
import { judge } from '${core}/index.ts';
import { judgeCases } from '${core}/judge/judge.cases.ts';
export default function () {
  for (const { name, exchange, intent } of judgeCases) {
    const { violations, inconclusive } = judge(exchange, intent);
    const codes = violations.map(({ code }) => code).toSorted();
    console.log(JSON.stringify({ name, codes, inconclusive: inconclusive.map(({ reason }) => reason) }));
  }
}`;

describeWith(k6, () => {
  test('the judge has the same results in k6 as in Node', async () => {
    const file = join(folder, 'cases.ts');
    writeFileSync(file, script);
    const args = ['run', '--quiet', '--summary-mode=disabled', '--log-format=json', file];
    const env = { ...process.env, K6_NO_USAGE_REPORT: 'true', K6_AUTO_EXTENSION_RESOLUTION: 'false' };
    const log = await new Promise<string>((resolve) => {
      execFile(k6.binary, args, { env, timeout: 30_000 }, (_, __, stderr) => resolve(stderr));
    });
    const lines = log.split('\n').filter((line) => line.includes('"source":"console"'));
    const results = lines.map((line) => JSON.parse((JSON.parse(line) as { msg: string }).msg) as unknown);
    expect(results).toEqual(
      judgeCases.map(({ name, codes, inconclusive }) => ({
        name,
        codes: codes.toSorted(),
        inconclusive,
      })),
    );
  });
});
