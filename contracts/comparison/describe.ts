import type { ConsumerName } from '../consumers/sdk.ts';
import type { Difference, DifferenceCode } from './difference.ts';

type Details = Difference['details'];

/** How each SDK is called for an operationId of the document it was made of. */
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

/** What a difference says, and what it means for a consumer. */
export interface Words {
  readonly title: string;
  readonly meaning: string;
}

const words: Record<DifferenceCode, (details: Details) => Words> = {
  'operation.removed': ({ method, path }) => ({
    title: `${method} ${path} is gone`,
    meaning: 'There is no successor: whoever calls it stays where it is, or gives it up.',
  }),
  'operation.moved': ({ from, to }) => ({
    title: `${from} is ${to}`,
    meaning: 'The base path of clients changes, and quotas are counted apart for each version of the API.',
  }),
  'operation.renamed': ({ from = '', to = '' }) => ({
    title: `operationId ${from} is ${to}`,
    meaning: `Generated SDKs call it ${callsOf(to)}.`,
  }),
  'operation.deprecated': () => ({ title: 'It is deprecated', meaning: 'Plan the move to its successor.' }),
  'operation.deprecated-long-since': () => ({
    title: 'It is deprecated',
    meaning: 'Known since 2024-04-03: beta answers until early 2029.',
  }),
  'security.removed': ({ grant }) => ({
    title: `${grant} may not call it any more`,
    meaning: 'Clients with such a grant get 403.',
  }),
  'security.scope': ({ grant, from, to }) => ({
    title: `${grant} needs ${to} instead of ${from}`,
    meaning: 'Tokens need the other scope, or get 403.',
  }),
  'security.added': ({ grant }) => ({
    title: `${grant} may call it, too`,
    meaning: 'More may call it than consumers rely on.',
  }),
  'security.kept': ({ grants }) => ({
    title: 'Who may call it stays',
    meaning: `${grants}.`,
  }),
  'schema.renamed': ({ from, to }) => ({
    title: `schema ${from} is ${to}`,
    meaning: 'Classes of generated SDKs change their names; what is sent and answered stays.',
  }),
  'answer.undescribed': () => ({
    title: 'The document has no schema for its answer',
    meaning: 'Nothing is promised that could be compared.',
  }),
  'answer.unsurvived': ({ says, answer, victims }) => ({
    title: `${says}`,
    meaning: `With ${answer}: ${victims}.`,
  }),
  'answer.survived': ({ says, answer }) => ({
    title: `${says}`,
    meaning: `All consumers survive ${answer}.`,
  }),
  'contract.unfulfilled': ({ place, problem }) => ({
    title: `${place}: ${problem}`,
    meaning: 'Consumers rely on it, and the document does not promise it.',
  }),
  'contract.free-body': () => ({
    title: 'What consumers read of the free object body is in no schema',
    meaning: 'The document gives it as an example only: verification against a target tells more.',
  }),
  'contract.header-undocumented': ({ header }) => ({
    title: `The answer header ${header} is not described`,
    meaning: 'The text of the document promises it, its schema cannot say so.',
  }),
};

export function wordsFor({ code, details }: Difference): Words {
  return words[code](details);
}
