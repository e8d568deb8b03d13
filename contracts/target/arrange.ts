import { request } from 'undici';

import type { StateName, StateValues } from '../index.ts';

/** The state endpoint of the target did not bring it into a state. */
export class StateRefusedError extends Error {
  override readonly name = 'StateRefusedError';
}

/**
 * Asks a target's Pact state endpoint for a state.
 * @returns the managed client and the token that the state is about
 * @throws {StateRefusedError} where the endpoint refuses or gives no such values
 */
export async function arrangeState(stateUrl: string, state: StateName): Promise<StateValues> {
  const reply = await request(stateUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ state, action: 'setup', params: {} }),
  }).catch((cause: unknown) => {
    throw new StateRefusedError(`${stateUrl} does not answer`, { cause });
  });
  const text = await reply.body.text();
  if (reply.statusCode !== 200)
    throw new StateRefusedError(`${stateUrl} answered ${reply.statusCode} to "${state}"`);
  const { id, token } = JSON.parse(text) as Partial<StateValues>;
  if (id === undefined || token === undefined)
    throw new StateRefusedError(`${stateUrl} gave no id and token`);
  return { id, token };
}
