import { judge, violation, type Judged } from '../index.ts';
import type { Sent } from './send.ts';
import type { Step } from './request-spec.ts';

/**
 * Hands everything that sending a step gave to the judge. What was passed over (a 429 that was waited for,
 * a gateway page) is held to the universal rules; that it did not decide anything is no doubt.
 */
export function judgeSent(step: Step, { exchange, passedOver, refused }: Sent): Judged[] {
  const asked = { ...step.asked, clientKnown: true };
  const onTheWay = passedOver.map((one) => {
    const { violations } = judge(one, asked);
    return { exchange: one, asked, judgement: { violations, doubts: [] } };
  });
  const last = { exchange, asked, judgement: judge(exchange, asked) };
  if (refused === undefined) return [...onTheWay, last];
  const sporadic = violation('auth.sporadic-401');
  return [...onTheWay, { exchange: refused, asked, judgement: { violations: [sporadic], doubts: [] } }, last];
}
