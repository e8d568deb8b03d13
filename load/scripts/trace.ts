import type { Exchange, HeaderLine, ReadableType, Remark } from '../../core/index.ts';
import type { Dimension } from './dimensions.ts';
import type { ClientKind, StressName } from './stress-profiles.ts';

/** What one k6 process is to do; it comes as JSON in MCH_LOAD. No secret is in it. */
export interface LoadTask {
  readonly scenario: ScenarioName | BenchScenarioName;
  readonly baseUrl: string;
  readonly client: string;
  /** Types that the client has reported; load reads VA if it is there. */
  readonly types: readonly ReadableType[];
  readonly limit: number;
  readonly windowMs: number;
  readonly writes: boolean;
  /** Another managed client of the same owner. */
  readonly secondClient?: string;
  /** Who makes the load: in what is written down its name stands for its token. */
  readonly principal: 'load' | 'user';
  /** Whose tokens there are to show. */
  readonly tokens: readonly TokenName[];
  /** Whether there is a door that gives fresh ones. */
  readonly hasDoor: boolean;
  /** What `over` asks of, once the quota is used up. */
  readonly dimensions: readonly Dimension[];
  /** How often it may be used up again for that. */
  readonly drains: number;
  /** When `recover` may ask again, milliseconds since the epoch: before the promise is over, to test it, and then. */
  readonly probesAt: readonly number[];
  /** When a burst begins, milliseconds since the epoch; where that is over, as many windows later as it takes. */
  readonly beginsAt?: number;
  /** How many windows `under` lasts, where that is not as always. */
  readonly windows?: number;
  /** A further cycle of `identify`: which one, what is expected by now in requests and seconds, when the last was over. */
  readonly cycle?: {
    readonly turn: number;
    readonly limit: number;
    readonly window: number;
    readonly over: number;
  };
  /** The part of the load that is this process's, where several share it; they begin together, milliseconds since the epoch. */
  readonly segment?: { readonly index: number; readonly of: number; readonly startAt: number };
  /** Where the runners of a cluster share the load: what tells it from every other one, and how many they are. */
  readonly cluster?: { readonly run: string; readonly runners: number };
  /** What happens to an answer: the judge and the trace always do, but in a benchmark, which leaves out one or both. */
  readonly mode: 'judge' | 'trace' | 'bare';
}

/** The token of the load, another one of the same OAuth client, one of another OAuth client, one with another signature. */
export type TokenName = 'own' | 'second' | 'other' | 'forged';

/** Scenarios of a run; the benchmark has one of its own. */
export type ScenarioName =
  | 'smoke'
  | 'over'
  | 'recover'
  | 'under'
  | 'parallel'
  | 'boundary'
  | 'charged'
  | 'breakpoint'
  | StressName
  | ClientKind
  | 'identify';
export type BenchScenarioName = 'flood';

/** One line per exchange, written by k6 and read by Node. Times are milliseconds since the epoch, outward bounds. */
export interface TraceLine {
  readonly phase: string;
  readonly method: string;
  readonly sentAt: number;
  readonly receivedAt: number;
  readonly durationMs: number;
  readonly status: number;
  readonly retryAfter: string | null;
  readonly date: string | null;
  /** What an answer tells of the quota, where it does. */
  readonly quotaHeaders?: readonly HeaderLine[];
  /** For this request k6 opened a connection. */
  readonly dialled?: true;
  /** The mark of the report that was sent; or of the one that was read, where that is asked for. */
  readonly mark?: string;
  readonly remarks: readonly Remark[];
  /** No operation of the documented API was asked for. */
  readonly undocumented?: true;
  /** Where the judge had something to say; and of each status in each phase the first one. */
  readonly exchange?: Exchange;
}

/** The phase of a read that looks for what was written. */
export const READ_BACK = 'read-back';

/** The first line of a runner of a cluster: what is needed to judge what it has seen. */
export interface TraceHead {
  readonly begin: string;
  readonly baseUrl: string;
  readonly client: string;
  readonly limit: number;
  readonly windowMs: number;
  readonly run: string;
  readonly runners: number;
}

/** What a scenario says that came to its end; no two processes have the same. */
export interface TraceEnd {
  readonly end: string;
  readonly of: number;
}
