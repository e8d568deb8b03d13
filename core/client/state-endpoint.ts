import { request } from 'undici';

import type { StateValues } from '../index.ts';

/** The state endpoint of the target did not set up a state. */
export class StateSetupError extends Error {
  override readonly name = 'StateSetupError';
}

const TIMEOUT_MS = 10_000;

/** A provider state as a pact names it. */
export interface StateRequest {
  readonly name: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/**
 * Requests a state from the Pact state endpoint of a target.
 * @returns the managed client and the token of the state, if the endpoint returns them
 * @throws {StateSetupError} if the endpoint does not answer 2xx
 */
export async function requestState(
  stateUrl: string,
  { name: state, params = {} }: StateRequest,
  signal: AbortSignal,
): Promise<StateValues> {
  const reply = await request(stateUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ state, action: 'setup', params }),
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  }).catch((cause: unknown) => {
    throw new StateSetupError(`the state endpoint ${stateUrl} does not respond`, { cause });
  });
  const text = await reply.body.text();
  const isSetUp = reply.statusCode >= 200 && reply.statusCode < 300;
  if (!isSetUp) throw new StateSetupError(`the state endpoint answered ${reply.statusCode} to "${state}"`);
  return readValues(text);
}

/** The values of a JSON object. Any other body has none, as in Pact. */
function readValues(text: string): StateValues {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  } catch {
    return {};
  }
}
