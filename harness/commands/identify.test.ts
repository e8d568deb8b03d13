import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, test } from '@jest/globals';

import { describeWith } from '../../test-support/describe-with.ts';
import { runCommand } from '../../test-support/run-command.ts';
import { k6ForTests } from '../../test-support/tools.ts';

const k6 = await k6ForTests(process.env);

const folder = mkdtempSync(join(tmpdir(), 'mch-identify-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Model {
  readonly ending: string;
  readonly identification: {
    readonly ranking: { readonly family: string; readonly fit: { readonly limit: number } }[];
  };
}

const readModel = (reports: string): Model =>
  JSON.parse(readFileSync(join(reports, 'limiter.json'), 'utf8')) as Model;

describeWith(k6, () => {
  test('identifies the limiter of a target, and evaluates its trace again', async () => {
    const reports = join(folder, 'live');
    const live = await runCommand(['identify', '--quota', '40/2s', '--reports', reports]);
    const model = readModel(reports);
    const [first] = model.identification.ranking;
    expect(first?.family).toMatch(/window/);
    expect(Math.abs((first?.fit.limit ?? 0) - 40)).toBeLessThanOrEqual(2);
    // On a busy machine such a short window may remain inconclusive.
    expect(live.exitCode).toBe(['certain', 'kind'].includes(model.ending) ? 0 : 3);
    expect(live.stdout).toMatch(/Limit +(about )?\d+ requests in \d\.\d s \(documented: 40\/2s\)/);

    const again = join(folder, 'again');
    const trace = ['--trace', join(reports, 'trace.json'), '--reports', again];
    expect((await runCommand(['identify', ...trace])).exitCode).toBe(live.exitCode);
    expect(readModel(again).identification).toEqual(model.identification);
  });

  test.concurrent.each([
    ['a missing limit', 'limit-absent', [0, 'unlimited'], /there is no limit for these requests/],
    [
      'responses without a decision of the limiter',
      'limit-answers-403',
      [3, 'too-much-lost'],
      /too many responses show no decision of the limiter/,
    ],
    // The quota is 20 per second.
    [
      'requests that wait instead of being throttled',
      'limit-delays',
      [0, 'queues'],
      /Limit +(19|20|21)\.\d requests per second, others wait up to [12]\.\d s/,
    ],
  ] as const)('identifies %s', async (_, fault, expected, words) => {
    const reports = join(folder, fault);
    const args = ['identify', '--quota', '40/2s', '--fault', fault, '--reports', reports];
    const { exitCode, stdout } = await runCommand(args);
    expect([exitCode, readModel(reports).ending]).toEqual(expected);
    expect(stdout).toMatch(words);
  });

  test('concludes from the trace if the budget is spent after a cycle', async () => {
    const args = ['identify', '--quota', '20/2s', '--max-requests', '200', '--reports', folder];
    const { exitCode, stdout, stderr } = await runCommand(args);
    expect([exitCode, stderr]).toEqual([
      3,
      expect.stringContaining(
        'no further experiments: the limit of 200 requests (--max-requests) is reached',
      ),
    ]);
    expect(stdout).toMatch(/\d+ requests in 1 cycle, .*\n[^]*Inconclusive/);
  });
});

test('a dry run prints the costs and sends nothing', async () => {
  const { exitCode, stdout } = await runCommand(['identify', '--dry-run', '--reports', folder]);
  expect([exitCode, stdout]).toEqual([
    0,
    expect.stringMatching(/load +\d+ requests, 0 writes, 14 quota violations/),
  ]);
});

test.each([
  ['not JSON', 'hello', 'it is not JSON'],
  ['something else', '{"a":1}', 'it does not contain cycles of experiments'],
  ['of an earlier version', '{"schemaVersion":1}', 'it has schemaVersion 1'],
])('a trace that is %s is a usage error', async (_, text, sentence) => {
  const file = join(folder, 'trace.json');
  writeFileSync(file, text);
  const { exitCode, stderr } = await runCommand(['identify', '--trace', file, '--reports', folder]);
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining(sentence)]);
});
