import type { CheckResult } from '../check-result.ts';
import type { RuleInput } from '../rule-input.ts';

/** A requirement on every response, whatever the request. Returns nothing if the response meets it. */
export interface Rule {
  judge(input: RuleInput): readonly CheckResult[];
}
