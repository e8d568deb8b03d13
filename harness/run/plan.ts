import { formatQuota, readableTypes } from '../../core/index.ts';
import type { Cost } from '../../core/client/index.ts';
import type { Environment } from '../io.ts';
import { nameOfTarget } from '../settings/target-name.ts';
import type { LayerName } from './layer-names.ts';
import { explainLayerError, layers } from './layers.ts';
import { PREFLIGHT, unknownTypes } from './preflight.ts';
import { EarlierStatuses } from './restore.ts';
import type { Session } from './session.ts';

/** The contractual number of calls per month of the smaller licences. */
const CALLS_PER_MONTH = 500_000;

export type Plan = readonly { readonly layer: LayerName | typeof PREFLIGHT; readonly cost: Cost }[];

/** The cost of a command that reads the types of the managed client only. */
export const readsPlan: Plan[number] = {
  layer: PREFLIGHT,
  cost: { requests: readableTypes.length, writes: 0, violations: 0, durationMs: 0 },
};

/** Estimates the cost of a run in which all checks pass. @throws {HarnessError} if a layer cannot be planned */
export async function makePlan(session: Session, env: Environment): Promise<Plan> {
  const input = { session, types: unknownTypes, env };
  try {
    const costs = session.settings.layers.map(async (layer) => ({
      layer,
      cost: await layers[layer].plan(input),
    }));
    return [{ layer: PREFLIGHT, cost: preflightCost(session) }, ...(await Promise.all(costs))];
  } catch (error) {
    throw explainLayerError(error) ?? error;
  }
}

/**
 * A read of each type of each managed client, and a report if writes are permitted. At the end of the run reports restore
 * what was read.
 */
function preflightCost({ permissions, settings }: Session): Cost {
  const managedClients = settings.secondManagedClient === undefined ? 1 : 2;
  const reads = managedClients * readableTypes.length;
  const restored = settings.target.kind === 'reference' ? 0 : EarlierStatuses.maxRequests(settings);
  const writes = permissions.allows('write') ? 1 + restored : 0;
  return { requests: reads + writes, writes, violations: 0, durationMs: 0 };
}

/** The total cost in one line, for the consent. */
export function describeCosts(plan: Plan): string {
  const sum = (pick: (cost: Cost) => number): number =>
    plan.reduce((total, { cost }) => total + pick(cost), 0);
  const requests = sum((cost) => cost.requests);
  const share = ((100 * requests) / CALLS_PER_MONTH).toFixed(2);
  const minutes = (sum(({ durationMs }) => durationMs) / 60_000).toFixed(1);
  return [
    `${requests} requests (${share} % of ${CALLS_PER_MONTH} a month)`,
    `${sum(({ writes }) => writes)} of them writes`,
    `${sum(({ violations }) => violations)} violations of the quota`,
    `${minutes} minutes`,
  ].join(', ');
}

/** The plan as `--dry-run` prints it. */
export function describePlan(plan: Plan, { settings, baseUrl }: Session): string {
  const rows = plan.map(({ layer, cost }) => {
    const { requests, writes, violations, durationMs } = cost;
    const seconds = (durationMs / 1000).toFixed(0);
    return `  ${layer.padEnd(10)} ${requests} requests, ${writes} writes, ${violations} quota violations, ${seconds} s`;
  });
  return [
    `Plan for ${nameOfTarget(settings, baseUrl)} with a quota of ${formatQuota(settings.quota)}:`,
    ...rows,
    `  total      about ${describeCosts(plan)}; more if checks fail`,
    'Nothing was sent.',
    '',
  ].join('\n');
}
