import type { ReadableType } from '../../core/index.ts';
import type { PartitionKey } from './limiter/partition-keys.ts';
import type { StressName, UserKind } from './stress-profiles.ts';

/** The scenarios of a run. */
export type ScenarioName =
  | 'smoke'
  | 'exceed-quota'
  | 'recovery'
  | 'below-quota'
  | 'concurrent-burst'
  | 'window-edge'
  | 'unserved-cost'
  | 'breakpoint'
  | StressName
  | UserKind
  | 'identify';

/** The scenario of the benchmark. */
export type BenchScenarioName = 'flood';

/** The token of the load, another token of the same OAuth client, a token of another OAuth client, a forged token. */
export type TokenName = 'own' | 'second' | 'other' | 'forged';

/** The task of a k6 process, as JSON in MCH_LOAD. It contains no secrets. Times are milliseconds since the epoch. */
export interface LoadTask {
  readonly scenario: ScenarioName | BenchScenarioName;
  readonly baseUrl: string;
  readonly managedClient: string;
  readonly secondManagedClient?: string;
  /** Types that the managed client has reported. */
  readonly types: readonly ReadableType[];
  readonly limit: number;
  readonly windowMs: number;
  readonly canWrite: boolean;
  /** The principal whose name stands for its token in exchanges. */
  readonly principal: 'load' | 'user';
  /** The tokens in the secret source. */
  readonly tokens: readonly TokenName[];
  /** Whether the token of the load can be renewed at a token server. */
  readonly hasTokenServer: boolean;
  /** The partition keys to test while the quota is exhausted. */
  readonly partitionKeys: readonly PartitionKey[];
  /** How often the quota may be exhausted again for that. */
  readonly maxExhaustions: number;
  /** The times of the probes of a recovery. */
  readonly probesAt: readonly number[];
  /** The start of a burst. If it has passed, the burst starts a whole number of windows later. */
  readonly startsAt?: number;
  /** The duration of load below the quota, in windows. */
  readonly windows?: number;
  /** A further cycle of `identify`, with the expected limiter and the end of the previous cycle. */
  readonly cycle?: {
    readonly turn: number;
    readonly limit: number;
    readonly windowMs: number;
    readonly previousEnd: number;
  };
  /** The part of the load of this process, if several processes share it. */
  readonly segment?: { readonly index: number; readonly count: number; readonly startsAt: number };
  /** Set in a cluster: the name of the load and the number of runners. */
  readonly cluster?: { readonly run: string; readonly runners: number };
  /** `judge` judges and writes exchanges. The benchmark uses the other modes. */
  readonly mode: 'judge' | 'trace' | 'bare';
}
