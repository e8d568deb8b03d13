import type { ManagedClientStatus } from '../../core/index.ts';
import { managedClientStatus } from '../arbitraries/managed-client-status.ts';
import { runCampaign } from '../runner/campaign.ts';
import { findingIdsIn, requestsOf, withoutRequests, withRequests } from '../runner/outcomes.ts';
import { reportTestCase, UNATTRIBUTED, type FailedReport } from '../triage/reports.ts';
import type { SuiteContext } from './suite.ts';

/**
 * Writes random valid reports. The first failure of each kind is shrunk, and all failures are attributed to the fields of
 * their report, because reports may fail in the same way for different reasons.
 */
export async function runRandomReports(context: SuiteContext, count: number): Promise<void> {
  const { seed, target, concurrency, maxShrinks, run, attribution, report } = context;
  const failed: FailedReport[] = [];
  const minima = await runCampaign<ManagedClientStatus, FailedReport>({
    arbitrary: managedClientStatus(),
    seed,
    numRuns: count,
    concurrency,
    maxShrinks,
    judge: async (value) => {
      const outcome = await run(reportTestCase(value, target, UNATTRIBUTED));
      return { keys: findingIdsIn(outcome), report: { report: value, outcome }, cost: requestsOf([outcome]) };
    },
    onVerdict: ({ keys, report: result }) =>
      keys.length === 0 ? report(result.outcome) : failed.push(result),
  });
  for (const { value, report: result, shrinks } of minima) {
    const outcomes = await attribution.attributeReport({
      report: value,
      outcome: withoutRequests(result.outcome),
    });
    for (const outcome of withRequests(outcomes, shrinks)) {
      if (outcome.kind !== 'skipped') await report(outcome);
    }
  }
  for (const one of failed) {
    for (const outcome of await attribution.attributeReport(one)) await report(outcome);
  }
}
