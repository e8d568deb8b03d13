import type { ManagedClientStatus, Outcome } from '../../contracts/index.ts';
import { managedClientStatus } from '../arbitraries/managed-client-status.ts';
import type { Attribution } from '../attribution.ts';
import { campaign, type Minimum } from '../campaign.ts';
import type { Place } from '../place.ts';
import type { Probe } from '../probe.ts';
import { reportProbe, UNNAMED } from '../report-probe.ts';
import { keysOf } from '../run-probe.ts';
import type { Run } from '../runner.ts';

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
  const events = campaign<ManagedClientStatus, Outcome>({
    arbitrary: managedClientStatus(),
    seed,
    numRuns: bodies,
    concurrency: inFlight,
    maxShrinks,
    judge: async (report) => {
      const outcome = await run(reportProbe(report, place, UNNAMED));
      return { keys: keysOf(outcome), report: outcome };
    },
  });
  const open = new Map<string, Outcome>();
  try {
    for await (const event of events) {
      if (event.kind === 'minimum') {
        yield* namedAfterMinimum(event.minimum, attribution);
        open.delete(event.minimum.key);
      } else if (event.keys.length === 0) yield event.report;
      else for (const key of event.keys) open.set(key, event.report);
    }
  } catch (error) {
    // Not as small as it could be, and found all the same.
    yield* open.values();
    throw error;
  }
}

/** One outcome for each report that failed this way, all with the minimum's finding under the name of its cause. */
async function* namedAfterMinimum(
  minimum: Minimum<ManagedClientStatus, Outcome>,
  attribution: Attribution,
): AsyncGenerator<Outcome> {
  const { value, report, count, path, seed, shrinks } = minimum;
  const outcome = await attribution.settle({ report: value, outcome: report });
  if (outcome.kind === 'not-verifiable') return;
  // Seed and path replay the minimum in stock fast-check with the same arbitrary.
  const rerun = { layer: outcome.layer, data: { ...(outcome.rerun?.data as Probe), drawn: { seed, path } } };
  yield { ...outcome, rerun, requests: outcome.requests + shrinks };
  for (let index = 1; index < count; index++) yield { ...outcome, rerun, requests: 1 };
}
