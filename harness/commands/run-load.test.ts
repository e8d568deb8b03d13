import { afterAll, expect, test } from '@jest/globals';

import { faults } from '../../fixtures/faults/index.ts';
import { startProvider, type Provider } from '../../fixtures/provider/server.ts';
import { credentialsOf } from '../test-support/credentials-of.ts';
import { describeWith } from '../test-support/describe-with.ts';
import { runInChild } from '../test-support/run-in-child.ts';
import { k6ForTests } from '../test-support/tools.ts';

const k6 = await k6ForTests(process.env);

const opened: Provider[] = [];
afterAll(async () => {
  for (const provider of opened) await provider.close();
});

const QUOTA = ['--quota', '20/4s', '--seed', '1'];

describeWith(k6, () => {
  test.concurrent(
    'processes that share the load come to the verdict of one',
    async () => {
      const run = (segments: string): ReturnType<typeof runInChild> =>
        runInChild(['run', 'load', ...QUOTA, '--segments', segments]);
      const [one, three] = await Promise.all([run('1'), run('3')]);
      for (const { report } of [one, three]) expect(report?.exitCode).toBe(0);
      const limits = [one, three].map(({ report }) => report?.limiter['limit']);
      expect(limits).toEqual([20, 20]);
      const requests = [one, three].map(({ report }) => report?.layers.at(-1)?.requests ?? 0);
      // Each process sends on until it is refused itself.
      expect(Math.abs((requests[1] ?? 0) - (requests[0] ?? 0))).toBeLessThanOrEqual(6);
    },
    90_000,
  );

  test.concurrent(
    'a token that ends while a scenario lasts is no 401 of the target',
    async () => {
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
      const { report, stdout } = await runInChild(['run', 'load', ...QUOTA, ...target], { env });
      expect(report?.findings.map(({ code }) => code)).toEqual([]);
      const { evaluated, attempted } = report?.layers.at(-1) ?? {};
      expect({ evaluated, stdout }).toEqual({ evaluated: attempted, stdout });
    },
    90_000,
  );

  test.concurrent(
    'another machine that blocks for longer and longer is left alone',
    async () => {
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
      // The same machine by an address that does not say so.
      const url = provider.url.replace('127.0.0.1', '0.0.0.0');
      const target = ['--target', url, '--managed-client', 'aClientId', '--allow', 'read,load', '--yes'];
      const args = ['run', 'load', '--quota', '20/2s', '--seed', '1', ...target];
      const { report, stdout } = await runInChild(args, { env });
      const { verdict, inconclusive = [] } = report?.layers.at(-1) ?? {};
      expect({ verdict, stdout }).toEqual({ verdict: 'inconclusive', stdout });
      expect(inconclusive.map(({ reason }) => reason)).toContainEqual(expect.stringContaining('left alone'));
      // Nothing was sent any more.
      expect(report?.groups.filter(({ name }) => name === 'under')).toEqual([]);
    },
    90_000,
  );
});
