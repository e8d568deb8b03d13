import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, test } from '@jest/globals';

import { describeWith } from '../test-support/describe-with.ts';
import { runInChild } from '../test-support/run-in-child.ts';
import { k6ForTests } from '../test-support/tools.ts';

const k6 = await k6ForTests(process.env);

const folder = mkdtempSync(join(tmpdir(), 'mch-identify-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Model {
  readonly ended: string;
  readonly identification: {
    readonly ranking: { readonly family: string; readonly fit: { readonly limit: number } }[];
  };
}

const readModel = (reports: string): Model =>
  JSON.parse(readFileSync(join(reports, 'limiter.json'), 'utf8')) as Model;

describeWith(k6, () => {
  test('finds out the limiter of a target, and judges its trace again without it', async () => {
    const reports = join(folder, 'live');
    const live = await runInChild(['identify', '--quota', '40/2s', '--reports', reports]);
    const model = readModel(reports);
    const [first] = model.identification.ranking;
    expect(first?.family).toMatch(/window/);
    expect(Math.abs((first?.fit.limit ?? 0) - 40)).toBeLessThanOrEqual(2);
    // A busy machine blurs so short a window; to be unsure is right then, to say so as well.
    expect(live.exitCode).toBe(['certain', 'kind'].includes(model.ended) ? 0 : 3);
    expect(live.stdout).toMatch(/Limit +(about )?\d+ requests in \d\.\d s \(promised: 40\/2s\)/);

    const again = join(folder, 'again');
    const trace = ['--trace', join(reports, 'trace.json'), '--reports', again];
    expect((await runInChild(['identify', ...trace])).exitCode).toBe(live.exitCode);
    expect(readModel(again).identification).toEqual(model.identification);
  });

  test.concurrent.each([
    ['there is no limit', 'limit-absent', [0, 'unlimited'], /there is no limit for these requests/],
    [
      'nothing is known where something else answers in its place',
      'limit-answers-403',
      [3, 'too much lost'],
      /too many answers said nothing of the limiter/,
    ],
    // The promise is 20 a second.
    [
      'requests wait where none is refused',
      'limit-delays',
      [0, 'queues'],
      /Limit +(19|20|21)\.\d requests each second, the others wait up to [12]\.\d s/,
    ],
  ] as const)('says that %s', async (_, fault, expected, words) => {
    const reports = join(folder, fault);
    const args = ['identify', '--quota', '40/2s', '--fault', fault, '--reports', reports];
    const { exitCode, stdout } = await runInChild(args);
    expect([exitCode, readModel(reports).ended]).toEqual(expected);
    expect(stdout).toMatch(words);
  });

  test('tells what it knows where the budget is spent between two cycles', async () => {
    const args = ['identify', '--quota', '20/2s', '--max-requests', '200', '--reports', folder];
    const { exitCode, stdout, stderr } = await runInChild(args);
    expect([exitCode, stderr]).toEqual([
      3,
      expect.stringContaining('nothing more is asked: the budget of 200 requests is spent'),
    ]);
    expect(stdout).toMatch(/\d+ requests in 1 cycle, .*\n[^]*Inconclusive/);
  });
});

test('prints what it would cost, and sends nothing', async () => {
  const { exitCode, stdout } = await runInChild(['identify', '--dry-run', '--reports', folder]);
  expect([exitCode, stdout]).toEqual([
    0,
    expect.stringMatching(/load +\d+ requests, 0 writes, 14 quota violations/),
  ]);
});

test.each([
  ['no JSON', 'hello', 'it is not JSON'],
  ['something else', '{"a":1}', 'it is no trace of identify'],
])('a trace that is %s is a usage error', async (_, text, sentence) => {
  const file = join(folder, 'trace.json');
  writeFileSync(file, text);
  const { exitCode, stderr } = await runInChild(['identify', '--trace', file, '--reports', folder]);
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining(sentence)]);
});
