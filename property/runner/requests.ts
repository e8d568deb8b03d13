import { pathOf, type CellNote, type Expectation } from '../../core/index.ts';
import { stepBody, type Authorization, type Step } from '../../core/client/index.ts';
import type { Place } from './target-ids.ts';

const ACCEPT = ['Accept', 'application/json'] as const;
const asUser: Authorization = { kind: 'token', of: 'user' };

export interface GetOptions {
  readonly place: Place;
  /** Query string with its question mark; a type that is there if none is given. */
  readonly query?: string;
  readonly expectation: Expectation;
  readonly cell?: CellNote;
  readonly authorization?: Authorization;
}

export function getStep(options: GetOptions): Step {
  const { place, query = `?type=${place.types[0]}`, expectation, cell, authorization = asUser } = options;
  return {
    method: 'GET',
    path: `${pathOf('getManagedClientStatus', place.client)}${query}`,
    headers: [ACCEPT],
    authorization,
    asked: { operation: 'getManagedClientStatus', expectation, ...(cell && { cell }) },
  };
}

export interface PostOptions {
  readonly place: Place;
  /** Text, or bytes where the cell is about bytes. */
  readonly body: string | Uint8Array;
  readonly expectation: Expectation;
  readonly cell?: CellNote;
  readonly authorization?: Authorization;
  /** Undefined leaves the header out. */
  readonly contentType?: string | undefined;
}

export function postStep(options: PostOptions): Step {
  const { place, body, expectation, cell, authorization = asUser } = options;
  const contentType = 'contentType' in options ? options.contentType : 'application/json';
  return {
    method: 'POST',
    path: pathOf('updateManagedClientStatus', place.client),
    headers: contentType === undefined ? [ACCEPT] : [ACCEPT, ['Content-Type', contentType]],
    body: stepBody(typeof body === 'string' ? Buffer.from(body, 'utf8') : body),
    authorization,
    asked: { operation: 'updateManagedClientStatus', expectation, ...(cell && { cell }) },
  };
}
