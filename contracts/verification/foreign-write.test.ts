import { expect, test } from '@jest/globals';

import { Permissions, TokenStore, type Send } from '../../core/client/index.ts';
import { parsePact } from '../pact-files/parse-pact.ts';
import { planInteractions, type PlanContext } from './planned-interaction.ts';
import { startVerifierProxy } from './verifier-proxy.ts';

// Without a state, the managed client of the pact is sent as it is. On a remote target it may belong to somebody.

const ours = 'ours';
const theirs = 'theirs';
const pathOf = (id: string): string => `/beta/managed-clients/${id}/status`;

function context(isRemote: boolean): PlanContext {
  const token = { kind: 'ready', token: 'a-token' } as const;
  return {
    managedClient: ours,
    secondManagedClient: undefined,
    unknownManagedClient: 'nobody',
    types: [],
    stateMapping: [],
    isRemote,
    permissions: new Permissions(['read', 'write']),
    tokens: new TokenStore({ user: token }, 'http://127.0.0.1:1', Date.now),
    setUpState: undefined,
    hasOwnStates: true,
    provider: undefined,
    basePath: '',
    filter: { consumers: [], description: undefined, state: undefined },
  };
}

function planned(method: string, id: string, isRemote: boolean): string {
  const interactions = [{ description: 'one', request: { method, path: pathOf(id) } }];
  const pact = JSON.stringify({ consumer: { name: 'c' }, provider: { name: 'p' }, interactions });
  const [one] = planInteractions([parsePact(pact, 'pact')], context(isRemote));
  return one?.state.kind === 'skip' ? one.state.reason : (one?.state.kind ?? 'nothing');
}

test.each([
  ['a write to another managed client of a remote target', 'POST', theirs, true, 'other-managed-client'],
  ['a write to the managed client of the run', 'POST', ours, true, 'request'],
  ['a read of another managed client', 'GET', theirs, true, 'request'],
  ['a write to another managed client on loopback', 'POST', theirs, false, 'request'],
] as const)('%s', (...[, method, id, isRemote, expected]) => {
  expect(planned(method, id, isRemote)).toBe(expected);
});

test.each([
  [ours, 1],
  [theirs, 0],
])('a path that a generator made is checked again: %s', async (id, sends) => {
  let sent = 0;
  const errors: string[] = [];
  const send: Send = () => {
    sent += 1;
    return Promise.reject(new Error('sent'));
  };
  const proxy = await startVerifierProxy({
    send,
    basePath: '',
    headers: [],
    mayWriteTo: (other) => other === ours,
    prepare: () => Promise.resolve({ id: undefined, caller: 'user', expectation: 'either' }),
    onSent: () => undefined,
    onError: (_, error) => errors.push(error instanceof Error ? error.message : ''),
  });
  const state = JSON.stringify({ action: 'setup', params: { interaction: 0 } });
  await fetch(proxy.stateUrl, { method: 'POST', body: state });
  await fetch(`${proxy.url}${pathOf(id)}`, { method: 'POST', body: '{}' });
  await proxy.close();
  expect([sent, errors]).toEqual([
    sends,
    [sends === 1 ? 'sent' : `it has no state and would write to ${theirs}`],
  ]);
});
