import type { Quota, ReadableType } from '../../core/index.ts';
import { taskDefaults } from '../runner/task-defaults.ts';
import type { LoadTask } from '../scripts/load-task.ts';
import type { StressName } from '../scripts/stress-profiles.ts';

/** A stress profile that the runners of a cluster share. */
export interface ClusterLoad {
  readonly profile: StressName;
  /** Letters and digits that distinguish this load from others. */
  readonly run: string;
  /** Base URL without `/beta`, as the cluster reaches it. */
  readonly baseUrl: string;
  readonly managedClient: string;
  /** Types that the managed client has reported. */
  readonly types: readonly ReadableType[];
  readonly quota: Quota;
  readonly canWrite: boolean;
  readonly runners: number;
  /** The URL for Prometheus remote writes. */
  readonly prometheus: string | undefined;
}

/** The name of the Kubernetes objects of a load. */
export function nameOf({ profile, run }: Pick<ClusterLoad, 'profile' | 'run'>): string {
  return `mch-load-${profile}-${run}`;
}

/**
 * The script with its task. A ConfigMap has no folders, and the operator inserts environment variables into a shell command,
 * which breaks JSON.
 * @param bundle the load scripts as one module
 */
export function scriptOf(load: ClusterLoad, bundle: string): string {
  const { profile: scenario, run, baseUrl, managedClient, types, quota, canWrite, runners } = load;
  const task: LoadTask = {
    // Without a token server, which runs on the machine of the harness.
    ...taskDefaults,
    scenario,
    baseUrl,
    managedClient,
    types,
    ...quota,
    canWrite,
    cluster: { run, runners },
  };
  return `__ENV["MCH_LOAD"] = ${JSON.stringify(JSON.stringify(task))};\n${bundle}`;
}
