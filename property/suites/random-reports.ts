import type { ManagedClientStatus, Outcome } from '../../core/index.ts';
import { managedClientStatus } from '../arbitraries/managed-client-status.ts';
import type { Attribution, Failed } from '../triage/attribution.ts';
import { campaign, type Minimum } from '../runner/campaign.ts';
import type { Place } from '../runner/target-ids.ts';
import type { Probe } from '../runner/test-case.ts';
import { reportProbe, UNNAMED } from '../triage/control-request.ts';
import { keysOf } from '../runner/run-test-case.ts';
import type { Run } from '../runner/runner.ts';

export interface RandomOptions {
  readonly seed: number;
  readonly place: Place;
  readonly bodies: number;
  readonly inFlight: number;
  readonly maxShrinks: number;
  readonly run: Run;
  readonly attribution: Attribution;
}

/**
 * Phase C: random valid reports. A failing one is shrunk, and named after the members that make it fail.
 */
export async function* randomReports(options: RandomOptions): AsyncGenerator<Outcome> {
  const { seed, place, bodies, inFlight, maxShrinks, run, attribution } = options;
  const events = campaign<ManagedClientStatus, Failed>({
    arbitrary: managedClientStatus(),
    seed,
    numRuns: bodies,
    concurrency: inFlight,
    maxShrinks,
    judge: async (report) => {
      const outcome = await run(reportProbe(report, place, UNNAMED));
      return { keys: keysOf(outcome), report: { report, outcome } };
    },
  });
  // Others may have failed in the same words, and for another reason: each is told for itself.
  const open = new Set<Failed>();
  try {
    for await (const event of events) {
      if (event.kind === 'minimum') yield* namedAfterMinimum(event.minimum, attribution);
      else if (event.keys.length === 0) yield event.report.outcome;
      else open.add(event.report);
    }
    for (const one of open) {
      yield* await attribution.settle(one);
      open.delete(one);
    }
  } catch (error) {
    // Not as small as it could be, and found all the same.
    for (const { outcome } of open) yield outcome;
    throw error;
  }
}

/** The smallest report that failed this way, under the name of its cause. */
async function* namedAfterMinimum(
  minimum: Minimum<ManagedClientStatus, Failed>,
  attribution: Attribution,
): AsyncGenerator<Outcome> {
  const { value, report, path, seed } = minimum;
  for (const outcome of await attribution.settle({ report: value, outcome: report.outcome })) {
    if (outcome.kind === 'not-verifiable') continue;
    // Seed and path replay the minimum in stock fast-check with the same arbitrary.
    const data = { ...(outcome.rerun?.data as Probe), drawn: { seed, path } };
    yield { ...outcome, rerun: { layer: outcome.layer, data } };
  }
}
