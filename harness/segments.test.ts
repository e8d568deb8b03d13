import { expect, test } from '@jest/globals';

import { runInChild } from './tooling/run-in-child.ts';

test('processes that share the load come to the verdict of one', async () => {
  const run = (segments: string): ReturnType<typeof runInChild> =>
    runInChild(['run', 'load', '--quota', '20/4s', '--seed', '1', '--segments', segments]);
  const [one, three] = await Promise.all([run('1'), run('3')]);
  for (const { report } of [one, three]) expect(report?.exitCode).toBe(0);
  const limits = [one, three].map(({ report }) => report?.limiter['limit']);
  expect(limits).toEqual([20, 20]);
  const requests = [one, three].map(({ report }) => report?.layers.at(-1)?.requests ?? 0);
  // Each process sends on until it is refused itself.
  expect(Math.abs((requests[1] ?? 0) - (requests[0] ?? 0))).toBeLessThanOrEqual(6);
}, 90_000);
