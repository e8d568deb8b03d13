import type { Quota, ReadableType } from '../../core/index.ts';
import type { StressName } from '../scripts/stress-profiles.ts';
import type { LoadTask } from '../scripts/trace.ts';
import { plainTask } from '../runner/default-task.ts';

/** A shape of load that the runners of a cluster share. */
export interface ClusterLoad {
  readonly shape: StressName;
  /** Tells this load from every other one: letters and digits. */
  readonly run: string;
  /** Base URL without `/beta`, as the cluster reaches it. */
  readonly baseUrl: string;
  readonly client: string;
  /** Types that the client has reported. */
  readonly types: readonly ReadableType[];
  readonly quota: Quota;
  readonly writes: boolean;
  readonly runners: number;
  /** Where a Prometheus takes remote writes. */
  readonly prometheus: string | undefined;
}

/** What a thing of this load is called in the cluster, and in its metrics. */
export function nameOf({ shape, run }: Pick<ClusterLoad, 'shape' | 'run'>): string {
  return `mch-load-${shape}-${run}`;
}

/**
 * One script with its task in it: a ConfigMap has no folders, and the operator puts what it finds in an environment into a
 * shell command as it is, which no JSON survives.
 * @param bundle the load scripts as one module
 */
export function scriptOf(load: ClusterLoad, bundle: string): string {
  const { shape: scenario, run, baseUrl, client, types, quota, writes, runners } = load;
  const task: LoadTask = {
    // The door that gives fresh tokens is on the machine of the harness.
    ...plainTask,
    scenario,
    baseUrl,
    client,
    types,
    ...quota,
    writes,
    cluster: { run, runners },
  };
  return `__ENV["MCH_LOAD"] = ${JSON.stringify(JSON.stringify(task))};\n${bundle}`;
}
