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
 * @throws {StateSetupError} if the endpoint does not answer 200 with a JSON object
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
  if (reply.statusCode !== 200)
    throw new StateSetupError(`the state endpoint answered ${reply.statusCode} to "${state}"`);
  return readValues(text) ?? fail('the state endpoint did not return a JSON object');
}

function readValues(text: string): StateValues | undefined {
  try {
    const value: unknown = text === '' ? {} : JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function fail(problem: string): never {
  throw new StateSetupError(problem);
}
