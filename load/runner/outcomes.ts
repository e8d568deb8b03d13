import {
  judgementOf,
  outcomeOf,
  type CheckName,
  type CheckResult,
  type Judged,
  type SkipReason,
} from '../../core/index.ts';
import type { Measurement } from '../analysis/measurement.ts';
import { judgeStatuses } from '../analysis/statuses.ts';
import { judgeToken } from '../analysis/token.ts';
import type { LoadOutcome, LoadReplay } from '../context.ts';
import type { LoadExchange } from '../scripts/trace.ts';

/** The outcome of a single exchange. */
export function exchangeOutcome(exchange: LoadExchange): LoadOutcome {
  const check = checkOf(`exchange of ${exchange.step}`, exchange.step);
  return outcomeOf(check, [judgedFrom(exchange.results, exchange)]);
}

/** The outcome of a check of a whole trace. The layer has no verdict if it is inconclusive. */
export function conclusion(name: string, suite: string, measurement: Measurement): LoadOutcome {
  const { results, measured, exchange } = measurement;
  const outcome = outcomeOf(checkOf(name, suite), [judgedFrom(results, exchange)], 0);
  return { ...outcome, measured, required: true };
}

/** The outcomes about all requests: a valid token is accepted, and the only other status is 429. */
export function generalConclusions(
  when: string,
  suite: string,
  exchanges: readonly LoadExchange[],
): LoadOutcome[] {
  return [
    conclusion(`valid token accepted ${when}`, suite, judgeToken(exchanges)),
    conclusion(`only 200 and 429 ${when}`, suite, judgeStatuses(exchanges)),
  ];
}

/** The outcome of a check that is not possible on this target. */
export function skipped(
  name: string,
  suite: string,
  reason: SkipReason,
  details: Readonly<Record<string, string>> = {},
): LoadOutcome {
  return { kind: 'skipped', layer: 'load', name, suite, reason, details };
}

function checkOf(name: string, suite: string): CheckName & { readonly replay: LoadReplay } {
  return { layer: 'load', name, suite, replay: { layer: 'load', check: name } };
}

function judgedFrom(results: readonly CheckResult[], loadExchange: LoadExchange | undefined): Judged {
  // A check without an exchange is about the load, which reads.
  const { operation, exchange }: Partial<LoadExchange> = loadExchange ?? {
    operation: 'getManagedClientStatus',
  };
  return {
    intent: { operation, expectation: 'either', isManagedClientKnown: true },
    judgement: judgementOf(results),
    ...(exchange && { exchange }),
  };
}
