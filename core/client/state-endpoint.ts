import { readText, type StateValues } from '../index.ts';
import { sendOnce, type WireRequest } from './transport.ts';

/** The state endpoint of the target did not set up a state. */
export class StateSetupError extends Error {
  override readonly name = 'StateSetupError';
}

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
  const url = new URL(stateUrl);
  const request: WireRequest = {
    method: 'POST',
    path: `${url.pathname}${url.search}`,
    headers: [['Content-Type', 'application/json']],
    body: Buffer.from(JSON.stringify({ state, action: 'setup', params })),
  };
  const answer = await sendOnce(url, request, signal);
  if (answer.kind === 'failure') {
    throw new StateSetupError(`the state endpoint ${stateUrl} does not respond: ${answer.detail}`);
  }
  const isSetUp = answer.status >= 200 && answer.status < 300;
  if (!isSetUp) throw new StateSetupError(`the state endpoint answered ${answer.status} to "${state}"`);
  const reading = readText(answer.body);
  return readValues(reading.kind === 'text' ? reading.text : '');
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
