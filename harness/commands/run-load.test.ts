import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, test } from '@jest/globals';

import { faults } from '../../fixtures/faults/index.ts';
import type { Provider } from '../../fixtures/provider/server.ts';
import { credentialsOf } from '../../test-support/credentials-of.ts';
import { describeWith } from '../../test-support/describe-with.ts';
import { runCommand } from '../../test-support/run-command.ts';
import { k6ForTests } from '../../test-support/tools.ts';
import { startTestProvider } from '../../test-support/start-test-provider.ts';
import type { Report } from '../reports/report.ts';

const k6 = await k6ForTests(process.env);

const opened: Provider[] = [];
const folder = mkdtempSync(join(tmpdir(), 'mch-load-'));
afterAll(async () => {
  for (const provider of opened) await provider.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Counts the requests of a trace. A busy machine repeats tests of partition keys, so these do not count. */
function requestsBesidesKeys(file: string): number {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  const steps = lines.map((line) => (JSON.parse(line) as { step: string }).step);
  return steps.filter((step) => !/^(key|control|exhaust|close) /.test(step)).length;
}

const QUOTA = ['--quota', '20/4s', '--seed', '1'];

describeWith(k6, () => {
  test.concurrent('several processes have the same result as one', async () => {
    const run = async (segments: string) => {
      const reports = join(folder, segments);
      const args = ['run', 'load', ...QUOTA, '--segments', segments, '--reports', reports];
      const { exitCode } = await runCommand(args);
      const { limiter } = JSON.parse(readFileSync(join(reports, 'report.json'), 'utf8')) as Report;
      const requests = requestsBesidesKeys(join(reports, 'load-trace.jsonl'));
      return { exitCode, limit: limiter['limit'], requests };
    };
    const [one, three] = await Promise.all([run('1'), run('3')]);
    for (const { exitCode, limit } of [one, three]) expect([exitCode, limit]).toEqual([0, 20]);
    expect(one.requests).toBeGreaterThan(20);
    // Each process sends until it is throttled itself.
    expect(Math.abs(three.requests - one.requests)).toBeLessThanOrEqual(6);
  });

  test.concurrent('a token that expires during a scenario is not a 401 of the target', async () => {
    const quota = { limit: 20, windowMs: 4000 };
    const provider = await startTestProvider({ quota, tokenTtlSeconds: 5 });
    opened.push(provider);
    const env = credentialsOf(provider, 'user', 'load', 'other');
    const target = ['--target', provider.url, '--managed-client', 'aClientId'];
    const { report, stdout } = await runCommand(['run', 'load', ...QUOTA, ...target], { env });
    expect(report?.findings.map(({ code }) => code)).toEqual([]);
    const { evaluated, attempted } = report?.layers.at(-1) ?? {};
    expect({ evaluated, stdout }).toEqual({ evaluated: attempted, stdout });
  });

  test.concurrent('a remote limiter that escalates receives no further requests', async () => {
    const quota = { limit: 20, windowMs: 2000 };
    const fault = faults['retry-after-doubles'];
    const provider = await startTestProvider({ quota, tokenTtlSeconds: 600, fault });
    opened.push(provider);
    const env = credentialsOf(provider, 'user', 'load', 'other');
    // An address of this machine that counts as remote.
    const url = provider.url.replace('127.0.0.1', '0.0.0.0');
    const target = ['--target', url, '--managed-client', 'aClientId', '--allow', 'read,load', '--yes'];
    const args = ['run', 'load', '--quota', '20/2s', '--seed', '1', ...target];
    const { report, stdout } = await runCommand(args, { env });
    const { verdict, inconclusive = [] } = report?.layers.at(-1) ?? {};
    expect({ verdict, stdout }).toEqual({ verdict: 'inconclusive', stdout });
    expect(inconclusive.map(({ reason }) => reason)).toContainEqual(
      expect.stringContaining('no further requests were sent'),
    );
    // Nothing more was sent.
    expect(report?.groups.filter(({ name }) => name === 'below-quota')).toEqual([]);
  });
});
