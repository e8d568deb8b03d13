import { request } from 'undici';

import type { StateValues } from '../index.ts';

/** The state endpoint of the target did not bring it into a state. */
export class StateRefusedError extends Error {
  override readonly name = 'StateRefusedError';
}

/** A state is a matter of a moment: longer is an endpoint that hangs. */
const LIMIT_MS = 10_000;

/** A state as a pact names it. */
export interface StateRequest {
  readonly name: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/**
 * Asks a target's Pact state endpoint for a state.
 * @returns the managed client and the token that the state is about, as far as the endpoint says
 * @throws {StateRefusedError} where the endpoint refuses or answers no JSON object
 */
export async function arrangeState(
  stateUrl: string,
  { name: state, params = {} }: StateRequest,
  signal: AbortSignal,
): Promise<StateValues> {
  const reply = await request(stateUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ state, action: 'setup', params }),
    signal: AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]),
  }).catch((cause: unknown) => {
    throw new StateRefusedError(`the state endpoint ${stateUrl} does not answer`, { cause });
  });
  const text = await reply.body.text();
  if (reply.statusCode !== 200)
    throw new StateRefusedError(`the state endpoint answered ${reply.statusCode} to "${state}"`);
  return readValues(text) ?? refuse('the state endpoint gave no JSON object');
}

function readValues(text: string): StateValues | undefined {
  try {
    const value: unknown = text === '' ? {} : JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function refuse(problem: string): never {
  throw new StateRefusedError(problem);
}
