import { pathOf, type CellNote, type Expectation } from '../contracts/index.ts';
import { stepBody, type Authorization, type Step } from '../contracts/target/index.ts';

const ACCEPT = ['Accept', 'application/json'] as const;
const asUser: Authorization = { kind: 'token', of: 'user' };

export interface GetOptions {
  readonly client: string;
  /** Query string with its question mark. */
  readonly query: string;
  readonly expectation: Expectation;
  readonly cell?: CellNote;
  readonly authorization?: Authorization;
}

export function getStep(options: GetOptions): Step {
  const { client, query, expectation, cell, authorization = asUser } = options;
  return {
    method: 'GET',
    path: `${pathOf('getManagedClientStatus', client)}${query}`,
    headers: [ACCEPT],
    authorization,
    asked: { operation: 'getManagedClientStatus', expectation, ...(cell && { cell }) },
  };
}

export interface PostOptions {
  readonly client: string;
  /** Text, or bytes where the cell is about bytes. */
  readonly body: string | Uint8Array;
  readonly expectation: Expectation;
  readonly cell?: CellNote;
  readonly authorization?: Authorization;
  /** Undefined leaves the header out. */
  readonly contentType?: string | undefined;
}

export function postStep(options: PostOptions): Step {
  const { client, body, expectation, cell, authorization = asUser } = options;
  const contentType = 'contentType' in options ? options.contentType : 'application/json';
  return {
    method: 'POST',
    path: pathOf('updateManagedClientStatus', client),
    headers: contentType === undefined ? [ACCEPT] : [ACCEPT, ['Content-Type', contentType]],
    body: stepBody(typeof body === 'string' ? Buffer.from(body, 'utf8') : body),
    authorization,
    asked: { operation: 'updateManagedClientStatus', expectation, ...(cell && { cell }) },
  };
}
