import type { Exchange } from '../../http/exchange.ts';
import { readJson } from '../../http/read-body.ts';

/** The JSON object that a request sent, undefined if it sent none. */
export function sentObject(exchange: Exchange): Record<string, unknown> | undefined {
  return asObject(readJson(exchange.request.body));
}

/** The JSON object that came back with 200, undefined if none did. */
export function receivedObject({ answer }: Exchange): Record<string, unknown> | undefined {
  return answer.kind === 'response' && answer.status === 200 ? asObject(readJson(answer.body)) : undefined;
}

function asObject(reading: ReturnType<typeof readJson>): Record<string, unknown> | undefined {
  if (reading.kind !== 'value') return undefined;
  const { value } = reading;
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
