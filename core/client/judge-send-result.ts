import { judge, violation, type Judged } from '../index.ts';
import type { RequestSpec } from './request-spec.ts';
import type { SendResult } from './send.ts';

/**
 * Judges all exchanges of a request. A retried exchange, such as a 429, can violate a rule, but it cannot make the check
 * inconclusive.
 */
export function judgeSendResult(spec: RequestSpec, { exchange, retried, sporadic401 }: SendResult): Judged[] {
  const intent = { ...spec.intent, isManagedClientKnown: true };
  const earlier = retried.map((one): Judged => {
    const { violations } = judge(one, intent);
    return { exchange: one, intent, judgement: { violations, inconclusive: [] } };
  });
  const last = { exchange, intent, judgement: judge(exchange, intent) };
  if (sporadic401 === undefined) return [...earlier, last];
  const judgement = { violations: [violation('auth.sporadic-401')], inconclusive: [] };
  return [...earlier, { exchange: sporadic401, intent, judgement }, last];
}
