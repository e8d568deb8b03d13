import { afterAll, expect, test } from '@jest/globals';

import { faults } from '../../fixtures/faults/index.ts';
import { startProvider, type Provider } from '../../fixtures/provider/server.ts';
import { credentialsOf } from '../../test-support/credentials-of.ts';
import { describeWith } from '../../test-support/describe-with.ts';
import { runCommand } from '../../test-support/run-command.ts';
import { k6ForTests } from '../../test-support/tools.ts';

const k6 = await k6ForTests(process.env);

const opened: Provider[] = [];
afterAll(async () => {
  for (const provider of opened) await provider.close();
});

const QUOTA = ['--quota', '20/4s', '--seed', '1'];

describeWith(k6, () => {
  test.concurrent('several processes have the same result as one', async () => {
    const run = (segments: string): ReturnType<typeof runCommand> =>
      runCommand(['run', 'load', ...QUOTA, '--segments', segments]);
    const [one, three] = await Promise.all([run('1'), run('3')]);
    for (const { report } of [one, three]) expect(report?.exitCode).toBe(0);
    const limits = [one, three].map(({ report }) => report?.limiter['limit']);
    expect(limits).toEqual([20, 20]);
    const requests = [one, three].map(({ report }) => report?.layers.at(-1)?.requests ?? 0);
    // Each process sends until it is throttled itself, and a busy machine repeats tests of partition keys.
    expect(Math.abs((requests[1] ?? 0) - (requests[0] ?? 0))).toBeLessThanOrEqual(20);
  });

  test.concurrent('a token that expires during a scenario is not a 401 of the target', async () => {
    const quota = { limit: 20, windowMs: 4000 };
    const provider = await startProvider({
      port: 0,
      quota,
      limited: 'load',
      tokenTtlSeconds: 5,
      clock: Date.now,
    });
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
    const provider = await startProvider({
      port: 0,
      quota,
      limited: 'load',
      tokenTtlSeconds: 600,
      clock: Date.now,
      fault,
    });
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
