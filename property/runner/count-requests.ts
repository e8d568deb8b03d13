import type { Run } from './runner.ts';

/** Wraps a run so that it counts the requests of all its test cases. */
export function countRequests(run: Run): { readonly run: Run; count(): number } {
  let requests = 0;
  return {
    async run(testCase) {
      const outcome = await run(testCase);
      if (outcome.kind !== 'skipped') requests += outcome.requests;
      return outcome;
    },
    count: () => requests,
  };
}
