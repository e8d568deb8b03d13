import type { ManagedClientStatus, Outcome } from '../../contracts/index.ts';
import { managedClientStatus } from '../arbitraries/managed-client-status.ts';
import { canonical } from '../base.ts';
import { campaign, type Minimum } from '../campaign.ts';
import { shorten } from '../cells/cell.ts';
import type { Place } from '../place.ts';
import type { Probe } from '../probe.ts';
import { postStep } from '../requests.ts';
import { keysOf } from '../run-probe.ts';

export interface RandomOptions {
  readonly seed: number;
  readonly place: Place;
  readonly bodies: number;
  readonly inFlight: number;
  readonly maxShrinks: number;
  readonly run: (probe: Probe) => Promise<Outcome>;
}

/**
 * Random valid reports. A failing one is shrunk, and named after the members in which the
 * minimum differs from the canonical report: the cells that bend those members use the same names.
 */
export async function* randomReports(options: RandomOptions): AsyncGenerator<Outcome> {
  const { seed, place, bodies, inFlight, maxShrinks, run } = options;
  const events = campaign<ManagedClientStatus, Outcome>({
    arbitrary: managedClientStatus(),
    seed,
    numRuns: bodies,
    concurrency: inFlight,
    maxShrinks,
    judge: async (report) => {
      const outcome = await run(reportProbe(report, place, 'valid@report'));
      return { keys: keysOf(outcome), report: outcome };
    },
  });
  for await (const event of events) {
    if (event.kind === 'run') {
      if (event.keys.length === 0) yield event.report;
      continue;
    }
    yield* namedAfterMinimum(event.minimum, options);
  }
}

/** One outcome for each report that failed this way, all with the minimum's finding. */
async function* namedAfterMinimum(
  minimum: Minimum<ManagedClientStatus, Outcome>,
  { place, run }: RandomOptions,
): AsyncGenerator<Outcome> {
  const { value, report, count, path, seed, shrinks } = minimum;
  const again = await run(reportProbe(value, place, `valid@${differences(value)}`));
  // A failure that does not come every time is still one: then it keeps the name it had.
  const outcome = keysOf(again).length > 0 ? again : report;
  if (outcome.kind === 'not-verifiable') return;
  // Seed and path replay the minimum in stock fast-check with the same arbitrary.
  const rerun = { layer: outcome.layer, data: { ...(outcome.rerun?.data as Probe), drawn: { seed, path } } };
  yield { ...outcome, rerun, requests: 2 + shrinks };
  for (let index = 1; index < count; index++) yield { ...outcome, rerun, requests: 1 };
}

function reportProbe(report: ManagedClientStatus, place: Place, group: string): Probe {
  const body = JSON.stringify(report);
  const cell = { id: 'random-report', group, was: JSON.stringify(canonical), sent: shorten(body) };
  return {
    what: 'random-report',
    family: 'random',
    steps: [postStep({ place, body, expectation: 'accept', cell })],
  };
}

/** Members in which a report differs from the canonical one. */
export function differences(report: ManagedClientStatus): string {
  const names = Object.keys(report) as (keyof typeof canonical)[];
  const differing = names.filter((name) => JSON.stringify(report[name]) !== JSON.stringify(canonical[name]));
  return differing.map(String).toSorted().join('+') || 'canonical';
}
