import { formatQuota, readableTypes } from '../../core/index.ts';
import { explain, layers, type Cost, type Env } from './layers.ts';
import type { LayerName } from './layer-names.ts';
import type { Session } from './session.ts';
import { nameOfTarget } from '../settings/target-name.ts';

/** Contractual calls a month on the smaller licences: what a run costs is a share of that. */
const CALLS_A_MONTH = 500_000;

export type Plan = readonly { readonly layer: LayerName | 'preflight'; readonly cost: Cost }[];

/** What a command costs that only looks which types the managed client has reported. */
export const readsPlan: Plan[number] = {
  layer: 'preflight',
  cost: { requests: readableTypes.length, writes: 0, violations: 0, durationMs: 0 },
};

/** @throws {HarnessError} where a layer cannot say what it would send */
export async function makePlan(session: Session, env: Env): Promise<Plan> {
  const costs = session.settings.layers.map(async (layer) => ({
    layer,
    cost: await layers[layer].plan(session, env),
  }));
  const planned = Promise.all(costs).then((plan): Plan => [
    { layer: 'preflight', cost: preflightCost(session) },
    ...plan,
  ]);
  return planned.catch((error: unknown) => {
    throw explain(error) ?? error;
  });
}

/** A read of each type of each managed client and, where writes are allowed, one report. */
function preflightCost({ guard, settings }: Session): Cost {
  const writes = guard.allows('write') ? 1 : 0;
  const clients = settings.secondManagedClient === undefined ? 1 : 2;
  return { requests: clients * readableTypes.length + writes, writes, violations: 0, durationMs: 0 };
}

/** The costs in one line: what consent is asked for. */
export function costsOf(plan: Plan): string {
  const sum = (pick: (cost: Cost) => number): number =>
    plan.reduce((total, { cost }) => total + pick(cost), 0);
  const requests = sum(({ requests: own }) => own);
  const share = ((100 * requests) / CALLS_A_MONTH).toFixed(2);
  const minutes = (sum(({ durationMs }) => durationMs) / 60_000).toFixed(1);
  return [
    `${requests} requests (${share} % of ${CALLS_A_MONTH} a month)`,
    `${sum(({ writes }) => writes)} of them writes`,
    `${sum(({ violations }) => violations)} violations of the quota`,
    `${minutes} minutes`,
  ].join(', ');
}

/** The plan as --dry-run prints it. */
export function describePlan(plan: Plan, { settings, baseUrl }: Session): string {
  const rows = plan.map(({ layer, cost }) => {
    const { requests, writes, violations, durationMs } = cost;
    const seconds = (durationMs / 1000).toFixed(0);
    return `  ${layer.padEnd(10)} ${requests} requests, ${writes} writes, ${violations} quota violations, ${seconds} s`;
  });
  return [
    `Plan for ${nameOfTarget(settings, baseUrl)}, at most ${formatQuota(settings.quota)} promised:`,
    ...rows,
    `  in all     ${costsOf(plan)}`,
    'Nothing was sent.',
    '',
  ].join('\n');
}
