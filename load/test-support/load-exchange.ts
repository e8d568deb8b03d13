import type { CheckResult } from '../../core/index.ts';
import type { LoadExchange } from '../scripts/trace.ts';

/** A read that took 5 ms. */
export function loadExchange(
  sentAt: number,
  status: number,
  other: Partial<LoadExchange> = {},
): LoadExchange {
  return {
    step: 'exceed-quota',
    method: 'GET',
    sentAt,
    receivedAt: sentAt + 5,
    durationMs: 5,
    status,
    retryAfter: null,
    date: null,
    results: [],
    ...other,
  };
}

/** The codes of violations and the reasons of inconclusive results. */
export function codesIn(results: readonly CheckResult[]): string[] {
  return results.map((result) => (result.kind === 'violation' ? result.code : result.reason));
}
