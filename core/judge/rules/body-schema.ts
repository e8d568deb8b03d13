import { documentedResponse } from '../../api/operations.ts';
import { inconclusiveBecause, violation, type CheckResult } from '../check-result.ts';
import type { RuleInput } from '../rule-input.ts';
import { schemaErrors } from '../validators.ts';
import type { Rule } from './rule.ts';

/** The body is JSON text that matches the schema of its status. The content-type rule judges other media types. */
export const bodySchema: Rule = {
  judge(input) {
    const { operation, response, mediaType } = input;
    const documented = operation && documentedResponse(operation, response.status);
    if (documented === undefined || mediaType !== 'application/json') return [];
    const { json } = input;
    if (json.kind === 'unreadable') return [mismatch(input, '', json.why)];
    const errors = schemaErrors(documented.schema, json.value);
    if (errors.length > 0) return errors.map(({ site, problem }) => mismatch(input, site, problem));
    return json.replaced ? [inconclusiveBecause('engine.body-replaced')] : [];
  },
};

function mismatch({ response: { status } }: RuleInput, site: string, problem: string): CheckResult {
  return violation('response.body.schema', { site, details: { problem, site, status } });
}
