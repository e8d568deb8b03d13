import { operations, type Operation } from '../../api/operations.ts';
import type { SchemaName } from '../../api/schemas/index.ts';
import { doubt, violation, type Remark } from '../check-result.ts';
import type { Subject } from '../rule-input.ts';
import { schemaErrors } from '../validators.ts';
import type { Rule } from './rule.ts';

/** The body is one JSON text that fits the schema of its status. Another media type is the content-type rule's matter. */
export const bodySchema: Rule = {
  judge(subject) {
    const schema = schemaOf(subject);
    if (schema === undefined || subject.mediaType !== 'application/json') return [];
    const { json } = subject;
    if (json.kind === 'unreadable') return [broken(subject, '', { problem: json.why })];
    const errors = schemaErrors(schema, json.value);
    if (errors.length > 0) return errors.map(({ site, problem }) => broken(subject, site, { problem }));
    return json.replaced ? [doubt('engine.body-replaced')] : [];
  },
};

function schemaOf({ operation, response }: Subject): SchemaName | undefined {
  if (operation === undefined) return undefined;
  const { responses }: Operation = operations[operation];
  return responses[response.status];
}

function broken({ response: { status } }: Subject, site: string, details: { problem: string }): Remark {
  const severity = status === 200 ? ('major' as const) : ('minor' as const);
  return violation('response.body.schema', { site, severity, details: { ...details, site, status } });
}
