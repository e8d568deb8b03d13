import type { Emit, Outcome, Quota, ReadableType } from '../core/index.ts';
import type { Budget, Permissions } from '../core/client/index.ts';
import type { FreshToken } from './runner/token-server.ts';
import type { LoadTask, TokenName } from './scripts/load-task.ts';
import type { LoadExchange } from './scripts/trace.ts';

/** The data to reproduce a finding of the load layer. The whole layer is repeated. */
export interface LoadReplay {
  readonly layer: 'load';
  /** The name of the check that showed the finding. */
  readonly check: string;
}

export type LoadOutcome = Outcome<LoadReplay>;

export interface LoadContext {
  readonly baseUrl: string;
  readonly managedClient: string;
  /** Another managed client of the same owner. */
  readonly secondManagedClient?: string;
  /** Types that the managed client has reported. */
  readonly types: readonly ReadableType[];
  readonly quota: Quota;
  readonly permissions: Permissions;
  readonly budget: Budget;
  /** Path of k6. */
  readonly binary: string;
  readonly script: string;
  readonly tokens: (names: readonly TokenName[]) => Promise<Partial<Record<TokenName, string>>>;
  /** The tokens that `tokens` can provide. */
  readonly availableTokens: readonly TokenName[];
  /** Masks all known secrets. */
  readonly mask: (text: string) => string;
  /** Renews the token of the load. */
  readonly freshToken: () => Promise<FreshToken>;
  readonly principal: LoadTask['principal'];
  /** The rest before the first burst, in milliseconds, if other requests have used the same quota. */
  readonly restMs: number;
  /** The rest between bursts above the quota, in milliseconds. Escalating limiters count violated windows. */
  readonly restBetweenMs: number;
  /** Number of k6 processes that share the load. */
  readonly segments: number;
  /** A remote limiter receives nothing that may let it escalate. */
  readonly isRemote: boolean;
  readonly suite: 'ci' | 'nightly';
  /** Receives every exchange. */
  readonly onExchange?: (scenario: string, exchange: LoadExchange) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** A context that also takes the outcomes of a run. */
export interface LoadRunContext extends LoadContext {
  readonly emit: Emit<LoadReplay>;
}
