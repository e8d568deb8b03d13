import type { Exchange, HttpFailure, HttpResponse } from '../http/exchange.ts';
import { intermediaryIn } from '../http/intermediary.ts';
import { isSuccess } from '../http/status.ts';
import {
  inconclusiveBecause,
  violation,
  type CheckResult,
  type Inconclusive,
  type Violation,
} from './check-result.ts';
import { judgeExpectation, testsAuthorization } from './judge-expectation.ts';
import type { RequestIntent } from './request-intent.ts';
import { RuleInput } from './rule-input.ts';
import { rules } from './rules/index.ts';

/** The judgement of one or more exchanges. Two empty lists mean that all checks passed. */
export interface Judgement {
  readonly violations: readonly Violation[];
  readonly inconclusive: readonly Inconclusive[];
}

/**
 * Judges one exchange. All layers use this function. It is pure and runs in Node, Jest and k6.
 * @param intent why the request was sent
 */
export function judge(exchange: Exchange, intent: RequestIntent): Judgement {
  return judgementOf(checkExchange(exchange, intent));
}

/** Splits check results into violations and inconclusive checks. */
export function judgementOf(results: readonly CheckResult[]): Judgement {
  return {
    violations: results.filter((result) => result.kind === 'violation'),
    inconclusive: results.filter((result) => result.kind === 'inconclusive'),
  };
}

function checkExchange(exchange: Exchange, intent: RequestIntent): CheckResult[] {
  const { answer } = exchange;
  if (answer.kind === 'failure') return [judgeFailure(answer, intent)];
  const intermediary = testsAuthorization(intent) ? undefined : intermediaryIn(answer);
  if (intermediary !== undefined) {
    return [inconclusiveBecause('environment.intermediary', { ...intermediary, status: answer.status })];
  }
  const input = new RuleInput(exchange, answer, intent);
  const general = rules.flatMap((rule) => rule.judge(input));
  const specific = judgeExpectation(answer, intent);
  return [...withoutConsequences(general, answer, specific), ...specific];
}

/** If a request was wrongly accepted, the body of the response follows from that: it is not a second finding. */
function withoutConsequences(
  results: CheckResult[],
  { status }: HttpResponse,
  specific: CheckResult[],
): CheckResult[] {
  const isWronglyAccepted = isSuccess(status) && specific.some(({ kind }) => kind === 'violation');
  if (!isWronglyAccepted) return results;
  return results.filter((result) => result.kind !== 'violation' || result.code !== 'response.body.schema');
}

/** A target that does not listen is inconclusive. A connection that breaks after the request is a violation. */
function judgeFailure({ reason, detail }: HttpFailure, intent: RequestIntent): CheckResult {
  if (reason === 'refused') return inconclusiveBecause('environment.unreachable', { detail });
  return violation('response.connection.lost', {
    site: intent.mutation?.fingerprintClass ?? '',
    details: { reason, detail },
  });
}
