import * as fc from 'fast-check';

import {
  operations,
  type Expectation,
  type OperationId,
  type PrincipalName,
  type StateName,
} from '../../contracts/index.ts';
import type { Authorization, BentToken } from '../../contracts/target/index.ts';
import { STATE_CALLER } from '../probe.ts';
import { getStep, postStep } from '../requests.ts';
import { anyCell, type AnyCell } from './cell.ts';

interface Showing {
  readonly name: string;
  readonly expectation: Expectation;
  readonly authorization: Authorization;
  readonly sent: string;
  readonly state?: StateName;
}

const bent = (how: BentToken, expectation: Expectation, sent: string): Showing => ({
  name: how,
  expectation,
  authorization: { kind: 'bent', of: 'user', how },
  sent,
});

const showings: readonly Showing[] = [
  { name: 'none', expectation: 'unauthorized', authorization: { kind: 'none' }, sent: 'no Authorization' },
  {
    name: 'garbled',
    expectation: 'unauthorized',
    authorization: { kind: 'literal', value: 'Bearer not-a-token' },
    sent: 'Bearer not-a-token',
  },
  {
    name: 'expired',
    expectation: 'unauthorized',
    authorization: { kind: 'token', of: STATE_CALLER },
    sent: 'an expired token',
    state: 'the access token is not valid',
  },
  bent('other-scheme', 'unauthorized', 'the token under the scheme Basic'),
  bent('tampered', 'unauthorized', 'the token with another signature'),
  bent('unsigned', 'unauthorized', 'the claims of the token under alg none'),
  bent('in-query', 'unauthorized', 'the token in the query only'),
  bent('lower-case-scheme', 'authorized', 'the token under the scheme bearer'),
];

/** principal × operation → documented answer (API reference, authorization). */
const matrix: readonly (readonly [PrincipalName, OperationId, Expectation])[] = [
  ['reader', 'getManagedClientStatus', 'authorized'],
  ['reader', 'updateManagedClientStatus', 'forbidden'],
  ['application', 'getManagedClientStatus', 'authorized'],
  ['application', 'updateManagedClientStatus', 'forbidden'],
  ['other', 'getManagedClientStatus', 'authorized'],
];

const byPrincipal = matrix.map(([of, operation, expectation]) =>
  authCell(operation, {
    name: of,
    expectation,
    authorization: { kind: 'token', of },
    sent: `the token of ${of}`,
  }),
);

/** Who may do what, and what shows that one may. */
export const auth: readonly AnyCell[] = [
  ...(Object.keys(operations) as OperationId[]).flatMap((operation) =>
    showings.map((showing) => authCell(operation, showing)),
  ),
  ...byPrincipal,
];

function authCell(
  operation: OperationId,
  { name, expectation, authorization, sent, state }: Showing,
): AnyCell {
  const method = operations[operation].method.toLowerCase();
  const id = `auth-${name}@${method}`;
  const group = `auth-${name}@${method}`;
  return anyCell({
    id,
    group,
    expectation,
    breaks: { kind: 'unchecked' },
    param: fc.constant(null),
    ...(state && { state }),
    render(base, _, client) {
      const options = {
        client,
        expectation,
        authorization,
        cell: { id, group, was: 'the token of user', sent },
      };
      return operation === 'getManagedClientStatus'
        ? getStep({ ...options, query: '?type=CCG' })
        : postStep({ ...options, body: JSON.stringify(base) });
    },
  });
}
