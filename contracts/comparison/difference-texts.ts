import type { ConsumerName } from '../consumers/sdk.ts';
import type { Difference, DifferenceCode } from './difference.ts';

type DifferenceDetails = Difference['details'];

/** The method of each SDK for an operationId. */
const calls: Record<ConsumerName, (operationId: string) => string> = {
  'typescript-sdk': (id) => `${id}()`,
  'python-sdk': (id) => `${id.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toLowerCase()}()`,
  'go-sdk': (id) => `${id.charAt(0).toUpperCase()}${id.slice(1)}()`,
};

function callsOf(operationId: string): string {
  return Object.entries(calls)
    .map(([consumer, call]) => `${call(operationId)} in ${consumer}`)
    .join(', ');
}

/** The texts of a difference. */
export interface DifferenceTexts {
  readonly title: string;
  /** The consequence for consumers. */
  readonly meaning: string;
}

const texts: Record<DifferenceCode, (details: DifferenceDetails) => DifferenceTexts> = {
  'operation.removed': ({ method, path }) => ({
    title: `${method} ${path} is removed`,
    meaning: 'There is no successor. Callers stay with the old version or remove the call.',
  }),
  'operation.moved': ({ from, to }) => ({
    title: `${from} is now ${to}`,
    meaning: 'The base path of clients changes, and each API version has its own quota.',
  }),
  'operation.renamed': ({ from = '', to = '' }) => ({
    title: `operationId ${from} is now ${to}`,
    meaning: `Generated SDKs call it ${callsOf(to)}.`,
  }),
  'operation.deprecated': () => ({
    title: 'The operation is deprecated',
    meaning: 'Plan the migration to its successor.',
  }),
  'operation.deprecated-long-since': () => ({
    title: 'The operation is deprecated',
    meaning: 'Announced on 2024-04-03. The beta API is available until early 2029.',
  }),
  'security.removed': ({ grant }) => ({
    title: `${grant} may no longer call the operation`,
    meaning: 'Clients with this grant get 403.',
  }),
  'security.scope': ({ grant, from, to }) => ({
    title: `${grant} needs ${to} instead of ${from}`,
    meaning: 'Tokens need the new scope, or get 403.',
  }),
  'security.added': ({ grant }) => ({
    title: `${grant} may also call the operation`,
    meaning: 'Consumers are not affected.',
  }),
  'security.kept': ({ grants }) => ({
    title: 'The required authorization is unchanged',
    meaning: `${grants}.`,
  }),
  'schema.renamed': ({ from, to }) => ({
    title: `schema ${from} is now ${to}`,
    meaning: 'Classes of generated SDKs are renamed. Requests and responses are unchanged.',
  }),
  'answer.undescribed': () => ({
    title: 'The document has no schema for the response',
    meaning: 'The response cannot be compared.',
  }),
  'answer.unsurvived': ({ description, response, intolerant }) => ({
    title: `${description}`,
    meaning: `With ${response}: ${intolerant}.`,
  }),
  'answer.survived': ({ description, response }) => ({
    title: `${description}`,
    meaning: `All consumers tolerate ${response}.`,
  }),
  'contract.unfulfilled': ({ place, problem }) => ({
    title: `${place}: ${problem}`,
    meaning: 'Consumers rely on this, but the document does not describe it.',
  }),
  'contract.free-body': () => ({
    title: 'The members of the free object body are in no schema',
    meaning: 'The document only has an example. Verify the contracts against a target instead.',
  }),
  'contract.header-undocumented': ({ header }) => ({
    title: `The response header ${header} is not described`,
    meaning: 'The text of the document describes it, but its schema cannot.',
  }),
};

export function textsOf({ code, details }: Difference): DifferenceTexts {
  return texts[code](details);
}
