import * as fc from 'fast-check';

import {
  operationIds,
  operations,
  type Expectation,
  type OperationId,
  type PrincipalName,
  type StateName,
} from '../../core/index.ts';
import type { Authorization, TokenMutation } from '../../core/client/index.ts';
import { specFor } from '../runner/requests.ts';
import { stateCaller } from '../runner/test-case.ts';
import { interleave } from './interleave.ts';
import { requestMutation, type AnyMutation } from './mutation.ts';

interface AuthorizationCase {
  readonly name: string;
  readonly expectation: Expectation;
  readonly authorization: Authorization;
  readonly description: string;
  readonly state?: StateName;
}

const mutated = (
  mutation: TokenMutation,
  expectation: Expectation,
  description: string,
): AuthorizationCase => ({
  name: mutation,
  expectation,
  authorization: { kind: 'mutated', of: 'user', mutation },
  description,
});

const ofState = (
  name: string,
  state: StateName,
  description: string,
  expectation: Expectation,
): AuthorizationCase => ({
  name,
  expectation,
  authorization: { kind: 'token', of: stateCaller(state) },
  description,
  state,
});

const cases: readonly AuthorizationCase[] = [
  {
    name: 'none',
    expectation: 'unauthorized',
    authorization: { kind: 'none' },
    description: 'no Authorization',
  },
  {
    name: 'garbled',
    expectation: 'unauthorized',
    authorization: { kind: 'literal', value: 'Bearer not-a-token' },
    description: 'Bearer not-a-token',
  },
  ofState('expired', 'the access token is not valid', 'an expired token', 'unauthorized'),
  ofState('revoked', 'the access token was revoked', 'a revoked token', 'unauthorized'),
  ofState(
    'other-tenant',
    'the managed client belongs to another tenant',
    'the id of a managed client of another tenant',
    'not-yours',
  ),
  mutated('other-scheme', 'unauthorized', 'the token with the scheme Basic'),
  mutated('tampered', 'unauthorized', 'the token with another signature'),
  mutated('unsigned', 'unauthorized', 'the claims of the token with alg none'),
  mutated('in-query', 'unauthorized', 'the token only in the query'),
  mutated('lower-case-scheme', 'authorized', 'the token with the scheme bearer'),
];

/** Principal, operation and documented response (API reference, authorization). */
const matrix: readonly (readonly [PrincipalName, OperationId, Expectation])[] = [
  ['reader', 'getManagedClientStatus', 'authorized'],
  ['reader', 'updateManagedClientStatus', 'forbidden'],
  ['application', 'getManagedClientStatus', 'authorized'],
  ['application', 'updateManagedClientStatus', 'forbidden'],
  ['other', 'getManagedClientStatus', 'authorized'],
];

const ofPrincipals = matrix.map(([of, operation, expectation]) =>
  authMutation(operation, {
    name: of,
    expectation,
    authorization: { kind: 'token', of },
    description: `the token of ${of}`,
  }),
);

/** Callers with and without the required authorization. */
export const auth: readonly AnyMutation[] = interleave(
  ofPrincipals,
  ...operationIds.map((operation) => cases.map((one) => authMutation(operation, one))),
);

function authMutation(operation: OperationId, one: AuthorizationCase): AnyMutation {
  const { expectation, authorization, description, state } = one;
  const name = `auth-${one.name}@${operations[operation].method.toLowerCase()}`;
  return requestMutation({
    name,
    fingerprintClass: name,
    expectation,
    param: fc.constant(null),
    ...(state && { state }),
    before: 'the token of user',
    after: () => description,
    spec: ({ report, target, intent }) =>
      specFor(operation, { target, authorization, ...intent, body: JSON.stringify(report) }),
  });
}
