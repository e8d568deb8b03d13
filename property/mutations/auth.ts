import * as fc from 'fast-check';

import {
  operations,
  type Expectation,
  type OperationId,
  type PrincipalName,
  type StateName,
} from '../../core/index.ts';
import type { Authorization, BentToken } from '../../core/client/index.ts';
import { stateCaller } from '../runner/test-case.ts';
import { getStep, postStep } from '../runner/requests.ts';
import { requestCell, type AnyCell } from './mutation.ts';
import { takeTurns } from './interleave.ts';

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

const ofState = (name: string, state: StateName, sent: string, expectation: Expectation): Showing => ({
  name,
  expectation,
  authorization: { kind: 'token', of: stateCaller(state) },
  sent,
  state,
});

const showings: readonly Showing[] = [
  { name: 'none', expectation: 'unauthorized', authorization: { kind: 'none' }, sent: 'no Authorization' },
  {
    name: 'garbled',
    expectation: 'unauthorized',
    authorization: { kind: 'literal', value: 'Bearer not-a-token' },
    sent: 'Bearer not-a-token',
  },
  ofState('expired', 'the access token is not valid', 'an expired token', 'unauthorized'),
  ofState('revoked', 'the access token was revoked', 'a revoked token', 'unauthorized'),
  ofState(
    'other-tenant',
    'the managed client belongs to another tenant',
    'the id of a managed client of another tenant',
    'not-yours',
  ),
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
export const auth: readonly AnyCell[] = takeTurns(
  byPrincipal,
  ...(Object.keys(operations) as OperationId[]).map((operation) =>
    showings.map((showing) => authCell(operation, showing)),
  ),
);

function authCell(operation: OperationId, showing: Showing): AnyCell {
  const { name, expectation, authorization, sent, state } = showing;
  const id = `auth-${name}@${operations[operation].method.toLowerCase()}`;
  return requestCell({
    id,
    group: id,
    expectation,
    param: fc.constant(null),
    ...(state && { state }),
    was: 'the token of user',
    sent: () => sent,
    step: ({ base, place, asks }) =>
      operation === 'getManagedClientStatus'
        ? getStep({ place, authorization, ...asks })
        : postStep({ place, authorization, ...asks, body: JSON.stringify(base) }),
  });
}
